//! The settings of an account as they are read and written.

use domain::accounts::accent::Accent;
use domain::accounts::{AccountSettings, SeatMode, SeatTaken, SettingsChange};
use domain::core::timestamp::Seconds;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

/// Rules that an account sets for itself.
#[derive(Debug, Serialize, ToSchema)]
pub struct Settings {
    /// Most users who take a seat; `null` is no limit.
    seat_limit: Option<u32>,
    /// What happens at the limit: `hard` (refuse) or `soft` (a banner).
    seat_mode: SeatMode,
    /// From when on a user takes a seat: `at_invitation` or `at_activation`.
    seat_taken: SeatTaken,
    /// How long an activation link works: 1 hour to 30 days.
    activation_link_seconds: u32,
    /// How long a link to choose a new password works: 10 minutes to 24 hours.
    password_reset_link_seconds: u32,
    /// Signed out after so long without input: 5 minutes to 30 days, at most `absolute_timeout_seconds`.
    idle_timeout_seconds: u32,
    /// Signed out so long after the sign-in in any case: 1 hour to 90 days.
    absolute_timeout_seconds: u32,
    /// Whether an open page counts as input: then requests with `Portcullis-Background` keep a session alive, too.
    renew_while_open: bool,
    /// What a password must be.
    password_policy: PasswordRule,
    /// The color of the account in the console, as `#rrggbb`; `null` is the product's own.
    accent: Option<Accent>,
}

/// What a password must be.
#[derive(Debug, Serialize, ToSchema)]
pub struct PasswordRule {
    /// How many characters at least: 10 to 128.
    min_length: u16,
    /// How many of them neither letter nor digit, at least: 1 to 8.
    min_special: u16,
}

impl Settings {
    /// The view of settings.
    pub fn of(settings: &AccountSettings) -> Self {
        Self {
            seat_limit: settings.seat_limit,
            seat_mode: settings.seat_mode,
            seat_taken: settings.seat_taken,
            activation_link_seconds: settings.activation_link_seconds.0,
            password_reset_link_seconds: settings.password_reset_link_seconds.0,
            idle_timeout_seconds: settings.idle_timeout_seconds.0,
            absolute_timeout_seconds: settings.absolute_timeout_seconds.0,
            renew_while_open: settings.renew_while_open,
            password_policy: PasswordRule {
                min_length: settings.password_policy.min_length,
                min_special: settings.password_policy.min_special,
            },
            accent: settings.accent,
        }
    }
}

/// Settings to change; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SettingsWish {
    /// Most users who take a seat; `null` takes the limit away.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<u32>, maximum = 4_294_967_295_u32)]
    seat_limit: Option<Option<u32>>,
    /// What happens at the limit: `hard` or `soft`.
    seat_mode: Option<SeatMode>,
    /// From when on a user takes a seat: `at_invitation` or `at_activation`.
    seat_taken: Option<SeatTaken>,
    /// 1 hour to 30 days.
    #[schema(minimum = 3600, maximum = 2592000)]
    activation_link_seconds: Option<u32>,
    /// 10 minutes to 24 hours.
    #[schema(minimum = 600, maximum = 86400)]
    password_reset_link_seconds: Option<u32>,
    /// 5 minutes to 30 days, at most `absolute_timeout_seconds`.
    #[schema(minimum = 300, maximum = 2592000)]
    idle_timeout_seconds: Option<u32>,
    /// 1 hour to 90 days.
    #[schema(minimum = 3600, maximum = 7776000)]
    absolute_timeout_seconds: Option<u32>,
    /// Whether an open page counts as input.
    renew_while_open: Option<bool>,
    /// What a password must be.
    password_policy: Option<PasswordRuleWish>,
    /// The color of the account in the console, as `#rrggbb`; `null` takes it away.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Accent>)]
    accent: Option<Option<Accent>>,
}

/// What a password must be; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordRuleWish {
    /// 10 to 128.
    #[schema(minimum = 10, maximum = 128)]
    min_length: Option<u16>,
    /// 1 to 8.
    #[schema(minimum = 1, maximum = 8)]
    min_special: Option<u16>,
}

/// Tells a `null` from a field that is absent.
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

impl From<SettingsWish> for SettingsChange {
    fn from(wish: SettingsWish) -> Self {
        Self {
            seat_limit: wish.seat_limit,
            seat_mode: wish.seat_mode,
            seat_taken: wish.seat_taken,
            activation_link_seconds: wish.activation_link_seconds.map(Seconds),
            password_reset_link_seconds: wish.password_reset_link_seconds.map(Seconds),
            idle_timeout_seconds: wish.idle_timeout_seconds.map(Seconds),
            absolute_timeout_seconds: wish.absolute_timeout_seconds.map(Seconds),
            renew_while_open: wish.renew_while_open,
            min_length: wish.password_policy.as_ref().and_then(|policy| policy.min_length),
            min_special: wish.password_policy.as_ref().and_then(|policy| policy.min_special),
            accent: wish.accent,
        }
    }
}
