//! Whose mails have the next turn. Every account has a queue of its own, so that no one waits for what another one sends.

use domain::core::timestamp::Timestamp;

use crate::outbox::mail::{OutboxMail, TRUSTED};
use crate::{Engine, SqlText, StoreError, Tx};

/// Who takes a mail.
#[derive(Debug, Clone, Copy)]
pub struct Claim<'c> {
    /// Its name.
    pub worker: &'c str,
    /// Mails that are due then.
    pub now: Timestamp,
    /// No one else gets the mail before.
    pub until: Timestamp,
}

/// What a node is called whose lanes are called `node/…/0`, `node/…/1` and so on; also the name of the lease by which it is known to live.
pub fn name_of_node(node: &str) -> String {
    format!("node/{node}")
}

/// Which mails a turn is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// All of them.
    Everything,
    /// What people asked for themselves.
    UrgentOnly,
}

/// The queues of the outbox.
pub struct MailQueues<'t>(pub &'t mut Tx);

impl MailQueues<'_> {
    /// Up to `limit` queues with a mail that may leave now: first what people ask for where they are known, then whoever had no turn for
    /// the longest time.
    ///
    /// For example: one account has ten thousand invitations due, another one promises a reset link now. The second one had no
    /// turn yet and has the next; then both have a turn each until the second one has nothing more.
    ///
    /// The queues are found by looking for the next greater name again and again, one look into the index for each, however
    /// many mails wait in them.
    pub async fn next(&mut self, takes: Takes, now: Timestamp, limit: i64) -> Result<Vec<String>, StoreError> {
        let mut text = SqlText::new(
            "WITH RECURSIVE waiting (queue) AS (SELECT MIN(queue) FROM outbox WHERE state = 'pending' UNION ALL \
             SELECT (SELECT MIN(o.queue) FROM outbox o WHERE o.state = 'pending' AND o.queue > w.queue) FROM waiting w \
             WHERE w.queue IS NOT NULL) SELECT w.queue FROM waiting w LEFT JOIN mail_queues q ON q.queue = w.queue \
             WHERE w.queue IS NOT NULL AND (EXISTS (SELECT 1 FROM outbox o WHERE o.state = 'pending' AND o.queue = w.queue \
             AND o.is_urgent = TRUE AND o.due_at <= $1)",
        );
        text.bind_ahead(&now);
        if takes == Takes::Everything {
            text.push(
                " OR (COALESCE(q.waits_until, 0) <= $1 AND EXISTS (SELECT 1 FROM outbox o WHERE o.state = 'pending' \
                 AND o.queue = w.queue AND o.is_urgent = FALSE AND o.due_at <= $1))",
            );
        }
        text.push(") ORDER BY CASE WHEN w.queue = ").bind(TRUSTED).push(" THEN 0 ELSE 1 END");
        text.push(", COALESCE(q.turn, 0), w.queue LIMIT ").bind(&limit);
        self.0.sql(text).values().await
    }

    /// Takes the next mail of a queue, urgent ones first, and notes that it had its turn. `None` where another one was quicker.
    pub async fn claim(
        &mut self,
        queue: &str,
        takes: Takes,
        claim: Claim<'_>,
    ) -> Result<Option<OutboxMail>, StoreError> {
        let mut claimed = self.claim_one(queue, true, claim).await?;
        if claimed.is_none() && takes == Takes::Everything {
            claimed = self.claim_one(queue, false, claim).await?;
        }
        if claimed.is_some() {
            self.had_turn(queue).await?;
        }
        Ok(claimed)
    }

    async fn claim_one(
        &mut self,
        queue: &str,
        urgent: bool,
        claim: Claim<'_>,
    ) -> Result<Option<OutboxMail>, StoreError> {
        let mut text = SqlText::new("UPDATE outbox SET attempts = attempts + 1, claimed_by = ");
        text.bind(claim.worker).push(", due_at = ").bind(&claim.until);
        text.push(" WHERE id = (SELECT id FROM outbox WHERE state = 'pending' AND queue = ").bind(queue);
        text.push(" AND is_urgent = ").bind(&urgent).push(" AND due_at <= ").bind(&claim.now);
        if !urgent {
            text.push(" AND NOT EXISTS (SELECT 1 FROM mail_queues q WHERE q.queue = ").bind(queue);
            text.push(" AND q.waits_until > ").bind(&claim.now).push(")");
        }
        text.push(" ORDER BY due_at, id LIMIT 1");
        if self.0.engine() == Engine::Postgres {
            text.push(" FOR UPDATE SKIP LOCKED");
        }
        text.push(") RETURNING *");
        self.0.sql(text).one().await
    }

    /// What nodes had taken whose lease ran out is free again. What was taken otherwise, or by a node that never had a lease, stays theirs
    /// as long as they said.
    pub async fn release_of_gone(&mut self, now: Timestamp) -> Result<u64, StoreError> {
        self.0
            .sql(
                "UPDATE outbox SET due_at = $1, claimed_by = NULL WHERE state = 'pending' AND claimed_by IS NOT NULL \
                 AND EXISTS (SELECT 1 FROM leases l WHERE l.name LIKE 'node/%' AND l.until <= $1 \
                 AND outbox.claimed_by LIKE l.name || '/%')",
            )
            .bind(&now)
            .run()
            .await
    }

    async fn had_turn(&mut self, queue: &str) -> Result<(), StoreError> {
        self.0
            .sql(
                "INSERT INTO mail_queues (queue, turn, refusals, waits_until) \
                 VALUES ($1, (SELECT COALESCE(MAX(turn), 0) + 1 FROM mail_queues), 0, 0) \
                 ON CONFLICT (queue) DO UPDATE SET turn = excluded.turn",
            )
            .bind(queue)
            .run()
            .await?;
        Ok(())
    }

    /// The mail server took a mail of this queue that is not urgent.
    pub async fn taken(&mut self, mail: &OutboxMail) -> Result<(), StoreError> {
        self.0
            .sql("UPDATE mail_queues SET refusals = 0, waits_until = 0 WHERE queue = $1 AND refusals > 0")
            .bind(&mail.queue())
            .run()
            .await?;
        Ok(())
    }

    /// The mail server refused one; gives how many it refused in a row.
    pub async fn refused(&mut self, mail: &OutboxMail) -> Result<i64, StoreError> {
        self.0
            .sql("UPDATE mail_queues SET refusals = refusals + 1 WHERE queue = $1 RETURNING refusals")
            .bind(&mail.queue())
            .value()
            .await
    }

    /// The mails of this queue that are not urgent wait until then.
    pub async fn wait(&mut self, mail: &OutboxMail, until: Timestamp) -> Result<(), StoreError> {
        self.0
            .sql("UPDATE mail_queues SET waits_until = $2 WHERE queue = $1 AND waits_until < $2")
            .bind(&mail.queue())
            .bind(&until)
            .run()
            .await?;
        Ok(())
    }
}
