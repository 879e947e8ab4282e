//! Identities and their sessions.

pub mod identity;
pub mod session;

use crate::core::refusal::{Kind, Rule};
use crate::core::timestamp::Seconds;

/// The one answer to every sign-in that fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "The email address or password is wrong, or there is no access for this address. Check both, or use \"Forgot \
     password\"."
)]
pub struct WrongCredentials;

impl Rule for WrongCredentials {
    fn refusal(&self) -> (Kind, &'static str) {
        (Kind::SignIn, "invalid_credentials")
    }
}

/// Too many failed tries.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Too many failed sign-ins. Wait {} and try again, or use \"Forgot password\".", .wait.rounded_up())]
pub struct Throttled {
    /// How long to wait.
    pub wait: Seconds,
}

impl Rule for Throttled {
    fn refusal(&self) -> (Kind, &'static str) {
        (Kind::TooOften, "too_many_failed_sign_ins")
    }

    fn retry_after(&self) -> Option<Seconds> {
        Some(self.wait)
    }
}
