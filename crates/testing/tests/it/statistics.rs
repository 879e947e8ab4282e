//! Figures over time.

use domain::core::timestamp::Seconds;
use domain::users::UserStatus;
use serde_json::{Value, json};
use service::users;
use testing::{NewPerson, TestApp, both_engines};

/// What the latest days say of one status, the latest last.
fn users(figures: &Value, status: &str) -> Vec<i64> {
    let days = figures["days"].as_array().unwrap();
    days.iter().map(|day| day["users"][status].as_i64().unwrap()).collect()
}

fn sign_ins(figures: &Value) -> Vec<i64> {
    let days = figures["days"].as_array().unwrap();
    days.iter().map(|day| day["sign_ins"]["password"].as_i64().unwrap_or(0)).collect()
}

/// Lets half days pass, in which the admin stays signed in.
async fn pass_days(app: &TestApp, days: usize) {
    for _ in 0..days * 2 {
        app.pass(Seconds::hours(12));
        app.admin().get("/me").await.ok(200);
    }
}

async fn figures(app: &TestApp, days: i64) -> Value {
    app.admin().get(&format!("/statistics?days={days}")).await.ok(200)
}

#[both_engines]
async fn status_over_time_is_counted_back_from_the_present_and_days_before_the_account_are_absent(app: TestApp) {
    let acme = app.acme().await;
    let people = [NewPerson::new("ana@acme.example", "builder"), NewPerson::new("bo@acme.example", "builder")];
    let ana = app.add_people(acme, &people).await.remove(0);
    pass_days(&app, 1).await;
    app.admin().post("/users", json!({ "emails": "cy@acme.example", "role_id": "analyst" })).await.ok(201);
    pass_days(&app, 2).await;
    app.admin().post(&format!("/users/{}/disable", ana.id), json!({})).await.ok(200);

    let found = figures(&app, 30).await;
    assert_eq!(users(&found, "active"), [3, 3, 3, 2]);
    assert_eq!(users(&found, "provisioned"), [0, 1, 1, 1]);
    assert_eq!(users(&found, "inactive"), [0, 0, 0, 1]);
    let latest = figures(&app, 2).await;
    assert_eq!(users(&latest, "active"), [3, 2]);
    assert_eq!(latest["days"][1]["day"], found["days"][3]["day"]);
    let role =
        |id: &str| found["roles"].as_array().unwrap().iter().find(|role| role["id"] == id).unwrap()["users"].clone();
    assert_eq!(role("builder"), json!({ "active": 1, "inactive": 1, "provisioned": 0, "deleted": 0 }));
    assert_eq!((&found["seats"]["members"], &found["seats"]["pending"]), (&json!(2), &json!(1)));
}

#[both_engines]
async fn sign_ins_are_counted_on_their_day_and_refused_ones_are_not(app: TestApp) {
    let acme = app.acme().await;
    app.add_person(acme, NewPerson::new("ana@acme.example", "builder")).await;
    let before = sign_ins(&figures(&app, 1).await)[0];
    app.signed_in("ana@acme.example").await;
    app.signed_in("ana@acme.example").await;
    let wrong = json!({ "email": "ana@acme.example", "password": "not the password!" });
    app.stranger().post("/sign-in/password", wrong).await.refused(401, "invalid_credentials");
    pass_days(&app, 1).await;
    app.signed_in("ana@acme.example").await;
    assert_eq!(sign_ins(&figures(&app, 2).await), [before + 2, 1]);
}

#[both_engines]
async fn a_preview_leaves_no_figure_and_only_a_possible_number_of_days_is_answered(app: TestApp) {
    let acme = app.acme().await;
    let ana = app.add_person(acme, NewPerson::new("ana@acme.example", "builder")).await;
    app.admin().post(&format!("/users/{}/disable?dry_run=true", ana.id), json!({})).await.ok(200);
    assert_eq!(users(&figures(&app, 1).await, "active"), [2]);
    for days in [0, -1, 367] {
        app.admin().get(&format!("/statistics?days={days}")).await.refused(422, "out_of_range");
    }
}

#[both_engines]
async fn whoever_sees_own_systems_only_sees_no_figures_of_the_account(app: TestApp) {
    let acme = app.acme().await;
    let system = app.add_system(acme, "Web").await;
    let manager = app.add_person(acme, NewPerson::new("mo@acme.example", "system_manager").with(&[system])).await;
    let browser = app.browser_of("acme", &manager).await;
    browser.get("/users").await.ok(200);
    browser.get("/statistics").await.refused(403, "permission_missing");
}

#[both_engines]
async fn a_purged_user_is_in_the_past_and_not_in_the_present(app: TestApp) {
    let acme = app.acme().await;
    app.add_person(acme, NewPerson::new("ana@acme.example", "builder").who_is(UserStatus::Inactive)).await;
    let list = app.admin().get("/users?status=inactive").await.ok(200);
    app.admin().delete(&format!("/users/{}", list["items"][0]["id"].as_str().unwrap())).await.ok(200);
    app.pass(Seconds::days(31));
    users::status::purge(&app.app, 100).await.unwrap();
    let found = app.signed_in(testing::ADMIN_EMAIL).await.get("/statistics?days=40").await.ok(200);
    assert_eq!(users(&found, "deleted").first(), Some(&1));
    assert_eq!(users(&found, "deleted").last(), Some(&0));
}
