//! Jobs: long-running work with its progress.

use axum::extract::State;
use domain::core::ids::JobId;
use domain::core::timestamp::Timestamp;
use domain::jobs::{Job, JobState};
use serde::{Deserialize, Serialize};
use service::{JOB_KINDS, jobs};
use utoipa::ToSchema;
use utoipa::openapi::Schema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::extract::{Caller, Json, Path};
use crate::http::parameters::{DryRun, InAccount};
use crate::http::problem::Problem;
use crate::http::schemas::one_of;
use crate::http::site::Site;

/// The routes.
pub fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new().routes(routes!(get, cancel))
}

/// A job in a path.
#[derive(Debug, Deserialize)]
pub struct JobItem {
    job: JobId,
}

/// A background job.
#[derive(Debug, Serialize, ToSchema)]
pub struct JobView {
    /// The background job's id.
    id: String,
    /// What kind of work.
    #[schema(schema_with = kinds)]
    kind: String,
    /// The state of the job.
    state: JobState,
    /// Number of rows checked so far.
    checked: i64,
    /// Total number of rows.
    total: i64,
    /// Number of rows applied: all when it is done, none before.
    applied: i64,
    /// Id of the user who started it.
    created_by: String,
    /// When it was started, RFC 3339.
    created_at: Timestamp,
    /// When it ended, RFC 3339.
    ended_at: Option<Timestamp>,
    /// The result. If done: how many users were `changed` and `unchanged`, and the bulk actions to `undo` it. If failed:
    /// `code`, `detail` and `errors`, as in a problem, and nothing was changed.
    #[schema(value_type = Option<Object>)]
    result: Option<serde_json::Value>,
}

fn kinds() -> Schema {
    one_of(JOB_KINDS.iter().map(|kind| kind.name), "What kind of job.")
}

impl From<Job> for JobView {
    fn from(job: Job) -> Self {
        Self {
            id: job.id.to_string(),
            kind: job.kind,
            state: job.state,
            checked: job.progress,
            total: job.total,
            applied: if job.state == JobState::Done { job.total } else { 0 },
            created_by: job.created_by,
            created_at: job.created_at,
            ended_at: job.ended_at,
            result: job.result.and_then(|text| serde_json::from_str(&text).ok()),
        }
    }
}

/// A background job.
///
/// Includes its progress and, when it has ended, its result. For the user who started it and for those who manage all
/// users.
#[utoipa::path(get, path = "/api/v1/accounts/{account}/jobs/{job}", operation_id = "get_job", tag = "jobs",
    params(InAccount, ("job" = inline(JobId), Path, description = "Id of the job (`job_…`).")),
    extensions(("x-permission" = json!(jobs::NEED))),
    responses((status = OK, body = JobView)))]
pub async fn get(
    State(site): State<Site>,
    Caller(caller): Caller,
    Path(item): Path<JobItem>,
) -> Result<Json<JobView>, Problem> {
    Ok(Json(jobs::get(&site.app, &caller, item.job).await?.into()))
}

/// Cancel a background job.
///
/// Only queued jobs can be canceled.
#[utoipa::path(delete, path = "/api/v1/accounts/{account}/jobs/{job}", operation_id = "cancel_job", tag = "jobs",
    params(InAccount, ("job" = inline(JobId), Path, description = "Id of the job (`job_…`)."), DryRun),
    extensions(("x-permission" = json!(jobs::NEED))),
    responses((status = OK, body = JobView)))]
pub async fn cancel(
    State(site): State<Site>,
    Caller(caller): Caller,
    Path(item): Path<JobItem>,
) -> Result<Json<JobView>, Problem> {
    Ok(Json(jobs::cancel(&site.app, &caller, item.job).await?.into()))
}
