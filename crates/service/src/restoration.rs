//! After a backup was restored: what was revoked since the backup must not live again (D11).

use serde_json::{Value, json};
use store::accounts::Accounts;
use store::api_keys::AllApiKeys;
use store::installation::Installation;
use store::jobs::AllJobs;
use store::link_requests::LinkRequests;
use store::links::Links;
use store::outbox::Outbox;
use store::sessions::Sessions;

use crate::app::App;
use crate::caller::Caller;
use crate::entry::Entry;
use crate::failure::Failure;

/// What was ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// Sessions.
    pub sessions: u64,
    /// Links that were mailed or printed.
    pub links: u64,
    /// API keys.
    pub api_keys: u64,
    /// Jobs that waited or were under way.
    pub jobs: u64,
}

impl std::fmt::Display for Ended {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { sessions, links, api_keys, jobs } = self;
        write!(f, "{sessions} sessions, {links} links, {api_keys} API keys, {jobs} jobs")
    }
}

/// Ends every session, link, API key and job of the restored database, counts its epoch up, and tells every account.
pub async fn after_restore(app: &App) -> Result<Ended, Failure> {
    let now = app.world.now();
    let mut tx = app.db.write().await?;
    Installation(&mut tx).advance_epoch().await?;
    let ended = Ended {
        sessions: Sessions(&mut tx).end_everything().await?,
        links: Links(&mut tx).end_everything(now).await?,
        api_keys: AllApiKeys(&mut tx).end_everything(now).await?,
        // One of them may be what the backup was restored for.
        jobs: AllJobs(&mut tx).cancel_all(now).await?,
    };
    // Whoever asked at that time asks again.
    LinkRequests(&mut tx).remove_older(now).await?;
    // Mails of that time have left already, or their links are dead.
    Outbox(&mut tx).cancel_all(now, "the database was restored from a backup").await?;
    tx.commit().await?;
    tell_every_account(app, "installation.restored", &["sessions", "links", "api_keys", "jobs"]).await?;
    Ok(ended)
}

/// Writes into the log of every account what the operator ended in the whole installation.
pub(crate) async fn tell_every_account(app: &App, action: &'static str, ended: &[&str]) -> Result<(), Failure> {
    let mut tx = app.db.read().await?;
    let accounts = Accounts(&mut tx).list().await?;
    drop(tx);
    let after: serde_json::Map<_, _> = ended.iter().map(|what| ((*what).to_owned(), json!("ended"))).collect();
    for account in accounts {
        let caller = Caller::operator(account.id);
        let change = app.change_in(&caller, account.id).await?;
        let target = Entry::target("account", &account.id, &account.name, Value::Null, Value::Object(after.clone()));
        change.commit(Entry::new(action, vec![target])).await?;
    }
    Ok(())
}
