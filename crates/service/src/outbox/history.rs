//! What became of the mails of an account: sent, waiting, given up.

use domain::access::{Level, Need, Permission};
use domain::core::email_address::EmailAddress;
use domain::core::failure::Failure;
use domain::core::ids::OutboxId;
use domain::words;
use mail::Message;
use store::Tenant;
pub use store::outbox::MailState;
use store::outbox::Outbox;

use crate::core::app::App;
use crate::core::caller::Caller;
use crate::core::cursor::{self, Seal};

/// See what became of mails: whoever invites wants to know whether the mail arrived.
pub const LIST: Need = Need::account(Permission::USERS, Level::View);

/// What may have become of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryState {
    /// It waits, perhaps for another try.
    Pending,
    /// The mail server took it.
    Sent,
    /// It was refused for good, or for too long.
    Abandoned,
    /// Its link ended before it could leave.
    Canceled,
}

words!(DeliveryState { Pending = "pending", Sent = "sent", Abandoned = "abandoned", Canceled = "canceled" });

/// Which mails.
#[derive(Debug, Default)]
pub struct MailQuery {
    /// What became of them; `None` is anything.
    pub state: Option<DeliveryState>,
    /// To whom; `None` is anyone.
    pub recipient: Option<EmailAddress>,
    /// How many; `None` is the usual page.
    pub limit: Option<i64>,
    /// Where the page begins; `None` is the first one.
    pub cursor: Option<String>,
}

/// A page of mails, latest first.
#[derive(Debug)]
pub struct MailPage {
    /// The mails.
    pub items: Vec<MailState>,
    /// Cursor of the next page.
    pub next: Option<String>,
}

/// What the account is told of the kind of a mail. Whoever has a sign-in elsewhere gets another text with the same link; that
/// this is so is between them and us (D2).
fn told(kind: &str) -> &str {
    match kind {
        "activation" => "invitation",
        _ => kind,
    }
}

/// Every kind of mail, as accounts are told of it.
pub fn kinds() -> impl Iterator<Item = &'static str> {
    Message::KINDS.iter().copied().map(told)
}

/// A page of the mails of the account. What they say is not shown (I5).
///
/// # Errors
/// 422 for a limit out of range or a cursor of another list.
pub async fn list(app: &App, caller: &Caller, query: &MailQuery) -> Result<MailPage, Failure> {
    let limit = cursor::limit(query.limit)?;
    let one_more = i64::try_from(limit + 1).unwrap_or(i64::MAX);
    let mut view = app.view(caller, LIST).await?;
    let account = view.account();
    let (state, recipient) = (query.state.map(DeliveryState::word), query.recipient.as_ref());
    let seal = Seal::new(&app.key, &(account, "mails", state, recipient.map(EmailAddress::as_str)));
    let before = query.cursor.as_ref().map(|text| seal.read::<OutboxId>(text)).transpose()?;
    let mut items = Outbox(view.tx()).of_account(account, state, recipient, before, one_more).await?;
    let more = cursor::cut(&mut items, limit);
    let items: Vec<MailState> =
        items.into_iter().map(|mail| MailState { kind: told(&mail.kind).to_owned(), ..mail }).collect();
    Ok(MailPage { next: items.last().filter(|_| more).map(|mail| seal.write(&mail.id)), items })
}
