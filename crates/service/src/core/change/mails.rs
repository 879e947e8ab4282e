//! The one door of all mails: they are promised with a change, and leave when it is their turn (I10).

use std::borrow::Cow;
use std::collections::HashMap;

use domain::core::email_address::EmailAddress;
use domain::core::failure::Failure;
use domain::core::ids::OutboxId;
use domain::core::timestamp::Timestamp;
use domain::outbox::limits::{self, Cause, Departure};
use store::Tenant;
use store::outbox::{Outbox, OutboxMail};

use crate::core::change::Change;

impl Change<'_> {
    /// Promises mails with this change: the one door of all mails. One to someone who gets many leaves later (I10).
    pub async fn mail(&mut self, mails: &[OutboxMail]) -> Result<(), Failure> {
        self.has_mail |= !mails.is_empty();
        let planned = planned(self, mails).await?;
        Ok(Outbox(self.tx()).insert(&planned).await?)
    }
}

/// These mails, due when each may leave.
async fn planned<'m>(change: &mut Change<'_>, mails: &'m [OutboxMail]) -> Result<Cow<'m, [OutboxMail]>, Failure> {
    let delayed = delayed(change, mails).await?;
    if delayed.is_empty() {
        return Ok(Cow::Borrowed(mails));
    }
    let due = |mail: &OutboxMail| delayed.get(&mail.id).copied().unwrap_or(mail.due_at);
    Ok(mails.iter().map(|mail| OutboxMail { due_at: due(mail), ..mail.clone() }).collect())
}

/// Which of these mails must wait for their turn, and until when.
async fn delayed(change: &mut Change<'_>, mails: &[OutboxMail]) -> Result<HashMap<OutboxId, Timestamp>, Failure> {
    let limited: Vec<&OutboxMail> = mails.iter().filter(|mail| mail.cause != Cause::Trusted).collect();
    let recipients: Vec<EmailAddress> = limited.iter().map(|mail| mail.recipient.clone()).collect();
    let (now, most) = (change.now(), change.app().settings.mail_limits.per_recipient_hour);
    let most = usize::try_from(most).unwrap_or_default();
    let mut departures = Outbox(change.tx()).departures(&recipients, now.minus(limits::SPAN)).await?;
    let mut delayed = HashMap::new();
    for mail in limited {
        let (account, cause) = (mail.account_id, mail.cause);
        let before = departures.entry(mail.recipient.clone()).or_default();
        let at = limits::leaves_at(now, account, cause, before, most);
        before.push(Departure { account, cause, at });
        if at > now {
            delayed.insert(mail.id, at);
        }
    }
    Ok(delayed)
}
