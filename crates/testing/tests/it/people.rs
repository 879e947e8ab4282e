//! People that tests put into the account without asking the rules.

use domain::email_address::EmailAddress;
use domain::ids::{AccountId, SystemId, UserId};
use domain::password::normalise;
use domain::person_name::PersonName;
use domain::system::{GrantSource, SystemGrant};
use domain::user::{User, UserStatus};
use serde_json::json;
use service::caller::Caller;
use service::entry::Entry;
use service::setup::{new_identity, new_user, salt};
use store::Tenant;
use testing::{ADMIN_PASSWORD, TestApp};

/// The account of the test.
pub async fn account(app: &TestApp) -> AccountId {
    service::authentication::resolve(&app.app, "acme").await.unwrap()
}

/// A user of this role and status with the password of all test people.
pub async fn person(app: &TestApp, email: &str, role: &str, status: UserStatus) -> UserId {
    let hash = app.app.passwords.hash(normalise(ADMIN_PASSWORD), salt(&app.app)).await.unwrap();
    let caller = Caller::operator(account(app).await);
    let mut change = app.app.change_in(&caller, account(app).await).await.unwrap();
    let name = PersonName::parse("Test Person").unwrap();
    let identity = new_identity(&change, EmailAddress::parse(email).unwrap(), Some(name), Some(change.now()));
    let user = User { status, ..new_user(&change, &identity, role.parse().unwrap()) };
    let now = change.now();
    change.identities().insert(std::slice::from_ref(&identity)).await.unwrap();
    change.identities().set_password(identity.id, &hash, now).await.unwrap();
    change.users().insert(std::slice::from_ref(&user)).await.unwrap();
    change.count_in(&user);
    change.commit(Entry::new("user.invited", vec![])).await.unwrap();
    user.id
}

/// Many users of this role and status without a sign-in, in one go.
pub async fn crowd(app: &TestApp, count: usize, role: &str, status: UserStatus) -> Vec<UserId> {
    let caller = Caller::operator(account(app).await);
    let mut change = app.app.change_in(&caller, account(app).await).await.unwrap();
    let (mut identities, mut users) = (Vec::new(), Vec::new());
    for number in 0..count {
        let email = EmailAddress::parse(&format!("{role}{number:05}@crowd.example")).unwrap();
        let identity = new_identity(&change, email, None, None);
        users.push(User { status, ..new_user(&change, &identity, role.parse().unwrap()) });
        identities.push(identity);
    }
    change.identities().insert(&identities).await.unwrap();
    change.users().insert(&users).await.unwrap();
    users.iter().for_each(|user| change.count_in(user));
    change.commit(Entry::new("user.invited", vec![])).await.unwrap();
    users.into_iter().map(|user| user.id).collect()
}

/// An active user of this role.
pub async fn active(app: &TestApp, email: &str, role: &str) -> UserId {
    person(app, email, role, UserStatus::Active).await
}

/// A system of this name.
pub async fn system(app: &TestApp, name: &str) -> String {
    let made = app.admin().post("/systems", json!({ "name": name, "platform": "web" })).await.ok(201);
    made["id"].as_str().unwrap().to_owned()
}

/// Gives a user a system.
pub async fn grant(app: &TestApp, user: UserId, system: &str) {
    let caller = Caller::operator(account(app).await);
    let mut change = app.app.change_in(&caller, account(app).await).await.unwrap();
    let grant = SystemGrant {
        user_id: user,
        system_id: system.parse::<SystemId>().unwrap(),
        source: GrantSource::Invitation,
        source_id: String::new(),
        role_id: None,
        granted_by: "operator".to_owned(),
        granted_at: change.now(),
        starts_at: None,
        ends_at: None,
    };
    change.system_grants().insert(&[grant]).await.unwrap();
    change.commit(Entry::new("user.changed", vec![])).await.unwrap();
}

/// The actions of the activity log in their order, from the entry after `from`.
pub async fn log(app: &TestApp, from: i64) -> Vec<String> {
    let mut tx = app.app.db.read().await.unwrap();
    let mut bound = service::authentication::InAccount { tx: &mut tx, account: account(app).await };
    bound.events().after(from, 1_000).await.unwrap().into_iter().map(|entry| entry.event.action).collect()
}

/// How many entries the activity log has.
pub async fn log_length(app: &TestApp) -> i64 {
    i64::try_from(log(app, 0).await.len()).unwrap()
}

/// The mails that were promised, as `kind -> recipient`.
pub async fn mails(app: &TestApp) -> Vec<String> {
    let mut tx = app.app.db.read().await.unwrap();
    let mut mails = store::outbox::Outbox(&mut tx).latest(1_000).await.unwrap();
    mails.reverse();
    mails.into_iter().map(|mail| format!("{} -> {}", mail.kind, mail.recipient)).collect()
}
