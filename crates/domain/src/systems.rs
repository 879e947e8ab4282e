//! Systems, and why someone has one.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use crate::access::role::RoleId;
use crate::core::ids::{EnvironmentId, SystemId, UserId};
use crate::core::refusal::{Kind, Rule};
use crate::core::timestamp::Timestamp;
use crate::words;

/// Where a guided application runs (OM-2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Platform {
    /// A web application.
    Web,
    /// Its mobile-web sibling.
    MobileWeb,
    /// The desktop or mobile menu.
    Desktop,
}

words!(Platform { Web = "web", MobileWeb = "mobile_web", Desktop = "desktop" });

/// One guided application of an account (OM-2).
#[derive(Debug, Clone, PartialEq)]
pub struct System {
    /// The system's id.
    pub id: SystemId,
    /// Unique in the account while it is not deleted.
    pub name: String,
    /// Where it runs.
    pub platform: Platform,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was deleted.
    pub deleted_at: Option<Timestamp>,
    /// Counts the changes; the `ETag`.
    pub version: i64,
}

/// Another system of the account is called so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("This account already has a system named {0}. Choose a different name.")]
pub struct SystemNameTaken(pub String);

impl Rule for SystemNameTaken {
    fn refusal(&self) -> (Kind, &'static str) {
        (Kind::Conflict, "system_name_taken")
    }

    fn field(&self) -> Option<&'static str> {
        Some("/name")
    }
}

/// What kind of publish target (OM-3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EnvironmentKind {
    /// What everyone sees; every system has one.
    Production,
    /// For trying; every system has one.
    Test,
    /// Made by the account.
    Custom,
}

words!(EnvironmentKind { Production = "production", Test = "test", Custom = "custom" });

impl EnvironmentKind {
    /// The environments that every system is born with, and their names (SY-11).
    pub const BORN_WITH: [(Self, &'static str); 2] = [(Self::Production, "Production"), (Self::Test, "Test")];
}

/// A publish target inside a system.
#[derive(Debug, Clone, PartialEq)]
pub struct Environment {
    /// The environment's id.
    pub id: EnvironmentId,
    /// The system it is in.
    pub system_id: SystemId,
    /// Unique in the system while it is not deleted.
    pub name: String,
    /// What kind.
    pub kind: EnvironmentKind,
    /// When it was made.
    pub created_at: Timestamp,
}

/// From when until when something holds; an end that is absent is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Holds from then on.
    pub starts_at: Option<Timestamp>,
    /// Holds until then.
    pub ends_at: Option<Timestamp>,
}

impl Span {
    /// Whether it holds at `now`.
    pub fn holds_at(self, now: Timestamp) -> bool {
        self.starts_at.is_none_or(|start| start <= now) && self.ends_at.is_none_or(|end| now < end)
    }

    /// The first instant after `now` at which that changes by itself.
    pub fn next_change(self, now: Timestamp) -> Option<Timestamp> {
        [self.starts_at, self.ends_at].into_iter().flatten().filter(|at| *at > now).min()
    }
}

/// Why a grant exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GrantSource {
    /// An admin gave it.
    Manual,
    /// It came with the invitation.
    Invitation,
    /// A directory pushed it.
    Scim,
    /// It was made at the first sign-in by SSO.
    Jit,
    /// An access request was approved.
    Request,
    /// A file was imported.
    Import,
    /// A partnership brought it.
    Partner,
}

words!(GrantSource {
    Manual = "manual",
    Invitation = "invitation",
    Scim = "scim",
    Jit = "jit",
    Request = "request",
    Import = "import",
    Partner = "partner",
});

/// What a grant gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GrantedSystem {
    /// All systems of the account, including future ones.
    All,
    /// This one.
    One(SystemId),
}

impl GrantedSystem {
    /// The grants with which someone has one of these systems.
    pub fn giving(systems: &[SystemId]) -> Vec<Self> {
        systems.iter().copied().map(Self::One).chain([Self::All]).collect()
    }
}

impl fmt::Display for GrantedSystem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => out.write_str("all"),
            Self::One(system) => system.fmt(out),
        }
    }
}

impl FromStr for GrantedSystem {
    type Err = <SystemId as FromStr>::Err;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "all" { Ok(Self::All) } else { text.parse().map(Self::One) }
    }
}

/// The systems that someone has.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HeldSystems {
    /// All systems of the account, including future ones.
    pub all: bool,
    /// Those given one by one.
    pub each: BTreeSet<SystemId>,
}

impl HeldSystems {
    /// What is given here and not there.
    pub fn without(&self, there: &Self) -> Vec<GrantedSystem> {
        let all = (self.all && !there.all).then_some(GrantedSystem::All);
        all.into_iter().chain(self.each.difference(&there.each).copied().map(GrantedSystem::One)).collect()
    }
}

impl Extend<GrantedSystem> for HeldSystems {
    fn extend<T: IntoIterator<Item = GrantedSystem>>(&mut self, systems: T) {
        for system in systems {
            match system {
                GrantedSystem::All => self.all = true,
                GrantedSystem::One(system) => {
                    self.each.insert(system);
                }
            }
        }
    }
}

impl FromIterator<GrantedSystem> for HeldSystems {
    fn from_iter<T: IntoIterator<Item = GrantedSystem>>(systems: T) -> Self {
        let mut held = Self::default();
        held.extend(systems);
        held
    }
}

/// A user has a system, or all of them.
#[derive(Debug, Clone, PartialEq)]
pub struct SystemGrant {
    /// Who.
    pub user_id: UserId,
    /// Which.
    pub system_id: GrantedSystem,
    /// Why.
    pub source: GrantSource,
    /// The invitation, integration, request … behind it; empty for an admin's own hand.
    pub source_id: String,
    /// A role for this system alone (P19); `None` is the user's role.
    pub role_id: Option<RoleId>,
    /// By whom: id of a user, or `operator`, `system`.
    pub granted_by: String,
    /// Since when it stands here.
    pub granted_at: Timestamp,
    /// Holds from then on.
    pub starts_at: Option<Timestamp>,
    /// Holds until then.
    pub ends_at: Option<Timestamp>,
}

impl SystemGrant {
    /// A system, or all of them, given by someone's own hand.
    pub fn manual(user_id: UserId, system_id: GrantedSystem, granted_by: String, now: Timestamp) -> Self {
        Self {
            user_id,
            system_id,
            source: GrantSource::Manual,
            source_id: String::new(),
            role_id: None,
            granted_by,
            granted_at: now,
            starts_at: None,
            ends_at: None,
        }
    }

    /// From when until when it holds.
    pub const fn span(&self) -> Span {
        Span { starts_at: self.starts_at, ends_at: self.ends_at }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_span_changes_its_mind_at_no_instant_before_the_next_change(
            start in proptest::option::of(0i64..50), end in proptest::option::of(0i64..50), now in 0i64..60,
        ) {
            let at = Timestamp::from_micros;
            let span = Span { starts_at: start.map(at), ends_at: end.map(at) };
            let until = span.next_change(at(now)).map_or(100, Timestamp::micros);
            for later in now..until {
                prop_assert_eq!(span.holds_at(at(later)), span.holds_at(at(now)));
            }
        }
    }
}
