//! Backup and restore of a SQLite file.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use service::restoration::{self, Ended};
use store::{
    DatabaseConfig, Db, OpenAs, Owner, ServerLock, StoreError, schema_version, settle_sqlite_file, verify_sqlite_file,
};

use crate::complaint::{MISUSED, NOT_NOW};
use crate::config::Config;
use crate::{Complaint, wiring};

/// What lies beside the draft of a restore, itself included.
const DRAFT: &[&str] = &["", "-wal", "-shm", ".lock"];

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
    let owner = Owner::of(path)?;
    make_folder_of(path, owner)?;
    // Held to the end: no server starts meanwhile.
    let _lock = ServerLock::take(path)?;
    let version = verify_sqlite_file(file).await.map_err(|error| Complaint::from(error).while_doing(untouched()))?;
    if version > schema_version() {
        let error = StoreError::NewerSchema { found: version, known: schema_version() };
        return Err(Complaint::from(error).while_doing(untouched()));
    }
    let draft = beside(path, ".restoring");
    // A restore that was killed may have left one: its log would be taken for that of the new draft.
    remove(&draft, DRAFT)?;
    let restored = async {
        let ended = make_draft(config, file, &draft, owner).await?;
        Ok((ended, put_in_place(path, &draft).await?))
    };
    let restored = restored.await;
    remove(&draft, DRAFT)?;
    let (ended, before) = restored.map_err(|complaint: Complaint| complaint.while_doing(untouched()))?;
    match before {
        Some(before) => println!("restored from {}; what was there before is in {}", file.display(), before.display()),
        None => println!("restored from {}", file.display()),
    }
    println!("ended: {ended} of that time");
    Ok(())
}

/// What follows after PostgreSQL's own tools restored a database.
pub async fn after_restore(config: &Config) -> Result<(), Complaint> {
    let app = wiring::app(config, OpenAs::Server).await?;
    let ended = restoration::after_restore(&app).await?;
    app.db.close().await;
    println!("ended: {ended} of that time");
    Ok(())
}

async fn make_draft(config: &Config, file: &Path, draft: &Path, owner: Owner) -> Result<Ended, Complaint> {
    std::fs::copy(file, draft)?;
    keep_private(draft)?;
    owner.give(draft)?;
    let database = DatabaseConfig { path: draft.to_owned(), ..config.database.clone() };
    let app = wiring::app_on(config, &database, OpenAs::Server).await?;
    let ended = restoration::after_restore(&app).await?;
    app.db.close().await;
    Ok(ended)
}

/// Replaces the database in one step, so that at every moment there is a whole one, and says where the former one is kept.
/// One that is too damaged to be opened is kept as it is, with its log.
async fn put_in_place(path: &Path, draft: &Path) -> Result<Option<PathBuf>, Complaint> {
    let before = path.exists().then(|| unused_name(path));
    if let Some(before) = &before {
        // A file and its log cannot be replaced in one step.
        if let Ok(false) = settle_sqlite_file(path).await {
            let what = format!("another program has {} open; end it first", path.display());
            return Err(Complaint::new(NOT_NOW, what));
        }
        for suffix in ["", "-wal"] {
            let (from, to) = (beside(path, suffix), beside(before, suffix));
            if from.exists() {
                std::fs::hard_link(&from, &to).or_else(|_| std::fs::copy(&from, &to).map(drop))?;
            }
        }
    }
    // SQLite would take the log of a damaged one for that of the new file.
    remove(path, &["-wal", "-shm"])?;
    std::fs::rename(draft, path)?;
    Ok(before)
}

/// Makes the folder of the database where there is none.
fn make_folder_of(database: &Path, owner: Owner) -> std::io::Result<()> {
    let folders = database.ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty());
    let missing: Vec<&Path> = folders.take_while(|folder| !folder.exists()).collect();
    for folder in missing.into_iter().rev() {
        std::fs::create_dir(folder)?;
        owner.give(folder)?;
    }
    Ok(())
}

/// A name that no earlier restore has used.
fn unused_name(path: &Path) -> PathBuf {
    let first = beside(path, ".before-restore");
    let more = (2..).map(|number: u32| beside(&first, &format!("-{number}")));
    std::iter::once(first.clone()).chain(more).find(|name| !name.exists()).unwrap_or(first)
}

/// Removes what is there of a file and its companions.
fn remove(path: &Path, suffixes: &[&str]) -> std::io::Result<()> {
    for suffix in suffixes {
        match std::fs::remove_file(beside(path, suffix)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn keep_private(file: &Path) -> std::io::Result<()> {
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600))
}
