//! What a bulk action does to everyone it is about.

use domain::access::Need;
use domain::access::role::RoleId;
use domain::activity::actions::Action;
use domain::core::failure::Failure;
use domain::core::ids::{SystemId, UserId};
use domain::users::UserAct;

use crate::core::caller::Caller;
use crate::users;
use crate::users::rules::EDIT;
use crate::users::status::Move;

/// Change many users; who may only assign systems adds and removes own systems.
pub const NEED: Need = users::rules::EDIT;
/// What to do to all of them.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum BulkAction {
    /// End the access, keep the rest.
    Disable,
    /// Give it back.
    Enable,
    /// Delete, restorable for 30 days.
    Delete,
    /// Undo a deletion.
    Restore,
    /// Send the activation mail again.
    Resend {
        /// To those to whom it can be sent, and leave the others, instead of all or nothing.
        #[serde(default)]
        skip_refused: bool,
    },
    /// Give a role.
    SetRole {
        /// Which.
        role_id: RoleId,
    },
    /// Assign systems.
    AddSystems {
        /// Which.
        systems: Vec<SystemId>,
    },
    /// Take systems away.
    RemoveSystems {
        /// Which.
        systems: Vec<SystemId>,
    },
}

impl BulkAction {
    /// The act that the rules judge.
    pub const fn act(&self) -> UserAct {
        match self {
            Self::Disable => UserAct::Disable,
            Self::Enable => UserAct::Enable,
            Self::Delete => UserAct::Delete,
            Self::Restore => UserAct::Restore,
            Self::Resend { .. } => UserAct::Resend,
            Self::SetRole { .. } | Self::AddSystems { .. } | Self::RemoveSystems { .. } => UserAct::Edit,
        }
    }

    /// The move between statuses that it is, if it is one.
    pub const fn step(&self) -> Option<Move> {
        match self {
            Self::Disable => Some(Move::Disable),
            Self::Enable => Some(Move::Enable),
            Self::Delete => Some(Move::Delete),
            Self::Restore => Some(Move::Restore),
            Self::Resend { .. } | Self::SetRole { .. } | Self::AddSystems { .. } | Self::RemoveSystems { .. } => None,
        }
    }

    /// Whether it adds or removes systems.
    pub const fn is_about_systems(&self) -> bool {
        matches!(self, Self::AddSystems { .. } | Self::RemoveSystems { .. })
    }

    /// Whether rows that are refused are left out instead of refusing the whole.
    pub const fn skips_refused(&self) -> bool {
        matches!(self, Self::Resend { skip_refused: true })
    }

    pub(crate) fn check_may(&self, caller: &Caller) -> Result<(), Failure> {
        if self.is_about_systems() { caller.check(EDIT) } else { users::rules::check_manages(caller) }
    }

    pub(crate) const fn event(&self) -> Action {
        match self {
            Self::Disable => Move::Disable.event(),
            Self::Enable => Move::Enable.event(),
            Self::Delete => Move::Delete.event(),
            Self::Restore => Move::Restore.event(),
            Self::Resend { .. } => Action::InvitationResent,
            Self::SetRole { .. } | Self::AddSystems { .. } | Self::RemoveSystems { .. } => Action::UserChanged,
        }
    }
}

/// A bulk action that takes back what one did: it can be sent as it is.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Undo {
    /// What to do.
    #[serde(flatten)]
    pub action: BulkAction,
    /// The recipient.
    pub ids: Vec<UserId>,
}
