//! Where a user stands: disable, enable, delete, restore.

use axum::extract::State;
use domain::core::ids::UserId;
use service::users;
use service::users::status::Move;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::answers::Tagged;
use crate::http::extract::{Caller, Path};
use crate::http::parameters::{DryRun, InAccount};
use crate::http::problem::Problem;
use crate::http::site::Site;
use crate::rest::users::view::{UserItem, UserView, changed};

/// Its routes.
pub fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new()
        .routes(routes!(disable))
        .routes(routes!(enable))
        .routes(routes!(delete))
        .routes(routes!(restore))
}

/// Disable a user.
///
/// Ends the access at once: sessions, API keys and mailed links of the user in this account. Role, systems and groups stay for
/// the day they are enabled again. Only an active user, not the last admin who can sign in, not oneself.
#[utoipa::path(post, path = "/api/v1/accounts/{account}/users/{user}/disable", operation_id = "disable_user", tag = "users",
    params(InAccount, ("user" = inline(UserId), Path, description = "Id of the user (`usr_…`)."), DryRun),
    extensions(("x-permission" = json!(users::status::DISABLE)), ("x-versioned" = json!(true))),
    responses((status = OK, body = UserView)))]
pub async fn disable(
    State(site): State<Site>,
    Caller(caller): Caller,
    Path(item): Path<UserItem>,
) -> Result<Tagged<UserView>, Problem> {
    Ok(changed(users::status::move_one(&site.app, &caller, item.user, Move::Disable).await?))
}

/// Enable a user.
///
/// A disabled user can sign in again, with the role, systems and groups from before. Takes a seat. What let them in before they
/// were disabled stays dead.
#[utoipa::path(post, path = "/api/v1/accounts/{account}/users/{user}/enable", operation_id = "enable_user", tag = "users",
    params(InAccount, ("user" = inline(UserId), Path, description = "Id of the user (`usr_…`)."), DryRun),
    extensions(("x-permission" = json!(users::status::ENABLE)), ("x-versioned" = json!(true))),
    responses((status = OK, body = UserView)))]
pub async fn enable(
    State(site): State<Site>,
    Caller(caller): Caller,
    Path(item): Path<UserItem>,
) -> Result<Tagged<UserView>, Problem> {
    Ok(changed(users::status::move_one(&site.app, &caller, item.user, Move::Enable).await?))
}

/// Delete a user.
///
/// Ends the access at once. The user can be restored for 30 days and is then removed for good; the activity log keeps what they
/// did. Not the last admin who can sign in, not oneself. An active person is told by mail.
#[utoipa::path(delete, path = "/api/v1/accounts/{account}/users/{user}", operation_id = "delete_user", tag = "users",
    params(InAccount, ("user" = inline(UserId), Path, description = "Id of the user (`usr_…`)."), DryRun),
    extensions(("x-permission" = json!(users::status::DELETE)), ("x-versioned" = json!(true))),
    responses((status = OK, body = UserView)))]
pub async fn delete(
    State(site): State<Site>,
    Caller(caller): Caller,
    Path(item): Path<UserItem>,
) -> Result<Tagged<UserView>, Problem> {
    Ok(changed(users::status::move_one(&site.app, &caller, item.user, Move::Delete).await?))
}

/// Restore a deleted user.
///
/// Within 30 days of the deletion; returns to the status from before. Takes a seat where that status does. What let them in before
/// the deletion stays dead; a person who had not accepted yet is sent a new invitation, for which the caller answers.
#[utoipa::path(post, path = "/api/v1/accounts/{account}/users/{user}/restore", operation_id = "restore_user", tag = "users",
    params(InAccount, ("user" = inline(UserId), Path, description = "Id of the user (`usr_…`)."), DryRun),
    extensions(("x-permission" = json!(users::status::RESTORE)), ("x-versioned" = json!(true))),
    responses((status = OK, body = UserView)))]
pub async fn restore(
    State(site): State<Site>,
    Caller(caller): Caller,
    Path(item): Path<UserItem>,
) -> Result<Tagged<UserView>, Problem> {
    Ok(changed(users::status::move_one(&site.app, &caller, item.user, Move::Restore).await?))
}
