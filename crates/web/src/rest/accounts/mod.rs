//! The account and its settings.

pub(crate) mod logo;

use axum::extract::State;
use domain::accounts::seats::Seats;
use domain::accounts::settings::{AccountSettings, AccountSettingsPatch};
use domain::accounts::{Account, AccountKind};
use domain::core::label::Label;
use domain::core::refusal::Params;
use domain::core::slug::Slug;
use domain::core::tag::tag;
use domain::core::timestamp::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};
use service::accounts;
use service::accounts::effects::{Effect, EffectCode};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::answers::Tagged;
use crate::http::extract::{Caller, JsonPatch};
use crate::http::parameters::{DryRun, InAccount};
use crate::http::problem::Problem;
use crate::http::site::Site;

/// The routes.
pub fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new().routes(routes!(get, change)).merge(logo::routes())
}

/// An account.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountView {
    /// The account's id.
    id: String,
    /// The URL name of the account.
    slug: String,
    /// The account's name.
    name: String,
    /// A customer, or a partner of customers.
    kind: AccountKind,
    /// When it was created, RFC 3339.
    created_at: Timestamp,
    /// The settings of the account.
    settings: AccountSettings,
    /// The seats in use now.
    seats: SeatsView,
}

/// The seats of an account.
#[derive(Debug, Serialize, ToSchema)]
pub struct SeatsView {
    /// Number of active users.
    active: u64,
    /// Number of invited users who haven't activated yet.
    pending: u64,
    /// Seats taken, as counted by the account.
    taken: u64,
    /// Seats left. `null` if there is no limit.
    left: Option<u64>,
}

impl AccountView {
    fn of(account: &Account, seats: Seats) -> Self {
        Self {
            id: account.id.to_string(),
            slug: account.slug.to_string(),
            name: account.name.clone(),
            kind: account.kind,
            created_at: account.created_at,
            settings: account.settings.clone(),
            seats: SeatsView {
                active: seats.active,
                pending: seats.pending,
                taken: account.settings.seats.taken(seats),
                left: account.settings.seats.left(seats),
            },
        }
    }
}

/// Changes to an account (RFC 7396). Absent fields stay unchanged. `null` clears a setting that can be absent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountPatch {
    /// The new name, at most 100 characters.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Label, required = false)]
    name: Option<Label>,
    /// The new URL name: 2 to 40 lowercase letters, digits and single hyphens. Existing links stop working.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Slug, required = false)]
    slug: Option<Slug>,
    /// The new settings.
    #[serde(default)]
    #[schema(value_type = AccountSettingsPatch, required = false)]
    settings: AccountSettingsPatch,
}

/// What stands there changes something: `null` is no value.
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

impl From<AccountPatch> for accounts::AccountPatch {
    fn from(patch: AccountPatch) -> Self {
        Self { name: patch.name, slug: patch.slug, settings: patch.settings }
    }
}

/// An account after a change, or as it would be after it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChangedAccountView {
    /// The account.
    account: AccountView,
    /// The impact of the change on users.
    effects: Vec<EffectView>,
}

/// One consequence of a change.
#[derive(Debug, Serialize, ToSchema)]
pub struct EffectView {
    /// Stable code.
    code: EffectCode,
    /// Number of users affected immediately.
    users: u64,
    /// What happens, as a sentence.
    detail: String,
    /// The values in `detail`, by name; `reason` chooses between sentences of one code. Absent where there are none.
    #[serde(skip_serializing_if = "Params::is_empty")]
    #[schema(value_type = Object, required = false)]
    params: Params,
}

impl From<Effect> for EffectView {
    fn from(effect: Effect) -> Self {
        Self { code: effect.code, users: effect.users, detail: effect.detail, params: effect.params }
    }
}

/// Get an account.
///
/// Includes its seats in use. `GET /api/v1/me/accounts` has only the name and URL name.
#[utoipa::path(get, path = "/api/v1/accounts/{account}", operation_id = "get_account", tag = "accounts", params(InAccount),
    extensions(("x-permission" = json!(accounts::GET)), ("x-versioned" = json!(true))),
    responses((status = OK, body = AccountView)))]
pub async fn get(State(site): State<Site>, Caller(caller): Caller) -> Result<Tagged<AccountView>, Problem> {
    let (account, seats) = accounts::get(&site.app, &caller).await?;
    Ok(Tagged(tag(account.id, account.settings_version), AccountView::of(&account, seats)))
}

/// Update an account.
///
/// The body is a merge patch (RFC 7396). Absent fields stay unchanged. The response says who is affected. With `dry_run`, nothing is
/// changed.
#[utoipa::path(patch, path = "/api/v1/accounts/{account}", operation_id = "update_account", tag = "accounts",
    params(InAccount, DryRun), request_body(content((AccountPatch = "application/json"), (AccountPatch = "application/merge-patch+json"))),
    extensions(("x-permission" = json!(accounts::CHANGE)), ("x-versioned" = json!(true))),
    responses((status = OK, body = ChangedAccountView)))]
pub async fn change(
    State(site): State<Site>,
    Caller(caller): Caller,
    JsonPatch(body): JsonPatch<AccountPatch>,
) -> Result<Tagged<ChangedAccountView>, Problem> {
    let changed = accounts::change(&site.app, &caller, body.into()).await?;
    let account = AccountView::of(&changed.account, changed.seats);
    let effects = changed.effects.into_iter().map(EffectView::from).collect();
    Ok(Tagged(tag(changed.account.id, changed.account.settings_version), ChangedAccountView { account, effects }))
}
