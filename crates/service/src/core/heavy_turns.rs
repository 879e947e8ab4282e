//! CPU-bound work runs on its own threads, so that requests are still answered. Each account has at most one such task at a time.

use std::num::NonZero;
use std::thread::available_parallelism;

use domain::core::failure::{Failure, refuse};
use domain::core::ids::AccountId;
use domain::core::refusal::Kind;
use domain::core::timestamp::Seconds;

use crate::core::turns::{TOO_MANY_AT_ONCE, Turn, Turns};

/// The most places of a process.
const MOST: usize = 4;

/// An account's turn and a place, given back when they are dropped.
struct Place {
    _own: Turn,
    _place: Turn,
}

/// The places of the process, taken in the order in which they were asked for. An account asks for one at a time, so whoever else
/// comes waits for one piece of its work at most.
pub(crate) struct HeavyTurns {
    accounts: Turns<AccountId>,
    /// Those of the process.
    places: Turns<()>,
}

impl HeavyTurns {
    /// Half of the processors, at least one and at most [`MOST`], so that the rest can answer requests.
    pub(crate) fn of_machine() -> Self {
        Self::of(available_parallelism().map_or(1, NonZero::get) / 2)
    }

    fn of(places: usize) -> Self {
        Self { accounts: Turns::of_each(1), places: Turns::of_each(places.clamp(1, MOST)) }
    }

    /// Does work for an account. It is done to its end and keeps its turn so long, also where no one waits for it anymore.
    ///
    /// # Errors
    /// 429 where the account has such work already, 503 where the others have, for long; and whatever ends the work.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        account: AccountId,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Failure> {
        let place = self.take(account).await?;
        let work = move || {
            let result = work();
            drop(place);
            result
        };
        tokio::task::spawn_blocking(work).await.map_err(|error| Failure::Broken(Box::new(error)))
    }

    async fn take(&self, account: AccountId) -> Result<Place, Failure> {
        let own = self.accounts.take(account, too_many).await?;
        Ok(Place { _own: own, _place: self.places.take((), busy).await? })
    }
}

fn too_many() -> Failure {
    let detail = "Another long list of your account is still being processed. Wait for it to finish and try again.";
    refuse(Kind::TooOften, TOO_MANY_AT_ONCE, detail).retry_after(Seconds(2))
}

fn busy() -> Failure {
    Failure::Unavailable("The server is processing other long lists. Try again in a few seconds.".to_owned())
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex, mpsc};
    use std::time::Duration;

    use domain::core::ids::Id;
    use uuid::Uuid;

    use super::*;

    fn account(number: u128) -> AccountId {
        AccountId::from_uuid(Uuid::from_u128(number))
    }

    #[tokio::test]
    async fn an_account_with_much_to_do_delays_another_by_one_piece_at_most() {
        let turns = HeavyTurns::of(1);
        let order = Arc::new(Mutex::new(Vec::new()));
        let work = |who: u128| {
            let order = Arc::clone(&order);
            turns.run(account(who), move || order.lock().unwrap().push(who))
        };
        let (go, gate) = mpsc::channel::<()>();
        let first = turns.run(account(1), move || gate.recv().unwrap());
        let rest = async {
            let waiting = async { tokio::join!(work(1), work(1), work(1), work(2)) };
            tokio::pin!(waiting);
            // All have asked when this is ready: what they wait for is behind the gate.
            tokio::select! { biased; _ = &mut waiting => {}, () = std::future::ready(()) => {} }
            go.send(()).unwrap();
            waiting.await
        };
        let (first, rest) = tokio::join!(first, rest);
        assert!(first.is_ok() && rest.0.is_ok() && rest.1.is_ok() && rest.2.is_ok() && rest.3.is_ok());
        assert_eq!(*order.lock().unwrap(), [2, 1, 1, 1]);
    }

    #[tokio::test]
    async fn who_waits_too_long_is_told_whom_for() {
        let HeavyTurns { accounts, places } = HeavyTurns::of(1);
        let turns = HeavyTurns {
            accounts: accounts.with_patience(Duration::ZERO),
            places: places.with_patience(Duration::ZERO),
        };
        let held = turns.take(account(1)).await;
        assert!(matches!(turns.run(account(1), || ()).await, Err(Failure::Refused(_))));
        assert!(matches!(turns.run(account(2), || ()).await, Err(Failure::Unavailable(_))));
        drop(held);
        assert!(turns.run(account(2), || ()).await.is_ok());
    }
}
