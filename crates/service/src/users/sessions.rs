//! The sessions of a user, for admins: look, and sign the person out of this account.
//!
//! A session belongs to the person and opens all their accounts, so an account must not learn from it what the person does
//! elsewhere, or that there is an elsewhere (D2). An admin sees, and a preview counts, the sessions that entered this account and
//! work in it, of everyone alike: that is all this account ever knew. Signing out ends a session in this account and in no other; only
//! the person ends it everywhere.

use domain::activity::actions::Action;
use domain::core::failure::{Failure, NoSuch};
use domain::core::ids::{SessionId, UserId};
use domain::sign_in::session::{EndedBy, Lapse, SessionPolicy, SessionSettings, SessionUse};
use domain::users::{UserError, UserStatus};
use serde_json::json;
use store::Tenant;
use store::accounts::Accounts;
pub use store::sign_in::session_accounts::EnteredSession;
use store::sign_in::session_accounts::SessionAccounts;
use store::users::Users;

use crate::core::app::App;
use crate::core::caller::Caller;
use crate::core::change::{Touches, user_target};
use crate::core::entry::Entry;
use crate::core::revocation::Revoked;
use crate::users;
use crate::users::rules::{MANAGE, Target};

/// See where a user is signed in.
pub const LIST: domain::access::Need = MANAGE;
/// Sign a user out.
pub const END: domain::access::Need = MANAGE;

/// The sessions of a user that work in this account, latest first.
///
/// # Errors
/// 404; 403 by rank.
pub async fn list(app: &App, caller: &Caller, id: UserId) -> Result<Vec<EnteredSession>, Failure> {
    let mut view = app.view(caller, LIST).await?;
    let target = users::rules::find(app, &mut view, caller, id).await?;
    target.check_rank(caller)?;
    if target.user.status != UserStatus::Active {
        return Ok(Vec::new());
    }
    working_here(app, &mut view, &target).await
}

/// Of the sessions that this account knows of, those that work in it by what it saw of them: their age counts from when they came, and
/// their rest from their latest input here. What is enforced counts the sign-in and input anywhere; told so, it would tell of them.
async fn working_here(app: &App, tenant: &mut impl Tenant, target: &Target) -> Result<Vec<EnteredSession>, Failure> {
    let (tx, account) = tenant.bound();
    let (user, now) = (&target.user, app.clock.now());
    let limits = Accounts(tx).find(account).await?.map(|account| account.settings.sessions);
    let policy = SessionPolicy {
        limits: limits.unwrap_or(SessionSettings::WIDEST),
        credentials_valid_from: user.credentials_valid_from,
    };
    let mut sessions = SessionAccounts(tx).entered(account, user.identity_id, now).await?;
    sessions.retain(|session| {
        let used = SessionUse { created_at: session.entered_at, last_active_at: session.active_at, lapsed: None };
        policy.check(&used, now).is_ok()
    });
    Ok(sessions)
}

/// Signs a user out of this account in one browser. In others of the person's accounts, of which this one knows nothing, the session
/// goes on.
///
/// # Errors
/// 404 for a session that this account does not know of; 403 by rank.
pub async fn end_one(app: &App, caller: &Caller, id: UserId, session: SessionId) -> Result<(), Failure> {
    let mut draft = app.draft(caller, END).await?;
    let target = users::rules::find(app, &mut draft, caller, id).await?;
    target.check_rank(caller)?;
    let known = working_here(app, &mut draft, &target).await?;
    if target.user.status != UserStatus::Active || !known.iter().any(|known| known.id == session) {
        return Err(NoSuch("session").into());
    }
    let Some(mut change) = draft.into_change() else { return Ok(()) };
    let now = change.now();
    let (tx, account) = change.bound();
    SessionAccounts(tx).lapse(account, session, Lapse::Admin, now).await?;
    change.touch_identity(target.user.identity_id);
    let entry = user_target(&target.user, json!({ "session": session.to_string() }), json!({}));
    change.commit(Entry::new(Action::SessionEnded, vec![entry]), Touches::People).await
}

/// Signs a user out of this account: whatever lets the person in now ends, as when they are disabled; they may sign in again.
///
/// # Errors
/// 404; 412; 403 by rank; 409 `wrong_status` for a user who is not active.
pub async fn end_all(app: &App, caller: &Caller, id: UserId) -> Result<Revoked, Failure> {
    let mut draft = app.draft(caller, END).await?;
    let target = users::rules::find(app, &mut draft, caller, id).await?;
    users::tags::check(app, &mut draft, caller, &target.user).await?;
    target.check_rank(caller)?;
    // Someone invited has no session, and must not lose the link of the invitation by this door.
    if target.user.status != UserStatus::Active {
        let (act, word, found) = ("signing out", "sign_out", target.user.status);
        return Err(UserError::WrongStatus { act, word, needed: "active", found }.into());
    }
    let user = std::slice::from_ref(&target.user);
    let revoked = draft.revocable(user).await?;
    let Some(mut change) = draft.into_change() else { return Ok(revoked) };
    let now = change.now();
    Users::of(&mut change).touch(&[id], Some(now)).await?;
    change.revoke(user, EndedBy::Admin).await?;
    let before = json!({ "sessions": revoked.sessions, "api_keys": revoked.api_keys, "links": revoked.links });
    let after = json!({ "sessions": 0, "api_keys": 0, "links": 0 });
    change
        .commit(Entry::new(Action::UserSignedOut, vec![user_target(&target.user, before, after)]), Touches::People)
        .await?;
    Ok(revoked)
}
