//! A change to a person's own sign-in: their password, their name, their sessions, and what others try with it.
//!
//! It concerns every account where the person is active, so the log of each tells of it, in the same transaction. Each learns what
//! happened to its own user and to the sessions that it knows, and nothing of the others, not even whether there are any (D2). An
//! account that only invited the person, or that they left, learns nothing.

use domain::account::Account;
use domain::event::EventTarget;
use domain::ids::{AccountId, IdentityId, SessionId};
use domain::session::SessionEnded;
use domain::user::{User, UserStatus};
use serde_json::Value;
use store::Tx;
use store::session_accounts::SessionAccounts;
use store::users::Memberships;

use crate::app::App;
use crate::caller::Caller;
use crate::change::{Change, user_target};
use crate::entry::Entry;
use crate::failure::Failure;
use crate::sign_in::{actor, latest_used};

/// A change to a person's own sign-in, under way.
pub struct PersonChange<'a> {
    /// What it changes.
    pub change: Change<'a>,
    places: Vec<Place>,
}

/// An account where the person is active.
#[derive(Debug)]
pub struct Place {
    account: Account,
    /// Who they are there.
    pub user: User,
    /// The sessions that this account knows of, as they were when the change began.
    pub sessions: Vec<SessionId>,
}

impl Place {
    /// The person as the account knows them, with what changed.
    pub fn target(&self, before: Value, after: Value) -> EventTarget {
        user_target(&self.user, before, after)
    }

    /// How many of its sessions are others than this one.
    pub fn sessions_but(&self, kept: Option<SessionId>) -> usize {
        self.sessions.iter().filter(|session| Some(**session) != kept).count()
    }
}

impl<'a> PersonChange<'a> {
    /// Begins a change for somebody who is signed in. Their session must still be one under the lock: whoever was signed out at this
    /// moment finishes nothing more (X1).
    ///
    /// # Errors
    /// 401 for somebody who is active nowhere any more, or who was signed out.
    pub async fn by(app: &'a App, caller: &'a Caller) -> Result<Self, Failure> {
        let (identity, session) = (caller.person()?.session.identity_id, caller.person()?.session.id);
        let mut begun = Self::of(app, caller, identity, usize::MAX).await?.ok_or(SessionEnded::Ended)?;
        begun.change.sessions().find(identity, session).await?.ok_or(SessionEnded::Ended)?.live()?;
        Ok(begun)
    }

    /// Begins a change for this person, told in at most so many accounts, those that they used last; `None` where they are active
    /// nowhere.
    pub(crate) async fn of(
        app: &'a App,
        caller: &'a Caller,
        identity: IdentityId,
        most: usize,
    ) -> Result<Option<Self>, Failure> {
        let mut tx = app.db.read().await?;
        let mut active = active(&mut tx, identity).await?;
        drop(tx);
        active.sort_unstable_by_key(|user| std::cmp::Reverse((user.last_login_at, user.created_at)));
        active.truncate(most);
        if active.is_empty() {
            return Ok(None);
        }
        let ids = active.iter().map(|user| user.account_id).collect();
        let (mut change, accounts) = Change::over_all(app, caller, app.db.write().await?, ids).await?;
        let places = places(&mut change, identity, accounts).await?;
        change.touch_identity(identity);
        Ok((!places.is_empty()).then_some(Self { change, places }))
    }

    /// Ends the change with what `told` says to each account that `is_told` of it. What none would be told of stands in the log of the one that was
    /// used last: nothing happens without an entry.
    ///
    /// # Errors
    /// 409 when the idempotency key was used meanwhile; the database's own troubles.
    pub async fn commit(self, told: impl Fn(&Place) -> Entry, is_told: impl Fn(&Place) -> bool) -> Result<(), Failure> {
        let Self { change, places } = self;
        let session: Option<SessionId> = change.caller().origin.session.parse().ok();
        let last = latest_used(places.iter().map(|place| &place.user)).map(|user| user.account_id);
        let is_known = places.iter().any(&is_told);
        let entry = |place: Place| {
            let entry = told(&place);
            let entry = if entry.actor.is_some() { entry } else { entry.by(actor(&place.user)) };
            let is_its_own = session.is_some_and(|session| place.sessions.contains(&session));
            (place.account, if is_its_own { entry } else { entry.without_session() })
        };
        let is_meant = |place: &Place| if is_known { is_told(place) } else { Some(place.account.id) == last };
        let entries: Vec<(Account, Entry)> = places.into_iter().filter(is_meant).map(entry).collect();
        change.commit_in_all(entries).await
    }
}

async fn active(tx: &mut Tx, identity: IdentityId) -> Result<Vec<User>, Failure> {
    let mut users = Memberships(tx).of_identity(identity).await?;
    users.retain(|user| user.status == UserStatus::Active);
    Ok(users)
}

/// Where the person is active now that the accounts are held.
async fn places(change: &mut Change<'_>, identity: IdentityId, accounts: Vec<Account>) -> Result<Vec<Place>, Failure> {
    let tx = store::Tenant::bound(change).0;
    let users = active(tx, identity).await?;
    let known: Vec<(AccountId, SessionId)> = SessionAccounts(tx).entered_anywhere(identity).await?;
    let sessions_in = |id| known.iter().filter(|(account, _)| *account == id).map(|(_, session)| *session).collect();
    let place = |account: Account| {
        let user = users.iter().find(|user| user.account_id == account.id)?.clone();
        Some(Place { user, sessions: sessions_in(account.id), account })
    };
    Ok(accounts.into_iter().filter_map(place).collect())
}
