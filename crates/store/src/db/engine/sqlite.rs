//! SQLite: how we open it, run a statement, read a value and name an error.

use std::path::Path;
use std::time::Duration;

use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use sqlx::error::DatabaseError;
use sqlx::query::Query;
use sqlx::sqlite::{
    Sqlite, SqliteArguments, SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteRow, SqliteSynchronous,
};
use sqlx::{Arguments, ConnectOptions, Row as _};
use tracing::log::LevelFilter;

use crate::StoreError;
use crate::db::config::DatabaseConfig;
use crate::db::query::{Answer, SqlText, Want};
use crate::db::row::{EngineRow, Row};
use crate::db::rows::Rows;
use crate::db::value::Value;

/// Statements with fewer values are slower, with more not faster: measured with `examples/bulk_insert.rs`.
const VALUES_PER_INSERT: usize = 512;

/// The connection of the writer. Durable means that a commit survives a power cut.
pub(crate) fn writer(path: &Path, durable: bool, busy: Duration) -> SqliteConnectOptions {
    let synchronous = if durable { SqliteSynchronous::Full } else { SqliteSynchronous::Off };
    common(path, busy)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(synchronous)
        // A burst of writing beside a long reader leaves a large log; give its space back afterwards.
        .pragma("journal_size_limit", "67108864")
        // An invitation of 10,000 fits: pages that do not are written to the log once more each time they change.
        .pragma("cache_size", "-65536")
        // What a statement has changed until it ends, in case that it fails: a fifth of the time of an invitation as a file.
        .pragma("temp_store", "MEMORY")
}

/// How many connections for reading there are at most.
pub(crate) fn connections(config: &DatabaseConfig) -> u32 {
    config.max_connections.unwrap_or(4)
}

/// A connection for reading: it cannot write even by mistake.
pub(crate) fn reader(path: &Path, busy: Duration) -> SqliteConnectOptions {
    // No mmap: every connection maps for itself, and mapped pages count as our memory.
    common(path, busy).read_only(true).pragma("cache_size", "-4000")
}

fn common(path: &Path, busy: Duration) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .foreign_keys(true)
        .busy_timeout(busy)
        .statement_cache_capacity(256)
        .row_buffer_size(256)
        .log_statements(LevelFilter::Off)
        .log_slow_statements(LevelFilter::Warn, Duration::from_secs(1))
}

pub(crate) async fn ask(connection: &mut SqliteConnection, text: SqlText, want: Want) -> Result<Answer, sqlx::Error> {
    let query = query(text)?;
    let rows = match want {
        Want::Count => {
            let affected = query.execute(connection).await?.rows_affected();
            return Ok(Answer { rows: Vec::new(), affected });
        }
        Want::First => query.fetch_optional(connection).await?.into_iter().collect(),
        Want::All => query.fetch_all(connection).await?,
    };
    Ok(Answer { rows: rows.into_iter().map(row).collect(), affected: 0 })
}

pub(crate) fn stream(connection: &mut SqliteConnection, text: SqlText) -> BoxStream<'_, Result<Row, sqlx::Error>> {
    match query(text) {
        Ok(query) => query.fetch(connection).map_ok(row).boxed(),
        Err(error) => futures_util::stream::once(async { Err(error) }).boxed(),
    }
}

fn row(row: SqliteRow) -> Row {
    Row(EngineRow::Sqlite(row))
}

fn query(text: SqlText) -> Result<Query<'static, Sqlite, SqliteArguments>, sqlx::Error> {
    let (text, values, persistent) = text.into_parts();
    let mut arguments = SqliteArguments::default();
    arguments.reserve(values.len(), 0);
    for value in values {
        add(&mut arguments, value).map_err(sqlx::Error::Encode)?;
    }
    Ok(sqlx::query_with(text, arguments).persistent(persistent))
}

fn add(arguments: &mut SqliteArguments, value: Value) -> Result<(), sqlx::error::BoxDynError> {
    match value {
        Value::Text(text) => Arguments::add(arguments, text),
        Value::Int(number) => Arguments::add(arguments, number),
        Value::Bool(flag) => Arguments::add(arguments, flag),
        Value::Bytes(bytes) => Arguments::add(arguments, bytes),
    }
}

/// Inserts many rows with one statement.
pub(crate) async fn insert(connection: &mut SqliteConnection, rows: Rows) -> Result<u64, sqlx::Error> {
    let count = rows.values.len() / rows.width.max(1);
    // Without numbers, because SQLite looks up a numbered parameter by comparing its name with all others.
    let one = format!("({})", vec!["?"; rows.width].join(", "));
    let text = format!("{} VALUES {} {}", rows.insert, vec![one.as_str(); count].join(", "), rows.conflict);
    // All statements but the last have the same number of rows.
    let text = SqlText::with_values(text, rows.values, count == rows_per_insert(rows.width));
    Ok(ask(connection, text, Want::Count).await?.affected)
}

/// How many rows of `width` values go into one statement.
pub(crate) fn rows_per_insert(width: usize) -> usize {
    (VALUES_PER_INSERT / width.max(1)).max(1)
}

/// The index behind `UNIQUE constraint failed: users.account_id, users.email`, called as PostgreSQL would call it.
pub(crate) async fn index_of(connection: &mut SqliteConnection, message: &str) -> Option<String> {
    let failed = message.strip_prefix("UNIQUE constraint failed: ")?;
    if let Some(name) = failed.strip_prefix("index '") {
        return Some(name.trim_end_matches('\'').to_owned());
    }
    let table = failed.split('.').next()?.to_owned();
    let columns: Vec<&str> = failed.split(", ").filter_map(|column| column.split_once('.')).map(|it| it.1).collect();
    let indexes = unique_indexes(connection, &table).await.ok()?;
    // Without a match it is the rowid itself: INTEGER PRIMARY KEY has no index.
    let found = indexes.into_iter().find(|index| index.columns == columns);
    Some(found.map_or_else(|| format!("{table}_pkey"), |index| index.name(&table)))
}

struct UniqueIndex {
    name: String,
    origin: String,
    columns: Vec<String>,
}

impl UniqueIndex {
    fn name(self, table: &str) -> String {
        match self.origin.as_str() {
            "pk" => format!("{table}_pkey"),
            "u" => format!("{table}_{}_key", self.columns.join("_")),
            _ => self.name,
        }
    }
}

async fn unique_indexes(connection: &mut SqliteConnection, table: &str) -> Result<Vec<UniqueIndex>, sqlx::Error> {
    const INDEXES: &str = r#"SELECT list.name, list.origin, info.name
        FROM pragma_index_list($1) AS list, pragma_index_info(list.name) AS info
        WHERE list."unique" ORDER BY list.seq, info.seqno"#;
    let mut indexes: Vec<UniqueIndex> = Vec::new();
    for row in sqlx::query(INDEXES).bind(table).fetch_all(connection).await? {
        let (name, origin, column): (String, String, Option<String>) =
            (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        let column = column.unwrap_or_default();
        match indexes.last_mut().filter(|last| last.name == name) {
            Some(index) => index.columns.push(column),
            None => indexes.push(UniqueIndex { name, origin, columns: vec![column] }),
        }
    }
    Ok(indexes)
}

/// Whether another process has the file locked.
pub(crate) fn is_busy(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|error| code(error) & 0xff == 5)
}

fn code(error: &dyn DatabaseError) -> i32 {
    error.code().and_then(|code| code.parse().ok()).unwrap_or_default()
}

/// Puts SQLite's result codes into our kinds: <https://www.sqlite.org/rescode.html>.
pub(crate) fn error(error: &dyn DatabaseError) -> StoreError {
    let code = code(error);
    match code & 0xff {
        // Busy with a snapshot that is too old: waiting would not help, starting again does.
        5 if code == 517 => StoreError::Conflict(error.to_string()),
        9 => StoreError::TooSlow("The statement took too long.".to_owned()),
        // BUSY, LOCKED, NOMEM, READONLY, IOERR, FULL, CANTOPEN, PROTOCOL
        5 | 6 | 7 | 8 | 10 | 13 | 14 | 15 => StoreError::unavailable(error),
        _ => StoreError::broken(error),
    }
}
