//! How many durable transactions per second: one writer alone, and many at once.
//!
//! `cargo run --release -p store --example group_commit [directory]`
#![expect(clippy::disallowed_methods, reason = "it measures")]

use std::path::PathBuf;
use std::time::{Duration, Instant};

use store::{DatabaseConfig, Db, Migration, OpenAs, StoreError};

const SCHEMA: &[Migration] = &[Migration {
    version: 1,
    name: "events",
    text: "CREATE TABLE events (account_id TEXT NOT NULL, id BIGINT NOT NULL, what TEXT NOT NULL, PRIMARY KEY (account_id, id))",
}];

const TIME: Duration = Duration::from_secs(3);

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let parent = std::env::args().nth(1).map_or_else(std::env::temp_dir, PathBuf::from);
    let directory = tempfile::tempdir_in(parent)?;
    println!("one append and fsync: {:?}", fsync(&directory.path().join("plain"))?);

    for durable in [true, false] {
        let path = directory.path().join(format!("durable-{durable}.db"));
        let config = DatabaseConfig { path, durable, ..DatabaseConfig::default() };
        let db = Db::open_with(&config, OpenAs::Server, SCHEMA).await?;
        let mut alone = 0.0;
        for writers in [1, 2, 4, 8, 16, 32, 128] {
            let (rate, middle, slow) = measure(&db, writers).await?;
            if writers == 1 {
                alone = rate;
            }
            println!(
                "durable {durable}, {writers:3} writers: {rate:6.0}/s ({:4.1} x), half within {middle:?}, 99 % within {slow:?}",
                rate / alone
            );
        }
        db.close().await;
    }
    Ok(())
}

/// What a commit costs without any database.
fn fsync(path: &std::path::Path) -> std::io::Result<Duration> {
    use std::io::Write;
    let mut file = std::fs::File::create(path)?;
    let began = Instant::now();
    for _ in 0..100 {
        file.write_all(&[7; 4096])?;
        file.sync_data()?;
    }
    Ok(began.elapsed() / 100)
}

async fn measure(db: &Db, writers: i64) -> Result<(f64, Duration, Duration), Box<dyn std::error::Error>> {
    let began = Instant::now();
    let tasks: Vec<_> = (0..writers).map(|writer| tokio::spawn(write(db.clone(), writers, writer, began))).collect();
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await??);
    }
    let rate = times.len() as f64 / began.elapsed().as_secs_f64();
    times.sort_unstable();
    let at = |part: usize| times.get(times.len() * part / 100).copied().unwrap_or_default();
    Ok((rate, at(50), at(99)))
}

async fn write(db: Db, writers: i64, writer: i64, began: Instant) -> Result<Vec<Duration>, StoreError> {
    let mut times = Vec::new();
    while began.elapsed() < TIME {
        let started = Instant::now();
        let id = i64::try_from(began.elapsed().as_nanos()).unwrap_or_default();
        let mut tx = db.write().await?;
        let insert = tx.sql("INSERT INTO events (account_id, id, what) VALUES ($1, $2, $3)");
        insert.bind(&format!("acc_{writers}_{writer}")).bind(&id).bind("user.invited").run().await?;
        tx.commit().await?;
        times.push(started.elapsed());
    }
    Ok(times)
}
