//! One user: look, and change name, role or systems (U-25, U-26).

pub mod effective_access;
pub mod export;
pub mod impact;
pub mod last_admin;
pub mod list;
pub mod pending;
pub mod rules;
pub mod saved_views;
pub mod sessions;
pub mod status;
pub(crate) mod systems;
pub(crate) mod tags;

use std::slice;
use std::sync::Arc;

use domain::access::role::{Role, RoleId};
use domain::activity::EventTarget;
use domain::activity::actions::Action;
use domain::core::failure::{Failure, NoSuch, refuse};
use domain::core::ids::{SystemId, UserId};
use domain::core::person_name::PersonName;
use domain::core::refusal::Kind;
use domain::systems::{HeldSystems, SystemGrant};
use domain::users::{User, UserAct, UserError, UserStatus};
use mail::Message;
use mail::mails::{NewAdmins, RoleChanged};
use serde_json::{Map, Value, json};
use store::Tenant;
use store::invitations::Invitations;
use store::systems::SystemGrants;
use store::users::Users;

use crate::core::app::App;
use crate::core::caller::Caller;
use crate::core::change::{Change, Touches, user_target};
use crate::core::entry::Entry;
use crate::core::roles;
pub use crate::invitations::states::StatedInvitation;
use crate::users::impact::{Impact, RoleChange, held};
use crate::users::rules::{Abilities, Target, manages};
use crate::users::systems::{check_systems, direct_systems, shown_systems};
use crate::{invitations, outbox, users};

/// See a user.
pub const GET: domain::access::Need = users::rules::SEE;
/// Change a user; who may only assign systems changes nothing else.
pub const EDIT: domain::access::Need = users::rules::EDIT;

/// A user as a page shows them.
#[derive(Debug, Clone)]
pub struct UserDetail {
    /// The user.
    pub user: User,
    /// Their role.
    pub role: Arc<Role>,
    /// The systems assigned to the user directly; of these only the caller's own where the caller is limited to them.
    pub systems: HeldSystems,
    /// The pending invitation of a provisioned user, and whether it can be accepted; not for callers who are limited to own systems.
    pub invitation: Option<StatedInvitation>,
    /// What the caller may do, and where not, why.
    pub can: Abilities,
    /// What tells this state of the user from others; of a preview the state that is still stored.
    pub tag: String,
}

/// A user after a change, with what it did.
#[derive(Debug, Clone)]
pub struct Changed {
    /// As they are now.
    pub user: UserDetail,
    /// What the change did to people.
    pub impact: Impact,
}

/// A user.
///
/// # Errors
/// 404 for nobody whom the caller may know of.
pub async fn get(app: &App, caller: &Caller, id: UserId) -> Result<UserDetail, Failure> {
    let mut view = app.view(caller, GET).await?;
    let target = users::rules::find(app, &mut view, caller, id).await?;
    detail(app, &mut view, caller, target).await
}

async fn detail(app: &App, tenant: &mut impl Tenant, caller: &Caller, target: Target) -> Result<UserDetail, Failure> {
    let id = target.user.id;
    let systems = shown_systems(app, tenant, caller, id).await?;
    let tag = users::tags::tag(app, caller, &target.user, &systems)?;
    let shown = invitations::states::shown_to(app, tenant, caller, slice::from_ref(&target.user)).await?;
    let invitation = shown.into_values().next();
    let can = users::rules::abilities(app, tenant, caller, &target).await?;
    Ok(UserDetail { user: target.user, role: target.role, systems, invitation, can, tag })
}

/// A user as they are within a change, also when the caller will not see them any more after it. `tag` is the one before.
pub async fn detail_of(change: &mut Change<'_>, id: UserId, tag: String) -> Result<UserDetail, Failure> {
    let (app, caller) = (change.app(), change.caller());
    let user = Users::of(change).find(id).await?.ok_or(NoSuch("user"))?;
    let role = roles::find(app, change, &user.role_id).await?.ok_or(NoSuch("role"))?;
    let detail = detail(app, change, caller, Target { user, role: Arc::new(role) }).await?;
    Ok(if caller.dry_run { UserDetail { tag, ..detail } } else { detail })
}

/// Which systems somebody is to have directly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SystemsWish {
    /// Every system of the account, future ones too.
    All,
    /// Not all any more, only those assigned one by one.
    NotAll,
    /// Exactly these; where the caller is limited to own systems, exactly these of the own ones.
    These(Vec<SystemId>),
}

/// What to change of a user; `None` leaves it.
#[derive(Debug, Clone, Default)]
pub struct UserWish {
    /// Somebody tries to change the address, which nobody can (U-26).
    pub email: bool,
    /// The new name.
    pub name: Option<PersonName>,
    /// The new role.
    pub role_id: Option<RoleId>,
    /// The systems.
    pub systems: Option<SystemsWish>,
}

/// Changes a user. Where everything is as it was already, nothing is written.
///
/// # Errors
/// 404; 412 for a stale `If-Match`; 409 `email_immutable`, `last_admin`, `wrong_status`; 403 by rank, or where a caller who
/// may only assign own systems wants more; 422 for a role or system that does not exist.
pub async fn edit(app: &App, caller: &Caller, id: UserId, wish: UserWish) -> Result<Changed, Failure> {
    let mut change = app.change(caller, EDIT).await?;
    let target = users::rules::find(app, &mut change, caller, id).await?;
    let tag = users::tags::check(app, &mut change, caller, &target.user).await?;
    if wish.email {
        return Err(UserError::EmailImmutable.into());
    }
    target.check(caller, UserAct::Edit, change.now(), false)?;
    if wish.name.is_some() || wish.role_id.is_some() {
        users::rules::check_manages(caller)?;
    }
    let role = new_role(&mut change, &target, wish.role_id.as_ref()).await?;
    let systems = plan_systems(&mut change, &target.user, wish.systems).await?;
    let before = target.user;
    let after = User { name: wish.name.or_else(|| before.name.clone()), role_id: role.id.clone(), ..before.clone() };
    if after == before && systems.after == systems.before {
        return Ok(Changed { user: detail_of(&mut change, id, tag).await?, impact: Impact::default() });
    }
    let now = change.now();
    let had = held(&mut change, slice::from_ref(&before), now).await?;
    let invited = match before.role_id == after.role_id {
        true => Vec::new(),
        false => invitations::states::open_by(&mut change, &[id]).await?,
    };
    change.update_user(&before, &after).await?;
    if before.role_id != after.role_id {
        // Whoever gives a role to somebody invited answers for it when the invitation is accepted (R5).
        Invitations::of(&mut change).answer_for(&[id], &caller.label_id()).await?;
    }
    write_systems(&mut change, id, &systems).await?;
    let mut impact = Impact::default();
    let has = held(&mut change, slice::from_ref(&after), now).await?;
    impact.compare_systems(&mut change, &had, &has).await?;
    impact.compare_roles(app, &[(Arc::clone(&target.role), Arc::clone(&role))]);
    impact.loses_invitations(&invitations::states::end_died(&mut change, &invited).await?);
    tell_of_roles(&mut change, slice::from_ref(&after), &[(target.role, role)]).await?;
    let entry = edited(&before, &after, &systems);
    let user = detail_of(&mut change, id, tag).await?;
    change.commit(Entry::new(Action::UserChanged, vec![entry]), Touches::People).await?;
    Ok(Changed { user, impact })
}

async fn new_role(change: &mut Change<'_>, target: &Target, wish: Option<&RoleId>) -> Result<Arc<Role>, Failure> {
    let Some(id) = wish.filter(|id| **id != target.role.id) else { return Ok(Arc::clone(&target.role)) };
    let role = roles::named(change.app(), change, id, "/role_id").await?;
    roles::check_may_give(change.caller(), &role)?;
    if target.role.levels.is_admin() && !role.levels.is_admin() {
        users::last_admin::check_an_admin_remains(change, &[target.user.id]).await?;
    }
    Ok(Arc::new(role))
}

/// What happens to the systems of one user.
struct SystemsPlan {
    before: HeldSystems,
    after: HeldSystems,
}

async fn plan_systems(change: &mut Change<'_>, user: &User, wish: Option<SystemsWish>) -> Result<SystemsPlan, Failure> {
    let before = direct_systems(change, change.app(), user.id).await?;
    let own = change.caller().limited_to(EDIT);
    let (all, wanted) = match wish {
        None => (before.all, None),
        Some(SystemsWish::All) => (true, None),
        Some(SystemsWish::NotAll) => (false, None),
        Some(SystemsWish::These(wanted)) => (false, Some(wanted)),
    };
    if all != before.all && !manages(change.caller()) {
        return Err(refuse(
            Kind::Forbidden,
            "all_systems",
            "whether a person has every system of the account is decided by somebody who manages users in the whole account; ask them",
        ));
    }
    let each = match wanted {
        None => before.each.clone(),
        Some(wanted) => {
            check_systems(change, &wanted, "/systems").await?;
            let is_beyond = |system: &&SystemId| own.as_ref().is_some_and(|own| !own.contains(system));
            before.each.iter().filter(is_beyond).chain(&wanted).copied().collect()
        }
    };
    Ok(SystemsPlan { before, after: HeldSystems { all, each } })
}

async fn write_systems(change: &mut Change<'_>, user: UserId, plan: &SystemsPlan) -> Result<(), Failure> {
    let removed = plan.before.without(&plan.after);
    if !removed.is_empty() {
        SystemGrants::of(change).remove(&[user], &removed).await?;
    }
    let added = plan.after.without(&plan.before).into_iter();
    let grants: Vec<SystemGrant> = added.map(|system| change.new_grant(user, system)).collect();
    Ok(SystemGrants::of(change).insert(&grants).await?)
}

/// Tells active people of their new role, and the admins of new admins.
pub async fn tell_of_roles(change: &mut Change<'_>, after: &[User], changes: &[RoleChange]) -> Result<(), Failure> {
    let account_name = change.account().name.clone();
    let mut mails = Vec::new();
    let mut new_admins = Vec::new();
    for (user, (old, new)) in after.iter().zip(changes).filter(|(_, (old, new))| old.id != new.id) {
        if user.status == UserStatus::Active {
            let message =
                Message::from(RoleChanged { account_name: account_name.clone(), role_name: new.name.clone() });
            mails.push(change.new_mail(user, &message, None)?);
        }
        if new.levels.is_admin() && !old.levels.is_admin() {
            new_admins.push(user);
        }
    }
    outbox::limits::notify_many(change, mails).await?;
    tell_of_new_admins(change, &new_admins).await
}

/// One mail to each admin, however many new ones there are.
async fn tell_of_new_admins(change: &mut Change<'_>, new_admins: &[&User]) -> Result<(), Failure> {
    const MOST_NAMED: usize = 20;
    if new_admins.is_empty() {
        return Ok(());
    }
    let by_email = change.caller().principal().map(|principal| principal.email.to_string());
    let mut mails = Vec::new();
    for admin in users::last_admin::to_tell(change).await? {
        let others = || new_admins.iter().filter(|user| user.id != admin.id);
        let named: Vec<String> = others().take(MOST_NAMED).map(|user| user.email.to_string()).collect();
        if named.is_empty() {
            continue;
        }
        let message = Message::from(NewAdmins {
            account_name: change.account().name.clone(),
            unnamed: others().count() - named.len(),
            named,
            by_email: by_email.clone(),
        });
        mails.push(change.new_mail(&admin, &message, None)?);
    }
    outbox::limits::notify(change, mails).await
}

/// The changed fields before and after.
fn edited(before: &User, after: &User, plan: &SystemsPlan) -> EventTarget {
    let (mut old, mut new) = (Map::new(), Map::new());
    let mut note = |field: &str, was: Value, is: Value| {
        if was != is {
            old.insert(field.to_owned(), was);
            new.insert(field.to_owned(), is);
        }
    };
    note("name", json!(before.name), json!(after.name));
    note("role_id", json!(before.role_id), json!(after.role_id));
    note("all_systems", json!(plan.before.all), json!(plan.after.all));
    note("systems", json!(plan.before.each), json!(plan.after.each));
    user_target(after, Value::Object(old), Value::Object(new))
}
