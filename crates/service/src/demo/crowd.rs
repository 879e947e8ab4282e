//! An account as large as one likes, to see whether everything is as quick with a million people as with thirty.

use domain::access::role::RoleId;
use domain::accounts::Account;
use domain::activity::actions::Action;
use domain::core::email_address::EmailAddress;
use domain::core::failure::{Failure, refuse};
use domain::core::ids::SystemId;
use domain::core::label::Label;
use domain::core::person_name::PersonName;
use domain::core::refusal::Kind;
use domain::core::timestamp::{Seconds, Timestamp};
use domain::sign_in::identity::Identity;
use domain::systems::{GrantSource, GrantedSystem, Platform, SystemGrant};
use domain::users::{LoginMethod, User, UserStatus};
use serde_json::{Value, json};
use store::Tenant;
use store::sign_in::identities::Identities;
use store::systems::SystemGrants;
use store::users::Users;

use super::account::{DemoPerson, LARGE_SLUG, add_account, password_hash};
use super::people::SYSTEMS;
use crate::accounts::account_target;
use crate::core::app::App;
use crate::core::caller::Caller;
use crate::core::change::{Change, Touches, user_target};
use crate::core::entry::Entry;
use crate::installation::setup;
use crate::systems;

/// People in one piece, which is held in memory.
const AT_ONCE: u32 = 10_000;

/// The tables whose indexes are built when all rows are there: row by row they take several times as long.
const FILLED: [&str; 3] = ["identities", "users", "system_grants"];

const FIRST_NAMES: [&str; 32] = [
    "Ada", "Ben", "Chloé", "Dario", "Elif", "Farid", "Greta", "Hugo", "Ines", "Jonas", "Katja", "Luca", "Mira", "Noor",
    "Olga", "Pablo", "Quinn", "Rosa", "Sven", "Tara", "Umut", "Vera", "Wanda", "Xenia", "Yusuf", "Zoë", "Anja",
    "Boris", "Carla", "Deniz", "Emil", "Fenna",
];

const LAST_NAMES: [&str; 32] = [
    "Abel",
    "Bianchi",
    "Castro",
    "Dubois",
    "Eriksen",
    "Fischer",
    "García",
    "Haddad",
    "Ivanov",
    "Jansen",
    "Kowalski",
    "Lindqvist",
    "Moreau",
    "Nguyen",
    "Okafor",
    "Petrov",
    "Quist",
    "Rossi",
    "Schmidt",
    "Tanaka",
    "Ueda",
    "Vogel",
    "Weber",
    "Xu",
    "Yılmaz",
    "Zimmer",
    "Adler",
    "Brandt",
    "Cohen",
    "Dahl",
    "Engel",
    "Ferrari",
];

const ROLES: [&str; 8] = [
    "content_viewer",
    "content_creator",
    "builder",
    "publisher",
    "analyst",
    "translator",
    "content_manager",
    "system_manager",
];

/// Makes the large account with an admin and `users` more people. `progress` hears how many there are.
///
/// # Errors
/// 409 when it is there already.
pub async fn fill(app: &App, users: u32, progress: fn(u32)) -> Result<DemoPerson, Failure> {
    let account = add_account(app, "Large Company", LARGE_SLUG).await?;
    let caller = Caller::operator(account.id);
    let (admin, systems) = found(app, &caller, &account).await?;
    add(app, &caller, &account, &systems, users, progress).await?;
    Ok(admin)
}

async fn found(app: &App, caller: &Caller, account: &Account) -> Result<(DemoPerson, Vec<SystemId>), Failure> {
    let hash = password_hash(app).await?;
    let email = address("admin@large.example")?;
    let mut change = app.change_in(caller, account.id).await?;
    let now = change.now();
    let known = change.new_identity(email);
    let identity = Identity { name: name("Admin of the Large"), email_verified_at: Some(now), ..known };
    let user =
        User { status: UserStatus::Active, activated_at: Some(now), ..change.new_user(&identity, RoleId::admin()) };
    Identities(change.tx()).insert(std::slice::from_ref(&identity)).await?;
    Identities(change.tx()).set_password(identity.id, &hash, now).await?;
    setup::add_founder(&mut change, &user).await?;
    let mut made = Vec::new();
    for name in SYSTEMS {
        let label = Label::parse(name).map_err(|error| refuse(Kind::Invalid, "name", error.to_string()))?;
        made.push(systems::add(&mut change, &label, Platform::Web).await?.id);
    }
    let targets = vec![
        account_target(account, Value::Null, json!({ "name": account.name, "systems": made.len() })),
        user_target(&user, Value::Null, json!({ "role_id": user.role_id })),
    ];
    change.commit(Entry::new(Action::AccountCreated, targets), Touches::Account).await?;
    Ok((DemoPerson { email: user.email.to_string(), role: "Admin".to_owned() }, made))
}

/// Adds people as an import does, in one change: rows, counts and one entry, without a mail.
async fn add(
    app: &App,
    caller: &Caller,
    account: &Account,
    systems: &[SystemId],
    users: u32,
    progress: fn(u32),
) -> Result<(), Failure> {
    let mut change = app.change_in(caller, account.id).await?;
    let dropped = change.tx().drop_indexes(&FILLED).await?;
    let mut done = 0;
    while done < users {
        let numbers = done..users.min(done + AT_ONCE);
        done = numbers.end;
        insert(&mut change, account, systems, numbers).await?;
        progress(done);
    }
    change.tx().restore_indexes(dropped).await?;
    let target = account_target(account, Value::Null, json!({ "users": users }));
    change.commit(Entry::new(Action::AccountDemoFilled, vec![target]), Touches::Account).await
}

async fn insert(
    change: &mut Change<'_>,
    account: &Account,
    systems: &[SystemId],
    numbers: std::ops::Range<u32>,
) -> Result<(), Failure> {
    let mut people = Vec::new();
    for number in numbers.clone() {
        people.push(member(change.app(), account, number)?);
    }
    let (identities, users): (Vec<Identity>, Vec<User>) = people.into_iter().unzip();
    let now = change.now();
    let grants: Vec<SystemGrant> =
        numbers.zip(&users).filter_map(|(number, user)| grant(number, user, systems, now)).collect();
    Identities(change.tx()).insert(&identities).await?;
    Users::of(change).insert(&users).await?;
    SystemGrants::of(change).insert(&grants).await?;
    users.iter().for_each(|user| change.count_in(user));
    Ok(())
}

const fn mix(number: u32) -> u32 {
    number.wrapping_mul(2_654_435_761).rotate_right(7)
}

/// The person of this number: always the same one, all different.
fn member(app: &App, account: &Account, number: u32) -> Result<(Identity, User), Failure> {
    let mixed = mix(number);
    let (first, last) = (pick(&FIRST_NAMES, mixed), pick(&LAST_NAMES, mixed / 32));
    let email =
        address(&format!("person{number}@{}.example", pick(&["large", "north", "south", "labs"], mixed / 1_024)))?;
    let status = match mixed % 20 {
        0 | 1 => UserStatus::Provisioned,
        2 => UserStatus::Inactive,
        3 => UserStatus::Deleted,
        _ => UserStatus::Active,
    };
    let came = app.clock.now().minus(Seconds::minutes(60 + mixed % 1_500_000));
    let activated_at = (status != UserStatus::Provisioned).then(|| came.plus(Seconds::minutes(30)));
    let identity = Identity {
        id: app.new_id(),
        email: email.clone(),
        name: name(&format!("{first} {last}")),
        locale: "en".to_owned(),
        home_account_id: account.id,
        email_verified_at: activated_at,
        created_at: came,
        version: 1,
    };
    let role = pick(&ROLES, mixed / 7).parse().unwrap_or_else(|_| RoleId::admin());
    let user = User {
        id: app.new_id(),
        account_id: account.id,
        identity_id: identity.id,
        email,
        name: identity.name.clone(),
        role_id: role,
        status,
        login_method: LoginMethod::Password,
        sso_id: None,
        created_at: came,
        activated_at,
        last_login_at: activated_at
            .filter(|_| !mixed.is_multiple_of(9))
            .map(|at| at.plus(Seconds::minutes(mixed % 30))),
        credentials_valid_from: came,
        deleted_at: (status == UserStatus::Deleted).then(|| app.clock.now()),
        status_before_deletion: (status == UserStatus::Deleted).then_some(UserStatus::Active),
        version: 1,
    };
    Ok((identity, user))
}

/// One in fifty has all systems, of the others one in three one of their own.
fn grant(number: u32, user: &User, systems: &[SystemId], now: Timestamp) -> Option<SystemGrant> {
    let system_id = if mix(number).is_multiple_of(50) {
        GrantedSystem::All
    } else if number.is_multiple_of(3) {
        let place = usize::try_from(number / 3).unwrap_or_default() % systems.len().max(1);
        GrantedSystem::One(*systems.get(place)?)
    } else {
        return None;
    };
    Some(SystemGrant {
        user_id: user.id,
        system_id,
        source: GrantSource::Import,
        source_id: String::new(),
        role_id: None,
        granted_by: "operator".to_owned(),
        granted_at: now,
        starts_at: None,
        ends_at: None,
    })
}

fn pick<'a>(from: &[&'a str], number: u32) -> &'a str {
    let place = usize::try_from(number).unwrap_or_default() % from.len().max(1);
    from.get(place).copied().unwrap_or_default()
}

fn address(text: &str) -> Result<EmailAddress, Failure> {
    EmailAddress::parse(text).map_err(|error| refuse(Kind::Invalid, "demo", error.to_string()))
}

fn name(text: &str) -> Option<PersonName> {
    PersonName::parse(text).ok()
}
