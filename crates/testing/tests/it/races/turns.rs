//! Who waits for whom where one account is changed by many at once.

use std::sync::Mutex;
use std::time::Duration;

use domain::access::Need;
use futures_util::future::join_all;
use serde_json::json;
use service::core::caller::Caller;
use store::accounts::Accounts;
use testing::{Engine, NewPerson, TestApp, both_engines};

use super::{caller, lock_waits, person_of};

/// More than there are connections.
const MANY: usize = 24;

async fn admins(app: &TestApp) -> (Caller, Caller) {
    let account = app.acme().await;
    let mut callers = Vec::new();
    for name in ["ben", "eva"] {
        let user = app.add_person(account, NewPerson::new(&format!("{name}@acme.example"), "admin")).await;
        let person = person_of(app, &user).await;
        callers.push(caller(app, &user, &person).await);
    }
    let [ben, eva] = <[Caller; 2]>::try_from(callers).unwrap();
    (ben, eva)
}

#[both_engines]
async fn l4_whoever_asks_for_many_changes_at_once_keeps_nobody_else_of_the_account_waiting(app: TestApp) {
    let (ben, eva) = admins(&app).await;
    let order = Mutex::new(Vec::new());
    let change = async |by: &Caller, name: &'static str| {
        let change = app.app.change(by, Need::Member).await.unwrap();
        order.lock().unwrap().push(name);
        drop(change);
    };
    // All of his are asked for before hers is.
    let asked = (0..MANY).map(|_| (&ben, "ben")).chain([(&eva, "eva")]);
    tokio::task::unconstrained(join_all(asked.map(|(by, name)| change(by, name)))).await;
    let place = order.lock().unwrap().iter().position(|name| *name == "eva").unwrap();
    assert!(place < MANY / 2, "{place}");
}

#[both_engines]
async fn l4_people_who_change_their_own_sign_in_leave_the_connections_to_others(app: TestApp) {
    if app.app.db.engine() == Engine::Sqlite {
        return; // A change there has no connection of its own.
    }
    let account = app.acme().await;
    let mut held = app.app.db.write().await.unwrap();
    Accounts(&mut held).lock(account).await.unwrap();
    let asked = |number| app.admin().patch("/me", json!({ "name": format!("Ada {number}") }));
    let waiting = join_all((0..MANY).map(|number| async move { asked(number).await.ok(200) }));
    let meanwhile = async {
        while lock_waits(&app).await < 2 {}
        for _ in 0..MANY {
            app.admin().get("/users").await.ok(200);
        }
        assert_eq!(lock_waits(&app).await, 2, "the others wait without a connection");
        drop(held);
    };
    let both = async { tokio::join!(waiting, meanwhile) };
    tokio::time::timeout(Duration::from_secs(60), both).await.expect("nobody waits for ever");
}
