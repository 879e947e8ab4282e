//! A person changes their own password.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;
use service::credentials::own_password;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::cookies;
use crate::http::extract::{Caller, Json};
use crate::http::problem::Problem;
use crate::http::site::Site;
use crate::rest::invitations::activation::PasswordRules;

/// The routes.
pub fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new().routes(routes!(rules, change))
}

/// Get your password policy.
///
/// The strictest policy of all accounts the person signs in to with a password.
#[utoipa::path(get, path = "/api/v1/me/password", operation_id = "get_my_password_rules", tag = "me",
    extensions(("x-permission" = json!(own_password::CHANGE))),
    responses((status = OK, body = PasswordRules)))]
pub async fn rules(State(site): State<Site>, Caller(caller): Caller) -> Result<Json<PasswordRules>, Problem> {
    Ok(Json(own_password::rules(&site.app, &caller).await?.into()))
}

/// The current and the new password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    /// The current password.
    #[schema(format = Password)]
    current_password: String,
    /// The new password.
    #[schema(format = Password)]
    new_password: String,
}

/// Change your password.
///
/// All other sessions are ended, other browsers are no longer recognized, and the person is notified by email.
#[utoipa::path(post, path = "/api/v1/me/password", operation_id = "change_my_password", tag = "me", request_body = PasswordChange,
    extensions(("x-permission" = json!(own_password::CHANGE))),
    responses((status = NO_CONTENT)))]
pub async fn change(
    State(site): State<Site>,
    Caller(caller): Caller,
    headers: HeaderMap,
    Json(body): Json<PasswordChange>,
) -> Result<StatusCode, Problem> {
    let device = cookies::device(&headers);
    own_password::change(&site.app, &caller, device.as_ref(), &body.current_password, &body.new_password).await?;
    Ok(StatusCode::NO_CONTENT)
}
