//! Roles and permissions: predefined ones from the catalog, custom ones of the account.

pub mod permissions;

use std::collections::HashMap;

use domain::access::role::{Role, RoleId, RoleKind};
use domain::access::{Level, Need, Permission};
use domain::core::failure::{Failure, NoSuch};
use domain::users::UserStatus;
use domain::users::filter::UserFilter;
use store::accounts::KeptCounts;
use store::users::list::UserList;

use crate::core::app::App;
use crate::core::caller::Caller;
use crate::core::roles;
use crate::core::view::View;
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

/// All roles with the number of their users: predefined ones first, in the catalog's order.
///
/// A caller who does not see everyone is told of the people they see: each role counts these, and of the custom roles there
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
    let shown = roles::all(app, &mut view).await?.into_iter().filter(is_shown);
    Ok(shown.map(|role| RoleWithUsers { users: users_of(&role.id), role }).collect())
}

/// How many of the users whom the caller sees hold each role, without the deleted.
async fn users_by_role(app: &App, view: &mut View, caller: &Caller) -> Result<HashMap<RoleId, i64>, Failure> {
    let mut users = HashMap::new();
    if Visibility::of(app, caller).shows_everybody() {
        for count in KeptCounts::of(view).all().await? {
            if count.status != UserStatus::Deleted {
                *users.entry(count.role_id).or_default() += count.users;
            }
        }
    } else if let Some(selection) = users::list::selection(app, view, caller, &UserFilter::default()).await? {
        users.extend(UserList::of(view).holders_by_role(&selection).await?);
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
