//! The same change to many users.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::access::role::RoleId;
use domain::core::ids::{GroupId, SystemId, UserId};
use domain::core::refusal::Params;
use domain::users::filter::UserFilter;
use domain::users::invitation::InvitationState;
use domain::users::{LoginMethod, UserStatus};
use domain::words;
use serde::{Deserialize, Serialize};
use service::bulk::action::{BulkAction, Undo};
use service::bulk::plan::{self, Report};
use service::bulk::rows::{Row, RowResult, UnknownRow};
use service::bulk::{self, Answer, Selection};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::extract::{Caller, Json};
use crate::http::parameters::{DryRun, InAccount};
use crate::http::problem::{Problem, ProblemPart};
use crate::http::problem_codes::ProblemCode;
use crate::http::site::Site;
use crate::rest::jobs::JobView;
use crate::rest::users::MOST_SYSTEMS;
use crate::rest::users::impact::ImpactView;

/// The routes.
pub fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new().routes(routes!(run))
}

/// What to do, and to which users.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkBody {
    /// What to do.
    action: BulkActionName,
    /// Ids of the users, at most 100,000, each once. Give either `ids` or `filter`.
    #[schema(max_items = 100000)]
    ids: Option<Vec<UserId>>,
    /// All users that match this filter, at most 100,000.
    filter: Option<BulkFilter>,
    /// With `set_role`: key of a predefined role or id of a custom one.
    role_id: Option<RoleId>,
    /// With `add_systems` and `remove_systems`: ids of the systems.
    #[schema(min_items = 1, max_items = 1000)]
    systems: Option<Vec<SystemId>>,
    /// With `resend`: `true` resends where possible and skips the others, instead of all or nothing.
    skip_refused: Option<bool>,
}

/// What can be done to many.
#[derive(Debug, Clone, Copy)]
enum BulkActionName {
    /// End the access, keep role, systems and groups.
    Disable,
    /// Give the access back.
    Enable,
    /// Delete, restorable for 30 days.
    Delete,
    /// Undo a deletion.
    Restore,
    /// Send the activation mail again.
    Resend,
    /// Give a role.
    SetRole,
    /// Assign systems.
    AddSystems,
    /// Take systems away.
    RemoveSystems,
}

words!(BulkActionName {
    Disable = "disable",
    Enable = "enable",
    Delete = "delete",
    Restore = "restore",
    Resend = "resend",
    SetRole = "set_role",
    AddSystems = "add_systems",
    RemoveSystems = "remove_systems",
});

/// A filter like that of the list of users. Absent fields don't filter. Multiple values are alternatives.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
struct BulkFilter {
    /// Part of the name or email address.
    q: String,
    /// `provisioned`, `active`, `inactive`, `deleted`. If absent, all users except deleted ones.
    status: Vec<UserStatus>,
    /// Keys or ids of roles.
    role: Vec<RoleId>,
    /// Ids of systems the users have access to, in any way.
    system: Vec<SystemId>,
    /// Ids of groups that the users are in.
    group: Vec<GroupId>,
    /// `password` or `sso:…`.
    login_method: Vec<LoginMethod>,
    /// State of the pending invitation of provisioned users.
    invitation: Vec<InvitationState>,
}

impl BulkFilter {
    fn read(self) -> Result<UserFilter, Problem> {
        let filter = UserFilter {
            q: self.q,
            status: self.status,
            role: self.role,
            system: self.system,
            group: self.group,
            login_method: self.login_method,
            invitation: self.invitation,
        };
        let errors = filter.check(|name| format!("/filter/{name}"));
        if errors.is_empty() {
            return Ok(filter);
        }
        let mut problem =
            Problem::invalid("invalid_filter", "This filter isn't valid. `errors` has the reason for each part.");
        problem.errors = errors.into_iter().map(ProblemPart::from).collect();
        Err(problem)
    }
}

impl BulkBody {
    fn read(self) -> Result<(BulkAction, Selection), Problem> {
        let whom = match (self.ids, self.filter) {
            (Some(ids), None) => Selection::Ids(ids),
            (None, Some(filter)) => Selection::Filter(filter.read()?),
            (Some(_), Some(_)) | (None, None) => {
                return Err(Problem::invalid("ids_or_filter", "Give either `ids` or `filter`.").at("/ids"));
            }
        };
        match (action(self.action, self.role_id, self.systems)?, self.skip_refused) {
            (BulkAction::Resend { .. }, skip) => Ok((BulkAction::Resend { skip_refused: skip == Some(true) }, whom)),
            (action, None) => Ok((action, whom)),
            (_, Some(_)) => {
                Err(Problem::invalid("field_not_applicable", "Only `resend` accepts `skip_refused`. Remove it.")
                    .at("/skip_refused"))
            }
        }
    }
}

fn action(
    action: BulkActionName,
    role_id: Option<RoleId>,
    systems: Option<Vec<SystemId>>,
) -> Result<BulkAction, Problem> {
    let plain = |plain: BulkAction| match (&role_id, &systems) {
        (None, None) => Ok(plain),
        (Some(_), _) => {
            Err(Problem::invalid("field_not_applicable", "Only `set_role` accepts a role. Remove it.").at("/role_id"))
        }
        (None, Some(_)) => Err(not_needed_systems()),
    };
    match action {
        BulkActionName::Disable => plain(BulkAction::Disable),
        BulkActionName::Enable => plain(BulkAction::Enable),
        BulkActionName::Delete => plain(BulkAction::Delete),
        BulkActionName::Restore => plain(BulkAction::Restore),
        BulkActionName::Resend => plain(BulkAction::Resend { skip_refused: false }),
        BulkActionName::SetRole => match (role_id, systems) {
            (Some(role_id), None) => Ok(BulkAction::SetRole { role_id }),
            (None, None) => Err(Problem::invalid("required", "Give the role.").at("/role_id")),
            (_, Some(_)) => Err(not_needed_systems()),
        },
        BulkActionName::AddSystems => Ok(BulkAction::AddSystems { systems: named(role_id, systems)? }),
        BulkActionName::RemoveSystems => Ok(BulkAction::RemoveSystems { systems: named(role_id, systems)? }),
    }
}

fn not_needed_systems() -> Problem {
    Problem::invalid("field_not_applicable", "Only `add_systems` and `remove_systems` accept systems. Remove them.")
        .at("/systems")
}

fn named(role_id: Option<RoleId>, systems: Option<Vec<SystemId>>) -> Result<Vec<SystemId>, Problem> {
    if role_id.is_some() {
        return Err(
            Problem::invalid("field_not_applicable", "Only `set_role` accepts a role. Remove it.").at("/role_id")
        );
    }
    match systems.unwrap_or_default() {
        none if none.is_empty() => Err(Problem::invalid("required", "Give the systems.").at("/systems")),
        many if many.len() > MOST_SYSTEMS => {
            let detail =
                format!("There are {} systems, but the limit is {MOST_SYSTEMS}. Send several requests.", many.len());
            Err(Problem::invalid("too_many_systems", detail).at("/systems"))
        }
        some => Ok(some),
    }
}

/// The result of a bulk action, or its preview.
#[derive(Debug, Serialize, ToSchema)]
pub struct BulkView {
    /// Whether everything is applied, or would be. `false` only in a preview: nothing would be changed.
    applies: bool,
    /// Why nothing would be changed: `mixed_statuses`, or the code of the decisive row.
    #[schema(value_type = Option<ProblemCode>)]
    code: Option<String>,
    /// The same as a sentence.
    detail: Option<String>,
    /// Total number of rows.
    total: usize,
    /// Number of users that change.
    changed: usize,
    /// Number of users without a change.
    unchanged: usize,
    /// Number of rows that are refused.
    refused: usize,
    /// The result of every row, in the order of the request.
    rows: Vec<RowView>,
    /// The impact on users.
    impact: ImpactView,
    /// Bulk actions that undo this one. Each can be sent as it is.
    undo: Vec<UndoView>,
}

/// The result of one row.
#[derive(Debug, Serialize, ToSchema)]
struct RowView {
    /// Id of the user.
    id: String,
    /// The user's email address. `null` if the id is unknown or not visible to the caller.
    email: Option<String>,
    /// What happens, as a sentence.
    verdict: BulkRowResult,
    /// Stable code of the refusal.
    #[schema(value_type = Option<ProblemCode>)]
    code: Option<String>,
    /// The refusal as a sentence.
    detail: Option<String>,
    /// The values in `detail`, by name; `reason` chooses between sentences of one code. Absent where there are none.
    #[serde(skip_serializing_if = "Params::is_empty")]
    #[schema(value_type = Object, required = false)]
    params: Params,
}

/// What happens to one user.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum BulkRowResult {
    /// They change.
    Changed,
    /// They are as they should be already.
    Unchanged,
    /// A rule refuses it.
    Refused,
}

/// A bulk action as it can be sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct UndoView {
    /// What to do.
    action: BulkActionName,
    /// The recipient.
    ids: Vec<String>,
    /// With `set_role`.
    #[serde(skip_serializing_if = "Option::is_none")]
    role_id: Option<String>,
    /// With `add_systems` and `remove_systems`.
    #[serde(skip_serializing_if = "Option::is_none")]
    systems: Option<Vec<String>>,
}

impl From<Row> for RowView {
    fn from(row: Row) -> Self {
        let (verdict, refusal) = match row.result {
            RowResult::Changes => (BulkRowResult::Changed, None),
            RowResult::Unchanged => (BulkRowResult::Unchanged, None),
            RowResult::Refused(refusal) => (BulkRowResult::Refused, Some(refusal)),
        };
        Self {
            id: row.target.user.id.to_string(),
            email: Some(row.target.user.email.to_string()),
            verdict,
            code: refusal.as_ref().map(|refusal| refusal.code.to_owned()),
            detail: refusal.as_ref().map(|refusal| refusal.detail.clone()),
            params: refusal.map(|refusal| refusal.params).unwrap_or_default(),
        }
    }
}

impl From<UnknownRow> for RowView {
    fn from(row: UnknownRow) -> Self {
        Self {
            id: row.id.to_string(),
            email: None,
            verdict: BulkRowResult::Refused,
            code: Some(UnknownRow::CODE.to_owned()),
            detail: Some(UnknownRow::detail()),
            params: Params::new(),
        }
    }
}

/// All rows in the order of the request.
fn in_order(rows: Vec<Row>, unknown: Vec<UnknownRow>) -> Vec<RowView> {
    let places = 0..rows.len() + unknown.len();
    let (mut rows, mut unknown) = (rows.into_iter(), unknown.into_iter().peekable());
    let at = |place| match unknown.next_if(|row| row.place == place) {
        Some(row) => Some(RowView::from(row)),
        None => rows.next().map(RowView::from),
    };
    places.filter_map(at).collect()
}

impl From<Undo> for UndoView {
    fn from(undo: Undo) -> Self {
        let texts = |systems: Vec<SystemId>| Some(systems.iter().map(SystemId::to_string).collect());
        let (action, role_id, systems) = match undo.action {
            BulkAction::Disable => (BulkActionName::Disable, None, None),
            BulkAction::Enable => (BulkActionName::Enable, None, None),
            BulkAction::Delete => (BulkActionName::Delete, None, None),
            BulkAction::Restore => (BulkActionName::Restore, None, None),
            BulkAction::Resend { .. } => (BulkActionName::Resend, None, None),
            BulkAction::SetRole { role_id } => (BulkActionName::SetRole, Some(role_id.to_string()), None),
            BulkAction::AddSystems { systems } => (BulkActionName::AddSystems, None, texts(systems)),
            BulkAction::RemoveSystems { systems } => (BulkActionName::RemoveSystems, None, texts(systems)),
        };
        Self { action, ids: undo.ids.iter().map(UserId::to_string).collect(), role_id, systems }
    }
}

impl From<Report> for BulkView {
    fn from(report: Report) -> Self {
        let (changed, unchanged, refused) = plan::counts(&report.rows);
        Self {
            applies: report.refusal.is_none(),
            code: report.refusal.as_ref().map(|refusal| refusal.code.to_owned()),
            detail: report.refusal.map(|refusal| refusal.detail),
            total: report.rows.len() + report.unknown.len(),
            changed,
            unchanged,
            refused: refused + report.unknown.len(),
            rows: in_order(report.rows, report.unknown),
            impact: report.impact.into(),
            undo: report.undo.into_iter().map(UndoView::from).collect(),
        }
    }
}

/// Update many users.
///
/// All or nothing: if one row is refused, nothing is changed and `errors` lists every refused row. Only `resend` with
/// `skip_refused` skips those and continues with the others. Up to 1,000 rows are processed immediately. More become a
/// background job (202) with progress and result at its URL. A preview (`dry_run`) returns the result of every row and the
/// impact on users. Callers who can only assign their own systems can add and remove those.
#[utoipa::path(post, path = "/api/v1/accounts/{account}/users/bulk", operation_id = "bulk_update_users", tag = "users",
    params(InAccount, DryRun), request_body = BulkBody,
    extensions(("x-permission" = json!(bulk::action::NEED))),
    responses((status = OK, body = BulkView), (status = ACCEPTED, body = JobView)))]
pub async fn run(
    State(site): State<Site>,
    Caller(caller): Caller,
    Json(body): Json<BulkBody>,
) -> Result<Response, Problem> {
    let (action, whom) = body.read()?;
    Ok(match bulk::run(&site.app, &caller, action, whom).await? {
        Answer::Done(report) => Json(BulkView::from(*report)).into_response(),
        Answer::Queued(job) => (StatusCode::ACCEPTED, Json(JobView::from(*job))).into_response(),
    })
}
