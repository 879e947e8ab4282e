//! What the repositories may rely on, on both engines.
#![expect(clippy::expect_used, reason = "a test whose preparation fails has failed")]

mod files;
mod groups;
mod migrating;
mod outages;
mod statements;
mod values;

use store::testing::TestDatabase;
use store::{Migration, StoreError, Tx};

/// A schema that has one of everything.
const SCHEMA: &[Migration] = &[Migration {
    version: 1,
    name: "things",
    text: "
        CREATE TABLE things (
            account_id TEXT NOT NULL,
            id BIGINT NOT NULL,
            name TEXT,
            size BIGINT,
            active BOOLEAN,
            content BYTEA,
            PRIMARY KEY (account_id, id)
        );
        CREATE UNIQUE INDEX things_name ON things (account_id, name);
        CREATE UNIQUE INDEX things_folded ON things (lower(name)) WHERE active;
        CREATE TABLE parts (
            id BIGINT PRIMARY KEY,
            account_id TEXT NOT NULL,
            thing_id BIGINT NOT NULL,
            FOREIGN KEY (account_id, thing_id) REFERENCES things (account_id, id)
        );
    ",
}];

/// Runs a test on each engine there is.
async fn on_both(test: impl AsyncFn(TestDatabase)) {
    for database in TestDatabase::all_with(SCHEMA).await {
        test(database).await;
    }
}

async fn sqlite() -> TestDatabase {
    TestDatabase::sqlite_with(SCHEMA, |_| {}).await
}

async fn add(tx: &mut Tx, id: i64) -> Result<u64, StoreError> {
    tx.sql("INSERT INTO things (account_id, id, name) VALUES ('acc', $1, $2)")
        .bind(&id)
        .bind(&format!("thing {id}"))
        .run()
        .await
}

async fn ids(database: &store::Db) -> Vec<i64> {
    let mut tx = database.read().await.expect("a connection");
    tx.sql("SELECT id FROM things ORDER BY id").values().await.expect("the ids")
}
