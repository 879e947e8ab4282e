//! Who is signed in and what they may do, remembered: the hot path of every request (decision 8).
//!
//! A remembered answer carries the *generation* of the account and of the person at the time it was loaded. A change
//! counts the generation up before its reply leaves, which makes every older answer worthless at once. Other processes
//! and nodes are told by the change feed; while the feed cannot be read, nothing is answered from memory.

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use domain::core::ids::{AccountId, ApiKeyId, IdentityId};
use domain::core::timestamp::Timestamp;
use domain::sign_in::identity::Identity;
use domain::sign_in::session::Session;
use quick_cache::sync::Cache;
use store::api_keys::ApiKey;

use crate::core::live_session::{LiveAccount, LiveSession};
use crate::core::principal::Principal;
use crate::core::subject::{Places, Subject, SubjectKey};

/// The generations at which an answer was loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    account: u64,
    person: u64,
}

/// A remembered API key.
#[derive(Debug, Clone, Copy)]
struct KnownKey {
    id: ApiKeyId,
    expires_at: Option<Timestamp>,
}

const SLOTS: usize = 1 << 14;

/// The caches with their generations.
pub struct Principals {
    sessions: Cache<[u8; 32], (Arc<LiveSession>, Seen)>,
    principals: Cache<(IdentityId, AccountId), (Arc<Principal>, Seen)>,
    api_keys: Cache<[u8; 32], (KnownKey, Arc<Principal>, Seen)>,
    subjects: Cache<SubjectKey, (Subject, Seen)>,
    places: Cache<AccountId, (Arc<Places>, Seen)>,
    slugs: Cache<String, (AccountId, u64)>,
    generations: Box<[AtomicU64]>,
    hasher: RandomState,
    session_generation: AtomicU64,
    slug_generation: AtomicU64,
    unsaved: std::sync::Mutex<Vec<Arc<LiveSession>>>,
    feed_is_current: AtomicBool,
}

impl Default for Principals {
    fn default() -> Self {
        Self {
            sessions: Cache::new(100_000),
            principals: Cache::new(100_000),
            api_keys: Cache::new(10_000),
            subjects: Cache::new(100_000),
            places: Cache::new(10_000),
            slugs: Cache::new(10_000),
            generations: std::iter::repeat_with(AtomicU64::default).take(SLOTS).collect(),
            hasher: RandomState::new(),
            session_generation: AtomicU64::default(),
            slug_generation: AtomicU64::default(),
            unsaved: std::sync::Mutex::default(),
            feed_is_current: AtomicBool::new(true),
        }
    }
}

/// What a change makes worthless. As text, an entry of the change feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Topic {
    /// Everything about everybody in an account.
    Account(AccountId),
    /// Everything about one person.
    Identity(IdentityId),
    /// Everybody's sessions: so many people are concerned that looking all of them up again is cheaper than telling whose.
    Sessions,
    /// Names of accounts in addresses.
    Slugs,
    /// Everything: the database is another one, or the operator changed something in all of it.
    Everything,
}

impl std::fmt::Display for Topic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Account(id) => id.fmt(f),
            Self::Identity(id) => id.fmt(f),
            Self::Sessions => f.write_str("sessions"),
            Self::Slugs => f.write_str("slugs"),
            Self::Everything => f.write_str("everything"),
        }
    }
}

impl std::str::FromStr for Topic {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        match (text.parse(), text.parse(), text) {
            (Ok(id), _, _) => Ok(Self::Account(id)),
            (_, Ok(id), _) => Ok(Self::Identity(id)),
            (_, _, "sessions") => Ok(Self::Sessions),
            (_, _, "slugs") => Ok(Self::Slugs),
            (_, _, "everything") => Ok(Self::Everything),
            _ => Err(()),
        }
    }
}

impl Principals {
    fn generation(&self, key: impl std::hash::Hash) -> Option<&AtomicU64> {
        let slot = self.hasher.hash_one(key) & (SLOTS as u64 - 1);
        self.generations.get(usize::try_from(slot).unwrap_or_default())
    }

    fn current(&self, key: impl std::hash::Hash) -> u64 {
        self.generation(key).map_or(0, |generation| generation.load(Ordering::Acquire))
    }

    /// The generations to note before loading something about a person in an account.
    pub fn seen(&self, identity: IdentityId, account: Option<AccountId>) -> Seen {
        let everybody = || self.session_generation.load(Ordering::Acquire);
        Seen {
            account: account.map_or_else(everybody, |account| self.current(account)),
            person: self.current(identity),
        }
    }

    fn seen_of_account(&self, account: AccountId) -> Seen {
        Seen { account: self.current(account), person: 0 }
    }

    /// Makes everything about the topic worthless, at once.
    pub fn forget(&self, topic: &Topic) {
        let generation = match topic {
            Topic::Account(id) => self.generation(id),
            Topic::Identity(id) => self.generation(id),
            Topic::Sessions => Some(&self.session_generation),
            Topic::Slugs => Some(&self.slug_generation),
            Topic::Everything => return self.forget_everything(),
        };
        if let Some(generation) = generation {
            generation.fetch_add(1, Ordering::AcqRel);
        }
    }

    /// Makes everything about everybody worthless.
    pub fn forget_everything(&self) {
        for generation in &self.generations {
            generation.fetch_add(1, Ordering::AcqRel);
        }
        self.session_generation.fetch_add(1, Ordering::AcqRel);
        self.slug_generation.fetch_add(1, Ordering::AcqRel);
    }

    /// Whether the change feed was read within the last second; without that nothing is answered from memory.
    pub fn feed_is_current(&self, current: bool) {
        self.feed_is_current.store(current, Ordering::Release);
    }

    fn usable(&self) -> bool {
        self.feed_is_current.load(Ordering::Acquire)
    }

    /// A remembered session.
    pub fn session(&self, token: &[u8; 32]) -> Option<Arc<LiveSession>> {
        let (session, seen) = self.sessions.get(token).filter(|_| self.usable())?;
        (seen == self.seen(session.person.session.identity_id, None)).then_some(session)
    }

    /// Remembers a session that was loaded after `seen` was noted.
    pub fn keep_session(
        &self,
        token: [u8; 32],
        session: Session,
        identity: Identity,
        accounts: Vec<LiveAccount>,
        seen: Seen,
    ) -> Arc<LiveSession> {
        let session = Arc::new(LiveSession::new(session, identity, accounts));
        self.sessions.insert(token, (Arc::clone(&session), seen));
        session
    }

    /// A remembered principal.
    pub fn principal(&self, identity: IdentityId, account: AccountId, now: Timestamp) -> Option<Arc<Principal>> {
        let (principal, seen) = self.principals.get(&(identity, account)).filter(|_| self.usable())?;
        (seen == self.seen(identity, Some(account)) && principal.is_valid_at(now)).then_some(principal)
    }

    /// Remembers a principal that was loaded after `seen` was noted.
    pub fn keep_principal(&self, principal: Arc<Principal>, seen: Seen) {
        self.principals.insert((principal.identity_id, principal.account_id), (principal, seen));
    }

    /// The remembered owner of an API key.
    pub fn api_key(&self, secret: &[u8; 32], now: Timestamp) -> Option<(ApiKeyId, Arc<Principal>)> {
        let (key, principal, seen) = self.api_keys.get(secret).filter(|_| self.usable())?;
        let current = seen == self.seen(principal.identity_id, Some(principal.account_id));
        let works = principal.is_valid_at(now) && key.expires_at.is_none_or(|end| now < end);
        (current && works).then_some((key.id, principal))
    }

    /// Remembers the owner of an API key that was loaded after `seen` was noted.
    pub fn keep_api_key(&self, secret: [u8; 32], key: &ApiKey, principal: Arc<Principal>, seen: Seen) {
        let known = KnownKey { id: key.id, expires_at: key.expires_at };
        self.api_keys.insert(secret, (known, principal, seen));
    }

    /// A remembered subject of a question.
    pub fn subject(&self, key: &SubjectKey, now: Timestamp) -> Option<Subject> {
        let (subject, seen) = self.subjects.get(key).filter(|_| self.usable())?;
        let current = seen == self.seen(subject.identity_id(), Some(key.account()));
        (current && subject.is_valid_at(now)).then_some(subject)
    }

    /// Remembers a subject that was loaded after `seen` was noted.
    pub fn keep_subject(&self, key: SubjectKey, subject: Subject, seen: Seen) {
        self.subjects.insert(key, (subject, seen));
    }

    /// The remembered systems and environments of an account.
    pub fn places(&self, account: AccountId) -> Option<Arc<Places>> {
        let (places, seen) = self.places.get(&account).filter(|_| self.usable())?;
        (seen == self.seen_of_account(account)).then_some(places)
    }

    /// The generation to note before loading the systems of an account.
    pub fn places_seen(&self, account: AccountId) -> Seen {
        self.seen_of_account(account)
    }

    /// Remembers the systems of an account that were loaded after `seen` was noted.
    pub fn keep_places(&self, account: AccountId, places: Arc<Places>, seen: Seen) {
        self.places.insert(account, (places, seen));
    }

    /// The remembered account of a slug.
    pub fn slug(&self, slug: &str) -> Option<AccountId> {
        let (account, seen) = self.slugs.get(slug).filter(|_| self.usable())?;
        (seen == self.slug_generation.load(Ordering::Acquire)).then_some(account)
    }

    /// The generation to note before looking up a slug.
    pub fn slugs_seen(&self) -> u64 {
        self.slug_generation.load(Ordering::Acquire)
    }

    /// Remembers the account of a slug that was looked up after `seen` was noted.
    pub fn keep_slug(&self, slug: &str, account: AccountId, seen: u64) {
        self.slugs.insert(slug.to_owned(), (account, seen));
    }

    /// Notes input of the person behind a session, to be written behind.
    pub fn touch(&self, session: &Arc<LiveSession>, now: Timestamp) {
        if session.touch(now) {
            self.write_behind(session);
        }
    }

    /// Notes input of the person in an account, or an open page of it that counts as one there, to be written behind.
    pub fn touch_in(&self, session: &Arc<LiveSession>, account: AccountId, now: Timestamp) {
        if session.touch_in(account, now) {
            self.write_behind(session);
        }
    }

    fn write_behind(&self, session: &Arc<LiveSession>) {
        self.unsaved.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(Arc::clone(session));
    }

    /// The sessions with input that is not written yet; from now on their next input counts as new.
    pub fn take_unsaved(&self) -> Vec<Arc<LiveSession>> {
        let taken = std::mem::take(&mut *self.unsaved.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
        taken.iter().for_each(|session| session.mark_saved());
        taken
    }

    /// Sessions whose input could not be written after all.
    pub fn put_back_unsaved(&self, sessions: &[Arc<LiveSession>]) {
        let mut unsaved = self.unsaved.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        unsaved.extend(sessions.iter().filter(|session| session.mark_unsaved()).cloned());
    }
}
