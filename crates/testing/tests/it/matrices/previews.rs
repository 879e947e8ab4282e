//! A preview is a plan: it is made on a connection for reading, so that it holds up nobody and waits for nobody, and what it says is what
//! happens.

use std::time::Duration;

use domain::core::ids::AccountId;
use domain::users::UserStatus;
use futures_util::future::join_all;
use serde_json::{Value, json};
use store::Tx;
use store::accounts::Accounts;
use testing::{
    Answer, Ground, NewPerson, Operation, Recipe, Request, TestApp, both_engines, fresh, operations, recipes,
};

/// Every good request of an operation that can be previewed.
fn previewed() -> Vec<(Operation, Recipe)> {
    let mut found = Vec::new();
    for operation in operations().into_iter().filter(Operation::has_dry_run) {
        let meant = recipes().into_iter().filter(|recipe| recipe.operation == operation.id);
        found.extend(meant.map(|recipe| (operation.clone(), recipe)));
    }
    assert!(found.len() > 20, "{}", found.len());
    found
}

/// What every change of the account waits for: on SQLite the one writer of the file, on PostgreSQL the account's row.
async fn hold(app: &TestApp, account: AccountId) -> Tx {
    let mut tx = app.app.db.write().await.unwrap();
    Accounts(&mut tx).lock(account).await.unwrap().unwrap();
    tx
}

/// The answers to these requests, all sent at once, while `held` is held. What waits for it is told, after some seconds, that it cannot
/// be served.
async fn answered(requests: &[Request], ground: &Ground, held: &mut Tx) -> Vec<Answer> {
    let asked = requests.iter().map(|request| request.by(&ground.admin.client));
    // A transaction that does nothing for long is ended.
    let mut seconds = tokio::time::interval(Duration::from_secs(1));
    let hold_on = async {
        loop {
            seconds.tick().await;
            Accounts(held).lock(ground.account).await.unwrap().unwrap();
        }
    };
    tokio::select! {
        answers = join_all(asked) => answers,
        _ = hold_on => unreachable!("it is held for ever"),
    }
}

/// An answer without what is new in each: ids, and the fractions of a second that the clock moves with every question.
fn told(answer: &Answer) -> Value {
    let mut told = if answer.text().is_empty() { Value::Null } else { answer.json() };
    forget_new(&mut told, answer.status == 201);
    told
}

fn forget_new(value: &mut Value, is_made: bool) {
    match value {
        Value::Object(fields) => {
            // Absent in a preview.
            fields.remove("user_id");
            for (name, field) in fields {
                if name == "id" && is_made {
                    *field = json!("new");
                }
                forget_new(field, is_made);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| forget_new(item, is_made)),
        Value::String(text) if text.starts_with("20") && text.ends_with('Z') => {
            text.truncate("2030-01-01T00:00:00".len())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[both_engines]
async fn u29_a_preview_is_answered_while_another_change_holds_the_account(app: TestApp) {
    let ground = Ground::new(&app, &fresh("ground")).await;
    let (mut names, mut requests) = (Vec::new(), Vec::new());
    for (operation, recipe) in previewed() {
        requests.push(ground.request(&app, &operation, &recipe, &ground.admin, &[]).await.as_preview());
        names.push(operation.id);
    }
    // What is written at the first input in an account is written before.
    ground.admin.client.get("/systems").await.ok(200);
    let mut held = hold(&app, ground.account).await;
    let answers = answered(&requests, &ground, &mut held).await;
    drop(held);
    let waiting = names.iter().zip(answers).filter(|(_, answer)| !answer.status.is_success());
    let waiting: Vec<String> = waiting.map(|(name, answer)| format!("{name}: {}", answer.text())).collect();
    assert!(waiting.is_empty(), "{} of {} previews wait for the change: {waiting:#?}", waiting.len(), names.len());
}

#[both_engines]
async fn u29_a_preview_says_what_happens(app: TestApp) {
    for (operation, recipe) in previewed() {
        let ground = Ground::new(&app, &fresh("ground")).await;
        let request = ground.request(&app, &operation, &recipe, &ground.admin, &[]).await;
        let preview = request.as_preview().by(&ground.admin.client).await;
        let done = request.by(&ground.admin.client).await;
        assert!(
            preview.status.is_success() && done.status.is_success(),
            "{}: {} {}",
            operation.id,
            preview.text(),
            done.text()
        );
        assert_eq!(told(&preview), told(&done), "{} {:?}", operation.id, request.body);
    }
}

#[both_engines]
async fn u29_a_preview_of_ten_thousand_users_is_answered_while_another_change_holds_the_account(app: TestApp) {
    let ground = Ground::new(&app, &fresh("ground")).await;
    let person =
        |number: usize| NewPerson::new(&format!("p{number}@many.example"), "translator").who_is(UserStatus::Active);
    let people: Vec<NewPerson> = (0..10_000).map(person).collect();
    app.add_people(ground.account, &people).await;
    ground.admin.client.get("/systems").await.ok(200);
    let mut held = hold(&app, ground.account).await;
    let whom = json!({ "q": "many.example" });
    let preview = |body| Request {
        method: "POST".parse().unwrap(),
        path: "/users/bulk?dry_run=true".to_owned(),
        body: Some(body),
        file: &[],
    };
    let requests = [
        preview(json!({ "action": "disable", "filter": whom })),
        preview(json!({ "action": "set_role", "role_id": "builder", "filter": whom })),
        preview(json!({ "action": "add_systems", "systems": [ground.systems[0]], "filter": whom })),
    ];
    let answers = answered(&requests, &ground, &mut held).await;
    for (answer, request) in answers.into_iter().zip(&requests) {
        let told = answer.ok(200);
        assert_eq!((&told["applies"], &told["changed"]), (&json!(true), &json!(10_000)), "{:?}", request.body);
    }
    drop(held);
}
