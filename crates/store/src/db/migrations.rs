//! The schema's history, and how a database is brought up to date.
//!
//! A migration is one text for both engines: see [`ddl`](crate::db::ddl) for what is translated. It is never edited after a release:
//! its checksum is kept in the database, and in `crates/store/migrations/checksums.txt`, with which `make lint` compares it.

use crate::db::config::OpenAs;
use crate::db::engine::{Engine, SearchIndex};
use crate::db::query::SqlText;
use crate::db::{clock, ddl};
use crate::{Db, StoreError, Tx, record};

/// A step of the schema's history.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// Its number; they are run in ascending order.
    pub version: i64,
    /// What it is about.
    pub name: &'static str,
    /// Its SQL.
    pub text: &'static str,
}

/// All steps, the oldest first: the files of `migrations`, which `build.rs` lists.
pub(crate) const ALL: &[Migration] = include!(concat!(env!("OUT_DIR"), "/migrations.rs"));

/// Held by a PostgreSQL node while it migrates. Any number will do, as long as it stays the same.
const LOCK: i64 = 7_225_839_001;

impl Migration {
    /// FNV-1a: it is there against mistakes, not against attackers.
    fn checksum(&self) -> String {
        let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        format!("{:016x}", self.text.bytes().fold(0xcbf2_9ce4_8422_2325, step))
    }
}

struct Applied {
    version: i64,
    name: String,
    checksum: String,
    trigram: bool,
}

record!(Applied { version, name, checksum, trigram });

/// Brings the schema up to date, or refuses to work with this one. Says how search is answered.
pub(crate) async fn run(db: &Db, who: OpenAs, schema: &[Migration]) -> Result<SearchIndex, StoreError> {
    let trigram = db.engine() == Engine::Sqlite || create_trigram_extension(db).await?;
    loop {
        let mut tx = db.write().await?;
        lock(&mut tx).await?;
        let applied = applied(&mut tx).await?;
        check(&applied, schema)?;
        let Some(next) = schema.get(applied.len()) else {
            if trigram {
                complete_search(&mut tx, &applied, schema).await?;
            }
            tx.commit().await?;
            break;
        };
        if applied.is_empty() && !who.makes_one() {
            return Err(StoreError::NoInstallation);
        }
        if !applied.is_empty() && !who.is_alone() {
            return Err(StoreError::OlderSchema { found: newest(&applied), known: known(schema) });
        }
        tracing::info!(version = next.version, name = next.name, "Migrating the database.");
        apply(&mut tx, next, trigram).await?;
        tx.commit().await?;
    }
    if !trigram {
        tracing::warn!("The PostgreSQL server has no pg_trgm, so every search reads all users.");
    }
    Ok(if trigram { SearchIndex::Trigram } else { SearchIndex::None })
}

/// The newest schema version that this program knows.
pub fn schema_version() -> i64 {
    known(ALL)
}

/// The newest migration of this program.
pub(crate) fn known(schema: &[Migration]) -> i64 {
    schema.last().map_or(0, |migration| migration.version)
}

fn newest(applied: &[Applied]) -> i64 {
    applied.last().map_or(0, |migration| migration.version)
}

/// One node migrates, the others wait. On SQLite the write transaction itself is the lock.
async fn lock(tx: &mut Tx) -> Result<(), StoreError> {
    if tx.engine() == Engine::Postgres {
        tx.sql("SET LOCAL statement_timeout = 0").run().await?;
        tx.sql("SELECT pg_advisory_xact_lock($1)").bind(&LOCK).run().await?;
    }
    Ok(())
}

async fn applied(tx: &mut Tx) -> Result<Vec<Applied>, StoreError> {
    const TABLE: &str = "CREATE TABLE IF NOT EXISTS schema_migrations (
        version BIGINT PRIMARY KEY,
        name TEXT NOT NULL,
        checksum TEXT NOT NULL,
        trigram BOOLEAN NOT NULL,
        applied_at BIGINT NOT NULL
    )";
    for statement in ddl::statements(TABLE, tx.engine())? {
        tx.sql(SqlText::once(statement.text)).run().await?;
    }
    tx.sql("SELECT version, name, checksum, trigram FROM schema_migrations ORDER BY version").all().await
}

/// What was applied must be the beginning of what we know.
fn check(applied: &[Applied], schema: &[Migration]) -> Result<(), StoreError> {
    if newest(applied) > known(schema) {
        return Err(StoreError::NewerSchema { found: newest(applied), known: known(schema) });
    }
    for (found, known) in applied.iter().zip(schema) {
        if found.version != known.version || found.checksum != known.checksum() {
            return Err(StoreError::ChangedMigration { version: found.version, name: found.name.clone() });
        }
    }
    Ok(())
}

async fn apply(tx: &mut Tx, migration: &Migration, trigram: bool) -> Result<(), StoreError> {
    for statement in ddl::statements(migration.text, tx.engine())? {
        if trigram || !statement.trigram {
            execute(tx, migration, statement.text).await?;
        }
    }
    tx.sql("INSERT INTO schema_migrations (version, name, checksum, trigram, applied_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(&migration.version)
        .bind(migration.name)
        .bind(&migration.checksum())
        .bind(&trigram)
        .bind(&clock::utc())
        .run()
        .await?;
    Ok(())
}

/// Runs what was left out while the server had no `pg_trgm`.
async fn complete_search(tx: &mut Tx, applied: &[Applied], schema: &[Migration]) -> Result<(), StoreError> {
    for (_, migration) in applied.iter().zip(schema).filter(|(applied, _)| !applied.trigram) {
        for statement in ddl::statements(migration.text, tx.engine())?.into_iter().filter(|it| it.trigram) {
            execute(tx, migration, statement.text).await?;
        }
        let done = tx.sql("UPDATE schema_migrations SET trigram = $2 WHERE version = $1");
        done.bind(&migration.version).bind(&true).run().await?;
    }
    Ok(())
}

async fn execute(tx: &mut Tx, migration: &Migration, statement: String) -> Result<(), StoreError> {
    let beginning: String = statement.chars().take(80).collect();
    let failed = |error: StoreError| {
        tracing::error!(
            version = migration.version,
            name = migration.name,
            statement = beginning,
            "A migration failed."
        );
        error
    };
    tx.sql(SqlText::once(statement)).run().await.map(|_| ()).map_err(failed)
}

/// Whether PostgreSQL has the extension, now that we have asked for it. It is one that needs no superuser.
async fn create_trigram_extension(db: &Db) -> Result<bool, StoreError> {
    const HAS: &str = "SELECT EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm')";
    if db.read().await?.sql(HAS).value().await? {
        return Ok(true);
    }
    let mut tx = db.write().await?;
    lock(&mut tx).await?;
    match tx.sql("CREATE EXTENSION IF NOT EXISTS pg_trgm").run().await {
        Ok(_) => tx.commit().await.map(|()| true),
        Err(error @ StoreError::Unavailable(_)) => Err(error),
        Err(error) => {
            tracing::debug!(%error, "The extension pg_trgm couldn't be created.");
            Ok(false)
        }
    }
}
