//! Lanes on which mails leave, several at once: no queue of mails may hold all of them. The memory of one process.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Mails under way at the same time; one more lane is kept for urgent ones.
pub const LANES: usize = 3;

/// As many of them as one queue may hold: whatever its mails do there, another queue has a lane.
const LANES_OF_ONE: usize = LANES - 1;

/// If the connection drops on emails from this many queues in a row, the mail server counts as down; a single queue's emails can't cause
/// that.
const QUEUES_IN_A_ROW: usize = 3;

/// Whose mails are under way, and whose broke off since the server last said something of one.
#[derive(Debug, Default)]
pub struct MailLanes {
    held: Mutex<HashMap<String, usize>>,
    broke_off: Mutex<HashSet<String>>,
}

/// A lane that a queue holds, until this is dropped.
#[derive(Debug)]
pub struct Lane<'l> {
    lanes: &'l MailLanes,
    queue: String,
}

impl MailLanes {
    /// Whether this queue may hold one more lane.
    pub fn has_one_for(&self, queue: &str) -> bool {
        lock(&self.held).get(queue).is_none_or(|count| *count < LANES_OF_ONE)
    }

    /// Takes a lane for a mail of this queue, where it may hold one more.
    pub fn take(&self, queue: &str) -> Option<Lane<'_>> {
        let mut held = lock(&self.held);
        let count = held.entry(queue.to_owned()).or_default();
        if *count >= LANES_OF_ONE {
            return None;
        }
        *count += 1;
        Some(Lane { lanes: self, queue: queue.to_owned() })
    }

    /// The server broke off at a mail of this queue. Whether it did so at the mails of several in a row, and is away.
    pub fn broke_off(&self, queue: &str) -> bool {
        let mut queues = lock(&self.broke_off);
        queues.insert(queue.to_owned());
        queues.len() >= QUEUES_IN_A_ROW
    }

    /// The server took a mail, or said why it does not: it is there.
    pub fn answered(&self) {
        lock(&self.broke_off).clear();
    }
}

impl Drop for Lane<'_> {
    fn drop(&mut self) {
        let mut held = lock(&self.lanes.held);
        if let Some(count) = held.get_mut(&self.queue) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                held.remove(&self.queue);
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn l4_no_queue_holds_every_lane() {
        let lanes = MailLanes::default();
        let first = lanes.take("one").unwrap();
        let _second = lanes.take("one").unwrap();
        assert!(!lanes.has_one_for("one") && lanes.take("one").is_none());
        assert!(lanes.has_one_for("two") && lanes.take("two").is_some());
        drop(first);
        assert!(lanes.has_one_for("one") && lanes.take("one").is_some());
    }

    #[test]
    fn a_server_is_away_when_it_breaks_off_at_the_mails_of_several_queues_in_a_row() {
        let lanes = MailLanes::default();
        assert!(!["one", "one", "two", "one"].into_iter().any(|queue| lanes.broke_off(queue)));
        lanes.answered();
        assert!(!["two", "three"].into_iter().any(|queue| lanes.broke_off(queue)));
        assert!(lanes.broke_off("one") && lanes.broke_off("two"));
    }
}
