//! How old a remembered answer may be: the numbers that a change counts up, so that every older answer is worthless immediately.

use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use domain::core::ids::{AccountId, IdentityId};

const SLOTS: usize = 1 << 14;

/// What a change makes worthless. As text, an entry of the change feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Topic {
    /// Everything about everyone in an account.
    Account(AccountId),
    /// Everything about one person.
    Identity(IdentityId),
    /// Everyone's sessions: so many people are concerned that looking all of them up again is cheaper than telling whose.
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

/// What an answer was read from: a change of any of it ends the answer.
#[derive(Debug, Clone, Copy)]
pub enum DependsOn {
    /// A person, and the sessions of everyone.
    Person(IdentityId),
    /// A person, and an account in which they are a user.
    Member(IdentityId, AccountId),
    /// An account.
    Account(AccountId),
    /// The URL names of all accounts.
    Slugs,
}

/// The generations of what an answer depends on, noted before it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    account: u64,
    person: u64,
}

/// The generations of every account and person, shared by all caches of a node.
#[derive(Debug)]
pub struct Generations {
    /// Several accounts and people share a slot: a change of one then ends answers about the others, too, and no harm is done.
    slots: Box<[AtomicU64]>,
    hasher: RandomState,
    sessions: AtomicU64,
    slugs: AtomicU64,
    feed_is_current: AtomicBool,
}

impl Default for Generations {
    fn default() -> Self {
        Self {
            slots: std::iter::repeat_with(AtomicU64::default).take(SLOTS).collect(),
            hasher: RandomState::new(),
            sessions: AtomicU64::default(),
            slugs: AtomicU64::default(),
            feed_is_current: AtomicBool::new(true),
        }
    }
}

impl Generations {
    fn slot(&self, key: impl Hash) -> Option<&AtomicU64> {
        let slot = self.hasher.hash_one(key) & (SLOTS as u64 - 1);
        self.slots.get(usize::try_from(slot).unwrap_or_default())
    }

    fn current(&self, key: impl Hash) -> u64 {
        self.slot(key).map_or(0, |generation| generation.load(Ordering::Acquire))
    }

    /// The generations to note before an answer is read that depends on this.
    pub fn of(&self, on: DependsOn) -> Seen {
        match on {
            DependsOn::Person(person) => {
                Seen { account: self.sessions.load(Ordering::Acquire), person: self.current(person) }
            }
            DependsOn::Member(person, account) => Seen { account: self.current(account), person: self.current(person) },
            DependsOn::Account(account) => Seen { account: self.current(account), person: 0 },
            DependsOn::Slugs => Seen { account: self.slugs.load(Ordering::Acquire), person: 0 },
        }
    }

    /// Whether an answer that depends on this, and was read after `seen` was noted, may still be given.
    pub fn are_still(&self, seen: Seen, on: DependsOn) -> bool {
        self.feed_is_current.load(Ordering::Acquire) && self.of(on) == seen
    }

    /// Makes everything about the topic worthless immediately.
    pub fn forget(&self, topic: &Topic) {
        let generation = match topic {
            Topic::Account(id) => self.slot(id),
            Topic::Identity(id) => self.slot(id),
            Topic::Sessions => Some(&self.sessions),
            Topic::Slugs => Some(&self.slugs),
            Topic::Everything => return self.forget_everything(),
        };
        if let Some(generation) = generation {
            generation.fetch_add(1, Ordering::AcqRel);
        }
    }

    fn forget_everything(&self) {
        for generation in self.slots.iter().chain([&self.sessions, &self.slugs]) {
            generation.fetch_add(1, Ordering::AcqRel);
        }
    }

    /// Whether the change feed was read within the last second; without that nothing is answered from memory.
    pub fn feed_is_current(&self, current: bool) {
        self.feed_is_current.store(current, Ordering::Release);
    }
}
