//! Copies of a SQLite file, taken while the server runs. PostgreSQL has its own tools.

use std::path::Path;
use std::time::Duration;

use sqlx::{ConnectOptions, Connection, Row};

use crate::engine::sqlite;
use crate::{Db, StoreError};

impl Db {
    /// Writes a consistent copy of the SQLite database to `path`, which must not exist. Nobody waits for it.
    pub async fn backup_to(&self, path: &Path) -> Result<(), StoreError> {
        let config = self.sqlite_config().ok_or_else(|| StoreError::broken("use pg_dump to back up PostgreSQL"))?;
        let target = path.to_str().ok_or_else(|| StoreError::broken("the path of the backup is not text"))?;
        let mut connection = sqlite::reader(&config.path, Duration::from_secs(5)).connect().await?;
        let outcome = sqlx::query("VACUUM INTO $1").bind(target).execute(&mut connection).await;
        connection.close().await?;
        outcome.map(|_| ()).map_err(StoreError::from)
    }
}

/// Brings what stands in the log of the SQLite file at `path` into the file, so that it is all there is. False where another
/// process has it open and keeps the log.
///
/// # Errors
/// It cannot be opened, as it is damaged or none of ours.
pub async fn settle_sqlite_file(path: &Path) -> Result<bool, StoreError> {
    let options = sqlite::writer(path, true, Duration::from_secs(2)).create_if_missing(false);
    let mut connection = options.connect().await?;
    let outcome = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&mut connection).await;
    // The last one to close it removes the log.
    connection.close().await?;
    let busy: i64 = outcome?.try_get(0)?;
    Ok(busy == 0)
}

/// Whether the SQLite file at `path` is whole and one of ours. Gives its schema version.
pub async fn verify_sqlite_file(path: &Path) -> Result<i64, StoreError> {
    let mut connection = sqlite::reader(path, Duration::from_secs(5)).immutable(true).connect().await?;
    let problem: String = sqlx::query("PRAGMA integrity_check(1)").fetch_one(&mut connection).await?.try_get(0)?;
    let version = sqlx::query("SELECT MAX(version) FROM schema_migrations").fetch_one(&mut connection).await;
    connection.close().await?;
    if problem != "ok" {
        return Err(StoreError::Broken(format!("{} is damaged: {problem}", path.display())));
    }
    let version: Option<i64> = version?.try_get(0)?;
    version.ok_or_else(|| StoreError::Broken(format!("{} is not one of our databases", path.display())))
}
