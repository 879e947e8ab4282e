//! The rules that an account sets for itself. Each capability has its own: a new one is a field there, its range in the `check`
//! beside it, and its place in the console.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::accounts::branding::Branding;
use crate::accounts::seats::SeatSettings;
use crate::core::merge_patch::MergePatch;
use crate::core::refusal::FieldError;
use crate::credentials::link::LinkSettings;
use crate::credentials::password::PasswordPolicy;
use crate::sign_in::session::SessionSettings;

/// Rules that an account sets for itself.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountSettings {
    /// How many users there may be.
    pub seats: SeatSettings,
    /// When users have to sign in again.
    pub sessions: SessionSettings,
    /// What a password must be.
    pub passwords: PasswordPolicy,
    /// How long emailed links work.
    pub links: LinkSettings,
    /// How the account looks in the console.
    pub branding: Branding,
}

/// What to change about an account's settings; what is absent stays, and `null` takes away.
pub type AccountSettingsPatch = MergePatch<AccountSettings>;

impl AccountSettings {
    /// Everything that cannot be so, by its JSON pointer.
    pub fn check(&self) -> Vec<FieldError> {
        let parts = [
            ("/sessions", self.sessions.check_settings()),
            ("/passwords", self.passwords.check_settings()),
            ("/links", self.links.check_settings()),
        ];
        parts.into_iter().flat_map(|(part, errors)| errors.into_iter().map(|error| error.below(part))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::timestamp::Seconds;

    #[test]
    fn settings_outside_their_range_are_all_named() {
        let sessions = |idle, max_length| {
            let sessions = SessionSettings {
                idle_timeout_seconds: idle,
                max_length_seconds: max_length,
                ..SessionSettings::default()
            };
            AccountSettings { sessions, ..AccountSettings::default() }
        };
        let settings = sessions(Seconds(10), Seconds::days(91));
        let pointers: Vec<_> = settings.check().into_iter().map(|error| error.pointer).collect();
        assert_eq!(pointers, ["/sessions/idle_timeout_seconds", "/sessions/max_length_seconds"]);
        let never = sessions(Seconds::hours(24), Seconds::hours(2));
        assert_eq!(never.check()[0].code, "idle_timeout_too_long");
        let passwords = PasswordPolicy { min_length: 9, min_special: 9 };
        let weak = AccountSettings { passwords, ..AccountSettings::default() };
        let links = LinkSettings { activation_seconds: Seconds(1), password_reset_seconds: Seconds::days(2) };
        let far = AccountSettings { links, ..AccountSettings::default() };
        let words: Vec<_> =
            [settings, never, weak, far].iter().flat_map(AccountSettings::check).map(|error| error.detail).collect();
        assert_eq!(
            words,
            [
                "Choose a value from 5 minutes to 30 days.",
                "Choose a value from an hour to 90 days.",
                "The idle timeout is longer than the maximum session length of 2 hours, so it would never take effect. Choose a shorter one.",
                "Choose a value from 10 to 128.",
                "Choose a value from 1 to 8.",
                "Choose a value from an hour to 30 days.",
                "Choose a value from 10 minutes to a day.",
            ]
        );
        assert!(AccountSettings::default().check().is_empty());
    }
}
