//! A session as it is remembered between requests: what was loaded, and what its person did since.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use domain::identity::Identity;
use domain::ids::AccountId;
use domain::session::{Lapse, Session, SessionEnded, SessionUse};
use domain::timestamp::Timestamp;
use store::session_accounts::SessionAccount;

use crate::caller::Person;
use crate::principals::Principal;

/// A remembered session in an account where its person is active.
#[derive(Debug)]
pub struct LiveAccount {
    /// The account.
    pub id: AccountId,
    /// What ended the session there.
    pub lapsed: Option<Lapse>,
    /// Whether the account knows of it.
    pub entered: bool,
    renewed: AtomicI64,
}

impl LiveAccount {
    /// A session in an account, with what is written of it.
    pub fn new(id: AccountId, known: Option<&SessionAccount>) -> Self {
        let renewed_at = known.and_then(|known| known.renewed_at);
        Self {
            id,
            lapsed: known.and_then(|known| known.lapse),
            entered: known.is_some_and(|known| known.entered_at.is_some()),
            renewed: AtomicI64::new(renewed_at.map_or(0, Timestamp::micros)),
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
        let renewed = self.account(account).map_or(0, |account| account.renewed.load(Ordering::Relaxed));
        self.last_active_at().max(Timestamp::from_micros(renewed))
    }

    /// The accounts in which an open page was seen after the latest input, and when.
    pub fn renewals(&self) -> impl Iterator<Item = (AccountId, Timestamp)> {
        let seen = |account: &LiveAccount| (account.id, self.last_seen_in(account.id));
        self.accounts.iter().map(seen).filter(|(_, at)| *at > self.last_active_at())
    }

    /// Notes input of the person. True for the first one since the last write-behind.
    pub(crate) fn touch(&self, now: Timestamp) -> bool {
        self.last_active.fetch_max(now.micros(), Ordering::Relaxed);
        self.mark_unsaved()
    }

    /// Notes an open page of an account that counts as input there. True for the first one since the last write-behind.
    pub(crate) fn renew(&self, account: AccountId, now: Timestamp) -> bool {
        let Some(account) = self.account(account) else { return false };
        account.renewed.fetch_max(now.micros(), Ordering::Relaxed);
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
