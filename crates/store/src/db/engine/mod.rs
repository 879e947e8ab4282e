//! Everything that differs between the two engines: one file each, and the one `match` that joins them.

pub(crate) mod postgres;
pub(crate) mod sqlite;

use futures_util::stream::BoxStream;
use sqlx::error::{DatabaseError, ErrorKind};
use sqlx::postgres::{PgConnection, PgDatabaseError};
use sqlx::sqlite::SqliteConnection;

use crate::StoreError;
use crate::db::query::{Answer, SqlText, Want};
use crate::db::row::Row;
use crate::db::rows::Rows;

pub use self::postgres::ChangeListener;

/// The database behind a [`Db`](crate::Db).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// One file, one server.
    Sqlite,
    /// A PostgreSQL server, any number of ours.
    Postgres,
}

/// How substring search over people is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SearchIndex {
    /// By an index of trigrams: FTS5 on SQLite, `pg_trgm` on PostgreSQL.
    Trigram,
    /// By reading everything, because the PostgreSQL server has no `pg_trgm`.
    None,
}

/// A connection borrowed for one statement.
pub(crate) enum Connection<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

impl<'c> Connection<'c> {
    pub(crate) async fn ask(self, text: SqlText, want: Want) -> Result<Answer, sqlx::Error> {
        match self {
            Self::Sqlite(connection) => sqlite::ask(connection, text, want).await,
            Self::Postgres(connection) => postgres::ask(connection, text, want).await,
        }
    }

    pub(crate) async fn insert(self, rows: Rows) -> Result<u64, sqlx::Error> {
        match self {
            Self::Sqlite(connection) => sqlite::insert(connection, rows).await,
            Self::Postgres(connection) => postgres::insert(connection, rows).await,
        }
    }

    pub(crate) fn stream(self, text: SqlText) -> BoxStream<'c, Result<Row, sqlx::Error>> {
        match self {
            Self::Sqlite(connection) => sqlite::stream(connection, text),
            Self::Postgres(connection) => postgres::stream(connection, text),
        }
    }
}

/// Puts what a database reports into our kinds.
pub(crate) fn database_error(error: &dyn DatabaseError) -> StoreError {
    // The name of a duplicate's index is completed by the transaction, which can ask SQLite for it.
    if error.kind() == ErrorKind::UniqueViolation {
        return StoreError::Duplicate { index: error.constraint().unwrap_or(error.message()).to_owned() };
    }
    if error.kind() == ErrorKind::ForeignKeyViolation {
        return StoreError::Reference(error.message().to_owned());
    }
    match error.try_downcast_ref::<PgDatabaseError>() {
        Some(error) => postgres::error(error),
        None => sqlite::error(error),
    }
}

/// The kinds both engines share; what a database itself reports is read by its engine first.
impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::Error as E;
        if let E::Database(database) = &error {
            return database_error(&**database);
        }
        let lost =
            matches!(error, E::Io(_) | E::Tls(_) | E::PoolTimedOut | E::PoolClosed | E::WorkerCrashed | E::BeginFailed);
        if lost { Self::unavailable(error) } else { Self::broken(error) }
    }
}
