//! How many users an account may have.

use crate::core::refusal::{Kind, Rule};
use crate::users::UserStatus;
use crate::words;

/// What happens at the seat limit (P8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SeatMode {
    /// Refuse.
    Hard,
    /// Show a banner, refuse nothing.
    Soft,
}

words!(SeatMode { Hard = "hard", Soft = "soft" });

/// From when on a user takes a seat (P8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SeatStart {
    /// From the invitation on.
    Invitation,
    /// From the activation on.
    Activation,
}

words!(SeatStart { Invitation = "invitation", Activation = "activation" });

impl SeatStart {
    /// Whether a user of this status takes a seat.
    pub const fn by(self, status: UserStatus) -> bool {
        match status {
            UserStatus::Active => true,
            UserStatus::Provisioned => matches!(self, Self::Invitation),
            UserStatus::Inactive | UserStatus::Deleted => false,
        }
    }
}

/// The seat limit of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SeatSettings {
    /// The seat limit. `null` means no limit.
    #[schema(maximum = 4_294_967_295_u32)]
    pub limit: Option<u32>,
    /// What happens at the limit: `hard` (new invitations are blocked) or `soft` (a banner).
    pub mode: SeatMode,
    /// When a user starts to count against the seat limit: at the `invitation` or at the `activation`.
    pub counted_from: SeatStart,
}

impl Default for SeatSettings {
    fn default() -> Self {
        Self { limit: None, mode: SeatMode::Hard, counted_from: SeatStart::Invitation }
    }
}

impl SeatSettings {
    /// How many seats are taken.
    pub const fn taken(self, seats: Seats) -> u64 {
        match self.counted_from {
            SeatStart::Invitation => seats.active + seats.pending,
            SeatStart::Activation => seats.active,
        }
    }

    /// How many more may take a seat; `None` where nothing limits it (no limit, or a soft one).
    pub fn left(self, seats: Seats) -> Option<u64> {
        match (self.limit, self.mode) {
            (Some(limit), SeatMode::Hard) => Some(u64::from(limit).saturating_sub(self.taken(seats))),
            (None, _) | (Some(_), SeatMode::Soft) => None,
        }
    }

    /// Whether `wanted` more seats may be taken.
    pub fn check_room(self, seats: Seats, wanted: u64) -> Result<(), SeatLimitReached> {
        match (self.left(seats), self.limit) {
            (Some(left), Some(limit)) if wanted > left => {
                Err(SeatLimitReached { limit, taken: self.taken(seats), wanted })
            }
            _ => Ok(()),
        }
    }
}

/// The seats of an account at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Seats {
    /// Users who are active.
    pub active: u64,
    /// Users who are invited and have not activated.
    pub pending: u64,
}

/// The account is full.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "Not enough seats: {taken} of {limit} are taken, and this needs {wanted} more. Disable users, revoke invitations, \
     or have the seat limit raised."
)]
pub struct SeatLimitReached {
    /// The limit.
    pub limit: u32,
    /// Seats that are taken already.
    pub taken: u64,
    /// Seats that were asked for.
    pub wanted: u64,
}

impl Rule for SeatLimitReached {
    fn refusal(&self) -> (Kind, &'static str) {
        (Kind::Conflict, "seat_limit")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn d10_a_hard_limit_is_never_passed_and_a_soft_one_never_refuses(
            limit in proptest::option::of(0u32..50), active in 0u64..60, pending in 0u64..60, wanted in 1u64..60,
            hard: bool, from_invitation: bool,
        ) {
            let settings = SeatSettings {
                limit,
                mode: if hard { SeatMode::Hard } else { SeatMode::Soft },
                counted_from: if from_invitation { SeatStart::Invitation } else { SeatStart::Activation },
            };
            let seats = Seats { active, pending };
            let taken = active + if from_invitation { pending } else { 0 };
            let fits = !hard || limit.is_none_or(|limit| taken + wanted <= u64::from(limit));
            prop_assert_eq!(settings.check_room(seats, wanted).is_ok(), fits);
        }
    }
}
