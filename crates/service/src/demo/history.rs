//! What happened in the small account until today, step by step, each with its entry in the activity log.

use domain::access::role::RoleId;
use domain::accounts::Account;
use domain::activity::Actor;
use domain::activity::actions::Action;
use domain::core::failure::{Failure, refuse};
use domain::core::label::Label;
use domain::core::person_name::PersonName;
use domain::core::refusal::Kind;
use domain::core::timestamp::Seconds;
use domain::invitations::address_list;
use domain::sign_in::identity::Identity;
use domain::sign_in::session::{Assurance, EndedBy};
use domain::systems::{GrantSource, GrantedSystem, Platform, System, SystemGrant};
use domain::users::{User, UserStatus};
use serde_json::{Value, json};
use store::Tenant;
use store::sign_in::identities::Identities;
use store::systems::SystemGrants;
use store::users::Users;

use super::past::{DAYS, Past};
use super::people::{Inhabitant, PEOPLE, SYSTEMS};
use crate::accounts::account_target;
use crate::core::app::App;
use crate::core::caller::Caller;
use crate::core::change::{Change, Touches, user_actor, user_target};
use crate::core::entry::Entry;
use crate::installation::setup;
use crate::invitations::{self, GivenSystems, InviteInput};
use crate::systems;

/// Someone new comes so often.
const DAYS_BETWEEN: u32 = 3;

/// Lives through all of it but the latest invitations. Gives the systems.
pub async fn live_through(
    app: &App,
    clock: &Past,
    account: &Account,
    password_hash: &str,
) -> Result<Vec<System>, Failure> {
    let story = Story { app, caller: Caller::operator(account.id), account, password_hash };
    let mut people = PEOPLE.iter();
    let Some(founder) = people.next() else { return Ok(Vec::new()) };
    let founder = story.found(founder).await?;
    let boss = user_actor(&founder);
    let mut made = Vec::new();
    for (name, platform) in SYSTEMS.iter().zip([Platform::Web, Platform::Web, Platform::Desktop].iter().cycle()) {
        made.push(story.make_system(name, *platform, &boss).await?);
    }
    let mut here = vec![founder];
    let mut people = people.enumerate();
    for day in 1..DAYS {
        clock.move_to(account.created_at.plus(Seconds::days(day)));
        if day % DAYS_BETWEEN == 0
            && let Some((number, person)) = people.next()
        {
            here.extend(story.come_and_go(person, &theirs(person, number, &made), &boss).await?);
        }
        for user in here.iter().zip(0..).filter(|(_, number)| comes_to_work(*number, day)).map(|(user, _)| user) {
            story.sign_in(user, &user_actor(user)).await?;
        }
    }
    Ok(made)
}

/// Five days a week, everyone once in a while.
const fn comes_to_work(number: u32, day: u32) -> bool {
    day % 7 < 5 && (number * 7 + day * 3) % 5 < 2
}

/// Everyone gets others of the systems.
fn theirs(person: &Inhabitant, number: usize, made: &[System]) -> Vec<System> {
    made.iter().cycle().skip(number * 3).take(person.systems).cloned().collect()
}

/// Invites those who have not activated, by the operation that everyone uses.
pub async fn invite_the_latest(app: &App, account: &Account, systems: &[System]) -> Result<(), Failure> {
    let caller = Caller::operator(account.id);
    let latest = PEOPLE.iter().enumerate().filter(|(_, person)| person.status == UserStatus::Provisioned);
    for (number, person) in latest {
        let systems = theirs(person, number, systems).into_iter().map(|system| system.id).collect();
        let wish = InviteInput {
            people: address_list::parse(&person.email()),
            name: PersonName::parse(person.name).ok(),
            role_id: person.role.parse().unwrap_or_else(|_| RoleId::admin()),
            systems: GivenSystems::These(systems),
            note: None,
            skip_invalid: false,
        };
        invitations::invite(app, &caller, wish).await?;
    }
    Ok(())
}

struct Story<'a> {
    app: &'a App,
    caller: Caller,
    account: &'a Account,
    password_hash: &'a str,
}

impl Story<'_> {
    async fn begin(&self) -> Result<Change<'_>, Failure> {
        self.app.change_in(&self.caller, self.account.id).await
    }

    async fn found(&self, person: &Inhabitant) -> Result<User, Failure> {
        let mut change = self.begin().await?;
        let identity = self.identity(&mut change, person).await?;
        let now = change.now();
        let user =
            User { status: UserStatus::Active, activated_at: Some(now), ..change.new_user(&identity, RoleId::admin()) };
        Identities(change.tx()).set_password(identity.id, self.password_hash, now).await?;
        setup::add_founder(&mut change, &user).await?;
        let targets = vec![
            account_target(self.account, Value::Null, json!({ "name": self.account.name })),
            user_target(&user, Value::Null, json!({ "role_id": user.role_id })),
        ];
        change.commit(Entry::new(Action::AccountCreated, targets), Touches::Account).await?;
        Ok(user)
    }

    async fn make_system(&self, name: &str, platform: Platform, by: &Actor) -> Result<System, Failure> {
        let mut change = self.begin().await?;
        let label = Label::parse(name).map_err(|error| refuse(Kind::Invalid, "name", error.to_string()))?;
        let system = systems::add(&mut change, &label, platform).await?;
        let after = json!({ "name": system.name, "platform": system.platform });
        let target = systems::system_target(&system, Value::Null, after);
        change.commit(Entry::new(Action::SystemCreated, vec![target]).by(by.clone()), Touches::Account).await?;
        Ok(system)
    }

    /// Gives the user when they stay.
    async fn come_and_go(&self, person: &Inhabitant, theirs: &[System], boss: &Actor) -> Result<Option<User>, Failure> {
        if person.status == UserStatus::Provisioned {
            return Ok(None);
        }
        let invited = self.invite(person, theirs, boss).await?;
        let user = self.activate(&invited).await?;
        self.sign_in(&user, &user_actor(&user)).await?;
        match person.status {
            UserStatus::Active | UserStatus::Provisioned => return Ok(Some(user)),
            UserStatus::Inactive => self.end(&user, UserStatus::Inactive, Action::UserDisabled, boss).await?,
            UserStatus::Deleted => self.end(&user, UserStatus::Deleted, Action::UserDeleted, boss).await?,
        }
        Ok(None)
    }

    async fn invite(&self, person: &Inhabitant, theirs: &[System], by: &Actor) -> Result<User, Failure> {
        let mut change = self.begin().await?;
        let identity = self.identity(&mut change, person).await?;
        let role = person.role.parse().unwrap_or_else(|_| RoleId::admin());
        let user = change.new_user(&identity, role);
        Users::of(&mut change).insert(std::slice::from_ref(&user)).await?;
        change.count_in(&user);
        let grants: Vec<SystemGrant> = theirs.iter().map(|system| grant(&user, system, by)).collect();
        SystemGrants::of(&mut change).insert(&grants).await?;
        let given: Vec<GrantedSystem> = grants.iter().map(|grant| grant.system_id).collect();
        let target = user_target(&user, Value::Null, invitations::shown(&user, &given));
        change.commit(Entry::new(Action::UserInvited, vec![target]).by(by.clone()), Touches::Account).await?;
        Ok(user)
    }

    async fn activate(&self, invited: &User) -> Result<User, Failure> {
        let mut change = self.begin().await?;
        let now = change.now();
        let user = User {
            status: UserStatus::Active,
            activated_at: Some(now),
            credentials_valid_from: now,
            ..invited.clone()
        };
        Identities(change.tx()).set_password(user.identity_id, self.password_hash, now).await?;
        Identities(change.tx()).verify_email(user.identity_id, now).await?;
        self.write(change, invited, &user, Action::UserActivated, &user_actor(&user)).await
    }

    async fn end(&self, user: &User, status: UserStatus, action: Action, by: &Actor) -> Result<(), Failure> {
        let mut change = self.begin().await?;
        let now = change.now();
        let deleted = status == UserStatus::Deleted;
        let after = User {
            status,
            credentials_valid_from: now,
            deleted_at: deleted.then_some(now),
            status_before_deletion: deleted.then_some(user.status),
            ..user.clone()
        };
        change.revoke(std::slice::from_ref(user), EndedBy::AccessEnded).await?;
        self.write(change, user, &after, action, by).await.map(|_| ())
    }

    async fn write(
        &self,
        mut change: Change<'_>,
        before: &User,
        after: &User,
        action: Action,
        by: &Actor,
    ) -> Result<User, Failure> {
        change.update_user(before, after).await?;
        let target = user_target(after, json!({ "status": before.status }), json!({ "status": after.status }));
        change.commit(Entry::new(action, vec![target]).by(by.clone()), Touches::Account).await?;
        Ok(User { version: after.version + 1, ..after.clone() })
    }

    /// Only the entry and the time of it: no one can use a session of the past.
    async fn sign_in(&self, user: &User, by: &Actor) -> Result<(), Failure> {
        let mut change = self.begin().await?;
        let now = change.now();
        Users::of(&mut change).came_in(user.id, now).await?;
        change.count_sign_in(Assurance::Password);
        let session: domain::core::ids::SessionId = change.new_id();
        let after = json!({ "assurance": Assurance::Password, "session": session.to_string() });
        let target = user_target(user, Value::Null, after);
        change.commit(Entry::new(Action::SessionStarted, vec![target]).by(by.clone()), Touches::Account).await
    }

    async fn identity(&self, change: &mut Change<'_>, person: &Inhabitant) -> Result<Identity, Failure> {
        let refused = |reason: String| refuse(Kind::Invalid, "demo", reason);
        let email = person.email().parse().map_err(|_| refused(person.email()))?;
        let name = PersonName::parse(person.name).map_err(|error| refused(error.to_string()))?;
        let known = change.new_identity(email);
        let identity = Identity { name: Some(name), email_verified_at: Some(change.now()), ..known };
        Identities(change.tx()).insert(std::slice::from_ref(&identity)).await?;
        Ok(identity)
    }
}

fn grant(user: &User, system: &System, by: &Actor) -> SystemGrant {
    SystemGrant {
        user_id: user.id,
        system_id: GrantedSystem::One(system.id),
        source: GrantSource::Invitation,
        source_id: String::new(),
        role_id: None,
        granted_by: by.id.clone(),
        granted_at: user.created_at,
        starts_at: None,
        ends_at: None,
    }
}
