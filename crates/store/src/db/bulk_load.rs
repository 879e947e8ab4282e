//! Loading so many rows that keeping a dozen indexes up to date row by row would take most of the time.

use crate::{Engine, SqlText, StoreError, Tx};

/// Indexes that were taken away from tables, to be brought back.
#[derive(Debug)]
#[must_use = "the indexes are gone until they are brought back"]
pub struct DroppedIndexes(Vec<String>);

impl Tx {
    /// Takes the indexes of tables away, except the unique ones, by which a statement knows what is there already. Only for filling
    /// a database: without them every question to the tables reads all of them.
    pub async fn drop_indexes(&mut self, tables: &[&str]) -> Result<DroppedIndexes, StoreError> {
        let list = match self.engine() {
            Engine::Sqlite => {
                "SELECT name, sql FROM sqlite_master \
                 WHERE type = 'index' AND tbl_name = $1 AND sql IS NOT NULL AND sql NOT LIKE 'CREATE UNIQUE %'"
            }
            Engine::Postgres => {
                "SELECT CAST(indexname AS TEXT), indexdef FROM pg_indexes \
                 WHERE tablename = $1 AND schemaname = CURRENT_SCHEMA AND indexdef NOT LIKE 'CREATE UNIQUE %'"
            }
        };
        let mut dropped = Vec::new();
        for table in tables {
            for (name, definition) in self.sql(list).bind(*table).all::<(String, String)>().await? {
                self.sql(SqlText::once(format!("DROP INDEX {name}"))).run().await?;
                dropped.push(definition);
            }
        }
        Ok(DroppedIndexes(dropped))
    }

    /// Brings the indexes back: each is built by sorting, which is many times faster than row by row.
    pub async fn restore_indexes(&mut self, dropped: DroppedIndexes) -> Result<(), StoreError> {
        for definition in dropped.0 {
            self.sql(SqlText::once(definition)).run().await?;
        }
        Ok(())
    }
}
