//! Mails that were promised by a commit: pending until sent, or given up.

mod mail;
pub mod queues;

use std::collections::HashMap;

use domain::core::email_address::EmailAddress;
use domain::core::ids::{AccountId, IdentityId, OutboxId, UserId};
use domain::core::timestamp::Timestamp;
use domain::outbox::delivery_trouble::DeliveryTrouble;
use domain::outbox::limits::{Cause, Departure};

pub use self::mail::OutboxMail;
use self::mail::row;
use crate::{SqlText, StoreError, Tx, record, text_column};

/// What became of a mail; its text stays out of it.
#[derive(Debug, Clone, PartialEq)]
pub struct MailState {
    /// The email's id.
    pub id: OutboxId,
    /// To whom.
    pub recipient: EmailAddress,
    /// Which kind of mail.
    pub kind: String,
    /// `pending`, `sent`, `abandoned` or `canceled`.
    pub state: String,
    /// How often it was tried.
    pub attempts: i64,
    /// When it was promised.
    pub created_at: Timestamp,
    /// When it left or was given up.
    pub ended_at: Option<Timestamp>,
    /// Stable code of why it did not leave, where it did not.
    pub error_code: Option<String>,
    /// The same in words, mostly those of the mail server.
    pub error: Option<String>,
}

text_column!(Cause);
record!(MailState { id, recipient, kind, state, attempts, created_at, ended_at, error_code, error });

/// Why a mail did not leave.
#[derive(Debug, Clone, Copy)]
pub struct Trouble<'t> {
    /// A stable code.
    pub code: DeliveryTrouble,
    /// What happened.
    pub reason: &'t str,
}

/// Which mails count towards a limit.
#[derive(Debug, Clone, Copy)]
pub struct Counted<'a> {
    /// Of this kind; of any where it is absent.
    pub kind: Option<&'a str>,
    /// About this account; about any where it is absent.
    pub account: Option<AccountId>,
    /// Caused so; anyhow where it is absent.
    pub cause: Option<Cause>,
    /// Promised since then.
    pub since: Timestamp,
}

/// The outbox of the installation.
pub struct Outbox<'t>(pub &'t mut Tx);

impl Outbox<'_> {
    /// Promises mails, many at a time.
    pub async fn insert(&mut self, mails: &[OutboxMail]) -> Result<(), StoreError> {
        self.0
            .insert_many(
                "INSERT INTO outbox (id, account_id, sender_id, recipient, kind, message, link_id, cause, queue, is_urgent, state, attempts, \
                 due_at, created_at)",
                "",
                mails.iter().map(row),
            )
            .await?;
        Ok(())
    }

    /// Whatever was claimed is free again: for the start of a server that is the only one on its database.
    pub async fn release_all(&mut self, now: Timestamp) -> Result<u64, StoreError> {
        self.0
            .sql("UPDATE outbox SET due_at = $1, claimed_by = NULL WHERE state = 'pending' AND claimed_by IS NOT NULL")
            .bind(&now)
            .run()
            .await
    }

    /// The mail left.
    pub async fn sent(&mut self, id: OutboxId, at: Timestamp) -> Result<(), StoreError> {
        self.0
            .sql("UPDATE outbox SET state = 'sent', ended_at = $2, error_code = NULL, error = NULL WHERE id = $1 AND state = 'pending'")
            .bind(&id)
            .bind(&at)
            .run()
            .await?;
        Ok(())
    }

    /// The mail did not leave; try again at `due_at`.
    pub async fn postpone(&mut self, id: OutboxId, due_at: Timestamp, why: Trouble<'_>) -> Result<(), StoreError> {
        self.0
            .sql(
                "UPDATE outbox SET due_at = $2, error_code = $3, error = $4, claimed_by = NULL \
                 WHERE id = $1 AND state = 'pending'",
            )
            .bind(&id)
            .bind(&due_at)
            .bind(why.code.word())
            .bind(why.reason)
            .run()
            .await?;
        Ok(())
    }

    /// The mail need not leave anymore.
    pub async fn cancel(&mut self, id: OutboxId, at: Timestamp, why: Trouble<'_>) -> Result<(), StoreError> {
        self.end(id, "canceled", at, why).await
    }

    /// No waiting mail need leave any more (after a restore, D11).
    pub async fn cancel_all(&mut self, at: Timestamp, reason: &str) -> Result<u64, StoreError> {
        self.0
            .sql("UPDATE outbox SET state = 'canceled', ended_at = $1, error = $2 WHERE state = 'pending'")
            .bind(&at)
            .bind(reason)
            .run()
            .await
    }

    /// Waiting mails that carry a link are not sent.
    pub async fn cancel_with_links(&mut self, at: Timestamp, reason: &str) -> Result<u64, StoreError> {
        self.0
            .sql(
                "UPDATE outbox SET state = 'canceled', ended_at = $1, error = $2 \
                 WHERE state = 'pending' AND link_id IS NOT NULL",
            )
            .bind(&at)
            .bind(reason)
            .run()
            .await
    }

    /// The mail is given up.
    pub async fn abandon(&mut self, id: OutboxId, at: Timestamp, why: Trouble<'_>) -> Result<(), StoreError> {
        self.end(id, "abandoned", at, why).await
    }

    /// The mail does not leave anymore.
    async fn end(&mut self, id: OutboxId, state: &str, at: Timestamp, why: Trouble<'_>) -> Result<(), StoreError> {
        self.0
            .sql(
                "UPDATE outbox SET state = $2, ended_at = $3, error_code = $4, error = $5 \
                 WHERE id = $1 AND state = 'pending'",
            )
            .bind(&id)
            .bind(state)
            .bind(&at)
            .bind(why.code.word())
            .bind(why.reason)
            .run()
            .await?;
        Ok(())
    }

    /// Mails with a link of these users that did not leave yet need not leave anymore.
    pub async fn cancel_links_of(
        &mut self,
        account: AccountId,
        users: &[UserId],
        at: Timestamp,
    ) -> Result<u64, StoreError> {
        let mut canceled = 0;
        for chunk in users.chunks(500) {
            let mut text = SqlText::new("UPDATE outbox SET state = 'canceled', ended_at = ");
            text.bind(&at)
                .push(" WHERE state = 'pending' AND link_id IN (SELECT id FROM links WHERE account_id = ")
                .bind(&account);
            text.push(" AND ended_at IS NOT NULL AND user_id IN (").bind_all(chunk).push("))");
            canceled += self.0.sql(text).run().await?;
        }
        Ok(canceled)
    }

    /// Cancels mails of these people with links that ended. Says how many.
    pub async fn cancel_dead_links_of(&mut self, people: &[IdentityId], at: Timestamp) -> Result<u64, StoreError> {
        let mut canceled = 0;
        for chunk in people.chunks(500) {
            let mut text = SqlText::new("UPDATE outbox SET state = 'canceled', ended_at = ");
            text.bind(&at).push(" WHERE state = 'pending' AND link_id IN (SELECT id FROM links WHERE identity_id IN (");
            text.bind_all(chunk).push(") AND ended_at IS NOT NULL)");
            canceled += self.0.sql(text).run().await?;
        }
        Ok(canceled)
    }

    /// What left to each of these addresses since then, or will leave, with limits (I10).
    pub async fn departures(
        &mut self,
        recipients: &[EmailAddress],
        since: Timestamp,
    ) -> Result<HashMap<EmailAddress, Vec<Departure>>, StoreError> {
        let mut found: HashMap<EmailAddress, Vec<Departure>> = HashMap::new();
        for chunk in recipients.chunks(500) {
            let mut text = SqlText::new(
                "SELECT recipient, account_id, cause, COALESCE(ended_at, due_at) FROM outbox \
                 WHERE state IN ('pending', 'sent') AND cause <> 'trusted' AND COALESCE(ended_at, due_at) > ",
            );
            text.bind(&since).push(" AND recipient IN (").bind_all(chunk).push(")");
            for (recipient, account, cause, at) in self.0.sql(text).all().await? {
                found.entry(recipient).or_default().push(Departure { account, cause, at });
            }
        }
        Ok(found)
    }

    /// Which of these addresses were promised at least `most` mails of those that are counted (I10).
    pub async fn over_limit(
        &mut self,
        recipients: &[EmailAddress],
        counted: Counted<'_>,
        most: i64,
    ) -> Result<Vec<EmailAddress>, StoreError> {
        let mut found = Vec::new();
        for chunk in recipients.chunks(500) {
            let mut text = SqlText::new("SELECT recipient FROM outbox WHERE created_at >= ");
            text.bind(&counted.since);
            if let Some(kind) = counted.kind {
                text.push(" AND kind = ").bind(kind);
            }
            if let Some(account) = counted.account {
                text.push(" AND account_id = ").bind(&account);
            }
            if let Some(cause) = counted.cause {
                text.push(" AND cause = ").bind(&cause);
            }
            text.push(" AND recipient IN (").bind_all(chunk);
            text.push(") GROUP BY recipient HAVING COUNT(*) >= ").bind(&most);
            found.extend(self.0.sql(text).values::<EmailAddress>().await?);
        }
        Ok(found)
    }

    /// How many mails one sender caused since then (I10).
    pub async fn count_by(&mut self, sender: &str, since: Timestamp) -> Result<i64, StoreError> {
        self.0
            .sql("SELECT COUNT(*) FROM outbox WHERE sender_id = $1 AND created_at >= $2")
            .bind(sender)
            .bind(&since)
            .value()
            .await
    }

    /// How many mails the users of one account caused since then (I10). What strangers ask for does not count.
    pub async fn count_of(&mut self, account: AccountId, since: Timestamp) -> Result<i64, StoreError> {
        self.0
            .sql("SELECT COUNT(*) FROM outbox WHERE account_id = $1 AND created_at >= $2 AND cause = 'account'")
            .bind(&account)
            .bind(&since)
            .value()
            .await
    }

    /// The mails of an account that were promised before one of them, latest first; of one state, to one recipient where
    /// these are given.
    pub async fn of_account(
        &mut self,
        account: AccountId,
        state: Option<&'static str>,
        recipient: Option<&EmailAddress>,
        before: Option<OutboxId>,
        limit: i64,
    ) -> Result<Vec<MailState>, StoreError> {
        let mut text = SqlText::new("SELECT * FROM outbox WHERE account_id = ");
        text.bind(&account);
        if let Some(state) = state {
            text.push(" AND state = ").bind(state);
        }
        if let Some(recipient) = recipient {
            text.push(" AND recipient = ").bind(recipient);
        }
        if let Some(before) = before {
            text.push(" AND (created_at, id) < (SELECT created_at, id FROM outbox WHERE account_id = ").bind(&account);
            text.push(" AND id = ").bind(&before).push(")");
        }
        text.push(" ORDER BY created_at DESC, id DESC LIMIT ").bind(&limit);
        self.0.sql(text).all().await
    }

    /// The latest mails of the installation.
    pub async fn latest(&mut self, limit: i64) -> Result<Vec<OutboxMail>, StoreError> {
        self.latest_after(0, limit).await
    }

    /// The mails of the installation, latest first and after so many of these, for the mailbox of the development mode.
    pub async fn latest_after(&mut self, offset: i64, limit: i64) -> Result<Vec<OutboxMail>, StoreError> {
        self.0
            .sql("SELECT * FROM outbox ORDER BY created_at DESC, id DESC LIMIT $1 OFFSET $2")
            .bind(&limit)
            .bind(&offset)
            .all()
            .await
    }

    /// How many mails there are, for the mailbox of the development mode.
    pub async fn count(&mut self) -> Result<i64, StoreError> {
        self.0.sql("SELECT COUNT(*) FROM outbox").value().await
    }

    /// One mail, for the mailbox of the development mode.
    pub async fn find(&mut self, id: OutboxId) -> Result<Option<OutboxMail>, StoreError> {
        self.0.sql("SELECT * FROM outbox WHERE id = $1").bind(&id).one().await
    }

    /// Forgets mails that ended before then.
    pub async fn remove_ended(&mut self, before: Timestamp) -> Result<u64, StoreError> {
        self.0.sql("DELETE FROM outbox WHERE state <> 'pending' AND ended_at < $1").bind(&before).run().await
    }
}
