//! What belongs to the whole installation: its key's fingerprint, the change feed, leases of schedules, throttles,
//! remembered answers to requests with an idempotency key.

use domain::timestamp::Timestamp;

use crate::{Engine, SqlText, StoreError, Tx};

/// The installation's own row and tables.
pub struct Installation<'t>(pub &'t mut Tx);

/// A throttle of failed sign-ins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Throttle {
    /// Failures in a row.
    pub failures: i64,
    /// When the next try is welcome.
    pub free_at: Timestamp,
}

crate::record!(Throttle { failures, free_at });

/// A remembered answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RememberedAnswer {
    /// Hash of the request it answers.
    pub fingerprint: String,
    /// HTTP status; `None` while the answer was not written down.
    pub status: Option<i64>,
    /// The body.
    pub body: Option<String>,
}

crate::record!(RememberedAnswer { fingerprint, status, body });

impl Installation<'_> {
    /// Writes down which key the installation uses; keeps the first one. Gives the one that holds.
    pub async fn claim_key(&mut self, fingerprint: &str, at: Timestamp) -> Result<String, StoreError> {
        self.0
            .sql("INSERT INTO installation (id, key_fingerprint, epoch, created_at) VALUES (1, $1, 0, $2) ON CONFLICT (id) DO NOTHING")
            .bind(fingerprint)
            .bind(&at)
            .run()
            .await?;
        self.0.sql("SELECT key_fingerprint FROM installation WHERE id = 1").value().await
    }

    /// Counts up after a restore.
    pub async fn advance_epoch(&mut self) -> Result<(), StoreError> {
        self.0.sql("UPDATE installation SET epoch = epoch + 1 WHERE id = 1").run().await?;
        Ok(())
    }

    /// Tells other processes and nodes, with the commit, what to forget.
    pub async fn publish(&mut self, topics: &[String]) -> Result<(), StoreError> {
        for topic in topics {
            self.0.sql("INSERT INTO change_feed (topic) VALUES ($1)").bind(topic).run().await?;
            if self.0.engine() == Engine::Postgres {
                self.0.sql("SELECT pg_notify('portcullis_changes', $1)").bind(topic).run().await?;
            }
        }
        Ok(())
    }

    /// The end of the change feed.
    pub async fn feed_head(&mut self) -> Result<i64, StoreError> {
        self.0.sql("SELECT COALESCE(MAX(seq), 0) FROM change_feed").value().await
    }

    /// What was published after `seq`, and what stands at these `places` before it by now, in order.
    pub async fn feed_after(&mut self, seq: i64, places: &[i64]) -> Result<Vec<(i64, String)>, StoreError> {
        let mut text = SqlText::new("SELECT seq, topic FROM change_feed WHERE seq > ");
        text.bind(&seq);
        if !places.is_empty() {
            text.push(" OR seq IN (").bind_all(places).push(")");
        }
        text.push(" ORDER BY seq");
        self.0.sql(text).all().await
    }

    /// Forgets all but the latest `keep` entries of the feed.
    pub async fn trim_feed(&mut self, keep: i64) -> Result<u64, StoreError> {
        self.0
            .sql("DELETE FROM change_feed WHERE seq <= (SELECT MAX(seq) FROM change_feed) - $1")
            .bind(&keep)
            .run()
            .await
    }

    /// Takes a lease until `until`, or renews one's own. False when somebody else holds it.
    pub async fn take_lease(
        &mut self,
        name: &str,
        holder: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        let taken = self
            .0
            .sql(
                "INSERT INTO leases (name, holder, until) VALUES ($1, $2, $4) ON CONFLICT (name) DO UPDATE \
                 SET holder = excluded.holder, until = excluded.until WHERE leases.holder = excluded.holder OR leases.until <= $3",
            )
            .bind(name)
            .bind(holder)
            .bind(&now)
            .bind(&until)
            .run()
            .await?;
        Ok(taken == 1)
    }

    /// The throttle of this key, if failures are remembered.
    pub async fn throttle(&mut self, key: &str, now: Timestamp) -> Result<Option<Throttle>, StoreError> {
        self.0
            .sql("SELECT failures, free_at FROM throttles WHERE key = $1 AND forget_at > $2")
            .bind(key)
            .bind(&now)
            .one()
            .await
    }

    /// Remembers one more failure.
    pub async fn set_throttle(
        &mut self,
        key: &str,
        throttle: Throttle,
        forget_at: Timestamp,
    ) -> Result<(), StoreError> {
        self.0
            .sql(
                "INSERT INTO throttles (key, failures, free_at, forget_at) VALUES ($1, $2, $3, $4) ON CONFLICT (key) DO UPDATE \
                 SET failures = excluded.failures, free_at = excluded.free_at, forget_at = excluded.forget_at",
            )
            .bind(key)
            .bind(&throttle.failures)
            .bind(&throttle.free_at)
            .bind(&forget_at)
            .run()
            .await?;
        Ok(())
    }

    /// Forgets one failure of a key.
    pub async fn forgive(&mut self, key: &str) -> Result<(), StoreError> {
        self.0
            .sql("UPDATE throttles SET failures = failures - 1 WHERE key = $1 AND failures > 0")
            .bind(key)
            .run()
            .await?;
        Ok(())
    }

    /// Forgets the failures of a key.
    pub async fn clear_throttle(&mut self, key: &str) -> Result<(), StoreError> {
        self.0.sql("DELETE FROM throttles WHERE key = $1").bind(key).run().await?;
        Ok(())
    }

    /// Forgets what is older than it may be.
    pub async fn remove_stale(&mut self, now: Timestamp, keys_before: Timestamp) -> Result<(), StoreError> {
        self.0.sql("DELETE FROM throttles WHERE forget_at <= $1").bind(&now).run().await?;
        self.0.sql("DELETE FROM idempotency_keys WHERE created_at < $1").bind(&keys_before).run().await?;
        Ok(())
    }

    /// The remembered answer to a caller's key.
    pub async fn remembered(
        &mut self,
        caller: &str,
        key: &str,
        since: Timestamp,
    ) -> Result<Option<RememberedAnswer>, StoreError> {
        self.0
            .sql("SELECT fingerprint, status, body FROM idempotency_keys WHERE caller = $1 AND key = $2 AND created_at >= $3")
            .bind(caller)
            .bind(key)
            .bind(&since)
            .one()
            .await
    }

    /// Notes, with the change itself, that a caller's key was used. False when it was used before, at `since` or later.
    pub async fn use_key(
        &mut self,
        caller: &str,
        key: &str,
        fingerprint: &str,
        at: Timestamp,
        since: Timestamp,
    ) -> Result<bool, StoreError> {
        let noted = self
            .0
            .sql(
                "INSERT INTO idempotency_keys (caller, key, fingerprint, created_at) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (caller, key) DO UPDATE SET fingerprint = excluded.fingerprint, status = NULL, body = NULL, \
                 created_at = excluded.created_at WHERE idempotency_keys.created_at < $5",
            )
            .bind(caller)
            .bind(key)
            .bind(fingerprint)
            .bind(&at)
            .bind(&since)
            .run()
            .await?;
        Ok(noted == 1)
    }

    /// Writes down the answer that belongs to a used key.
    pub async fn remember(&mut self, caller: &str, key: &str, status: i64, body: &str) -> Result<(), StoreError> {
        self.0
            .sql("UPDATE idempotency_keys SET status = $3, body = $4 WHERE caller = $1 AND key = $2")
            .bind(caller)
            .bind(key)
            .bind(&status)
            .bind(body)
            .run()
            .await?;
        Ok(())
    }
}
