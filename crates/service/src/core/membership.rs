//! What someone is and may do in an account, read from the database and remembered.

use std::sync::Arc;

use domain::accounts::Account;
use domain::core::failure::{Failure, NoSuch};
use domain::core::ids::{AccountId, IdentityId};
use domain::systems::{HeldSystems, SystemGrant};
use domain::users::{User, UserStatus};
use store::accounts::Accounts;
use store::api_keys::ApiKey;
use store::systems::{GroupSystem, SystemGrants};
use store::users::Users;
use store::{InAccount, Tenant, Tx};

use crate::core::app::App;
use crate::core::generations::DependsOn;
use crate::core::principal::Principal;
use crate::core::roles;

/// The membership of a person in an account, as decisions need it.
///
/// # Errors
/// 404 when the person is no active user of the account, or it does not exist.
pub async fn principal(app: &App, identity: IdentityId, account: AccountId) -> Result<Arc<Principal>, Failure> {
    if let Some(principal) = app.principals().members.get(&(identity, account)) {
        return Ok(principal);
    }
    Box::pin(load_and_keep_principal(app, identity, account)).await
}

async fn load_and_keep_principal(
    app: &App,
    identity: IdentityId,
    account: AccountId,
) -> Result<Arc<Principal>, Failure> {
    let seen = app.principals().generations_of(DependsOn::Member(identity, account));
    let mut tx = app.db.read().await?;
    let principal = load_principal(app, &mut tx, identity, account).await?;
    app.principals().members.keep((identity, account), Arc::clone(&principal), seen);
    Ok(principal)
}

pub(crate) async fn load_principal(
    app: &App,
    tx: &mut Tx,
    identity: IdentityId,
    account: AccountId,
) -> Result<Arc<Principal>, Failure> {
    let account = Accounts(tx).find(account).await?.ok_or(NoSuch("account"))?;
    let mut bound = InAccount { tx, account: account.id };
    let user = Users::of(&mut bound).find_by_identity(identity).await?.filter(|user| user.status == UserStatus::Active);
    let user = user.ok_or(NoSuch("account"))?;
    Ok(Arc::new(principal_of(app, &mut bound, &account, &user).await?))
}

/// What a user holds and where, read from the database.
pub async fn principal_of(
    app: &App,
    bound: &mut impl Tenant,
    account: &Account,
    user: &User,
) -> Result<Principal, Failure> {
    let role = roles::find(app, bound, &user.role_id).await?.ok_or(NoSuch("role"))?;
    let now = app.clock.now();
    let direct = SystemGrants::of(bound).all_of(user.id).await?;
    let by_group = SystemGrants::of(bound).by_groups_of(user.id).await?;
    let spans = direct.iter().map(SystemGrant::span).chain(by_group.iter().flat_map(GroupSystem::spans));
    let valid_until = spans.filter_map(|span| span.next_change(now)).min();
    let direct = direct.iter().filter(|grant| grant.span().holds_at(now));
    let by_group = by_group.iter().filter(|way| way.spans().iter().all(|span| span.holds_at(now)));
    let HeldSystems { all: all_systems, each: mut systems } = direct.map(|grant| grant.system_id).collect();
    systems.extend(by_group.map(|way| way.system_id));
    Ok(Principal {
        account_id: account.id,
        user_id: user.id,
        identity_id: user.identity_id,
        email: user.email.clone(),
        levels: role.levels,
        role: Arc::new(role),
        all_systems,
        systems: systems.into_iter().collect(),
        limits: account.settings.sessions,
        credentials_valid_from: user.credentials_valid_from,
        account_version: account.version,
        valid_until,
    })
}

/// What a key holds: what its owner holds, as far as the key was given it.
pub(crate) fn by_key(app: &App, key: &ApiKey, owner: &Principal) -> Principal {
    Principal { levels: owner.levels.intersect(&roles::levels_of_text(app, &key.levels)), ..owner.clone() }
}
