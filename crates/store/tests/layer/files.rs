//! The SQLite file: who may open it, and copies of it.

use std::os::unix::fs::PermissionsExt;

use store::{DatabaseConfig, Db, OpenAs, StoreError, verify_sqlite_file};

use crate::{SCHEMA, add, ids, sqlite};

#[tokio::test]
async fn a_second_server_is_refused_and_a_tool_is_not() {
    let database = sqlite().await;
    let second = Db::open_with(database.config(), OpenAs::Server, SCHEMA).await.err();
    assert_eq!(second, Some(StoreError::AlreadyRunning(database.config().path.clone())));

    let tool = Db::open_with(database.config(), OpenAs::Tool, SCHEMA).await.expect("a tool works beside the server");
    let mut tx = tool.write().await.expect("a transaction");
    add(&mut tx, 1).await.expect("an insert");
    tx.commit().await.expect("a commit");
    assert_eq!(ids(&database).await, [1]);
}

#[tokio::test]
async fn a_new_file_is_readable_by_nobody_else() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("deep").join("portcullis.db");
    let config = DatabaseConfig { path: path.clone(), ..DatabaseConfig::default() };
    let db = Db::open_with(&config, OpenAs::Server, SCHEMA).await.expect("it is made");
    let mut tx = db.write().await.expect("a transaction");
    add(&mut tx, 1).await.expect("an insert");
    tx.commit().await.expect("a commit");

    for end in ["", "-wal", "-shm"] {
        let file = format!("{}{end}", path.display());
        let mode = std::fs::metadata(&file).expect("a file").permissions().mode();
        assert_eq!(mode & 0o077, 0, "{file} has mode {mode:o}");
    }
    db.close().await;
    assert!(!std::fs::exists(format!("{}-wal", path.display())).expect("a directory"), "a closed file stands alone");
}

#[tokio::test]
async fn a_backup_is_taken_beside_an_open_transaction_and_can_be_verified() {
    let database = sqlite().await;
    let mut tx = database.write().await.expect("a transaction");
    add(&mut tx, 1).await.expect("an insert");
    tx.commit().await.expect("a commit");
    let mut open = database.write().await.expect("a transaction");
    add(&mut open, 2).await.expect("an insert");

    let copy = database.config().path.with_extension("backup");
    database.backup_to(&copy).await.expect("a backup");
    let mode = std::fs::metadata(&copy).expect("the copy").permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "as it was made before the first byte");
    assert_eq!(verify_sqlite_file(&copy).await, Ok(1));
    assert!(database.backup_to(&copy).await.is_err(), "nothing is overwritten");

    let config = DatabaseConfig { path: copy, ..database.config().clone() };
    let restored = Db::open_with(&config, OpenAs::Server, SCHEMA).await.expect("a backup opens");
    assert_eq!(ids(&restored).await, [1]);
}

#[tokio::test]
async fn a_backup_that_fails_leaves_no_file_and_one_that_is_there_is_left_alone() {
    let database = sqlite().await;
    let place = &database.config().path;
    let link = place.with_extension("link");
    std::os::unix::fs::symlink(place.with_extension("nowhere"), &link).expect("a link");
    assert!(database.backup_to(&link).await.is_err());
    assert!(std::fs::symlink_metadata(place.with_extension("nowhere")).is_err() && link.is_symlink());
    std::fs::remove_file(place).expect("the database is lost");
    let copy = place.with_extension("backup");
    assert!(database.backup_to(&copy).await.is_err());
    assert!(!copy.exists(), "no empty file that looks like a backup");
}

#[tokio::test]
async fn a_database_that_is_a_link_is_refused() {
    let database = sqlite().await;
    let link = database.config().path.with_extension("link");
    std::os::unix::fs::symlink(&database.config().path, &link).expect("a link");
    let config = DatabaseConfig { path: link, ..DatabaseConfig::default() };
    for who in [OpenAs::Server, OpenAs::Tool] {
        let refused = Db::open_with(&config, who, SCHEMA).await.err().expect("it is refused");
        assert!(refused.to_string().contains("is a link"), "{refused}");
    }
}

#[tokio::test]
async fn a_damaged_or_foreign_file_is_found_out() {
    let database = sqlite().await;
    let copy = database.config().path.with_extension("backup");
    database.backup_to(&copy).await.expect("a backup");
    let mut bytes = std::fs::read(&copy).expect("the copy");
    let middle = bytes.len() / 2;
    bytes[middle..].fill(0xA5);
    std::fs::write(&copy, bytes).expect("the damage");
    assert!(verify_sqlite_file(&copy).await.is_err());

    std::fs::write(&copy, "not a database at all").expect("another file");
    assert!(verify_sqlite_file(&copy).await.is_err());
    assert!(verify_sqlite_file(&database.config().path.with_extension("missing")).await.is_err());
}
