//! What is wrong with a configuration, and where.

use std::fmt::Display;
use std::path::Path;

/// One sentence with the place in front.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {reason}")]
pub struct ConfigError {
    /// File and line, variable, or setting.
    pub place: String,
    /// What is wrong and what to do.
    pub reason: String,
}

impl ConfigError {
    /// In a file, with the line where it is known.
    pub fn file(path: &Path, line: Option<usize>, reason: &dyn Display) -> Self {
        let place = match line {
            Some(line) => format!("{}:{line}", path.display()),
            None => path.display().to_string(),
        };
        Self { place, reason: reason.to_string() }
    }

    /// In a variable.
    pub fn variable(name: &str, reason: &str) -> Self {
        Self { place: format!("variable {name}"), reason: reason.to_owned() }
    }

    /// In a setting, wherever it was made.
    pub fn setting(name: &str, reason: &str) -> Self {
        Self { place: name.to_owned(), reason: reason.to_owned() }
    }
}
