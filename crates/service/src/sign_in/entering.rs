//! A session enters an account: at the sign-in the one that the person used last, every other one when they first go there.
//!
//! One session opens all accounts of its person, but each of them knows only of those that came to it: its log has an entry, its
//! figures a sign-in, and the user the time of their latest one from this moment, and not from what happens in the others (D2).
//! So the log of an account misses no one who gets in, whichever account the person signed in for.
//!
//! Only the person comes in, by input on our own pages. What a page of another site has their browser ask, what a page of ours asks
//! by itself and what it loads reads nothing in an account before that: else a stranger's link would write in its log that they
//! came, or someone could read there unseen.

use domain::activity::Origin;
use domain::activity::actions::Action;
use domain::core::failure::{Failure, NoSuch, refuse};
use domain::core::ids::{AccountId, SessionId};
use domain::core::refusal::Kind;
use domain::sign_in::session::{EndedBy, Lapse, MOST_SESSIONS, Session, SessionEnded};
use domain::users::{User, UserStatus};
use serde_json::{Value, json};
use store::Tenant;
use store::sign_in::identities::Identities;
use store::sign_in::session_accounts::SessionAccounts;
use store::sign_in::sessions::Sessions;
use store::users::Users;

use crate::core::app::App;
use crate::core::caller::Caller;
use crate::core::change::{Change, Touches, user_actor, user_target};
use crate::core::entry::Entry;
use crate::core::principal::Principal;
use crate::sign_in::presence::Presence;

/// What a request is told that a page of another site made the browser send.
pub const CROSS_SITE: &str = "This request came from another site. Open the page here and try again.";

/// Whether a request brings its session into an account that it was not in yet.
///
/// # Errors
/// 403 where it does not, and would read there unseen.
pub(crate) fn is_begun_by(presence: Presence) -> Result<bool, Failure> {
    match presence {
        Presence::Input => Ok(true),
        Presence::Outside => Ok(false),
        Presence::Foreign => Err(refuse(Kind::Forbidden, "cross_site", CROSS_SITE)),
        Presence::OpenPage | Presence::None => {
            let detail = "You haven't opened this account since you signed in, and automatic requests don't count. \
             Open the account first.";
            Err(refuse(Kind::Forbidden, "account_not_opened", detail))
        }
    }
}

/// Notes that a session of this user is in the account of the change from now on, in the place of those that its browser had before, and
/// of the user's oldest one when they have too many. False where it was before.
pub async fn enter(change: &mut Change<'_>, user: &User, session: &Session) -> Result<bool, Failure> {
    let (now, ip) = (change.now(), change.caller().origin.ip.clone());
    let (tx, account): (_, AccountId) = change.bound();
    if !SessionAccounts(tx).enter(account, session.id, &ip, now).await? {
        return Ok(false);
    }
    SessionAccounts(tx).lapse_replaced(account, session.id, now).await?;
    end_oldest(change, session).await?;
    Users::of(change).came_in(user.id, now).await?;
    change.count_sign_in(session.assurance);
    Ok(true)
}

/// Ends the person's oldest sessions in the account of the change, where they have too many there: those that came to other accounts do not
/// count, or each would see by its own how often the person is in others (D2). One that is open in no other account that it came
/// to ends altogether.
async fn end_oldest(change: &mut Change<'_>, new: &Session) -> Result<(), Failure> {
    let now = change.now();
    let (tx, account): (_, AccountId) = change.bound();
    let mut others = SessionAccounts(tx).entered(account, new.identity_id, now).await?;
    others.retain(|other| other.id != new.id);
    let ended: Vec<SessionId> = others.iter().skip(MOST_SESSIONS - 1).map(|other| other.id).collect();
    if ended.is_empty() {
        return Ok(());
    }
    // Another account may do the same to the same sessions at this moment.
    Identities(change.tx()).hold(&[new.identity_id]).await?;
    Sessions(change.tx()).hold(&ended).await?;
    let tx = change.tx();
    for session in &ended {
        SessionAccounts(tx).lapse(account, *session, Lapse::TooMany, now).await?;
    }
    Sessions(change.tx()).end_open_nowhere(&ended, EndedBy::TooMany).await?;
    change.touch_identity(new.identity_id);
    Ok(())
}

/// What the log says of it.
pub(crate) fn started(user: &User, session: &Session) -> Entry {
    let after = json!({ "assurance": session.assurance, "session": session.id.to_string() });
    Entry::new(Action::SessionStarted, vec![user_target(user, Value::Null, after)]).by(user_actor(user))
}

/// Lets a session into an account that it was not in before. Of requests that come at once, one writes the entry.
///
/// # Errors
/// 401 when something ended the session, 404 when the person's access was ended at this moment.
pub(crate) async fn come_in(
    app: &App,
    session: &Session,
    principal: &Principal,
    origin: Origin,
) -> Result<(), Failure> {
    // As at a sign-in: the request came with no session that the account knew.
    let caller = Caller::nobody(Origin { session: String::new(), ..origin });
    let mut change = app.change_in(&caller, principal.account_id).await?;
    let found = Sessions(change.tx()).find(session.identity_id, session.id).await?;
    let session = found.ok_or(SessionEnded::Ended)?.live()?;
    let user = Users::of(&mut change).find(principal.user_id).await?.filter(|user| user.status == UserStatus::Active);
    let user = user.ok_or(NoSuch("account"))?;
    if !enter(&mut change, &user, &session).await? {
        return Ok(());
    }
    change.touch_identity(session.identity_id);
    change.commit(started(&user, &session), Touches::People).await
}
