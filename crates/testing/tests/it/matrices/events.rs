//! Every mutating route writes exactly one entry into the log of its account; nothing else writes any (D8), and no secret
//! is in one (I5).

use serde_json::Value;
use testing::{Ground, Operation, Recipe, Snapshot, TestApp, both_engines, fresh, operations, recipes, secrets};

/// How many operations are tried in one installation. Everything in it is compared, and each adds an account: in one installation for all
/// operations the time would grow with their square.
const TOGETHER: usize = 6;

#[both_engines]
async fn d8_every_change_writes_exactly_one_entry_in_its_account_and_a_preview_none(app: TestApp) {
    let (engine, recipes) = (app.app.db.engine(), recipes());
    for some in operations().chunks(TOGETHER) {
        let app = TestApp::start(engine).await.unwrap();
        for operation in some {
            for recipe in recipes.iter().filter(|recipe| recipe.operation == operation.id) {
                one_entry_is_written(&app, operation, recipe).await;
            }
        }
        no_secret_is_stored(&app).await;
        every_chain_is_whole(&app).await;
    }
}

async fn one_entry_is_written(app: &TestApp, operation: &Operation, recipe: &Recipe) {
    let ground = Ground::new(app, &fresh("ground")).await;
    let request = ground.request(app, operation, recipe, &ground.admin, &[]).await;
    let before = Snapshot::of(app).await;
    if operation.has_dry_run() {
        let answer = request.as_preview().by(&ground.admin.client).await;
        assert!(answer.status.is_success(), "{} as a preview: {}", operation.id, answer.text());
        before.assert_same(&Snapshot::of(app).await, &format!("a preview of {}", operation.id));
    }
    let answer = request.by(&ground.admin.client).await;
    assert!(answer.status.is_success(), "{}: {} {}", operation.id, answer.status, answer.text());
    let after = Snapshot::of(app).await;
    let account = ground.account.to_string();
    let written = after.events_of(&account) - before.events_of(&account);
    assert_eq!(
        written,
        usize::from(recipe.writes && !recipe.makes_account),
        "{}: entries: {:#?}",
        operation.id,
        before.difference(&after)
    );
    let all = after.events() - before.events();
    assert_eq!(all, usize::from(recipe.writes), "{}: entries in all accounts", operation.id);
    if !recipe.writes {
        before.assert_same(&after, &operation.id);
    }
}

/// I5: neither entries nor mails that wait nor remembered answers have a token in them.
async fn no_secret_is_stored(app: &TestApp) {
    let mut tx = app.app.db.read().await.unwrap();
    for statement in [
        "SELECT label || before_json || after_json FROM event_targets",
        "SELECT actor_label || reason FROM events",
        "SELECT message FROM outbox",
        "SELECT COALESCE(body, '') FROM idempotency_keys",
        "SELECT request || COALESCE(result, '') FROM jobs",
    ] {
        let texts: Vec<String> = tx.sql(statement).values().await.unwrap();
        texts.iter().for_each(|text| secrets::assert_none(statement, text));
    }
}

async fn every_chain_is_whole(app: &TestApp) {
    for verdict in service::activity::verification::verify(&app.app, None).await.unwrap() {
        assert_eq!(verdict.broken, None, "{}", verdict.slug);
    }
    let mut tx = app.app.db.read().await.unwrap();
    for statement in ["SELECT before_json FROM event_targets", "SELECT after_json FROM event_targets"] {
        for text in tx.sql(statement).values::<String>().await.unwrap() {
            let value: Value = if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() };
            assert!(value.is_object() || value.is_null(), "{value}");
        }
    }
}
