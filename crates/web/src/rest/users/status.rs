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

/// The routes.
pub fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new()
        .routes(routes!(disable))
        .routes(routes!(enable))
        .routes(routes!(delete))
        .routes(routes!(restore))
}

/// Disable a user.
///
/// Ends the user's sessions, API keys and email links in this account immediately. Role, systems and groups are kept for
/// when the user is enabled again. Only for active users, not for the last admin who can sign in, nor for oneself.
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
/// The user can sign in again, with the same role, systems and groups as before. Takes a seat. Sessions, API keys and links
/// that were ended stay ended.
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
/// Ends the user's access immediately. The user can be restored for 30 days and is then permanently removed. The activity
/// log keeps what they did. You can't delete yourself or the last admin who can sign in. Active users are notified by email.
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
/// Within 30 days of the deletion. The user returns to their previous status and takes a seat if that status does.
/// Sessions, API keys and links that were ended stay ended. A user who hadn't accepted yet is sent a new invitation, with
/// the caller as its sender.
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
