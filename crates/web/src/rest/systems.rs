//! Systems.

use axum::extract::State;
use axum::http::StatusCode;
use domain::core::ids::SystemId;
use domain::core::label::Label;
use domain::core::tag::tag;
use domain::core::timestamp::Timestamp;
use domain::systems::{Platform, System};
use serde::{Deserialize, Serialize};
use service::systems::{self, ListedSystem, SystemQuery};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::answers::Tagged;
use crate::http::extract::{Caller, Json, Path, Query};
use crate::http::parameters::{DryRun, InAccount};
use crate::http::problem::Problem;
use crate::http::site::Site;

/// The routes.
pub fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(get, change))
}

/// A system.
#[derive(Debug, Serialize, ToSchema)]
pub struct SystemView {
    /// The system's id.
    id: String,
    /// The system's name.
    name: String,
    /// `web`, `mobile_web` or `desktop`.
    platform: Platform,
    /// When it was created, RFC 3339.
    created_at: Timestamp,
}

impl From<System> for SystemView {
    fn from(system: System) -> Self {
        Self { id: system.id.to_string(), name: system.name, platform: system.platform, created_at: system.created_at }
    }
}

/// A system with the number of its users.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListedSystemView {
    #[serde(flatten)]
    system: SystemView,
    /// Number of users with access, directly, through a group or because they have all systems. At most 10,000. `null` for
    /// callers who can see neither users nor systems.
    users: Option<i64>,
    /// `false` if more than 10,000 users have it.
    users_are_exact: bool,
}

impl From<ListedSystem> for ListedSystemView {
    fn from(listed: ListedSystem) -> Self {
        Self {
            system: listed.system.into(),
            users: listed.users.map(|users| users.count),
            users_are_exact: listed.users.is_none_or(|users| users.is_exact),
        }
    }
}

/// A system to create.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSystem {
    /// The name, unique in the account, at most 100 characters.
    name: Label,
    /// `web`, `mobile_web` or `desktop`.
    platform: Platform,
}

/// Changes to a system. Absent fields stay unchanged.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SystemWish {
    /// Its new name, unique in the account, at most 100 characters.
    name: Option<Label>,
}

/// A system in a path.
#[derive(Debug, Deserialize)]
pub struct SystemItem {
    system: SystemId,
}

/// Which systems, and which page of them.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SystemListParams {
    /// Part of the name, ignoring case.
    q: Option<String>,
    /// Page size, 1 to 200. Default: 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// `next_cursor` of a page of the same list.
    cursor: Option<String>,
}

/// A page of the systems.
#[derive(Debug, Serialize, ToSchema)]
pub struct SystemPageView {
    /// The systems.
    items: Vec<ListedSystemView>,
    /// Cursor of the next page. `null` at the end.
    next_cursor: Option<String>,
}

/// List the systems.
///
/// Sorted by name. Callers who can see all users or systems of the account see every system, others only their own.
#[utoipa::path(get, path = "/api/v1/accounts/{account}/systems", operation_id = "list_systems", tag = "systems",
    params(InAccount, SystemListParams), extensions(("x-permission" = json!(systems::LIST))),
    responses((status = OK, body = SystemPageView)))]
pub async fn list(
    State(site): State<Site>,
    Caller(caller): Caller,
    Query(params): Query<SystemListParams>,
) -> Result<Json<SystemPageView>, Problem> {
    let q = params.q.unwrap_or_default().trim().to_owned();
    let query = SystemQuery { q, limit: params.limit, cursor: params.cursor };
    let page = systems::list(&site.app, &caller, &query).await?;
    let items = page.items.into_iter().map(ListedSystemView::from).collect();
    Ok(Json(SystemPageView { items, next_cursor: page.next }))
}

/// Get a system.
///
/// Includes the number of its users.
#[utoipa::path(get, path = "/api/v1/accounts/{account}/systems/{system}", operation_id = "get_system", tag = "systems",
    params(InAccount, ("system" = inline(SystemId), Path, description = "Id of the system (`sys_…`).")),
    extensions(("x-permission" = json!(systems::LIST)), ("x-versioned" = json!(true))),
    responses((status = OK, body = ListedSystemView)))]
pub async fn get(
    State(site): State<Site>,
    Caller(caller): Caller,
    Path(item): Path<SystemItem>,
) -> Result<Tagged<ListedSystemView>, Problem> {
    let found = systems::get(&site.app, &caller, item.system).await?;
    Ok(Tagged(tag(found.system.id, found.system.version), found.into()))
}

/// Create a system.
///
/// It starts with the environments Production and Test. Users with access to all systems have access immediately.
#[utoipa::path(post, path = "/api/v1/accounts/{account}/systems", operation_id = "create_system", tag = "systems",
    params(InAccount, DryRun), request_body = NewSystem, extensions(("x-permission" = json!(systems::CREATE)), ("x-versioned" = json!(true))),
    responses((status = CREATED, body = SystemView)))]
pub async fn create(
    State(site): State<Site>,
    Caller(caller): Caller,
    Json(body): Json<NewSystem>,
) -> Result<(StatusCode, Tagged<SystemView>), Problem> {
    let system = systems::create(&site.app, &caller, &body.name, body.platform).await?;
    Ok((StatusCode::CREATED, Tagged(tag(system.id, system.version), system.into())))
}

/// Update a system.
///
/// System managers can rename their own systems. Names are unique in the account. A preview is checked only against the
/// systems the caller can see.
#[utoipa::path(patch, path = "/api/v1/accounts/{account}/systems/{system}", operation_id = "update_system", tag = "systems",
    params(InAccount, DryRun, ("system" = inline(SystemId), Path, description = "Id of the system (`sys_…`).")), request_body = SystemWish,
    extensions(("x-permission" = json!(systems::RENAME)), ("x-versioned" = json!(true))),
    responses((status = OK, body = SystemView)))]
pub async fn change(
    State(site): State<Site>,
    Caller(caller): Caller,
    Path(item): Path<SystemItem>,
    Json(body): Json<SystemWish>,
) -> Result<Tagged<SystemView>, Problem> {
    let system = systems::rename(&site.app, &caller, item.system, body.name.as_ref()).await?;
    Ok(Tagged(tag(system.id, system.version), system.into()))
}
