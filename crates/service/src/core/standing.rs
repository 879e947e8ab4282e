//! Whether the basis of an authority still stands, and what it gives now, asked of the database: under the account's lock before a
//! change, and by jobs, which go on after the request that started them.

use domain::core::failure::{Failure, refuse};
use domain::core::ids::{ApiKeyId, SessionId};
use domain::core::refusal::Kind;
use domain::sign_in::session::{EndedBy, Lapse, Session, SessionEnded, SessionUse};
use store::Tenant;
use store::api_keys::ApiKeys;
use store::sign_in::session_accounts::SessionAccounts;
use store::sign_in::sessions::Sessions;

use crate::core::actor::Credential;
use crate::core::app::App;
use crate::core::authority::Basis;
use crate::core::membership::by_key;
use crate::core::principal::Principal;

/// What may be done on this basis now by `owner`, as they are now.
///
/// # Errors
/// 401 or 403 when the session or key does not work anymore.
pub(crate) async fn current(
    app: &App,
    tenant: &mut impl Tenant,
    basis: &Basis,
    owner: Principal,
) -> Result<Principal, Failure> {
    match basis {
        Basis::Session(person) => {
            let (tx, account) = tenant.bound();
            if !SessionAccounts(tx).is_open(account, person.session.id).await? {
                return Err(SessionEnded::Ended.into());
            }
            // The input is this very request.
            let now = app.clock.now();
            let used = SessionUse { created_at: person.session.created_at, last_active_at: now, lapsed: None };
            owner.session_policy().check(&used, now)?;
            Ok(owner)
        }
        Basis::ApiKey(id) => keyed(app, tenant, *id, owner).await,
        Basis::Job(credential) => of_job(app, tenant, *credential, owner).await,
    }
}

/// What a job may do that was started with this by `owner`: nothing where it was ended on purpose since.
///
/// # Errors
/// 403 `credential_revoked`.
pub(crate) async fn of_job(
    app: &App,
    tenant: &mut impl Tenant,
    credential: Credential,
    owner: Principal,
) -> Result<Principal, Failure> {
    match credential {
        Credential::Session(id) if still_counts(tenant, id, &owner).await? => Ok(owner),
        Credential::ApiKey(id) => keyed(app, tenant, id, owner).await,
        Credential::Session(_) | Credential::Operator => Err(ended()),
    }
}

async fn still_counts(tenant: &mut impl Tenant, id: SessionId, owner: &Principal) -> Result<bool, Failure> {
    let (tx, account) = tenant.bound();
    let session = Sessions(tx).find(owner.identity_id, id).await?;
    let lapse = SessionAccounts(tx).lapse_of(account, id).await?;
    let was_taken_back = |session: &Session| {
        let ends = [session.ended_by, lapse.map(Lapse::ends_as)];
        ends.into_iter().flatten().any(EndedBy::takes_back)
    };
    Ok(session.is_some_and(|session| session.created_at >= owner.credentials_valid_from && !was_taken_back(&session)))
}

async fn keyed(app: &App, tenant: &mut impl Tenant, id: ApiKeyId, owner: Principal) -> Result<Principal, Failure> {
    let works = |key: &store::api_keys::ApiKey| {
        key.user_id == owner.user_id && key.works_at(app.clock.now()) && key.created_at >= owner.credentials_valid_from
    };
    let key = ApiKeys::of(tenant).find(id).await?.filter(works).ok_or_else(ended)?;
    Ok(by_key(app, &key, &owner))
}

fn ended() -> Failure {
    let detail = "The session or API key that started this is no longer valid, so nothing was changed. Sign in or use \
     a valid key, and start again.";
    refuse(Kind::Forbidden, "credential_revoked", detail)
}
