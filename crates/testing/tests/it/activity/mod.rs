//! The activity log: list, details, export, verify.

mod reach;
mod verification;

use domain::activity::actions::Action;
use serde_json::{Value, json};
use testing::{ADMIN_EMAIL, TestApp, both_engines};

use crate::people::{active, assigned, first_admin, system};

fn actions(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|event| event["action"].as_str().unwrap()).collect()
}

async fn disable_and_enable(app: &TestApp, user: &str) {
    app.admin()
        .with_header("portcullis-reason", "spring cleaning")
        .post(&format!("/users/{user}/disable"), json!({}))
        .await
        .ok(200);
    app.admin().post(&format!("/users/{user}/enable"), json!({})).await.ok(200);
}

#[both_engines]
async fn al3_newest_first_with_who_what_when_from_where_and_why(app: TestApp) {
    let ana = active(&app, "ana@acme.example", "builder").await.to_string();
    disable_and_enable(&app, &ana).await;
    let page = app.admin().get("/events").await.ok(200);
    assert_eq!(actions(&page)[..2], ["user.enabled", "user.disabled"]);
    let event = &page["items"][1];
    assert_eq!((&event["actor"]["label"], &event["reason"]), (&json!(ADMIN_EMAIL), &json!("spring cleaning")));
    assert_eq!(event["targets"][0]["id"], json!(ana));
    assert_eq!((&event["target_count"], &event["ip"]), (&json!(1), &json!("127.0.0.1")));
    assert_eq!(page["total"], page["items"][0]["seq"]);
    let detail = app.admin().get(&format!("/events/{}", event["id"].as_str().unwrap())).await.ok(200);
    assert_eq!(detail["targets"][0]["before"]["status"], "active");
    assert_eq!(detail["targets"][0]["after"]["status"], "inactive");
    app.admin().get("/events/evt_00000000000000000000000000").await.refused(404, "not_found");
}

#[both_engines]
async fn al2_filters_by_text_action_actor_target_and_time(app: TestApp) {
    let (ana, bob) = (
        active(&app, "ana@acme.example", "builder").await.to_string(),
        active(&app, "bob@acme.example", "builder").await.to_string(),
    );
    disable_and_enable(&app, &ana).await;
    let middle = app.admin().get("/events?limit=1").await.ok(200)["items"][0]["at"].clone();
    disable_and_enable(&app, &bob).await;
    let admin = first_admin(&app).await;
    let count =
        async |query: &str| app.admin().get(&format!("/events?{query}")).await.ok(200)["total"].as_i64().unwrap();
    assert_eq!(count(&format!("target={ana}&action=user.disabled,user.enabled")).await, 2);
    assert_eq!(count("action=user.disabled").await, 2);
    assert_eq!(count(&format!("actor={admin}&action=user.disabled")).await, 2);
    assert_eq!(count("actor=nobody").await, 0);
    assert_eq!(count("q=SPRING").await, 2);
    assert_eq!(count("q=ana@&action=user.disabled").await, 1);
    assert_eq!(count("q=100%25").await, 0, "the text is no pattern");
    let middle = middle.as_str().unwrap();
    assert_eq!(count(&format!("from={middle}&action=user.disabled,user.enabled")).await, 3);
    assert_eq!(count(&format!("to={middle}&action=user.disabled,user.enabled")).await, 1);
    let words: Vec<&str> = Action::ALL.iter().map(|action| action.word()).collect();
    count(&format!("action={}", words.join(","))).await;
    for wrong in ["from=yesterday", "action=user.vanished", "action=user.disabled,user"] {
        app.admin().get(&format!("/events?{wrong}")).await.refused(422, "invalid_parameter");
    }
    app.admin().get("/events?limit=0").await.refused(422, "out_of_range");
    app.admin().get("/events?cursor=x").await.refused(422, "invalid_cursor");
}

#[both_engines]
async fn al2_a_time_finds_what_was_written_then_also_where_a_clock_was_put_back(app: TestApp) {
    let ana = active(&app, "ana@acme.example", "builder").await.to_string();
    let before = app.admin().get("/events?limit=1").await.ok(200)["items"][0]["at"].clone();
    disable_and_enable(&app, &ana).await;
    let late = "UPDATE events SET at = at - 2000000 WHERE action = 'user.enabled'";
    let mut tx = app.app.db.write().await.unwrap();
    tx.sql(late).run().await.unwrap();
    tx.commit().await.unwrap();
    let at = app.admin().get("/events?limit=1").await.ok(200)["items"][0]["at"].clone();
    assert!(at.as_str() < before.as_str(), "the latest entry has an earlier time");
    let count =
        async |query: &str| app.admin().get(&format!("/events?{query}")).await.ok(200)["total"].as_i64().unwrap();
    let both = "action=user.disabled,user.enabled";
    assert_eq!(count(&format!("from={}&{both}", at.as_str().unwrap())).await, 2);
    assert_eq!(count(&format!("to={}&{both}", before.as_str().unwrap())).await, 1);
}

#[both_engines]
async fn all_pages_together_are_the_log_in_both_directions(app: TestApp) {
    let ana = active(&app, "ana@acme.example", "builder").await.to_string();
    for _ in 0..4 {
        disable_and_enable(&app, &ana).await;
    }
    for query in ["limit=200", "limit=200&q=user", "limit=200&action=user.disabled"] {
        let whole = app.admin().get(&format!("/events?{query}")).await.ok(200);
        let query = query.replace("200", "3");
        let mut last = app.admin().get(&format!("/events?{query}")).await.ok(200);
        let mut forward = last["items"].as_array().unwrap().clone();
        while let Some(next) = last["next_cursor"].as_str().map(str::to_owned) {
            last = app.admin().get(&format!("/events?{query}&cursor={next}")).await.ok(200);
            forward.extend(last["items"].as_array().unwrap().clone());
        }
        assert_eq!(forward, *whole["items"].as_array().unwrap(), "{query}");
        let mut backward = last["items"].as_array().unwrap().clone();
        while let Some(previous) = last["prev_cursor"].as_str().map(str::to_owned) {
            last = app.admin().get(&format!("/events?{query}&cursor={previous}")).await.ok(200);
            backward.splice(0..0, last["items"].as_array().unwrap().clone());
        }
        assert_eq!(backward, forward, "{query}");
    }
}

#[both_engines]
async fn who_is_limited_to_own_systems_sees_these_and_their_users_only(app: TestApp) {
    let account = app.acme().await;
    let (web, shop) = (system(&app, "Web").await, system(&app, "Shop").await);
    let role =
        app.add_role(account, "Watcher", json!({ "activity_log": "view (own)", "manage_users": "view (own)" })).await;
    assigned(&app, "sam@acme.example", role.as_str(), &[web]).await;
    let ana = assigned(&app, "ana@acme.example", "builder", &[web]).await.to_string();
    let eve = assigned(&app, "eve@acme.example", "builder", &[shop]).await.to_string();
    disable_and_enable(&app, &ana).await;
    disable_and_enable(&app, &eve).await;
    let sam = app.signed_in("sam@acme.example").await;
    let page = sam.get("/events?action=user.disabled,user.enabled").await.ok(200);
    assert_eq!((actions(&page).len(), &page["items"][0]["targets"][0]["id"]), (2, &json!(ana)));
    let hidden =
        app.admin().get(&format!("/events?target={eve}&action=user.disabled")).await.ok(200)["items"][0]["id"].clone();
    sam.get(&format!("/events/{}", hidden.as_str().unwrap())).await.refused(404, "not_found");
    sam.get("/events/verify").await.refused(403, "permission_missing");
    sam.get("/events/export").await.refused(403, "permission_missing");
}

#[both_engines]
async fn p21_the_log_alone_shows_what_happened_to_own_systems_and_what_one_did_oneself(app: TestApp) {
    let account = app.acme().await;
    let (web, shop) = (system(&app, "Web").await, system(&app, "Shop").await);
    let ana = assigned(&app, "ana@acme.example", "builder", &[web]).await.to_string();
    disable_and_enable(&app, &ana).await;
    for (id, name) in [(web, "Web pages"), (shop, "Shop floor")] {
        app.admin().patch(&format!("/systems/{id}"), json!({ "name": name })).await.ok(200);
    }
    let all = app.admin().get("/events").await.ok(200)["total"].as_i64().unwrap();
    for (number, (levels, sees_all)) in [
        (json!({ "activity_log": "view" }), false),
        (json!({ "activity_log": "view", "manage_users": "view (own)" }), false),
        (json!({ "activity_log": "view", "manage_users": "view" }), true),
        (json!({ "activity_log": "view", "security": "view" }), true),
        (json!({ "activity_log": "allowed" }), true),
    ]
    .into_iter()
    .enumerate()
    {
        let role = app.add_role(account, &format!("Role {number}"), levels.clone()).await;
        let email = format!("p{number}@acme.example");
        assigned(&app, &email, role.as_str(), &[web]).await;
        let reader = app.signed_in(&email).await;
        let renamed = reader.get("/events?action=system.renamed").await.ok(200);
        let people = reader.get(&format!("/events?target={ana}")).await.ok(200)["total"].as_i64().unwrap();
        let whole = reader.get("/events").await.ok(200)["total"].as_i64().unwrap();
        let labels: Vec<_> = renamed["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|event| event["targets"][0]["label"].as_str().unwrap())
            .collect();
        if sees_all {
            assert_eq!((labels, people), (vec!["Shop floor", "Web pages"], 2), "{levels}");
            assert!(whole > all, "{levels}");
        } else {
            // The renaming and the own sign-in; what was done to Ana, and to the first admin, who has all systems, and that the
            // reader before signed in.
            let (to_ana, shown) = if levels["manage_users"].is_null() { (0, 2) } else { (2, 6) };
            assert_eq!((labels, people, whole), (vec!["Web pages"], to_ana, shown), "{levels}");
            assert_eq!(
                renamed["items"][0]["actor"]["label"], ADMIN_EMAIL,
                "who did it is a part of the log that they may read"
            );
            assert_eq!(
                (&renamed["items"][0]["seq"], reader.get("/events?q=shop").await.ok(200)["total"].as_i64()),
                (&Value::Null, Some(0))
            );
        }
    }
}

#[both_engines]
async fn d1_a_table_of_the_log_has_a_row_per_target_and_no_formula(app: TestApp) {
    let ana = active(&app, "ana@acme.example", "builder").await.to_string();
    app.admin()
        .with_header("portcullis-reason", "=HYPERLINK(1)")
        .post(&format!("/users/{ana}/disable"), json!({}))
        .await
        .ok(200);
    let answer = app.admin().get(&format!("/events/export?format=csv&action=user.disabled&target={ana}")).await;
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"events-acme-2030-01-01.csv\"");
    let table = answer.text();
    let table = table.strip_prefix('\u{FEFF}').expect("a byte order mark");
    let rows: Vec<&str> = table.lines().collect();
    assert_eq!(rows.len(), 2, "{table}");
    assert!(
        rows[0].starts_with("\"seq\",\"id\",\"at (UTC)\",\"action\"")
            && rows[1].contains("\"2030-01-01 0")
            && rows[1].contains("\"'=HYPERLINK(1)\""),
        "{table}"
    );
}
