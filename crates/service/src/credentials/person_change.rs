//! A change to a person's own sign-in: their password, their name, their sessions, and what others try with it.
//!
//! It concerns every account where the person is active, so the log of each tells of it, in the same transaction. Each learns what
//! happened to its own user and to the sessions that it knows, and nothing of the others, not even whether there are any (D2). An
//! account that only invited the person, or that they left, learns nothing.

use domain::accounts::Account;
use domain::activity::EventTarget;
use domain::core::failure::Failure;
use domain::core::ids::{AccountId, IdentityId, SessionId};
use domain::sign_in::session::SessionEnded;
use domain::users::{User, UserStatus};
use serde_json::Value;
use store::sign_in::identities::Identities;
use store::sign_in::session_accounts::SessionAccounts;
use store::sign_in::sessions::Sessions;
use store::users::Memberships;
use store::{Tenant, Tx};

use crate::core::app::App;
use crate::core::caller::Caller;
use crate::core::change::{Change, only_previewed, user_actor, user_target};
use crate::core::draft::Draft;
use crate::core::entry::Entry;
use crate::core::turns::Turn;
use crate::sign_in::latest_used;

/// What a change to a person's own sign-in is planned on.
pub struct PersonDraft<'a> {
    /// What is read.
    pub draft: Draft<'a>,
    identity: IdentityId,
    places: Vec<Place>,
    last: Option<AccountId>,
}

/// A change to a person's own sign-in, under way.
pub struct PersonChange<'a> {
    /// What it changes.
    pub change: Change<'a>,
    places: Vec<Place>,
    last: Option<AccountId>,
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

impl<'a> PersonDraft<'a> {
    /// Begins to plan for someone who is signed in. Their session must still be one under the lock: whoever was signed out at this
    /// moment finishes nothing more (X1).
    ///
    /// # Errors
    /// 401 for someone who is active nowhere anymore, or who was signed out.
    pub async fn by(app: &'a App, caller: &'a Caller) -> Result<Self, Failure> {
        let (identity, session) = (caller.person()?.session.identity_id, caller.person()?.session.id);
        let mut begun = Self::of(app, caller, identity, Reach::All).await?.ok_or(SessionEnded::Ended)?;
        Sessions(begun.draft.tx()).find(identity, session).await?.ok_or(SessionEnded::Ended)?.live()?;
        Ok(begun)
    }

    /// Begins to plan for this person, told in the accounts that are meant; `None` where they are active in none of them.
    async fn of(app: &'a App, caller: &'a Caller, identity: IdentityId, reach: Reach) -> Result<Option<Self>, Failure> {
        loop {
            let mut tx = app.db.read().await?;
            let active = active(&mut tx, identity).await?;
            let (ids, is_more) = reach.of(&active);
            let last = ids.last().copied().filter(|_| is_more);
            if ids.is_empty() {
                return Ok(None);
            }
            let mut turn = Turn::new();
            if !caller.dry_run {
                drop(tx);
                turn = app.changes().take(caller.actor.responsible, &ids).await?;
                tx = app.upkeep("a change in several accounts, begun over all of them").await?;
            }
            let (draft, accounts) = Draft::over_all(app, caller, tx, ids).await?;
            let mut draft = draft.in_turn(turn);
            if !caller.dry_run {
                // Whoever joins an account holds the person's row, too: from here on they join none before this is done.
                Identities(draft.tx()).hold(&[identity]).await?;
            }
            let users = self::active(draft.tx(), identity).await?;
            let is_held = |user: &User| accounts.iter().any(|account| account.id == user.account_id);
            let is_all = reach != Reach::All || users.iter().all(is_held);
            let places = places(&mut draft, identity, users, accounts).await?;
            // They joined one at this moment, or left all: once more, with what is so now.
            if is_all && !places.is_empty() {
                return Ok(Some(Self { draft, identity, places, last }));
            }
        }
    }

    /// The change, in which the plan is written; `None` for a preview.
    pub fn into_change(self) -> Option<PersonChange<'a>> {
        let mut change = self.draft.into_change()?;
        change.touch_identity(self.identity);
        Some(PersonChange { change, places: self.places, last: self.last })
    }
}

impl<'a> PersonChange<'a> {
    /// Begins a change for someone who is signed in, that no one previews.
    ///
    /// # Errors
    /// 401 for someone who is active nowhere anymore, or who was signed out.
    pub async fn by(app: &'a App, caller: &'a Caller) -> Result<Self, Failure> {
        PersonDraft::by(app, caller).await?.into_change().ok_or_else(only_previewed)
    }

    /// Begins a change for this person, told in the accounts that are meant; `None` where they are active in none of them.
    pub(crate) async fn of(
        app: &'a App,
        caller: &'a Caller,
        identity: IdentityId,
        reach: Reach,
    ) -> Result<Option<Self>, Failure> {
        let begun = PersonDraft::of(app, caller, identity, reach).await?;
        begun.map(|begun| begun.into_change().ok_or_else(only_previewed)).transpose()
    }

    /// The last account that this change is told in, where there are others behind it.
    pub(crate) const fn goes_on_behind(&self) -> Option<AccountId> {
        self.last
    }

    /// Commits the change, writing the entry from `told` to every account for which `is_told` is true. If there is none, the account used
    /// last gets the entry, so that nothing happens unrecorded. No entry names the session: its absence would reveal that the person is
    /// active elsewhere (D2).
    ///
    /// # Errors
    /// 409 when the idempotency key was used meanwhile; the database's own troubles.
    pub async fn commit(self, told: impl Fn(&Place) -> Entry, is_told: impl Fn(&Place) -> bool) -> Result<(), Failure> {
        let Self { change, places, .. } = self;
        let last = latest_used(places.iter().map(|place| &place.user)).map(|user| user.account_id);
        let is_known = places.iter().any(&is_told);
        let entry = |place: Place| {
            let entry = told(&place).without_session();
            let entry = if entry.actor.is_some() { entry } else { entry.by(user_actor(&place.user)) };
            (place.account, entry)
        };
        let is_meant = |place: &Place| if is_known { is_told(place) } else { Some(place.account.id) == last };
        let entries: Vec<(Account, Entry)> = places.into_iter().filter(is_meant).map(entry).collect();
        change.commit_in_all(entries).await
    }
}

/// In which of the accounts where a person is active a change is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// In all of them.
    All,
    /// In the next ones in the order of their ids.
    Next {
        /// The one that they stand behind; from the beginning where there is none.
        behind: Option<AccountId>,
        /// How many.
        most: usize,
    },
}

impl Reach {
    /// The accounts of these memberships that are meant, in the order of their ids, and whether there are more behind them.
    fn of(self, active: &[User]) -> (Vec<AccountId>, bool) {
        let mut ids: Vec<AccountId> = active.iter().map(|user| user.account_id).collect();
        ids.sort_unstable();
        let Self::Next { behind, most } = self else { return (ids, false) };
        ids.retain(|id| Some(*id) > behind);
        let is_more = ids.len() > most;
        ids.truncate(most);
        (ids, is_more)
    }
}

async fn active(tx: &mut Tx, identity: IdentityId) -> Result<Vec<User>, Failure> {
    let mut users = Memberships(tx).of_identity(identity).await?;
    users.retain(|user| user.status == UserStatus::Active);
    Ok(users)
}

/// Where the person is active now that the accounts are held.
async fn places(
    draft: &mut Draft<'_>,
    identity: IdentityId,
    users: Vec<User>,
    accounts: Vec<Account>,
) -> Result<Vec<Place>, Failure> {
    let now = draft.now();
    let tx = draft.tx();
    let known: Vec<(AccountId, SessionId)> = SessionAccounts(tx).entered_anywhere(identity, now).await?;
    let sessions_in = |id| known.iter().filter(|(account, _)| *account == id).map(|(_, session)| *session).collect();
    let place = |account: Account| {
        let user = users.iter().find(|user| user.account_id == account.id)?.clone();
        Some(Place { user, sessions: sessions_in(account.id), account })
    };
    Ok(accounts.into_iter().filter_map(place).collect())
}
