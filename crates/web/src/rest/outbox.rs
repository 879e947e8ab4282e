//! What became of the mails of an account.

use axum::extract::State;
use domain::core::email_address::EmailAddress;
use domain::core::timestamp::Timestamp;
use domain::outbox::delivery_trouble::DeliveryTrouble;
use serde::{Deserialize, Serialize};
use service::outbox;
use service::outbox::history::{DeliveryState, MailQuery, MailState};
use utoipa::openapi::Schema;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::extract::{Caller, Json, Query};
use crate::http::parameters::InAccount;
use crate::http::problem::Problem;
use crate::http::schemas::one_of;
use crate::http::site::Site;

/// The routes.
pub fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new().routes(routes!(list))
}

/// Which mails, and how many.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct MailsQuery {
    /// Only emails in this state: `pending`, `sent`, `abandoned` or `canceled`.
    #[param(inline)]
    state: Option<DeliveryState>,
    /// Only emails to this address.
    #[param(inline)]
    recipient: Option<EmailAddress>,
    /// Page size, 1 to 200. Default: 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The `next_cursor` of the previous page.
    cursor: Option<String>,
}

/// An email, without its content.
#[derive(Debug, Serialize, ToSchema)]
pub struct MailView {
    /// The email's id, also used in its Message-ID.
    id: String,
    /// The recipient.
    recipient: String,
    /// Which kind of mail.
    #[schema(schema_with = kinds)]
    kind: String,
    /// Whether it is waiting, was sent, was abandoned, or was canceled because its link ended before it could be sent.
    #[schema(value_type = DeliveryState)]
    state: String,
    /// Number of attempts.
    attempts: i64,
    /// When it was created, RFC 3339.
    created_at: Timestamp,
    /// When it was sent or abandoned, RFC 3339.
    ended_at: Option<Timestamp>,
    /// Stable code of why it wasn't sent: `server_unreachable` (all emails wait until the operator has fixed it),
    /// `sender_refused` (the mail server accepts no email from this installation, or not this one), `deferred` (the mail
    /// server will accept it later), `recipient_refused`, `link_ended`, `cannot_be_composed`.
    #[schema(value_type = Option<DeliveryTrouble>)]
    error_code: Option<String>,
    /// The answer of the mail server, if it didn't accept the email.
    error: Option<String>,
}

fn kinds() -> Schema {
    one_of(outbox::history::kinds(), "Which kind of email.")
}

/// Emails, latest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct MailPage {
    items: Vec<MailView>,
    /// Cursor of the next page. `null` at the end.
    next_cursor: Option<String>,
}

impl MailView {
    fn of(mail: MailState) -> Self {
        Self {
            id: mail.id.to_string(),
            recipient: mail.recipient.to_string(),
            kind: mail.kind,
            state: mail.state,
            attempts: mail.attempts,
            created_at: mail.created_at,
            ended_at: mail.ended_at,
            error_code: mail.error_code,
            error: mail.error,
        }
    }
}

/// List emails.
///
/// Emails of the account, latest first: sent, waiting or abandoned. Kept for 30 days.
#[utoipa::path(get, path = "/api/v1/accounts/{account}/emails", operation_id = "list_emails", tag = "emails",
    params(InAccount, MailsQuery), extensions(("x-permission" = json!(outbox::history::LIST))),
    responses((status = OK, body = MailPage)))]
pub async fn list(
    State(site): State<Site>,
    Caller(caller): Caller,
    Query(query): Query<MailsQuery>,
) -> Result<Json<MailPage>, Problem> {
    let MailsQuery { state, recipient, limit, cursor } = query;
    let page = outbox::history::list(&site.app, &caller, &MailQuery { state, recipient, limit, cursor }).await?;
    let items = page.items.into_iter().map(MailView::of).collect();
    Ok(Json(MailPage { items, next_cursor: page.next }))
}
