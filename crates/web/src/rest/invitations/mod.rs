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
use domain::invitations::plan::Verdict;
use domain::words;
use serde::{Deserialize, Serialize};
use service::invitations::pasting::{self, Given};
use service::invitations::{self, GivenSystems, Outcome, Row, SeatMeter, Wish};
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

/// Its routes.
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
    /// A list or a table as it is pasted: addresses separated by semicolons, commas, spaces, tabs or line breaks, with or
    /// without names. A line with one address is one person; a header says in which columns the address and the name are. Behind a
    /// label that is no word for a recipient (`Manager: …`, `Subject: …`) and in a sentence nobody is invited.
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

/// Which systems the people get.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum SystemsToGive {
    /// Every system of the account, future ones too.
    All(AllSystems),
    /// These systems, by id.
    These(Vec<SystemId>),
}

/// The word for every system.
#[derive(Debug, Clone, Copy)]
pub enum AllSystems {
    /// Every system of the account, future ones too.
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

/// Whom to invite, and to what.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Invitations {
    /// 1 to 10,000 addresses.
    emails: Addresses,
    /// The column with each person's own address, counted from 0, where the table in `emails` does not say which it is:
    /// one of the `address_columns` of a preview. Elsewhere it changes nothing.
    address_column: Option<u32>,
    /// Key or id of the role that all of them get.
    #[schema(example = "builder")]
    role_id: RoleId,
    /// Systems that all of them get; none when absent.
    systems: Option<SystemsToGive>,
    /// How they will sign in.
    #[serde(default)]
    #[schema(required = false)]
    login_method: InvitedLogin,
    /// The person's name, where there is one address only.
    name: Option<PersonName>,
    /// A personal note for the mail, at most 1000 characters and 40 lines; it arrives as it is written.
    #[schema(max_length = 1000, pattern = "^[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f]*$")]
    message: Option<String>,
    /// Invite those who can be invited and leave the others, instead of all or nothing.
    #[serde(default)]
    #[schema(required = false)]
    skip_invalid: bool,
}

/// A column of a pasted table that may be the one with each person's own address.
#[derive(Debug, Serialize, ToSchema)]
pub struct AddressColumn {
    /// Its place, counted from 0: what `address_column` takes.
    column: u64,
    /// What it is called; absent where the table has no header.
    name: Option<String>,
    /// The first addresses in it, at most three.
    examples: Vec<String>,
}

/// What became of one address.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvitationRow {
    /// The text as it was given.
    text: String,
    /// The address in it, normalized.
    email: Option<String>,
    /// The name beside it, by which the account will call the person.
    name: Option<String>,
    /// `invited`, `duplicate`, `already_user`, `already_invited`, `deleted_user`, `invalid_email`, `ambiguous_column` (choose one of
    /// `address_columns`), `no_seat_available` or `too_many_emails`.
    #[schema(schema_with = verdicts)]
    verdict: &'static str,
    /// Why the person is not invited, and what to do about it.
    detail: Option<String>,
    /// The values in `detail`, by name: `reason` of `invalid_email`. Absent where there are none.
    #[serde(skip_serializing_if = "Params::is_empty")]
    #[schema(value_type = Object, required = false)]
    params: Params,
    /// Id of the new user; absent in a preview.
    user_id: Option<String>,
}

fn verdicts() -> Schema {
    one_of(Verdict::CODES.into_iter(), "Whether the person is invited and, if not, why.")
}

/// The seats of the account.
#[derive(Debug, Serialize, ToSchema)]
pub struct SeatMeterView {
    /// The limit, if there is one.
    limit: Option<u32>,
    /// Active users.
    members: u64,
    /// Invited people before this call.
    pending: u64,
    /// People invited by this call.
    these: u64,
    /// Seats left after this call; absent where nothing limits them.
    left: Option<u64>,
}

/// What became of all addresses.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvitationOutcome {
    /// How many are invited.
    invited: u64,
    /// How many are not.
    refused: u64,
    /// The seats of the account.
    seats: SeatMeterView,
    /// Every address, in the order of the list.
    items: Vec<InvitationRow>,
    /// The columns of the pasted table among which somebody has to choose, because they have addresses and nothing tells which are
    /// the people's own; there may be one. Empty where there is nothing to choose.
    address_columns: Vec<AddressColumn>,
}

impl InvitationOutcome {
    fn of(outcome: Outcome, columns: Vec<address_list::AddressColumn>, is_preview: bool) -> Self {
        let SeatMeter { limit, members, pending, these, left } = outcome.seats;
        let total = u64::try_from(outcome.rows.len()).unwrap_or(u64::MAX);
        Self {
            invited: these,
            refused: total - these,
            seats: SeatMeterView { limit, members, pending, these, left },
            items: outcome.rows.into_iter().map(|row| InvitationRow::of(row, is_preview)).collect(),
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
            verdict: row.verdict.code(),
            detail: row.verdict.why_not(),
            params: row.verdict.params(),
            user_id: row.user.filter(|_| !is_preview).map(|id| id.to_string()),
        }
    }
}

/// Invite people.
///
/// Makes a provisioned user for each address and sends each a link to activate. All or nothing: when an address cannot be
/// invited, `errors` has an entry for it (`/emails/3`, counted from 0, also in a pasted text) and nobody is invited; with
/// `skip_invalid` the others are. A preview answers with the verdict on every address and the seats. Of a pasted table one column
/// is read, the one that its header calls the address; where none certainly is, `address_columns` are to choose from.
#[utoipa::path(post, path = "/api/v1/accounts/{account}/users", operation_id = "invite_users", tag = "users",
    params(InAccount, DryRun), request_body = Invitations,
    extensions(("x-permission" = json!(invitations::terms::INVITE))),
    responses((status = CREATED, body = InvitationOutcome), (status = OK, description = "A preview.", body = InvitationOutcome)))]
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
    let wish = Wish {
        people,
        name: body.name,
        role_id: body.role_id,
        systems,
        note: body.message,
        skip_invalid: body.skip_invalid,
    };
    let outcome = invitations::invite(&site.app, &caller, wish).await?;
    let status = if caller.dry_run { StatusCode::OK } else { StatusCode::CREATED };
    Ok((status, Json(InvitationOutcome::of(outcome, columns, caller.dry_run))).into_response())
}

/// What a mail should say.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MailWish {
    /// A personal note, at most 1000 characters and 40 lines.
    #[schema(max_length = 1000, pattern = "^[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f]*$")]
    message: Option<String>,
    /// The name of the person to greet; nobody is greeted by name when absent.
    name: Option<PersonName>,
}

/// A mail as it would be sent now.
#[derive(Debug, Serialize, ToSchema)]
pub struct MailPreview {
    /// Its subject.
    subject: String,
    /// Its text.
    text: String,
    /// The same as HTML.
    html: String,
    /// Where answers to it go; nowhere when null.
    reply_to: Option<String>,
}

/// Preview the mail of an invitation.
///
/// As everybody who is invited would get it now, with an address that opens nothing in the place of the link. Nothing is sent.
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

/// Send an invitation again.
///
/// Makes a new link and mails it; the old one ends. Only for a provisioned user. Whoever sends it answers for it from now on:
/// an invitation ends with the right of its sender.
#[utoipa::path(post, path = "/api/v1/accounts/{account}/users/{user}/resend", operation_id = "resend_invitation", tag = "users",
    params(InAccount, ("user" = inline(UserId), Path, description = "Id of the user (`usr_…`)."), DryRun),
    extensions(("x-permission" = json!(users::pending::TREAT)), ("x-versioned" = json!(true))),
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
/// The link ends and the user is gone, as if they had not been invited. Only for a provisioned user.
#[utoipa::path(post, path = "/api/v1/accounts/{account}/users/{user}/revoke", operation_id = "revoke_invitation", tag = "users",
    params(InAccount, ("user" = inline(UserId), Path, description = "Id of the user (`usr_…`)."), DryRun),
    extensions(("x-permission" = json!(users::pending::TREAT))),
    responses((status = NO_CONTENT)))]
pub async fn revoke(
    State(site): State<Site>,
    Caller(caller): Caller,
    Path(item): Path<UserItem>,
) -> Result<StatusCode, Problem> {
    users::pending::revoke(&site.app, &caller, item.user).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Let a person choose a new password.
///
/// Mails a link to an active user who signs in with a password. The password they have works until they choose another one.
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
