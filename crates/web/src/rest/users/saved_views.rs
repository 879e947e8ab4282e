//! Views of the list of users that people save for themselves.

use axum::extract::State;
use axum::http::StatusCode;
use domain::core::label::Label;
use domain::core::timestamp::Timestamp;
use domain::users::saved_view::{SavedView, SavedViewId};
use serde::{Deserialize, Serialize};
use service::users::saved_views;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::answers::Listed;
use crate::http::extract::{Caller, Json, Path};
use crate::http::parameters::{DryRun, InAccount};
use crate::http::problem::Problem;
use crate::http::site::Site;

/// The routes.
pub fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new().routes(routes!(list, save)).routes(routes!(delete))
}

/// A saved view.
#[derive(Debug, Serialize, ToSchema)]
pub struct SavedViewView {
    /// The saved view's id.
    id: String,
    /// The saved view's name.
    name: String,
    /// The query string of the list.
    query: String,
    /// When it was saved, RFC 3339.
    created_at: Timestamp,
}

impl From<SavedView> for SavedViewView {
    fn from(view: SavedView) -> Self {
        Self { id: view.id.to_string(), name: view.name, query: view.query, created_at: view.created_at }
    }
}

/// A view to save.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSavedView {
    /// The name, 1 to 100 characters, unique among the caller's views.
    #[schema(example = "Builders who never signed in")]
    name: Label,
    /// The query string of the list, at most 2,000 characters.
    #[schema(example = "tab=inactive&role=builder", max_length = 2000, pattern = "^[!-~]*$")]
    query: String,
}

/// A view in a path.
#[derive(Debug, Deserialize)]
pub struct SavedViewItem {
    view: SavedViewId,
}

/// List the saved views.
///
/// The caller's own views, by name.
#[utoipa::path(get, path = "/api/v1/accounts/{account}/views", operation_id = "list_saved_views", tag = "users",
    params(InAccount),
    extensions(("x-permission" = json!(saved_views::OWN))),
    responses((status = OK, body = Listed<SavedViewView>)))]
pub async fn list(State(site): State<Site>, Caller(caller): Caller) -> Result<Json<Listed<SavedViewView>>, Problem> {
    let views = saved_views::list(&site.app, &caller).await?;
    Ok(Json(Listed { items: views.into_iter().map(SavedViewView::from).collect() }))
}

/// Create a saved view.
///
/// Saves the filters, sorting and columns of the list of users under a name. Only the caller can see it.
#[utoipa::path(post, path = "/api/v1/accounts/{account}/views", operation_id = "create_saved_view", tag = "users",
    params(InAccount, DryRun), request_body = NewSavedView,
    extensions(("x-permission" = json!(saved_views::OWN))),
    responses((status = CREATED, body = SavedViewView)))]
pub async fn save(
    State(site): State<Site>,
    Caller(caller): Caller,
    Json(body): Json<NewSavedView>,
) -> Result<(StatusCode, Json<SavedViewView>), Problem> {
    let view = saved_views::save(&site.app, &caller, &body.name, &body.query).await?;
    Ok((StatusCode::CREATED, Json(view.into())))
}

/// Delete a saved view.
///
/// One of the caller's own views.
#[utoipa::path(delete, path = "/api/v1/accounts/{account}/views/{view}", operation_id = "delete_saved_view", tag = "users",
    params(InAccount, ("view" = inline(SavedViewId), Path, description = "Id of the view (`viw_…`)."), DryRun),
    extensions(("x-permission" = json!(saved_views::OWN))),
    responses((status = NO_CONTENT)))]
pub async fn delete(
    State(site): State<Site>,
    Caller(caller): Caller,
    Path(item): Path<SavedViewItem>,
) -> Result<StatusCode, Problem> {
    saved_views::delete(&site.app, &caller, item.view).await?;
    Ok(StatusCode::NO_CONTENT)
}
