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

/// Its routes.
pub fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new().routes(routes!(list, end_all)).routes(routes!(end_one))
}

/// A signed-in browser of a user, as far as the account may know of it: when the person signed in, and was last active, is not in it,
/// because that may have been in another account.
#[derive(Debug, Serialize, ToSchema)]
pub struct UserSession {
    /// Its id.
    id: String,
    /// When it first came to this account, RFC 3339.
    created_at: Timestamp,
    /// From where it did.
    ip: String,
    /// What the browser called itself.
    user_agent: String,
    /// What was proved.
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
    /// Sessions that came to this account and work here no more.
    sessions: u64,
    /// API keys of the user.
    api_keys: u64,
    /// Mailed links that were not used.
    links: u64,
}

/// Where a user is signed in.
///
/// The sessions that came to this account, as its activity log tells, and work here, latest first.
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
/// Ends whatever lets the person into this account now: sessions, API keys, mailed links. They may sign in again.
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

/// Sign a user out of one browser.
///
/// The session works in this account no more; the person may sign in again.
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
