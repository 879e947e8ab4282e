//! A clock in the past.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use domain::core::timestamp::{Seconds, Timestamp};

use crate::core::clock::Clock;

/// How many days of history the small account has.
pub(super) const DAYS: u32 = 90;

/// Starts in the past and moves forward when told to, never beyond the present.
pub struct Past {
    present: Arc<dyn Clock>,
    now: AtomicI64,
}

impl Past {
    /// At `begin`.
    pub fn new(present: Arc<dyn Clock>, begin: Timestamp) -> Self {
        Self { present, now: AtomicI64::new(begin.micros()) }
    }

    /// Moves to a later instant, but not beyond the present.
    pub fn move_to(&self, at: Timestamp) {
        self.now.fetch_max(at.min(self.present.now()).micros(), Ordering::Relaxed);
    }
}

impl Clock for Past {
    /// Each call advances the clock, so that events get different times.
    fn now(&self) -> Timestamp {
        const WHILE: Seconds = Seconds(97);
        let now = Timestamp::from_micros(self.now.load(Ordering::Relaxed));
        let next = now.plus(WHILE).min(self.present.now());
        self.now.store(next.micros(), Ordering::Relaxed);
        now
    }
}
