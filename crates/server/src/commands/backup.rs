//! Backup and restore of a SQLite file.

use std::path::{Path, PathBuf};

use service::restoration::{self, Ended};
use store::{DatabaseConfig, Db, OpenAs, ServerLock, StoreError, schema_version, verify_sqlite_file};

use crate::complaint::MISUSED;
use crate::config::Config;
use crate::{Complaint, wiring};

fn check_engine(config: &Config, tool: &str) -> Result<(), Complaint> {
    if config.database.url.is_none() {
        return Ok(());
    }
    Err(Complaint::new(MISUSED, format!("this installation is on PostgreSQL: use {tool}")))
}

/// Writes a copy and looks whether it is whole.
pub async fn backup(config: &Config, file: &Path) -> Result<(), Complaint> {
    check_engine(config, "pg_dump --format=custom")?;
    if file.exists() {
        return Err(Complaint::new(MISUSED, format!("{} exists already; name a new file", file.display())));
    }
    if !config.database.path.exists() {
        let what = format!("there is no database at {}", config.database.path.display());
        return Err(Complaint::new(MISUSED, format!("{what}; name its configuration with --config")));
    }
    let db = Db::open(&config.database, OpenAs::Tool).await?;
    let written = db.backup_to(file).await;
    db.close().await;
    written?;
    keep_private(file)?;
    verify_sqlite_file(file).await?;
    println!("{} is written and whole; keep the secret key with it", file.display());
    Ok(())
}

/// Puts a backup in the place of the database; what was there before is kept beside it. Everything is done with a draft,
/// so that a failure leaves the database as it was.
pub async fn restore(config: &Config, file: &Path) -> Result<(), Complaint> {
    check_engine(
        config,
        "pg_restore into an empty database with the servers stopped, and then `portcullis after-restore`",
    )?;
    let path = &config.database.path;
    let untouched = || format!("{} cannot be restored, nothing was changed", file.display());
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    // Held to the end: no server starts meanwhile.
    let _lock = ServerLock::take(path)?;
    let version = verify_sqlite_file(file).await.map_err(|error| Complaint::from(error).while_doing(untouched()))?;
    if version > schema_version() {
        let error = StoreError::NewerSchema { found: version, known: schema_version() };
        return Err(Complaint::from(error).while_doing(untouched()));
    }
    let draft = beside(path, ".restoring");
    let ended = make_draft(config, file, &draft).await;
    // The lock of the draft, which nobody needs any more; it may not be there.
    let _ = std::fs::remove_file(beside(&draft, ".lock"));
    let ended = ended.map_err(|complaint| {
        let _ = std::fs::remove_file(&draft);
        complaint.while_doing(untouched())
    })?;
    let before = beside(path, ".before-restore");
    put_in_place(path, &draft, &before)?;
    println!("restored from {}; what was there before is in {}", file.display(), before.display());
    println!("ended: {} sessions, {} links, {} API keys of that time", ended.sessions, ended.links, ended.api_keys);
    Ok(())
}

/// What follows after PostgreSQL's own tools restored a database.
pub async fn after_restore(config: &Config) -> Result<(), Complaint> {
    let app = wiring::app(config, OpenAs::Server).await?;
    let ended = restoration::after_restore(&app).await?;
    app.db.close().await;
    println!("ended: {} sessions, {} links, {} API keys of that time", ended.sessions, ended.links, ended.api_keys);
    Ok(())
}

async fn make_draft(config: &Config, file: &Path, draft: &Path) -> Result<Ended, Complaint> {
    std::fs::copy(file, draft)?;
    keep_private(draft)?;
    let database = DatabaseConfig { path: draft.to_owned(), ..config.database.clone() };
    let app = wiring::app_on(config, &database, OpenAs::Server).await?;
    let ended = restoration::after_restore(&app).await?;
    app.db.close().await;
    Ok(ended)
}

fn put_in_place(path: &Path, draft: &Path, before: &Path) -> Result<(), Complaint> {
    // The log goes along: without it a database that was not closed well would lose its latest changes.
    for suffix in ["", "-wal", "-shm"] {
        let (from, to) = (beside(path, suffix), beside(before, suffix));
        if from.exists() {
            std::fs::rename(&from, &to)?;
        }
    }
    Ok(std::fs::rename(draft, path)?)
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

#[cfg(unix)]
fn keep_private(file: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600))
}

#[cfg(not(unix))]
fn keep_private(_: &Path) -> std::io::Result<()> {
    Ok(())
}
