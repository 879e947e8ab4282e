//! Somebody joins an account at the moment in which they change their password elsewhere: each account where they are active hears of
//! it, and in which order the two happened is certain. On PostgreSQL; on SQLite one is written after the other.

use std::time::Duration;

use domain::core::ids::AccountId;
use domain::credentials::link::LinkPurpose;
use domain::users::UserStatus;
use serde_json::json;
use store::Tx;
use store::accounts::Accounts;
use store::sign_in::identities::Identities;
use testing::{ADMIN_PASSWORD, Answer, Client, Engine, NewPerson, TestApp, both_engines};

use super::{accept_as_known, count, lock_waits};

const TOLD: &str = "SELECT COUNT(*) FROM events WHERE account_id = $1 AND action = 'password.changed'";

/// A person of `acme` who is invited to another account: that account, their browser, the token of the invitation.
async fn invited_elsewhere(app: &TestApp) -> (AccountId, Client, String) {
    let other = app.new_account("other").await;
    app.add_person(app.acme().await, NewPerson::new("uma@acme.example", "builder")).await;
    let uma = NewPerson::new("uma@acme.example", "builder").who_is(UserStatus::Provisioned);
    let user = app.add_person(other, uma).await;
    let token = app.links_of(&[user], LinkPurpose::Activation).await.pop().unwrap();
    (other, app.signed_in("uma@acme.example").await, token)
}

async fn change_password(uma: &Client) -> Answer {
    let body = json!({ "current_password": ADMIN_PASSWORD, "new_password": "quiet-harbour-lantern-92" });
    uma.post("/me/password", body).await
}

/// Waits until so many wait for a row.
async fn until_waiting(app: &TestApp, wanted: i64) {
    let wait = async { while lock_waits(app).await < wanted {} };
    tokio::time::timeout(Duration::from_secs(20), wait).await.expect("one waits for the other");
}

async fn writer(app: &TestApp) -> Tx {
    app.app.db.write().await.unwrap()
}

#[both_engines]
async fn x1_an_account_that_is_joined_while_the_change_waits_hears_of_it(app: TestApp) {
    if app.app.db.engine() == Engine::Sqlite {
        return;
    }
    let (other, uma, token) = invited_elsewhere(&app).await;
    let (mut held, account) = (writer(&app).await, app.acme().await);
    Accounts(&mut held).lock(account).await.unwrap();
    let joined = async {
        until_waiting(&app, 1).await;
        accept_as_known(&app.app, &token).await.unwrap();
        drop(held);
    };
    let (answer, ()) = tokio::join!(change_password(&uma), joined);
    answer.ok(204);
    assert_eq!(count(&app, other, TOLD).await, 1);
}

#[both_engines]
async fn x1_nobody_joins_an_account_between_the_plan_of_the_change_and_its_end(app: TestApp) {
    if app.app.db.engine() == Engine::Sqlite {
        return;
    }
    let (other, uma, token) = invited_elsewhere(&app).await;
    let mut held = writer(&app).await;
    let id = Identities(&mut held).find_by_email(&"uma@acme.example".parse().unwrap()).await.unwrap().unwrap().id;
    Identities(&mut held).hold_password(id).await.unwrap();
    let joined = async {
        until_waiting(&app, 1).await;
        accept_as_known(&app.app, &token).await.unwrap();
    };
    let released = async {
        until_waiting(&app, 2).await;
        drop(held);
    };
    let (answer, (), ()) = tokio::join!(change_password(&uma), joined, released);
    answer.ok(204);
    assert_eq!(count(&app, other, TOLD).await, 0, "it is joined afterwards");
}
