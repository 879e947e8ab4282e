//! Pacing: the one place where the worker waits.

use std::time::Duration;

use domain::core::failure::Failure;
use tokio::sync::{Notify, watch};
use tokio::time::{Interval, MissedTickBehavior};

/// Something that is done again and again, until it is time to stop.
pub(crate) struct Pace {
    ticks: Interval,
    stop: watch::Receiver<bool>,
}

impl Pace {
    /// Every `period`, the first time immediately.
    pub(crate) fn every(period: Duration, stop: watch::Receiver<bool>) -> Self {
        let mut ticks = tokio::time::interval(period);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { ticks, stop }
    }

    /// Waits for the next time. False when it is time to stop.
    pub(crate) async fn next(&mut self) -> bool {
        tokio::select! {
            biased;
            () = stopped(&mut self.stop) => false,
            _ = self.ticks.tick() => true,
        }
    }

    /// Waits for the next time or for a call, whichever comes first. False when it is time to stop.
    pub(crate) async fn next_or(&mut self, call: &Notify) -> bool {
        tokio::select! {
            biased;
            () = stopped(&mut self.stop) => false,
            () = call.notified() => true,
            _ = self.ticks.tick() => true,
        }
    }

    /// Waits for so long. False when it is time to stop.
    #[expect(clippy::disallowed_methods, reason = "the pace of mails is a span, and nothing tells when it is over")]
    pub(crate) async fn pause(&mut self, span: Duration) -> bool {
        tokio::select! {
            biased;
            () = stopped(&mut self.stop) => false,
            () = tokio::time::sleep(span) => true,
        }
    }

    /// Counts the period from now on.
    pub(crate) fn restart(&mut self) {
        self.ticks.reset();
    }

    /// Whether it is time to stop.
    pub(crate) fn is_over(&self) -> bool {
        *self.stop.borrow()
    }
}

/// That the sender is gone counts as a stop, too.
pub(crate) async fn stopped(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

/// Work that did not succeed is done again at its next time.
pub(crate) fn report<T>(work: &'static str, outcome: Result<T, Failure>) -> Option<T> {
    match outcome {
        Ok(done) => Some(done),
        Err(Failure::Unavailable(reason) | Failure::TooSlow(reason) | Failure::Uncertain(reason)) => {
            tracing::warn!(work, %reason, "Not possible right now. Will be retried.");
            None
        }
        Err(Failure::Broken(error)) => {
            tracing::error!(work, %error, "Failed. Will be retried.");
            None
        }
        Err(Failure::Refused(refusal)) => {
            tracing::error!(work, reason = refusal.detail, "was refused");
            None
        }
    }
}
