//! The connections for reading SQLite.
//!
//! Not the driver's pool: that one spawns a task and asks the connection's thread for a sign of life after every use,
//! which costs as much as the statement. Here a connection goes back by being pushed onto a list.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::StoreError;
use crate::db::clock;

/// How often a running statement looks at its limit, in steps of SQLite's machine: about every millisecond.
const STEPS_BETWEEN_LOOKS: i32 = 20_000;

pub(crate) struct Readers {
    options: SqliteConnectOptions,
    idle: Mutex<Vec<Reader>>,
    permits: Arc<Semaphore>,
    size: u32,
    patience: Duration,
    statement_limit: Duration,
}

struct Reader {
    connection: SqliteConnection,
    /// The tick at which the statement running on it is stopped; 0 stops immediately.
    stop_at: Arc<AtomicU64>,
    /// A statement was abandoned and may still be running.
    abandoned: bool,
}

impl Readers {
    pub(crate) fn new(options: SqliteConnectOptions, size: u32, patience: Duration, statement_limit: Duration) -> Self {
        let permits = Arc::new(Semaphore::new(usize::try_from(size).unwrap_or(1)));
        Self { options, idle: Mutex::default(), permits, size, patience, statement_limit }
    }

    /// A connection of one's own until it is dropped.
    pub(crate) async fn lease(self: &Arc<Self>) -> Result<ReadLease, StoreError> {
        let permit = tokio::time::timeout(self.patience, Arc::clone(&self.permits).acquire_owned())
            .await
            .map_err(|_| StoreError::unavailable("All connections for reading are in use."))?
            .map_err(|_| closing())?;
        let idle = self.idle().pop();
        let reader = match idle {
            Some(reader) => reader.come_to_rest().await,
            None => None,
        };
        let reader = match reader {
            Some(reader) => reader,
            None => self.connect().await?,
        };
        Ok(ReadLease { reader: Some(reader), readers: Arc::clone(self), _permit: permit })
    }

    async fn connect(&self) -> Result<Reader, sqlx::Error> {
        let mut connection = self.options.connect().await?;
        let stop_at = Arc::new(AtomicU64::new(u64::MAX));
        let limit = Arc::clone(&stop_at);
        let go_on = move || clock::ticks() < limit.load(Ordering::Relaxed);
        connection.lock_handle().await?.set_progress_handler(STEPS_BETWEEN_LOOKS, go_on);
        Ok(Reader { connection, stop_at, abandoned: false })
    }

    /// Waits for everyone who reads, then closes the connections.
    pub(crate) async fn close(&self) {
        let all = tokio::time::timeout(self.patience, self.permits.acquire_many(self.size)).await;
        self.permits.close();
        drop(all);
        let idle = std::mem::take(&mut *self.idle());
        for reader in idle {
            if let Err(error) = reader.connection.close().await {
                tracing::warn!(%error, "A connection for reading didn't close cleanly.");
            }
        }
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Reader>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reader {
    /// After an abandoned statement: waits until it has stopped. None when the connection is of no more use.
    async fn come_to_rest(mut self) -> Option<Self> {
        if self.abandoned {
            self.connection.ping().await.ok()?;
            self.abandoned = false;
        }
        Some(self)
    }
}

fn closing() -> StoreError {
    StoreError::unavailable("The server is shutting down.")
}

/// A connection for reading; it goes back when this is dropped, at whatever point that is.
pub(crate) struct ReadLease {
    /// None only after it was found broken, and while dropping.
    reader: Option<Reader>,
    readers: Arc<Readers>,
    _permit: OwnedSemaphorePermit,
}

impl ReadLease {
    /// The connection for one statement, whose time runs from now.
    pub(crate) fn start(&mut self) -> Result<&mut SqliteConnection, StoreError> {
        let limit = u64::try_from(self.readers.statement_limit.as_millis()).unwrap_or(u64::MAX);
        let reader = self.reader.as_mut().ok_or_else(|| StoreError::unavailable("The connection was lost."))?;
        reader.stop_at.store(clock::ticks().saturating_add(limit), Ordering::Relaxed);
        reader.abandoned = true;
        Ok(&mut reader.connection)
    }

    /// The statement has ended; after an error of the file or the thread a new connection takes this one's place.
    pub(crate) fn finish(&mut self, error: Option<&StoreError>) {
        if let Some(reader) = self.reader.as_mut() {
            reader.abandoned = false;
        }
        if matches!(error, Some(StoreError::Unavailable(_))) {
            self.reader = None;
        }
    }
}

impl Drop for ReadLease {
    fn drop(&mut self) {
        let Some(reader) = self.reader.take() else { return };
        if reader.abandoned {
            reader.stop_at.store(0, Ordering::Relaxed);
        }
        if !self.readers.permits.is_closed() {
            self.readers.idle().push(reader);
        }
    }
}
