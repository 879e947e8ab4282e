//! Headers: an operation heeds those that it declares and no others. What answers carry is checked with every answer.

use testing::{Client, Ground, TestApp, both_engines, operations, recipes};

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

#[both_engines]
async fn if_match_is_heeded_by_the_operations_that_declare_it_and_by_no_other(app: TestApp) {
    let ground = Ground::new(&app, "alpha").await;
    let stale = ground.admin.client.with_header("if-match", "\"usr_none.999999\"");
    for operation in operations().into_iter().filter(|operation| operation.has_dry_run()) {
        for recipe in recipes().into_iter().filter(|recipe| recipe.operation == operation.id) {
            let request = ground.request(&app, &operation, &recipe, &ground.admin, &[]).await.as_preview();
            let answer = request.by(&stale).await;
            assert_eq!(answer.status == 412, operation.heeds("If-Match"), "{}: {}", operation.id, answer.text());
        }
    }
    assert!(operations().iter().filter(|operation| operation.heeds("If-Match")).all(testing::Operation::has_dry_run));
}

#[both_engines]
async fn the_tag_of_one_thing_is_refused_for_every_other(app: TestApp) {
    let grounds = [Ground::new(&app, "alpha").await, Ground::new(&app, "beta").await];
    let mut asked = Vec::new();
    for operation in operations().into_iter().filter(|operation| operation.heeds("If-Match")) {
        for recipe in recipes().into_iter().filter(|recipe| recipe.operation == operation.id) {
            for ground in &grounds {
                let request = ground.request(&app, &operation, &recipe, &ground.admin, &[]).await.as_preview();
                let client = &ground.admin.client;
                let has_get = operations().iter().any(|other| other.method == "GET" && other.path == operation.path);
                let (thing, tag) = thing_of(client, &request.path, has_get).await;
                asked.push((client, request, (thing == "/api/v1/me").then(|| client.path("")), thing, tag));
            }
        }
    }
    for (client, request, mine, thing, tag) in &asked {
        for (_, _, theirs, other, seen) in &asked {
            let is_own = (mine, thing) == (theirs, other);
            assert_eq!(is_own, tag == seen, "{thing} has {tag}, {other} has {seen}");
            let answer = request.by(&client.with_header("if-match", seen)).await;
            assert_eq!(answer.status != 412, is_own, "{} with the tag of {other}: {}", request.path, answer.text());
        }
    }
}

/// What a request is about, and its tag: the thing at its address, or the one that it does something to.
async fn thing_of(client: &Client, path: &str, has_get: bool) -> (String, String) {
    let path = path.split('?').next().unwrap();
    let parent = path.rsplit_once('/').unwrap().0;
    for thing in [path, parent].into_iter().skip(usize::from(!has_get)) {
        let answer = client.get(thing).await;
        if !answer.header("etag").is_empty() {
            return (thing.to_owned(), answer.header("etag").to_owned());
        }
    }
    panic!("{path}: nothing there has a tag");
}
