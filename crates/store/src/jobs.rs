//! Jobs: queued with a change, claimed by one worker at a time, and ended in the transaction that does their work.

use domain::core::ids::{AccountId, JobId};
use domain::core::timestamp::Timestamp;
use domain::jobs::{Job, JobState};

use crate::db::tenant::of_tenant;
use crate::{Engine, SqlText, StoreError, Tx, record, text_column};

text_column!(JobState);
record!(Job {
    account_id,
    id,
    kind,
    state,
    request,
    result,
    progress,
    total,
    attempts,
    created_by,
    created_at,
    lease_until,
    began_at,
    ended_at,
});

/// The jobs of one account.
pub struct Jobs<'t> {
    pub(crate) tx: &'t mut Tx,
    pub(crate) account: AccountId,
}

of_tenant!(Jobs);

impl Jobs<'_> {
    /// Queues a job.
    pub async fn insert(&mut self, job: &Job) -> Result<(), StoreError> {
        self.tx
            .sql(
                "INSERT INTO jobs (account_id, id, kind, state, request, progress, total, attempts, created_by, created_at, lease_until) \
                 VALUES ($1, $2, $3, 'queued', $4, 0, $5, 0, $6, $7, 0)",
            )
            .bind(&self.account)
            .bind(&job.id)
            .bind(&job.kind)
            .bind(&job.request)
            .bind(&job.total)
            .bind(&job.created_by)
            .bind(&job.created_at)
            .run()
            .await?;
        Ok(())
    }

    /// A job.
    pub async fn find(&mut self, id: JobId) -> Result<Option<Job>, StoreError> {
        self.tx.sql("SELECT * FROM jobs WHERE account_id = $1 AND id = $2").bind(&self.account).bind(&id).one().await
    }

    /// How many jobs of the account no worker has started yet.
    pub async fn count_queued(&mut self) -> Result<i64, StoreError> {
        self.tx
            .sql("SELECT COUNT(*) FROM jobs WHERE account_id = $1 AND state = 'queued'")
            .bind(&self.account)
            .value()
            .await
    }

    /// Cancels a job that no worker has started. False when it is too late.
    pub async fn cancel(&mut self, id: JobId, at: Timestamp) -> Result<bool, StoreError> {
        let canceled = self
            .tx
            .sql("UPDATE jobs SET state = 'canceled', ended_at = $3 WHERE account_id = $1 AND id = $2 AND state = 'queued'")
            .bind(&self.account)
            .bind(&id)
            .bind(&at)
            .run()
            .await?;
        Ok(canceled == 1)
    }

    /// Extends the lease of the worker that began it, and records its progress if given. False when another one has it by now.
    pub async fn renew(
        &mut self,
        job: &Job,
        lease_until: Timestamp,
        progress: Option<i64>,
    ) -> Result<bool, StoreError> {
        let renewed = self
            .tx
            .sql(
                "UPDATE jobs SET lease_until = $4, progress = COALESCE($5, progress) \
                 WHERE account_id = $1 AND id = $2 AND began_at = $3 AND state = 'running'",
            )
            .bind(&self.account)
            .bind(&job.id)
            .bind(&job.began_at)
            .bind(&lease_until)
            .bind(&progress)
            .run()
            .await?;
        Ok(renewed == 1)
    }

    /// Puts a job back for the worker that began it, to be taken again from `due_at` on; `attempts` of it count. False when another
    /// one has it by now.
    pub async fn put_back(&mut self, job: &Job, due_at: Timestamp, attempts: i64) -> Result<bool, StoreError> {
        let put_back = self
            .tx
            .sql(
                "UPDATE jobs SET state = 'queued', progress = 0, lease_until = $4, attempts = $5 \
                 WHERE account_id = $1 AND id = $2 AND began_at = $3 AND state = 'running'",
            )
            .bind(&self.account)
            .bind(&job.id)
            .bind(&job.began_at)
            .bind(&due_at)
            .bind(&attempts)
            .run()
            .await?;
        Ok(put_back == 1)
    }

    /// Ends a job for the worker that began it. False when another one has it by now.
    pub async fn end(
        &mut self,
        job: &Job,
        state: JobState,
        progress: i64,
        result: &str,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let ended = self
            .tx
            .sql(
                "UPDATE jobs SET state = $4, progress = $5, result = $6, ended_at = $7 \
                 WHERE account_id = $1 AND id = $2 AND began_at = $3 AND state = 'running'",
            )
            .bind(&self.account)
            .bind(&job.id)
            .bind(&job.began_at)
            .bind(&state)
            .bind(&progress)
            .bind(result)
            .bind(&at)
            .run()
            .await?;
        Ok(ended == 1)
    }
}

/// The jobs of the installation, as a worker sees them.
pub struct AllJobs<'t>(pub &'t mut Tx);

impl AllJobs<'_> {
    /// Whether a job can be claimed.
    pub async fn any_due(&mut self, now: Timestamp) -> Result<bool, StoreError> {
        self.0
            .sql(
                "SELECT EXISTS (SELECT 1 FROM jobs WHERE state IN ('queued', 'running') AND lease_until <= $1) \
                 -- all accounts: the worker does the jobs of everyone",
            )
            .bind(&now)
            .value()
            .await
    }

    /// Takes a job that waits, or whose worker died, until `until`: the oldest one of the account that had its turn the longest ago, so that
    /// no account waits for more than one job of another. A job is not taken while an older one of its account has not ended: what
    /// someone asked for later is done later.
    pub async fn claim(&mut self, now: Timestamp, until: Timestamp) -> Result<Option<Job>, StoreError> {
        let mut text = SqlText::new("UPDATE jobs SET state = 'running', attempts = attempts + 1, lease_until = ");
        text.bind(&until).push(", began_at = ").bind(&now);
        text.push(" WHERE id IN (SELECT w.id FROM jobs w WHERE w.state IN ('queued', 'running') AND w.lease_until <= ");
        text.bind(&now).push(
            " AND NOT EXISTS (SELECT 1 FROM jobs older WHERE older.account_id = w.account_id \
             AND older.state IN ('queued', 'running') AND (older.created_at, older.id) < (w.created_at, w.id)) \
             ORDER BY (SELECT COALESCE(MAX(had.began_at), 0) FROM jobs had WHERE had.account_id = w.account_id), \
             w.created_at, w.id LIMIT 1",
        );
        if self.0.engine() == Engine::Postgres {
            text.push(" FOR UPDATE SKIP LOCKED");
        }
        text.push(") RETURNING * /* all accounts: the worker runs the jobs of all accounts */");
        self.0.sql(text).one().await
    }

    /// Cancels all jobs that have not ended. Only for when no server is running.
    pub async fn cancel_all(&mut self, at: Timestamp) -> Result<u64, StoreError> {
        self.0
            .sql(
                "UPDATE jobs SET state = 'canceled', ended_at = $1 WHERE state IN ('queued', 'running') \
                 -- all accounts: after a restore nothing of before goes on",
            )
            .bind(&at)
            .run()
            .await
    }

    /// Frees all claimed jobs. Only for the start of a server that has its database to itself.
    pub async fn release_all(&mut self, now: Timestamp) -> Result<u64, StoreError> {
        self.0
            .sql("UPDATE jobs SET lease_until = $1 WHERE state = 'running' -- all accounts: the worker ran the jobs of all accounts")
            .bind(&now)
            .run()
            .await
    }

    /// Deletes jobs that ended before this time.
    pub async fn remove_ended(&mut self, before: Timestamp) -> Result<u64, StoreError> {
        self.0
            .sql("DELETE FROM jobs WHERE ended_at < $1 -- all accounts: the retention of the installation")
            .bind(&before)
            .run()
            .await
    }
}
