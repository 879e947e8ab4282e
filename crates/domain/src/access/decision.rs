//! "May they?": one pure function, and every reason it can give (OM-7, P19).

use crate::access::{Level, Levels, Permission, Reach};
use crate::core::ids::SystemId;
use crate::words;

/// What a decision needs to know about a user.
#[derive(Debug, Clone, Copy)]
pub struct Holder<'a> {
    /// What the role holds.
    pub levels: &'a Levels,
    /// All systems of the account, including future ones.
    pub all_systems: bool,
    /// The systems the user has, directly or by a group; sorted.
    pub systems: &'a [SystemId],
}

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Question {
    /// For what.
    pub permission: Permission,
    /// Whether the permission is about the account itself (category *administrative*). Any other is about systems, and needs
    /// the system to be among the user's whatever the reach of the role.
    pub is_administrative: bool,
    /// How much of it.
    pub level: Level,
    /// Where; `None` asks about the whole account.
    pub system: Option<SystemId>,
}

/// Why access is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ground {
    /// The role holds it in the whole account.
    WholeAccount,
    /// The role holds it, and the user has the system.
    OwnSystem,
}

words!(Ground { WholeAccount = "whole_account", OwnSystem = "own_system" });

/// Why access is denied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Denial {
    /// The role holds nothing of it.
    PermissionMissing,
    /// The role holds less than was asked.
    LevelTooLow,
    /// The role holds it for own systems, and the question was about the whole account.
    OwnSystemsOnly,
    /// It is held per system, and the question named none.
    SystemNeeded,
    /// The user does not have the system.
    SystemMissing,
    /// There is no such user here, or none that the caller may ask about.
    UnknownUser,
    /// The user has not activated yet.
    UserProvisioned,
    /// The user is disabled.
    UserInactive,
    /// The user is deleted.
    UserDeleted,
    /// There is no such system here.
    UnknownSystem,
    /// The system has no such environment.
    UnknownEnvironment,
}

/// The answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Decision {
    /// Yes.
    Allowed(Ground),
    /// No.
    Denied(Denial),
}

impl Decision {
    /// Whether it is a yes.
    pub const fn is_allowed(self) -> bool {
        matches!(self, Self::Allowed(_))
    }

    /// Stable code of the reason.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Allowed(ground) => ground.word(),
            Self::Denied(denial) => denial.word(),
        }
    }

    /// The reason as a sentence.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Allowed(Ground::WholeAccount) => "Allowed by the role, in the whole account.",
            Self::Allowed(Ground::OwnSystem) => "Allowed by the role, and the user has access to the system.",
            Self::Denied(denial) => denial.sentence(),
        }
    }
}

words!(Denial {
    PermissionMissing = "permission_missing",
    LevelTooLow = "level_too_low",
    OwnSystemsOnly = "own_systems_only",
    SystemNeeded = "system_required",
    SystemMissing = "system_not_assigned",
    UnknownUser = "unknown_user",
    UserProvisioned = "user_provisioned",
    UserInactive = "user_inactive",
    UserDeleted = "user_deleted",
    UnknownSystem = "unknown_system",
    UnknownEnvironment = "unknown_environment",
});

impl Denial {
    /// The reason as a sentence.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::PermissionMissing => "The role doesn't include this permission. Assign a different role.",
            Self::LevelTooLow => "The role includes this permission only at a lower level. Assign a different role.",
            Self::OwnSystemsOnly => "The role allows this only in the user's own systems. Name the system.",
            Self::SystemNeeded => "This permission applies per system. Name the system.",
            Self::SystemMissing => {
                "The user doesn't have access to this system. Assign it directly or through a \
             group."
            }
            Self::UnknownUser => "This user doesn't exist in this account, or you can't see them.",
            Self::UserProvisioned => "The user was invited but hasn't activated yet.",
            Self::UserInactive => "The user is inactive. Enable them first.",
            Self::UserDeleted => "The user is deleted. Restore them first.",
            Self::UnknownSystem => "This system doesn't exist in this account.",
            Self::UnknownEnvironment => "The system doesn't have this environment.",
        }
    }
}

/// Decides whether access is allowed. No allocation, no I/O: products ask this in the middle of their own requests.
pub fn decide(holder: Holder<'_>, question: Question) -> Decision {
    let Some(reach) = holder.levels.reach_of(question.permission, question.level) else {
        let holds_less = holder.levels.reach_of(question.permission, Level::View).is_some();
        return Decision::Denied(if holds_less { Denial::LevelTooLow } else { Denial::PermissionMissing });
    };
    match (question.is_administrative, reach, question.system) {
        (true, Reach::Account, _) => Decision::Allowed(Ground::WholeAccount),
        (true, Reach::OwnSystems, None) => Decision::Denied(Denial::OwnSystemsOnly),
        (false, _, None) => Decision::Denied(Denial::SystemNeeded),
        (_, _, Some(system)) if holder.all_systems || holder.systems.binary_search(&system).is_ok() => {
            Decision::Allowed(Ground::OwnSystem)
        }
        (_, _, Some(_)) => Decision::Denied(Denial::SystemMissing),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::Grant;
    use crate::core::ids::Id;
    use proptest::prelude::*;
    use std::collections::BTreeSet;
    use uuid::Uuid;

    fn system(number: u128) -> SystemId {
        SystemId::from_uuid(Uuid::from_u128(number))
    }

    /// The rule in the words of OM-7, without any cleverness: collect every place where the user may, then look there.
    fn model(
        grant: Grant,
        administrative: bool,
        own: &BTreeSet<u128>,
        all: bool,
        asked: Level,
        at: Option<u128>,
    ) -> bool {
        let strong_enough = grant.level.strength() >= asked.strength();
        let everywhere = strong_enough && administrative && grant.reach == Reach::Account;
        let places: BTreeSet<u128> = (0..8).filter(|place| strong_enough && (all || own.contains(place))).collect();
        everywhere || at.is_some_and(|place| places.contains(&place))
    }

    proptest! {
        #[test]
        fn om7_a_decision_is_what_the_slow_model_says(
            held in 0usize..5, own_only: bool, administrative: bool, own in proptest::collection::btree_set(0u128..8, 0..6),
            all: bool, asked in 1usize..5, at in proptest::option::of(0u128..8),
        ) {
            let levels = [Level::None, Level::View, Level::Limited, Level::Edit, Level::Allowed];
            let reach = if own_only { Reach::OwnSystems } else { Reach::Account };
            let grant = Grant { level: levels[held], reach };
            let held = Levels::NONE.with(Permission::ROLES, grant);
            let systems: Vec<_> = own.iter().copied().map(system).collect();
            let holder = Holder { levels: &held, all_systems: all, systems: &systems };
            let ask = |permission| decide(holder, Question {
                permission,
                is_administrative: administrative,
                level: levels[asked],
                system: at.map(system),
            });
            let decision = ask(Permission::ROLES);
            prop_assert_eq!(decision.is_allowed(), model(grant, administrative, &own, all, levels[asked], at), "{:?}", decision);
            prop_assert_eq!(ask(Permission::SECURITY), Decision::Denied(Denial::PermissionMissing));
        }
    }
}
