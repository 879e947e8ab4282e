//! What a page of another site can make the browser of somebody who is signed in do by a plain link or image.

use domain::core::timestamp::Seconds;
use reqwest::Method;
use serde_json::json;
use testing::{Client, Ground, NewPerson, Operation, Snapshot, TestApp, both_engines, operations, recipes};

/// Whether the description says that it leaves an entry in the activity log though it only reads.
fn is_recorded(operation: &Operation) -> bool {
    operation.description["x-recorded"] == true
}

/// As the browser asks because of another site: by an image, and by a link that somebody follows.
fn from_elsewhere(client: &Client) -> Vec<Client> {
    let mut clients = Vec::new();
    for site in ["cross-site", "same-site"] {
        for mode in ["no-cors", "navigate"] {
            clients.push(client.with_header("sec-fetch-site", site).with_header("sec-fetch-mode", mode));
        }
    }
    clients
}

/// The browser asks though nobody did anything on a page of ours; with the code of the refusal.
fn unattended(client: &Client) -> Vec<(Client, &'static str)> {
    let mut clients: Vec<_> = from_elsewhere(client).into_iter().map(|foreign| (foreign, "cross_site")).collect();
    clients.push((client.with_header("origin", "https://evil.example"), "cross_site"));
    clients.push((client.with_header("portcullis-background", "?1"), "account_not_opened"));
    clients.push((
        client.with_header("sec-fetch-site", "same-origin").with_header("sec-fetch-dest", "image"),
        "account_not_opened",
    ));
    clients.push((client.with_header("accept", "image/avif,image/webp,*/*;q=0.8"), "account_not_opened"));
    clients
}

#[test]
fn x5_what_reads_and_leaves_an_entry_says_so() {
    let mut found = 0;
    for recipe in recipes() {
        let operation = operations().into_iter().find(|operation| operation.id == recipe.operation).unwrap();
        let is_recorded_read = operation.method == "GET" && recipe.writes;
        assert_eq!(is_recorded(&operation), is_recorded_read, "{}: x-recorded", operation.id);
        found += usize::from(is_recorded_read);
    }
    assert!(found >= 4, "{found}");
}

#[both_engines]
async fn x5_no_other_site_writes_an_entry_in_somebodys_name_by_a_link(app: TestApp) {
    let ground = Ground::new(&app, "alpha").await;
    let admin = &ground.admin.client;
    let (secret, _) = app.key_of(&ground.admin.user).await;
    let program = admin.without_proof().with_header("authorization", &format!("Bearer {secret}"));
    for operation in operations().into_iter().filter(is_recorded) {
        for recipe in recipes().into_iter().filter(|recipe| recipe.operation == operation.id) {
            let request = ground.request(&app, &operation, &recipe, &ground.admin, &[]).await;
            let before = Snapshot::of(&app).await;
            for foreign in from_elsewhere(admin) {
                request.by(&foreign).await.refused(403, "cross_site");
                assert_eq!(
                    foreign.send(Method::HEAD, &request.path, None).await.status.as_u16(),
                    403,
                    "{}",
                    operation.id
                );
            }
            before.assert_same(&Snapshot::of(&app).await, &operation.id);
            // Our own pages, addresses that somebody types, and programs.
            for site in ["same-origin", "none"] {
                assert!(
                    request.by(&admin.with_header("sec-fetch-site", site)).await.status.is_success(),
                    "{}",
                    operation.id
                );
            }
            for client in [admin, &program] {
                assert!(request.by(client).await.status.is_success(), "{}", operation.id);
            }
        }
    }
}

#[both_engines]
async fn x5_below_a_path_no_other_site_writes_an_entry_either(app: TestApp) {
    let below = app.served_at("https://example.test/admin").await;
    below.set_cookie("__Host-portcullis", &app.admin().cookie("__Host-portcullis").unwrap());
    let foreign = below.with_header("sec-fetch-site", "cross-site");
    foreign.get("/users/export?format=csv").await.refused(403, "cross_site");
    assert!(below.get("/users/export?format=csv").await.status.is_success());
}

#[both_engines]
async fn who_opened_another_address_of_the_server_is_told_the_right_one(app: TestApp) {
    let proof = json!({ "email": testing::ADMIN_EMAIL });
    for origin in ["http://admin.example.test", "http://plain.example:9420"] {
        let problem = app
            .stranger()
            .with_header("origin", origin)
            .post("/sign-in/identify", proof.clone())
            .await
            .refused(403, "cross_site");
        assert!(problem["detail"].as_str().unwrap().contains("https://admin.example.test"), "{problem}");
        assert_eq!(problem["params"], json!({ "reason": "address", "address": "https://admin.example.test" }));
    }
    // A browser that says what made it ask knows better.
    let foreign =
        app.stranger().with_header("origin", "https://evil.example").with_header("sec-fetch-site", "cross-site");
    assert_eq!(
        foreign.post("/sign-in/identify", proof.clone()).await.refused(403, "cross_site")["params"],
        json!(null)
    );
    let unknown = app.stranger().with_header("origin", "null");
    assert_eq!(unknown.post("/sign-in/identify", proof).await.refused(403, "cross_site")["params"], json!(null));
}

#[both_engines]
async fn x5_a_request_that_another_site_causes_keeps_no_session_alive(app: TestApp) {
    let admin = app.admin();
    for foreign in from_elsewhere(admin) {
        app.pass(Seconds::hours(5));
        foreign.get("/roles").await.ok(200);
        foreign.get("/me").await.ok(200);
    }
    app.pass(Seconds::hours(5));
    admin.get("/roles").await.refused(401, "session_expired");
}

#[both_engines]
async fn x5_a_request_of_our_own_page_and_a_typed_address_do(app: TestApp) {
    for site in ["same-origin", "none", "same-origin"] {
        app.pass(Seconds::hours(20));
        app.admin().with_header("sec-fetch-site", site).get("/roles").await.ok(200);
    }
}

#[both_engines]
async fn x5_only_input_on_our_own_pages_brings_a_session_into_an_account_and_nothing_is_read_there_before(
    app: TestApp,
) {
    let ground = Ground::new(&app, "alpha").await;
    let acme = app.acme().await;
    let here = app.add_person(acme, NewPerson::new(ground.admin.user.email.as_str(), "builder")).await;
    let browser = app.browser_of("acme", &here).await.in_account("alpha");
    let reads = |operation: &Operation| operation.method == "GET" && operation.path.contains("{account}");
    let mut asked = 0;
    for operation in operations().into_iter().filter(reads) {
        for recipe in recipes().into_iter().filter(|recipe| recipe.operation == operation.id) {
            let request = ground.request(&app, &operation, &recipe, &ground.admin, &[]).await;
            let before = Snapshot::of(&app).await;
            for (client, code) in unattended(&browser) {
                let answer = request.by(&client).await;
                // The list of one's accounts shows it to whoever is in one.
                match operation.id.as_str() {
                    "get_logo" => assert_eq!(answer.status.as_u16(), 200),
                    _ => drop(answer.refused(403, code)),
                }
                asked += 1;
            }
            before.assert_same(&Snapshot::of(&app).await, &operation.id);
        }
    }
    assert!(asked > 100, "{asked}");
    let before = Snapshot::of(&app).await;
    let question = json!({ "account": "alpha", "user": here.email, "permission": "content", "level": "view" });
    let background = browser.with_header("portcullis-background", "?1");
    background.post("/check", question.clone()).await.refused(403, "account_not_opened");
    background
        .post("/users", json!({ "emails": ["new@example.com"], "role_id": "builder" }))
        .await
        .refused(403, "account_not_opened");
    browser
        .with_header("if-match", "what")
        .patch("/accounts/alpha", json!({ "name": "New" }))
        .await
        .refused(412, "stale");
    browser.with_header("portcullis-reason", "a\u{85}b").get("/roles").await.refused(400, "invalid_header");
    browser.get("/roles?nonsense=1").await.refused(422, "unknown_parameter");
    browser
        .with_header("sec-fetch-site", "cross-site")
        .post("/users?dry_run=true", json!({}))
        .await
        .refused(403, "cross_site");
    // Their list of accounts, and what is theirs alone, is in no account.
    background.get("/me/accounts").await.ok(200);
    before.assert_same(&Snapshot::of(&app).await, "still nobody came");

    browser.with_header("sec-fetch-site", "same-origin").get("/roles").await.ok(200);
    assert_eq!(
        Snapshot::of(&app).await.events_of(&ground.account.to_string()),
        before.events_of(&ground.account.to_string()) + 1
    );
    background.get("/roles").await.ok(200);
    background.post("/check", question).await.ok(200);
}
