//! Whom and where a question is about: users and places of an account, remembered like the callers are.

use std::sync::Arc;

use domain::access::decision::Denial;
use domain::core::email_address::EmailAddress;
use domain::core::failure::Failure;
use domain::core::ids::{AccountId, EnvironmentId, IdentityId, SystemId, UserId};
use domain::core::search_text::search_key;
use domain::core::timestamp::Timestamp;
use domain::systems::{Environment, EnvironmentKind};
use domain::users::{User, UserStatus};
use store::{InAccount, Tenant};

use crate::core::app::App;
use crate::core::principals::Principal;
use crate::sessions::authentication::load_principal;

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

    pub(crate) fn is_valid_at(&self, now: Timestamp) -> bool {
        match self {
            Self::Active(principal) => principal.is_valid_at(now),
            Self::NotActive(..) => true,
        }
    }
}

/// The user behind a key; `None` when there is none in that account.
pub async fn find(app: &App, key: SubjectKey, now: Timestamp) -> Result<Option<Subject>, Failure> {
    if let Some(subject) = app.principals().subject(&key, now) {
        return Ok(Some(subject));
    }
    let mut tx = app.db.read().await?;
    let mut bound = InAccount { tx: &mut tx, account: key.account() };
    let Some(found) = user(&mut bound, &key).await? else { return Ok(None) };
    let seen = app.principals().seen(found.identity_id, Some(key.account()));
    // Read again after the generation was noted, so that whatever changed in between is seen now or by the generation.
    let Some(found) = user(&mut bound, &key).await? else { return Ok(None) };
    let subject = match denial(found.status) {
        Some(denial) => Subject::NotActive(found.identity_id, denial),
        None => Subject::Active(load_principal(app, &mut tx, found.identity_id, key.account()).await?),
    };
    app.principals().keep_subject(key, subject.clone(), seen);
    Ok(Some(subject))
}

async fn user(bound: &mut InAccount<'_>, key: &SubjectKey) -> Result<Option<User>, Failure> {
    Ok(match key {
        SubjectKey::Id(_, id) => bound.users().find(*id).await?,
        SubjectKey::Email(_, email) => bound.users().find_by_email(email).await?,
    })
}

/// Why a user of this status cannot act; `None` when they can.
pub const fn denial(status: UserStatus) -> Option<Denial> {
    match status {
        UserStatus::Active => None,
        UserStatus::Provisioned => Some(Denial::UserProvisioned),
        UserStatus::Inactive => Some(Denial::UserInactive),
        UserStatus::Deleted => Some(Denial::UserDeleted),
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
    fn of(mut systems: Vec<SystemId>, environments: Vec<Environment>) -> Self {
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
        let name_key = search_key(named);
        own.find(|place| id.as_ref() == Ok(&place.id) || place.name_key == name_key).map(|place| place.kind)
    }
}

/// The systems of an account with their environments.
pub async fn places(app: &App, account: AccountId) -> Result<Arc<Places>, Failure> {
    if let Some(places) = app.principals().places(account) {
        return Ok(places);
    }
    let seen = app.principals().places_seen(account);
    let mut tx = app.db.read().await?;
    let mut bound = InAccount { tx: &mut tx, account };
    let systems = bound.systems().list().await?.into_iter().map(|system| system.id).collect();
    let places = Arc::new(Places::of(systems, bound.systems().environments().await?));
    app.principals().keep_places(account, Arc::clone(&places), seen);
    Ok(places)
}
