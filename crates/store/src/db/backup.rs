//! Copies of a SQLite file, taken while the server runs. PostgreSQL has its own tools.

use std::fs::File;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::Duration;

use sqlx::{ConnectOptions, Connection, Row};

use crate::db::engine::sqlite;
use crate::db::folder::{Folder, name_beside};
use crate::{DatabaseConfig, Db, StoreError};

impl Db {
    /// Writes a consistent copy of the SQLite database to `path`, where there must be nothing, not even a link. From its
    /// first byte on only we can read it. No one waits for it.
    pub async fn backup_to(&self, path: &Path) -> Result<(), StoreError> {
        let config = self.sqlite_config().ok_or_else(|| StoreError::broken("Use pg_dump to back up PostgreSQL."))?;
        let target = path.to_str().ok_or_else(|| StoreError::broken("The path of the backup isn't valid UTF-8."))?;
        let unusable = |error: std::io::Error| StoreError::unavailable(format!("{}: {error}", path.display()));
        let folder = Folder::of(path).map_err(unusable)?;
        let name = name_beside(path, "");
        let file = folder.create(&name).map_err(unusable)?;
        // SQLite writes into a file that is there, as long as it is empty.
        let written = self.vacuum_into(config, target).await;
        // By then another may have put something in its place.
        let is_it = written.is_ok() && is_at(&file, path).map_err(unusable)?;
        if !is_it {
            folder.remove(&name).map_err(unusable)?;
            written?;
            return Err(StoreError::unavailable(format!(
                "{} was replaced while it was being written.",
                path.display()
            )));
        }
        folder.give(&file).and_then(|()| file.sync_all()).map_err(unusable)
    }

    async fn vacuum_into(&self, config: &DatabaseConfig, target: &str) -> Result<(), StoreError> {
        let mut connection = sqlite::reader(&config.path, Duration::from_secs(5)).connect().await?;
        let outcome = sqlx::query("VACUUM INTO $1").bind(target).execute(&mut connection).await;
        connection.close().await?;
        outcome.map(|_| ()).map_err(StoreError::from)
    }
}

/// Whether this very file is what the path names.
fn is_at(file: &File, path: &Path) -> std::io::Result<bool> {
    let (ours, there) = (file.metadata()?, std::fs::symlink_metadata(path)?);
    Ok((ours.dev(), ours.ino()) == (there.dev(), there.ino()))
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
    version.ok_or_else(|| StoreError::Broken(format!("{} isn't a Portcullis database.", path.display())))
}
