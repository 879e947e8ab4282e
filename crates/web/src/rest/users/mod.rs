//! One user: look and change.

pub(crate) mod effective_access;
pub(crate) mod impact;
pub(crate) mod list;
pub(crate) mod saved_views;
pub(crate) mod sessions;
pub(crate) mod status;
pub(crate) mod view;

use axum::extract::State;
use domain::access::role::RoleId;
use domain::core::ids::{SystemId, UserId};
use domain::core::person_name::PersonName;
use serde::Deserialize;
use service::users::{self, SystemsWish, UserWish};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::answers::Tagged;
use crate::http::extract::{Caller, Json, Path};
use crate::http::parameters::{DryRun, InAccount};
use crate::http::problem::Problem;
use crate::http::site::Site;
use crate::rest::users::view::{UserItem, UserView, changed};

/// Its routes.
pub fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new()
        .routes(routes!(get, edit))
        .merge(effective_access::routes())
        .merge(list::routes())
        .merge(saved_views::routes())
        .merge(sessions::routes())
        .merge(status::routes())
}

/// What to change of a user; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserChange {
    /// Refused with `email_immutable`: nobody can change it. Invite the new address instead.
    email: Option<serde_json::Value>,
    /// How the account calls the person.
    name: Option<PersonName>,
    /// Key of a predefined role, id of a custom one; not above the caller's own.
    role_id: Option<RoleId>,
    /// Ids of exactly the systems to assign directly, at most 1,000; ends `all_systems`. For a caller who is limited to own
    /// systems: exactly which of the own ones.
    #[schema(max_items = 1000)]
    systems: Option<Vec<SystemId>>,
    /// Every system of the account, future ones too. Not together with `systems`.
    all_systems: Option<bool>,
}

impl UserChange {
    fn read(self) -> Result<UserWish, Problem> {
        let systems = match (self.systems, self.all_systems) {
            (Some(_), Some(_)) => {
                let detail = "Give either `systems` or `all_systems`, not both.";
                return Err(Problem::invalid("conflicting_fields", detail).at("/all_systems"));
            }
            (Some(systems), None) if systems.len() > MOST_SYSTEMS => {
                let detail =
                    format!("There are {} systems, but the limit is {MOST_SYSTEMS}. Use `all_systems`.", systems.len());
                return Err(Problem::invalid("too_many_systems", detail).at("/systems"));
            }
            (Some(systems), None) => Some(SystemsWish::These(systems)),
            (None, Some(true)) => Some(SystemsWish::All),
            (None, Some(false)) => Some(SystemsWish::NotAll),
            (None, None) => None,
        };
        Ok(UserWish { email: self.email.is_some(), name: self.name, role_id: self.role_id, systems })
    }
}

/// The most systems of one request.
pub const MOST_SYSTEMS: usize = 1_000;

/// A user.
///
/// With what the caller may do with them and, where they may not, why. A caller who is limited to own systems finds only the
/// users of those systems.
#[utoipa::path(get, path = "/api/v1/accounts/{account}/users/{user}", operation_id = "get_user", tag = "users",
    params(InAccount, ("user" = inline(UserId), Path, description = "Id of the user (`usr_…`).")),
    extensions(("x-permission" = json!(users::GET)), ("x-versioned" = json!(true))),
    responses((status = OK, body = UserView)))]
pub async fn get(
    State(site): State<Site>,
    Caller(caller): Caller,
    Path(item): Path<UserItem>,
) -> Result<Tagged<UserView>, Problem> {
    let found = users::get(&site.app, &caller, item.user).await?;
    Ok(Tagged(found.tag.clone(), found.into()))
}

/// Change a user.
///
/// Name, role, systems. The person is told of a new role, the admins of a new admin. A caller who may only assign people to own
/// systems changes `systems` alone. The last admin who can sign in keeps an admin role.
#[utoipa::path(patch, path = "/api/v1/accounts/{account}/users/{user}", operation_id = "update_user", tag = "users",
    params(InAccount, ("user" = inline(UserId), Path, description = "Id of the user (`usr_…`)."), DryRun), request_body = UserChange,
    extensions(("x-permission" = json!(users::EDIT)), ("x-versioned" = json!(true))),
    responses((status = OK, body = UserView)))]
pub async fn edit(
    State(site): State<Site>,
    Caller(caller): Caller,
    Path(item): Path<UserItem>,
    Json(body): Json<UserChange>,
) -> Result<Tagged<UserView>, Problem> {
    Ok(changed(users::edit(&site.app, &caller, item.user, body.read()?).await?))
}
