//! The list of users, the numbers on its tabs, and its export.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::Response;
use domain::access::role::RoleId;
use domain::accounts::seats::{SeatMode, SeatSettings, Seats};
use domain::core::failure::{Failure, refuse_field, refuse_parts};
use domain::core::ids::{GroupId, SystemId};
use domain::core::timestamp::Timestamp;
use domain::users::filter::{FilterWords, UserFilter};
use domain::users::invitation::InvitationState;
use domain::users::order::UserOrder;
use domain::users::{LoginMethod, UserStatus};
use serde::{Deserialize, Serialize};
use service::users;
use service::users::export::UserFormat;
use service::users::list::{ListQuery, ListedUser, UserCounts, UserPage};
use utoipa::openapi::Schema;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::extract::{Caller, Json, Query};
use crate::http::file::{FileBytes, file};
use crate::http::parameters::InAccount;
use crate::http::problem::Problem;
use crate::http::schemas::{ListOf, one_of};
use crate::http::site::Site;

// The description takes no type with parameters for a value.
type Statuses = ListOf<UserStatus>;
type RoleIds = ListOf<RoleId>;
type SystemIds = ListOf<SystemId>;
type GroupIds = ListOf<GroupId>;
type LoginMethods = ListOf<LoginMethod>;
type InvitationStates = ListOf<InvitationState>;

/// The routes.
pub fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(counts)).routes(routes!(export))
}

/// Which users, in which order.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct UserFilterParams {
    /// Part of the name or email address, ignoring case and accents.
    q: Option<String>,
    /// `provisioned`, `active`, `inactive`, `deleted`, separated by commas. If absent, all users except deleted ones.
    #[param(value_type = Option<Statuses>, inline)]
    status: Option<String>,
    /// Keys or ids of roles, separated by commas.
    #[param(value_type = Option<RoleIds>, inline)]
    role: Option<String>,
    /// Ids of systems, separated by commas. Finds users with access directly, through a group or because they have all.
    #[param(value_type = Option<SystemIds>, inline)]
    system: Option<String>,
    /// Ids of groups, separated by commas.
    #[param(value_type = Option<GroupIds>, inline)]
    group: Option<String>,
    /// `password` or `sso:<connection>`, separated by commas.
    #[param(value_type = Option<LoginMethods>, inline)]
    login_method: Option<String>,
    /// State of the pending invitation of provisioned users: `open`, `expired`, `inviter_unauthorized`, `link_ended`,
    /// separated by commas. Finds no one for callers limited to their own systems.
    #[param(value_type = Option<InvitationStates>, inline)]
    invitation: Option<String>,
    /// `email` (default), `name`, `role`, `status`, `last_login_at` or `created_at`, with a leading `-` for descending
    /// order. If absent, results of `q` are sorted by relevance (whole words, then beginnings of words, then the rest),
    /// unless there are more than 5,000. Exports are sorted by email address.
    #[param(value_type = Option<UserOrder>, inline)]
    sort: Option<String>,
}

/// Which page of them.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct UserPageParams {
    /// Page size, 1 to 200. Default: 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// `next_cursor` or `prev_cursor` of a page of the same list.
    cursor: Option<String>,
}

impl UserFilterParams {
    fn read(&self) -> Result<(UserFilter, UserOrder), Failure> {
        let words = FilterWords {
            q: self.q.as_deref(),
            status: self.status.as_deref(),
            role: self.role.as_deref(),
            system: self.system.as_deref(),
            group: self.group.as_deref(),
            login_method: self.login_method.as_deref(),
            invitation: self.invitation.as_deref(),
        };
        let filter = words.read().map_err(|errors| {
            let detail = errors.iter().map(|error| error.detail.as_str()).collect::<Vec<_>>().join("; ");
            refuse_parts(domain::core::refusal::Kind::Invalid, "invalid_parameter", detail, errors)
        })?;
        Ok((filter, self.order()?))
    }

    fn order(&self) -> Result<UserOrder, Failure> {
        let sort = self.sort.as_deref().filter(|sort| !sort.is_empty());
        sort.map_or(Ok(UserOrder::default()), str::parse).map_err(|_| {
            refuse_field(
                "sort",
                "invalid_parameter",
                "The value of `sort` must be email, name, role, status, last_login_at or created_at, with a leading - \
                 for descending order.",
            )
        })
    }
}

/// A page of users.
#[derive(Debug, Serialize, ToSchema)]
pub struct UserPageView {
    /// The users.
    items: Vec<ListedUserView>,
    /// Cursor of the next page. `null` on the last one.
    next_cursor: Option<String>,
    /// Cursor of the previous page. `null` on the first one.
    prev_cursor: Option<String>,
    /// Number of users that match the filter, on all pages.
    total: i64,
    /// `false` if there are more than `total`, which is counted up to 10,000 ("10,000+").
    total_is_exact: bool,
}

/// A user in the list.
#[derive(Debug, Serialize, ToSchema)]
struct ListedUserView {
    /// The user's id.
    id: String,
    /// The user's email address.
    email: String,
    /// The user's name in the account.
    name: Option<String>,
    /// The user's role.
    role: ListedRole,
    /// The user's status.
    status: UserStatus,
    /// The first three systems by name, assigned directly, through a group or because the user has all.
    systems: Vec<ListedSystem>,
    /// Number of systems. For callers limited to their own systems, only those count.
    system_count: usize,
    /// Whether the user has access to all systems of the account, including future ones.
    all_systems: bool,
    /// The login method: `password` or `sso:…`.
    login_method: String,
    /// The last sign-in, RFC 3339. `null` if never.
    last_login_at: Option<Timestamp>,
    /// When the user was invited or created, RFC 3339.
    created_at: Timestamp,
    /// How many groups the user is in.
    group_count: usize,
    /// Whether the pending invitation of a provisioned user can be accepted: `open`, `expired`, `inviter_unauthorized` or
    /// `link_ended`. `null` for other users, and for callers limited to their own systems.
    invitation: Option<InvitationState>,
}

/// The role of a user in the list.
#[derive(Debug, Serialize, ToSchema)]
struct ListedRole {
    /// Key of a predefined role or id of a custom one.
    id: String,
    /// The role's name.
    name: String,
}

/// A system of a user in the list.
#[derive(Debug, Serialize, ToSchema)]
struct ListedSystem {
    /// The system's id.
    id: String,
    /// The system's name.
    name: String,
}

impl From<ListedUser> for ListedUserView {
    fn from(row: ListedUser) -> Self {
        let shown = row.first_systems().map(|(id, name)| ListedSystem { id: id.to_string(), name: name.clone() });
        Self {
            systems: shown.collect(),
            id: row.user.id.to_string(),
            email: row.user.email.to_string(),
            name: row.user.name.map(String::from),
            role: ListedRole { id: row.user.role_id.to_string(), name: row.role_name },
            status: row.user.status,
            system_count: row.system_count,
            all_systems: row.all_systems,
            login_method: row.user.login_method.to_string(),
            last_login_at: row.user.last_login_at,
            created_at: row.user.created_at,
            group_count: row.groups.len(),
            invitation: row.invitation,
        }
    }
}

impl From<UserPage> for UserPageView {
    fn from(page: UserPage) -> Self {
        Self {
            items: page.items.into_iter().map(ListedUserView::from).collect(),
            next_cursor: page.next,
            prev_cursor: page.previous,
            total: page.total.users,
            total_is_exact: page.total.is_exact,
        }
    }
}

/// List the users.
///
/// With search, filters and sorting, page by page. Callers limited to their own systems see the users there who aren't
/// deleted, with those systems and the groups that assign them. Filtering by anything else finds no one.
#[utoipa::path(get, path = "/api/v1/accounts/{account}/users", operation_id = "list_users", tag = "users",
    params(InAccount, UserFilterParams, UserPageParams),
    extensions(("x-permission" = json!(users::list::LIST))),
    responses((status = OK, body = UserPageView)))]
pub async fn list(
    State(site): State<Site>,
    Caller(caller): Caller,
    Query(params): Query<UserFilterParams>,
    Query(page): Query<UserPageParams>,
) -> Result<Json<UserPageView>, Problem> {
    let (filter, order) = params.read()?;
    let best_first = params.sort.as_deref().is_none_or(str::is_empty);
    let query = ListQuery { filter, order, best_first, limit: page.limit, cursor: page.cursor };
    Ok(Json(users::list::list(&site.app, &caller, &query).await?.into()))
}

/// The numbers on the tabs of the list.
#[derive(Debug, Serialize, ToSchema)]
pub struct UserCountsView {
    /// Number of users with each status: `provisioned`, `active`, `inactive`, `deleted`.
    by_status: BTreeMap<String, i64>,
    /// Whether the counts are exact. `false` only for callers limited to their own systems, with more than 10,000 users
    /// there.
    is_exact: bool,
    /// The seats of the account. `null` for callers limited to their own systems.
    seats: Option<TabSeats>,
    /// Number of provisioned users who can't accept their invitation because its link no longer works or its sender may no
    /// longer invite. Resend it. `null` for callers limited to their own systems, and with more than 10,000 provisioned
    /// users.
    dead_invitations: Option<i64>,
}

/// The seats of an account.
#[derive(Debug, Serialize, ToSchema)]
pub struct TabSeats {
    /// The seat limit. `null` if there is none.
    limit: Option<u32>,
    /// What happens at the limit: `hard` (refuse) or `soft` (warn).
    mode: SeatMode,
    /// Seats that are taken.
    taken: u64,
    /// Active users.
    members: u64,
    /// Invited users who haven't activated yet.
    pending: u64,
    /// Seats left. `null` if there is no limit.
    left: Option<u64>,
}

impl TabSeats {
    /// The view of seats.
    pub fn of(seats: Seats, settings: SeatSettings) -> Self {
        Self {
            limit: settings.limit,
            mode: settings.mode,
            taken: settings.taken(seats),
            members: seats.active,
            pending: seats.pending,
            left: settings.left(seats),
        }
    }
}

impl From<UserCounts> for UserCountsView {
    fn from(found: UserCounts) -> Self {
        let seats = found.seats.map(|(seats, settings)| TabSeats::of(seats, settings));
        Self {
            is_exact: found.by_status.iter().all(|(_, total)| total.is_exact),
            by_status: found.by_status.into_iter().map(|(status, total)| (status.to_string(), total.users)).collect(),
            seats,
            dead_invitations: found.dead_invitations,
        }
    }
}

/// Count the users.
///
/// Number of users by status, for the tabs of the list, and seats taken. For callers limited to their own systems, only the
/// users they can see, without seats.
#[utoipa::path(get, path = "/api/v1/accounts/{account}/users/counts", operation_id = "get_user_counts", tag = "users",
    params(InAccount),
    extensions(("x-permission" = json!(users::list::LIST))),
    responses((status = OK, body = UserCountsView)))]
pub async fn counts(State(site): State<Site>, Caller(caller): Caller) -> Result<Json<UserCountsView>, Problem> {
    Ok(Json(users::list::counts(&site.app, &caller).await?.into()))
}

/// The form of the file.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct UserExportParams {
    /// See [`formats`], which describes it.
    #[param(schema_with = formats)]
    format: Option<UserFormat>,
}

fn formats() -> Schema {
    one_of(
        UserFormat::ALL.iter().map(|format| format.word()),
        "If absent, the format in `Accept`, otherwise `csv`. `csv`: a table for spreadsheets, UTF-8 with a byte order \
         mark, times in UTC as `2030-01-31 12:00:00`, and a leading single quote for anything that looks like a \
         formula. `json`: an array of objects.",
    )
}

/// A user in an export.
#[derive(Debug, Serialize, ToSchema)]
struct ExportedUser {
    /// The user's id.
    id: String,
    /// The user's email address.
    email: String,
    /// The user's name in the account.
    name: Option<String>,
    /// The user's role.
    role: ListedRole,
    /// The user's status.
    status: UserStatus,
    /// All systems, assigned directly, through a group or because the user has all.
    systems: Vec<ListedSystem>,
    /// Whether the user has access to all systems of the account, including future ones.
    all_systems: bool,
    /// The names of the user's groups.
    groups: Vec<String>,
    /// The login method: `password` or `sso:…`.
    login_method: String,
    /// The last sign-in, RFC 3339. `null` if never.
    last_login_at: Option<Timestamp>,
    /// When the user was invited or created, RFC 3339.
    created_at: Timestamp,
}

/// What a client takes that does not say it by `format`: a table, unless it takes JSON only.
fn accepted(headers: &HeaderMap) -> UserFormat {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    let is_json = |kind: &str| kind.split(';').next().is_some_and(|kind| kind.trim() == "application/json");
    if !accept.is_empty() && accept.split(',').all(is_json) { UserFormat::Json } else { UserFormat::Csv }
}

/// Export the users.
///
/// The list as a file, with the same filters. The export is recorded in the activity log.
/// A generated client that knows one type per status should request `format=json`.
#[utoipa::path(get, path = "/api/v1/accounts/{account}/users/export", operation_id = "export_users", tag = "users",
    params(InAccount, UserExportParams, UserFilterParams),
    extensions(("x-permission" = json!(users::export::EXPORT)), ("x-recorded" = json!(true))),
    responses((status = OK, content((FileBytes = "text/csv"), (Vec<ExportedUser> = "application/json")))))]
pub async fn export(
    State(site): State<Site>,
    Caller(caller): Caller,
    Query(params): Query<UserFilterParams>,
    Query(form): Query<UserExportParams>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (filter, order) = params.read()?;
    let format = form.format.unwrap_or_else(|| accepted(&headers));
    let kind = match format {
        UserFormat::Csv => "text/csv; charset=utf-8",
        UserFormat::Json => "application/json",
    };
    let query = ListQuery { filter, order, ..ListQuery::default() };
    Ok(file(&site, kind, users::export::export(&site.app, &caller, format, &query).await?))
}
