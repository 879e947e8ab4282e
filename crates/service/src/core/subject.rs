//! Whom and where a question is about: a user and the places of an account, as they are remembered.

use std::sync::Arc;

use domain::access::decision::Denial;
use domain::core::email_address::EmailAddress;
use domain::core::ids::{AccountId, EnvironmentId, IdentityId, SystemId, UserId};
use domain::core::label::Label;
use domain::core::search_text::search_key;
use domain::systems::{Environment, EnvironmentKind};

use crate::core::principal::Principal;

/// A user of an account, by id or by address.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum SubjectKey {
    /// By id.
    Id(AccountId, UserId),
    /// By address.
    Email(AccountId, EmailAddress),
}

impl SubjectKey {
    /// The account in which the user is looked for; nowhere else (T2).
    pub fn account(&self) -> AccountId {
        match self {
            Self::Id(account, _) | Self::Email(account, _) => *account,
        }
    }
}

/// A user that a question is about.
#[derive(Debug, Clone)]
pub enum Subject {
    /// Can act.
    Active(Arc<Principal>),
    /// Cannot act, and why.
    NotActive(IdentityId, Denial),
}

impl Subject {
    pub(crate) fn identity_id(&self) -> IdentityId {
        match self {
            Self::Active(principal) => principal.identity_id,
            Self::NotActive(identity, _) => *identity,
        }
    }
}

/// The systems of an account with their environments.
#[derive(Debug, Clone, Default)]
pub struct Places {
    systems: Vec<SystemId>,
    environments: Vec<PlaceInSystem>,
}

#[derive(Debug, Clone)]
struct PlaceInSystem {
    system: SystemId,
    id: EnvironmentId,
    name_key: String,
    kind: EnvironmentKind,
}

impl Places {
    pub(crate) fn of(mut systems: Vec<SystemId>, environments: Vec<Environment>) -> Self {
        systems.sort_unstable();
        let place = |environment: Environment| PlaceInSystem {
            system: environment.system_id,
            id: environment.id,
            name_key: search_key(&environment.name),
            kind: environment.kind,
        };
        let mut environments: Vec<_> = environments.into_iter().map(place).collect();
        environments.sort_unstable_by_key(|place| place.system);
        Self { systems, environments }
    }

    /// Whether the account has this system.
    pub fn has(&self, system: SystemId) -> bool {
        self.systems.binary_search(&system).is_ok()
    }

    /// The kind of an environment of a system, by its id or its name in any case.
    pub fn environment(&self, system: SystemId, named: &str) -> Option<EnvironmentKind> {
        let start = self.environments.partition_point(|place| place.system < system);
        let mut own = self.environments.iter().skip(start).take_while(|place| place.system == system);
        let id = named.parse::<EnvironmentId>();
        // A text that is no name is not folded: it may be as long as a request.
        let name_key = Label::parse(named).map(|name| search_key(name.as_str()));
        own.find(|place| id.as_ref() == Ok(&place.id) || name_key.as_ref() == Ok(&place.name_key))
            .map(|place| place.kind)
    }
}
