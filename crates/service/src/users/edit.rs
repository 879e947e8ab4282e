//! A user's name, role and systems are changed (U-25, U-26).

use std::slice;
use std::sync::Arc;

use domain::access::role::{Role, RoleId};
use domain::activity::EventTarget;
use domain::activity::actions::Action;
use domain::core::failure::{Failure, refuse};
use domain::core::ids::{SystemId, UserId};
use domain::core::person_name::PersonName;
use domain::core::refusal::Kind;
use domain::systems::{HeldSystems, SystemGrant};
use domain::users::{User, UserAct, UserError};
use serde_json::{Map, Value, json};
use store::invitations::Invitations;
use store::systems::SystemGrants;

use crate::core::app::App;
use crate::core::caller::Caller;
use crate::core::change::{Change, Touches, user_target};
use crate::core::draft::Draft;
use crate::core::entry::Entry;
use crate::core::roles;
use crate::invitations::states::{Step, dying, end_died};
use crate::users::impact::{Impact, held};
use crate::users::rules::{Target, manages};
use crate::users::systems::{check_systems, direct_systems};
use crate::users::{self, Changed, EDIT, Planned, tell_of_roles};

/// The systems to assign directly to a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SystemsWish {
    /// Every system of the account, future ones too.
    All,
    /// No longer all systems, only those assigned individually.
    NotAll,
    /// Exactly these; where the caller is limited to own systems, exactly these of the own ones.
    These(Vec<SystemId>),
}

/// What to change of a user; `None` leaves it.
#[derive(Debug, Clone, Default)]
pub struct UserWish {
    /// An attempt to change the address, which is always refused (U-26).
    pub email: bool,
    /// The new name.
    pub name: Option<PersonName>,
    /// The new role.
    pub role_id: Option<RoleId>,
    /// The systems.
    pub systems: Option<SystemsWish>,
}

/// What a wish comes to.
struct Plan {
    before: Target,
    after: User,
    role: Arc<Role>,
    systems: SystemsPlan,
    /// Whose invitation dies with it.
    died: Vec<User>,
}

impl Plan {
    fn changes_role(&self) -> bool {
        self.before.role.id != self.role.id
    }

    fn changes_anything(&self) -> bool {
        self.after != self.before.user || self.systems.after != self.systems.before
    }

    fn outcome(&self, tag: String) -> Planned {
        let version = self.after.version + i64::from(self.changes_anything());
        Planned {
            after: Target { user: User { version, ..self.after.clone() }, role: Arc::clone(&self.role) },
            direct: self.systems.after.clone(),
            invitation: self.changes_role().then_some(Step::Answered),
            tag,
        }
    }
}

/// Changes a user. Where everything is as it was already, nothing is written.
///
/// # Errors
/// 404; 412 for a stale `If-Match`; 409 `email_immutable`, `last_admin`, `wrong_status`; 403 by rank, or where a caller who
/// may only assign own systems wants more; 422 for a role or system that does not exist.
pub async fn edit(app: &App, caller: &Caller, id: UserId, wish: UserWish) -> Result<Changed, Failure> {
    let mut draft = app.draft(caller, EDIT).await?;
    let target = users::rules::find(app, &mut draft, caller, id).await?;
    let tag = users::tags::check(app, &mut draft, caller, &target.user).await?;
    let plan = plan(&mut draft, target, wish).await?;
    let impact = impact(&mut draft, &plan).await?;
    let user = plan.outcome(tag).detail(&mut draft).await?;
    let answer = Changed { user, impact };
    let Some(mut change) = draft.into_change().filter(|_| plan.changes_anything()) else { return Ok(answer) };
    write(&mut change, &plan).await?;
    change.commit(Entry::new(Action::UserChanged, vec![edited(&plan)]), Touches::People).await?;
    Ok(answer)
}

async fn plan(draft: &mut Draft<'_>, before: Target, wish: UserWish) -> Result<Plan, Failure> {
    let caller = draft.caller();
    if wish.email {
        return Err(UserError::EmailImmutable.into());
    }
    before.check(caller, UserAct::Edit, draft.now(), false)?;
    if wish.name.is_some() || wish.role_id.is_some() {
        users::rules::check_manages(caller)?;
    }
    let role = new_role(draft, &before, wish.role_id.as_ref()).await?;
    let systems = plan_systems(draft, &before.user, wish.systems).await?;
    let name = wish.name.or_else(|| before.user.name.clone());
    let after = User { name, role_id: role.id.clone(), ..before.user.clone() };
    let died = match before.user.role_id == after.role_id {
        true => Vec::new(),
        false => dying(draft, slice::from_ref(&after), true).await?,
    };
    Ok(Plan { before, after, role, systems, died })
}

async fn impact(draft: &mut Draft<'_>, plan: &Plan) -> Result<Impact, Failure> {
    let mut impact = Impact::default();
    if plan.changes_anything() {
        let now = draft.now();
        let had = held(draft, slice::from_ref(&plan.before.user), now).await?;
        let has = had.with_direct([(plan.after.id, plan.systems.after.clone())]);
        impact.compare_systems(draft, &had, &has).await?;
        impact.compare_roles(draft.app(), &[(Arc::clone(&plan.before.role), Arc::clone(&plan.role))]);
        impact.loses_invitations(&plan.died);
    }
    Ok(impact)
}

async fn write(change: &mut Change<'_>, plan: &Plan) -> Result<(), Failure> {
    let (before, after) = (&plan.before.user, &plan.after);
    change.update_user(before, after).await?;
    if plan.changes_role() {
        // Whoever gives a role to someone invited answers for it when the invitation is accepted (R5).
        let by = change.caller().label_id();
        Invitations::of(change).answer_for(&[after.id], &by).await?;
        end_died(change, &plan.died).await?;
    }
    write_systems(change, after.id, &plan.systems).await?;
    let roles = (Arc::clone(&plan.before.role), Arc::clone(&plan.role));
    tell_of_roles(change, slice::from_ref(after), &[roles]).await
}

async fn new_role(draft: &mut Draft<'_>, target: &Target, wish: Option<&RoleId>) -> Result<Arc<Role>, Failure> {
    let Some(id) = wish.filter(|id| **id != target.role.id) else { return Ok(Arc::clone(&target.role)) };
    let role = roles::named(draft.app(), draft, id, "/role_id").await?;
    roles::check_may_give(draft.caller(), &role)?;
    if target.role.levels.is_admin() && !role.levels.is_admin() {
        users::last_admin::check_an_admin_remains(draft, &[target.user.id]).await?;
    }
    Ok(Arc::new(role))
}

/// What happens to the systems of one user.
struct SystemsPlan {
    before: HeldSystems,
    after: HeldSystems,
}

async fn plan_systems(draft: &mut Draft<'_>, user: &User, wish: Option<SystemsWish>) -> Result<SystemsPlan, Failure> {
    let before = direct_systems(draft, draft.app(), user.id).await?;
    let own = draft.caller().limited_to(EDIT);
    let (all, wanted) = match wish {
        None => (before.all, None),
        Some(SystemsWish::All) => (true, None),
        Some(SystemsWish::NotAll) => (false, None),
        Some(SystemsWish::These(wanted)) => (false, Some(wanted)),
    };
    if all != before.all && !manages(draft.caller()) {
        return Err(refuse(
            Kind::Forbidden,
            "all_systems",
            "Only someone who manages users in the whole account can assign or remove all systems. Ask them.",
        ));
    }
    let each = match wanted {
        None => before.each.clone(),
        Some(wanted) => {
            check_systems(draft, &wanted, "/systems").await?;
            let is_beyond = |system: &&SystemId| own.as_ref().is_some_and(|own| !own.contains(system));
            before.each.iter().filter(is_beyond).chain(&wanted).copied().collect()
        }
    };
    Ok(SystemsPlan { before, after: HeldSystems { all, each } })
}

async fn write_systems(change: &mut Change<'_>, user: UserId, plan: &SystemsPlan) -> Result<(), Failure> {
    let removed = plan.before.without(&plan.after);
    if !removed.is_empty() {
        let (by, now) = (change.caller().label_id(), change.now());
        SystemGrants::of(change).end(&[user], &removed, &by, now).await?;
    }
    let added = plan.after.without(&plan.before).into_iter();
    let grants: Vec<SystemGrant> = added.map(|system| change.new_grant(user, system)).collect();
    Ok(SystemGrants::of(change).insert(&grants).await?)
}

/// The changed fields before and after.
fn edited(plan: &Plan) -> EventTarget {
    let (before, after, systems) = (&plan.before.user, &plan.after, &plan.systems);
    let (mut old, mut new) = (Map::new(), Map::new());
    let mut note = |field: &str, was: Value, is: Value| {
        if was != is {
            old.insert(field.to_owned(), was);
            new.insert(field.to_owned(), is);
        }
    };
    note("name", json!(before.name), json!(after.name));
    note("role_id", json!(before.role_id), json!(after.role_id));
    note("all_systems", json!(systems.before.all), json!(systems.after.all));
    note("systems", json!(systems.before.each), json!(systems.after.each));
    user_target(after, Value::Object(old), Value::Object(new))
}
