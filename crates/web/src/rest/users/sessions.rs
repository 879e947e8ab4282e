//! The sessions of a user, for admins.

use axum::extract::State;
use axum::http::StatusCode;
use domain::core::ids::{SessionId, UserId};
use domain::core::timestamp::Timestamp;
use domain::sign_in::session::Assurance;
use serde::{Deserialize, Serialize};
use service::users;
use service::users::sessions::EnteredSession;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::answers::Listed;
use crate::http::extract::{Caller, Json, Path};
use crate::http::parameters::{DryRun, InAccount};
use crate::http::problem::Problem;
use crate::http::site::Site;
use crate::rest::users::view::UserItem;

/// The routes.
pub fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new().routes(routes!(list, end_all)).routes(routes!(end_one))
}

/// A signed-in browser of a user, as seen from the account. It doesn't include when the person signed in or was last
/// active, because that may have been in another account.
#[derive(Debug, Serialize, ToSchema)]
pub struct UserSession {
    /// The session's id.
    id: String,
    /// When the session first opened this account, RFC 3339.
    created_at: Timestamp,
    /// The IP address at that time.
    ip: String,
    /// The user agent of the browser.
    user_agent: String,
    /// How the person signed in.
    assurance: Assurance,
}

impl From<EnteredSession> for UserSession {
    fn from(session: EnteredSession) -> Self {
        Self {
            id: session.id.to_string(),
            created_at: session.entered_at,
            ip: session.entered_ip,
            user_agent: session.user_agent,
            assurance: session.assurance,
        }
    }
}

/// What ended when a user was signed out.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignedOut {
    /// Number of sessions of this account that no longer work.
    sessions: u64,
    /// Number of API keys of the user.
    api_keys: u64,
    /// Number of unused email links.
    links: u64,
}

/// List the sessions of a user.
///
/// The active sessions in this account, latest first.
#[utoipa::path(get, path = "/api/v1/accounts/{account}/users/{user}/sessions", operation_id = "list_user_sessions", tag = "users",
    params(InAccount, ("user" = inline(UserId), Path, description = "Id of the user (`usr_…`).")),
    extensions(("x-permission" = json!(users::sessions::LIST))),
    responses((status = OK, body = Listed<UserSession>)))]
pub async fn list(
    State(site): State<Site>,
    Caller(caller): Caller,
    Path(item): Path<UserItem>,
) -> Result<Json<Listed<UserSession>>, Problem> {
    let sessions = users::sessions::list(&site.app, &caller, item.user).await?;
    Ok(Json(Listed { items: sessions.into_iter().map(UserSession::from).collect() }))
}

/// Sign a user out.
///
/// Ends the user's sessions, API keys and email links in this account. They can sign in again.
#[utoipa::path(delete, path = "/api/v1/accounts/{account}/users/{user}/sessions", operation_id = "revoke_user_sessions", tag = "users",
    params(InAccount, ("user" = inline(UserId), Path, description = "Id of the user (`usr_…`)."), DryRun),
    extensions(("x-permission" = json!(users::sessions::END))),
    responses((status = OK, body = SignedOut)))]
pub async fn end_all(
    State(site): State<Site>,
    Caller(caller): Caller,
    Path(item): Path<UserItem>,
) -> Result<Json<SignedOut>, Problem> {
    let ended = users::sessions::end_all(&site.app, &caller, item.user).await?;
    Ok(Json(SignedOut { sessions: ended.sessions, api_keys: ended.api_keys, links: ended.links }))
}

/// A session of a user, in a path.
#[derive(Debug, Deserialize)]
pub struct UserSessionItem {
    user: UserId,
    session: SessionId,
}

/// Revoke a session of a user.
///
/// The session no longer works in this account. The user can sign in again.
#[utoipa::path(delete, path = "/api/v1/accounts/{account}/users/{user}/sessions/{session}", operation_id = "revoke_user_session", tag = "users",
    params(InAccount, ("user" = inline(UserId), Path, description = "Id of the user (`usr_…`)."),
        ("session" = inline(SessionId), Path, description = "Id of the session (`ses_…`)."), DryRun),
    extensions(("x-permission" = json!(users::sessions::END))),
    responses((status = NO_CONTENT)))]
pub async fn end_one(
    State(site): State<Site>,
    Caller(caller): Caller,
    Path(item): Path<UserSessionItem>,
) -> Result<StatusCode, Problem> {
    users::sessions::end_one(&site.app, &caller, item.user, item.session).await?;
    Ok(StatusCode::NO_CONTENT)
}
