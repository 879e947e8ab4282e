//! The sessions of a user, for admins: look, and sign the person out of this account.
//!
//! A session belongs to the person and opens all their accounts, so an account must not learn from it what the person does
//! elsewhere. An admin sees the sessions that work in this account; of people who are users of other accounts too only those
//! whose sign-in stands in this account's own log, because that is all this account ever knew. Signing out ends a session
//! altogether only where the person is active nowhere else; otherwise it stops working here and nowhere else.

use domain::ids::UserId;
use domain::session::{Session, SessionLimits};
use domain::user::{UserError, UserStatus};
use serde_json::json;
use store::Tenant;
use store::sessions::Sessions;
use store::users::Memberships;

use crate::app::{App, View};
use crate::caller::Caller;
use crate::change::{Revoked, user_target};
use crate::entry::Entry;
use crate::failure::Failure;
use crate::targets::{self, MANAGE, Target};

/// See where a user is signed in.
pub const LIST: domain::access::Need = MANAGE;
/// Sign a user out.
pub const END: domain::access::Need = MANAGE;

/// The sessions of a user that work in this account, latest first.
///
/// # Errors
/// 404; 403 by rank.
pub async fn list(app: &App, caller: &Caller, id: UserId) -> Result<Vec<Session>, Failure> {
    let mut view = app.view(caller, LIST).await?;
    let target = targets::find(app, &mut view, caller, id).await?;
    target.check_rank(caller)?;
    if target.user.status != UserStatus::Active {
        return Ok(Vec::new());
    }
    let mut sessions = working_here(app, &mut view, &target).await?;
    if Memberships(view.tx()).of_identity(target.user.identity_id).await?.len() > 1 {
        let ids: Vec<String> = sessions.iter().map(|session| session.id.to_string()).collect();
        let known = view.events().targeted("session.started", &ids).await?;
        sessions.retain(|session| known.contains(&session.id.to_string()));
    }
    Ok(sessions)
}

async fn working_here(app: &App, view: &mut View, target: &Target) -> Result<Vec<Session>, Failure> {
    let account = view.account();
    let account = store::accounts::Accounts(view.tx()).find(account).await?;
    let limits = account.map_or(SessionLimits::WIDEST, |account| SessionLimits {
        idle: account.settings.idle_timeout_seconds,
        lifetime: account.settings.absolute_timeout_seconds,
    });
    let now = app.world.now();
    let mut sessions = Sessions(view.tx()).of_identity(target.user.identity_id).await?;
    sessions.retain(|session| session.check(&limits, target.user.access_from, now).is_ok());
    Ok(sessions)
}

/// Signs a user out of this account: whatever lets the person in now ends, as when they are disabled; they may sign in again.
///
/// # Errors
/// 404; 412; 403 by rank; 409 `wrong_status` for somebody who is not active.
pub async fn end_all(app: &App, caller: &Caller, id: UserId) -> Result<Revoked, Failure> {
    let mut change = app.change(caller, END).await?;
    let target = targets::find(app, &mut change, caller, id).await?;
    caller.check_version(target.user.version)?;
    target.check_rank(caller)?;
    // Somebody invited has no session, and must not lose the link of the invitation by this door.
    if target.user.status != UserStatus::Active {
        return Err(UserError::WrongStatus { act: "signing out", needed: "active", found: target.user.status }.into());
    }
    let now = change.now();
    change.users().touch(&[id], Some(now)).await?;
    let revoked = change.revoke(std::slice::from_ref(&target.user)).await?;
    let before = json!({ "sessions": revoked.sessions, "api_keys": revoked.api_keys, "links": revoked.links });
    let after = json!({ "sessions": 0, "api_keys": 0, "links": 0 });
    change.commit(Entry::new("user.signed_out", vec![user_target(&target.user, before, after)])).await?;
    Ok(revoked)
}
