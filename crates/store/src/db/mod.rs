//! The database, opened once and shared by everything.

pub(crate) mod backup;
pub(crate) mod bulk;
pub(crate) mod bulk_load;
pub(crate) mod clock;
pub(crate) mod columns;
pub(crate) mod config;
pub(crate) mod ddl;
pub(crate) mod engine;
pub(crate) mod error;
pub(crate) mod folder;
pub(crate) mod lock;
pub(crate) mod migrations;
pub(crate) mod open;
#[cfg(feature = "testing")]
pub mod plans;
pub(crate) mod query;
pub(crate) mod readers;
#[cfg(feature = "testing")]
pub(crate) mod recorder;
pub(crate) mod row;
pub(crate) mod rows;
pub(crate) mod statement;
pub(crate) mod tenant;
pub(crate) mod tx;
pub(crate) mod value;
pub(crate) mod writer;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sqlx::postgres::PgPool;

use crate::StoreError;
use crate::db::config::{DatabaseConfig, OpenAs};
use crate::db::engine::postgres::{self, ReadConnection};
use crate::db::engine::{ChangeListener, Engine, SearchIndex, sqlite};
use crate::db::folder::{Folder, name_beside};
use crate::db::lock::ServerLock;
use crate::db::readers::Readers;
use crate::db::tx::{Source, Tx};
use crate::db::writer::Writer;

/// A tool waits longer for a busy server than the server for a tool: the server is rarely idle for long.
const BUSY_SERVER: Duration = Duration::from_secs(5);
const BUSY_TOOL: Duration = Duration::from_secs(30);

/// An open database. Clones are the same database.
#[derive(Clone)]
pub struct Db {
    backend: Arc<Backend>,
    statements: Arc<AtomicU64>,
    search: SearchIndex,
}

pub(crate) enum Backend {
    Sqlite { readers: Arc<Readers>, writer: Writer, config: DatabaseConfig, _lock: Option<ServerLock> },
    Postgres { pool: PgPool, begin: String, size: u32 },
}

impl Db {
    /// The engine behind it.
    pub fn engine(&self) -> Engine {
        match &*self.backend {
            Backend::Sqlite { .. } => Engine::Sqlite,
            Backend::Postgres { .. } => Engine::Postgres,
        }
    }

    /// How substring search is answered.
    pub fn search_index(&self) -> SearchIndex {
        self.search
    }

    /// A connection for reading. Every statement sees what was committed when it began.
    pub async fn read(&self) -> Result<Tx, StoreError> {
        let source = match &*self.backend {
            Backend::Sqlite { readers, .. } => Source::SqliteRead(readers.lease().await?),
            Backend::Postgres { pool, .. } => Source::PostgresRead(ReadConnection::acquire(pool).await?),
        };
        Ok(Tx::new(source, Arc::clone(&self.statements)))
    }

    /// A transaction. Do nothing but SQL until it is committed: on SQLite all others wait for it.
    pub async fn write(&self) -> Result<Tx, StoreError> {
        let source = match &*self.backend {
            Backend::Sqlite { writer, .. } => Source::SqliteWrite(writer.lease().await?),
            Backend::Postgres { pool, begin, .. } => Source::PostgresWrite(postgres::begin(pool, begin).await?),
        };
        Ok(Tx::new(source, Arc::clone(&self.statements)))
    }

    /// A listener for changes by other nodes; `None` on SQLite, which has only one server.
    pub async fn listen(&self) -> Result<Option<ChangeListener>, StoreError> {
        match &*self.backend {
            Backend::Sqlite { .. } => Ok(None),
            Backend::Postgres { pool, .. } => Ok(Some(ChangeListener::connect(pool).await?)),
        }
    }

    /// How many can read at once; on PostgreSQL those who write are among them.
    pub fn connections(&self) -> usize {
        let size = match &*self.backend {
            Backend::Sqlite { config, .. } => sqlite::connections(config),
            Backend::Postgres { size, .. } => *size,
        };
        usize::try_from(size).unwrap_or(1)
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.read().await?.sql("SELECT 1").value::<i64>().await?;
        Ok(())
    }

    /// How many statements were run: a cache hit must not change it.
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// Waits for what is open, then closes. Everything asked of it afterwards is `Unavailable`.
    pub async fn close(&self) {
        match &*self.backend {
            Backend::Sqlite { readers, writer, .. } => {
                // The writer goes last: it moves the log into the file and removes it.
                readers.close().await;
                writer.close().await;
            }
            Backend::Postgres { pool, .. } => pool.close().await,
        }
    }

    /// The configuration of a SQLite file; None for PostgreSQL.
    pub(crate) fn sqlite_config(&self) -> Option<&DatabaseConfig> {
        match &*self.backend {
            Backend::Sqlite { config, .. } => Some(config),
            Backend::Postgres { .. } => None,
        }
    }
}

impl Backend {
    async fn sqlite(config: &DatabaseConfig, who: OpenAs) -> Result<Self, StoreError> {
        // A link is something, too: it is refused when it is opened.
        if !who.makes_one() && config.path.symlink_metadata().is_err() {
            return Err(StoreError::NoInstallation);
        }
        create_private(&config.path)?;
        let mut config = config.clone();
        let (lock, busy) = if who.is_alone() {
            (Some(ServerLock::take(&config.path)?), BUSY_SERVER)
        } else {
            config.write_timeout = config.write_timeout.max(BUSY_TOOL);
            (None, BUSY_TOOL)
        };
        // It is there by now; a path that leads elsewhere meanwhile makes no other one.
        let options = sqlite::writer(&config.path, config.durable, busy).create_if_missing(false);
        let writer = Writer::start(options, &config).await?;
        let readers = Readers::new(
            sqlite::reader(&config.path, busy),
            sqlite::connections(&config),
            config.acquire_timeout,
            config.statement_timeout,
        );
        Ok(Self::Sqlite { readers: Arc::new(readers), writer, config, _lock: lock })
    }
}

/// Creates the file so that only its owner can read it; SQLite gives the files beside it the same owner and rights, and
/// follows no link when it makes them.
fn create_private(path: &Path) -> Result<(), StoreError> {
    let made = Folder::make_for(path).and_then(|folder| folder.find_or_create(&name_beside(path, "")));
    made.map(drop).map_err(|error| StoreError::unavailable(format!("{}: {error}", path.display())))
}
