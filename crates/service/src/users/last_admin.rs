//! The admins of an account: at least one who can sign in remains, whatever happens (P5).

use std::collections::HashSet;

use domain::access::role::{Role, RoleId};
use domain::core::failure::Failure;
use domain::core::ids::UserId;
use domain::users::{User, UserError, UserStatus};
use store::Tenant;
use store::users::Users;

use crate::core::app::App;
use crate::core::change::Change;
use crate::core::draft::Draft;
use crate::core::roles;

/// The most admins who are told that there is a new one.
const MOST_TOLD: i64 = 100;

/// The roles that make an admin: by what they can do, not by their names.
pub async fn admin_roles(app: &App, tenant: &mut impl Tenant) -> Result<Vec<RoleId>, Failure> {
    let roles = roles::all(app, tenant).await?;
    Ok(roles.into_iter().filter(|role| role.levels.is_admin()).map(|role| role.id).collect())
}

/// Those of `losing` who are the last admins: no one else is active, holds an admin role and can sign in. Empty when someone
/// remains, and when `losing` has no such admin at all: then nothing gets worse.
pub async fn last_among(app: &App, tenant: &mut impl Tenant, losing: &[UserId]) -> Result<HashSet<UserId>, Failure> {
    if losing.is_empty() {
        return Ok(HashSet::new());
    }
    let roles = admin_roles(app, tenant).await?;
    let losing: HashSet<UserId> = losing.iter().copied().collect();
    // One more than could all be losing: either someone else is among them, or these are all admins there are.
    let limit = i64::try_from(losing.len()).unwrap_or(i64::MAX).saturating_add(1);
    let admins = Users::of(tenant).able_to_sign_in(&roles, limit).await?;
    let all_lose = admins.iter().all(|admin| losing.contains(admin));
    Ok(if all_lose { admins.into_iter().collect() } else { HashSet::new() })
}

/// Refuses when no admin would remain who can sign in. Asked in the plan of every operation that takes an admin's access, role or way
/// to sign in, which is made under the account's lock: two admins who remove each other cannot both succeed.
///
/// # Errors
/// 409 `last_admin`.
pub async fn check_an_admin_remains(draft: &mut Draft<'_>, losing: &[UserId]) -> Result<(), Failure> {
    let last = last_among(draft.app(), draft, losing).await?;
    if last.is_empty() { Ok(()) } else { Err(UserError::LastAdmin.into()) }
}

/// Whether this user, as they are or are to be, is an active admin who can sign in, and no one else is.
pub async fn is_last(app: &App, tenant: &mut impl Tenant, user: &User, role: &Role) -> Result<bool, Failure> {
    if user.status != UserStatus::Active || !role.levels.is_admin() {
        return Ok(false);
    }
    let roles = admin_roles(app, tenant).await?;
    let able = Users::of(tenant).able_to_sign_in(&roles, 2).await?;
    Ok(able.iter().all(|admin| *admin == user.id) && Users::of(tenant).has_password(user.id).await?)
}

/// The active admins who are told of a new one: all but whoever makes them.
pub async fn to_tell(change: &mut Change<'_>) -> Result<Vec<User>, Failure> {
    let roles = admin_roles(change.app(), change).await?;
    let caller = change.caller();
    let admins = Users::of(change).active_in_roles(&roles, MOST_TOLD).await?;
    Ok(admins.into_iter().filter(|admin| !caller.is(admin.id)).collect())
}
