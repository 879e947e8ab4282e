//! Long-running work that is done after the answer.

use crate::core::ids::{AccountId, JobId};
use crate::core::refusal::{Kind, Rule};
use crate::core::timestamp::Timestamp;
use crate::words;

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JobState {
    /// Waits for a worker.
    Queued,
    /// A worker has it.
    Running,
    /// Done, whole.
    Done,
    /// Refused or given up; nothing was applied.
    Failed,
    /// Taken back before it began.
    Canceled,
}

words!(JobState {
    Queued = "queued",
    Running = "running",
    Done = "done",
    Failed = "failed",
    Canceled = "canceled",
});

/// A piece of long-running work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// The account it is about.
    pub account_id: AccountId,
    /// The job's id.
    pub id: JobId,
    /// What kind of work.
    pub kind: String,
    /// Where it stands.
    pub state: JobState,
    /// What to do, as JSON.
    pub request: String,
    /// What came of it, as JSON.
    pub result: Option<String>,
    /// Number of rows checked so far.
    pub progress: i64,
    /// Total number of rows.
    pub total: i64,
    /// How often a worker began it and came to no end, now included. That there was no room for it does not count.
    pub attempts: i64,
    /// Id of the user who started it, or `operator`.
    pub created_by: String,
    /// When it was started.
    pub created_at: Timestamp,
    /// A worker that did not say anything until then is taken for dead.
    pub lease_until: Timestamp,
    /// When a worker took it last; also the proof of the one that has it now.
    pub began_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}

/// A job that began, or ended, cannot be canceled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("This job is {0} and can no longer be canceled. Only queued jobs can be canceled.")]
pub struct NotQueued(pub JobState);

impl Rule for NotQueued {
    fn refusal(&self) -> (Kind, &'static str) {
        (Kind::Conflict, "job_not_queued")
    }
}
