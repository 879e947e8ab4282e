//! The sessions of a user, for admins: look, and sign the person out of this account.
//!
//! A session belongs to the person and opens all their accounts, so an account must not learn from it what the person does
//! elsewhere, or that there is an elsewhere (D2). An admin sees, and a preview counts, the sessions that work in this account and
//! whose sign-in stands in its own log, of everybody alike: that is all this account ever knew. Signing out ends a session
//! altogether only where the person is active nowhere else; otherwise it stops working here and nowhere else.

use domain::ids::{SessionId, UserId};
use domain::refusal::Kind;
use domain::session::{EndedBy, Session, SessionLimits, SessionPolicy, SessionUse};
use domain::user::{UserError, UserStatus};
use serde_json::json;
use store::session_accounts::SessionAccounts;
use store::sessions::Sessions;
use store::users::Memberships;
use store::{Tenant, Tx};

use crate::app::App;
use crate::caller::Caller;
use crate::change::{Revoked, user_target};
use crate::entry::Entry;
use crate::failure::{Failure, NoSuch, refuse};
use crate::targets::{self, MANAGE, Target};
use crate::user_tags;

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
    known_here(app, &mut view, &target).await
}

/// The sessions that this account may know of.
async fn known_here(app: &App, tenant: &mut impl Tenant, target: &Target) -> Result<Vec<Session>, Failure> {
    let (tx, account) = tenant.bound();
    let (user, now) = (&target.user, app.world.now());
    let limits = store::accounts::Accounts(tx).find(account).await?.map(|account| account.settings.session_limits());
    let policy = SessionPolicy { limits: limits.unwrap_or(SessionLimits::WIDEST), access_from: user.access_from };
    let here = SessionAccounts(tx).of_identity(account, user.identity_id).await?;
    let mut sessions = Sessions(tx).opened_in(account, user.identity_id).await?;
    sessions.retain(|session| {
        let here = here.iter().find(|here| here.session_id == session.id);
        let renewed_at = here.and_then(|here| here.renewed_at).unwrap_or(session.created_at);
        let used = SessionUse {
            created_at: session.created_at,
            last_active_at: session.last_active_at.max(renewed_at),
            lapsed: here.and_then(|here| here.lapse),
        };
        policy.check(&used, now).is_ok()
    });
    Ok(sessions)
}

async fn is_elsewhere_too(tx: &mut Tx, target: &Target) -> Result<bool, Failure> {
    Ok(Memberships(tx).of_identity(target.user.identity_id).await?.len() > 1)
}

/// Signs a user out of one browser. It belongs to the person, so this is only possible where they are in no other account.
///
/// # Errors
/// 404 for a session that this account does not know of; 403 by rank; 409 for somebody who is in other accounts as well.
pub async fn end_one(app: &App, caller: &Caller, id: UserId, session: SessionId) -> Result<(), Failure> {
    let mut change = app.change(caller, END).await?;
    let target = targets::find(app, &mut change, caller, id).await?;
    target.check_rank(caller)?;
    let known = known_here(app, &mut change, &target).await?;
    if target.user.status != UserStatus::Active || !known.iter().any(|known| known.id == session) {
        return Err(NoSuch("session").into());
    }
    if is_elsewhere_too(change.bound().0, &target).await? {
        return Err(refuse(
            Kind::Conflict,
            "session_of_several_accounts",
            "this session opens other accounts of the person as well, so it cannot be ended from here; sign the person out of this account instead",
        ));
    }
    change.sessions().end(target.user.identity_id, session, EndedBy::Admin).await?;
    change.touch_identity(target.user.identity_id);
    change.leaves_account_untouched();
    let entry = user_target(&target.user, json!({ "session": session.to_string() }), json!({}));
    change.commit(Entry::new("session.ended", vec![entry])).await
}

/// Signs a user out of this account: whatever lets the person in now ends, as when they are disabled; they may sign in again.
///
/// # Errors
/// 404; 412; 403 by rank; 409 `wrong_status` for somebody who is not active.
pub async fn end_all(app: &App, caller: &Caller, id: UserId) -> Result<Revoked, Failure> {
    let mut change = app.change(caller, END).await?;
    let target = targets::find(app, &mut change, caller, id).await?;
    user_tags::check(app, &mut change, caller, &target.user).await?;
    target.check_rank(caller)?;
    // Somebody invited has no session, and must not lose the link of the invitation by this door.
    if target.user.status != UserStatus::Active {
        return Err(UserError::WrongStatus { act: "signing out", needed: "active", found: target.user.status }.into());
    }
    let now = change.now();
    change.users().touch(&[id], Some(now)).await?;
    let revoked = change.revoke(std::slice::from_ref(&target.user), EndedBy::Admin).await?;
    let before = json!({ "sessions": revoked.sessions, "api_keys": revoked.api_keys, "links": revoked.links });
    let after = json!({ "sessions": 0, "api_keys": 0, "links": 0 });
    change.leaves_account_untouched();
    change.commit(Entry::new("user.signed_out", vec![user_target(&target.user, before, after)])).await?;
    Ok(revoked)
}
