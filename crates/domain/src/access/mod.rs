//! Permissions, levels and how far they reach: the vocabulary of every "may they?".

pub mod catalog;
pub mod decision;
pub mod role;

use std::fmt;
use std::str::FromStr;

use crate::core::words::schema_of_words;
use crate::{serde_by_text, words};

/// How much of a permission a role holds. Ordered: each level includes the ones before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Nothing at all; the pages of this permission are absent.
    None,
    /// Look, change nothing.
    View,
    /// A part of it; for people and systems: existing ones only, none created.
    Limited,
    /// Everything.
    Edit,
    /// Everything, for a permission that is only off or on. The same strength as [`Level::Edit`].
    Allowed,
}

impl Level {
    /// Comparable strength: 0 (nothing) to 3 (everything).
    pub const fn strength(self) -> u8 {
        match self {
            Self::None => 0,
            Self::View => 1,
            Self::Limited => 2,
            Self::Edit | Self::Allowed => 3,
        }
    }
}

/// Where a level holds: on the systems the person has, or in the whole account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// Only the systems that this person has, directly or by a group.
    OwnSystems,
    /// The whole account.
    Account,
}

/// A level with its reach: one cell of the matrix of roles, written `edit` or `edit (own)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Grant {
    /// How much.
    pub level: Level,
    /// Where.
    pub reach: Reach,
}

impl Grant {
    /// Holds nothing.
    pub const NONE: Self = Self { level: Level::None, reach: Reach::Account };

    /// One bit per (reach, strength) that this grant includes, so that "at most" is "subset of".
    const fn bits(self) -> u8 {
        let own = match self.level.strength() {
            0 => 0b000,
            1 => 0b001,
            2 => 0b011,
            _ => 0b111,
        };
        match self.reach {
            Reach::OwnSystems => own,
            Reach::Account => own | own << 4,
        }
    }
}

/// A text that names no level.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "This isn't a level. Use none, view, limited, edit or allowed, followed by (own) if it applies to own systems \
     only."
)]
pub struct NotALevel;

words!(Level { None = "none", View = "view", Limited = "limited", Edit = "edit", Allowed = "allowed" });

impl FromStr for Grant {
    type Err = NotALevel;
    fn from_str(text: &str) -> Result<Self, NotALevel> {
        let (level, reach) = match text.strip_suffix("(own)") {
            Some(level) => (level.trim_end(), Reach::OwnSystems),
            None => (text, Reach::Account),
        };
        Ok(Self { level: level.parse().map_err(|_| NotALevel)?, reach })
    }
}

impl fmt::Display for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.reach {
            Reach::OwnSystems => write!(f, "{} (own)", self.level),
            Reach::Account => self.level.fmt(f),
        }
    }
}

serde_by_text!(Grant);

impl utoipa::PartialSchema for Grant {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        let grant = |reach| move |level: &Level| Self { level: *level, reach }.to_string();
        let everywhere = Level::ALL.iter().map(grant(Reach::Account));
        let own = Level::ALL.iter().filter(|level| **level != Level::None).map(grant(Reach::OwnSystems));
        schema_of_words(everywhere.chain(own))
    }
}

impl utoipa::ToSchema for Grant {}

/// The most permissions a catalog may have: one byte each in [`Levels`].
pub const MAX_PERMISSIONS: usize = 128;

/// A permission, by its place in the catalog. The server's own come first, at fixed places (the constants).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Permission(pub(crate) u8);

macro_rules! own_permissions {
    ($($(#[$doc:meta])* $name:ident = $place:literal $key:literal;)*) => {
        impl Permission {
            $($(#[$doc])* pub const $name: Self = Self($place);)*
        }
        /// The permissions that the server itself asks for, in their places; every catalog must define them.
        pub const OWN_PERMISSIONS: &[&str] = &[$($key),*];
    };
}

own_permissions! {
    /// People: invite, change, disable, delete.
    USERS = 0 "manage_users";
    /// Groups and their members.
    GROUPS = 1 "manage_groups";
    /// The roles page.
    ROLES = 2 "manage_roles";
    /// Systems and their environments.
    SYSTEMS = 3 "manage_systems";
    /// Account settings, sign-in rules, sessions.
    SECURITY = 4 "security";
    /// Keys of programs.
    API_KEYS = 5 "api_keys";
    /// Requests of people who want to join.
    ACCESS_REQUESTS = 6 "access_requests";
    /// Partner agencies.
    PARTNERS = 7 "partners";
    /// What was bought.
    CONTRACTS = 8 "contracts";
    /// The record of everything.
    ACTIVITY_LOG = 9 "activity_log";
}

impl Permission {
    const fn index(self) -> usize {
        self.0 as usize
    }

    /// The key of one of the server's own permissions; `None` for one that only the catalog names.
    pub fn own_key(self) -> Option<&'static str> {
        OWN_PERMISSIONS.get(self.index()).copied()
    }
}

/// What a role holds of every permission, as a bit set: "may they" is one byte test, "is this role at most that one"
/// (decision 6) is a subset test.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Levels([u8; MAX_PERMISSIONS]);

impl Levels {
    /// Nothing of anything.
    pub const NONE: Self = Self([0; MAX_PERMISSIONS]);

    /// Everything: what the operator's own commands hold.
    pub const ALL: Self = Self([u8::MAX; MAX_PERMISSIONS]);

    /// The same with `permission` set to `grant`.
    #[must_use]
    pub fn with(mut self, permission: Permission, grant: Grant) -> Self {
        if let Some(byte) = self.0.get_mut(permission.index()) {
            *byte = grant.bits();
        }
        self
    }

    /// Whether at least `level` of `permission` is held with at least `reach`.
    pub fn allows(&self, permission: Permission, level: Level, reach: Reach) -> bool {
        let wanted = Grant { level, reach }.bits();
        self.0.get(permission.index()).is_some_and(|held| held & wanted == wanted)
    }

    /// The widest reach with which `level` of `permission` is held; `None` when it is not held at all.
    pub fn reach_of(&self, permission: Permission, level: Level) -> Option<Reach> {
        [Reach::Account, Reach::OwnSystems].into_iter().find(|reach| self.allows(permission, level, *reach))
    }

    /// Whether every level here is at most the one of `other` (P6: no one grants above themselves).
    pub fn within(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).all(|(mine, theirs)| mine & !theirs == 0)
    }

    /// What both hold.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Self {
        let mut both = *self;
        both.0.iter_mut().zip(&other.0).for_each(|(mine, theirs)| *mine &= theirs);
        both
    }

    /// The same as it holds on single systems: every reach over the account narrowed to own systems.
    #[must_use]
    pub fn on_own_systems(&self) -> Self {
        const OWN: u8 = 0b0000_1111;
        Self(self.0.map(|held| held & OWN))
    }

    /// What of it the server itself asks for: power over people, systems and settings, without the vendor's own permissions.
    #[must_use]
    pub fn administrative(&self) -> Self {
        let mut held = *self;
        held.0.iter_mut().skip(OWN_PERMISSIONS.len()).for_each(|byte| *byte = 0);
        held
    }

    /// What decides whether a role is an *Admin* role: everything on people and on security (P5, by what a role
    /// can do, not by its name).
    pub fn is_admin(&self) -> bool {
        self.allows(Permission::USERS, Level::Edit, Reach::Account)
            && self.allows(Permission::SECURITY, Level::Edit, Reach::Account)
    }
}

impl fmt::Debug for Levels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.0.iter().enumerate().filter(|(_, bits)| **bits != 0)).finish()
    }
}

/// Who may call an operation: one constant per operation, checked by the service, published as `x-permission`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Anyone, signed in or not.
    Public,
    /// The person themselves, signed in.
    Oneself,
    /// Any user of the account.
    Member,
    /// A level of a permission, with a reach over the whole account.
    Account(Permission, Level),
    /// A level of a permission, at least on own systems; the operation narrows itself to what the caller reaches.
    Systems(Permission, Level),
}

impl Need {
    /// A level of a permission in the whole account.
    pub const fn account(permission: Permission, level: Level) -> Self {
        Self::Account(permission, level)
    }

    /// A level of a permission, on own systems at least.
    pub const fn systems(permission: Permission, level: Level) -> Self {
        Self::Systems(permission, level)
    }

    /// Whether someone who holds `levels` in the account meets this need.
    pub fn met_by(self, levels: &Levels) -> bool {
        match self {
            Self::Public | Self::Oneself | Self::Member => true,
            Self::Account(permission, level) => levels.allows(permission, level, Reach::Account),
            Self::Systems(permission, level) => levels.allows(permission, level, Reach::OwnSystems),
        }
    }
}

/// The form published as `x-permission`: `{permission, level, scope}`, scope one of `public`, `self`, `member`, `account`, `system`.
impl serde::Serialize for Need {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let (scope, held) = match self {
            Self::Public => ("public", None),
            Self::Oneself => ("self", None),
            Self::Member => ("member", None),
            Self::Account(permission, level) => ("account", Some((permission, level))),
            Self::Systems(permission, level) => ("system", Some((permission, level))),
        };
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("scope", scope)?;
        if let Some((permission, level)) = held {
            map.serialize_entry("permission", &permission.own_key())?;
            map.serialize_entry("level", level)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ALL: [Level; 5] = [Level::None, Level::View, Level::Limited, Level::Edit, Level::Allowed];

    fn grant() -> impl Strategy<Value = Grant> {
        (0..ALL.len(), any::<bool>()).prop_map(|(level, own)| Grant {
            level: ALL[level],
            reach: if own { Reach::OwnSystems } else { Reach::Account },
        })
    }

    proptest! {
        #[test]
        fn a_level_includes_the_weaker_ones_with_the_same_or_a_narrower_reach(held in grant(), asked in grant()) {
            let levels = Levels::NONE.with(Permission::USERS, held);
            let includes = asked.level == Level::None
                || (held.level.strength() >= asked.level.strength() && held.reach >= asked.reach);
            prop_assert_eq!(levels.allows(Permission::USERS, asked.level, asked.reach), includes);
        }

        #[test]
        fn within_is_the_order_of_every_single_level(a in grant(), b in grant(), c in grant(), d in grant()) {
            let left = Levels::NONE.with(Permission::USERS, a).with(Permission::SECURITY, b);
            let right = Levels::NONE.with(Permission::USERS, c).with(Permission::SECURITY, d);
            let each = right.allows(Permission::USERS, a.level, a.reach) && right.allows(Permission::SECURITY, b.level, b.reach);
            prop_assert_eq!(left.within(&right), each);
        }

        #[test]
        fn what_two_hold_together_is_the_most_that_is_within_both(a in grant(), b in grant(), c in grant()) {
            let of = |grant| Levels::NONE.with(Permission::USERS, grant);
            let both = of(a).intersect(&of(b));
            prop_assert!(both.within(&of(a)) && both.within(&of(b)));
            prop_assert_eq!(of(c).within(&both), of(c).within(&of(a)) && of(c).within(&of(b)));
        }

        #[test]
        fn a_grant_reads_back_from_its_text(held in grant()) {
            prop_assert_eq!(held.to_string().parse(), Ok(held));
        }
    }

    #[test]
    fn a_need_is_published_with_its_permission_level_and_scope() {
        let need = Need::account(Permission::USERS, Level::Edit);
        assert_eq!(
            serde_json::to_value(need).unwrap(),
            serde_json::json!({"scope": "account", "permission": "manage_users", "level": "edit"})
        );
        assert_eq!(serde_json::to_value(Need::Public).unwrap(), serde_json::json!({"scope": "public"}));
    }
}
