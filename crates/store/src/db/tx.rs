//! A transaction, or a connection for reading: what the repositories of all nouns work on.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::stream::{self, BoxStream, Stream};
use futures_util::{StreamExt, TryStreamExt};
use sqlx::{Postgres, Transaction};

use crate::StoreError;
use crate::db::engine::postgres::{self, ReadConnection};
use crate::db::engine::{Connection, Engine, sqlite};
use crate::db::query::{Answer, SqlText, Want};
use crate::db::readers::ReadLease;
use crate::db::row::Row;
use crate::db::rows::Rows;
use crate::db::writer::WriteLease;

/// Runs statements, from [`Db::write`](crate::Db::write) as one transaction, from [`Db::read`](crate::Db::read) each
/// for itself and without the right to change anything.
///
/// Dropping it rolls back, wherever that happens: in an early return, a panic, or a canceled request.
///
/// A statement that fails ends the transaction on both engines alike: nothing more can be run and nothing committed.
pub struct Tx {
    source: Source,
    statements: Arc<AtomicU64>,
    /// A statement of this write transaction failed, or was abandoned while it ran: what it did is unknown.
    unsettled: bool,
    #[cfg(feature = "testing")]
    pub(crate) recorder: Option<crate::db::recorder::Recorder>,
}

pub(crate) enum Source {
    SqliteRead(ReadLease),
    SqliteWrite(WriteLease),
    PostgresRead(ReadConnection),
    PostgresWrite(Transaction<'static, Postgres>),
}

impl fmt::Debug for Tx {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Tx").field("engine", &self.engine()).finish_non_exhaustive()
    }
}

impl Tx {
    pub(crate) fn new(source: Source, statements: Arc<AtomicU64>) -> Self {
        Self {
            source,
            statements,
            unsettled: false,
            #[cfg(feature = "testing")]
            recorder: None,
        }
    }

    /// Makes the changes durable. When this returns `Ok`, they survive a power cut.
    ///
    /// After [`StoreError::Uncertain`] it is unknown whether the server committed before it was lost; after any other error
    /// nothing was changed.
    pub async fn commit(self) -> Result<(), StoreError> {
        if self.unsettled {
            return Err(spoilt());
        }
        match self.source {
            Source::SqliteWrite(lease) => lease.commit().await,
            Source::PostgresWrite(transaction) => postgres::commit(transaction).await,
            Source::SqliteRead(_) | Source::PostgresRead(_) => Ok(()),
        }
    }

    /// The engine, for the few sentences that must differ.
    pub fn engine(&self) -> Engine {
        match self.source {
            Source::SqliteRead(_) | Source::SqliteWrite(_) => Engine::Sqlite,
            Source::PostgresRead(_) | Source::PostgresWrite(_) => Engine::Postgres,
        }
    }

    pub(crate) async fn ask(&mut self, text: SqlText, want: Want) -> Result<Answer, StoreError> {
        text.check()?;
        #[cfg(feature = "testing")]
        if let Some(recorder) = &self.recorder {
            recorder.note(&text);
        }
        self.start()?;
        let answer = if let Source::PostgresRead(connection) = &mut self.source {
            // The one that can be asked again when its server was restarted.
            connection.ask(text, want).await
        } else {
            self.source.open().await?.ask(text, want).await
        };
        self.settle(answer).await
    }

    pub(crate) async fn insert(&mut self, rows: Rows) -> Result<u64, StoreError> {
        rows.check()?;
        self.start()?;
        let changed = self.source.open().await?.insert(rows).await;
        self.settle(changed).await
    }

    pub(crate) fn stream(&mut self, text: SqlText) -> BoxStream<'_, Result<Row, StoreError>> {
        stream::once(self.start_stream(text)).try_flatten().boxed()
    }

    async fn start_stream(
        &mut self,
        text: SqlText,
    ) -> Result<impl Stream<Item = Result<Row, StoreError>> + Send + '_, StoreError> {
        text.check()?;
        self.start()?;
        let Self { source, unsettled, .. } = self;
        let rows = source.open().await?.stream(text);
        Ok(stream::try_unfold((rows, unsettled), |(mut rows, unsettled)| async move {
            let row = rows.try_next().await?;
            *unsettled = *unsettled && row.is_some();
            Ok(row.map(|row| (row, (rows, unsettled))))
        }))
    }

    /// Before a statement: assume the worst until it has come back, as this future may be dropped while it runs.
    fn start(&mut self) -> Result<(), StoreError> {
        if self.unsettled {
            return Err(spoilt());
        }
        self.unsettled = matches!(self.source, Source::SqliteWrite(_) | Source::PostgresWrite(_));
        self.statements.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    /// After a statement.
    async fn settle<T>(&mut self, outcome: Result<T, sqlx::Error>) -> Result<T, StoreError> {
        match outcome {
            Ok(answer) => {
                self.unsettled = false;
                self.source.close(None);
                Ok(answer)
            }
            Err(error) => {
                let mut error = self.source.name(error.into()).await;
                // A change is slow where it waits for others.
                if let (StoreError::TooSlow(text), Source::SqliteWrite(_) | Source::PostgresWrite(_)) =
                    (&error, &self.source)
                {
                    error = StoreError::unavailable(text);
                }
                self.source.close(Some(&error));
                Err(error)
            }
        }
    }
}

fn spoilt() -> StoreError {
    StoreError::broken("a statement of this transaction failed before: it can only be rolled back")
}

impl Source {
    /// The connection for one statement.
    async fn open(&mut self) -> Result<Connection<'_>, StoreError> {
        Ok(match self {
            Self::SqliteRead(lease) => Connection::Sqlite(lease.start()?),
            Self::SqliteWrite(lease) => Connection::Sqlite(lease.hold().await?),
            Self::PostgresRead(connection) => Connection::Postgres(connection.open().await?),
            Self::PostgresWrite(transaction) => Connection::Postgres(transaction),
        })
    }

    /// The statement has ended.
    fn close(&mut self, error: Option<&StoreError>) {
        match self {
            Self::SqliteRead(lease) => lease.finish(error),
            Self::SqliteWrite(lease) => lease.rest(),
            Self::PostgresRead(_) | Self::PostgresWrite(_) => {}
        }
    }

    /// SQLite says which columns were duplicates, PostgreSQL which index: we always say which index.
    async fn name(&mut self, error: StoreError) -> StoreError {
        if let (Self::SqliteWrite(lease), StoreError::Duplicate { index: message }) = (self, &error)
            && let Ok(connection) = lease.hold().await
            && let Some(index) = sqlite::index_of(connection, message).await
        {
            return StoreError::Duplicate { index };
        }
        error
    }
}
