//! What a caller may see of the people and systems of their account: the one answer that every read asks.
//!
//! A caller whose role reaches only own systems sees these systems, the users who have one of them and are not deleted, and
//! themselves. They learn nothing of the others: not by rows, not by filters, counts and refusals (what is beyond reach is
//! answered like what is not there), and not by what a visible thing says of others, such as who granted it.
//!
//! Example: a System Manager of *Shop* asks for the access of Ana, who has *Shop* and *Vault*. The answer names *Shop* and the
//! way it came to her; who gave it is told only if the System Manager sees that user, too.

use std::collections::HashSet;

use domain::access::{Level, Need, Permission, Reach};
use domain::core::email_address::EmailAddress;
use domain::core::failure::Failure;
use domain::core::ids::{GroupId, SystemId, UserId};
use domain::core::timestamp::Timestamp;
use store::Tenant;
use store::activity::list::{LogVisibility, SeenPeople};
use store::users::Users;
use store::users::list::UserList;

use crate::core::app::App;
use crate::core::caller::Caller;

/// See people.
pub(crate) const SEE_PEOPLE: Need = Need::systems(Permission::USERS, Level::View);
/// See systems.
pub(crate) const SEE_SYSTEMS: Need = Need::systems(Permission::SYSTEMS, Level::View);
/// Read the activity log.
pub(crate) const READ_LOG: Need = Need::systems(Permission::ACTIVITY_LOG, Level::View);

/// Whom a caller sees beside themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
enum People {
    /// Everyone of the account.
    Everybody,
    /// The users who have one of these systems; no one where there is none.
    OfSystems(Vec<SystemId>),
    /// No one.
    Nobody,
}

/// What a caller may see of the people and systems of their account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visibility {
    oneself: Option<UserId>,
    people: People,
    /// `None`: every system.
    systems: Option<Vec<SystemId>>,
    now: Timestamp,
}

impl Visibility {
    /// What this caller sees. A program sees what the owner of its key sees.
    pub fn of(app: &App, caller: &Caller) -> Self {
        let people = match (SEE_PEOPLE.met_by(&caller.levels()), caller.limited_to(SEE_PEOPLE)) {
            (true, None) => People::Everybody,
            (true, Some(own)) => People::OfSystems(own),
            (false, _) => People::Nobody,
        };
        let sees_all_systems = [SEE_PEOPLE, SEE_SYSTEMS].into_iter().any(|need| caller.limited_to(need).is_none());
        Self {
            oneself: caller.principal().map(|principal| principal.user_id),
            people,
            systems: if sees_all_systems { None } else { caller.limited_to(SEE_SYSTEMS) },
            now: app.clock.now(),
        }
    }

    /// Whether the caller may know of this system.
    pub fn shows_system(&self, system: SystemId) -> bool {
        self.systems.as_ref().is_none_or(|own| own.binary_search(&system).is_ok())
    }

    /// The systems that the caller may know of; `None` is every system of the account.
    pub fn systems(&self) -> Option<&[SystemId]> {
        self.systems.as_deref()
    }

    /// Whether the caller sees every user of the account, also those who are deleted.
    pub fn shows_everybody(&self) -> bool {
        self.people == People::Everybody
    }

    /// The systems whose users the caller sees; `None` where they see everyone.
    pub fn people_of(&self) -> Option<&[SystemId]> {
        match &self.people {
            People::Everybody => None,
            People::OfSystems(systems) => Some(systems),
            People::Nobody => Some(&[]),
        }
    }

    /// Those of these users whom the caller sees.
    pub async fn users(&self, tenant: &mut impl Tenant, ids: &[UserId]) -> Result<HashSet<UserId>, Failure> {
        let mut seen: HashSet<UserId> = match &self.people {
            People::Everybody => return Ok(ids.iter().copied().collect()),
            People::OfSystems(systems) if !systems.is_empty() => {
                Users::of(tenant).with_any_system(ids, systems, self.now).await?.into_iter().collect()
            }
            People::OfSystems(_) | People::Nobody => HashSet::new(),
        };
        seen.extend(self.oneself.filter(|oneself| ids.contains(oneself)));
        Ok(seen)
    }

    /// Those of these addresses behind which there is a user whom the caller sees; their own is not looked for.
    pub async fn addresses(
        &self,
        tenant: &mut impl Tenant,
        emails: &[EmailAddress],
    ) -> Result<HashSet<EmailAddress>, Failure> {
        match self.people_of() {
            None => Ok(emails.iter().cloned().collect()),
            Some([]) => Ok(HashSet::new()),
            Some(systems) => {
                Ok(Users::of(tenant).addresses_with_any_system(emails, systems, self.now).await?.into_iter().collect())
            }
        }
    }

    /// Those of these groups that the caller may know of: where they do not see everyone, the ones that give own systems.
    pub async fn groups(&self, tenant: &mut impl Tenant, groups: &[GroupId]) -> Result<Vec<GroupId>, Failure> {
        match self.people_of() {
            None => Ok(groups.to_vec()),
            Some(systems) => Ok(UserList::of(tenant).groups_giving(groups, systems, self.now).await?),
        }
    }

    /// Who granted or invited, where the caller may know it: a user whom they see, the operator, or the server.
    pub(crate) fn giver(seen: &HashSet<UserId>, by: String) -> Option<String> {
        match by.parse::<UserId>() {
            Ok(id) => Some(by).filter(|_| seen.contains(&id)),
            Err(_) => Some(by),
        }
    }

    /// What the caller sees of the activity log; `None` is all of it.
    ///
    /// By P21: the log alone shows what happened to one's own systems; what happened to people needs the permission to
    /// see people, or to see the security of the account. Whoever may take the log away as a file sees all of it.
    pub fn of_log(app: &App, caller: &Caller) -> Option<LogVisibility> {
        let principal = caller.principal()?;
        let levels = caller.levels();
        let reads = |permission, level| levels.reach_of(permission, level) == Some(Reach::Account);
        let reads_log = reads(Permission::ACTIVITY_LOG, Level::View);
        let sees_all_of_people = reads(Permission::USERS, Level::View) || reads(Permission::SECURITY, Level::View);
        if reads(Permission::ACTIVITY_LOG, Level::Allowed) || (reads_log && sees_all_of_people) {
            return None;
        }
        let own = (!principal.all_systems).then(|| principal.systems.to_vec());
        let people = match (SEE_PEOPLE.met_by(&levels), &own) {
            (false, _) => SeenPeople::Nobody,
            (true, None) => SeenPeople::Everybody,
            (true, Some(own)) => SeenPeople::OfSystems(own.clone()),
        };
        let sees_actors = reads_log || sees_all_of_people || people == SeenPeople::Everybody;
        Some(LogVisibility { user: principal.user_id, systems: own, people, sees_actors, now: app.clock.now() })
    }
}
