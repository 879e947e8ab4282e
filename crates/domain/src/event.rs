//! The activity log: entries that form a hash chain (decision 16, N-26).

use sha2::{Digest, Sha256};

use crate::ids::EventId;
use crate::timestamp::Timestamp;
use crate::words;

/// What kind of party acted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ActorKind {
    /// A person in the account.
    User,
    /// A program with an API key.
    ApiKey,
    /// Whoever runs the installation, by the command line.
    Operator,
    /// The server itself: schedules and jobs.
    System,
    /// The holder of a mailed link, not signed in.
    LinkHolder,
}

words!(ActorKind { User = "user", ApiKey = "api_key", Operator = "operator", System = "system", LinkHolder = "link_holder" });

/// Who acted, as they were at that moment.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Actor {
    /// What kind of party.
    pub kind: ActorKind,
    /// Id of the user or key; empty for the operator and the server.
    pub id: String,
    /// E-mail of the person, name of the key.
    pub label: String,
    /// On whose behalf, where that is somebody else.
    pub on_behalf_of: Option<String>,
}

/// One thing that was changed.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct EventTarget {
    /// `user`, `account`, `system`, `session` …
    pub kind: String,
    /// Its id.
    pub id: String,
    /// How people know it.
    pub label: String,
    /// The changed fields before, as a JSON object; empty when it is new.
    pub before: String,
    /// The changed fields after, as a JSON object; empty when it is gone.
    pub after: String,
}

/// Where a request came from.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct Origin {
    /// Source address.
    pub ip: String,
    /// Session, empty without one.
    pub session: String,
    /// The id that is also in the log and in the answer.
    pub request: String,
}

/// An entry of the activity log.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Event {
    /// Place in the account's log, from 1.
    pub seq: i64,
    /// Its id.
    pub id: EventId,
    /// When.
    pub at: Timestamp,
    /// `user.disabled`, `account.changed` … (noun, dot, what happened).
    pub action: String,
    /// Who.
    pub actor: Actor,
    /// What was changed; several for a bulk action.
    pub targets: Vec<EventTarget>,
    /// From where.
    pub origin: Origin,
    /// Why, where the actor said so.
    pub reason: String,
}

impl Event {
    /// The entry's hash, hexadecimal: SHA-256 over the hash of the entry before it and this entry as JSON. The field
    /// order of the JSON is that of the struct, so anyone can repeat it from an export.
    pub fn hash(&self, previous: &str) -> String {
        let mut digest = Sha256::new();
        digest.update(previous.as_bytes());
        digest.update(b"\n");
        digest.update(serde_json::to_vec(self).unwrap_or_default());
        hexadecimal(&digest.finalize())
    }
}

/// Lower-case hexadecimal.
pub fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Where a chain breaks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, serde::Serialize)]
pub enum ChainBreak {
    /// An entry is missing or doubled.
    #[error("entry {expected} is missing: {found} follows")]
    Gap {
        /// The place that should come.
        expected: i64,
        /// The place found.
        found: i64,
    },
    /// An entry or one before it was altered.
    #[error("entry {seq} does not have the hash that was written with it: it or its predecessor was altered")]
    Altered {
        /// Its place.
        seq: i64,
    },
    /// Entries at the end are gone.
    #[error("the log ends at entry {found}, but {expected} were written")]
    Truncated {
        /// How many the account counts.
        expected: i64,
        /// How many there are.
        found: i64,
    },
}

/// Walks a chain entry by entry.
#[derive(Debug, Clone, Default)]
pub struct Chain {
    seq: i64,
    head: String,
}

impl Chain {
    /// Takes the next entry with the hash that was stored with it.
    pub fn follow(&mut self, event: &Event, stored: &str) -> Result<(), ChainBreak> {
        if event.seq != self.seq + 1 {
            return Err(ChainBreak::Gap { expected: self.seq + 1, found: event.seq });
        }
        if event.hash(&self.head) != stored {
            return Err(ChainBreak::Altered { seq: event.seq });
        }
        self.seq = event.seq;
        stored.clone_into(&mut self.head);
        Ok(())
    }

    /// The end of the log, against what the account says.
    pub fn finish(&self, count: i64, head: &str) -> Result<(), ChainBreak> {
        if self.seq != count {
            return Err(ChainBreak::Truncated { expected: count, found: self.seq });
        }
        if self.head != head {
            return Err(ChainBreak::Altered { seq: self.seq });
        }
        Ok(())
    }

    /// How many entries were followed.
    pub const fn len(&self) -> i64 {
        self.seq
    }

    /// Whether none was.
    pub const fn is_empty(&self) -> bool {
        self.seq == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Id;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn event(seq: i64, action: &str) -> Event {
        Event {
            seq,
            id: EventId::from_uuid(Uuid::from_u128(1)),
            at: Timestamp::from_micros(seq),
            action: action.to_owned(),
            actor: Actor { kind: ActorKind::Operator, id: String::new(), label: String::new(), on_behalf_of: None },
            targets: vec![],
            origin: Origin::default(),
            reason: String::new(),
        }
    }

    fn chain_of(actions: &[String]) -> Vec<(Event, String)> {
        let mut head = String::new();
        (1..)
            .zip(actions)
            .map(|(seq, action)| {
                let event = event(seq, action);
                head = event.hash(&head);
                (event, head.clone())
            })
            .collect()
    }

    fn walk(entries: &[(Event, String)], count: i64, head: &str) -> Result<(), ChainBreak> {
        let mut chain = Chain::default();
        entries.iter().try_for_each(|(event, hash)| chain.follow(event, hash))?;
        chain.finish(count, head)
    }

    proptest! {
        #[test]
        fn d8_any_alteration_removal_or_truncation_is_found(actions in proptest::collection::vec("[a-z]{1,8}", 2..12), victim: usize, how in 0..3) {
            let mut entries = chain_of(&actions);
            let (count, head) = (entries.len() as i64, entries.last().unwrap().1.clone());
            prop_assert_eq!(walk(&entries, count, &head), Ok(()));
            let victim = victim % entries.len();
            match how {
                0 => entries[victim].0.action.push('!'),
                1 => { entries.remove(victim); }
                _ => entries.truncate(victim),
            }
            prop_assert!(walk(&entries, count, &head).is_err());
        }
    }
}
