//! Turns: how much of one kind is done at once for one caller or account, so that no one keeps everyone else from being answered.

use std::hash::Hash;
use std::sync::Arc;
use std::time::Duration;

use domain::core::failure::{Failure, refuse};
use domain::core::ids::{AccountId, UserId};
use domain::core::refusal::Kind;
use domain::core::responsible::Responsible;
use domain::core::timestamp::Seconds;
use quick_cache::sync::Cache;
use store::Engine;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::core::caller::Caller;

/// The most that one caller reads at once, where there are connections enough.
const MOST_READS: usize = 4;
/// How many changes one caller and one account may have open. PostgreSQL: the one that holds the account's row and the next. SQLite:
/// enough for a good group commit (decision 3); the rest wait outside the writer's queue, which all accounts share.
const fn changes_at_once(engine: Engine) -> (usize, usize) {
    match engine {
        Engine::Postgres => (2, 2),
        Engine::Sqlite => (8, 32),
    }
}
/// How long a turn is waited for.
const PATIENCE: Duration = Duration::from_secs(10);
/// Callers or accounts that are remembered.
const REMEMBERED: usize = 10_000;

/// The code of a read that waited for its turn too long.
pub(crate) const TOO_MANY_AT_ONCE: &str = "too_many_concurrent_requests";

/// A turn, or several that belong together, given back when it is dropped. Empty where none is needed.
pub(crate) type Turn = Vec<OwnedSemaphorePermit>;

/// The turns of each of many, so many at a time.
pub(crate) struct Turns<K> {
    each: usize,
    patience: Duration,
    of: Cache<K, Arc<Semaphore>>,
}

impl<K: Hash + Eq + Clone> Turns<K> {
    /// So many turns for each.
    pub(crate) fn of_each(each: usize) -> Self {
        Self { each, patience: PATIENCE, of: Cache::new(REMEMBERED) }
    }

    /// The same, waited for no longer than this.
    #[cfg(test)]
    pub(crate) fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Waits for a turn.
    ///
    /// # Errors
    /// What `late` says where all turns are taken for long.
    pub(crate) async fn take(&self, key: K, late: impl FnOnce() -> Failure) -> Result<Turn, Failure> {
        tokio::time::timeout(self.patience, self.wait(key)).await.map_err(|_| late())
    }

    /// The same, however long it takes.
    pub(crate) async fn wait(&self, key: K) -> Turn {
        let made = || Ok::<_, std::convert::Infallible>(Arc::new(Semaphore::new(self.each)));
        let Ok(turns) = self.of.get_or_insert_with(&key, made);
        // The semaphore is never closed.
        turns.acquire_owned().await.into_iter().collect()
    }
}

/// Reads, by caller. A program takes the turns of its owner.
pub(crate) struct Reads(Turns<(AccountId, UserId)>);

impl Reads {
    /// So many that one caller leaves half of these connections to the others.
    pub(crate) fn of(connections: usize) -> Self {
        Self(Turns::of_each((connections / 2).clamp(1, MOST_READS)))
    }

    /// Waits for a turn. Operator and server need none.
    ///
    /// # Errors
    /// 429 where all turns of the caller are taken for long.
    pub(crate) async fn take(&self, caller: &Caller) -> Result<Turn, Failure> {
        let Some(key) = key(caller)? else { return Ok(Turn::new()) };
        self.0.take(key, || too_many(self.0.each)).await
    }

    /// The same, however long it takes: for what has begun already.
    pub(crate) async fn wait(&self, caller: &Caller) -> Result<Turn, Failure> {
        let Some(key) = key(caller)? else { return Ok(Turn::new()) };
        Ok(self.0.wait(key).await)
    }
}

fn key(caller: &Caller) -> Result<Option<(AccountId, UserId)>, Failure> {
    let Some(principal) = caller.principal() else { return Ok(None) };
    Ok(Some((caller.account()?, principal.user_id)))
}

fn too_many(each: usize) -> Failure {
    let detail = format!(
        "{each} of your requests are still being processed, the limit at one time. Wait for one to finish, or ask for \
         less."
    );
    refuse(Kind::TooOften, TOO_MANY_AT_ONCE, detail).retry_after(Seconds(2))
}

/// Changes. Each of them holds its accounts from its beginning to its end, so more of one account at once would be done no sooner.
/// Whoever asks for many at once waits behind themselves, and everyone else behind the few of them that are next.
pub(crate) struct Changes {
    by_caller: Turns<Responsible>,
    of_account: Turns<AccountId>,
}

impl Changes {
    pub(crate) fn of(engine: Engine) -> Self {
        let (by_caller, of_account) = changes_at_once(engine);
        Self { by_caller: Turns::of_each(by_caller), of_account: Turns::of_each(of_account) }
    }

    /// Waits for a turn in each of these accounts, which are in the order of their ids, so that no one waits in a circle.
    ///
    /// # Errors
    /// 429 where the caller's other changes take long, 503 where those of others do.
    pub(crate) async fn take(&self, responsible: Responsible, accounts: &[AccountId]) -> Result<Turn, Failure> {
        let mut turn = match responsible {
            Responsible::User(_) | Responsible::Identity(_) => {
                self.by_caller.take(responsible, || too_many(self.by_caller.each)).await?
            }
            Responsible::Operator | Responsible::System => Turn::new(),
        };
        let late = || {
            let detail = "Many changes to this account are waiting for each other. Try again in a few seconds.";
            Failure::Unavailable(detail.to_owned())
        };
        for account in accounts {
            turn.extend(self.of_account.take(*account, late).await?);
        }
        Ok(turn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caller_leaves_half_of_the_connections_to_the_others() {
        for (connections, each) in [(1, 1), (2, 1), (4, 2), (8, 4), (16, 4), (200, 4)] {
            assert_eq!(Reads::of(connections).0.each, each, "{connections}");
        }
    }
}
