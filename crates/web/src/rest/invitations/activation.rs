//! Accepting an invitation.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{AppendHeaders, IntoResponse, Response};
use domain::core::email_address::EmailAddress;
use domain::core::locale::Locale;
use domain::core::person_name::PersonName;
use domain::core::timestamp::Timestamp;
use domain::credentials::password::PasswordPolicy;
use serde::{Deserialize, Serialize};
use service::invitations;
use service::invitations::activation::{Acceptance, Accepted, OpenInvitation};
use service::sign_in::authentication;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::cookies;
use crate::http::extract::{Anybody, Json, Path};
use crate::http::problem::Problem;
use crate::http::site::Site;
use crate::rest::sign_in::{SessionView, browser, link_token};

/// The routes.
pub fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new().routes(routes!(look, accept))
}

/// The requirements for a new password.
#[derive(Debug, Serialize, ToSchema)]
pub struct PasswordRules {
    /// Minimum number of characters.
    min_length: u16,
    /// Maximum number of characters.
    max_length: u16,
    /// Minimum number of special characters.
    min_special: u16,
}

impl From<PasswordPolicy> for PasswordRules {
    fn from(policy: PasswordPolicy) -> Self {
        Self {
            min_length: policy.min_length,
            max_length: domain::credentials::password::MAX_LENGTH,
            min_special: policy.min_special,
        }
    }
}

/// An invitation, as shown on the page that accepts it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActivationPage {
    /// Name of the account.
    account_name: String,
    /// The invited email address.
    email: String,
    /// The person's name, if known.
    name: Option<String>,
    /// Whether the person must choose a password. Otherwise they keep the one they have.
    password_needed: bool,
    /// The password policy.
    password_rules: PasswordRules,
    /// The verified email address of the inviter.
    inviter_email: Option<String>,
    /// When the link expires, RFC 3339.
    expires_at: Timestamp,
    /// The email address of the person signed in with this browser. `null` if no one is.
    signed_in_as: Option<String>,
}

impl ActivationPage {
    fn of(open: OpenInvitation, signed_in_as: Option<EmailAddress>) -> Self {
        Self {
            signed_in_as: signed_in_as.map(|email| email.to_string()),
            name: invitations::activation::known_name(&open).map(String::from),
            account_name: open.account.name,
            email: open.identity.email.to_string(),
            password_needed: !open.has_password,
            password_rules: open.account.settings.passwords.into(),
            inviter_email: open.inviter.map(|inviter| inviter.email.to_string()),
            expires_at: open.link.expires_at,
        }
    }
}

/// What the person enters to accept an invitation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Activation {
    /// The person's name. Required if none is known.
    name: Option<PersonName>,
    /// The person's password. Required if `password_needed` is true, otherwise not allowed.
    #[schema(format = Password)]
    password: Option<String>,
    /// The language of the person's pages and emails: `en` or `de`. Not allowed unless `password_needed` is true.
    locale: Option<Locale>,
}

/// An accepted invitation.
#[derive(Debug, Serialize, ToSchema)]
pub struct Activated {
    /// The session, if the person is signed in. Otherwise they sign in with their own password.
    session: Option<SessionView>,
}

/// Get an invitation.
///
/// Everything the page needs to accept it. This doesn't use up the link. If the link no longer works, the code says why:
/// `link_expired`, `link_used`, `link_replaced`, `link_revoked`, or `link_invalid` if it never existed.
#[utoipa::path(get, path = "/api/v1/activations/{token}", operation_id = "get_activation", tag = "activations",
    params(("token" = String, Path, description = "The token at the end of the link.")),
    extensions(("x-permission" = json!(invitations::activation::ACCEPT))),
    responses((status = OK, body = ActivationPage)))]
pub async fn look(
    State(site): State<Site>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Json<ActivationPage>, Problem> {
    let open = invitations::activation::look(&site.app, &link_token(&token)?).await?;
    let signed_in_as = match cookies::session(&headers) {
        Some(session) => authentication::address_of(&site.app, &session).await?,
        None => None,
    };
    Ok(Json(ActivationPage::of(open, signed_in_as)))
}

/// Accept an invitation.
///
/// Uses up the link. A new person sets name and password and is signed in. A person with a password signs in with it.
/// Anyone else signed in with this browser is signed out.
#[utoipa::path(post, path = "/api/v1/activations/{token}", operation_id = "activate", tag = "activations", request_body = Activation,
    params(("token" = String, Path, description = "The token at the end of the link.")),
    extensions(("x-permission" = json!(invitations::activation::ACCEPT)), ("x-shows-secret" = json!(true)), ("x-keyed" = json!(true))),
    responses((status = OK, body = Activated), (status = CONFLICT)))]
pub async fn accept(
    State(site): State<Site>,
    Path(token): Path<String>,
    headers: HeaderMap,
    Anybody(caller): Anybody,
    Json(body): Json<Activation>,
) -> Result<Response, Problem> {
    let said = Acceptance { name: body.name, password: body.password, locale: body.locale };
    match invitations::activation::accept(&site.app, &link_token(&token)?, said, caller, browser(&headers)).await? {
        Accepted::SignedIn(signed_in) => {
            let session = Some(SessionView::of(&signed_in.session, true));
            Ok((AppendHeaders(cookies::set(&signed_in)), Json(Activated { session })).into_response())
        }
        Accepted::SignInYourself => Ok(Json(Activated { session: None }).into_response()),
    }
}
