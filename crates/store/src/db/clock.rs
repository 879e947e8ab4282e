//! The machine's clock, for waiting and measuring: the times of the domain come from the change.

use std::sync::OnceLock;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

#[expect(clippy::disallowed_methods, reason = "the one place of this crate that measures")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// Milliseconds since this process first asked: an instant that fits into an atomic number.
pub(crate) fn ticks() -> u64 {
    static START: OnceLock<Instant> = OnceLock::new();
    let passed = START.get_or_init(now).elapsed();
    u64::try_from(passed.as_millis()).unwrap_or(u64::MAX)
}

/// Microseconds UTC, for the record of when a migration ran.
#[expect(clippy::disallowed_methods, reason = "a migration runs before there is a change to take the time from")]
pub(crate) fn utc() -> i64 {
    let passed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    i64::try_from(passed.as_micros()).unwrap_or(i64::MAX)
}
