//! What people do with their own identity.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use domain::access::Grant;
use domain::accounts::branding::AccentColor;
use domain::core::ids::SessionId;
use domain::core::locale::Locale;
use domain::core::person_name::PersonName;
use domain::core::tag::tag;
use domain::sign_in::identity::Identity;
use serde::{Deserialize, Serialize};
use service::me::{self, ProfileChange};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::answers::{Listed, Tagged};
use crate::http::extract::{Caller, Json, Path};
use crate::http::parameters::DryRun;
use crate::http::problem::Problem;
use crate::http::site::Site;
use crate::rest::roles::levels_of;
use crate::rest::sign_in::SessionView;

/// The routes.
pub fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new()
        .routes(routes!(get, change))
        .routes(routes!(accounts))
        .routes(routes!(sessions, end_all_sessions))
        .routes(routes!(end_session))
}

/// The signed-in person.
#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    /// Id of the identity.
    id: String,
    /// The email address the person signs in with.
    email: String,
    /// The person's name.
    name: Option<String>,
    /// Language of emails and pages (`en`, `de`).
    #[schema(value_type = Locale)]
    locale: String,
}

impl From<Identity> for Me {
    fn from(identity: Identity) -> Self {
        Self {
            id: identity.id.to_string(),
            email: identity.email.to_string(),
            name: identity.name.map(String::from),
            locale: identity.locale,
        }
    }
}

/// Changes to the caller's own profile. Absent fields stay unchanged.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MeChange {
    /// The new name.
    name: Option<PersonName>,
    /// The new language: `en` or `de`.
    locale: Option<Locale>,
}

/// One of the person's accounts.
#[derive(Debug, Serialize, ToSchema)]
pub struct MyAccount {
    /// Id of the account.
    id: String,
    /// The URL name of the account.
    slug: String,
    /// The account's name.
    name: String,
    /// The accent color of the account, as `#rrggbb`. `null` is the default.
    accent_color: Option<AccentColor>,
    /// The `tag` of the account's logo, which `GET …/logo` returns. `null` if there is none.
    logo: Option<String>,
    /// The person's user there.
    user_id: String,
    /// The person's role there.
    role_id: String,
    /// The name of the role.
    role_name: String,
    /// The level of every permission in the role: `none`, `view`, `limited`, `edit` or `allowed`, followed by ` (own)` if
    /// it applies to own systems only.
    levels: BTreeMap<String, Grant>,
    /// Whether this session has expired in this account, so that opening it requires a new sign-in.
    needs_sign_in: bool,
}

/// Get the signed-in person.
///
/// The person this session belongs to.
#[utoipa::path(get, path = "/api/v1/me", operation_id = "get_me", tag = "me",
    extensions(("x-permission" = json!(me::NEED)), ("x-versioned" = json!(true))),
    responses((status = OK, body = Me)))]
pub async fn get(Caller(caller): Caller) -> Result<Tagged<Me>, Problem> {
    let identity = me::get(&caller)?;
    Ok(Tagged(tag(identity.id, identity.version), identity.clone().into()))
}

/// Update the signed-in person.
///
/// Absent fields stay unchanged.
#[utoipa::path(patch, path = "/api/v1/me", operation_id = "update_me", tag = "me", params(DryRun), request_body = MeChange,
    extensions(("x-permission" = json!(me::NEED)), ("x-versioned" = json!(true))),
    responses((status = OK, body = Me)))]
pub async fn change(
    State(site): State<Site>,
    Caller(caller): Caller,
    Json(body): Json<MeChange>,
) -> Result<Tagged<Me>, Problem> {
    let identity = me::change(&site.app, &caller, ProfileChange { name: body.name, locale: body.locale }).await?;
    Ok(Tagged(tag(identity.id, identity.version), identity.into()))
}

/// List your accounts.
///
/// The accounts in which the person is an active user, by name, with their permissions there.
#[utoipa::path(get, path = "/api/v1/me/accounts", operation_id = "list_my_accounts", tag = "me",
    extensions(("x-permission" = json!(me::NEED))),
    responses((status = OK, body = Listed<MyAccount>)))]
pub async fn accounts(State(site): State<Site>, Caller(caller): Caller) -> Result<Json<Listed<MyAccount>>, Problem> {
    let found = me::accounts(&site.app, &caller).await?;
    let items = found
        .into_iter()
        .map(|found| MyAccount {
            id: found.account.id.to_string(),
            slug: found.account.slug.to_string(),
            name: found.account.name,
            accent_color: found.account.settings.branding.accent_color,
            logo: found.logo,
            user_id: found.user.id.to_string(),
            role_id: found.role.id.to_string(),
            levels: levels_of(&site.app, &found.role),
            role_name: found.role.name,
            needs_sign_in: found.needs_sign_in,
        })
        .collect();
    Ok(Json(Listed { items }))
}

/// List your sessions.
///
/// All sessions, latest first.
#[utoipa::path(get, path = "/api/v1/me/sessions", operation_id = "list_my_sessions", tag = "me",
    extensions(("x-permission" = json!(me::sessions::OWN_SESSIONS))),
    responses((status = OK, body = Listed<SessionView>)))]
pub async fn sessions(State(site): State<Site>, Caller(caller): Caller) -> Result<Json<Listed<SessionView>>, Problem> {
    let this = caller.person().map_err(Problem::from)?.session.id;
    let sessions = me::sessions::list(&site.app, &caller).await?;
    Ok(Json(Listed { items: sessions.iter().map(|session| SessionView::of(session, session.id == this)).collect() }))
}

/// Revoke one of your sessions.
///
/// Ends one of the person's own sessions.
#[utoipa::path(delete, path = "/api/v1/me/sessions/{session}", operation_id = "revoke_my_session", tag = "me",
    params(("session" = inline(SessionId), Path, description = "Id of the session (`ses_…`)."), DryRun),
    extensions(("x-permission" = json!(me::sessions::OWN_SESSIONS))),
    responses((status = NO_CONTENT)))]
pub async fn end_session(
    State(site): State<Site>,
    Caller(caller): Caller,
    Path(id): Path<SessionId>,
) -> Result<StatusCode, Problem> {
    me::sessions::end_one(&site.app, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How many sessions ended.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionsEnded {
    /// How many.
    ended: u64,
}

/// Sign out everywhere.
///
/// Ends all sessions of the person, including this one.
#[utoipa::path(delete, path = "/api/v1/me/sessions", operation_id = "revoke_my_sessions", tag = "me", params(DryRun),
    extensions(("x-permission" = json!(me::sessions::OWN_SESSIONS))),
    responses((status = OK, body = SessionsEnded)))]
pub async fn end_all_sessions(
    State(site): State<Site>,
    Caller(caller): Caller,
) -> Result<Json<SessionsEnded>, Problem> {
    let ended = me::sessions::sign_out_everywhere(&site.app, &caller).await?;
    Ok(Json(SessionsEnded { ended }))
}
