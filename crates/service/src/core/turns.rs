//! How many reads of one caller run at once: nobody's questions keep everybody else's from being answered.

use std::sync::Arc;
use std::time::Duration;

use domain::core::failure::{Failure, refuse};
use domain::core::ids::{AccountId, UserId};
use domain::core::refusal::Kind;
use domain::core::timestamp::Seconds;
use quick_cache::sync::Cache;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::core::caller::Caller;

/// The most that one caller reads at once, where there are connections enough.
const MOST: usize = 4;
/// How long a read waits for its turn.
const PATIENCE: Duration = Duration::from_secs(10);
/// Callers that are remembered.
const CALLERS: usize = 10_000;

/// The turn of a read, given back when it is dropped.
pub(crate) type Turn = Option<OwnedSemaphorePermit>;

/// The turns of each caller. A program takes those of its owner.
pub(crate) struct Turns {
    each: usize,
    callers: Cache<(AccountId, UserId), Arc<Semaphore>>,
}

impl Turns {
    /// So many that one caller leaves half of these connections to the others.
    pub(crate) fn of(connections: usize) -> Self {
        Self { each: (connections / 2).clamp(1, MOST), callers: Cache::new(CALLERS) }
    }

    /// Waits for a turn. Operator and server need none.
    ///
    /// # Errors
    /// 429 where all turns of the caller are taken for long.
    pub(crate) async fn take(&self, caller: &Caller) -> Result<Turn, Failure> {
        tokio::time::timeout(PATIENCE, self.wait(caller)).await.unwrap_or_else(|_| Err(too_many(self.each)))
    }

    /// The same, however long it takes: for what has begun already.
    pub(crate) async fn wait(&self, caller: &Caller) -> Result<Turn, Failure> {
        let Some(principal) = caller.principal() else { return Ok(None) };
        let key = (caller.account()?, principal.user_id);
        let made = || Ok::<_, Failure>(Arc::new(Semaphore::new(self.each)));
        let turns = self.callers.get_or_insert_with(&key, made)?;
        // The semaphore is never closed.
        Ok(turns.acquire_owned().await.ok())
    }
}

fn too_many(each: usize) -> Failure {
    let detail = format!(
        "{each} of your requests are still being processed, the limit at one time. Wait for one to finish, or ask for \
         less."
    );
    refuse(Kind::TooOften, "too_many_concurrent_requests", detail).retry_after(Seconds(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caller_leaves_half_of_the_connections_to_the_others() {
        for (connections, each) in [(1, 1), (2, 1), (4, 2), (8, 4), (16, 4), (200, 4)] {
            assert_eq!(Turns::of(connections).each, each, "{connections}");
        }
    }
}
