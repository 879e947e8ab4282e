//! Every mail that would have been sent: what the mailbox page of the development mode shows.

use domain::ids::OutboxId;
use domain::timestamp::Timestamp;
use mail::Rendered;
use store::outbox::{Outbox, OutboxMail};

use crate::app::App;
use crate::failure::{Failure, NoSuch};
use crate::mail_delivery::{Written, written};

/// A mail as its recipient would read it.
#[derive(Debug, Clone)]
pub struct MailboxMail {
    /// Its id.
    pub id: OutboxId,
    /// To whom.
    pub recipient: String,
    /// When it was promised.
    pub at: Timestamp,
    /// What it says; `None` when it cannot be written.
    pub rendered: Option<Rendered>,
    /// Whether its link works no more.
    pub link_ended: bool,
}

/// The latest mails, newest first.
pub async fn latest(app: &App) -> Result<Vec<MailboxMail>, Failure> {
    const MOST: i64 = 50;
    let mut tx = app.db.read().await?;
    let mails = Outbox(&mut tx).latest(MOST).await?;
    drop(tx);
    let mut read = Vec::new();
    for mail in mails {
        read.push(open(app, &mail).await?);
    }
    Ok(read)
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
