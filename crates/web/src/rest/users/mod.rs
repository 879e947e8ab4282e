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
use service::users;
use service::users::edit::{SystemsWish, UserWish};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::answers::Tagged;
use crate::http::extract::{Caller, Json, Path};
use crate::http::parameters::{DryRun, InAccount};
use crate::http::problem::Problem;
use crate::http::site::Site;
use crate::rest::users::view::{UserItem, UserView, changed};

/// The routes.
pub fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new()
        .routes(routes!(get, edit))
        .merge(effective_access::routes())
        .merge(list::routes())
        .merge(saved_views::routes())
        .merge(sessions::routes())
        .merge(status::routes())
}

/// Changes to a user. Absent fields stay unchanged.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserChange {
    /// Always refused with `email_immutable`: it can't be changed. Invite the new address instead.
    email: Option<serde_json::Value>,
    /// The user's name in the account.
    name: Option<PersonName>,
    /// Key of a predefined role or id of a custom one. It must not exceed the caller's own role.
    role_id: Option<RoleId>,
    /// Ids of exactly the systems to assign directly, at most 1,000. Ends `all_systems`. Callers limited to their own
    /// systems give exactly those of their own.
    #[schema(max_items = 1000)]
    systems: Option<Vec<SystemId>>,
    /// All systems of the account, including future ones. Not together with `systems`.
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

/// Get a user.
///
/// Includes what the caller may do with the user and, if not, why. Callers limited to their own systems can get only the
/// users there.
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

/// Update a user.
///
/// Changes name, role or systems. The user is notified of a new role, and the admins of a new admin. Callers who can only
/// assign their own systems can change only `systems`. The last admin who can sign in keeps an admin role.
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
    Ok(changed(users::edit::edit(&site.app, &caller, item.user, body.read()?).await?))
}
