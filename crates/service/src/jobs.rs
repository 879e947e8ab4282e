//! Jobs: bulk actions that are too large to wait for. Queued with a change; done by whichever worker takes them, in one
//! transaction that also ends the job, so that a worker that dies half-way has done nothing and another one starts anew.

use domain::access::Need;
use domain::activity::{Actor, Origin};
use domain::core::failure::{Failure, NoSuch, Refusal, refuse};
use domain::core::ids::{JobId, UserId};
use domain::core::refusal::{FieldError, Kind};
use domain::core::responsible::Responsible;
use domain::core::timestamp::Seconds;
use domain::jobs::{Job, JobState, NotQueued};
use domain::users::UserStatus;
use serde_json::{Value, json};
use store::accounts::Accounts;
use store::jobs::AllJobs;
use store::{InAccount, Tenant};

use crate::bulk::{self, BulkAction, Outcome};
use crate::core::app::App;
use crate::core::caller::{Caller, Credential, Who};
use crate::core::change::Change;
use crate::core::entry::Entry;
use crate::core::membership::principal_of;
use crate::users::rules::manages;
use crate::{core, users};

/// See and cancel jobs: one's own, and with full access to people those of everybody.
pub const NEED: Need = users::rules::EDIT;

/// A worker says so often that it lives.
const LEASE: Seconds = Seconds::minutes(2);
/// How long the transaction may take that does it all.
const LAST_LEASE: Seconds = Seconds::minutes(15);
/// A job that so many workers did not survive is given up.
const MOST_ATTEMPTS: i64 = 5;
/// Rows that are looked at between two signs of life.
const STEP: usize = 1_000;

const BULK: &str = "bulk";

/// Every kind of work that a job may be.
pub const KINDS: [&str; 1] = [BULK];

/// What a bulk job has to do, and for whom.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
struct BulkRequest {
    action: BulkAction,
    ids: Vec<UserId>,
    credential: Credential,
    reason: String,
    ip: String,
    session: String,
    request: String,
}

/// Queues a bulk action and ends the change.
pub async fn queue_bulk(mut change: Change<'_>, action: BulkAction, ids: Vec<UserId>) -> Result<Job, Failure> {
    let caller = change.caller();
    let total = i64::try_from(ids.len()).unwrap_or(i64::MAX);
    let told = json!({ "action": action, "users": total });
    let request = BulkRequest {
        action,
        ids,
        credential: caller.credential()?,
        reason: caller.reason.clone(),
        ip: caller.origin.ip.clone(),
        session: caller.origin.session.clone(),
        request: caller.origin.request.clone(),
    };
    let job = Job {
        account_id: change.account().id,
        id: change.new_id(),
        kind: BULK.to_owned(),
        state: JobState::Queued,
        request: serde_json::to_string(&request)?,
        result: None,
        progress: 0,
        total,
        attempts: 0,
        created_by: caller.label_id(),
        created_at: change.now(),
        lease_until: change.now(),
        ended_at: None,
    };
    change.jobs().insert(&job).await?;
    change.queues_job();
    change.leaves_account_untouched();
    change.commit(Entry::new("job.queued", vec![Entry::target("job", &job.id, BULK, Value::Null, told)])).await?;
    Ok(job)
}

/// A job of the account.
///
/// # Errors
/// 404 for none that the caller may know of.
pub async fn get(app: &App, caller: &Caller, id: JobId) -> Result<Job, Failure> {
    let mut view = app.view(caller, NEED).await?;
    find(&mut view, caller, id).await
}

async fn find(tenant: &mut impl Tenant, caller: &Caller, id: JobId) -> Result<Job, Failure> {
    let job = tenant.jobs().find(id).await?.filter(|job| manages(caller) || job.created_by == caller.label_id());
    job.ok_or_else(|| NoSuch("job").into())
}

/// Takes back a job that no worker began.
///
/// # Errors
/// 404; 409 when it began or ended.
pub async fn cancel(app: &App, caller: &Caller, id: JobId) -> Result<Job, Failure> {
    let mut change = app.change(caller, NEED).await?;
    let job = find(&mut change, caller, id).await?;
    let now = change.now();
    if !change.jobs().cancel(id, now).await? {
        return Err(NotQueued(job.state).into());
    }
    let target =
        Entry::target("job", &id, &job.kind, json!({"state": job.state}), json!({"state": JobState::Cancelled}));
    change.leaves_account_untouched();
    change.commit(Entry::new("job.cancelled", vec![target])).await?;
    Ok(Job { state: JobState::Cancelled, ended_at: Some(now), ..job })
}

/// Does the oldest job that waits, or whose worker died. False when there is none.
///
/// # Errors
/// The database's own troubles: the job is left, and taken again when its lease has run out.
pub async fn run_next(app: &App) -> Result<bool, Failure> {
    let now = app.world.now();
    let mut tx = app.db.read().await?;
    if !AllJobs(&mut tx).any_due(now).await? {
        return Ok(false);
    }
    drop(tx);
    let mut tx = app.db.write().await?;
    let claimed = AllJobs(&mut tx).claim(now, now.plus(LEASE)).await?;
    tx.commit().await?;
    let Some(job) = claimed else { return Ok(false) };
    let outcome = if job.attempts > MOST_ATTEMPTS { Err(given_up()) } else { work(app, &job).await };
    match outcome {
        Ok(()) => Ok(true),
        Err(Failure::Refused(refusal)) => fail(app, &job, &refusal).await.map(|()| true),
        Err(failure @ (Failure::Unavailable(_) | Failure::TooSlow(_) | Failure::Uncertain(_) | Failure::Broken(_))) => {
            Err(failure)
        }
    }
}

fn given_up() -> Failure {
    let detail = "this job was given up, because the workers that tried it all stopped before its end; nothing was changed. Tell the operator its id";
    refuse(Kind::Conflict, "job_given_up", detail)
}

async fn work(app: &App, job: &Job) -> Result<(), Failure> {
    let unreadable =
        |_| refuse(Kind::Invalid, "unreadable_job", "what this job is to do cannot be read; start it again");
    let request: BulkRequest = serde_json::from_str(&job.request).map_err(unreadable)?;
    let mut caller = starter(app, job, request.credential).await?;
    caller.reason = request.reason;
    caller.origin = Origin { ip: request.ip, session: request.session, request: request.request };
    if !look(app, &caller, job, request.credential, &request.action, &request.ids).await? {
        return Ok(());
    }
    let mut change = app.change(&caller, bulk::NEED).await?;
    match bulk::carry_out(&mut change, &request.action, &request.ids, "/ids").await? {
        Outcome::Refused(_, refusal) => Err(Failure::Refused(Box::new(refusal))),
        Outcome::Applied(report, entry) => {
            let (changed, unchanged, _) = bulk::counts(&report.rows);
            let result = json!({ "changed": changed, "unchanged": unchanged, "undo": report.undo }).to_string();
            let now = change.now();
            // Whoever took the job meanwhile, because this worker was silent for too long, does it instead.
            if change.jobs().end(job, JobState::Done, job.total, &result, now).await? {
                change.commit(entry).await?;
            }
            Ok(())
        }
    }
}

/// On whose behalf the job is done, with what they hold now. What it was started with must still stand: somebody who was signed
/// out, or a key that was ended, does nothing any more (P9).
async fn starter(app: &App, job: &Job, credential: Credential) -> Result<Caller, Failure> {
    let gone = || {
        let detail = "whoever started this job has no access to the account any more, so nothing was changed";
        refuse(Kind::Forbidden, "starter_without_access", detail)
    };
    let id = match job.created_by.parse::<Responsible>() {
        Ok(Responsible::Operator) if credential == Credential::Operator => {
            return Ok(Caller::operator(job.account_id));
        }
        Ok(Responsible::User(id)) => id,
        Ok(Responsible::Operator | Responsible::Identity(_) | Responsible::System) | Err(_) => return Err(gone()),
    };
    let mut tx = app.db.read().await?;
    let account = Accounts(&mut tx).find(job.account_id).await?.ok_or(NoSuch("account"))?;
    let mut bound = InAccount { tx: &mut tx, account: account.id };
    let user = bound.users().find(id).await?.filter(|user| user.status == UserStatus::Active).ok_or_else(gone)?;
    let owner = principal_of(app, &mut bound, &account, &user).await?;
    let principal = core::job_credentials::of_job(app, &mut bound, credential, owner).await?;
    Ok(Caller::new(Who::Job(credential, std::sync::Arc::new(principal)), Origin::default()))
}

/// Looks at every row before anything is locked, and says how far it is. False when another worker has the job.
async fn look(
    app: &App,
    caller: &Caller,
    job: &Job,
    credential: Credential,
    action: &BulkAction,
    ids: &[UserId],
) -> Result<bool, Failure> {
    let mut looked = 0;
    for step in ids.chunks(STEP) {
        starter(app, job, credential).await?;
        let mut view = app.view(caller, bulk::NEED).await?;
        let role = match action {
            BulkAction::SetRole { role_id } => crate::core::roles::find(app, &mut view, role_id).await?,
            BulkAction::Disable
            | BulkAction::Enable
            | BulkAction::Delete
            | BulkAction::Restore
            | BulkAction::Resend { .. }
            | BulkAction::AddSystems { .. }
            | BulkAction::RemoveSystems { .. } => None,
        };
        let rows = bulk::verdicts::judge(app, &mut view, caller, action, role.as_ref(), step, looked).await?;
        drop(view);
        // What is left out is decided for all rows together, at the end.
        if !action.skips_refused()
            && let Some(refusal) = rows.refusal(action, "/ids")
        {
            return Err(Failure::Refused(Box::new(refusal)));
        }
        looked += step.len();
        let lease = if looked == ids.len() { LAST_LEASE } else { LEASE };
        if !advance(app, job, looked, lease).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

async fn advance(app: &App, job: &Job, looked: usize, lease: Seconds) -> Result<bool, Failure> {
    let mut tx = app.db.write().await?;
    let until = app.world.now().plus(lease);
    let progress = i64::try_from(looked).unwrap_or(i64::MAX);
    let mut bound = InAccount { tx: &mut tx, account: job.account_id };
    let own = bound.jobs().advance(job, progress, until).await?;
    tx.commit().await?;
    Ok(own)
}

/// Ends a job that was refused: nothing was changed, and its starter is told why.
async fn fail(app: &App, job: &Job, refusal: &Refusal) -> Result<(), Failure> {
    let errors: Vec<&FieldError> = refusal.errors.iter().collect();
    let told = json!({ "code": refusal.code, "detail": refusal.detail, "errors": errors });
    let mut caller = Caller::system(job.account_id);
    if let Ok(request) = serde_json::from_str::<BulkRequest>(&job.request) {
        caller.reason = request.reason;
        caller.origin = Origin { ip: request.ip, session: request.session, request: request.request };
    }
    let mut change = app.change_in(&caller, job.account_id).await?;
    let now = change.now();
    // Whoever took the job meanwhile, because this worker was silent for too long, says what came of it.
    if !change.jobs().end(job, JobState::Failed, job.progress, &told.to_string(), now).await? {
        return Ok(());
    }
    let after = json!({ "state": JobState::Failed, "code": refusal.code, "detail": refusal.detail });
    let target = Entry::target("job", &job.id, &job.kind, json!({ "state": job.state }), after);
    let actor = Actor { on_behalf_of: Some(job.created_by.clone()), ..caller.actor() };
    change.leaves_account_untouched();
    change.commit(Entry::new("job.failed", vec![target]).by(actor)).await
}

/// Frees the jobs of a server that died. Only for an installation that cannot have a second server.
pub async fn release_claims(app: &App) -> Result<u64, Failure> {
    let mut tx = app.db.write().await?;
    let released = AllJobs(&mut tx).release_all(app.world.now()).await?;
    tx.commit().await?;
    Ok(released)
}

/// Forgets jobs that ended long ago.
pub async fn forget_old(app: &App) -> Result<u64, Failure> {
    const KEPT: Seconds = Seconds::days(30);
    let mut tx = app.db.write().await?;
    let forgotten = AllJobs(&mut tx).remove_ended(app.world.now().minus(KEPT)).await?;
    tx.commit().await?;
    Ok(forgotten)
}
