//! A session as it is remembered between requests: what was loaded, and what its person did since.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use domain::core::ids::AccountId;
use domain::core::timestamp::Timestamp;
use domain::sign_in::identity::Identity;
use domain::sign_in::session::{Lapse, Session, SessionEnded, SessionUse};
use store::sign_in::session_accounts::SessionAccount;

use crate::core::principal::{Person, Principal};

/// A remembered session in an account where its person is active.
#[derive(Debug)]
pub struct LiveAccount {
    /// The account.
    pub id: AccountId,
    /// What ended the session there.
    pub lapsed: Option<Lapse>,
    /// Whether the account knows of it.
    pub entered: bool,
    /// The latest input there, or open page that counts as one, as it was loaded and since.
    written: i64,
    active: AtomicI64,
}

impl LiveAccount {
    /// A session in an account, with what is written of it.
    pub fn new(id: AccountId, known: Option<&SessionAccount>) -> Self {
        let written = known.and_then(|known| known.active_at).map_or(0, Timestamp::micros);
        Self {
            id,
            lapsed: known.and_then(|known| known.lapse),
            entered: known.is_some_and(|known| known.entered_at.is_some()),
            written,
            active: AtomicI64::new(written),
        }
    }
}

/// A remembered session; its latest input is written behind.
#[derive(Debug)]
pub struct LiveSession {
    /// The person with the session as it was loaded.
    pub person: Arc<Person>,
    accounts: Vec<LiveAccount>,
    last_active: AtomicI64,
    unsaved: AtomicBool,
}

impl LiveSession {
    pub(crate) fn new(session: Session, identity: Identity, accounts: Vec<LiveAccount>) -> Self {
        let last_active = AtomicI64::new(session.last_active_at.micros());
        let person = Arc::new(Person { session, identity });
        Self { person, accounts, last_active, unsaved: AtomicBool::new(false) }
    }

    /// Whether the session opens the account of this membership of its person.
    pub fn check(&self, principal: &Principal, now: Timestamp) -> Result<(), SessionEnded> {
        let used = SessionUse {
            created_at: self.person.session.created_at,
            last_active_at: self.last_seen_in(principal.account_id),
            lapsed: self.account(principal.account_id).and_then(|account| account.lapsed),
        };
        principal.session_policy().check(&used, now)
    }

    /// Whether any account's limits could accept the session.
    pub fn could_work(&self, now: Timestamp) -> bool {
        let seen = self.accounts.iter().map(|account| self.last_seen_in(account.id)).max();
        let last_active_at = seen.unwrap_or_else(|| self.last_active_at());
        SessionUse { created_at: self.person.session.created_at, last_active_at, lapsed: None }.could_work(now)
    }

    /// The accounts where the person was active when the session was loaded.
    pub fn accounts(&self) -> &[LiveAccount] {
        &self.accounts
    }

    /// The session in one account; `None` where the person was not active there when it was loaded.
    pub fn account(&self, id: AccountId) -> Option<&LiveAccount> {
        self.accounts.iter().find(|account| account.id == id)
    }

    /// The latest input of the person.
    pub fn last_active_at(&self) -> Timestamp {
        Timestamp::from_micros(self.last_active.load(Ordering::Relaxed))
    }

    /// The latest input of the person, or sign of an open page of this account that counts as one there.
    pub fn last_seen_in(&self, account: AccountId) -> Timestamp {
        let here = self.account(account).map_or(0, |account| account.active.load(Ordering::Relaxed));
        self.last_active_at().max(Timestamp::from_micros(here))
    }

    /// The accounts that were used since the session was loaded, and when last.
    pub fn used_accounts(&self) -> impl Iterator<Item = (AccountId, Timestamp)> {
        let used = |account: &LiveAccount| (account.id, account.written, account.active.load(Ordering::Relaxed));
        let is_new = |(id, written, active)| (active > written).then_some((id, Timestamp::from_micros(active)));
        self.accounts.iter().map(used).filter_map(is_new)
    }

    /// Notes input of the person. True for the first one since the last write-behind.
    pub(crate) fn touch(&self, now: Timestamp) -> bool {
        self.last_active.fetch_max(now.micros(), Ordering::Relaxed);
        self.mark_unsaved()
    }

    /// Notes input of the person in an account, or an open page of it that counts as one. True for the first one since the last
    /// write-behind.
    pub(crate) fn touch_in(&self, account: AccountId, now: Timestamp) -> bool {
        let Some(account) = self.account(account) else { return false };
        account.active.fetch_max(now.micros(), Ordering::Relaxed);
        self.mark_unsaved()
    }

    /// Notes that something of it is not written yet. True for the first time since the last write-behind.
    pub(crate) fn mark_unsaved(&self) -> bool {
        !self.unsaved.swap(true, Ordering::Relaxed)
    }

    /// Notes that what there was is being written; the next input counts as new.
    pub(crate) fn mark_saved(&self) {
        self.unsaved.store(false, Ordering::Relaxed);
    }
}
