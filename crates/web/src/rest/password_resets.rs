//! Choosing a new password by a link.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{AppendHeaders, IntoResponse};
use domain::email_address::EmailAddress;
use serde::{Deserialize, Serialize};
use service::password_resets::{self, OpenReset};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::cookies;
use crate::extract::{Json, Origin, Path};
use crate::problem::Problem;
use crate::rest::activations::PasswordRules;
use crate::rest::sign_in::{browser, link_token};
use crate::site::Site;

/// Its routes.
pub fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new().routes(routes!(request)).routes(routes!(look, reset))
}

/// Who forgot their password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Forgotten {
    /// The address the person signs in with; one.
    #[schema(value_type = String, format = Email)]
    email: EmailAddress,
}

/// The same for everybody.
#[derive(Debug, Serialize, ToSchema)]
pub struct Promised {
    /// What to do next.
    detail: &'static str,
}

/// A link to choose a new password, for the page that does it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PasswordResetPage {
    /// The address the person signs in with.
    email: String,
    /// What the password must be.
    password_rules: PasswordRules,
    /// Until when the link works, RFC 3339.
    expires_at: String,
}

impl From<OpenReset> for PasswordResetPage {
    fn from(open: OpenReset) -> Self {
        Self {
            email: open.identity.email.to_string(),
            password_rules: open.policy.into(),
            expires_at: open.link.expires_at.to_string(),
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

/// Ask for a link to choose a new password.
///
/// The answer is the same whether or not there is a person with this address. Who has one and signs in with a password gets
/// a mail; an earlier link ends.
#[utoipa::path(post, path = "/api/v1/password-resets", operation_id = "request_password_reset", tag = "password resets", request_body = Forgotten,
    extensions(("x-permission" = json!(password_resets::REQUEST))),
    responses((status = ACCEPTED, body = Promised), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub async fn request(
    State(site): State<Site>,
    Origin(origin): Origin,
    Json(body): Json<Forgotten>,
) -> Result<(StatusCode, Json<Promised>), Problem> {
    password_resets::request(&site.app, &body.email, origin).await?;
    let detail = "if this address belongs to somebody who signs in with a password, a mail with a link is on its way";
    Ok((StatusCode::ACCEPTED, Json(Promised { detail })))
}

/// Look at a link to choose a new password.
///
/// What the page needs. The link is not used up. One answer for every link that does not work.
#[utoipa::path(get, path = "/api/v1/password-resets/{token}", operation_id = "look_at_password_reset", tag = "password resets",
    params(("token" = String, Path, description = "The token at the end of the link.")),
    extensions(("x-permission" = json!(password_resets::RESET))),
    responses((status = OK, body = PasswordResetPage), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub async fn look(State(site): State<Site>, Path(token): Path<String>) -> Result<Json<PasswordResetPage>, Problem> {
    let open = password_resets::look(&site.app, &link_token(&token)?).await?;
    Ok(Json(open.into()))
}

/// Choose a new password.
///
/// Uses the link up, and every other one that could choose a password. All browsers of the person are signed out, and so is this
/// one, whoever it was signed in as; it is known from now on.
#[utoipa::path(post, path = "/api/v1/password-resets/{token}", operation_id = "reset_password", tag = "password resets", request_body = NewPassword,
    params(("token" = String, Path, description = "The token at the end of the link.")),
    extensions(("x-permission" = json!(password_resets::RESET)), ("x-shows-secret" = json!(true))),
    responses((status = NO_CONTENT), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
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
