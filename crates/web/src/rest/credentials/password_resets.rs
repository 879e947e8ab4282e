//! Choosing a new password by a link.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{AppendHeaders, IntoResponse};
use domain::core::timestamp::Timestamp;
use serde::{Deserialize, Serialize};
use service::credentials::password_resets::{self, OpenReset};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::cookies;
use crate::http::extract::{Json, Origin, Path};
use crate::http::problem::Problem;
use crate::http::site::Site;
use crate::rest::invitations::activation::PasswordRules;
use crate::rest::sign_in::{browser, link_token};

/// The routes.
pub fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new().routes(routes!(look, reset))
}

/// A password reset link, as shown on its page.
#[derive(Debug, Serialize, ToSchema)]
pub struct PasswordResetPage {
    /// The email address the person signs in with.
    email: String,
    /// The password policy.
    password_rules: PasswordRules,
    /// When the link expires, RFC 3339.
    expires_at: Timestamp,
}

impl From<OpenReset> for PasswordResetPage {
    fn from(open: OpenReset) -> Self {
        Self {
            email: open.identity.email.to_string(),
            password_rules: open.policy.into(),
            expires_at: open.link.expires_at,
        }
    }
}

/// A new password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    /// The password.
    #[schema(format = Password)]
    password: String,
}

/// Get a password reset.
///
/// Everything the page needs. This doesn't use up the link. If the link no longer works, the code says why: `link_expired`,
/// `link_used`, `link_replaced`, `link_revoked`, or `link_invalid` if it never existed.
#[utoipa::path(get, path = "/api/v1/password-resets/{token}", operation_id = "get_password_reset", tag = "password resets",
    params(("token" = String, Path, description = "The token at the end of the link.")),
    extensions(("x-permission" = json!(password_resets::RESET))),
    responses((status = OK, body = PasswordResetPage)))]
pub async fn look(State(site): State<Site>, Path(token): Path<String>) -> Result<Json<PasswordResetPage>, Problem> {
    let open = password_resets::look(&site.app, &link_token(&token)?).await?;
    Ok(Json(open.into()))
}

/// Reset a password.
///
/// Uses up this link and every other password reset link of the person. All sessions of the person are ended, and anyone
/// signed in with this browser is signed out. The browser is recognized from then on.
#[utoipa::path(post, path = "/api/v1/password-resets/{token}", operation_id = "reset_password", tag = "password resets", request_body = NewPassword,
    params(("token" = String, Path, description = "The token at the end of the link.")),
    extensions(("x-permission" = json!(password_resets::RESET)), ("x-shows-secret" = json!(true))),
    responses((status = NO_CONTENT)))]
pub async fn reset(
    State(site): State<Site>,
    Path(token): Path<String>,
    headers: HeaderMap,
    Origin(origin): Origin,
    Json(body): Json<NewPassword>,
) -> Result<impl IntoResponse, Problem> {
    let (token, browser) = (link_token(&token)?, browser(&headers));
    let device = password_resets::reset(&site.app, &token, &body.password, origin, browser).await?;
    Ok((StatusCode::NO_CONTENT, AppendHeaders([cookies::set_device(&device)])))
}
