//! What became of the mails of an account: sent, waiting, given up.

use domain::access::{Level, Need, Permission};
use domain::email_address::EmailAddress;
use domain::ids::OutboxId;
use domain::words;
pub use store::outbox::MailState;
use store::outbox::Outbox;

use crate::app::App;
use crate::caller::Caller;
use crate::failure::Failure;

/// See what became of mails: whoever invites wants to know whether the mail arrived.
pub const LIST: Need = Need::account(Permission::USERS, Level::View);

/// What may have become of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It waits, perhaps for another try.
    Pending,
    /// The mail server took it.
    Sent,
    /// It was refused for good, or for too long.
    Abandoned,
    /// Its link ended before it could leave.
    Cancelled,
}

words!(State { Pending = "pending", Sent = "sent", Abandoned = "abandoned", Cancelled = "cancelled" });

/// Which mails.
#[derive(Debug, Default)]
pub struct MailQuery {
    /// What became of them; `None` is anything.
    pub state: Option<State>,
    /// To whom; `None` is anybody.
    pub recipient: Option<EmailAddress>,
    /// Promised before this one.
    pub before: Option<OutboxId>,
}

/// Up to `limit` mails of the account, latest first. What they say is not shown (I5).
pub async fn list(app: &App, caller: &Caller, query: &MailQuery, limit: u16) -> Result<Vec<MailState>, Failure> {
    let mut view = app.view(caller, LIST).await?;
    let account = view.account();
    let state = query.state.map(State::word);
    Ok(Outbox(view.tx()).of_account(account, state, query.recipient.as_ref(), query.before, limit.into()).await?)
}
