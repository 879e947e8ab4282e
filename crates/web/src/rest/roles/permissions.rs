//! The catalog of permissions.

use axum::extract::State;
use domain::access::Level;
use domain::access::catalog::{Category, PermissionEntry};
use serde::Serialize;
use service::roles::permissions;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::answers::Listed;
use crate::http::extract::{Caller, Json};
use crate::http::parameters::InAccount;
use crate::http::problem::Problem;
use crate::http::site::Site;

/// The routes.
pub fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new().routes(routes!(list))
}

/// A permission of the catalog.
#[derive(Debug, Serialize, ToSchema)]
pub struct PermissionView {
    /// Stable key for programs.
    key: String,
    /// The permission's category.
    category: Category,
    /// The permission's name.
    name: String,
    /// What it allows.
    description: String,
    /// The possible levels, lowest first.
    levels: Vec<Level>,
}

impl From<&PermissionEntry> for PermissionView {
    fn from(entry: &PermissionEntry) -> Self {
        Self {
            key: entry.key.clone(),
            category: entry.category,
            name: entry.name.clone(),
            description: entry.description.clone(),
            levels: entry.levels.clone(),
        }
    }
}

/// List the permissions.
///
/// Every permission a role can include, with its levels.
#[utoipa::path(get, path = "/api/v1/accounts/{account}/permissions", operation_id = "list_permissions", tag = "roles",
    params(InAccount), extensions(("x-permission" = json!(permissions::LIST))),
    responses((status = OK, body = Listed<PermissionView>)))]
pub async fn list(State(site): State<Site>, Caller(caller): Caller) -> Result<Json<Listed<PermissionView>>, Problem> {
    let items = permissions::list(&site.app, &caller)?.iter().map(PermissionView::from).collect();
    Ok(Json(Listed { items }))
}
