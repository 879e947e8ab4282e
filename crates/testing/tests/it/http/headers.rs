//! Headers: an operation heeds those that it declares and no others. What answers carry is checked with every answer.

use testing::{Ground, on_both_engines, operations, recipes};

#[test]
fn what_stands_in_the_activity_log_takes_a_reason_and_a_post_of_it_a_key() {
    for operation in operations() {
        let is_told = recipes().iter().any(|recipe| recipe.operation == operation.id && recipe.writes);
        let is_keyed = is_told && operation.method == "POST" && (!operation.is_public() || operation.id == "activate");
        let heeded = (operation.heeds("Portcullis-Reason"), operation.heeds("Idempotency-Key"));
        assert_eq!(heeded, (is_told && !operation.is_public(), is_keyed), "{}", operation.id);
        assert_eq!(operation.heeds("Portcullis-Background"), !operation.is_public(), "{}", operation.id);
    }
}

on_both_engines! {
    async fn if_match_is_heeded_by_the_operations_that_declare_it_and_by_no_other(app: TestApp) {
        let ground = Ground::new(&app, "alpha").await;
        let stale = ground.admin.client.with_header("if-match", "\"999999\"");
        for operation in operations().into_iter().filter(|operation| operation.has_dry_run()) {
            for recipe in recipes().into_iter().filter(|recipe| recipe.operation == operation.id) {
                let request = ground.request(&app, &operation, &recipe, &ground.admin, &[]).await.as_preview();
                let answer = request.by(&stale).await;
                assert_eq!(answer.status == 412, operation.heeds("If-Match"), "{}: {}", operation.id, answer.text());
            }
        }
        assert!(operations().iter().filter(|operation| operation.heeds("If-Match")).all(testing::Operation::has_dry_run));
    }
}
