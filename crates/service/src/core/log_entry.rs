//! An entry takes its place at the end of its account's log: number, hash and seal (D8, decision 7).

use domain::accounts::Account;
use domain::activity::{self, Event};
use domain::core::failure::Failure;
use store::Tenant;
use store::accounts::Accounts;
use store::activity::Events;

use crate::core::change::Change;
use crate::core::entry::Entry;
use crate::core::key_check;

/// Writes the entry of a change, with the change.
///
/// # Errors
/// The installation has another key than this node by now, so that nothing is written; the database's own troubles.
pub(crate) async fn write(change: &mut Change<'_>, entry: Entry) -> Result<(), Failure> {
    let mut origin = change.caller().origin.clone();
    if !entry.names_session {
        origin.session.clear();
    }
    let event = Event {
        seq: change.account().event_count + 1,
        id: change.new_id(),
        at: change.now(),
        action: entry.action.to_string(),
        actor: entry.actor.unwrap_or_else(|| change.caller().actor.logged.clone()),
        targets: entry.targets,
        origin,
        reason: change.caller().reason.clone(),
    };
    let account = change.account().id;
    let bytes = activity::form::bytes(activity::form::CURRENT, account, &event)?;
    let hash = activity::form::hash(&change.account().event_head, &bytes);
    let seal = next_seal(change, event.seq, &hash).await?;
    Events::of(change).insert(&event, activity::form::CURRENT, &hash).await?;
    Ok(Accounts(change.tx()).advance_events(account, event.seq, &hash, &seal).await?)
}

/// The seal of the log with one more entry. Where the log so far does not have ours, either the installation got another key
/// while this node kept the old one, and nothing is written; or someone without the key changed the log. Then its seal stays
/// as wrong as it is: a good one would tell `verify` that nothing had happened.
async fn next_seal(change: &mut Change<'_>, count: i64, head: &str) -> Result<String, Failure> {
    let app = change.app();
    let Account { id, event_count, event_head, event_seal, .. } = change.account();
    if app.key.has_sealed(*id, *event_count, event_head, event_seal) {
        return Ok(app.key.seal(*id, count, head));
    }
    let (id, wrong) = (*id, event_seal.clone());
    key_check::check(app, change.tx()).await?;
    tracing::error!(account = %id, "Someone without the secret key changed the activity log. Run `portcullis events \
     verify`.");
    Ok(wrong)
}
