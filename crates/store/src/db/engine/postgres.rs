//! PostgreSQL: how we connect, run a statement, read a value and name an error.

use std::time::Duration;

use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use sqlx::pool::{PoolConnection, PoolConnectionMetadata};
use sqlx::postgres::{
    PgArguments, PgConnectOptions, PgConnection, PgDatabaseError, PgListener, PgPool, PgPoolOptions, PgRow, Postgres,
};
use sqlx::query::Query;
use sqlx::{Arguments, ConnectOptions, Connection, Transaction};
use tracing::log::LevelFilter;

use crate::StoreError;
use crate::db::config::{DatabaseConfig, address};
use crate::db::query::{Answer, SqlText, Want};
use crate::db::row::{EngineRow, Row};
use crate::db::rows::Rows;
use crate::db::value::Value;

/// Rows in one bulk insert: arrays have no limit on parameters, only on our memory.
pub(crate) const ROWS_PER_INSERT: usize = 2_000;

/// A connection idle for longer is tested before it is used; a fresher one is used immediately and replaced when broken.
const TRUSTED_FOR: Duration = Duration::from_secs(1);

/// The pool. It connects when it is first used.
pub(crate) fn pool(url: &str, config: &DatabaseConfig) -> Result<PgPool, StoreError> {
    let options = PgPoolOptions::new()
        .max_connections(connections(config))
        .acquire_timeout(config.acquire_timeout)
        // A round trip per use of a connection otherwise.
        .test_before_acquire(false)
        .before_acquire(|connection, meta| Box::pin(still_there(connection, meta)));
    Ok(options.connect_lazy_with(connect_options(url, config)?))
}

/// How many connections there are at most.
pub(crate) fn connections(config: &DatabaseConfig) -> u32 {
    config.max_connections.unwrap_or(16)
}

/// What begins a write transaction. A connection has the limit of statements that read; one that writes has another.
pub(crate) fn begin_text(config: &DatabaseConfig) -> String {
    format!("BEGIN READ WRITE; SET LOCAL statement_timeout = {}", config.write_statement_timeout.as_millis())
}

/// Begins a write transaction, on another connection when the one at hand turns out to be lost.
pub(crate) async fn begin(pool: &PgPool, text: &str) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
    // After a restart of the server every idle connection may be a lost one.
    let mut lost = 0..pool.size();
    loop {
        match pool.begin_with(crate::db::query::trusted(text.to_owned().into())).await {
            Err(error) if is_disconnected(&error) && lost.next().is_some() => {}
            other => return other,
        }
    }
}

/// Commits. Only a server that is still there can say that it did not.
pub(crate) async fn commit(transaction: Transaction<'static, Postgres>) -> Result<(), StoreError> {
    transaction.commit().await.map_err(|error| {
        let was_refused = error.as_database_error().is_some() && !is_disconnected(&error);
        if was_refused { error.into() } else { StoreError::Uncertain(error.to_string()) }
    })
}

/// A connection for reading; a lost one is replaced as long as nothing has been read.
pub(crate) struct ReadConnection {
    pool: PgPool,
    connection: PoolConnection<Postgres>,
    proved: bool,
}

impl ReadConnection {
    pub(crate) async fn acquire(pool: &PgPool) -> Result<Self, sqlx::Error> {
        Ok(Self { pool: pool.clone(), connection: pool.acquire().await?, proved: false })
    }

    /// One statement.
    pub(crate) async fn ask(&mut self, text: SqlText, want: Want) -> Result<Answer, sqlx::Error> {
        if self.proved {
            return ask(&mut self.connection, text, want).await;
        }
        let again = text.clone();
        let answer = match ask(&mut self.connection, text, want).await {
            Err(error) if is_disconnected(&error) => {
                self.replace().await?;
                ask(&mut self.connection, again, want).await
            }
            other => other,
        };
        self.proved = true;
        answer
    }

    /// The connection for a stream, which cannot be started again.
    pub(crate) async fn open(&mut self) -> Result<&mut PgConnection, sqlx::Error> {
        if !self.proved && self.connection.ping().await.is_err() {
            self.replace().await?;
        }
        self.proved = true;
        Ok(&mut self.connection)
    }

    async fn replace(&mut self) -> Result<(), sqlx::Error> {
        // As many may be lost as there are; each is tested, as there is no third try.
        for _ in 0..=self.pool.size() {
            self.connection = self.pool.acquire().await?;
            if self.connection.ping().await.is_ok() {
                return Ok(());
            }
        }
        Err(sqlx::Error::PoolTimedOut)
    }
}

/// Hears of entries of the change feed immediately. What it misses, the poll of the feed finds.
pub struct ChangeListener(PgListener);

impl ChangeListener {
    pub(crate) async fn connect(pool: &PgPool) -> Result<Self, sqlx::Error> {
        let mut listener = PgListener::connect_with(pool).await?;
        listener.listen("portcullis_changes").await?;
        Ok(Self(listener))
    }

    /// Waits for the next entry; also returns when the connection was lost and is there again.
    ///
    /// # Errors
    /// The connection is lost.
    pub async fn changed(&mut self) -> Result<(), StoreError> {
        self.0.try_recv().await?;
        Ok(())
    }
}

async fn still_there(connection: &mut PgConnection, meta: PoolConnectionMetadata) -> Result<bool, sqlx::Error> {
    Ok(meta.idle_for < TRUSTED_FOR || connection.ping().await.is_ok())
}

fn connect_options(url: &str, config: &DatabaseConfig) -> Result<PgConnectOptions, StoreError> {
    let milliseconds = |limit: Duration| limit.as_millis().to_string();
    Ok(address(url)?
        .application_name("portcullis")
        .options([
            ("statement_timeout", milliseconds(config.statement_timeout)),
            ("idle_in_transaction_session_timeout", milliseconds(config.idle_in_transaction_timeout)),
            // Compiling a statement takes longer than any of ours may run.
            ("jit", "off".to_owned()),
            // What is read outside a write transaction cannot write even by mistake.
            ("default_transaction_read_only", "on".to_owned()),
            ("synchronous_commit", if config.durable { "on" } else { "off" }.to_owned()),
        ])
        .statement_cache_capacity(256)
        .log_statements(LevelFilter::Off)
        .log_slow_statements(LevelFilter::Warn, Duration::from_secs(1)))
}

pub(crate) async fn ask(connection: &mut PgConnection, text: SqlText, want: Want) -> Result<Answer, sqlx::Error> {
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

pub(crate) fn stream(connection: &mut PgConnection, text: SqlText) -> BoxStream<'_, Result<Row, sqlx::Error>> {
    match query(text) {
        Ok(query) => query.fetch(connection).map_ok(row).boxed(),
        Err(error) => futures_util::stream::once(async { Err(error) }).boxed(),
    }
}

fn row(row: PgRow) -> Row {
    Row(EngineRow::Postgres(row))
}

fn query(text: SqlText) -> Result<Query<'static, Postgres, PgArguments>, sqlx::Error> {
    let (text, values, persistent) = text.into_parts();
    let mut arguments = PgArguments::default();
    for value in values {
        add(&mut arguments, value).map_err(sqlx::Error::Encode)?;
    }
    Ok(sqlx::query_with(text, arguments).persistent(persistent))
}

fn add(arguments: &mut PgArguments, value: Value) -> Result<(), sqlx::error::BoxDynError> {
    match value {
        Value::Text(text) => Arguments::add(arguments, text),
        Value::Int(number) => Arguments::add(arguments, number),
        Value::Bool(flag) => Arguments::add(arguments, flag),
        Value::Bytes(bytes) => Arguments::add(arguments, bytes),
    }
}

/// Inserts many rows with one statement. A column is one array, so its text is the same for any number of rows.
pub(crate) async fn insert(connection: &mut PgConnection, rows: Rows) -> Result<u64, sqlx::Error> {
    let types = rows.values.iter().take(rows.width).map(array_type);
    let arrays: Vec<String> = types.enumerate().map(|(index, array)| format!("${}::{array}", index + 1)).collect();
    let text = format!("{} SELECT * FROM UNNEST({}) {}", rows.insert, arrays.join(", "), rows.conflict);
    let mut columns: Vec<Vec<Value>> = vec![Vec::new(); rows.width];
    let mut column = 0;
    for value in rows.values {
        if let Some(values) = columns.get_mut(column) {
            values.push(value);
        }
        column = (column + 1) % rows.width;
    }
    let mut arguments = PgArguments::default();
    for values in columns {
        add_array(&mut arguments, values).map_err(sqlx::Error::Encode)?;
    }
    let text = crate::db::query::trusted(text.into());
    Ok(sqlx::query_with(text, arguments).execute(connection).await?.rows_affected())
}

fn array_type(value: &Value) -> &'static str {
    match value {
        Value::Text(_) => "text[]",
        Value::Int(_) => "bigint[]",
        Value::Bool(_) => "boolean[]",
        Value::Bytes(_) => "bytea[]",
    }
}

/// Binds the values of one column. All of them have the type of the first: see [`Rows::check`].
fn add_array(arguments: &mut PgArguments, values: Vec<Value>) -> Result<(), sqlx::error::BoxDynError> {
    macro_rules! array {
        ($kind:ident) => {{
            let unwrap = |value| if let Value::$kind(value) = value { value } else { None };
            Arguments::add(arguments, values.into_iter().map(unwrap).collect::<Vec<_>>())
        }};
    }
    match values.first() {
        Some(Value::Text(_)) => array!(Text),
        Some(Value::Int(_)) => array!(Int),
        Some(Value::Bool(_)) => array!(Bool),
        Some(Value::Bytes(_)) => array!(Bytes),
        None => Ok(()),
    }
}

/// Whether the connection is lost, so that another one may serve.
pub(crate) fn is_disconnected(error: &sqlx::Error) -> bool {
    let ended_by_server = |code: &str| code.starts_with("08") || code.starts_with("57P");
    matches!(error, sqlx::Error::Io(_))
        || error.as_database_error().and_then(|error| error.code()).is_some_and(|code| ended_by_server(&code))
}

/// Puts PostgreSQL's codes into our kinds: <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
pub(crate) fn error(error: &PgDatabaseError) -> StoreError {
    let code = error.code();
    match code {
        // Serialization failure, deadlock.
        "40001" | "40P01" => return StoreError::Conflict(error.to_string()),
        // Statement timeout.
        "57014" => return StoreError::TooSlow(error.to_string()),
        // Idle in a transaction for too long; lock timeout; read-only, because it is a standby.
        "25P03" | "55P03" | "25006" => return StoreError::unavailable(error),
        _ => {}
    }
    // Connection, resources, operator intervention, the machine.
    let temporary = ["08", "53", "57", "58"].iter().any(|class| code.starts_with(class));
    if temporary { StoreError::unavailable(error) } else { StoreError::Broken(format!("{error} ({code})")) }
}
