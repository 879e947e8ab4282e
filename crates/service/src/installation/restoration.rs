//! After a backup was restored: what was revoked since the backup must not live again (D11).

use domain::activity::actions::Action;
use domain::core::failure::Failure;
use serde_json::json;
use store::api_keys::AllApiKeys;
use store::credentials::link_requests::LinkRequests;
use store::credentials::links::Links;
use store::installation::Installation;
use store::jobs::AllJobs;
use store::outbox::Outbox;
use store::sign_in::sessions::Sessions;

use crate::core::app::App;
use crate::core::every_account;
use crate::core::generations::Topic;

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

/// Ends every session, link, API key and job of the restored database, begins another epoch, and tells every account and
/// every node: one that runs forgets what it remembers of the database before.
pub async fn after_restore(app: &App) -> Result<Ended, Failure> {
    let now = app.clock.now();
    let mut tx = app.upkeep("the operator restored a backup: told in every account").await?;
    Installation(&mut tx).advance_epoch(now).await?;
    let ended = json!({ "sessions": "ended", "links": "ended", "api_keys": "ended", "jobs": "ended" });
    let mut tx =
        every_account::tell(app, tx, Action::InstallationRestored, async |_, _| Ok::<_, Failure>(ended.clone()))
            .await?;
    // Now that no change of the time before is under way.
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
    Installation(&mut tx).publish(&[Topic::Everything.to_string()]).await?;
    tx.commit().await?;
    app.principals().forget(&Topic::Everything);
    Ok(ended)
}
