//! The account and its settings.

pub(crate) mod logo;
pub(crate) mod settings;

use axum::extract::State;
use domain::accounts::{Account, AccountKind, Seats, SettingsChange};
use domain::core::label::Label;
use domain::core::refusal::Params;
use domain::core::slug::Slug;
use domain::core::tag::tag;
use domain::core::timestamp::Timestamp;
use serde::{Deserialize, Serialize};
use service::accounts::effects::{Effect, EffectCode};
use service::accounts::{self, AccountChange};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::answers::Tagged;
use crate::http::extract::{Caller, Json};
use crate::http::parameters::{DryRun, InAccount};
use crate::http::problem::Problem;
use crate::http::site::Site;
use crate::rest::accounts::settings::{Settings, SettingsWish};

/// Its routes.
pub fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new().routes(routes!(get, change)).merge(logo::routes())
}

/// An account.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountView {
    /// Its id.
    id: String,
    /// Its name in addresses.
    slug: String,
    /// Its name.
    name: String,
    /// A customer, or a partner of customers.
    kind: AccountKind,
    /// When it was made, RFC 3339.
    created_at: Timestamp,
    /// Its own rules.
    settings: Settings,
    /// Its seats as they are taken now.
    seats: SeatsView,
}

/// The seats of an account.
#[derive(Debug, Serialize, ToSchema)]
pub struct SeatsView {
    /// Users who are active.
    active: u64,
    /// Users who are invited and have not activated.
    pending: u64,
    /// Seats that are taken, as the account counts them.
    taken: u64,
    /// Seats that are left; `null` where nothing limits them.
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
            settings: Settings::of(&account.settings),
            seats: SeatsView {
                active: seats.active,
                pending: seats.pending,
                taken: seats.taken(account.settings.seat_taken),
                left: account.settings.seats_left(seats),
            },
        }
    }
}

/// What to change about an account; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountWish {
    /// The new name, at most 100 characters.
    name: Option<Label>,
    /// The new name in addresses: 2 to 40 small letters, digits and single hyphens. The old addresses stop working.
    slug: Option<Slug>,
    /// The new settings.
    settings: Option<SettingsWish>,
}

impl From<AccountWish> for AccountChange {
    fn from(wish: AccountWish) -> Self {
        let settings = wish.settings.map_or_else(SettingsChange::default, SettingsChange::from);
        Self { name: wish.name, slug: wish.slug, settings }
    }
}

/// An account after a change, or as it would be after it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChangedAccountView {
    /// The account.
    account: AccountView,
    /// What the change does to people.
    effects: Vec<EffectView>,
}

/// One thing that a change does to people.
#[derive(Debug, Serialize, ToSchema)]
pub struct EffectView {
    /// Stable code.
    code: EffectCode,
    /// How many users it touches at once.
    users: u64,
    /// What happens to them.
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

/// The account with its settings.
///
/// And with its seats as they are taken now. Name and address alone are in `GET /api/v1/me/accounts`.
#[utoipa::path(get, path = "/api/v1/accounts/{account}", operation_id = "get_account", tag = "accounts", params(InAccount),
    extensions(("x-permission" = json!(accounts::GET)), ("x-versioned" = json!(true))),
    responses((status = OK, body = AccountView)))]
pub async fn get(State(site): State<Site>, Caller(caller): Caller) -> Result<Tagged<AccountView>, Problem> {
    let (account, seats) = accounts::get(&site.app, &caller).await?;
    Ok(Tagged(tag(account.id, account.settings_version), AccountView::of(&account, seats)))
}

/// Change name, address or settings of the account.
///
/// What is absent stays. The answer says whom the change touches; with `dry_run` nothing is changed.
#[utoipa::path(patch, path = "/api/v1/accounts/{account}", operation_id = "change_account", tag = "accounts",
    params(InAccount, DryRun), request_body = AccountWish, extensions(("x-permission" = json!(accounts::CHANGE)), ("x-versioned" = json!(true))),
    responses((status = OK, body = ChangedAccountView)))]
pub async fn change(
    State(site): State<Site>,
    Caller(caller): Caller,
    Json(body): Json<AccountWish>,
) -> Result<Tagged<ChangedAccountView>, Problem> {
    let changed = accounts::change(&site.app, &caller, body.into()).await?;
    let account = AccountView::of(&changed.account, changed.seats);
    let effects = changed.effects.into_iter().map(EffectView::from).collect();
    Ok(Tagged(tag(changed.account.id, changed.account.settings_version), ChangedAccountView { account, effects }))
}
