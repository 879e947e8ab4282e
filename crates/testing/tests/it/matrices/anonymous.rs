//! Every route without proof, and with proof that is none.

use std::collections::BTreeSet;

use testing::{Ground, Snapshot, TestApp, both_engines, operations, recipes};

#[test]
fn every_operation_has_a_recipe_and_every_recipe_an_operation() {
    let operations: BTreeSet<String> = operations().into_iter().map(|operation| operation.id).collect();
    let recipes: BTreeSet<String> = recipes().into_iter().map(|recipe| recipe.operation.to_owned()).collect();
    let missing: Vec<_> = operations.difference(&recipes).collect();
    assert!(missing.is_empty(), "say in crates/testing/src/recipes.rs how to make a good request of {missing:?}");
    let gone: Vec<_> = recipes.difference(&operations).collect();
    assert!(gone.is_empty(), "there are no such operations any more: {gone:?}");
}

#[test]
fn every_operation_says_who_may_call_it_and_what_it_is() {
    let mut ids = BTreeSet::new();
    for operation in operations() {
        operation.need();
        assert!(!operation.id.is_empty(), "{} {}: no operationId", operation.method, operation.path);
        assert!(ids.insert(operation.id.clone()), "{}: used twice", operation.id);
        for text in ["summary", "description"] {
            assert!(
                operation.description[text].as_str().is_some_and(|text| !text.is_empty()),
                "{}: no {text}",
                operation.id
            );
        }
    }
}

#[both_engines]
async fn a_route_that_is_not_public_is_refused_without_valid_proof(app: TestApp) {
    let ground = Ground::new(&app, "alpha").await;
    let before = Snapshot::of(&app).await;
    let stranger = app.stranger();
    let secret = "A".repeat(43);
    let impostors = [
        (stranger.without_proof(), "sign_in_required"),
        (stranger.with_header("cookie", &format!("__Host-portcullis=pcs_{secret}")), "session_expired"),
        (stranger.with_header("cookie", "__Host-portcullis=pcs_short"), "sign_in_required"),
        (stranger.with_header("authorization", &format!("Bearer pck_{secret}")), "api_key_invalid"),
        (stranger.with_header("authorization", &format!("Bearer pcs_{secret}")), "sign_in_required"),
        (stranger.with_header("authorization", "Basic YWRtaW46YWRtaW4="), "sign_in_required"),
    ];
    for operation in operations().into_iter().filter(|operation| !operation.is_public()) {
        for recipe in recipes().into_iter().filter(|recipe| recipe.operation == operation.id) {
            let request = ground.request(&app, &operation, &recipe, &ground.admin, &[]).await;
            for (impostor, code) in &impostors {
                let answer = request.by(impostor).await;
                let problem = answer.refused(401, code);
                assert!(!answer.header("www-authenticate").is_empty(), "{problem:#}");
            }
        }
    }
    before.assert_same(&Snapshot::of(&app).await, "requests without proof");
}

#[both_engines]
async fn a_public_route_asks_for_no_proof(app: TestApp) {
    for operation in operations().into_iter().filter(testing::Operation::is_public) {
        for recipe in recipes().into_iter().filter(|recipe| recipe.operation == operation.id) {
            let ground = Ground::new(&app, &testing::fresh("ground")).await;
            let request = ground.request(&app, &operation, &recipe, &ground.admin, &[]).await;
            let answer = request.by(&app.stranger()).await;
            assert!(answer.status.is_success(), "{}: {}", operation.id, answer.text());
        }
    }
}
