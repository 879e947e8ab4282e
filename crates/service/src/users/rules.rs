//! The users that an operation is about: found, visible to the caller, and judged by the same rules for one user, for a
//! bulk action and for what a page offers.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use domain::access::role::{Role, RoleId, RoleKind};
use domain::access::{Level, Levels, Need, Permission};
use domain::core::failure::{Failure, NoSuch, Refusal, refuse};
use domain::core::ids::UserId;
use domain::core::refusal::Kind;
use domain::core::timestamp::Timestamp;
use domain::users::{User, UserAct, UserError};
use store::Tenant;
use store::users::Users;

use crate::core::app::App;
use crate::core::caller::Caller;
use crate::core::roles;
use crate::core::visibility::{SEE_PEOPLE, Visibility};
use crate::users;

/// See users: all of them, or those who share a system with the caller.
pub const SEE: Need = SEE_PEOPLE;
/// Assign existing users to systems; with [`MANAGE`] also everything else about them.
pub const EDIT: Need = Need::systems(Permission::USERS, Level::Limited);
/// Everything about users.
pub const MANAGE: Need = Need::account(Permission::USERS, Level::Edit);

/// What an act on a user needs of the caller.
pub const fn need_of(act: UserAct) -> Need {
    match act {
        UserAct::Edit => EDIT,
        UserAct::Resend
        | UserAct::Revoke
        | UserAct::ResetPassword
        | UserAct::Disable
        | UserAct::Enable
        | UserAct::Delete
        | UserAct::Restore => MANAGE,
    }
}

/// Whether the caller may change everything about users, or only assign systems.
pub fn manages(caller: &Caller) -> bool {
    MANAGE.met_by(&caller.levels())
}

/// Refuses a caller who may only assign systems where an operation that they may call is asked for more.
///
/// # Errors
/// 403.
pub fn check_manages(caller: &Caller) -> Result<(), Failure> {
    caller.check(EDIT)?;
    if manages(caller) {
        return Ok(());
    }
    let detail = "Your role can only assign systems to users. Ask someone who manages users in the whole account.";
    Err(refuse(Kind::Forbidden, "system_access_only", detail))
}

/// A user with their role.
#[derive(Debug, Clone)]
pub struct Target {
    /// The user.
    pub user: User,
    /// What they hold.
    pub role: Arc<Role>,
}

/// One user whom the caller may see.
///
/// # Errors
/// The same 404 for an unknown user, a user of another account, and one outside the caller's systems.
pub async fn find(app: &App, tenant: &mut impl Tenant, caller: &Caller, id: UserId) -> Result<Target, Failure> {
    let found = find_all(app, tenant, caller, &[id]).await?;
    found.into_iter().flatten().next().ok_or_else(|| NoSuch("user").into())
}

/// The users of these ids in their order; `None` for whom the caller may not know of.
pub async fn find_all(
    app: &App,
    tenant: &mut impl Tenant,
    caller: &Caller,
    ids: &[UserId],
) -> Result<Vec<Option<Target>>, Failure> {
    let mut users: HashMap<UserId, User> =
        Users::of(tenant).find_all(ids).await?.into_iter().map(|user| (user.id, user)).collect();
    let seen = Visibility::of(app, caller).users(tenant, ids).await?;
    users.retain(|id, _| seen.contains(id));
    let roles: HashMap<RoleId, Arc<Role>> =
        roles::all(app, tenant).await?.into_iter().map(|role| (role.id.clone(), Arc::new(role))).collect();
    let target = |user: User| {
        let role = roles.get(&user.role_id).cloned().unwrap_or_else(|| Arc::new(unknown_role(&user.role_id)));
        Target { user, role }
    };
    Ok(ids.iter().map(|id| users.get(id).cloned().map(target)).collect())
}

/// A role that is no longer in the operator's catalog: it holds nothing.
fn unknown_role(id: &RoleId) -> Role {
    Role {
        id: id.clone(),
        name: id.to_string(),
        description: String::new(),
        kind: RoleKind::Predefined,
        levels: Levels::NONE,
    }
}

impl Target {
    /// Whether the caller's rank permits to touch this user (P6).
    pub fn check_rank(&self, caller: &Caller) -> Result<(), Failure> {
        match manages(caller) {
            true => Ok(self.role.check_may_be_touched_by(&caller.levels())?),
            false => Ok(self.role.check_may_be_assigned_by(&caller.levels())?),
        }
    }

    /// Whether the caller may treat this user so. `is_last_admin`: no admin who can sign in would remain without them; that
    /// is said before «this is you», because it is the reason that another admin would meet too.
    pub fn check(&self, caller: &Caller, act: UserAct, now: Timestamp, is_last_admin: bool) -> Result<(), Failure> {
        caller.check(need_of(act))?;
        self.check_rank(caller)?;
        self.user.check(act, now)?;
        if !matches!(act, UserAct::Disable | UserAct::Delete) {
            return Ok(());
        }
        if is_last_admin {
            return Err(UserError::LastAdmin.into());
        }
        if caller.is(self.user.id) { Err(UserError::Oneself.into()) } else { Ok(()) }
    }
}

/// What the caller may do with a user, by the name of the act; where not, why.
pub type Abilities = BTreeMap<&'static str, Result<(), Box<Refusal>>>;

/// Asks the rules about every act, so that a page can say why a control is not available.
pub async fn abilities(
    app: &App,
    tenant: &mut impl Tenant,
    caller: &Caller,
    target: &Target,
) -> Result<Abilities, Failure> {
    let now = app.clock.now();
    let last = users::last_admin::is_last(app, tenant, &target.user, &target.role).await?;
    let acts = UserAct::ALL.iter().map(|act| (act.word(), target.check(caller, *act, now, last)));
    let manage = || caller.check(MANAGE).and_then(|()| target.check(caller, UserAct::Edit, now, last));
    let change_role = manage().and_then(|()| if last { Err(UserError::LastAdmin.into()) } else { Ok(()) });
    acts.chain([("rename", manage()), ("give_all_systems", manage()), ("change_role", change_role)])
        .map(|(name, verdict)| match verdict {
            Ok(()) => Ok((name, Ok(()))),
            Err(Failure::Refused(refusal)) => Ok((name, Err(refusal))),
            Err(
                failure @ (Failure::Unavailable(_) | Failure::TooSlow(_) | Failure::Uncertain(_) | Failure::Broken(_)),
            ) => Err(failure),
        })
        .collect()
}
