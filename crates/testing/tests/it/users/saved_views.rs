//! Saved views of the list of users.

use serde_json::{Value, json};
use testing::{NewPerson, TestApp, both_engines};

fn names(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|view| view["name"].as_str().unwrap()).collect()
}

#[both_engines]
async fn a_view_follows_its_person_to_another_browser_and_is_nobody_elses(app: TestApp) {
    let acme = app.acme().await;
    let other = app.add_person(acme, NewPerson::new("ana@acme.example", "admin")).await;
    app.admin().post("/views", json!({ "name": "Sleepers", "query": "tab=inactive" })).await.ok(201);
    let saved =
        app.admin().post("/views", json!({ "name": "builders", "query": "role=builder&q=%C3%A9" })).await.ok(201);

    let elsewhere = app.signed_in(testing::ADMIN_EMAIL).await;
    let list = elsewhere.get("/views").await.ok(200);
    assert_eq!(names(&list), ["builders", "Sleepers"]);
    assert_eq!(list["items"][0]["query"], "role=builder&q=%C3%A9");

    let other = app.browser_of("acme", &other).await;
    assert!(names(&other.get("/views").await.ok(200)).is_empty());
    let path = format!("/views/{}", saved["id"].as_str().unwrap());
    other.delete(&path).await.refused(404, "not_found");
    elsewhere.delete(&path).await.ok(204);
    assert_eq!(names(&app.admin().get("/views").await.ok(200)), ["Sleepers"]);
    assert!(app.events().await.ends_with(&["view.deleted".to_owned()]));
}

#[both_engines]
async fn a_view_has_a_name_of_its_own_a_plain_query_and_there_are_not_too_many(app: TestApp) {
    app.admin().post("/views", json!({ "name": "Mine", "query": "" })).await.ok(201);
    let taken =
        app.admin().post("/views", json!({ "name": "MINE", "query": "q=a" })).await.refused(409, "view_name_taken");
    assert_eq!(taken["errors"][0]["pointer"], "/name");
    app.admin().post("/views", json!({ "name": " ", "query": "q=a" })).await.refused(422, "invalid_value");
    app.admin().post("/views", json!({ "name": "Other", "query": "q=\n" })).await.refused(422, "invalid_query");
    for number in 1..50 {
        app.admin().post("/views", json!({ "name": format!("View {number}"), "query": "q=a" })).await.ok(201);
    }
    app.admin().post("/views", json!({ "name": "One more", "query": "q=a" })).await.refused(409, "too_many_views");
}
