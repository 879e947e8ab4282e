//! The chain of an account's entries: each has the hash of the one before it, so that nothing in between can be altered (decision 7).

use crate::activity::{Event, form};
use crate::core::ids::AccountId;

/// What is wrong with a log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChainBreak {
    /// An entry is missing or doubled.
    #[error("Entry {expected} is missing. Entry {found} comes next.")]
    Gap {
        /// The place that should come.
        expected: i64,
        /// The place found.
        found: i64,
    },
    /// An entry or one before it was altered.
    #[error("Entry {seq} doesn't match its hash. The entry or the one before it was changed.")]
    Altered {
        /// Its place.
        seq: i64,
    },
    /// An entry has a form that this version cannot read.
    #[error("Entry {seq} has the unknown format {format}. A newer version wrote it, or it was changed.")]
    UnknownFormat {
        /// Its place.
        seq: i64,
        /// The form it says to have.
        format: i64,
    },
    /// Entries at the end are gone.
    #[error("The log ends at entry {found}, but {expected} entries were written.")]
    Truncated {
        /// How many the account counts.
        expected: i64,
        /// How many there are.
        found: i64,
    },
    /// There is an entry that no change has written.
    #[error("Entry {seq} wasn't written by this account. It was added from outside.")]
    Added {
        /// Its place.
        seq: i64,
    },
    /// What a search compares of an entry is not what the entry says.
    #[error(
        "The search text of entry {seq} was changed, so searches may miss it or find it by mistake. The entry itself \
         is intact."
    )]
    FoundWrongly {
        /// Its place.
        seq: i64,
    },
    /// The entries follow each other, but their end does not have the seal of the installation's key.
    #[error(
        "The log ends at entry {seq} without the seal of this installation's secret key. Someone without the key \
         removed entries or rewrote the log."
    )]
    NotSealed {
        /// The place of the latest entry.
        seq: i64,
    },
}

impl ChainBreak {
    /// The first place that is not as it should be; `None` where it can be anywhere.
    pub const fn place(&self) -> Option<i64> {
        match self {
            Self::Gap { expected, .. } => Some(*expected),
            Self::Altered { seq }
            | Self::UnknownFormat { seq, .. }
            | Self::Added { seq }
            | Self::FoundWrongly { seq } => Some(*seq),
            Self::Truncated { found, .. } => Some(*found + 1),
            Self::NotSealed { .. } => None,
        }
    }
}

/// Walks the chain of an account entry by entry.
#[derive(Debug, Clone)]
pub struct Chain {
    account: AccountId,
    seq: i64,
    head: String,
}

impl Chain {
    /// Before the first entry.
    pub const fn of(account: AccountId) -> Self {
        Self { account, seq: 0, head: String::new() }
    }

    /// Takes the next entry with the form and the hash that were stored with it.
    pub fn follow(&mut self, event: &Event, format: i64, stored: &str) -> Result<(), ChainBreak> {
        let seq = event.seq;
        if seq != self.seq + 1 {
            return Err(ChainBreak::Gap { expected: self.seq + 1, found: seq });
        }
        let bytes = form::bytes(format, self.account, event);
        let bytes = bytes.map_err(|_| ChainBreak::UnknownFormat { seq, format })?;
        if form::hash(&self.head, &bytes) != stored {
            return Err(ChainBreak::Altered { seq });
        }
        self.seq = seq;
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

    /// Number of entries verified.
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
    use crate::activity::{Actor, ActorKind, Origin};
    use crate::core::ids::EventId;
    use crate::core::ids::Id;
    use crate::core::timestamp::Timestamp;
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
                head = form::hash(&head, &form::bytes(1, account(1), &event).unwrap());
                (event, head.clone())
            })
            .collect()
    }

    fn account(number: u128) -> AccountId {
        AccountId::from_uuid(Uuid::from_u128(number))
    }

    fn walk(entries: &[(Event, String)], count: i64, head: &str) -> Result<(), ChainBreak> {
        let mut chain = Chain::of(account(1));
        entries.iter().try_for_each(|(event, hash)| chain.follow(event, 1, hash))?;
        chain.finish(count, head)
    }

    #[test]
    fn d8_the_log_of_another_account_and_an_unknown_format_do_not_pass() {
        let entries = chain_of(&["user.disabled".to_owned()]);
        let (event, hash) = &entries[0];
        assert_eq!(Chain::of(account(2)).follow(event, 1, hash), Err(ChainBreak::Altered { seq: 1 }));
        assert_eq!(Chain::of(account(1)).follow(event, 2, hash), Err(ChainBreak::UnknownFormat { seq: 1, format: 2 }));
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
