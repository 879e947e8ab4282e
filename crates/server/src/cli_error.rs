//! Why a command did not do what it should: one line on the terminal and an exit code.

use std::fmt::Display;
use std::process::ExitCode;

use domain::core::failure::Failure;
use store::StoreError;

use crate::config::ConfigError;

/// Something went wrong or was refused.
pub const FAILED: u8 = 1;
/// The command or the configuration is not right (the same code as for unknown arguments).
pub const MISUSED: u8 = 2;
/// What was checked is not as it should be.
pub const FOUND_WRONG: u8 = 3;
/// The database does not answer or is another server's; later may be fine.
pub const NOT_NOW: u8 = 4;

/// One line for the terminal: what happened, why, what to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CliError {
    text: String,
    code: u8,
}

impl CliError {
    /// An error with an exit code.
    pub fn new(code: u8, text: impl Into<String>) -> Self {
        Self { text: text.into(), code }
    }

    /// The same, with what was being done in front.
    #[must_use]
    pub fn while_doing(self, what: impl Display) -> Self {
        Self { text: format!("{what}: {}", self.text), ..self }
    }

    /// Tells it.
    pub fn tell(&self) -> ExitCode {
        eprintln!("portcullis: {}", self.text);
        ExitCode::from(self.code)
    }
}

impl From<ConfigError> for CliError {
    fn from(error: ConfigError) -> Self {
        Self::new(MISUSED, error.to_string())
    }
}

impl From<StoreError> for CliError {
    fn from(error: StoreError) -> Self {
        let code = match error {
            StoreError::Unavailable(_) | StoreError::Conflict(_) | StoreError::AlreadyRunning(_) => NOT_NOW,
            StoreError::NoInstallation => MISUSED,
            StoreError::Duplicate { .. }
            | StoreError::Reference(_)
            | StoreError::NulCharacter { .. }
            | StoreError::TooSlow(_)
            | StoreError::Uncertain(_)
            | StoreError::NewerSchema { .. }
            | StoreError::OlderSchema { .. }
            | StoreError::ChangedMigration { .. }
            | StoreError::Broken(_) => FAILED,
        };
        Self::new(code, error.to_string())
    }
}

impl From<Failure> for CliError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(refusal) => {
                let parts: Vec<String> = refusal.errors.iter().map(|error| error.detail.clone()).collect();
                let parts = if parts.is_empty() { String::new() } else { format!(" {}", parts.join(" ")) };
                Self::new(FAILED, format!("{}{parts}", refusal.detail))
            }
            Failure::Unavailable(reason) => Self::new(NOT_NOW, reason),
            Failure::TooSlow(reason) => Self::new(FAILED, reason),
            Failure::Uncertain(reason) => Self::new(
                FAILED,
                format!("It isn't known whether this was done. Check before you repeat it. Reason: {reason}"),
            ),
            Failure::Broken(error) => Self::new(FAILED, error.to_string()),
        }
    }
}

impl From<std::io::Error> for CliError {
    fn from(error: std::io::Error) -> Self {
        Self::new(FAILED, error.to_string())
    }
}
