//! Roles and permissions: predefined ones from the catalog, custom ones of the account.

pub mod permissions;

use std::collections::{BTreeMap, HashMap};

use domain::access::role::{Role, RoleId, RoleKind};
use domain::access::{Grant, Level, Levels, Need, Permission};
use domain::core::failure::{Failure, NoSuch, refuse_field};
use domain::users::UserStatus;
use domain::users::filter::UserFilter;
use store::Tenant;
use store::roles::StoredRole;

use crate::core::app::{App, View};
use crate::core::caller::Caller;
use crate::core::visibility::Visibility;
use crate::users;

/// See the roles and who holds them.
pub const LIST: Need = Need::systems(Permission::USERS, Level::View);

/// A role with the number of its users.
#[derive(Debug, Clone, PartialEq)]
pub struct RoleWithUsers {
    /// The role.
    pub role: Role,
    /// Users who hold it and are not deleted.
    pub users: i64,
}

/// A role of the account, predefined or custom; `None` when there is none with this id.
pub async fn find(app: &App, tenant: &mut impl Tenant, id: &RoleId) -> Result<Option<Role>, Failure> {
    if let Some(role) = app.catalog.role(id) {
        return Ok(Some(role.clone()));
    }
    tenant.roles().find(id).await?.map(|stored| from_stored(app, stored)).transpose()
}

/// Every role of the account: the predefined ones, then the custom ones by name.
pub async fn all(app: &App, tenant: &mut impl Tenant) -> Result<Vec<Role>, Failure> {
    let mut roles = app.catalog.roles().to_vec();
    for stored in tenant.roles().list().await? {
        roles.push(from_stored(app, stored)?);
    }
    Ok(roles)
}

/// A role that a request names in a field.
///
/// # Errors
/// 422 with the field's pointer: an unknown role is never replaced by another (R4).
pub async fn named(app: &App, tenant: &mut impl Tenant, id: &RoleId, pointer: &str) -> Result<Role, Failure> {
    find(app, tenant, id).await?.ok_or_else(|| {
        refuse_field(
            pointer,
            "unknown_role",
            format!("there is no role {id} in this account; choose one of the list of roles"),
        )
    })
}

fn from_stored(app: &App, stored: StoredRole) -> Result<Role, Failure> {
    let levels = levels_of(app, serde_json::from_str(&stored.levels)?);
    Ok(Role { id: stored.id, name: stored.name, description: stored.description, kind: RoleKind::Custom, levels })
}

/// What a stored JSON object of the catalog's keys holds; nothing where it cannot be read.
pub(crate) fn levels_of_text(app: &App, text: &str) -> Levels {
    serde_json::from_str(text).map_or(Levels::NONE, |cells| levels_of(app, cells))
}

fn levels_of(app: &App, cells: BTreeMap<String, String>) -> Levels {
    let mut levels = Levels::NONE;
    for (key, cell) in cells {
        let entry = app.catalog.permission(&key);
        if let (Some(entry), Ok(grant)) = (entry, cell.parse::<Grant>()) {
            levels = levels.with(entry.permission, grant);
        }
    }
    levels
}

/// All roles with the number of their users: predefined ones first, in the catalog's order.
///
/// A caller who does not see everybody is told of the people they see: each role counts these, and of the custom roles there
/// are those that one of them holds.
pub async fn list(app: &App, caller: &Caller) -> Result<Vec<RoleWithUsers>, Failure> {
    let mut view = app.view(caller, LIST).await?;
    let counts = users_by_role(app, &mut view, caller).await?;
    let is_limited = !Visibility::of(app, caller).shows_everybody();
    let own = caller.principal().map(|principal| principal.role.id.clone());
    let users_of = |id: &RoleId| counts.get(id).copied().unwrap_or_default();
    let is_shown = |role: &Role| {
        !is_limited
            || match role.kind {
                RoleKind::Predefined => true,
                RoleKind::Custom => users_of(&role.id) > 0 || own.as_ref() == Some(&role.id),
            }
    };
    let roles = all(app, &mut view).await?.into_iter().filter(is_shown);
    Ok(roles.map(|role| RoleWithUsers { users: users_of(&role.id), role }).collect())
}

/// How many of the users whom the caller sees hold each role, without the deleted.
async fn users_by_role(app: &App, view: &mut View, caller: &Caller) -> Result<HashMap<RoleId, i64>, Failure> {
    let mut users = HashMap::new();
    if Visibility::of(app, caller).shows_everybody() {
        for count in view.user_counts().all().await? {
            if count.status != UserStatus::Deleted {
                *users.entry(count.role_id).or_default() += count.users;
            }
        }
    } else if let Some(selection) = users::list::selection(app, view, caller, &UserFilter::default()).await? {
        users.extend(view.user_list().holders_by_role(&selection).await?);
    }
    Ok(users)
}

/// One role with the number of its users.
///
/// # Errors
/// 404 when there is none, or none that the list shows the caller.
pub async fn get(app: &App, caller: &Caller, id: &RoleId) -> Result<RoleWithUsers, Failure> {
    list(app, caller).await?.into_iter().find(|found| found.role.id == *id).ok_or_else(|| NoSuch("role").into())
}

/// Refuses a role whose levels are above the caller's (decision 6), at the field that names it.
pub fn check_may_give(caller: &Caller, role: &Role) -> Result<(), Failure> {
    Ok(role.check_may_be_given_by(&caller.levels())?)
}
