//! Real time, for the few proofs that are about it: how long something takes, and processes that cannot be waited for.

use std::time::{Duration, Instant};

/// This instant.
#[expect(clippy::disallowed_methods, reason = "how long something takes is what is proved")]
pub fn instant() -> Instant {
    Instant::now()
}

/// Waits: for another process, or for a moment of chance.
#[expect(clippy::disallowed_methods, reason = "there is nothing that tells when it is time")]
pub async fn pause(span: Duration) {
    tokio::time::sleep(span).await;
}
