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
use service::bulk::carry_out::{self, Report};
use service::bulk::verdicts::{Row, UnknownRow, Verdict};
use service::bulk::{self, Answer, Whom};
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

/// Its routes.
pub fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new().routes(routes!(run))
}

/// What to do to whom.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkBody {
    /// What to do.
    action: Action,
    /// Ids of the users, at most 100,000, each once. Either these or `filter`.
    #[schema(max_items = 100000)]
    ids: Option<Vec<UserId>>,
    /// Everybody whom the list shows with this filter, at most 100,000.
    filter: Option<BulkFilter>,
    /// With `set_role`: key of a predefined role, id of a custom one.
    role_id: Option<RoleId>,
    /// With `add_systems` and `remove_systems`: ids of the systems.
    #[schema(min_items = 1, max_items = 1000)]
    systems: Option<Vec<SystemId>>,
    /// With `resend`: `true` sends to those to whom it can be sent and leaves the others, instead of all or nothing.
    skip_refused: Option<bool>,
}

/// What can be done to many.
#[derive(Debug, Clone, Copy)]
enum Action {
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

words!(Action {
    Disable = "disable",
    Enable = "enable",
    Delete = "delete",
    Restore = "restore",
    Resend = "resend",
    SetRole = "set_role",
    AddSystems = "add_systems",
    RemoveSystems = "remove_systems",
});

/// A filter as the list of users has it; what is absent does not filter, several values are alternatives.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
struct BulkFilter {
    /// Part of the name or of the address.
    q: String,
    /// `provisioned`, `active`, `inactive`, `deleted`; when absent, everybody but the deleted.
    status: Vec<UserStatus>,
    /// Keys or ids of roles.
    role: Vec<RoleId>,
    /// Ids of systems that the users have, by any way.
    system: Vec<SystemId>,
    /// Ids of groups that the users are in.
    group: Vec<GroupId>,
    /// `password` or `sso:…`.
    login_method: Vec<LoginMethod>,
    /// How the pending invitation of provisioned users stands.
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
            Problem::invalid("invalid_filter", "this filter cannot be used; see what is wrong with each part");
        problem.errors = errors.into_iter().map(ProblemPart::from).collect();
        Err(problem)
    }
}

impl BulkBody {
    fn read(self) -> Result<(BulkAction, Whom), Problem> {
        let whom = match (self.ids, self.filter) {
            (Some(ids), None) => Whom::Ids(ids),
            (None, Some(filter)) => Whom::Filter(filter.read()?),
            (Some(_), Some(_)) | (None, None) => {
                return Err(Problem::invalid("ids_or_filter", "say whom: give either `ids` or `filter`").at("/ids"));
            }
        };
        match (action(self.action, self.role_id, self.systems)?, self.skip_refused) {
            (BulkAction::Resend { .. }, skip) => Ok((BulkAction::Resend { skip_refused: skip == Some(true) }, whom)),
            (action, None) => Ok((action, whom)),
            (_, Some(_)) => {
                Err(Problem::invalid("not_needed", "only `resend` takes `skip_refused`").at("/skip_refused"))
            }
        }
    }
}

fn action(action: Action, role_id: Option<RoleId>, systems: Option<Vec<SystemId>>) -> Result<BulkAction, Problem> {
    let plain = |plain: BulkAction| match (&role_id, &systems) {
        (None, None) => Ok(plain),
        (Some(_), _) => Err(Problem::invalid("not_needed", "only `set_role` takes a role").at("/role_id")),
        (None, Some(_)) => Err(not_needed_systems()),
    };
    match action {
        Action::Disable => plain(BulkAction::Disable),
        Action::Enable => plain(BulkAction::Enable),
        Action::Delete => plain(BulkAction::Delete),
        Action::Restore => plain(BulkAction::Restore),
        Action::Resend => plain(BulkAction::Resend { skip_refused: false }),
        Action::SetRole => match (role_id, systems) {
            (Some(role_id), None) => Ok(BulkAction::SetRole { role_id }),
            (None, None) => Err(Problem::invalid("required", "say which role").at("/role_id")),
            (_, Some(_)) => Err(not_needed_systems()),
        },
        Action::AddSystems => Ok(BulkAction::AddSystems { systems: named(role_id, systems)? }),
        Action::RemoveSystems => Ok(BulkAction::RemoveSystems { systems: named(role_id, systems)? }),
    }
}

fn not_needed_systems() -> Problem {
    Problem::invalid("not_needed", "only `add_systems` and `remove_systems` take systems").at("/systems")
}

fn named(role_id: Option<RoleId>, systems: Option<Vec<SystemId>>) -> Result<Vec<SystemId>, Problem> {
    if role_id.is_some() {
        return Err(Problem::invalid("not_needed", "only `set_role` takes a role").at("/role_id"));
    }
    match systems.unwrap_or_default() {
        none if none.is_empty() => Err(Problem::invalid("required", "say which systems").at("/systems")),
        many if many.len() > MOST_SYSTEMS => {
            let detail = format!("{} systems are more than {MOST_SYSTEMS}; make several calls", many.len());
            Err(Problem::invalid("too_many", detail).at("/systems"))
        }
        some => Ok(some),
    }
}

/// What came of a bulk action, or would.
#[derive(Debug, Serialize, ToSchema)]
pub struct BulkView {
    /// Whether everything is applied, or would be. `false` only in a preview: then nothing would change.
    applies: bool,
    /// Why nothing would change: `mixed_statuses`, or the code of the first row that counts.
    #[schema(value_type = Option<ProblemCode>)]
    code: Option<String>,
    /// The same for people.
    detail: Option<String>,
    /// Rows in all.
    total: usize,
    /// Users who change.
    changed: usize,
    /// Users who were as they should be already.
    unchanged: usize,
    /// Rows that a rule refuses.
    refused: usize,
    /// The verdict on every row, in the order of the request.
    rows: Vec<RowView>,
    /// What it does to people.
    impact: ImpactView,
    /// Bulk actions that take it back; each can be sent as it is.
    undo: Vec<UndoView>,
}

/// The verdict on one row.
#[derive(Debug, Serialize, ToSchema)]
struct RowView {
    /// Id of the user.
    id: String,
    /// Their address; null where there is nobody with this id whom the caller may know of.
    email: Option<String>,
    /// What happens to them.
    verdict: RowVerdict,
    /// Stable code of the refusal.
    #[schema(value_type = Option<ProblemCode>)]
    code: Option<String>,
    /// The refusal for people.
    detail: Option<String>,
    /// The values in `detail`, by name; `reason` chooses between sentences of one code. Absent where there are none.
    #[serde(skip_serializing_if = "Params::is_empty")]
    #[schema(value_type = Object, required = false)]
    params: Params,
}

/// What happens to one user.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum RowVerdict {
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
    action: Action,
    /// To whom.
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
        let (verdict, refusal) = match row.verdict {
            Verdict::Changes => (RowVerdict::Changed, None),
            Verdict::Unchanged => (RowVerdict::Unchanged, None),
            Verdict::Refused(refusal) => (RowVerdict::Refused, Some(refusal)),
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
            verdict: RowVerdict::Refused,
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
            BulkAction::Disable => (Action::Disable, None, None),
            BulkAction::Enable => (Action::Enable, None, None),
            BulkAction::Delete => (Action::Delete, None, None),
            BulkAction::Restore => (Action::Restore, None, None),
            BulkAction::Resend { .. } => (Action::Resend, None, None),
            BulkAction::SetRole { role_id } => (Action::SetRole, Some(role_id.to_string()), None),
            BulkAction::AddSystems { systems } => (Action::AddSystems, None, texts(systems)),
            BulkAction::RemoveSystems { systems } => (Action::RemoveSystems, None, texts(systems)),
        };
        Self { action, ids: undo.ids.iter().map(UserId::to_string).collect(), role_id, systems }
    }
}

impl From<Report> for BulkView {
    fn from(report: Report) -> Self {
        let (changed, unchanged, refused) = carry_out::counts(&report.rows);
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

/// Change many users.
///
/// All or nothing: when a rule refuses one row, nothing is changed and `errors` names every refused row; only `resend` with
/// `skip_refused` leaves those out and sends to the others. Up to 1,000 rows are
/// done at once; more become a job (202), with progress and result at its address. A preview (`dry_run`) answers with the
/// verdict on every row, whatever stands in the way of one, and with what it does to people. A caller who may only assign people to own systems
/// can add and remove those.
#[utoipa::path(post, path = "/api/v1/accounts/{account}/users/bulk", operation_id = "change_users", tag = "users",
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
