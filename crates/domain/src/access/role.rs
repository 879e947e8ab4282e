//! Roles: predefined ones come from the catalog, custom ones belong to an account.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use crate::access::Levels;
use crate::core::ids::CustomRoleId;
use crate::core::refusal::{Kind, Rule};
use crate::core::words::schema_of_pattern;
use crate::{serde_by_text, words};

/// The key of a predefined role (`content_manager`) or the id of a custom one (`rol_…`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoleId(Arc<str>);

/// A text that cannot name a role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("This isn't a role. Use the key of a predefined role or the id of a custom one.")]
pub struct NotARole;

impl RoleId {
    /// The key or id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The role with everything, which the catalog must define.
    pub fn admin() -> Self {
        Self(Arc::from("admin"))
    }
}

impl FromStr for RoleId {
    type Err = NotARole;
    fn from_str(text: &str) -> Result<Self, NotARole> {
        let custom = text.parse::<CustomRoleId>().is_ok();
        let key = (1..=64).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if custom || key { Ok(Self(Arc::from(text))) } else { Err(NotARole) }
    }
}

impl fmt::Display for RoleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

serde_by_text!(RoleId);

impl utoipa::PartialSchema for RoleId {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        schema_of_pattern("^[a-z0-9_]{1,64}$", "content_manager")
    }
}

impl utoipa::ToSchema for RoleId {}

/// Where a role comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoleKind {
    /// From the catalog; the same in every account, never edited.
    Predefined,
    /// Made in one account.
    Custom,
}

words!(RoleKind { Predefined = "predefined", Custom = "custom" });

/// A named set of levels; a user has exactly one (U-14).
#[derive(Debug, Clone, PartialEq)]
pub struct Role {
    /// Key or id.
    pub id: RoleId,
    /// Shown to people.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Predefined or custom.
    pub kind: RoleKind,
    /// What it holds.
    pub levels: Levels,
}

/// Why a caller may not assign a role, or change a user who holds it (P6).
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum RankError {
    /// The role to be given holds more than the giver.
    #[error("The role {0} includes more than your own role. Ask someone with at least the same permissions.")]
    RoleAboveOwn(String),
    /// The person to be changed holds more than the one who changes.
    #[error("This user's role, {0}, includes more than your own. Ask someone with at least the same permissions.")]
    UserAboveOwn(String),
}

impl Rule for RankError {
    fn refusal(&self) -> (Kind, &'static str) {
        match self {
            Self::RoleAboveOwn(_) => (Kind::Forbidden, "role_exceeds_own"),
            Self::UserAboveOwn(_) => (Kind::Forbidden, "user_exceeds_own"),
        }
    }
}

impl Role {
    /// Whether someone who holds `levels` may give this role.
    pub fn check_may_be_given_by(&self, levels: &Levels) -> Result<(), RankError> {
        if self.levels.within(levels) { Ok(()) } else { Err(RankError::RoleAboveOwn(self.name.clone())) }
    }

    /// Whether someone who holds `levels` may touch a person with this role.
    pub fn check_may_be_touched_by(&self, levels: &Levels) -> Result<(), RankError> {
        if self.levels.within(levels) { Ok(()) } else { Err(RankError::UserAboveOwn(self.name.clone())) }
    }

    /// Whether someone who may only assign existing people to own systems, and holds `levels`, may do so with a person of
    /// this role. The role itself was given by someone else, so what it holds in the vendor's products does not matter; who
    /// administers more than the assigner on the same systems is out of reach (P6).
    pub fn check_may_be_assigned_by(&self, levels: &Levels) -> Result<(), RankError> {
        let administers = self.levels.administrative().on_own_systems();
        if administers.within(levels) { Ok(()) } else { Err(RankError::UserAboveOwn(self.name.clone())) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::catalog::Catalog;

    #[test]
    fn r1_a_system_manager_assigns_people_who_administer_no_more_than_they_do() {
        let catalog = Catalog::shipped().unwrap();
        let manager = catalog.role(&"system_manager".parse().unwrap()).unwrap();
        for role in catalog.roles() {
            let assigned = role.check_may_be_assigned_by(&manager.levels);
            assert_eq!(assigned.is_ok(), role.id != RoleId::admin(), "{}", role.id);
        }
        let builder = catalog.role(&"builder".parse().unwrap()).unwrap();
        assert!(builder.check_may_be_touched_by(&manager.levels).is_err());
    }
}
