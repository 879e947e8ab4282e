//! Nothing of another account is reached, by whatever id (T1, T2, T3).

use serde_json::{Value, json};
use testing::{
    Answer, Ground, Operation, Recipe, Snapshot, TestApp, both_engines, operations, placeholders, recipes, unknown_like,
};

fn of_accounts() -> Vec<(Operation, Recipe)> {
    let mut found = Vec::new();
    for operation in operations().into_iter().filter(|operation| !operation.is_public()) {
        for recipe in recipes().into_iter().filter(|recipe| recipe.operation == operation.id) {
            found.push((operation.clone(), recipe));
        }
    }
    found
}

/// What names something that has an id.
fn names_a_thing(name: &str) -> bool {
    !matches!(name, "account" | "fresh" | "token" | "password" | "user_email")
}

/// What is tried where a request has this name in braces: every id of its kind, and one of another kind, each time the next one.
fn tried<'a>(ids: &'a [(&'a str, String)], name: &str, turn: usize) -> Vec<&'a (&'a str, String)> {
    let name = name.trim_end_matches(|last: char| last.is_ascii_digit());
    let of_kind = |(kind, _): &&(&str, String)| kind.split(' ').any(|word| word == name);
    let (mut found, others): (Vec<_>, Vec<_>) = ids.iter().partition(of_kind);
    assert!(!found.is_empty(), "no foreign id for {{{name}}}; add one to Ground::ids");
    found.push(others[turn % others.len()]);
    found
}

/// The answer without what may differ: the request's own id, and the id that was asked for.
fn alike(answer: &Answer, asked: &str) -> (u16, Value) {
    let mut body = answer.json();
    if let Some(body) = body.as_object_mut() {
        body.remove("request_id");
    }
    (answer.status.as_u16(), serde_json::from_str(&body.to_string().replace(asked, "ASKED")).unwrap_or(json!(null)))
}

#[both_engines]
async fn t1_a_foreign_id_in_a_path_gets_the_same_404_as_an_unknown_one(app: TestApp) {
    let (ours, theirs) = (Ground::new(&app, "alpha").await, Ground::new(&app, "beta").await);
    let (ids, before, mut turns) = (theirs.ids(), Snapshot::of(&app).await, 0);
    for (operation, recipe) in of_accounts() {
        for name in placeholders(&operation.path).iter().filter(|name| names_a_thing(name)) {
            for (kind, foreign) in tried(&ids, name, turns) {
                let unknown = unknown_like(&app, foreign);
                let mut answers = Vec::new();
                for id in [foreign, &unknown] {
                    let request = ours.request(&app, &operation, &recipe, &ours.admin, &[(name, id)]).await;
                    let answer = request.by(&ours.admin.client).await;
                    assert_eq!(answer.status, 404, "{}: {kind} for {{{name}}}: {}", operation.id, answer.text());
                    answers.push(alike(&answer, id));
                }
                assert_eq!(answers[0], answers[1], "{}: {kind} for {{{name}}}", operation.id);
            }
            turns += 1;
        }
    }
    assert!(turns > ids.len(), "not every other kind had its turn: {turns}");
    before.assert_same(&Snapshot::of(&app).await, "requests with foreign ids in paths");
}

#[both_engines]
async fn t1_t3_a_foreign_id_in_a_query_or_body_is_answered_like_an_unknown_one_and_nothing_is_applied(app: TestApp) {
    let (ours, theirs) = (Ground::new(&app, "alpha").await, Ground::new(&app, "beta").await);
    let (ids, before, mut turns) = (theirs.ids(), Snapshot::of(&app).await, 0);
    for (operation, recipe) in of_accounts() {
        let inside = format!("{}{}", recipe.query, recipe.body);
        for name in placeholders(&inside).iter().filter(|name| names_a_thing(name)) {
            for (kind, foreign) in tried(&ids, name, turns) {
                let unknown = unknown_like(&app, foreign);
                let mut answers = Vec::new();
                for id in [foreign, &unknown] {
                    let request = ours.request(&app, &operation, &recipe, &ours.admin, &[(name, id)]).await;
                    let answer = request.by(&ours.admin.client).await;
                    let what = format!("{}: {kind} for {{{name}}}: {}", operation.id, answer.text());
                    assert!(!answer.status.is_server_error(), "{what}");
                    assert!(!recipe.writes || answer.status.is_client_error(), "{what}");
                    answers.push(alike(&answer, id));
                }
                assert_eq!(answers[0], answers[1], "{}: {kind} for {{{name}}}", operation.id);
            }
            turns += 1;
        }
    }
    assert!(turns > ids.len(), "not every other kind had its turn: {turns}");
    before.assert_same(&Snapshot::of(&app).await, "requests with foreign ids in queries and bodies");
}

#[both_engines]
async fn t2_an_admin_of_one_account_gets_the_answer_of_an_unknown_account_from_every_route_of_another(app: TestApp) {
    let (ours, theirs) = (Ground::new(&app, "alpha").await, Ground::new(&app, "beta").await);
    let (key, _) = app.key_of(&ours.admin.user).await;
    let program = testing::Client::with_key(app.base(), "alpha", &key);
    let before = Snapshot::of(&app).await;
    let mut asked = 0;
    let in_account = |operation: &Operation, recipe: &Recipe| {
        placeholders(&format!("{}{}", operation.path, recipe.body)).contains(&"account".to_owned())
    };
    for (operation, recipe) in of_accounts().iter().filter(|(operation, recipe)| in_account(operation, recipe)) {
        for client in [&ours.admin.client, &program] {
            let mut answers = Vec::new();
            let unknown = unknown_like(&app, &theirs.account.to_string());
            for account in [&theirs.slug, &theirs.account.to_string(), &unknown, "no-such-account", "ADMIN", "%00"] {
                let request = theirs.request(&app, operation, recipe, &theirs.admin, &[("account", account)]).await;
                answers.push((account.to_owned(), alike(&request.by(client).await, account)));
            }
            for (account, answer) in &answers {
                assert_eq!(answer.0, 404, "{} in {account}: {}", operation.id, answer.1);
                assert_eq!(*answer, answers[2].1, "{} in {account}", operation.id);
            }
            asked += 1;
        }
    }
    assert!(asked > 0);
    before.assert_same(&Snapshot::of(&app).await, "requests of the admin of another account");
}
