//! Backup and restore of a SQLite file.

use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use service::installation::restoration::{self, Ended};
use store::{
    DatabaseConfig, Db, Folder, OpenAs, ServerLock, StoreError, name_beside, schema_version, settle_sqlite_file,
    verify_sqlite_file,
};

use crate::cli_error::{FAILED, MISUSED, NOT_NOW};
use crate::config::Config;
use crate::{CliError, wiring};

/// What lies beside the draft of a restore, itself included.
const DRAFT: &[&str] = &["", "-wal", "-shm", ".lock"];

/// How every SQLite file begins: <https://www.sqlite.org/fileformat.html>.
const SQLITE: &[u8; 16] = b"SQLite format 3\0";

fn check_engine(config: &Config, tool: &str) -> Result<(), CliError> {
    if config.database.url.is_none() {
        return Ok(());
    }
    Err(CliError::new(MISUSED, format!("This installation uses PostgreSQL. Use {tool}.")))
}

/// Writes a copy and looks whether it is whole.
pub async fn backup(config: &Config, file: &Path) -> Result<(), CliError> {
    check_engine(config, "pg_dump --format=custom")?;
    if file.symlink_metadata().is_ok() {
        return Err(CliError::new(MISUSED, format!("{} already exists. Choose a new file.", file.display())));
    }
    if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.is_dir()) {
        return Err(CliError::new(MISUSED, format!("The folder {} doesn't exist. Create it first.", folder.display())));
    }
    let db = Db::open(&config.database, OpenAs::Tool).await?;
    let written = db.backup_to(file).await;
    db.close().await;
    written?;
    verify_sqlite_file(file).await?;
    println!(
        "Backup written to {} and verified. A restore also needs the secret key, so keep the key elsewhere.",
        file.display()
    );
    Ok(())
}

/// Puts a backup in the place of the database; what was there before is kept beside it. Everything is done with a draft,
/// so that a failure leaves the database as it was.
pub async fn restore(config: &Config, file: &Path) -> Result<(), CliError> {
    check_engine(
        config,
        "pg_restore into an empty database with the servers stopped, and then `portcullis after-restore`",
    )?;
    let path = &config.database.path;
    let untouched = || format!("{} can't be restored and nothing was changed", file.display());
    let folder = Folder::make_for(path)?;
    // Held to the end: no server starts meanwhile.
    let _lock = ServerLock::take(path)?;
    // A link would be replaced, and what it leads to left behind.
    folder.find(&name_beside(path, ""))?;
    let draft = beside(path, ".restoring");
    // A restore that was killed may have left one: its log would be taken for that of the new draft.
    remove(&folder, &draft, DRAFT)?;
    let restored = async {
        let ended = make_draft(config, file, &folder, &draft).await?;
        Ok((ended, put_in_place(&folder, path, &draft).await?))
    };
    let restored = restored.await;
    remove(&folder, &draft, DRAFT)?;
    let (ended, before) = restored.map_err(|error: CliError| error.while_doing(untouched()))?;
    match before {
        Some(before) => println!("Restored from {}. The previous database is in {}.", file.display(), before.display()),
        None => println!("Restored from {}.", file.display()),
    }
    println!("Ended from that time: {ended}.");
    Ok(())
}

/// What follows after PostgreSQL's own tools restored a database.
pub async fn after_restore(config: &Config) -> Result<(), CliError> {
    let app = wiring::app(config, OpenAs::Maintenance).await?;
    let ended = restoration::after_restore(&app).await?;
    app.db.close().await;
    println!("Ended from that time: {ended}.");
    Ok(())
}

/// Copies the backup and ends what it would bring back. The copy is checked and not the backup, which may be another one by
/// then. Until it turned out to be a database of ours, no one else can read it: root may be led to what is none.
async fn make_draft(config: &Config, file: &Path, folder: &Folder, draft: &Path) -> Result<Ended, CliError> {
    let mut copy = folder.create(&name_beside(draft, ""))?;
    let mut backup = Folder::of(file)?.read(&name_beside(file, ""))?;
    std::io::copy(&mut backup, &mut copy)?;
    let mut begin = [0; SQLITE.len()];
    if copy.read_exact_at(&mut begin, 0).is_err() || begin != *SQLITE {
        return Err(CliError::new(FAILED, "It isn't a SQLite database."));
    }
    let version = verify_sqlite_file(draft).await?;
    if version > schema_version() {
        return Err(StoreError::NewerSchema { found: version, known: schema_version() }.into());
    }
    folder.give(&copy)?;
    let database = DatabaseConfig { path: draft.to_owned(), ..config.database.clone() };
    let app = wiring::app_on(config, &database, OpenAs::Maintenance).await?;
    let ended = restoration::after_restore(&app).await?;
    app.db.close().await;
    Ok(ended)
}

/// Replaces the database in one step, so that at every moment there is a whole one, and says where the former one is kept.
/// One that is too damaged to be opened is kept as it is, with its log.
async fn put_in_place(folder: &Folder, path: &Path, draft: &Path) -> Result<Option<PathBuf>, CliError> {
    let before = is_taken(path).then(|| unused_name(path));
    if let Some(before) = &before {
        // A file and its log cannot be replaced in one step.
        if let Ok(false) = settle_sqlite_file(path).await {
            let what = format!("Another program has {} open. Stop it first.", path.display());
            return Err(CliError::new(NOT_NOW, what));
        }
        for suffix in ["", "-wal"] {
            let (from, to) = (beside(path, suffix), beside(before, suffix));
            if is_taken(&from) {
                std::fs::hard_link(&from, &to).or_else(|_| copy_in(folder, &from, &to))?;
            }
        }
    }
    // SQLite would take the log of a damaged one for that of the new file.
    remove(folder, path, &["-wal", "-shm"])?;
    std::fs::rename(draft, path)?;
    Ok(before)
}

/// For file systems without hard links.
fn copy_in(folder: &Folder, from: &Path, to: &Path) -> std::io::Result<()> {
    let Some(mut original) = folder.find(&name_beside(from, ""))? else { return Ok(()) };
    let mut copy = folder.create(&name_beside(to, ""))?;
    std::io::copy(&mut original, &mut copy)?;
    folder.give(&copy)
}

/// Whether there is anything of this name, be it a link that leads nowhere.
fn is_taken(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// A name that no earlier restore has used.
fn unused_name(path: &Path) -> PathBuf {
    let first = beside(path, ".before-restore");
    let more = (2..).map(|number: u32| beside(&first, &format!("-{number}")));
    std::iter::once(first.clone()).chain(more).find(|name| !is_taken(name)).unwrap_or(first)
}

/// Removes what is there of a file and its companions.
fn remove(folder: &Folder, path: &Path, suffixes: &[&str]) -> std::io::Result<()> {
    suffixes.iter().try_for_each(|suffix| folder.remove(&name_beside(path, suffix)))
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    path.with_file_name(name_beside(path, suffix))
}
