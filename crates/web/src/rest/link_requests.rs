//! Asking for a mail with a link, without any proof.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use domain::core::email_address::EmailAddress;
use serde::{Deserialize, Serialize};
use service::core::secrets::{LINK_PREFIX, Token};
use service::link_requests::{self, AskedBy};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::cookies;
use crate::http::extract::{Json, Origin};
use crate::http::problem::Problem;
use crate::http::site::Site;

/// The routes.
pub fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new().routes(routes!(by_address)).routes(routes!(by_link))
}

/// A request for a password reset.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Forgotten {
    /// The email address the person signs in with.
    #[schema(value_type = String, format = Email)]
    email: EmailAddress,
}

/// A link that no longer works.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OldLink {
    /// The token at the end of the link.
    token: String,
}

/// The same response for everyone.
#[derive(Debug, Serialize, ToSchema)]
pub struct Promised {
    /// What to do next.
    detail: &'static str,
}

impl Promised {
    const fn answer(detail: &'static str) -> (StatusCode, Json<Self>) {
        (StatusCode::ACCEPTED, Json(Self { detail }))
    }
}

/// Request a password reset.
///
/// The response is the same whether or not a user with this address exists. A user who signs in with a password gets an
/// email. A user who hasn't activated yet gets their invitation again. Links sent before keep working until one of them is
/// used.
#[utoipa::path(post, path = "/api/v1/password-resets", operation_id = "request_password_reset", tag = "password resets", request_body = Forgotten,
    extensions(("x-permission" = json!(link_requests::ASK))),
    responses((status = ACCEPTED, body = Promised)))]
pub async fn by_address(
    State(site): State<Site>,
    headers: HeaderMap,
    Origin(origin): Origin,
    Json(body): Json<Forgotten>,
) -> Result<(StatusCode, Json<Promised>), Problem> {
    let device = cookies::device(&headers);
    link_requests::note(&site.app, AskedBy::Address(&body.email), origin, device.as_ref()).await?;
    Ok(Promised::answer("If this address belongs to a user, an email with a link is on its way."))
}

/// Request a new link.
///
/// The response is the same for every token. If it belongs to an open invitation or to someone who signs in with a
/// password, a new link is emailed to them.
#[utoipa::path(post, path = "/api/v1/link-requests", operation_id = "request_link", tag = "password resets", request_body = OldLink,
    extensions(("x-permission" = json!(link_requests::ASK))),
    responses((status = ACCEPTED, body = Promised)))]
pub async fn by_link(
    State(site): State<Site>,
    headers: HeaderMap,
    Origin(origin): Origin,
    Json(body): Json<OldLink>,
) -> Result<(StatusCode, Json<Promised>), Problem> {
    // What has not the form of a token is no one's link, like most that have it.
    if let Some(token) = Token::read(LINK_PREFIX, &body.token) {
        let device = cookies::device(&headers);
        link_requests::note(&site.app, AskedBy::Link(&token), origin, device.as_ref()).await?;
    }
    Ok(Promised::answer("If this link can be replaced, an email with a new one is on its way."))
}
