//! Another secret key for the installation: the old one was lost, or may be known to someone.

use std::collections::BTreeMap;

use domain::accounts::Account;
use domain::activity::actions::Action;
use domain::activity::chain::ChainBreak;
use domain::core::failure::{Failure, refuse};
use domain::core::ids::AccountId;
use domain::core::refusal::Kind;
use domain::core::slug::Slug;
use serde_json::{Value, json};
use store::Tx;
use store::accounts::Accounts;
use store::credentials::links::Links;
use store::installation::Installation;
use store::outbox::Outbox;

use crate::activity::verification::Walk;
use crate::core::app::App;
use crate::core::every_account;
use crate::core::generations::Topic;
use crate::core::secrets::InstallationKey;

/// What came of another key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replaced {
    /// Links that ended.
    pub links: u64,
    /// Logs in which something is wrong. Where it is more than the texts for the search, they got no seal of the new key, so that
    /// they are found wrong for ever.
    pub broken_logs: Vec<(Slug, ChainBreak)>,
    /// Whether the old key had not sealed that there are these accounts. Then the new one did not either.
    pub accounts_are_wrong: bool,
}

/// Makes the key of the configuration the installation's and ends the open links: whoever knows the old key could make them,
/// and a mail that still waits would carry one that opens nothing. Sessions, passwords and API keys stay. Every log is
/// followed and, where it is whole, sealed with the new key. Whether it had the seal of the old one can be told with the
/// `old` key alone; without it the entries tell that this was not looked at. Nodes with the old key stop.
///
/// # Errors
/// 409 when it is the installation's key already, or `old` never was.
pub async fn replace_key(app: &App, old: Option<&InstallationKey>) -> Result<Replaced, Failure> {
    let (fingerprint, now) = (app.key.fingerprint(), app.clock.now());
    let mut tx = app.upkeep("the installation's key is claimed").await?;
    let known = Installation(&mut tx).claim_key(&fingerprint, &app.key.seal_accounts(&[]), now).await?;
    tx.commit().await?;
    check_keys(&known, &fingerprint, old)?;
    // Before the transaction, as it takes long: in it there is only what was written since.
    let mut walks = follow_all(app).await?;

    let mut tx = app.upkeep("the operator replaced the key: told in every account").await?;
    // First of all, so that with the old key no account is made anymore.
    if !Installation(&mut tx).replace_key(&known, &fingerprint).await? {
        return Err(refuse(Kind::Conflict, "secret_key_replaced", "Someone else just replaced the secret key."));
    }
    let mut broken_logs = Vec::new();
    let mut tx = every_account::tell(app, tx, Action::InstallationKeyReplaced, async |tx, account| {
        let walk = walks.remove(&account.id).unwrap_or_else(|| Walk::of(account));
        let broken = seal_anew(app, tx, account, walk, old).await?;
        let told = told(account, broken.as_ref(), old);
        broken_logs.extend(broken.map(|broken| (account.slug.clone(), broken)));
        Ok(told)
    })
    .await?;
    let accounts = Accounts(&mut tx).ids().await?;
    let seal = Installation(&mut tx).accounts_seal().await?.unwrap_or_default();
    let accounts_are_wrong = old.is_some_and(|old| !old.has_sealed_accounts(&accounts, &seal));
    if !accounts_are_wrong {
        Installation(&mut tx).set_accounts_seal(&app.key.seal_accounts(&accounts)).await?;
    }
    // Now that no change with the old key is under way.
    let links = Links(&mut tx).end_everything(now).await?;
    Outbox(&mut tx).cancel_with_links(now, "the secret key of the installation was replaced").await?;
    Installation(&mut tx).publish(&[Topic::Everything.to_string()]).await?;
    tx.commit().await?;
    app.principals().forget(&Topic::Everything);
    Ok(Replaced { links, broken_logs, accounts_are_wrong })
}

fn check_keys(known: &str, new: &str, old: Option<&InstallationKey>) -> Result<(), Failure> {
    if known == new {
        let text = "The installation already uses the key in the configuration. Put the new key there first.";
        return Err(refuse(Kind::Conflict, "secret_key_unchanged", text));
    }
    match old.map(InstallationKey::fingerprint).filter(|old| old != known) {
        Some(old) => {
            let text = format!(
                "The old key you gave is {old}, but the installation uses {known}. Give that one, or \
             none."
            );
            Err(refuse(Kind::Conflict, "secret_key_mismatch", text))
        }
        None => Ok(()),
    }
}

async fn follow_all(app: &App) -> Result<BTreeMap<AccountId, Walk>, Failure> {
    let mut tx = app.db.read().await?;
    let accounts = Accounts(&mut tx).list().await?;
    drop(tx);
    let mut walks = BTreeMap::new();
    for account in accounts {
        let mut walk = Walk::of(&account);
        walk.follow_with_breaks(app, &account).await?;
        walks.insert(account.id, walk);
    }
    Ok(walks)
}

/// Seals a log with the new key if it is whole, and as long as the old key shows it, sealed with that one. Any other keeps a
/// seal that is wrong from now on.
async fn seal_anew(
    app: &App,
    tx: &mut Tx,
    account: &mut Account,
    mut walk: Walk,
    old: Option<&InstallationKey>,
) -> Result<Option<ChainBreak>, Failure> {
    walk.follow(tx, account).await?;
    let broken = walk.finish(tx, account, old).await?;
    // The entries themselves are whole, whatever the search makes of them.
    if broken.as_ref().is_none_or(|broken| matches!(broken, ChainBreak::FoundWrongly { .. })) {
        account.event_seal = app.key.seal(account.id, account.event_count, &account.event_head);
    }
    Ok(broken)
}

fn told(account: &Account, broken: Option<&ChainBreak>, old: Option<&InstallationKey>) -> Value {
    json!({
        "links": "ended",
        "log_entries": account.event_count,
        "log_head": account.event_head,
        "log": broken.map_or_else(|| "intact".to_owned(), ToString::to_string),
        "seal_of_old_key": if old.is_some() { "checked" } else { "not checked" },
    })
}
