//! Effective access.

use axum::extract::State;
use domain::access::catalog::Category;
use domain::access::decision::Denial;
use domain::access::{Grant, Level};
use domain::core::ids::{GroupId, UserId};
use domain::core::timestamp::Timestamp;
use domain::systems::{GrantSource, Platform};
use domain::users::UserStatus;
use domain::words;
use serde::{Deserialize, Serialize};
use service::users;
use service::users::effective_access::{Access, EffectivePermission, GrantPath, GrantPathKind, SystemAccess, Where};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::extract::{Caller, Json, Path};
use crate::http::parameters::InAccount;
use crate::http::problem::Problem;
use crate::http::site::Site;

/// The routes.
pub fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new().routes(routes!(get))
}

/// What a user may do, and why.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccessView {
    /// Id of the user.
    user_id: String,
    /// The user's email address.
    email: String,
    /// The user's name.
    name: Option<String>,
    /// The user's status.
    status: UserStatus,
    /// The user's role.
    role: RoleOfUser,
    /// Whether the user has access to all systems, including future ones.
    all_systems: bool,
    /// Why none of this can be used at present. `null` if it can.
    stopped: Option<Stopped>,
    /// Every permission of the catalog.
    permissions: Vec<PermissionOfUser>,
    /// The user's current, past and future systems, by name.
    systems: Vec<SystemOfUser>,
}

/// The role of a user.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoleOfUser {
    /// Key of a predefined role or id of a custom one.
    id: String,
    /// The role's name.
    name: String,
}

/// Why a user can't do anything at all.
#[derive(Debug, Serialize, ToSchema)]
pub struct Stopped {
    /// Stable code: `user_provisioned`, `user_inactive` or `user_deleted`.
    code: Denial,
    /// The reason as a sentence.
    detail: String,
}

/// A user's level of one permission.
#[derive(Debug, Serialize, ToSchema)]
pub struct PermissionOfUser {
    /// Key of the permission.
    key: String,
    /// The permission's category.
    category: Category,
    /// The permission's name.
    name: String,
    /// The level in the role, followed by ` (own)` if it applies to own systems only.
    level: Grant,
    /// Where it applies: `account`, `systems` (those below that are in effect) or `nowhere`.
    holds: Where,
    /// Why, in a sentence.
    detail: String,
}

/// A system with every way in which the user has access to it.
#[derive(Debug, Serialize, ToSchema)]
pub struct SystemOfUser {
    /// Id of the system.
    id: String,
    /// The system's name.
    name: String,
    /// What it runs on.
    platform: Platform,
    /// Whether the user has it now.
    holds: bool,
    /// How the user got access.
    paths: Vec<PathView>,
}

/// How a system comes to a user.
#[derive(Debug, Clone, Copy)]
enum AccessPathKind {
    Direct,
    Group,
    AllSystems,
}

words!(AccessPathKind { Direct = "direct", Group = "group", AllSystems = "all_systems" });

/// One way in which a user has access to a system.
#[derive(Debug, Serialize, ToSchema)]
pub struct PathView {
    /// `direct`, `group` or `all_systems`.
    kind: AccessPathKind,
    /// Id of the group.
    group_id: Option<GroupId>,
    /// Name of the group.
    group_name: Option<String>,
    /// Why it exists.
    source: GrantSource,
    /// The invitation, integration or request that created it.
    source_id: Option<String>,
    /// Who assigned it: id of a user, `operator` or `system`. `null` if the caller can't see that user.
    granted_by: Option<String>,
    /// Email address of that user, if they still exist.
    granted_by_email: Option<String>,
    /// When it was assigned, RFC 3339.
    granted_at: Timestamp,
    /// When it starts, RFC 3339.
    starts_at: Option<Timestamp>,
    /// When it ends, RFC 3339.
    ends_at: Option<Timestamp>,
    /// Whether it is in effect now.
    holds: bool,
}

impl From<Access> for AccessView {
    fn from(access: Access) -> Self {
        let role = access.role;
        let permissions = access.permissions.iter().map(|held| PermissionOfUser::of(held, &role.name)).collect();
        Self {
            user_id: access.user.id.to_string(),
            email: access.user.email.to_string(),
            name: access.user.name.map(String::from),
            status: access.user.status,
            role: RoleOfUser { id: role.id.to_string(), name: role.name },
            all_systems: access.all_systems,
            stopped: access.stopped.map(|why| Stopped { code: why, detail: why.sentence().to_owned() }),
            permissions,
            systems: access.systems.into_iter().map(SystemOfUser::from).collect(),
        }
    }
}

impl PermissionOfUser {
    fn of(held: &EffectivePermission, role: &str) -> Self {
        let level = held.grant;
        let detail = match held.holds {
            Where::Account => format!("Allowed by the role {role} at the level {level}, in the whole account."),
            Where::Systems => format!("Allowed by the role {role} at the level {level}, in the user's systems."),
            Where::Nowhere if level.level == Level::None => format!("Not included in the role {role}."),
            Where::Nowhere => format!("Allowed by the role {role} at the level {level}, but the user has no system."),
        };
        Self {
            key: held.entry.key.clone(),
            category: held.entry.category,
            name: held.entry.name.clone(),
            level,
            holds: held.holds,
            detail,
        }
    }
}

impl From<SystemAccess> for SystemOfUser {
    fn from(access: SystemAccess) -> Self {
        Self {
            holds: access.holds(),
            id: access.system.id.to_string(),
            name: access.system.name,
            platform: access.system.platform,
            paths: access.paths.into_iter().map(PathView::from).collect(),
        }
    }
}

impl From<GrantPath> for PathView {
    fn from(path: GrantPath) -> Self {
        let (kind, group) = match path.kind {
            GrantPathKind::Direct => (AccessPathKind::Direct, None),
            GrantPathKind::Group(id, name) => (AccessPathKind::Group, Some((id, name))),
            GrantPathKind::AllSystems => (AccessPathKind::AllSystems, None),
        };
        let (group_id, group_name) = group.unzip();
        let starts_at = path.spans.iter().filter_map(|span| span.starts_at).max();
        let ends_at = path.spans.iter().filter_map(|span| span.ends_at).min();
        Self {
            kind,
            group_id,
            group_name,
            source: path.source,
            source_id: Some(path.source_id).filter(|id| !id.is_empty()),
            granted_by: path.granted_by,
            granted_by_email: path.granted_by_email,
            granted_at: path.granted_at,
            starts_at,
            ends_at,
            holds: path.holds,
        }
    }
}

/// A user in a path.
#[derive(Debug, Deserialize)]
pub struct UserItem {
    user: UserId,
}

/// Get the effective access of a user.
///
/// Every permission with the role's level and where it applies, and every system with how the user got access. Callers
/// limited to their own systems see this for the users there, limited to those systems.
#[utoipa::path(get, path = "/api/v1/accounts/{account}/users/{user}/access", operation_id = "get_user_access", tag = "users",
    params(InAccount, ("user" = inline(UserId), Path, description = "Id of the user (`usr_…`).")),
    extensions(("x-permission" = json!(users::effective_access::GET))),
    responses((status = OK, body = AccessView)))]
pub async fn get(
    State(site): State<Site>,
    Caller(caller): Caller,
    Path(item): Path<UserItem>,
) -> Result<Json<AccessView>, Problem> {
    Ok(Json(users::effective_access::get(&site.app, &caller, item.user).await?.into()))
}
