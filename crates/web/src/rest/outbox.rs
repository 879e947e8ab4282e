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

/// Its routes.
pub fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new().routes(routes!(list))
}

/// Which mails, and how many.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct MailsQuery {
    /// Only those of one state: `pending`, `sent`, `abandoned` or `canceled`.
    #[param(inline)]
    state: Option<DeliveryState>,
    /// Only those to one address.
    #[param(inline)]
    recipient: Option<EmailAddress>,
    /// How many, 1 to 200; 50 unless told.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// A mail, without what it says.
#[derive(Debug, Serialize, ToSchema)]
pub struct MailView {
    /// Its id, also in its Message-ID.
    id: String,
    /// To whom.
    recipient: String,
    /// Which kind of mail.
    #[schema(schema_with = kinds)]
    kind: String,
    /// Whether it waits, left, was given up, or was canceled because its link ended before it could leave.
    #[schema(value_type = DeliveryState)]
    state: String,
    /// How often it was tried.
    attempts: i64,
    /// When it was promised, RFC 3339.
    created_at: Timestamp,
    /// When it left or was given up, RFC 3339.
    ended_at: Option<Timestamp>,
    /// Stable code of why it did not leave: `server_unreachable` (it waits, as every mail does, until the operator has mended it),
    /// `sender_refused` (the mail server does not take mail from this installation, or not this one), `deferred` (this one is taken
    /// later), `recipient_refused`, `link_ended`, `cannot_be_composed`.
    #[schema(value_type = Option<DeliveryTrouble>)]
    error_code: Option<String>,
    /// What the mail server said, where it did not take it.
    error: Option<String>,
}

fn kinds() -> Schema {
    one_of(outbox::history::kinds(), "Which kind of email.")
}

/// Mails, latest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct MailPage {
    items: Vec<MailView>,
    /// Where the next page begins; absent on the last one.
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

/// List mails.
///
/// What became of the mails of the account, latest first: whether they left, wait, or were given up. Kept for 30 days.
#[utoipa::path(get, path = "/api/v1/accounts/{account}/emails", operation_id = "list_emails", tag = "mails",
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
