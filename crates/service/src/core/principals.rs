//! Who is signed in and what they may do, remembered: the hot path of every request (decision 8).
//!
//! A remembered answer carries the *generation* of the account and of the person at the time it was loaded. A change
//! counts the generation up before its reply leaves, which makes every older answer worthless immediately. Other processes
//! and nodes are told by the change feed; while the feed cannot be read, nothing is answered from memory.
//!
//! A further kind of token is one more [`GenerationCache`] here, with a [`Cacheable`] value.

use std::sync::{Arc, Mutex, PoisonError};

use domain::core::ids::{AccountId, ApiKeyId, IdentityId};
use domain::core::timestamp::Timestamp;

use crate::core::clock::Clock;
use crate::core::generation_cache::{Cacheable, GenerationCache};
use crate::core::generations::{DependsOn, Generations, Seen, Topic};
use crate::core::live_session::LiveSession;
use crate::core::principal::Principal;
use crate::core::subject::{Places, Subject, SubjectKey};

/// An API key, and what its owner holds through it.
#[derive(Debug, Clone)]
pub struct KeyHolder {
    /// The key.
    pub id: ApiKeyId,
    /// When it stops working.
    pub expires_at: Option<Timestamp>,
    /// The owner, with what the key was given.
    pub principal: Arc<Principal>,
}

/// The caches, with the generations they share.
pub struct Principals {
    /// By the digest of their token.
    pub(crate) sessions: GenerationCache<[u8; 32], Arc<LiveSession>>,
    /// What people hold in accounts.
    pub(crate) members: GenerationCache<(IdentityId, AccountId), Arc<Principal>>,
    /// By the digest of the key.
    pub(crate) api_keys: GenerationCache<[u8; 32], KeyHolder>,
    /// The users that products ask about.
    pub(crate) subjects: GenerationCache<SubjectKey, Subject>,
    /// The systems and environments of accounts.
    pub(crate) places: GenerationCache<AccountId, Arc<Places>>,
    /// The accounts of URL names.
    pub(crate) slugs: GenerationCache<String, AccountId>,
    generations: Arc<Generations>,
    unsaved: Mutex<Vec<Arc<LiveSession>>>,
}

impl Principals {
    pub(crate) fn new(clock: &Arc<dyn Clock>) -> Self {
        let generations = Arc::default();
        Self {
            sessions: GenerationCache::new(100_000, &generations, clock),
            members: GenerationCache::new(100_000, &generations, clock),
            api_keys: GenerationCache::new(10_000, &generations, clock),
            subjects: GenerationCache::new(100_000, &generations, clock),
            places: GenerationCache::new(10_000, &generations, clock),
            slugs: GenerationCache::new(10_000, &generations, clock),
            generations,
            unsaved: Mutex::default(),
        }
    }

    /// The generations to note before something is read that depends on this.
    pub(crate) fn generations_of(&self, on: DependsOn) -> Seen {
        self.generations.of(on)
    }

    /// Makes everything about the topic worthless immediately.
    pub fn forget(&self, topic: &Topic) {
        self.generations.forget(topic);
    }

    /// Makes everything about everyone worthless.
    pub fn forget_everything(&self) {
        self.generations.forget(&Topic::Everything);
    }

    /// Whether the change feed was read within the last second; without that nothing is answered from memory.
    pub fn feed_is_current(&self, current: bool) {
        self.generations.feed_is_current(current);
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
        self.unsaved.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(session));
    }

    /// The sessions with input that is not written yet; from now on their next input counts as new.
    pub fn take_unsaved(&self) -> Vec<Arc<LiveSession>> {
        let taken = std::mem::take(&mut *self.unsaved.lock().unwrap_or_else(PoisonError::into_inner));
        taken.iter().for_each(|session| session.mark_saved());
        taken
    }

    /// Sessions whose input could not be written after all.
    pub fn put_back_unsaved(&self, sessions: &[Arc<LiveSession>]) {
        let mut unsaved = self.unsaved.lock().unwrap_or_else(PoisonError::into_inner);
        unsaved.extend(sessions.iter().filter(|session| session.mark_unsaved()).cloned());
    }
}

impl Cacheable<[u8; 32]> for Arc<LiveSession> {
    fn depends_on(&self, _: &[u8; 32]) -> DependsOn {
        DependsOn::Person(self.person.session.identity_id)
    }
}

impl Cacheable<(IdentityId, AccountId)> for Arc<Principal> {
    fn depends_on(&self, (identity, account): &(IdentityId, AccountId)) -> DependsOn {
        DependsOn::Member(*identity, *account)
    }

    fn valid_until(&self) -> Option<Timestamp> {
        self.valid_until
    }
}

impl Cacheable<[u8; 32]> for KeyHolder {
    fn depends_on(&self, _: &[u8; 32]) -> DependsOn {
        DependsOn::Member(self.principal.identity_id, self.principal.account_id)
    }

    fn valid_until(&self) -> Option<Timestamp> {
        [self.expires_at, self.principal.valid_until].into_iter().flatten().min()
    }
}

impl Cacheable<SubjectKey> for Subject {
    fn depends_on(&self, key: &SubjectKey) -> DependsOn {
        DependsOn::Member(self.identity_id(), key.account())
    }

    fn valid_until(&self) -> Option<Timestamp> {
        match self {
            Self::Active(principal) => principal.valid_until,
            Self::NotActive(..) => None,
        }
    }
}

impl Cacheable<AccountId> for Arc<Places> {
    fn depends_on(&self, account: &AccountId) -> DependsOn {
        DependsOn::Account(*account)
    }
}

impl Cacheable<str> for AccountId {
    fn depends_on(&self, _: &str) -> DependsOn {
        DependsOn::Slugs
    }
}
