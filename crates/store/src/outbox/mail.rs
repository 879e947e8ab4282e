//! A mail to be sent, and whose turns it takes.

use domain::core::email_address::EmailAddress;
use domain::core::ids::{AccountId, LinkId, OutboxId};
use domain::core::timestamp::Timestamp;
use domain::outbox::limits::{Cause, is_urgent};

use crate::{ToValue, Value, record};

/// The queue of mails that are about no account, which strangers ask for.
pub(super) const INSTALLATION: &str = "installation";

/// The queue of what people ask for where they are known, and of notices about their own sign-in. It always has the next turn: what
/// strangers ask for, and however much, must not hold it up (L4). What one person may cause of it is bounded.
pub(super) const TRUSTED: &str = "trusted";

/// A mail to be sent. Links are not in it: the worker makes them when it sends (no token in the database).
#[derive(Debug, Clone, PartialEq)]
pub struct OutboxMail {
    /// Its id, also the Message-ID.
    pub id: OutboxId,
    /// The account it is about.
    pub account_id: Option<AccountId>,
    /// Who caused it: id of a user, an identity, or `operator`, `system`.
    pub sender_id: String,
    /// To whom.
    pub recipient: EmailAddress,
    /// Which kind of mail.
    pub kind: String,
    /// The message as JSON, without its link.
    pub message: String,
    /// The link that belongs into it.
    pub link_id: Option<LinkId>,
    /// Whose room it takes.
    pub cause: Cause,
    /// How often it was tried.
    pub attempts: i64,
    /// When to try next.
    pub due_at: Timestamp,
    /// When it was promised.
    pub created_at: Timestamp,
}

impl OutboxMail {
    /// Whether it comes before the others of its account.
    pub fn is_urgent(&self) -> bool {
        is_urgent(self.cause, &self.kind)
    }

    /// Whose turns it takes.
    pub fn queue(&self) -> String {
        match (self.account_id, self.cause) {
            (Some(account), _) => account.to_string(),
            (None, Cause::Trusted) => TRUSTED.to_owned(),
            (None, Cause::Account | Cause::Stranger) => INSTALLATION.to_owned(),
        }
    }
}

record!(OutboxMail {
    id,
    account_id,
    sender_id,
    recipient,
    kind,
    message,
    link_id,
    cause,
    attempts,
    due_at,
    created_at
});

pub(super) fn row(mail: &OutboxMail) -> [Value; 14] {
    [
        mail.id.to_value(),
        mail.account_id.to_value(),
        mail.sender_id.to_value(),
        mail.recipient.to_value(),
        mail.kind.to_value(),
        mail.message.to_value(),
        mail.link_id.to_value(),
        mail.cause.to_value(),
        mail.queue().to_value(),
        mail.is_urgent().to_value(),
        "pending".to_value(),
        mail.attempts.to_value(),
        mail.due_at.to_value(),
        mail.created_at.to_value(),
    ]
}
