//! Every mail that would have been sent: what the mailbox page of the development mode shows.

use domain::core::failure::{Failure, NoSuch};
use domain::core::ids::OutboxId;
use domain::core::timestamp::Timestamp;
use mail::Rendered;
use store::outbox::{Outbox, OutboxMail};

use crate::core::app::App;
use crate::delivery::{Written, written};

/// A mail as its recipient would read it.
#[derive(Debug, Clone)]
pub struct MailboxMail {
    /// The email's id.
    pub id: OutboxId,
    /// The recipient.
    pub recipient: String,
    /// When it was promised.
    pub at: Timestamp,
    /// What it says; `None` when it cannot be written.
    pub rendered: Option<Rendered>,
    /// Whether its link works no more.
    pub link_ended: bool,
}

/// So many mails stand on a page.
pub const PAGE: i64 = 50;

/// A page of the mailbox.
#[derive(Debug)]
pub struct MailboxPage {
    /// Its mails, newest first.
    pub mails: Vec<MailboxMail>,
    /// How many there are on all pages.
    pub total: i64,
}

/// A page of the mails, newest first; the first is 1.
pub async fn page(app: &App, number: i64) -> Result<MailboxPage, Failure> {
    let mut tx = app.db.read().await?;
    let total = Outbox(&mut tx).count().await?;
    let found = Outbox(&mut tx).latest_after(number.saturating_sub(1).saturating_mul(PAGE), PAGE).await?;
    drop(tx);
    let mut mails = Vec::new();
    for mail in found {
        mails.push(open(app, &mail).await?);
    }
    Ok(MailboxPage { mails, total })
}

/// One mail.
///
/// # Errors
/// 404 when there is none.
pub async fn find(app: &App, id: OutboxId) -> Result<MailboxMail, Failure> {
    let mut tx = app.db.read().await?;
    let mail = Outbox(&mut tx).find(id).await?.ok_or(NoSuch("mail"))?;
    drop(tx);
    open(app, &mail).await
}

async fn open(app: &App, mail: &OutboxMail) -> Result<MailboxMail, Failure> {
    let (rendered, link_ended) = match written(app, mail).await? {
        Written::Whole(rendered) => (rendered, false),
        Written::LinkEnded(rendered) => (rendered, true),
    };
    Ok(MailboxMail {
        id: mail.id,
        recipient: mail.recipient.to_string(),
        at: mail.created_at,
        rendered: rendered.ok(),
        link_ended,
    })
}
