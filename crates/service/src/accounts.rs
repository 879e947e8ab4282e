//! Accounts: their settings.

use domain::access::{Level, Need, Permission};
use domain::account::Account;
use domain::event::EventTarget;
use serde_json::Value;
use store::accounts::Accounts;

use crate::app::App;
use crate::caller::Caller;
use crate::entry::Entry;
use crate::failure::{Failure, NoSuch};

/// See the settings of the account.
pub const GET: Need = Need::account(Permission::SECURITY, Level::View);

/// The account with its settings.
pub async fn get(app: &App, caller: &Caller) -> Result<Account, Failure> {
    let mut view = app.view(caller, GET).await?;
    let id = view.account();
    Accounts(view.tx()).find(id).await?.ok_or_else(|| NoSuch("account").into())
}

/// An account as a target of an entry.
pub fn account_target(account: &Account, before: Value, after: Value) -> EventTarget {
    Entry::target("account", &account.id, &account.name, before, after)
}
