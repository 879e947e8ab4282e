//! Inviting people, resending, revoking.

pub(crate) mod activation;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::access::role::RoleId;
use domain::core::ids::{SystemId, UserId};
use domain::core::person_name::PersonName;
use domain::core::refusal::Params;
use domain::invitations::address_list::{self, Pasted};
use domain::invitations::plan::InviteDecision;
use domain::words;
use serde::{Deserialize, Serialize};
use service::invitations::pasting::{self, Given};
use service::invitations::{self, GivenSystems, InviteInput, Row, SeatMeter};
use service::users;
use utoipa::ToSchema;
use utoipa::openapi::schema::Schema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::answers::Tagged;
use crate::http::extract::{Caller, Json, Path};
use crate::http::parameters::{DryRun, InAccount};
use crate::http::problem::Problem;
use crate::http::schemas::one_of;
use crate::http::site::Site;
use crate::rest::users::view::{UserItem, UserView};

/// The routes.
pub fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new()
        .routes(routes!(invite))
        .routes(routes!(preview_mail))
        .routes(routes!(resend))
        .routes(routes!(revoke))
        .routes(routes!(reset_password))
        .merge(activation::routes())
}

/// Addresses, as a list or as one pasted text.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum Addresses {
    /// One address per element, alone or as `Name <ana@example.com>`.
    List(Vec<String>),
    /// A pasted list or table: addresses separated by semicolons, commas, spaces, tabs or line breaks, with or without
    /// names. A line with one address is one person. A header says which columns have the address and the name. Addresses
    /// after a label that doesn't name a recipient (`Manager: …`, `Subject: …`) and addresses in sentences aren't invited.
    Text(String),
}

impl Addresses {
    fn given(self, column: Option<u32>) -> Given {
        match self {
            Self::List(elements) => Given::Each(elements),
            Self::Text(text) => Given::Text(text, column.and_then(|column| usize::try_from(column).ok())),
        }
    }
}

/// The systems to assign.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum SystemsToGive {
    /// All systems of the account, including future ones.
    All(AllSystems),
    /// These systems, by id.
    These(Vec<SystemId>),
}

/// The word for every system.
#[derive(Debug, Clone, Copy)]
pub enum AllSystems {
    /// All systems of the account, including future ones.
    All,
}

words!(AllSystems { All = "all" });

/// How the people will sign in.
#[derive(Debug, Clone, Copy, Default)]
pub enum InvitedLogin {
    /// With a password that each of them chooses.
    #[default]
    Password,
}

words!(InvitedLogin { Password = "password" });

/// Whom to invite, and with which role and systems.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Invitations {
    /// 1 to 10,000 addresses.
    emails: Addresses,
    /// The column with each person's own address, counted from 0, if the table in `emails` doesn't say which one it is. One
    /// of the `address_columns` of a preview. Otherwise ignored.
    address_column: Option<u32>,
    /// Key or id of the role for all of them.
    #[schema(example = "builder")]
    role_id: RoleId,
    /// Systems for all of them. None if absent.
    systems: Option<SystemsToGive>,
    /// The login method.
    #[serde(default)]
    #[schema(required = false)]
    login_method: InvitedLogin,
    /// The person's name. Allowed only with a single address.
    name: Option<PersonName>,
    /// A personal note for the email, at most 1000 characters and 40 lines. It is sent as written.
    #[schema(max_length = 1000, pattern = "^[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f]*$")]
    message: Option<String>,
    /// Invite those who can be invited and skip the others, instead of all or nothing.
    #[serde(default)]
    #[schema(required = false)]
    skip_invalid: bool,
}

/// A column of a pasted table that may contain each person's own address.
#[derive(Debug, Serialize, ToSchema)]
pub struct AddressColumn {
    /// The position, counted from 0, as used by `address_column`.
    column: u64,
    /// The header of the column. Absent if the table has no header.
    name: Option<String>,
    /// The first addresses in the column, at most three.
    examples: Vec<String>,
}

/// The result for one address.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvitationRow {
    /// The original text.
    text: String,
    /// The normalized email address.
    email: Option<String>,
    /// The name next to the address, used for the new user.
    name: Option<String>,
    /// `invited`, `duplicate`, `already_user`, `already_invited`, `deleted_user`, `invalid_email`, `ambiguous_column` (choose one of
    /// `address_columns`), `no_seat_available` or `too_many_emails`.
    #[schema(schema_with = decisions)]
    verdict: &'static str,
    /// Why the person isn't invited and what to do about it.
    detail: Option<String>,
    /// The values in `detail` by name, such as the `reason` of `invalid_email`. Absent if there are none.
    #[serde(skip_serializing_if = "Params::is_empty")]
    #[schema(value_type = Object, required = false)]
    params: Params,
    /// Id of the new user. Absent in a preview.
    user_id: Option<String>,
}

fn decisions() -> Schema {
    one_of(InviteDecision::CODES.into_iter(), "Whether the person is invited and, if not, why.")
}

/// The seats of the account.
#[derive(Debug, Serialize, ToSchema)]
pub struct SeatMeterView {
    /// The limit, if there is one.
    limit: Option<u32>,
    /// Active users.
    members: u64,
    /// Users invited before this request.
    pending: u64,
    /// Users invited by this request.
    these: u64,
    /// Seats left after this request. Absent if there is no limit.
    left: Option<u64>,
}

/// The result for all addresses.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvitationResult {
    /// Number of people invited.
    invited: u64,
    /// Number of people not invited.
    refused: u64,
    /// The seats of the account.
    seats: SeatMeterView,
    /// Every address, in the order of the list.
    items: Vec<InvitationRow>,
    /// Columns of the pasted table with addresses, if it isn't clear which one has each person's own address. Someone has
    /// to choose, even if there is only one. Empty if there is nothing to choose.
    address_columns: Vec<AddressColumn>,
}

impl InvitationResult {
    fn of(result: invitations::InvitationResult, columns: Vec<address_list::AddressColumn>, is_preview: bool) -> Self {
        let SeatMeter { limit, members, pending, these, left } = result.seats;
        let total = u64::try_from(result.rows.len()).unwrap_or(u64::MAX);
        Self {
            invited: these,
            refused: total - these,
            seats: SeatMeterView { limit, members, pending, these, left },
            items: result.rows.into_iter().map(|row| InvitationRow::of(row, is_preview)).collect(),
            address_columns: columns.into_iter().map(AddressColumn::from).collect(),
        }
    }
}

impl From<address_list::AddressColumn> for AddressColumn {
    fn from(column: address_list::AddressColumn) -> Self {
        let address_list::AddressColumn { column, name, examples } = column;
        Self { column: u64::try_from(column).unwrap_or(u64::MAX), name, examples }
    }
}

impl InvitationRow {
    fn of(row: Row, is_preview: bool) -> Self {
        Self {
            text: row.piece.text,
            email: row.piece.address.ok().map(String::from),
            name: row.name.map(String::from),
            verdict: row.decision.code(),
            detail: row.decision.why_not(),
            params: row.decision.params(),
            user_id: row.user.filter(|_| !is_preview).map(|id| id.to_string()),
        }
    }
}

/// Invite users.
///
/// Creates a provisioned user for each address and emails each an activation link. All or nothing: if an address can't be
/// invited, `errors` has an entry for it (`/emails/3`, counted from 0, also in pasted text) and no one is invited. With
/// `skip_invalid`, the others are. A preview returns the result for every address and the seats. In a pasted table, the
/// column whose header names the email address is used. If that isn't clear, choose one of `address_columns`.
#[utoipa::path(post, path = "/api/v1/accounts/{account}/users", operation_id = "invite_users", tag = "users",
    params(InAccount, DryRun), request_body = Invitations,
    extensions(("x-permission" = json!(invitations::terms::INVITE))),
    responses((status = CREATED, body = InvitationResult), (status = OK, description = "A preview.", body = InvitationResult)))]
pub async fn invite(
    State(site): State<Site>,
    Caller(caller): Caller,
    Json(body): Json<Invitations>,
) -> Result<Response, Problem> {
    let InvitedLogin::Password = body.login_method;
    let systems = match body.systems {
        Some(SystemsToGive::All(AllSystems::All)) => GivenSystems::All,
        Some(SystemsToGive::These(ids)) => GivenSystems::These(ids),
        None => GivenSystems::These(Vec::new()),
    };
    let Pasted { people, columns } = pasting::read(&site.app, &caller, body.emails.given(body.address_column)).await?;
    let wish = InviteInput {
        people,
        name: body.name,
        role_id: body.role_id,
        systems,
        note: body.message,
        skip_invalid: body.skip_invalid,
    };
    let result = invitations::invite(&site.app, &caller, wish).await?;
    let status = if caller.dry_run { StatusCode::OK } else { StatusCode::CREATED };
    Ok((status, Json(InvitationResult::of(result, columns, caller.dry_run))).into_response())
}

/// The content of an email.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MailWish {
    /// A personal note, at most 1000 characters and 40 lines.
    #[schema(max_length = 1000, pattern = "^[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f]*$")]
    message: Option<String>,
    /// The name of the person to greet. Absent for a greeting without a name.
    name: Option<PersonName>,
}

/// An email as it would be sent now.
#[derive(Debug, Serialize, ToSchema)]
pub struct MailPreview {
    /// The email's subject.
    subject: String,
    /// The email's text.
    text: String,
    /// The same as HTML.
    html: String,
    /// Where replies go. `null` if replies aren't monitored.
    reply_to: Option<String>,
}

/// Preview an invitation email.
///
/// The email as it would be sent now, with a link that doesn't work. Nothing is sent.
#[utoipa::path(post, path = "/api/v1/accounts/{account}/users/invitation-email", operation_id = "preview_invitation_email", tag = "users",
    params(InAccount), request_body = MailWish,
    extensions(("x-permission" = json!(invitations::mails::PREVIEW)), ("x-question" = json!(true))),
    responses((status = OK, body = MailPreview)))]
pub async fn preview_mail(
    State(site): State<Site>,
    Caller(caller): Caller,
    Json(body): Json<MailWish>,
) -> Result<Json<MailPreview>, Problem> {
    let mail = invitations::mails::preview(&site.app, &caller, body.name, body.message.as_deref()).await?;
    Ok(Json(MailPreview { subject: mail.subject, text: mail.text, html: mail.html, reply_to: mail.reply_to }))
}

/// Resend an invitation.
///
/// Emails a new link. The previous link stops working. Only for provisioned users. The caller becomes the sender: the
/// invitation stops working if its sender may no longer invite.
#[utoipa::path(post, path = "/api/v1/accounts/{account}/users/{user}/resend", operation_id = "resend_invitation", tag = "users",
    params(InAccount, ("user" = inline(UserId), Path, description = "Id of the user (`usr_…`)."), DryRun),
    extensions(("x-permission" = json!(users::pending::MANAGE_INVITATIONS)), ("x-versioned" = json!(true))),
    responses((status = OK, body = UserView)))]
pub async fn resend(
    State(site): State<Site>,
    Caller(caller): Caller,
    Path(item): Path<UserItem>,
) -> Result<Tagged<UserView>, Problem> {
    let detail = users::pending::resend(&site.app, &caller, item.user).await?;
    Ok(Tagged(detail.tag.clone(), detail.into()))
}

/// Revoke an invitation.
///
/// The link stops working and the user is removed, as if never invited. Only for provisioned users.
#[utoipa::path(post, path = "/api/v1/accounts/{account}/users/{user}/revoke", operation_id = "revoke_invitation", tag = "users",
    params(InAccount, ("user" = inline(UserId), Path, description = "Id of the user (`usr_…`)."), DryRun),
    extensions(("x-permission" = json!(users::pending::MANAGE_INVITATIONS))),
    responses((status = NO_CONTENT)))]
pub async fn revoke(
    State(site): State<Site>,
    Caller(caller): Caller,
    Path(item): Path<UserItem>,
) -> Result<StatusCode, Problem> {
    users::pending::revoke(&site.app, &caller, item.user).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Send a password reset email.
///
/// Emails a link to an active user who signs in with a password. The current password works until they choose a new one.
#[utoipa::path(post, path = "/api/v1/accounts/{account}/users/{user}/reset-password", operation_id = "reset_user_password", tag = "users",
    params(InAccount, ("user" = inline(UserId), Path, description = "Id of the user (`usr_…`)."), DryRun),
    extensions(("x-permission" = json!(users::pending::RESET_PASSWORD))),
    responses((status = ACCEPTED)))]
pub async fn reset_password(
    State(site): State<Site>,
    Caller(caller): Caller,
    Path(item): Path<UserItem>,
) -> Result<StatusCode, Problem> {
    users::pending::reset_password(&site.app, &caller, item.user).await?;
    Ok(StatusCode::ACCEPTED)
}
