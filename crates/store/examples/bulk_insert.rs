//! How long a million rows take, and what memory they leave behind.
//!
//! `cargo run --release -p store --example bulk_insert [postgres://…]`
#![expect(clippy::disallowed_methods, reason = "it measures")]

use std::time::Instant;

use futures_util::TryStreamExt;
use store::{DatabaseConfig, Db, Migration, OpenAs, values};

const SCHEMA: &[Migration] = &[Migration {
    version: 1,
    name: "people",
    text: "CREATE TABLE people (
            account_id TEXT NOT NULL, id TEXT NOT NULL, email TEXT NOT NULL, name TEXT, created_at BIGINT NOT NULL,
            active BOOLEAN NOT NULL, PRIMARY KEY (account_id, id)
        );
        CREATE UNIQUE INDEX people_email ON people (account_id, email);",
}];

const PEOPLE: i64 = 1_000_000;
const PIECE: usize = 10_000;
const INSERT: &str = "INSERT INTO people (account_id, id, email, name, created_at, active)";

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let directory = tempfile::tempdir()?;
    let url = std::env::args().nth(1);
    let config = DatabaseConfig { url, path: directory.path().join("bulk.db"), ..DatabaseConfig::default() };
    let db = Db::open_with(&config, OpenAs::Server, SCHEMA).await?;
    println!("{:?}: {} at rest", db.engine(), memory());

    let began = Instant::now();
    let mut tx = db.write().await?;
    for first in (0..PEOPLE).step_by(PIECE) {
        let rows = (first..PEOPLE).take(PIECE).map(|n| {
            let (id, email, name) = (format!("usr_{n:022}"), format!("person{n}@example.com"), format!("Person {n}"));
            values!["acc_1", id, email, name, n, n % 7 > 0]
        });
        tx.insert_many(INSERT, "ON CONFLICT DO NOTHING", rows).await?;
    }
    tx.commit().await?;
    println!("{PEOPLE} rows written in {:?}, {}", began.elapsed(), memory());

    let began = Instant::now();
    let mut tx = db.read().await?;
    let people = tx.sql("SELECT id, email, name, created_at FROM people ORDER BY account_id, id");
    let people = people.stream::<(String, String, Option<String>, i64)>();
    let read = people.try_fold(0, async |read, _| Ok(read + 1)).await?;
    println!("{read} rows streamed in {:?}, {}", began.elapsed(), memory());

    let began = Instant::now();
    let page =
        "SELECT id, email, name, created_at FROM people WHERE account_id = $1 AND id > $2 ORDER BY id LIMIT 10000";
    let page = tx.sql(page).bind("acc_1").bind("usr_").all::<(String, String, Option<String>, i64)>().await?;
    println!("a list of {} rows in {:?}, {}", page.len(), began.elapsed(), memory());
    drop((page, tx));

    let began = Instant::now();
    for n in 0..20_000 {
        let mut tx = db.read().await?;
        let one = tx.sql("SELECT id FROM people WHERE account_id = $1 AND email = $2");
        one.bind("acc_1").bind(&format!("person{}@example.com", n * 37)).one::<(String,)>().await?;
    }
    println!("one look-up after the other takes {:?}", began.elapsed() / 20_000);
    if db.engine() == store::Engine::Postgres {
        let mut tx = db.write().await?;
        tx.sql("DROP TABLE people").run().await?;
        tx.sql("DROP TABLE schema_migrations").run().await?;
        tx.commit().await?;
    }
    db.close().await;
    Ok(())
}

/// The resident memory of this process; Linux only.
fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    resident.map_or_else(|| "?".to_owned(), |resident| format!("{} resident", resident.trim()))
}
