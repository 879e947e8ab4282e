//! What can go wrong between us and the database, in the few kinds a caller can act on.

use std::path::PathBuf;

use domain::core::failure::Failure;

/// A refusal or failure of the store.
///
/// `Clone`, because one failed commit is the answer to every member of its group.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// A unique index refused a row; the caller turns it into a rule's refusal.
    #[error("A row with these values already exists (unique index {index}).")]
    Duplicate {
        /// The name of the index, the same on both engines: see [`StoreError::is_duplicate_of`].
        index: String,
    },

    /// A row points at another that does not exist, or is still pointed at.
    #[error("A row refers to one that doesn't exist, or is still referred to: {0}")]
    Reference(String),

    /// The database cannot serve now; trying again later may work (503 with `Retry-After`).
    #[error("The database is unavailable: {0}")]
    Unavailable(String),

    /// A statement took longer than it may: asked for the same again, it would so again.
    #[error("{0}")]
    TooSlow(String),

    /// The connection was lost during the commit: the changes were made completely or not at all, and it is unknown which.
    #[error("The connection was lost during the commit: {0}")]
    Uncertain(String),

    /// The transaction collided with another one; running it again from its beginning may work.
    #[error("The transaction conflicted with another one: {0}")]
    Conflict(String),

    /// Text with a NUL character, which PostgreSQL cannot hold: refused for both engines alike.
    #[error("The text for ${parameter} contains a NUL character.")]
    NulCharacter {
        /// The number of the parameter, from 1.
        parameter: usize,
    },

    /// The database was written by a newer program.
    #[error("The database has schema version {found}, but this program supports only {known}. Start a newer version.")]
    NewerSchema {
        /// The newest migration in the database.
        found: i64,
        /// The newest migration in this program.
        known: i64,
    },

    /// The database has not been migrated by a server of this version yet.
    #[error(
        "The database has schema version {found}, but this program needs {known}. Start the server once to \
     upgrade it."
    )]
    OlderSchema {
        /// The newest migration in the database.
        found: i64,
        /// The newest migration in this program.
        known: i64,
    },

    /// A command looked for an installation where there is none.
    #[error("The configured database contains no installation. Choose another configuration with --config.")]
    NoInstallation,

    /// An applied migration's text is not the one that was applied.
    #[error("Migration {version:04}_{name} was edited after it was applied to this database. Add a new one instead.")]
    ChangedMigration {
        /// The number of the migration.
        version: i64,
        /// Its name.
        name: String,
    },

    /// A second server was started on the same SQLite file.
    #[error("Another server is running on {}. Stop it first, or use PostgreSQL to run several.", .0.display())]
    AlreadyRunning(PathBuf),

    /// A defect of ours or damage of the database: everything for the log, nothing for the caller.
    #[error("{0}")]
    Broken(String),
}

impl StoreError {
    /// Whether the unique index `index` refused the row.
    ///
    /// A primary key is called `<table>_pkey`; every other uniqueness has the name its `CREATE UNIQUE INDEX` gave it.
    pub fn is_duplicate_of(&self, index: &str) -> bool {
        matches!(self, Self::Duplicate { index: found } if found == index)
    }

    /// Whether the same call may succeed later without anything being changed.
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::Conflict(_))
    }

    pub(crate) fn unavailable(reason: impl ToString) -> Self {
        Self::Unavailable(reason.to_string())
    }

    pub(crate) fn broken(reason: impl ToString) -> Self {
        Self::Broken(reason.to_string())
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        if matches!(error, StoreError::Uncertain(_)) {
            Self::Uncertain(error.to_string())
        } else if matches!(error, StoreError::TooSlow(_)) {
            Self::TooSlow(error.to_string())
        } else if error.is_temporary() {
            Self::Unavailable(error.to_string())
        } else {
            Self::Broken(Box::new(error))
        }
    }
}

/// Turns the refusal of a unique index into the refusal of a rule.
pub trait OnDuplicate<T> {
    /// `rule` speaks when the index said no.
    fn on_duplicate<R: Into<Failure>>(self, rule: impl FnOnce() -> R) -> Result<T, Failure>;
}

impl<T> OnDuplicate<T> for Result<T, StoreError> {
    fn on_duplicate<R: Into<Failure>>(self, rule: impl FnOnce() -> R) -> Result<T, Failure> {
        self.map_err(|error| if matches!(error, StoreError::Duplicate { .. }) { rule().into() } else { error.into() })
    }
}
