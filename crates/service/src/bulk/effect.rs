//! What a bulk action does to the users whom the rules permit to change: planned, written in few statements, and taken back.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::access::role::{Role, RoleId};
use domain::activity::EventTarget;
use domain::core::failure::{Failure, NoSuch, refuse, stale};
use domain::core::ids::{SystemId, UserId};
use domain::core::refusal::Kind;
use domain::systems::{GrantedSystem, HeldSystems, SystemGrant};
use domain::users::User;
use serde_json::json;
use store::invitations::Invitations;
use store::systems::SystemGrants;
use store::users::Users;

use crate::bulk::action::{BulkAction, Undo};
use crate::bulk::rows::Rows;
use crate::core::change::{Change, user_target};
use crate::core::draft::Draft;
use crate::invitations::states::{dying, end_died};
use crate::users::impact::{Impact, RoleChange, held};
use crate::users::status::Move;
use crate::users::{self, tell_of_roles};

/// The most single systems that one call may assign.
const MOST_GRANTS: usize = 200_000;

/// What happens to the users who change.
pub(crate) enum Effect {
    /// Their invitations are sent again.
    Resend(Vec<User>),
    /// They move from one status to another.
    Move(users::status::Plan),
    /// They get another role.
    Role(RolePlan),
    /// Systems are added, or removed.
    Systems(SystemsPlan),
}

/// Another role for users.
pub(crate) struct RolePlan {
    before: Vec<User>,
    after: Vec<User>,
    role: Arc<Role>,
    changes: Vec<RoleChange>,
    /// Whose invitation dies with it.
    died: Vec<User>,
    impact: Impact,
}

/// Systems added to users, or removed.
pub(crate) struct SystemsPlan {
    /// The users with what they have directly before and after.
    users: Vec<(User, HeldSystems, HeldSystems)>,
    impact: Impact,
}

/// Plans what happens to the users whom every rule permits to change; `rows` knows how they are.
///
/// # Errors
/// 409 `seat_limit`; 413 for too many single systems.
pub(crate) async fn plan(
    draft: &mut Draft<'_>,
    action: &BulkAction,
    role: Option<Arc<Role>>,
    rows: &Rows,
) -> Result<Effect, Failure> {
    let users: Vec<User> = rows.changing().into_iter().map(|target| target.user.clone()).collect();
    let step = match action {
        BulkAction::Disable => Move::Disable,
        BulkAction::Enable => Move::Enable,
        BulkAction::Delete => Move::Delete,
        BulkAction::Restore => Move::Restore,
        BulkAction::Resend { .. } => return Ok(Effect::Resend(users)),
        BulkAction::SetRole { .. } => {
            return Ok(Effect::Role(plan_role(draft, rows, users, role.ok_or(NoSuch("role"))?).await?));
        }
        BulkAction::AddSystems { systems } => {
            return Ok(Effect::Systems(plan_systems(draft, rows, users, systems, true).await?));
        }
        BulkAction::RemoveSystems { systems } => {
            return Ok(Effect::Systems(plan_systems(draft, rows, users, systems, false).await?));
        }
    };
    Ok(Effect::Move(users::status::plan(draft, step, users).await?))
}

async fn plan_role(
    draft: &mut Draft<'_>,
    rows: &Rows,
    before: Vec<User>,
    role: Arc<Role>,
) -> Result<RolePlan, Failure> {
    let after: Vec<User> = before.iter().map(|user| User { role_id: role.id.clone(), ..user.clone() }).collect();
    let changes: Vec<RoleChange> =
        rows.changing().into_iter().map(|target| (Arc::clone(&target.role), Arc::clone(&role))).collect();
    let died = dying(draft, &after, true).await?;
    let mut impact = Impact::default();
    impact.compare_roles(draft.app(), &changes);
    impact.loses_invitations(&died);
    Ok(RolePlan { before, after, role, changes, died, impact })
}

async fn plan_systems(
    draft: &mut Draft<'_>,
    rows: &Rows,
    users: Vec<User>,
    systems: &[SystemId],
    add: bool,
) -> Result<SystemsPlan, Failure> {
    if add && users.len().saturating_mul(systems.len()) > MOST_GRANTS {
        let detail = format!(
            "This would assign more than {MOST_GRANTS} individual systems. Send several requests, or give the users \
             all systems."
        );
        return Err(refuse(Kind::TooLarge, "too_many_grants", detail));
    }
    let had = held(draft, &users, draft.now()).await?;
    let moved = |user: User| {
        let before = rows.direct.get(&user.id).cloned().unwrap_or_default();
        let mut after = before.clone();
        match add {
            true => after.each.extend(systems),
            false => after.each.retain(|system| !systems.contains(system)),
        }
        (user, before, after)
    };
    let users: Vec<_> = users.into_iter().map(moved).collect();
    let has = had.with_direct(users.iter().map(|(user, _, after)| (user.id, after.clone())));
    let mut impact = Impact::default();
    impact.compare_systems(draft, &had, &has).await?;
    Ok(SystemsPlan { users, impact })
}

impl Effect {
    /// Writes it, and gives the users with what changed of them for the activity log.
    pub(crate) async fn write(&self, change: &mut Change<'_>) -> Result<Vec<EventTarget>, Failure> {
        match self {
            Self::Resend(users) => users::pending::resend_many(change, users).await,
            Self::Move(plan) => users::status::write(change, plan).await.map(|()| plan.targets()),
            Self::Role(plan) => plan.write(change).await,
            Self::Systems(plan) => plan.write(change).await,
        }
    }

    /// What it does to people.
    pub(crate) fn into_impact(self) -> Impact {
        match self {
            Self::Resend(_) => Impact::default(),
            Self::Move(plan) => plan.impact,
            Self::Role(plan) => plan.impact,
            Self::Systems(plan) => plan.impact,
        }
    }
}

impl RolePlan {
    async fn write(&self, change: &mut Change<'_>) -> Result<Vec<EventTarget>, Failure> {
        let ids: Vec<UserId> = self.before.iter().map(|user| user.id).collect();
        all(Users::of(change).set_role(&ids, &self.role.id).await?, ids.len())?;
        // As with a single user: whoever gives a role answers for it when the invitation is accepted (R5).
        let by = change.caller().label_id();
        Invitations::of(change).answer_for(&ids, &by).await?;
        self.before.iter().zip(&self.after).for_each(|(before, after)| change.book(before, after));
        end_died(change, &self.died).await?;
        tell_of_roles(change, &self.after, &self.changes).await?;
        let to = &self.role.id;
        let target = |user: &User| user_target(user, json!({ "role_id": user.role_id }), json!({ "role_id": to }));
        Ok(self.before.iter().map(target).collect())
    }
}

impl SystemsPlan {
    async fn write(&self, change: &mut Change<'_>) -> Result<Vec<EventTarget>, Failure> {
        let ids: Vec<UserId> = self.users.iter().map(|(user, _, _)| user.id).collect();
        all(Users::of(change).touch(&ids, None).await?, ids.len())?;
        let (mut grants, mut removed) = (Vec::new(), BTreeSet::new());
        for (user, before, after) in &self.users {
            change.touch_identity(user.identity_id);
            removed.extend(before.each.difference(&after.each).copied());
            let new = after.without(before).into_iter();
            grants.extend(new.map(|system| change.new_grant(user.id, system)).collect::<Vec<SystemGrant>>());
        }
        SystemGrants::of(change).insert(&grants).await?;
        if !removed.is_empty() {
            let removed: Vec<GrantedSystem> = removed.into_iter().map(GrantedSystem::One).collect();
            let (by, now) = (change.caller().label_id(), change.now());
            SystemGrants::of(change).end(&ids, &removed, &by, now).await?;
        }
        let target = |(user, before, after): &(User, HeldSystems, HeldSystems)| {
            user_target(user, json!({ "systems": before.each }), json!({ "systems": after.each }))
        };
        Ok(self.users.iter().map(target).collect())
    }
}

/// Those of `systems` that make a difference to a user.
fn differing(rows: &Rows, user: UserId, systems: &[SystemId], add: bool) -> BTreeSet<SystemId> {
    let has = |system: &&SystemId| rows.direct.get(&user).is_some_and(|direct| direct.each.contains(system));
    systems.iter().filter(|system| has(system) != add).copied().collect()
}

fn all(touched: u64, wanted: usize) -> Result<(), Failure> {
    if usize::try_from(touched).is_ok_and(|touched| touched == wanted) { Ok(()) } else { Err(stale()) }
}

/// The bulk actions that take this one back, people with the same past together.
pub(crate) fn undo(action: &BulkAction, rows: &Rows) -> Vec<Undo> {
    let changing = rows.changing();
    if changing.is_empty() {
        return Vec::new();
    }
    let ids = || changing.iter().map(|target| target.user.id).collect();
    let simple = |action| vec![Undo { action, ids: ids() }];
    let by_systems = |systems: &[SystemId], add: bool| {
        let mut groups: BTreeMap<BTreeSet<SystemId>, Vec<UserId>> = BTreeMap::new();
        for target in &changing {
            groups.entry(differing(rows, target.user.id, systems, add)).or_default().push(target.user.id);
        }
        groups.into_iter().map(|(systems, ids)| (systems.into_iter().collect::<Vec<_>>(), ids))
    };
    match action {
        BulkAction::Disable => simple(BulkAction::Enable),
        BulkAction::Enable => simple(BulkAction::Disable),
        BulkAction::Delete => simple(BulkAction::Restore),
        BulkAction::Restore => simple(BulkAction::Delete),
        BulkAction::Resend { .. } => Vec::new(),
        BulkAction::SetRole { .. } => {
            let mut groups: BTreeMap<RoleId, Vec<UserId>> = BTreeMap::new();
            for target in &changing {
                groups.entry(target.role.id.clone()).or_default().push(target.user.id);
            }
            let groups = groups.into_iter();
            groups.map(|(role_id, ids)| Undo { action: BulkAction::SetRole { role_id }, ids }).collect()
        }
        BulkAction::AddSystems { systems } => by_systems(systems, true)
            .map(|(systems, ids)| Undo { action: BulkAction::RemoveSystems { systems }, ids })
            .collect(),
        BulkAction::RemoveSystems { systems } => by_systems(systems, false)
            .map(|(systems, ids)| Undo { action: BulkAction::AddSystems { systems }, ids })
            .collect(),
    }
}
