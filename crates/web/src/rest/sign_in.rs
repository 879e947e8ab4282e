//! Signing in and out.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse};
use domain::core::email_address::EmailAddress;
use domain::core::failure::Failure;
use domain::core::timestamp::Timestamp;
use domain::credentials::link::DeadLink;
use domain::sign_in::session::{Assurance, Session};
use serde::{Deserialize, Serialize};
use service::core::secrets::{LINK_PREFIX, Token};
use service::me;
use service::sign_in::{self, Browser, NextStep};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::cookies;
use crate::http::extract::{Caller, Json, Origin};
use crate::http::problem::Problem;
use crate::http::site::Site;

/// The routes.
pub fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new().routes(routes!(identify)).routes(routes!(with_password)).routes(routes!(sign_out))
}

/// An email address to sign in with.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Identify {
    /// The address.
    email: EmailAddress,
}

/// What to ask for next.
#[derive(Debug, Serialize, ToSchema)]
pub struct Identified {
    /// What to ask for next.
    next: Next,
}

/// What a person is asked for after the email address.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Next {
    /// The password.
    Password,
}

/// An address and its password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordSignIn {
    /// The address.
    email: EmailAddress,
    /// The password, at most 256 characters.
    #[schema(format = Password, max_length = 256)]
    password: String,
}

/// A signed-in browser.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionView {
    /// The session's id.
    pub id: String,
    /// When the person signed in, RFC 3339.
    pub created_at: Timestamp,
    /// The person's last activity, RFC 3339, accurate to a minute.
    pub last_active_at: Timestamp,
    /// IP address of the sign-in.
    pub ip: String,
    /// The user agent of the browser.
    pub user_agent: String,
    /// How the person signed in.
    pub assurance: Assurance,
    /// Whether it is the session of this request.
    pub this_device: bool,
}

impl SessionView {
    /// The view of a session.
    pub fn of(session: &Session, this_device: bool) -> Self {
        Self {
            id: session.id.to_string(),
            created_at: session.created_at,
            last_active_at: session.last_active_at,
            ip: session.ip.clone(),
            user_agent: session.user_agent.clone(),
            assurance: session.assurance,
            this_device,
        }
    }
}

/// Start a sign-in.
///
/// Returns what to ask for next. The response is the same for known and unknown addresses.
#[utoipa::path(post, path = "/api/v1/sign-in/identify", operation_id = "identify", tag = "sign-in", request_body = Identify,
    extensions(("x-permission" = json!(sign_in::SIGN_IN))),
    responses((status = OK, body = Identified)))]
pub async fn identify(Json(body): Json<Identify>) -> Json<Identified> {
    let next = match sign_in::identify(&body.email) {
        NextStep::Password => Next::Password,
    };
    Json(Identified { next })
}

/// Sign in with a password.
///
/// Sets the session cookie and ends the session the browser had before. The response is the same for a wrong password, an
/// unknown address and a person without access.
#[utoipa::path(post, path = "/api/v1/sign-in/password", operation_id = "sign_in_with_password", tag = "sign-in", request_body = PasswordSignIn,
    extensions(("x-permission" = json!(sign_in::SIGN_IN)), ("x-shows-secret" = json!(true))),
    responses((status = CREATED, body = SessionView), (status = UNAUTHORIZED)))]
pub async fn with_password(
    State(site): State<Site>,
    headers: HeaderMap,
    Origin(origin): Origin,
    Json(body): Json<PasswordSignIn>,
) -> Result<impl IntoResponse, Problem> {
    let signed_in = sign_in::with_password(&site.app, &body.email, &body.password, origin, browser(&headers)).await?;
    Ok((StatusCode::CREATED, AppendHeaders(cookies::set(&signed_in)), Json(SessionView::of(&signed_in.session, true))))
}

/// Sign out.
///
/// Ends the session of this request.
#[utoipa::path(post, path = "/api/v1/sign-out", operation_id = "sign_out", tag = "sign-in",
    extensions(("x-permission" = json!(me::sessions::OWN_SESSIONS))),
    responses((status = NO_CONTENT)))]
pub async fn sign_out(State(site): State<Site>, Caller(caller): Caller) -> Result<impl IntoResponse, Problem> {
    me::sessions::sign_out(&site.app, &caller).await?;
    Ok((StatusCode::NO_CONTENT, AppendHeaders([cookies::clear()])))
}

/// What the browser sends with a sign-in.
pub fn browser(headers: &HeaderMap) -> Browser {
    let user_agent = headers.get(header::USER_AGENT).map(|value| String::from_utf8_lossy(value.as_bytes()));
    let user_agent = user_agent.unwrap_or_default().chars().filter(|letter| !letter.is_control()).collect();
    Browser { user_agent, device: cookies::device(headers), session: cookies::session(headers) }
}

/// The token of a link; one that has not the form of a token is a dead link like any other.
pub fn link_token(text: &str) -> Result<Token, Problem> {
    Token::read(LINK_PREFIX, text).ok_or_else(|| Problem::from(Failure::from(DeadLink)))
}
