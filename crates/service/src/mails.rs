//! What became of the mails of an account: sent, waiting, given up.

use domain::access::{Level, Need, Permission};
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

/// Mails of the account, latest first: up to `limit` of those promised before `before`. What they say is not shown (I5).
pub async fn list(
    app: &App,
    caller: &Caller,
    state: Option<State>,
    before: Option<OutboxId>,
    limit: u16,
) -> Result<Vec<MailState>, Failure> {
    let mut view = app.view(caller, LIST).await?;
    let account = view.account();
    Ok(Outbox(view.tx()).of_account(account, state.map(State::word), before, limit.into()).await?)
}
