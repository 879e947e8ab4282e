//! The one connection that writes to SQLite, and how many transactions share one durable commit.
//!
//! A commit waits for the disk, and SQLite has one writer: one commit per transaction would make the disk's latency the
//! limit of the whole server. So a task owns the connection and lends it to one transaction after the other, each inside
//! a savepoint of a common outer transaction. When no one waits anymore, or the group is large or old enough, it
//! commits once and only then tells every member that its changes are durable.
//!
//! ```text
//! BEGIN IMMEDIATE; SAVEPOINT member   … first member …     RELEASE member; SAVEPOINT member   … second, fails …
//! ROLLBACK TO member                  … third member …     RELEASE member; COMMIT             → first and third are told
//! ```
//!
//! The savepoint is there for the first member, too: when the engine gives up a transaction by itself (disk full), the
//! next `RELEASE` fails, and nothing is acknowledged that is not there.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};
use tokio::sync::{Mutex, OwnedMutexGuard, mpsc, oneshot};
use tokio::time::timeout;

use crate::StoreError;
use crate::db::clock;
use crate::db::config::DatabaseConfig;
use crate::db::engine::sqlite;

/// Where a group ends although others wait.
const MOST_MEMBERS: usize = 128;

/// Transactions that may stand in line; more wait to stand in line.
const LINE: usize = 1024;

type Acknowledge = oneshot::Sender<Result<(), StoreError>>;

enum Request {
    Lease(oneshot::Sender<Result<WriteLease, StoreError>>),
    Close(oneshot::Sender<()>),
}

/// The way to the writer; first come, first served.
pub(crate) struct Writer {
    line: mpsc::Sender<Request>,
    patience: Duration,
}

impl Writer {
    pub(crate) async fn start(options: SqliteConnectOptions, config: &DatabaseConfig) -> Result<Self, StoreError> {
        let slot = Slot { connection: Some(options.connect().await?), used: clock::now() };
        let slot = Arc::new(Mutex::new(slot));
        let (line, requests) = mpsc::channel(LINE);
        let idle_limit = config.idle_in_transaction_timeout;
        tokio::spawn(WriterTask { options, slot, requests, idle_limit, longest_group: config.longest_group }.run());
        Ok(Self { line, patience: config.write_timeout })
    }

    /// Waits for the turn to write.
    pub(crate) async fn lease(&self) -> Result<WriteLease, StoreError> {
        let (reply, lease) = oneshot::channel();
        let turn = async {
            self.line.send(Request::Lease(reply)).await.map_err(|_| closing())?;
            lease.await.map_err(|_| closing())?
        };
        let late = |_| StoreError::unavailable("Too many transactions are waiting to write.");
        timeout(self.patience, turn).await.map_err(late)?
    }

    /// Lets everyone in line finish, then closes the connection.
    pub(crate) async fn close(&self) {
        let (closed, done) = oneshot::channel();
        if self.line.send(Request::Close(closed)).await.is_ok() {
            // An error means that the task has ended already.
            let _ = done.await;
        }
    }
}

fn closing() -> StoreError {
    StoreError::unavailable("The server is shutting down.")
}

/// The connection, shared by the task and the one member it is lent to.
struct Slot {
    /// None after it was closed.
    connection: Option<SqliteConnection>,
    /// When the member last finished a statement.
    used: Instant,
}

/// The right to write until it is committed or dropped. The connection itself never leaves the slot, so it cannot be
/// lost: dropping the lease drops `done`, and that is what the task waits for.
pub(crate) struct WriteLease {
    slot: Arc<Mutex<Slot>>,
    /// Held while a statement runs.
    held: Option<OwnedMutexGuard<Slot>>,
    revoked: Arc<AtomicBool>,
    done: oneshot::Sender<Acknowledge>,
}

impl WriteLease {
    /// The connection for one statement.
    pub(crate) async fn hold(&mut self) -> Result<&mut SqliteConnection, StoreError> {
        let slot = match self.held.take() {
            Some(slot) => slot,
            None => Arc::clone(&self.slot).lock_owned().await,
        };
        if self.revoked.load(Ordering::Acquire) {
            return Err(idle_for_too_long());
        }
        self.held.insert(slot).connection.as_mut().ok_or_else(closing)
    }

    /// The statement has ended.
    pub(crate) fn rest(&mut self) {
        if let Some(mut slot) = self.held.take() {
            slot.used = clock::now();
        }
    }

    /// Returns when the changes are durable, or tells why they are gone.
    pub(crate) async fn commit(mut self) -> Result<(), StoreError> {
        self.rest();
        let (acknowledge, outcome) = oneshot::channel();
        self.done.send(acknowledge).map_err(|_| idle_for_too_long())?;
        outcome.await.map_err(|_| idle_for_too_long())?
    }
}

fn idle_for_too_long() -> StoreError {
    StoreError::unavailable("The transaction was idle for too long and was rolled back.")
}

struct WriterTask {
    options: SqliteConnectOptions,
    slot: Arc<Mutex<Slot>>,
    requests: mpsc::Receiver<Request>,
    idle_limit: Duration,
    longest_group: Duration,
}

/// The members of the open group that wait for its commit.
struct Group {
    members: Vec<Acknowledge>,
    began: Instant,
}

impl Group {
    fn is_full(&self, longest: Duration) -> bool {
        self.members.len() >= MOST_MEMBERS || self.began.elapsed() >= longest
    }

    fn tell(self, outcome: &Result<(), StoreError>) {
        for member in self.members {
            // A member that is gone needs no answer.
            let _ = member.send(outcome.clone());
        }
    }
}

type Turn = oneshot::Sender<Result<WriteLease, StoreError>>;

impl WriterTask {
    async fn run(mut self) {
        while let Some(request) = self.requests.recv().await {
            let closed = match request {
                Request::Lease(first) => self.group(first).await,
                Request::Close(closed) => Some(closed),
            };
            if let Some(closed) = closed {
                self.requests.close();
                self.disconnect().await;
                let _ = closed.send(());
                return;
            }
        }
        self.disconnect().await;
    }

    /// Serves one group. Gives what is to be told when someone asked to close in the meantime.
    async fn group(&mut self, first: Turn) -> Option<oneshot::Sender<()>> {
        if let Err(error) = self.begin().await {
            let _ = first.send(Err(error));
            return None;
        }
        let mut group = Group { members: Vec::new(), began: clock::now() };
        let mut turn = first;
        loop {
            let member = self.lend(turn).await;
            let next = if group.is_full(self.longest_group) { None } else { self.next_in_line().await };
            let joined = member.is_some();
            group.members.extend(member);
            turn = match next {
                Some(Request::Lease(next)) => next,
                Some(Request::Close(closed)) => {
                    self.finish(group, joined).await;
                    return Some(closed);
                }
                None => {
                    self.finish(group, joined).await;
                    return None;
                }
            };
            let between = if joined { "RELEASE member; SAVEPOINT member" } else { "ROLLBACK TO member" };
            if let Err(error) = self.execute(between).await {
                let error = self.abandon(error).await;
                let _ = turn.send(Err(error.clone()));
                group.tell(&Err(error));
                return None;
            }
        }
    }

    async fn next_in_line(&mut self) -> Option<Request> {
        if let Ok(next) = self.requests.try_recv() {
            return Some(next);
        }
        // Whoever was told of the last commit may be about to ask again: let them, before the disk is waited for.
        tokio::task::yield_now().await;
        self.requests.try_recv().ok()
    }

    /// Lends the connection. Some when the member wants its changes committed.
    async fn lend(&self, turn: Turn) -> Option<Acknowledge> {
        let (done, outcome) = oneshot::channel();
        let revoked = Arc::new(AtomicBool::new(false));
        self.slot.lock().await.used = clock::now();
        let lease = WriteLease { slot: Arc::clone(&self.slot), held: None, revoked: Arc::clone(&revoked), done };
        // When no one waits for this turn anymore, the lease comes back and is dropped, as any abandoned one.
        let _ = turn.send(Ok(lease));
        let mut outcome = pin!(outcome);
        loop {
            match timeout(self.idle_limit, outcome.as_mut()).await {
                Ok(outcome) => return outcome.ok(),
                Err(_) if self.revoke_if_idle(&revoked) => return None,
                Err(_) => {}
            }
        }
    }

    fn revoke_if_idle(&self, revoked: &AtomicBool) -> bool {
        // Locked means that a statement is running: that is not idle, however long it takes.
        let Ok(slot) = self.slot.try_lock() else { return false };
        let idle = slot.used.elapsed() >= self.idle_limit;
        if idle {
            tracing::warn!(limit = ?self.idle_limit, "An idle transaction was rolled back.");
            // Still under the lock: the member sees this before it can touch the connection again.
            revoked.store(true, Ordering::Release);
        }
        idle
    }

    /// Commits the group, or rolls it back when there is nothing to keep.
    async fn finish(&self, group: Group, last_joined: bool) {
        let end = match (group.members.is_empty(), last_joined) {
            (true, _) => "ROLLBACK",
            (false, true) => "RELEASE member; COMMIT",
            (false, false) => "ROLLBACK TO member; COMMIT",
        };
        let outcome = match self.execute(end).await {
            Ok(()) => Ok(()),
            Err(error) => Err(self.abandon(error).await),
        };
        group.tell(&outcome);
    }

    async fn begin(&self) -> Result<(), StoreError> {
        const BEGIN: &str = "BEGIN IMMEDIATE; SAVEPOINT member";
        match self.execute(BEGIN).await {
            Ok(()) => Ok(()),
            Err(error) if sqlite::is_busy(&error) => Err(error.into()),
            // Whatever state the connection is in, a new one is in a good one.
            Err(error) => {
                tracing::warn!(%error, "Reopening the connection for writing.");
                self.reconnect().await?;
                Ok(self.execute(BEGIN).await?)
            }
        }
    }

    /// After a failure: nothing of the group is kept.
    async fn abandon(&self, error: sqlx::Error) -> StoreError {
        tracing::error!(%error, "A group of transactions was rolled back.");
        // Fails when the engine has rolled back by itself, which is as good.
        let _ = self.execute("ROLLBACK").await;
        StoreError::unavailable(error)
    }

    async fn execute(&self, statements: &'static str) -> Result<(), sqlx::Error> {
        let mut slot = self.slot.lock().await;
        let connection = slot.connection.as_mut().ok_or(sqlx::Error::PoolClosed)?;
        sqlx::query(statements).execute(connection).await?;
        Ok(())
    }

    async fn reconnect(&self) -> Result<(), sqlx::Error> {
        let mut slot = self.slot.lock().await;
        // The old one goes first: it may have the file locked.
        if let Some(old) = slot.connection.take() {
            let _ = old.close().await;
        }
        slot.connection = Some(self.options.connect().await?);
        Ok(())
    }

    async fn disconnect(&self) {
        let connection = self.slot.lock().await.connection.take();
        if let Some(connection) = connection
            && let Err(error) = connection.close().await
        {
            tracing::warn!(%error, "The connection for writing didn't close cleanly.");
        }
    }
}
