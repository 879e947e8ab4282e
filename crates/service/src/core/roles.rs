//! The roles of an account: predefined ones from the catalog, custom ones that it made.

use std::collections::BTreeMap;

use domain::access::role::{Role, RoleId, RoleKind};
use domain::access::{Grant, Levels};
use domain::core::failure::{Failure, refuse_field};
use store::Tenant;
use store::roles::{Roles, StoredRole};

use crate::core::app::App;
use crate::core::caller::Caller;

/// A role of the account, predefined or custom; `None` when there is none with this id.
pub async fn find(app: &App, tenant: &mut impl Tenant, id: &RoleId) -> Result<Option<Role>, Failure> {
    if let Some(role) = app.catalog.role(id) {
        return Ok(Some(role.clone()));
    }
    Roles::of(tenant).find(id).await?.map(|stored| from_stored(app, stored)).transpose()
}

/// Every role of the account: the predefined ones, then the custom ones by name.
pub async fn all(app: &App, tenant: &mut impl Tenant) -> Result<Vec<Role>, Failure> {
    let mut roles = app.catalog.roles().to_vec();
    for stored in Roles::of(tenant).list().await? {
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
            format!("The role {id} doesn't exist in this account. Choose one from the list of roles."),
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

/// Refuses a role whose levels are above the caller's (P6), at the field that names it.
pub fn check_may_give(caller: &Caller, role: &Role) -> Result<(), Failure> {
    Ok(role.check_may_be_given_by(&caller.levels())?)
}
