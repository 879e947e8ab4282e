//! An account and its settings.

pub mod accent;
pub mod logo;

use crate::accounts::accent::Accent;
use crate::core::ids::AccountId;
use crate::core::refusal::{FieldError, Kind, Params, Rule, params};
use crate::core::slug::Slug;
use crate::core::timestamp::{Seconds, Timestamp};
use crate::credentials::password::PasswordPolicy;
use crate::sign_in::session::{LONGEST_IDLE, SHORTEST_IDLE, SessionLimits};
use crate::users::UserStatus;
use crate::words;

/// What kind of company an account belongs to (P15).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AccountKind {
    /// A customer of the vendor.
    Customer,
    /// An agency that works for customers.
    Partner,
}

words!(AccountKind { Customer = "customer", Partner = "partner" });

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
pub enum SeatTaken {
    /// From the invitation on.
    AtInvitation,
    /// From the activation on.
    AtActivation,
}

words!(SeatTaken { AtInvitation = "at_invitation", AtActivation = "at_activation" });

impl SeatTaken {
    /// Whether a user of this status takes a seat.
    pub const fn by(self, status: UserStatus) -> bool {
        match status {
            UserStatus::Active => true,
            UserStatus::Provisioned => matches!(self, Self::AtInvitation),
            UserStatus::Inactive | UserStatus::Deleted => false,
        }
    }
}

/// Rules that an account sets for itself.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AccountSettings {
    /// Most users who take a seat; `None` is no limit.
    pub seat_limit: Option<u32>,
    /// What happens at the limit.
    pub seat_mode: SeatMode,
    /// From when on a user takes a seat.
    pub seat_taken: SeatTaken,
    /// How long an activation link works, in seconds; 1 hour to 30 days.
    pub activation_link_seconds: Seconds,
    /// How long a password reset link works, in seconds; 10 minutes to 24 hours (LG-5: 8 hours).
    pub password_reset_link_seconds: Seconds,
    /// Signed out after so long without input, in seconds; 5 minutes to 30 days (P14).
    pub idle_timeout_seconds: Seconds,
    /// Signed out so long after the sign-in in any case, in seconds; 1 hour to 90 days (P14).
    pub absolute_timeout_seconds: Seconds,
    /// An open page counts as input (P14, SI-3).
    pub renew_while_open: bool,
    /// What a password must be (U-18).
    pub password_policy: PasswordPolicy,
    /// The color of the account in the console; `None` is the product's own.
    pub accent: Option<Accent>,
}

impl Default for AccountSettings {
    fn default() -> Self {
        Self {
            seat_limit: None,
            seat_mode: SeatMode::Hard,
            seat_taken: SeatTaken::AtInvitation,
            activation_link_seconds: Seconds::days(7),
            password_reset_link_seconds: Seconds::hours(8),
            idle_timeout_seconds: Seconds::hours(24),
            absolute_timeout_seconds: Seconds::days(30),
            renew_while_open: false,
            password_policy: PasswordPolicy::default(),
            accent: None,
        }
    }
}

impl AccountSettings {
    /// Every setting that is outside its range, by its JSON pointer below `prefix`.
    pub fn check(&self, prefix: &str) -> Vec<FieldError> {
        let spans = [
            ("activation_link_seconds", self.activation_link_seconds, Seconds::hours(1), Seconds::days(30)),
            ("password_reset_link_seconds", self.password_reset_link_seconds, Seconds::minutes(10), Seconds::hours(24)),
            ("idle_timeout_seconds", self.idle_timeout_seconds, SHORTEST_IDLE, LONGEST_IDLE),
            ("absolute_timeout_seconds", self.absolute_timeout_seconds, Seconds::hours(1), Seconds::days(90)),
        ];
        let counts = [
            ("password_policy/min_length", self.password_policy.min_length, 10, 128),
            ("password_policy/min_special", self.password_policy.min_special, 1, 8),
        ];
        let refused = |name: &str, (least, most): (String, String), params: Params| FieldError {
            pointer: format!("{prefix}/{name}"),
            code: "out_of_range".to_owned(),
            detail: format!("Choose a value from {least} to {most}."),
            params,
        };
        let in_seconds = |least: Seconds, most: Seconds| {
            params([("min", least.0.into()), ("max", most.0.into()), ("unit", "seconds".into())])
        };
        let range = |least: u16, most: u16| params([("min", least.into()), ("max", most.into())]);
        let spans = spans.into_iter().filter(|(_, value, least, most)| value < least || value > most).map(
            |(name, _, least, most)| refused(name, (least.to_string(), most.to_string()), in_seconds(least, most)),
        );
        let numbers = counts
            .into_iter()
            .filter(|(_, value, least, most)| value < least || value > most)
            .map(|(name, _, least, most)| refused(name, (least.to_string(), most.to_string()), range(least, most)));
        let mut errors: Vec<FieldError> = spans.chain(numbers).collect();
        if self.idle_timeout_seconds > self.absolute_timeout_seconds {
            errors.push(FieldError {
                pointer: format!("{prefix}/idle_timeout_seconds"),
                code: "idle_timeout_too_long".to_owned(),
                detail: format!(
                    "The idle timeout is longer than the maximum session length of {}, so it would never take effect. \
                     Choose a shorter one.",
                    self.absolute_timeout_seconds
                ),
                params: params([("max", self.absolute_timeout_seconds.0.into()), ("unit", "seconds".into())]),
            });
        }
        errors
    }

    /// How long sessions last under these settings.
    pub const fn session_limits(&self) -> SessionLimits {
        SessionLimits {
            idle: self.idle_timeout_seconds,
            lifetime: self.absolute_timeout_seconds,
            renew_while_open: self.renew_while_open,
        }
    }
}

/// What to change about an account's settings; `None` leaves a setting as it is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SettingsChange {
    /// The seat limit; `Some(None)` takes it away.
    pub seat_limit: Option<Option<u32>>,
    /// What happens at the limit.
    pub seat_mode: Option<SeatMode>,
    /// From when on a user takes a seat.
    pub seat_taken: Option<SeatTaken>,
    /// Lifetime of activation links.
    pub activation_link_seconds: Option<Seconds>,
    /// Lifetime of password reset links.
    pub password_reset_link_seconds: Option<Seconds>,
    /// Idle time of sessions.
    pub idle_timeout_seconds: Option<Seconds>,
    /// Lifetime of sessions.
    pub absolute_timeout_seconds: Option<Seconds>,
    /// Whether an open page counts as input.
    pub renew_while_open: Option<bool>,
    /// Shortest password.
    pub min_length: Option<u16>,
    /// Fewest special characters.
    pub min_special: Option<u16>,
    /// The color; `Some(None)` takes it away.
    pub accent: Option<Option<Accent>>,
}

impl SettingsChange {
    /// The settings after the change.
    pub fn applied_to(&self, before: &AccountSettings) -> AccountSettings {
        let policy = before.password_policy;
        AccountSettings {
            seat_limit: self.seat_limit.unwrap_or(before.seat_limit),
            seat_mode: self.seat_mode.unwrap_or(before.seat_mode),
            seat_taken: self.seat_taken.unwrap_or(before.seat_taken),
            activation_link_seconds: self.activation_link_seconds.unwrap_or(before.activation_link_seconds),
            password_reset_link_seconds: self.password_reset_link_seconds.unwrap_or(before.password_reset_link_seconds),
            idle_timeout_seconds: self.idle_timeout_seconds.unwrap_or(before.idle_timeout_seconds),
            absolute_timeout_seconds: self.absolute_timeout_seconds.unwrap_or(before.absolute_timeout_seconds),
            renew_while_open: self.renew_while_open.unwrap_or(before.renew_while_open),
            password_policy: PasswordPolicy {
                min_length: self.min_length.unwrap_or(policy.min_length),
                min_special: self.min_special.unwrap_or(policy.min_special),
            },
            accent: self.accent.unwrap_or(before.accent),
        }
    }
}

/// A customer tenant (OM-1).
#[derive(Debug, Clone, PartialEq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// The URL name of the account.
    pub slug: Slug,
    /// Its name for people.
    pub name: String,
    /// Customer or partner.
    pub kind: AccountKind,
    /// The settings of the account.
    pub settings: AccountSettings,
    /// Counts the changes of name, slug and settings; the `ETag`.
    pub settings_version: i64,
    /// Counts the changes of anything in the account.
    pub version: i64,
    /// Number of entries of its activity log.
    pub event_count: i64,
    /// Hash of the latest entry, hexadecimal; empty before the first.
    pub event_head: String,
    /// Proof that number and hash were written by who has the installation's key (decision 7), hexadecimal.
    pub event_seal: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Somebody else has the name in addresses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Another account already uses the URL name {0}. Choose a different one.")]
pub struct SlugTaken(pub Slug);

impl Rule for SlugTaken {
    fn refusal(&self) -> (Kind, &'static str) {
        (Kind::Conflict, "slug_taken")
    }

    fn field(&self) -> Option<&'static str> {
        Some("/slug")
    }
}

/// The seats of an account at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Seats {
    /// Number of active users.
    pub active: u64,
    /// Number of invited users who haven't activated yet.
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

impl Seats {
    /// How many seats are taken under these settings.
    pub const fn taken(self, taken: SeatTaken) -> u64 {
        match taken {
            SeatTaken::AtInvitation => self.active + self.pending,
            SeatTaken::AtActivation => self.active,
        }
    }
}

impl AccountSettings {
    /// How many more may take a seat; `None` where nothing limits it (no limit, or a soft one).
    pub fn seats_left(&self, seats: Seats) -> Option<u64> {
        match (self.seat_limit, self.seat_mode) {
            (Some(limit), SeatMode::Hard) => Some(u64::from(limit).saturating_sub(seats.taken(self.seat_taken))),
            (None, _) | (Some(_), SeatMode::Soft) => None,
        }
    }

    /// Whether `wanted` more seats may be taken.
    pub fn check_seats(&self, seats: Seats, wanted: u64) -> Result<(), SeatLimitReached> {
        match (self.seats_left(seats), self.seat_limit) {
            (Some(left), Some(limit)) if wanted > left => {
                Err(SeatLimitReached { limit, taken: seats.taken(self.seat_taken), wanted })
            }
            _ => Ok(()),
        }
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
            hard: bool, at_invitation: bool,
        ) {
            let settings = AccountSettings {
                seat_limit: limit,
                seat_mode: if hard { SeatMode::Hard } else { SeatMode::Soft },
                seat_taken: if at_invitation { SeatTaken::AtInvitation } else { SeatTaken::AtActivation },
                ..AccountSettings::default()
            };
            let seats = Seats { active, pending };
            let taken = active + if at_invitation { pending } else { 0 };
            let fits = !hard || limit.is_none_or(|limit| taken + wanted <= u64::from(limit));
            prop_assert_eq!(settings.check_seats(seats, wanted).is_ok(), fits);
        }
    }

    #[test]
    fn settings_outside_their_range_are_all_named() {
        let settings = AccountSettings {
            idle_timeout_seconds: Seconds(10),
            absolute_timeout_seconds: Seconds::days(91),
            ..AccountSettings::default()
        };
        let never = AccountSettings { absolute_timeout_seconds: Seconds::hours(2), ..AccountSettings::default() };
        assert_eq!(never.check("")[0].code, "idle_timeout_too_long");
        let pointers: Vec<_> = settings.check("/settings").into_iter().map(|error| error.pointer).collect();
        assert_eq!(pointers, ["/settings/idle_timeout_seconds", "/settings/absolute_timeout_seconds"]);
        let policy = PasswordPolicy { min_length: 9, min_special: 9 };
        let weak = AccountSettings { password_policy: policy, ..AccountSettings::default() };
        let words: Vec<_> =
            [settings, never, weak].iter().flat_map(|wrong| wrong.check("")).map(|error| error.detail).collect();
        assert_eq!(
            words,
            [
                "Choose a value from 5 minutes to 30 days.",
                "Choose a value from an hour to 90 days.",
                "The idle timeout is longer than the maximum session length of 2 hours, so it would never take effect. Choose a shorter one.",
                "Choose a value from 10 to 128.",
                "Choose a value from 1 to 8.",
            ]
        );
        assert!(AccountSettings::default().check("").is_empty());
    }
}
