//! Totals of lists that had to be counted, remembered: whoever pages through a list asks for its total each time.

use domain::core::ids::AccountId;
use domain::core::timestamp::{Seconds, Timestamp};
use quick_cache::sync::Cache;
use store::users::list::Total;

/// That there are more than can be counted stays true for a while, whatever changes.
const MANY_FOR: Seconds = Seconds(60);

/// Remembered totals.
pub struct Totals(Cache<(AccountId, String), Remembered>);

#[derive(Clone, Copy)]
struct Remembered {
    total: Total,
    version: i64,
    at: Timestamp,
}

impl Default for Totals {
    fn default() -> Self {
        Self(Cache::new(10_000))
    }
}

impl Totals {
    /// The total of the list with this mark, as it was counted at this version of the account.
    pub fn get(&self, account: AccountId, mark: &str, version: i64, now: Timestamp) -> Option<Total> {
        let found = self.0.get(&(account, mark.to_owned()))?;
        let still_many = !found.total.is_exact && now < found.at.plus(MANY_FOR);
        (found.version == version || still_many).then_some(found.total)
    }

    /// Remembers a total that was counted after `version` was read.
    pub fn keep(&self, account: AccountId, mark: &str, version: i64, now: Timestamp, total: Total) {
        self.0.insert((account, mark.to_owned()), Remembered { total, version, at: now });
    }
}
