//! Effective access: what a user may do, where, and the way each system came to them ("why can she do this?").

use std::collections::{BTreeMap, HashMap};

use domain::access::catalog::{Category, PermissionEntry};
use domain::access::decision::Denial;
use domain::access::role::Role;
use domain::access::{Grant, Level, Need, Permission, Reach};
use domain::core::failure::{Failure, NoSuch};
use domain::core::ids::{GroupId, SystemId, UserId};
use domain::core::timestamp::Timestamp;
use domain::systems::{GrantSource, GrantedSystem, Span, System, SystemGrant};
use domain::users::User;
use domain::words;
use store::systems::{GroupSystem, SystemGrants, Systems};
use store::users::Users;

use crate::check::subjects::denial;
use crate::core::app::App;
use crate::core::caller::Caller;
use crate::core::roles;
use crate::core::view::View;
use crate::core::visibility::Visibility;
use crate::users;

/// See what someone may do: everyone's for those who see people, of own systems' people where the role reaches no further.
pub const GET: Need = Need::systems(Permission::USERS, Level::View);

/// Where a permission holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Where {
    /// In the whole account.
    Account,
    /// In the user's systems.
    Systems,
    /// Nowhere.
    Nowhere,
}

words!(Where { Account = "account", Systems = "systems", Nowhere = "nowhere" });

/// A user's level of one permission.
#[derive(Debug, Clone, PartialEq)]
pub struct EffectivePermission {
    /// The permission.
    pub entry: PermissionEntry,
    /// What the role holds.
    pub grant: Grant,
    /// Where that comes to bear.
    pub holds: Where,
}

/// How a system came to a user.
#[derive(Debug, Clone, PartialEq)]
pub enum GrantPathKind {
    /// Assigned to the user.
    Direct,
    /// By a group.
    Group(GroupId, String),
    /// The user has every system.
    AllSystems,
}

/// One way in which a user has access to a system.
#[derive(Debug, Clone, PartialEq)]
pub struct GrantPath {
    /// How.
    pub kind: GrantPathKind,
    /// Why the assignment or membership exists.
    pub source: GrantSource,
    /// The invitation, integration or request that created it.
    pub source_id: String,
    /// By whom: id of a user, `operator` or `system`; `None` where the caller may not know of that user.
    pub granted_by: Option<String>,
    /// Email address of that user, if they still exist.
    pub granted_by_email: Option<String>,
    /// Since when it stands here.
    pub granted_at: Timestamp,
    /// From when until when it holds.
    pub spans: Vec<Span>,
    /// Whether it is in effect now.
    pub holds: bool,
}

/// A system with every way in which the user has it, or had it or will have it.
#[derive(Debug, Clone, PartialEq)]
pub struct SystemAccess {
    /// The system.
    pub system: System,
    /// The ways.
    pub paths: Vec<GrantPath>,
}

impl SystemAccess {
    /// Whether the user has the system now.
    pub fn holds(&self) -> bool {
        self.paths.iter().any(|path| path.holds)
    }
}

/// What a user may do, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Access {
    /// The user.
    pub user: User,
    /// The role that the user holds.
    pub role: Role,
    /// Why the user can do nothing at all at present; `None` when they can.
    pub stopped: Option<Denial>,
    /// Whether they have every system of the account now, future ones too.
    pub all_systems: bool,
    /// Every permission of the catalog.
    pub permissions: Vec<EffectivePermission>,
    /// The systems, by name.
    pub systems: Vec<SystemAccess>,
}

/// What a user may do, and why.
///
/// # Errors
/// 404 if the user is unknown or not visible to the caller.
pub async fn get(app: &App, caller: &Caller, id: UserId) -> Result<Access, Failure> {
    let mut view = app.view(caller, GET).await?;
    let user = users::rules::find(app, &mut view, caller, id).await?.user;
    let visibility = Visibility::of(app, caller);
    let role = roles::find(app, &mut view, &user.role_id).await?.ok_or(NoSuch("role"))?;
    let ways = ways_of(app, &mut view, user.id, &visibility).await?;
    let all_systems = ways.to_all.iter().any(|path| path.holds);
    let mut systems = ways.by_system(Systems::of(&mut view).list().await?);
    systems.retain(|access| visibility.people_of().is_none_or(|own| own.contains(&access.system.id)));
    let has_system = systems.iter().any(SystemAccess::holds);
    let permissions = app.catalog.permissions().iter().map(|entry| effective(app, &role, entry, has_system)).collect();
    let stopped = denial(user.status);
    Ok(Access { stopped, all_systems, permissions, systems, role, user })
}

/// The same rule as [`domain::access::decision::decide`], told for all places at once.
fn effective(app: &App, role: &Role, entry: &PermissionEntry, has_system: bool) -> EffectivePermission {
    let grant = app.catalog.grant(&role.levels, entry);
    let holds = match (grant.level, grant.reach, entry.category) {
        (Level::None, _, _) => Where::Nowhere,
        (_, Reach::Account, Category::Administrative) => Where::Account,
        _ if has_system => Where::Systems,
        _ => Where::Nowhere,
    };
    EffectivePermission { entry: entry.clone(), grant, holds }
}

/// The ways in which a user has systems.
#[derive(Default)]
struct Ways {
    to_one: BTreeMap<SystemId, Vec<GrantPath>>,
    to_all: Vec<GrantPath>,
}

impl Ways {
    /// The systems to which there is a way.
    fn by_system(mut self, systems: Vec<System>) -> Vec<SystemAccess> {
        let accesses = systems.into_iter().map(|system| {
            let mut paths = self.to_one.remove(&system.id).unwrap_or_default();
            paths.extend(self.to_all.iter().cloned());
            SystemAccess { system, paths }
        });
        accesses.filter(|access| !access.paths.is_empty()).collect()
    }
}

async fn ways_of(app: &App, view: &mut View, user: UserId, visibility: &Visibility) -> Result<Ways, Failure> {
    let now = app.clock.now();
    let mut ways = Ways::default();
    for grant in SystemGrants::of(view).all_of(user).await? {
        match grant.system_id {
            GrantedSystem::One(system) => {
                ways.to_one.entry(system).or_default().push(by_grant(GrantPathKind::Direct, grant, now))
            }
            GrantedSystem::All => ways.to_all.push(by_grant(GrantPathKind::AllSystems, grant, now)),
        }
    }
    for way in SystemGrants::of(view).by_groups_of(user).await? {
        ways.to_one.entry(way.system_id).or_default().push(by_group(way, now));
    }
    if let Some(own) = visibility.people_of() {
        ways.to_one.retain(|system, _| own.contains(system));
    }
    name_givers(view, &mut ways, visibility).await?;
    Ok(ways)
}

fn by_grant(kind: GrantPathKind, grant: SystemGrant, now: Timestamp) -> GrantPath {
    let spans = vec![grant.span()];
    GrantPath {
        kind,
        source: grant.source,
        source_id: grant.source_id,
        granted_by: Some(grant.granted_by),
        granted_by_email: None,
        granted_at: grant.granted_at,
        holds: spans.iter().all(|span| span.holds_at(now)),
        spans,
    }
}

fn by_group(found: GroupSystem, now: Timestamp) -> GrantPath {
    let spans = found.spans().to_vec();
    GrantPath {
        kind: GrantPathKind::Group(found.group_id, found.group_name),
        source: found.source,
        source_id: String::new(),
        granted_by: Some(found.granted_by),
        granted_by_email: None,
        granted_at: found.granted_at,
        holds: spans.iter().all(|span| span.holds_at(now)),
        spans,
    }
}

/// Puts addresses to the ids of those who gave, and takes out whom the caller may not know of.
async fn name_givers(view: &mut View, ways: &mut Ways, visibility: &Visibility) -> Result<(), Failure> {
    let mut paths: Vec<&mut GrantPath> = ways.to_one.values_mut().chain([&mut ways.to_all]).flatten().collect();
    let giver = |path: &&mut GrantPath| path.granted_by.as_ref()?.parse().ok();
    let mut givers: Vec<UserId> = paths.iter().filter_map(giver).collect();
    givers.sort_unstable();
    givers.dedup();
    let seen = visibility.users(view, &givers).await?;
    let users = Users::of(view).find_all(&givers).await?;
    let emails: HashMap<String, String> =
        users.into_iter().map(|user| (user.id.to_string(), user.email.to_string())).collect();
    for path in &mut paths {
        path.granted_by = path.granted_by.take().and_then(|by| Visibility::giver(&seen, by));
        path.granted_by_email = path.granted_by.as_ref().and_then(|by| emails.get(by).cloned());
    }
    Ok(())
}
