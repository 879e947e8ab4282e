//! What a change does to people: the content of every preview, and of the answer when it was done.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use domain::access::catalog::PermissionEntry;
use domain::access::role::Role;
use domain::core::failure::Failure;
use domain::core::ids::{SystemId, UserId};
use domain::core::timestamp::Timestamp;
use domain::systems::{HeldSystems, System};
use domain::users::User;
use store::Tenant;
use store::systems::{SystemGrants, Systems};

use crate::core::app::App;
use crate::core::revocation::Revoked;

/// The most people who are named; the counts are always of all.
pub const MOST_NAMED: usize = 1_000;

/// A user who loses or gains access to the account.
#[derive(Debug, Clone, PartialEq)]
pub struct Affected {
    /// The user.
    pub id: UserId,
    /// The user's email address.
    pub email: String,
    /// The user's name.
    pub name: Option<String>,
}

/// A system that users gain or lose.
#[derive(Debug, Clone, PartialEq)]
pub struct SystemEffect {
    /// The system.
    pub id: SystemId,
    /// The system's name.
    pub name: String,
    /// Number of users.
    pub users: u64,
}

/// A permission of which people get less or more.
#[derive(Debug, Clone, PartialEq)]
pub struct PermissionEffect {
    /// Its key.
    pub key: String,
    /// The permission's name.
    pub name: String,
    /// The level before, as in the matrix of roles.
    pub before: String,
    /// The level after.
    pub after: String,
    /// Number of users.
    pub users: u64,
}

/// The impact of a change on users.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Impact {
    /// Who loses access; the first [`MOST_NAMED`].
    pub lose_access: Vec<Affected>,
    /// Number of users who lose access.
    pub lose_access_count: u64,
    /// Who can get in again; the first [`MOST_NAMED`].
    pub gain_access: Vec<Affected>,
    /// Number of users who gain access.
    pub gain_access_count: u64,
    /// Whose pending invitation ends because its sender may no longer invite; the first [`MOST_NAMED`].
    pub invitations_lost: Vec<Affected>,
    /// How many pending invitations die so. Someone else can send them again.
    pub invitations_lost_count: u64,
    /// How many people are sent a new invitation.
    pub invitations_sent_count: u64,
    /// How many people are invited again but get no mail, because they, or the caller, had too many: their invitation has to be
    /// sent again.
    pub invitations_unsent_count: u64,
    /// What ended immediately.
    pub ended: Revoked,
    /// Systems that users lose.
    pub systems_lost: Vec<SystemEffect>,
    /// Systems that users gain.
    pub systems_gained: Vec<SystemEffect>,
    /// Permissions that users lose.
    pub permissions_lost: Vec<PermissionEffect>,
    /// Permissions that users gain.
    pub permissions_gained: Vec<PermissionEffect>,
}

/// Who has which systems, and by which way.
#[derive(Debug, Clone, Default)]
pub struct Held {
    direct: HashMap<UserId, HeldSystems>,
    by_groups: HashSet<(UserId, SystemId)>,
}

/// The systems that these users have at `now`: directly, by groups, or all.
pub async fn held(tenant: &mut impl Tenant, users: &[User], now: Timestamp) -> Result<Held, Failure> {
    let ids: Vec<UserId> = users.iter().map(|user| user.id).collect();
    let mut held = Held::default();
    held.by_groups.extend(SystemGrants::of(tenant).by_groups_of_all(&ids, now).await?);
    for grant in SystemGrants::of(tenant).of_users(&ids, now).await? {
        held.direct.entry(grant.user_id).or_default().extend([grant.system_id]);
    }
    Ok(held)
}

impl Held {
    /// The same where these users have these systems directly instead.
    #[must_use]
    pub fn with_direct(&self, direct: impl IntoIterator<Item = (UserId, HeldSystems)>) -> Self {
        let mut after = self.clone();
        after.direct.extend(direct);
        after
    }

    fn reached(&self) -> Reached {
        let everything: HashSet<UserId> =
            self.direct.iter().filter(|(_, systems)| systems.all).map(|(user, _)| *user).collect();
        let direct = self.direct.iter().flat_map(|(user, systems)| systems.each.iter().map(|system| (*user, *system)));
        let pairs =
            direct.chain(self.by_groups.iter().copied()).filter(|(user, _)| !everything.contains(user)).collect();
        Reached { everything, pairs }
    }
}

/// Who has which systems, by any way; whoever has everything is in no pair.
struct Reached {
    everything: HashSet<UserId>,
    pairs: HashSet<(UserId, SystemId)>,
}

/// How many lose a system.
struct Losses {
    each: HashMap<SystemId, i64>,
    all: i64,
}

impl Losses {
    fn of(before: &Reached, after: &Reached) -> Self {
        let loses_all = |user: &UserId| before.everything.contains(user) && !after.everything.contains(user);
        let mut each = HashMap::new();
        for (user, system) in &before.pairs {
            if !after.everything.contains(user) && !after.pairs.contains(&(*user, *system)) {
                *each.entry(*system).or_default() += 1;
            }
        }
        for (_, system) in after.pairs.iter().filter(|(user, _)| loses_all(user)) {
            *each.entry(*system).or_default() -= 1;
        }
        let all = before.everything.iter().filter(|user| loses_all(user)).count();
        Self { each, all: i64::try_from(all).unwrap_or_default() }
    }

    fn effects(&self, systems: &[System]) -> Vec<SystemEffect> {
        let users = |id| u64::try_from(self.each.get(id).copied().unwrap_or_default() + self.all).unwrap_or_default();
        systems
            .iter()
            .map(|system| SystemEffect { id: system.id, name: system.name.clone(), users: users(&system.id) })
            .filter(|effect| effect.users > 0)
            .collect()
    }
}

impl Impact {
    /// Names who loses the access.
    pub fn loses_access(&mut self, users: &[User]) {
        self.lose_access_count = u64::try_from(users.len()).unwrap_or_default();
        self.lose_access = users.iter().take(MOST_NAMED).map(affected).collect();
    }

    /// Names who gains the access.
    pub fn gains_access(&mut self, users: &[User]) {
        self.gain_access_count = u64::try_from(users.len()).unwrap_or_default();
        self.gain_access = users.iter().take(MOST_NAMED).map(affected).collect();
    }

    /// Names whose invitation dies with its inviter's right.
    pub fn loses_invitations(&mut self, users: &[User]) {
        self.invitations_lost_count = u64::try_from(users.len()).unwrap_or_default();
        self.invitations_lost = users.iter().take(MOST_NAMED).map(affected).collect();
    }

    /// Compares who has which systems before and after.
    pub async fn compare_systems(
        &mut self,
        tenant: &mut impl Tenant,
        before: &Held,
        after: &Held,
    ) -> Result<(), Failure> {
        let systems = Systems::of(tenant).list().await?;
        let (before, after) = (&before.reached(), &after.reached());
        self.systems_lost = Losses::of(before, after).effects(&systems);
        self.systems_gained = Losses::of(after, before).effects(&systems);
        Ok(())
    }

    /// Compares what people's roles hold before and after, counted per permission and pair of levels.
    pub fn compare_roles(&mut self, app: &App, changes: &[RoleChange]) {
        let mut by_roles: BTreeMap<(&str, &str), (&RoleChange, u64)> = BTreeMap::new();
        for change in changes {
            by_roles.entry((change.0.id.as_str(), change.1.id.as_str())).or_insert((change, 0)).1 += 1;
        }
        for (change, users) in by_roles.into_values() {
            for entry in app.catalog.permissions() {
                self.compare_permission(app, change, entry, users);
            }
        }
    }

    fn compare_permission(&mut self, app: &App, (before, after): &RoleChange, entry: &PermissionEntry, users: u64) {
        let grant = |role: &Role| app.catalog.grant(&role.levels, entry);
        let (had, has) = (grant(before), grant(after));
        if had == has {
            return;
        }
        let keeps_all = after.levels.allows(entry.permission, had.level, had.reach);
        let list = if keeps_all { &mut self.permissions_gained } else { &mut self.permissions_lost };
        list.push(PermissionEffect {
            key: entry.key.clone(),
            name: entry.name.clone(),
            before: had.to_string(),
            after: has.to_string(),
            users,
        });
    }
}

/// Someone's role before and after.
pub type RoleChange = (Arc<Role>, Arc<Role>);

fn affected(user: &User) -> Affected {
    Affected { id: user.id, email: user.email.to_string(), name: user.name.as_ref().map(ToString::to_string) }
}
