//! Roles.

pub(crate) mod permissions;

use std::collections::BTreeMap;

use axum::extract::State;
use domain::access::Grant;
use domain::access::role::{Role, RoleId, RoleKind};
use serde::{Deserialize, Serialize};
use service::core::app::App;
use service::roles::{self, RoleWithUsers};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::answers::Listed;
use crate::http::extract::{Caller, Json, Path};
use crate::http::parameters::InAccount;
use crate::http::problem::Problem;
use crate::http::site::Site;

/// The routes.
pub fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(get)).merge(permissions::routes())
}

/// A role.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoleView {
    /// Key of a predefined role or id of a custom one.
    id: String,
    /// The role's name.
    name: String,
    /// What it is for.
    description: String,
    /// Whether it comes from the catalog or was created in the account.
    kind: RoleKind,
    /// The level of every permission by key, followed by ` (own)` if it applies to own systems only.
    levels: BTreeMap<String, Grant>,
    /// Number of users with this role. For callers limited to their own systems, only the users they can see.
    users: i64,
}

impl RoleView {
    fn of(app: &App, found: RoleWithUsers) -> Self {
        Self {
            levels: levels_of(app, &found.role),
            id: found.role.id.to_string(),
            name: found.role.name,
            description: found.role.description,
            kind: found.role.kind,
            users: found.users,
        }
    }
}

/// The level of every permission, as it is read.
pub fn levels_of(app: &App, role: &Role) -> BTreeMap<String, Grant> {
    let permissions = app.catalog.permissions().iter();
    permissions.map(|entry| (entry.key.clone(), app.catalog.grant(&role.levels, entry))).collect()
}

/// A role in a path.
#[derive(Debug, Deserialize)]
pub struct RoleItem {
    role: RoleId,
}

/// List the roles.
///
/// Predefined roles first, each with its number of users. For callers limited to their own systems, only the users there
/// count, and only custom roles that one of them has are listed.
#[utoipa::path(get, path = "/api/v1/accounts/{account}/roles", operation_id = "list_roles", tag = "roles", params(InAccount),
    extensions(("x-permission" = json!(roles::LIST))),
    responses((status = OK, body = Listed<RoleView>)))]
pub async fn list(State(site): State<Site>, Caller(caller): Caller) -> Result<Json<Listed<RoleView>>, Problem> {
    let found = roles::list(&site.app, &caller).await?;
    Ok(Json(Listed { items: found.into_iter().map(|role| RoleView::of(&site.app, role)).collect() }))
}

/// Get a role.
///
/// Includes the level of every permission and the number of users.
#[utoipa::path(get, path = "/api/v1/accounts/{account}/roles/{role}", operation_id = "get_role", tag = "roles",
    params(InAccount, ("role" = inline(RoleId), Path, description = "Key of a predefined role or id of a custom one.")),
    extensions(("x-permission" = json!(roles::LIST))),
    responses((status = OK, body = RoleView)))]
pub async fn get(
    State(site): State<Site>,
    Caller(caller): Caller,
    Path(item): Path<RoleItem>,
) -> Result<Json<RoleView>, Problem> {
    let found = roles::get(&site.app, &caller, &item.role).await?;
    Ok(Json(RoleView::of(&site.app, found)))
}
