//! Short ways to the people, and systems of the account that every test starts with.

use domain::core::ids::{SystemId, UserId};
use domain::users::{User, UserStatus};
use store::InAccount;
use store::users::Users;
use testing::{ADMIN_EMAIL, NewPerson, TestApp};

/// A user of this role and status.
pub async fn person(app: &TestApp, email: &str, role: &str, status: UserStatus) -> UserId {
    app.add_person(app.acme().await, NewPerson::new(email, role).who_is(status)).await.id
}

/// An active user of this role.
pub async fn active(app: &TestApp, email: &str, role: &str) -> UserId {
    person(app, email, role, UserStatus::Active).await
}

/// An active user of this role with these systems.
pub async fn assigned(app: &TestApp, email: &str, role: &str, systems: &[SystemId]) -> UserId {
    app.add_person(app.acme().await, NewPerson::new(email, role).with(systems)).await.id
}

/// A system of this name.
pub async fn system(app: &TestApp, name: &str) -> SystemId {
    app.add_system(app.acme().await, name).await
}

/// The user of the first admin.
pub async fn admin(app: &TestApp) -> User {
    let mut tx = app.app.db.read().await.unwrap();
    let mut bound = InAccount { tx: &mut tx, account: app.acme().await };
    Users::of(&mut bound).find_by_email(&ADMIN_EMAIL.parse().unwrap()).await.unwrap().unwrap()
}

/// The id of the first admin.
pub async fn first_admin(app: &TestApp) -> String {
    app.admin().get("/me/accounts").await.ok(200)["items"][0]["user_id"].as_str().unwrap().to_owned()
}
