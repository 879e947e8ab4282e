//! The first account of a fresh installation.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{AppendHeaders, IntoResponse};
use domain::core::email_address::EmailAddress;
use domain::core::label::Label;
use domain::core::locale::Locale;
use domain::core::person_name::PersonName;
use domain::core::slug::Slug;
use domain::core::timestamp::Timestamp;
use domain::credentials::password::PasswordPolicy;
use serde::{Deserialize, Serialize};
use service::installation::setup::{self, FirstAdmin};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::cookies;
use crate::http::extract::{Json, Origin, Query};
use crate::http::problem::Problem;
use crate::http::site::Site;
use crate::rest::invitations::activation::PasswordRules;
use crate::rest::sign_in::{SessionView, browser, link_token};

/// The routes.
pub fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new().routes(routes!(look, set_up))
}

/// The first user of an installation and their company.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetUp {
    /// The token of the one-time setup link that the server printed.
    token: String,
    /// Name of the first account, 1 to 100 characters.
    #[schema(example = "Example Inc.")]
    account_name: Label,
    /// The URL name. Derived from the name if absent.
    #[schema(example = "example")]
    slug: Option<Slug>,
    /// Email address of the first admin.
    email: EmailAddress,
    /// The user's name.
    name: PersonName,
    /// Their password: at least 10 characters, at least 1 special character, and not a commonly breached one.
    #[schema(format = Password)]
    password: String,
    /// The language of their pages and emails: `en` or `de`. `en` if absent.
    locale: Option<Locale>,
}

/// Whether a setup link works.
#[derive(Debug, Serialize, ToSchema)]
pub struct SetUpPage {
    /// When it expires, RFC 3339.
    expires_at: Timestamp,
    /// The password policy.
    password_rules: PasswordRules,
}

/// Token of a link.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LinkQuery {
    /// The token at the end of the link.
    token: String,
}

/// Get a setup link.
///
/// Whether the link works. This doesn't use it up.
#[utoipa::path(get, path = "/api/v1/setup", operation_id = "get_setup", tag = "setup", params(LinkQuery),
    extensions(("x-permission" = json!(setup::SET_UP))),
    responses((status = OK, body = SetUpPage), (status = NOT_FOUND)))]
pub async fn look(State(site): State<Site>, Query(query): Query<LinkQuery>) -> Result<Json<SetUpPage>, Problem> {
    let link = setup::find_link(&site.app, &link_token(&query.token)?).await?;
    Ok(Json(SetUpPage { expires_at: link.expires_at, password_rules: PasswordPolicy::default().into() }))
}

/// Set up the installation.
///
/// Creates the first account and its first admin, and signs the admin in. Uses up the link.
#[utoipa::path(post, path = "/api/v1/setup", operation_id = "complete_setup", tag = "setup", request_body = SetUp,
    extensions(("x-permission" = json!(setup::SET_UP)), ("x-shows-secret" = json!(true))),
    responses((status = CREATED, body = SessionView), (status = NOT_FOUND), (status = CONFLICT)))]
pub async fn set_up(
    State(site): State<Site>,
    headers: HeaderMap,
    origin: Origin,
    Json(body): Json<SetUp>,
) -> Result<impl IntoResponse, Problem> {
    let token = link_token(&body.token)?;
    let first = FirstAdmin {
        account_name: body.account_name,
        slug: body.slug,
        email: body.email,
        name: body.name,
        password: body.password,
        locale: body.locale,
    };
    let signed_in = setup::set_up(&site.app, &token, first, origin.0, &browser(&headers)).await?;
    Ok((StatusCode::CREATED, AppendHeaders(cookies::set(&signed_in)), Json(SessionView::of(&signed_in.session, true))))
}
