//! What the operator does to the whole installation stands in the log of every account.

use domain::accounts::Account;
use domain::activity::actions::{Action, TargetKind};
use domain::core::failure::Failure;
use serde_json::Value;
use store::Tx;
use store::accounts::Accounts;

use crate::core::app::App;
use crate::core::caller::Caller;
use crate::core::change::Change;
use crate::core::entry::Entry;

/// Writes an entry into the log of every account, all in one transaction, which is given back to be committed. `prepare` has
/// each account, whose row is held, before its entry is written; it gives what the entry tells.
///
/// # Errors
/// The database's own troubles: then nothing is written anywhere.
pub(crate) async fn tell(
    app: &App,
    mut tx: Tx,
    action: Action,
    mut prepare: impl AsyncFnMut(&mut Tx, &mut Account) -> Result<Value, Failure>,
) -> Result<Tx, Failure> {
    let mut all = Accounts(&mut tx).list().await?;
    // Held in the order in which every change of several accounts holds them, so that none waits for another in a circle.
    all.sort_unstable_by_key(|account| account.id);
    for listed in all {
        let Some(mut account) = Accounts(&mut tx).lock(listed.id).await? else { continue };
        let after = prepare(&mut tx, &mut account).await?;
        let caller = Caller::operator(account.id);
        let target = Entry::target(TargetKind::Account, &account.id, &account.name, Value::Null, after);
        let change = Change::over(app, &caller, account, tx);
        tx = change.hand_on(Entry::new(action, vec![target])).await?;
    }
    Ok(tx)
}
