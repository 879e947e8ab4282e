//! Jobs: work that is too large to wait for. Queued with a change; done by whichever worker takes it, in one transaction that also
//! ends the job, so that a worker that dies half-way has done nothing and another one starts anew.
//!
//! This file knows no kind of work. A kind is a name and a function ([`Kind`]); [`JOB_KINDS`](crate::JOB_KINDS) lists them, and the worker brings the list.

use std::sync::Arc;
use std::time::Duration;

use domain::access::Need;
use domain::activity::actions::{Action, TargetKind};
use domain::activity::{Actor, Origin};
use domain::core::failure::{Failure, NoSuch, Refusal, refuse};
use domain::core::ids::JobId;
use domain::core::refusal::{FieldError, Kind as RefusalKind};
use domain::core::responsible::Responsible;
use domain::core::timestamp::Seconds;
use domain::jobs::{Job, JobState, NotQueued};
use domain::users::UserStatus;
use futures_util::future::BoxFuture;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use store::accounts::Accounts;
use store::jobs::{AllJobs, Jobs};
use store::users::Users;
use store::{Engine, InAccount, Tenant};

use crate::core::actor::Credential;
use crate::core::app::App;
use crate::core::caller::Caller;
use crate::core::change::{Change, Touches};
use crate::core::draft::Draft;
use crate::core::entry::Entry;
use crate::core::membership::principal_of;
use crate::core::standing;
use crate::core::turns::TOO_MANY_AT_ONCE;
use crate::users;
use crate::users::rules::manages;

/// See and cancel jobs: one's own, and with full access to people those of everyone.
pub const NEED: Need = users::rules::EDIT;

/// A worker that was silent for so long is dead.
const LEASE: Seconds = Seconds::minutes(2);
/// A worker says so often that it lives.
const RENEWED_EVERY: Duration = Duration::from_secs(5);
/// A job that a worker could not do at this moment waits for so long before the next try, and longer each time.
const PAUSE: Seconds = Seconds(10);
/// The most jobs of an account that wait at a time.
const MOST_QUEUED: i64 = 20;
/// How soon another try makes sense where so many wait.
const ROOM_AFTER: Seconds = Seconds(30);
/// A job that was begun so often and came to no end is given up.
const MOST_ATTEMPTS: i64 = 5;

/// A kind of work.
pub struct Kind {
    /// What its jobs are called.
    pub name: &'static str,
    /// Does one of them. It ends the job with [`Running::end`] in the change that does the work.
    pub work: for<'a> fn(Running<'a>) -> BoxFuture<'a, Result<(), Failure>>,
}

/// Who started a job, with what, and from where.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
struct Start {
    credential: Credential,
    reason: String,
    ip: String,
    session: String,
    request: String,
}

impl Start {
    fn of(caller: &Caller) -> Result<Self, Failure> {
        let origin = &caller.origin;
        Ok(Self {
            credential: caller.credential()?,
            reason: caller.reason.clone(),
            ip: origin.ip.clone(),
            session: origin.session.clone(),
            request: origin.request.clone(),
        })
    }

    /// The caller, with the reason and the origin of the request that started the job.
    fn tell(self, caller: &mut Caller) {
        caller.reason = self.reason;
        caller.origin = Origin { ip: self.ip, session: self.session, request: self.request };
    }
}

/// A job as it is stored: who started it, and what its kind has to know.
#[derive(Debug, serde::Serialize)]
struct Request<'w, W> {
    #[serde(flatten)]
    start: Start,
    #[serde(flatten)]
    work: &'w W,
}

/// Whether the account has room for one more job. To be asked before what the job is to do is looked at, which may be much.
///
/// # Errors
/// 429 where too many wait.
pub(crate) async fn check_room(draft: &mut Draft<'_>) -> Result<(), Failure> {
    if Jobs::of(draft).count_queued().await? < MOST_QUEUED {
        return Ok(());
    }
    let detail = format!(
        "{MOST_QUEUED} background jobs of this account are already queued. Wait until one starts, or cancel one."
    );
    Err(refuse(RefusalKind::TooOften, "too_many_jobs", detail).retry_after(ROOM_AFTER))
}

/// Queues work of this kind and ends the change. `total` is how many steps it has; the activity log says what is `told` of it.
pub(crate) async fn queue(
    mut change: Change<'_>,
    kind: &'static str,
    total: usize,
    work: &impl Serialize,
    told: Value,
) -> Result<Job, Failure> {
    let request = Request { start: Start::of(change.caller())?, work };
    let job = Job {
        account_id: change.account().id,
        id: change.new_id(),
        kind: kind.to_owned(),
        state: JobState::Queued,
        request: serde_json::to_string(&request)?,
        result: None,
        progress: 0,
        total: i64::try_from(total).unwrap_or(i64::MAX),
        attempts: 0,
        created_by: change.caller().label_id(),
        created_at: change.now(),
        lease_until: change.now(),
        began_at: None,
        ended_at: None,
    };
    Jobs::of(&mut change).insert(&job).await?;
    change.queues_job();
    change
        .commit(
            Entry::new(Action::JobQueued, vec![Entry::target(TargetKind::Job, &job.id, kind, Value::Null, told)]),
            Touches::People,
        )
        .await?;
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
    let job = Jobs::of(tenant).find(id).await?.filter(|job| manages(caller) || job.created_by == caller.label_id());
    job.ok_or_else(|| NoSuch("job").into())
}

/// Takes back a job that no worker began.
///
/// # Errors
/// 404; 409 when it began or ended.
pub async fn cancel(app: &App, caller: &Caller, id: JobId) -> Result<Job, Failure> {
    let mut draft = app.draft(caller, NEED).await?;
    let job = find(&mut draft, caller, id).await?;
    let now = draft.now();
    if job.state != JobState::Queued {
        return Err(NotQueued(job.state).into());
    }
    let canceled = Job { state: JobState::Canceled, ended_at: Some(now), ..job.clone() };
    let Some(mut change) = draft.into_change() else { return Ok(canceled) };
    // A worker takes a job without the account.
    if !Jobs::of(&mut change).cancel(id, now).await? {
        return Err(NotQueued(job.state).into());
    }
    let target = Entry::target(
        TargetKind::Job,
        &id,
        &job.kind,
        json!({"state": job.state}),
        json!({"state": JobState::Canceled}),
    );
    change.commit(Entry::new(Action::JobCanceled, vec![target]), Touches::People).await?;
    Ok(canceled)
}

/// Does the next job that waits, or whose worker died; it is of one of these kinds. False when there is none.
///
/// # Errors
/// The database's own troubles: the job is put back and tried again soon, or, where that is not possible either, when its lease has run
/// out.
pub async fn run_next(app: &App, kinds: &[Kind]) -> Result<bool, Failure> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    if !AllJobs(&mut tx).any_due(now).await? {
        return Ok(false);
    }
    drop(tx);
    let mut tx = app.upkeep("a worker claims a job").await?;
    let claimed = AllJobs(&mut tx).claim(now, now.plus(LEASE)).await?;
    tx.commit().await?;
    let Some(job) = claimed else { return Ok(false) };
    let outcome = if job.attempts > MOST_ATTEMPTS { Err(given_up()) } else { work(app, &job, kinds).await };
    match outcome {
        Ok(()) => Ok(true),
        Err(Failure::Refused(refusal)) if refusal.code == TOO_MANY_AT_ONCE => {
            put_back(app, &job, job.attempts - 1).await.map(|()| true)
        }
        Err(Failure::Refused(refusal)) => fail(app, &job, &refusal).await.map(|()| true),
        Err(failure @ Failure::Unavailable(_)) => {
            put_back(app, &job, job.attempts - 1).await?;
            Err(failure)
        }
        Err(failure @ (Failure::TooSlow(_) | Failure::Uncertain(_) | Failure::Broken(_))) => {
            put_back(app, &job, job.attempts).await?;
            Err(failure)
        }
    }
}

/// Does a job and says meanwhile that its worker lives.
async fn work(app: &App, job: &Job, kinds: &[Kind]) -> Result<(), Failure> {
    let kind = kinds.iter().find(|kind| kind.name == job.kind).ok_or_else(unreadable)?;
    let mut work = (kind.work)(Running { app, job });
    loop {
        if let Ok(outcome) = tokio::time::timeout(RENEWED_EVERY, &mut work).await {
            return outcome;
        }
        // A SQLite file has one server, whose jobs are freed when it starts: no one waits for the lease, and while the job
        // has the only writer it could not be renewed.
        if app.db.engine() == Engine::Postgres {
            tokio::select! {
                outcome = &mut work => return outcome,
                renewed = renew(app, job, None) => drop(renewed),
            }
        }
    }
}

/// Extends the lease on a job, and records its progress if given. False when another worker has the job.
async fn renew(app: &App, job: &Job, progress: Option<i64>) -> Result<bool, Failure> {
    let mut tx = app.upkeep("a worker extends its lease on a job").await?;
    let until = app.clock.now().plus(LEASE);
    let mut bound = InAccount { tx: &mut tx, account: job.account_id };
    let own = Jobs::of(&mut bound).renew(job, until, progress).await?;
    tx.commit().await?;
    Ok(own)
}

/// Puts a job back that could not be done now; `attempts` of it count.
async fn put_back(app: &App, job: &Job, attempts: i64) -> Result<(), Failure> {
    let mut tx = app.upkeep("a job that could not be done now is tried again later").await?;
    let due_at = app.clock.now().plus(PAUSE.times(job.attempts));
    Jobs::of(&mut InAccount { tx: &mut tx, account: job.account_id }).put_back(job, due_at, attempts).await?;
    Ok(tx.commit().await?)
}

fn given_up() -> Failure {
    let detail = "This job was abandoned because it was started several times and never finished. Nothing was changed. Give the operator the job id.";
    refuse(RefusalKind::Conflict, "job_abandoned", detail)
}

fn unreadable() -> Failure {
    refuse(RefusalKind::Invalid, "job_unreadable", "This job can't be read. Start it again.")
}

/// A job that this worker has.
pub struct Running<'a> {
    /// The application.
    pub app: &'a App,
    job: &'a Job,
}

impl<'a> Running<'a> {
    /// What its kind has to know of it.
    pub(crate) fn work<W: DeserializeOwned>(&self) -> Result<W, Failure> {
        serde_json::from_str(&self.job.request).map_err(|_| unreadable())
    }

    /// On whose behalf the job is done, with what they hold now. What it was started with must still work: after a
    /// sign-out, or once the key was ended, nothing more is done (P9).
    ///
    /// # Errors
    /// 403 when it does not.
    pub(crate) async fn starter(&self) -> Result<Caller, Failure> {
        let start: Start = self.work()?;
        let mut caller = self.caller(start.credential).await?;
        start.tell(&mut caller);
        Ok(caller)
    }

    async fn caller(&self, credential: Credential) -> Result<Caller, Failure> {
        let (app, job) = (self.app, self.job);
        let gone = || {
            let detail = "The user who started this job no longer has access to the account, so nothing was changed.";
            refuse(RefusalKind::Forbidden, "job_starter_lost_access", detail)
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
        let user =
            Users::of(&mut bound).find(id).await?.filter(|user| user.status == UserStatus::Active).ok_or_else(gone)?;
        let owner = principal_of(app, &mut bound, &account, &user).await?;
        let principal = standing::of_job(app, &mut bound, credential, owner).await?;
        Ok(Caller::job(credential, Arc::new(principal)))
    }

    /// Records how many steps are done, which extends the lease. False when another worker has the job.
    pub(crate) async fn advance(&self, done: usize) -> Result<bool, Failure> {
        renew(self.app, self.job, Some(i64::try_from(done).unwrap_or(i64::MAX))).await
    }

    /// Ends the job in the change that does the work. False when another worker took it, because this one was silent for too long:
    /// that one does it instead, and the change must not be committed.
    pub(crate) async fn end(&self, change: &mut Change<'a>, result: &Value) -> Result<bool, Failure> {
        let now = change.now();
        Ok(Jobs::of(change).end(self.job, JobState::Done, self.job.total, &result.to_string(), now).await?)
    }
}

/// Ends a job that was refused: nothing was changed, and the user who started it is told why.
async fn fail(app: &App, job: &Job, refusal: &Refusal) -> Result<(), Failure> {
    let errors: Vec<&FieldError> = refusal.errors.iter().collect();
    let told = json!({ "code": refusal.code, "detail": refusal.detail, "errors": errors });
    let mut caller = Caller::system(job.account_id, Origin::default());
    if let Ok(start) = serde_json::from_str::<Start>(&job.request) {
        start.tell(&mut caller);
    }
    let mut change = app.change_in(&caller, job.account_id).await?;
    let now = change.now();
    // Whoever took the job meanwhile, because this worker was silent for too long, says what came of it.
    if !Jobs::of(&mut change).end(job, JobState::Failed, job.progress, &told.to_string(), now).await? {
        return Ok(());
    }
    let after = json!({ "state": JobState::Failed, "code": refusal.code, "detail": refusal.detail });
    let target = Entry::target(TargetKind::Job, &job.id, &job.kind, json!({ "state": job.state }), after);
    let actor = Actor { on_behalf_of: Some(job.created_by.clone()), ..caller.actor.logged.clone() };
    change.commit(Entry::new(Action::JobFailed, vec![target]).by(actor), Touches::People).await
}

/// Frees the jobs of a server that died. Only for an installation that cannot have a second server.
pub async fn release_claims(app: &App) -> Result<u64, Failure> {
    let mut tx = app.upkeep("jobs of a server that died are freed").await?;
    let released = AllJobs(&mut tx).release_all(app.clock.now()).await?;
    tx.commit().await?;
    Ok(released)
}

/// Forgets jobs that ended long ago.
pub async fn forget_old(app: &App) -> Result<u64, Failure> {
    const KEPT: Seconds = Seconds::days(30);
    let mut tx = app.upkeep("jobs that ended long ago are forgotten").await?;
    let forgotten = AllJobs(&mut tx).remove_ended(app.clock.now().minus(KEPT)).await?;
    tx.commit().await?;
    Ok(forgotten)
}
