//! A bulk action that is too large to wait for: every row is looked at before anything is locked, then all is done in one change.

use domain::core::failure::Failure;
use domain::core::ids::UserId;
use domain::jobs::Job;
use serde_json::json;

use crate::bulk::action::{BulkAction, NEED};
use crate::bulk::judged::Judged;
use crate::bulk::plan::{Planned, plan};
use crate::core::caller::Caller;
use crate::core::change::{Change, Touches, only_previewed};
use crate::jobs::{self, Running};

/// Rows that are looked at between two signs of life.
const STEP: usize = 1_000;

/// Bulk actions as jobs.
pub const KIND: jobs::Kind = jobs::Kind { name: "bulk", work: |running| Box::pin(work(running)) };

/// What to do, and to whom.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
struct Work {
    action: BulkAction,
    ids: Vec<UserId>,
}

/// Queues a bulk action and ends the change.
pub(crate) async fn queue(change: Change<'_>, action: BulkAction, ids: Vec<UserId>) -> Result<Job, Failure> {
    let told = json!({ "action": action, "users": ids.len() });
    jobs::queue(change, KIND.name, ids.len(), &Work { action, ids }, told).await
}

async fn work(running: Running<'_>) -> Result<(), Failure> {
    let Work { action, ids } = running.work()?;
    let caller = running.starter().await?;
    let Some(judged) = look(&running, &caller, &action, &ids).await? else { return Ok(()) };
    let mut draft = running.app.draft(&caller, NEED).await?;
    let plan = match plan(&mut draft, &action, &ids, "/ids", Some(judged)).await? {
        Planned::Refused(_, refusal) => return Err(Failure::Refused(Box::new(refusal))),
        Planned::Applies(plan) => plan,
    };
    let mut change = draft.into_change().ok_or_else(only_previewed)?;
    let entry = plan.write(&mut change).await?;
    let (changed, unchanged) = plan.counts();
    let result = json!({ "changed": changed, "unchanged": unchanged, "undo": plan.undo() });
    if running.end(&mut change, &result).await? { change.commit(entry, Touches::Account).await } else { Ok(()) }
}

/// Judges every row before anything is locked, and says how far it is. `None` when another worker has the job.
async fn look(
    running: &Running<'_>,
    caller: &Caller,
    action: &BulkAction,
    ids: &[UserId],
) -> Result<Option<Judged>, Failure> {
    let mut judged = Judged::none(&mut running.app.view(caller, NEED).await?).await?;
    let mut looked = 0;
    for step in ids.chunks(STEP) {
        running.starter().await?;
        let mut view = running.app.view(caller, NEED).await?;
        let rows = judged.next(running.app, &mut view, caller, action, step).await?;
        drop(view);
        // What is left out is decided for all rows together, at the end.
        if !action.skips_refused()
            && let Some(refusal) = rows.refusal(action, "/ids")
        {
            return Err(Failure::Refused(Box::new(refusal)));
        }
        judged.add(rows);
        looked += step.len();
        if !running.advance(looked).await? {
            return Ok(None);
        }
    }
    Ok(Some(judged))
}
