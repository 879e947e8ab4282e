//! Where the limits of accounts end a session: written down, so that it stays ended there until the person signs in again (P14).
//!
//! Whether a session opens an account is decided from memory, as input is written behind. Two moments ask the database, which
//! alone knows what other nodes saw, and write down what it says:
//!
//! - a limit would refuse the session, whatever the request: the refusal is final;
//! - input comes after a rest in which a limit may have been over: before the input counts, the session ends in every account
//!   whose limit the rest was too long for, whichever route the input came by.
//!
//! Example: account A allows 5 minutes, B a day. Input at 12:00, the next one at 12:06 by `GET /me`. The rest of six minutes
//! ends the session in A; in B, and for what is outside of accounts, it goes on from 12:06.

use domain::core::failure::{Failure, refuse};
use domain::core::ids::AccountId;
use domain::core::refusal::Kind;
use domain::core::timestamp::{Seconds, Timestamp};
use domain::sign_in::session::{EndedBy, Lapse, SHORTEST_IDLE, Session, SessionPolicy, SessionUse};
use domain::users::{User, UserStatus};
use store::Tx;
use store::accounts::Accounts;
use store::installation::Installation;
use store::sign_in::session_accounts::{SessionAccount, SessionAccounts};
use store::sign_in::sessions::Sessions;
use store::users::Memberships;

use crate::core::app::App;
use crate::core::generations::Topic;
use crate::core::live_session::{LiveAccount, LiveSession};
use crate::core::secrets::Token;

/// Input after a longer rest is written at once, and not behind. Half of the shortest idle time: so what the database says of a
/// session is never so far behind that one node takes for idle who is active at another.
const RESTED: Seconds = Seconds(SHORTEST_IDLE.0 / 2);

/// Whether input at `now` comes after a rest that has to be looked at.
pub(crate) fn has_rested(live: &LiveSession, now: Timestamp) -> bool {
    now >= live.last_active_at().plus(RESTED)
}

/// The session of a person in the accounts where they are active.
pub(crate) async fn accounts_of(tx: &mut Tx, session: &Session) -> Result<Vec<LiveAccount>, Failure> {
    let known = SessionAccounts(tx).of_session(session.id).await?;
    let memberships = Memberships(tx).of_identity(session.identity_id).await?;
    let active = memberships.iter().filter(|user| user.status == UserStatus::Active);
    Ok(active
        .map(|user| LiveAccount::new(user.account_id, known.iter().find(|known| known.account_id == user.account_id)))
        .collect())
}

/// Ends the session in every account whose limits it is over, then notes the input, where it is one. A session that no account
/// accepts anymore, or whose person is active in none, ends altogether.
///
/// # Errors
/// 401 when something ended the session before.
pub(crate) async fn settle(app: &App, known: &LiveSession, token: &Token, is_input: bool) -> Result<(), Failure> {
    let mut tx = app.upkeep("what a limit refused stays refused").await?;
    let session = live(Sessions(&mut tx).hold_by_token(&token.hash()).await?)?;
    let now = app.clock.now();
    let stored = SessionAccounts(&mut tx).of_session(session.id).await?;
    let memberships = Memberships(&mut tx).of_identity(session.identity_id).await?;
    let (mut open, mut ended) = (0_usize, 0_usize);
    let mut new = Vec::new();
    for user in memberships.iter().filter(|user| user.status == UserStatus::Active) {
        let here = stored.iter().find(|stored| stored.account_id == user.account_id);
        match state_in(&mut tx, known, &session, user, here, now).await? {
            State::Open => open += 1,
            State::Ended => ended += 1,
            State::Lapses(lapse, seen_at) => new.push((user.account_id, lapse, seen_at)),
        }
    }
    for (account, lapse, seen_at) in &new {
        SessionAccounts(&mut tx).lapse(*account, session.id, *lapse, *seen_at).await?;
    }
    let is_over = open == 0;
    if is_over {
        // Where an admin's act is among what ended it, that is what the person is told.
        let by = stored.iter().filter_map(|stored| stored.lapse).map(Lapse::ends_as);
        let by = match ended + new.len() {
            0 => EndedBy::AccessEnded,
            _ => by.max_by_key(|by| by.takes_back()).unwrap_or(EndedBy::Limits),
        };
        Sessions(&mut tx).end(session.identity_id, session.id, by).await?;
    } else if is_input {
        Sessions(&mut tx).touch(session.id, now).await?;
    }
    let topic = Topic::Identity(session.identity_id);
    let is_changed = is_over || !new.is_empty();
    if is_changed {
        Installation(&mut tx).publish(&[topic.to_string()]).await?;
    }
    let outcome = tx.commit().await;
    if is_changed {
        app.principals().forget(&topic);
    }
    Ok(outcome?)
}

enum State {
    Open,
    Ended,
    /// By a limit of the account, which sees it so from then on.
    Lapses(Lapse, Timestamp),
}

async fn state_in(
    tx: &mut Tx,
    known: &LiveSession,
    session: &Session,
    user: &User,
    stored: Option<&SessionAccount>,
    now: Timestamp,
) -> Result<State, Failure> {
    let Some(account) = Accounts(tx).find(user.account_id).await? else { return Ok(State::Ended) };
    let policy =
        SessionPolicy { limits: account.settings.sessions, credentials_valid_from: user.credentials_valid_from };
    let lapsed = stored.and_then(|stored| stored.lapse);
    let used = SessionUse {
        created_at: session.created_at,
        last_active_at: last_seen(known, session, user.account_id, stored),
        lapsed,
    };
    Ok(match policy.check(&used, now) {
        Ok(()) => State::Open,
        Err(over) => match over.lapse().filter(|_| lapsed.is_none()) {
            Some(lapse) => State::Lapses(lapse, seen_at(lapse, &policy, stored, now)),
            None => State::Ended,
        },
    })
}

/// When the account sees that the session is over there: its age counts there from when it came, and the account must not see by its end
/// that it was elsewhere before (D2).
fn seen_at(lapse: Lapse, policy: &SessionPolicy, stored: Option<&SessionAccount>, now: Timestamp) -> Timestamp {
    let came = stored.and_then(|stored| stored.entered_at).filter(|_| lapse == Lapse::TooOld);
    came.map_or(now, |came| came.plus(policy.limits.max_length_seconds).max(now))
}

/// The later of what this node remembers and what all of them wrote.
fn last_seen(known: &LiveSession, session: &Session, account: AccountId, stored: Option<&SessionAccount>) -> Timestamp {
    let written = stored.and_then(|stored| stored.active_at).unwrap_or(session.last_active_at);
    known.last_seen_in(account).max(session.last_active_at).max(written)
}

/// Nothing happened for too long, or nothing is known of it.
pub(crate) fn session_is_over() -> Failure {
    refuse(
        Kind::SignIn,
        "session_expired",
        "Your session expired due to inactivity or because it reached its maximum length. Sign in again.",
    )
}

/// A session that nothing ended before its time; of another one, its holder learns what ended it.
pub(crate) fn live(found: Option<Session>) -> Result<Session, Failure> {
    Ok(found.ok_or_else(session_is_over)?.live()?)
}
