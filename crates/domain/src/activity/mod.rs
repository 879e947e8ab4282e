//! The activity log: entries that form a hash chain (decision 7, N-26). The bytes that are hashed are those of
//! [`crate::activity::form`].

pub mod actions;
pub mod chain;
pub mod filter;
pub mod form;
pub mod reason;
pub(crate) mod redaction;

use crate::core::ids::EventId;
use crate::core::timestamp::Timestamp;
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

/// The actor, as they were at that moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// What kind of party.
    pub kind: ActorKind,
    /// Id of the user or key; empty for the operator and the server.
    pub id: String,
    /// E-mail of the person, name of the key.
    pub label: String,
    /// On whose behalf it was done, if not the actor's own.
    pub on_behalf_of: Option<String>,
}

/// One thing that was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventTarget {
    /// The word of a [`actions::TargetKind`].
    pub kind: String,
    /// The target's id.
    pub id: String,
    /// The name people know it by.
    pub label: String,
    /// The changed fields before, as a JSON object; empty when it is new.
    pub before: String,
    /// The changed fields after, as a JSON object; empty when it is gone.
    pub after: String,
}

/// Where a request came from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Origin {
    /// Source address.
    pub ip: String,
    /// Session, empty without one.
    pub session: String,
    /// The id that is also in the log and in the answer.
    pub request: String,
}

/// An entry of the activity log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Place in the account's log, from 1.
    pub seq: i64,
    /// The entry's id.
    pub id: EventId,
    /// When.
    pub at: Timestamp,
    /// The word of an [`actions::Action`], as it was written: an altered entry may have none.
    pub action: String,
    /// Who.
    pub actor: Actor,
    /// What was changed; several for a bulk action.
    pub targets: Vec<EventTarget>,
    /// From where.
    pub origin: Origin,
    /// The reason, if the actor gave one.
    pub reason: String,
}
