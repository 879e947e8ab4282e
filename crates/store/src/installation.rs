//! What belongs to the whole installation: its key's fingerprint, the change feed, leases of schedules, throttles,
//! remembered answers to requests with an idempotency key.

use domain::core::timestamp::Timestamp;

use crate::{Engine, SqlText, StoreError, Tx};

/// The installation's own row and tables.
pub struct Installation<'t>(pub &'t mut Tx);

/// A counter of what may not happen as often as someone likes: tries to sign in, with a pause after some of them, or
/// anything within an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Throttle {
    /// How often it happened.
    pub count: i64,
    /// When the pause is over, or the hour.
    pub free_at: Timestamp,
}

crate::record!(Throttle { count, free_at });

/// What every node compares from time to time with what it knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The fingerprint of the key that the installation uses.
    pub key_fingerprint: String,
    /// Another one after every restore.
    pub epoch: i64,
    /// The end of the change feed.
    pub feed_head: i64,
}

crate::record!(Standing { key_fingerprint, epoch, feed_head });

/// A remembered answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RememberedAnswer {
    /// Hash of the request it answers.
    pub fingerprint: String,
    /// HTTP status; `None` while the answer was not written down.
    pub status: Option<i64>,
    /// The version that it answers with, if it does.
    pub etag: Option<String>,
    /// The body.
    pub body: Option<String>,
}

crate::record!(RememberedAnswer { fingerprint, status, etag, body });

impl Installation<'_> {
    /// Writes down which key the installation uses, and its seal of no accounts; keeps the first one. Gives the one that holds.
    pub async fn claim_key(&mut self, fingerprint: &str, seal: &str, at: Timestamp) -> Result<String, StoreError> {
        self.0
            .sql(
                "INSERT INTO installation (id, key_fingerprint, epoch, created_at, accounts_seal) VALUES (1, $1, $2, $2, $3) \
                 ON CONFLICT (id) DO NOTHING",
            )
            .bind(fingerprint)
            .bind(&at)
            .bind(seal)
            .run()
            .await?;
        self.0.sql("SELECT key_fingerprint FROM installation WHERE id = 1").value().await
    }

    /// Writes down another key in the place of the `old` one. False when that is not the installation's (anymore).
    pub async fn replace_key(&mut self, old: &str, new: &str) -> Result<bool, StoreError> {
        let text = "UPDATE installation SET key_fingerprint = $2 WHERE id = 1 AND key_fingerprint = $1";
        Ok(self.0.sql(text).bind(old).bind(new).run().await? == 1)
    }

    /// Begins another epoch, after a restore. Counting alone would come to the number of an epoch that nodes have seen, as
    /// the database is an older one: so it is the time, and later than the last one in any case.
    pub async fn advance_epoch(&mut self, now: Timestamp) -> Result<(), StoreError> {
        self.0
            .sql("UPDATE installation SET epoch = CASE WHEN epoch < $1 THEN $1 ELSE epoch + 1 END WHERE id = 1")
            .bind(&now)
            .run()
            .await?;
        Ok(())
    }

    /// Key, epoch and end of the feed; `None` before the first start.
    pub async fn standing(&mut self) -> Result<Option<Standing>, StoreError> {
        self.0
            .sql(
                "SELECT key_fingerprint, epoch, (SELECT COALESCE(MAX(seq), 0) FROM change_feed) AS feed_head \
                 FROM installation WHERE id = 1",
            )
            .one()
            .await
    }

    /// Lets no one replace the key before the end of this transaction.
    pub async fn hold(&mut self) -> Result<(), StoreError> {
        // On SQLite no one else writes anyway.
        if self.0.engine() == Engine::Postgres {
            self.0.sql("SELECT id FROM installation WHERE id = 1 FOR SHARE").values::<i64>().await?;
        }
        Ok(())
    }

    /// Lets no one else add an account or replace the key before the end of this transaction.
    pub async fn hold_alone(&mut self) -> Result<(), StoreError> {
        if self.0.engine() == Engine::Postgres {
            self.0.sql("SELECT id FROM installation WHERE id = 1 FOR UPDATE").values::<i64>().await?;
        }
        Ok(())
    }

    /// The seal over the ids of all accounts; `None` before the first start.
    pub async fn accounts_seal(&mut self) -> Result<Option<String>, StoreError> {
        Ok(self.0.sql("SELECT accounts_seal FROM installation WHERE id = 1").values().await?.pop())
    }

    /// Writes the seal over the ids of all accounts.
    pub async fn set_accounts_seal(&mut self, seal: &str) -> Result<(), StoreError> {
        self.0.sql("UPDATE installation SET accounts_seal = $1 WHERE id = 1").bind(seal).run().await?;
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

    /// Forgets leases that ran out before then: of nodes that are gone.
    pub async fn remove_leases(&mut self, before: Timestamp) -> Result<u64, StoreError> {
        self.0.sql("DELETE FROM leases WHERE until < $1").bind(&before).run().await
    }

    /// Takes a lease until `until`, or renews one's own. False when someone else holds it.
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

    /// The throttle of this key, made where there is none. No one else reads or counts it before the end of this transaction.
    pub async fn hold_throttle(&mut self, key: &str, now: Timestamp) -> Result<Throttle, StoreError> {
        let held = self
            .0
            .sql(
                "INSERT INTO throttles (key, count, free_at, forget_at) VALUES ($1, 0, $2, $2) ON CONFLICT (key) DO UPDATE \
                 SET count = CASE WHEN throttles.forget_at > $2 THEN throttles.count ELSE 0 END RETURNING count, free_at",
            )
            .bind(key)
            .bind(&now)
            .one()
            .await?;
        held.ok_or_else(|| StoreError::broken("a throttle was neither found nor made"))
    }

    /// Writes a throttle that is held.
    pub async fn set_throttle(
        &mut self,
        key: &str,
        throttle: Throttle,
        forget_at: Timestamp,
    ) -> Result<(), StoreError> {
        self.0
            .sql("UPDATE throttles SET count = $2, free_at = $3, forget_at = $4 WHERE key = $1")
            .bind(key)
            .bind(&throttle.count)
            .bind(&throttle.free_at)
            .bind(&forget_at)
            .run()
            .await?;
        Ok(())
    }

    /// Counts one less of a key; gives how many are left, where there were some.
    pub async fn forgive(&mut self, key: &str) -> Result<Option<i64>, StoreError> {
        let sql = "UPDATE throttles SET count = count - 1 WHERE key = $1 AND count > 0 RETURNING count";
        Ok(self.0.sql(sql).bind(key).values().await?.into_iter().next())
    }

    /// Forgets a key.
    pub async fn clear_throttle(&mut self, key: &str) -> Result<(), StoreError> {
        self.0.sql("DELETE FROM throttles WHERE key = $1").bind(key).run().await?;
        Ok(())
    }

    /// Forgets what is older than it may be.
    pub async fn remove_stale(&mut self, now: Timestamp, keys_before: Timestamp) -> Result<(), StoreError> {
        let mut stale =
            SqlText::new("DELETE FROM throttles WHERE key IN (SELECT key FROM throttles WHERE forget_at <= ");
        stale.bind(&now);
        if self.0.engine() == Engine::Postgres {
            // Whoever holds one may want another next: no one waits for them here.
            stale.push(" FOR UPDATE SKIP LOCKED");
        }
        stale.push(")");
        self.0.sql(stale).run().await?;
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
            .sql("SELECT fingerprint, status, etag, body FROM idempotency_keys WHERE caller = $1 AND key = $2 AND created_at >= $3")
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
                 ON CONFLICT (caller, key) DO UPDATE SET fingerprint = excluded.fingerprint, status = NULL, etag = NULL, \
                 body = NULL, created_at = excluded.created_at WHERE idempotency_keys.created_at < $5",
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

    /// Writes down the answer to the request that used a key; the first one stays, and of other requests nothing is kept.
    pub async fn remember(&mut self, caller: &str, key: &str, answer: &RememberedAnswer) -> Result<(), StoreError> {
        self.0
            .sql(
                "UPDATE idempotency_keys SET status = $4, etag = $5, body = $6 \
                 WHERE caller = $1 AND key = $2 AND fingerprint = $3 AND status IS NULL",
            )
            .bind(caller)
            .bind(key)
            .bind(&answer.fingerprint)
            .bind(&answer.status)
            .bind(&answer.etag)
            .bind(&answer.body)
            .run()
            .await?;
        Ok(())
    }
}
