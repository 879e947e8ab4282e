//! What a page of another site can make the browser of somebody who is signed in do by a plain link or image.

use domain::timestamp::Seconds;
use reqwest::Method;
use testing::{Client, Ground, Operation, Snapshot, on_both_engines, operations, recipes};

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

#[test]
fn d2_what_reads_and_leaves_an_entry_says_so() {
    let mut found = 0;
    for recipe in recipes() {
        let operation = operations().into_iter().find(|operation| operation.id == recipe.operation).unwrap();
        let is_recorded_read = operation.method == "GET" && recipe.writes;
        assert_eq!(is_recorded(&operation), is_recorded_read, "{}: x-recorded", operation.id);
        found += usize::from(is_recorded_read);
    }
    assert!(found >= 4, "{found}");
}

on_both_engines! {
    async fn d2_no_other_site_writes_an_entry_in_somebodys_name_by_a_link(app: TestApp) {
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
                    assert_eq!(foreign.send(Method::HEAD, &request.path, None).await.status.as_u16(), 403, "{}", operation.id);
                }
                before.assert_same(&Snapshot::of(&app).await, &operation.id);
                // Our own pages, addresses that somebody types, and programs.
                for site in ["same-origin", "none"] {
                    assert!(request.by(&admin.with_header("sec-fetch-site", site)).await.status.is_success(), "{}", operation.id);
                }
                for client in [admin, &program] {
                    assert!(request.by(client).await.status.is_success(), "{}", operation.id);
                }
            }
        }
    }

    async fn d2_below_a_path_no_other_site_writes_an_entry_either(app: TestApp) {
        let below = app.served_at("https://example.test/admin").await;
        below.set_cookie("__Host-portcullis", &app.admin().cookie("__Host-portcullis").unwrap());
        let foreign = below.with_header("sec-fetch-site", "cross-site");
        foreign.get("/users/export?format=csv").await.refused(403, "cross_site");
        assert!(below.get("/users/export?format=csv").await.status.is_success());
    }

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

    async fn x5_a_request_of_our_own_page_and_a_typed_address_do(app: TestApp) {
        for site in ["same-origin", "none", "same-origin"] {
            app.pass(Seconds::hours(20));
            app.admin().with_header("sec-fetch-site", site).get("/roles").await.ok(200);
        }
    }
}
