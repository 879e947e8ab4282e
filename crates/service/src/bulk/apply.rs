//! How a bulk action changes the users whom the rules permit to change, in few statements, and what would take it back.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::access::role::{Role, RoleId};
use domain::activity::EventTarget;
use domain::core::failure::{Failure, refuse, stale};
use domain::core::ids::{SystemId, UserId};
use domain::core::refusal::Kind;
use domain::systems::{GrantedSystem, SystemGrant};
use domain::users::User;
use serde_json::json;
use store::invitations::Invitations;
use store::systems::SystemGrants;
use store::users::Users;

use crate::bulk::action::{BulkAction, Undo};
use crate::bulk::verdicts::Rows;
use crate::core::change::{Change, user_target};
use crate::invitations;
use crate::users::impact::{Impact, RoleChange, held};
use crate::users::status::Applied;
use crate::users::{self, tell_of_roles};

/// The most single systems that one call may assign.
const MOST_GRANTS: usize = 200_000;

/// Changes the users whom every rule permits to change; `rows` knows how they were.
pub async fn apply(
    change: &mut Change<'_>,
    action: &BulkAction,
    role: Option<Arc<Role>>,
    rows: &Rows,
    users: &[User],
) -> Result<Applied, Failure> {
    match (action, role) {
        (BulkAction::Resend { .. }, _) => {
            let targets = users::pending::resend_many(change, users).await?;
            Ok(Applied { targets, impact: Impact::default() })
        }
        (BulkAction::AddSystems { systems }, _) => change_systems(change, rows, users, systems, true).await,
        (BulkAction::RemoveSystems { systems }, _) => change_systems(change, rows, users, systems, false).await,
        (_, Some(role)) => set_role(change, rows, users, role).await,
        (action, None) => match action.step() {
            Some(step) => users::status::apply(change, step, users).await,
            None => Ok(Applied { targets: Vec::new(), impact: Impact::default() }),
        },
    }
}

async fn set_role(change: &mut Change<'_>, rows: &Rows, users: &[User], role: Arc<Role>) -> Result<Applied, Failure> {
    let ids: Vec<UserId> = users.iter().map(|user| user.id).collect();
    let invited = invitations::states::open_by(change, &ids).await?;
    all(Users::of(change).set_role(&ids, &role.id).await?, ids.len())?;
    // As with a single user: whoever gives a role answers for it when the invitation is accepted (R5).
    let by = change.caller().label_id();
    Invitations::of(change).answer_for(&ids, &by).await?;
    let after: Vec<User> = users.iter().map(|user| User { role_id: role.id.clone(), ..user.clone() }).collect();
    users.iter().zip(&after).for_each(|(before, after)| change.book(before, after));
    let changes: Vec<RoleChange> =
        rows.changing().into_iter().map(|target| (Arc::clone(&target.role), Arc::clone(&role))).collect();
    let mut impact = Impact::default();
    impact.compare_roles(change.app(), &changes);
    impact.loses_invitations(&invitations::states::end_died(change, &invited).await?);
    tell_of_roles(change, &after, &changes).await?;
    let target = |user: &User| user_target(user, json!({ "role_id": user.role_id }), json!({ "role_id": role.id }));
    Ok(Applied { targets: users.iter().map(target).collect(), impact })
}

async fn change_systems(
    change: &mut Change<'_>,
    rows: &Rows,
    users: &[User],
    systems: &[SystemId],
    add: bool,
) -> Result<Applied, Failure> {
    if add && users.len().saturating_mul(systems.len()) > MOST_GRANTS {
        let detail = format!(
            "This would assign more than {MOST_GRANTS} individual systems. Send several requests, or give the users \
             all systems."
        );
        return Err(refuse(Kind::TooLarge, "too_many_grants", detail));
    }
    let now = change.now();
    let ids: Vec<UserId> = users.iter().map(|user| user.id).collect();
    let had = held(change, users, now).await?;
    all(Users::of(change).touch(&ids, None).await?, ids.len())?;
    users.iter().for_each(|user| change.touch_identity(user.identity_id));
    if add {
        let new = |user: &User| differing(rows, user.id, systems, true);
        let grants: Vec<SystemGrant> = users
            .iter()
            .flat_map(|user| new(user).into_iter().map(|system| (user.id, GrantedSystem::One(system))))
            .map(|(user, system)| change.new_grant(user, system))
            .collect();
        SystemGrants::of(change).insert(&grants).await?;
    } else {
        let systems: Vec<GrantedSystem> = systems.iter().copied().map(GrantedSystem::One).collect();
        SystemGrants::of(change).remove(&ids, &systems).await?;
    }
    let mut impact = Impact::default();
    let has = held(change, users, now).await?;
    impact.compare_systems(change, &had, &has).await?;
    let targets = users.iter().map(|user| systems_target(rows, user, systems, add)).collect();
    Ok(Applied { targets, impact })
}

fn systems_target(rows: &Rows, user: &User, systems: &[SystemId], add: bool) -> EventTarget {
    let before = rows.direct.get(&user.id).map(|direct| direct.each.clone()).unwrap_or_default();
    let mut after = before.clone();
    match add {
        true => after.extend(systems),
        false => after.retain(|system| !systems.contains(system)),
    }
    user_target(user, json!({ "systems": before }), json!({ "systems": after }))
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
pub fn undo(action: &BulkAction, rows: &Rows) -> Vec<Undo> {
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
