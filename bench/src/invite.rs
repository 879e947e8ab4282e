//! An invitation of 10,000 people against the time that SQLite needs for the very rows it wrote, in one prepared batch.

use std::path::Path;

use serde_json::json;
use sqlx::sqlite::{SqliteConnectOptions, SqliteRow, SqliteSynchronous, SqliteValueRef};
use sqlx::{Column, ConnectOptions, Connection as _, Row, SqliteConnection, TypeInfo, ValueRef};
use store::{DatabaseConfig, Db, OpenAs};

use crate::Outcome;
use crate::http::{Connection, median, request};
use crate::site::Site;
use crate::watch::Watch;

const PEOPLE: usize = 10_000;

/// The tables that an invitation fills.
const TABLES: &[&str] =
    &["identities", "users", "invitations", "links", "system_grants", "outbox", "events", "event_targets"];

pub async fn run() -> Outcome {
    let (mut times, mut ratios) = (Vec::new(), Vec::new());
    for round in 0..5 {
        let site = Site::start(1).await;
        let emails: Vec<String> = (0..PEOPLE).map(|n| format!("Guest {n} <guest{n}@round{round}.example>")).collect();
        let systems: Vec<String> = site.systems.iter().take(3).map(ToString::to_string).collect();
        let wish = json!({ "emails": emails.join("; "), "role_id": "builder", "systems": systems }).to_string();
        let wish = request("POST", "/api/v1/accounts/bench/users", &[("cookie", &site.cookie)], &wish);
        let mut connection = Connection::open(site.address).await;
        let watch = Watch::start();
        let (status, _) = connection.ask(&wish).await;
        let invited = watch.elapsed().as_secs_f64();
        assert_eq!(status, 201, "{}", connection.body());
        let (rows, raw) = raw_batch(&site.database()).await?;
        assert!(rows >= PEOPLE * 7, "{rows} rows are too few");
        times.push(invited);
        ratios.push(invited / raw);
    }
    println!(
        "invite: {PEOPLE} people in {:.2} s (at most 1 wanted), {:.1} times one prepared batch of the same rows (at most 4 wanted)",
        median(times),
        median(ratios)
    );
    Ok(())
}

/// Writes the rows of these tables, nearly all of them from the invitation, into an empty database of the same schema: how many, in how many seconds.
async fn raw_batch(database: &Path) -> Result<(usize, f64), Box<dyn std::error::Error>> {
    let directory = tempfile::tempdir()?;
    let path = directory.path().join("raw.db");
    Db::open(&DatabaseConfig { path: path.clone(), ..DatabaseConfig::default() }, OpenAs::Server).await?.close().await;
    let mut live = SqliteConnectOptions::new().filename(database).connect().await?;
    let mut tables = Vec::new();
    for table in TABLES {
        // Without those that are generated: nobody writes them.
        let columns = sqlx::query_scalar::<_, String>("SELECT name FROM pragma_table_info($1)").bind(table);
        let columns = columns.fetch_all(&mut live).await?.join(", ");
        tables.push((*table, sqlx::query(text(format!("SELECT {columns} FROM {table}"))).fetch_all(&mut live).await?));
    }
    let raw = SqliteConnectOptions::new().filename(&path).foreign_keys(false).synchronous(SqliteSynchronous::Full);
    let mut raw = raw.connect().await?;
    let watch = Watch::start();
    let mut tx = raw.begin().await?;
    for (table, rows) in &tables {
        insert(&mut tx, table, rows).await?;
    }
    tx.commit().await?;
    Ok((tables.iter().map(|(_, rows)| rows.len()).sum(), watch.elapsed().as_secs_f64()))
}

async fn insert(tx: &mut SqliteConnection, table: &str, rows: &[SqliteRow]) -> Result<(), sqlx::Error> {
    let Some(first) = rows.first() else { return Ok(()) };
    let names: Vec<&str> = first.columns().iter().map(Column::name).collect();
    let marks = vec!["?"; names.len()].join(", ");
    let statement = format!("INSERT INTO {table} ({}) VALUES ({marks})", names.join(", "));
    for row in rows {
        let mut query = sqlx::query(text(statement.clone()));
        for place in 0..names.len() {
            query = bind(query, row.try_get_raw(place)?);
        }
        query.execute(&mut *tx).await?;
    }
    Ok(())
}

type Query<'q> = sqlx::query::Query<'q, sqlx::Sqlite, sqlx::sqlite::SqliteArguments>;

fn bind<'q>(query: Query<'q>, value: SqliteValueRef<'_>) -> Query<'q> {
    let decoded = "a value of the type that it says it has";
    match value.type_info().name() {
        _ if value.is_null() => query.bind(None::<i64>),
        "INTEGER" | "BIGINT" | "BOOLEAN" => {
            query.bind(<i64 as sqlx::Decode<sqlx::Sqlite>>::decode(value).expect(decoded))
        }
        "BLOB" => query.bind(<Vec<u8> as sqlx::Decode<sqlx::Sqlite>>::decode(value).expect(decoded)),
        _ => query.bind(<String as sqlx::Decode<sqlx::Sqlite>>::decode(value).expect(decoded)),
    }
}

/// Statements made of the names above only.
fn text(statement: String) -> sqlx::AssertSqlSafe<String> {
    sqlx::AssertSqlSafe(statement)
}
