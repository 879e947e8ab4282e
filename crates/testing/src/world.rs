//! A clock that tests move, and randomness that repeats.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use domain::core::timestamp::{Seconds, Timestamp};
use service::core::clock::Clock;
use service::core::random::Random;

use crate::chance;

/// Starts at 2030-01-01T00:00:00Z and moves one microsecond per question, so that no two things happen at one instant.
#[derive(Debug)]
pub struct TestWorld {
    now: AtomicI64,
    random: AtomicU64,
}

const BEGINNING: i64 = 1_893_456_000_000_000;

impl Default for TestWorld {
    fn default() -> Self {
        Self { now: AtomicI64::new(BEGINNING), random: AtomicU64::new(1) }
    }
}

impl TestWorld {
    /// Puts the clock to so many seconds after the beginning, and chance to a place of its own: two installations with different
    /// pasts give the same times and ids from here on.
    pub fn go_to(&self, second: u32) {
        self.now.store(BEGINNING + i64::from(second) * 1_000_000, Ordering::SeqCst);
        self.random.store(u64::from(second) * 1_000_000, Ordering::SeqCst);
    }

    /// Moves the clock forward.
    pub fn pass(&self, span: Seconds) {
        self.now.fetch_add(i64::from(span.0) * 1_000_000, Ordering::SeqCst);
    }
}

impl Clock for TestWorld {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.now.fetch_add(1, Ordering::SeqCst))
    }
}

impl Random for TestWorld {
    /// The same in every run, different at every call.
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let random = chance::at(self.random.fetch_add(1, Ordering::SeqCst));
            chunk.iter_mut().zip(random.to_le_bytes()).for_each(|(to, from)| *to = from);
        }
    }
}
