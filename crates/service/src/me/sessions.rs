//! A person's own sessions: look, end one, sign out (LG-1, P14). They are the person's, so that ending one ends it in all of
//! their accounts.

use domain::access::Need;
use domain::activity::actions::Action;
use domain::core::failure::{Failure, NoSuch};
use domain::core::ids::SessionId;
use domain::sign_in::session::{EndedBy, Session, SessionPolicy, SessionUse};
use domain::users::UserStatus;
use serde_json::json;
use store::Tenant;
use store::accounts::Accounts;
use store::sign_in::session_accounts::SessionAccounts;
use store::sign_in::sessions::Sessions;
use store::users::Memberships;

use crate::core::app::App;
use crate::core::caller::Caller;
use crate::core::entry::Entry;
use crate::credentials::person_change::{PersonDraft, Place};

/// One's own sessions.
pub const OWN_SESSIONS: Need = Need::Oneself;

/// A person's own sessions that still work in one of their accounts, latest first.
pub async fn list(app: &App, caller: &Caller) -> Result<Vec<Session>, Failure> {
    let person = caller.person()?;
    let mut tx = app.db.read().await?;
    let identity = person.session.identity_id;
    let mut policies = Vec::new();
    for user in Memberships(&mut tx).of_identity(identity).await? {
        if user.status == UserStatus::Active
            && let Some(account) = Accounts(&mut tx).find(user.account_id).await?
        {
            let policy = SessionPolicy {
                limits: account.settings.sessions,
                credentials_valid_from: user.credentials_valid_from,
            };
            policies.push((account.id, policy));
        }
    }
    let mut working = Vec::new();
    for session in Sessions(&mut tx).of_identity(identity).await? {
        let known = SessionAccounts(&mut tx).of_session(session.id).await?;
        let works = policies.iter().any(|(account, policy)| {
            let here = known.iter().find(|known| known.account_id == *account);
            let active_at = here.and_then(|here| here.active_at).unwrap_or(session.last_active_at);
            let used = SessionUse {
                created_at: session.created_at,
                last_active_at: session.last_active_at.max(active_at),
                lapsed: here.and_then(|here| here.lapse),
            };
            policy.check(&used, app.clock.now()).is_ok()
        });
        // Input is written behind: the session of this very request works, whatever is written of it.
        if works || session.id == person.session.id {
            working.push(session);
        }
    }
    Ok(working)
}

/// Ends one of a person's own sessions. The accounts that know it are told.
///
/// # Errors
/// 404 when it is not theirs or ended already.
pub async fn end_one(app: &App, caller: &Caller, id: SessionId) -> Result<(), Failure> {
    let identity = caller.person()?.session.identity_id;
    let mut begun = PersonDraft::by(app, caller).await?;
    let session = Sessions(begun.draft.tx()).find(identity, id).await?;
    session.filter(|session| session.ended_by.is_none()).ok_or(NoSuch("session"))?;
    let Some(mut begun) = begun.into_change() else { return Ok(()) };
    if !Sessions(begun.change.tx()).end(identity, id, EndedBy::Oneself).await? {
        return Err(NoSuch("session").into());
    }
    let told = |place: &Place| {
        let target = place.target(json!({ "session": id.to_string() }), json!({}));
        Entry::new(Action::SessionEnded, vec![target])
    };
    begun.commit(told, |place| place.sessions.contains(&id)).await
}

/// Signs out: ends the session of this request.
pub async fn sign_out(app: &App, caller: &Caller) -> Result<(), Failure> {
    end_one(app, caller, caller.person()?.session.id).await
}

/// Signs out everywhere, including here, and returns how many sessions ended. Each account is told of the ones it knows of.
pub async fn sign_out_everywhere(app: &App, caller: &Caller) -> Result<u64, Failure> {
    let identity = caller.person()?.session.identity_id;
    let mut begun = PersonDraft::by(app, caller).await?;
    let open = Sessions(begun.draft.tx()).of_identity(identity).await?.len();
    let Some(mut begun) = begun.into_change() else { return Ok(u64::try_from(open).unwrap_or(u64::MAX)) };
    let ended = Sessions(begun.change.tx()).end_all(identity, None, EndedBy::Oneself).await?;
    let told = |place: &Place| {
        let (before, after) = (json!({ "sessions": place.sessions.len() }), json!({ "sessions": 0 }));
        Entry::new(Action::SessionAllEnded, vec![place.target(before, after)])
    };
    begun.commit(told, |place| !place.sessions.is_empty()).await?;
    Ok(ended)
}
