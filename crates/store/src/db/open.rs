//! Opening a database: its schema is brought up to date, or is the one of this program.

use std::sync::Arc;

use crate::db::Backend;
use crate::db::config::{DatabaseConfig, OpenAs};
use crate::db::engine::{SearchIndex, postgres};
use crate::db::migrations::{self, Migration};
use crate::{Db, StoreError};

impl Db {
    /// Opens the database and, as a server, brings its schema up to date.
    pub async fn open(config: &DatabaseConfig, who: OpenAs) -> Result<Self, StoreError> {
        Self::open_with(config, who, migrations::ALL).await
    }

    /// Opens a database with a schema of one's own; for tests of what every schema has.
    pub async fn open_with(config: &DatabaseConfig, who: OpenAs, schema: &[Migration]) -> Result<Self, StoreError> {
        let backend = match &config.url {
            Some(url) => Backend::Postgres {
                pool: postgres::pool(url, config)?,
                begin: postgres::begin_text(config),
                size: postgres::connections(config),
            },
            None => Backend::sqlite(config, who).await?,
        };
        let mut db = Self { backend: Arc::new(backend), statements: Arc::default(), search: SearchIndex::None };
        db.search = migrations::run(&db, who, schema).await?;
        Ok(db)
    }

    /// Whether the database answers and its schema is the one of this program: others may have migrated or restored it.
    pub async fn check_schema(&self) -> Result<(), StoreError> {
        let found = self.read().await?.sql("SELECT MAX(version) FROM schema_migrations").value::<i64>().await?;
        let known = migrations::schema_version();
        if found < known {
            return Err(StoreError::OlderSchema { found, known });
        }
        if found > known { Err(StoreError::NewerSchema { found, known }) } else { Ok(()) }
    }
}
