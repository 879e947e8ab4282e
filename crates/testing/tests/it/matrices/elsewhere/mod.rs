//! D2: an account learns nothing of who has a sign-in elsewhere. The same acts on the same address are done in two
//! installations: in one the person is active in another account, in the other one nobody knows them. Whatever admins of the
//! account can see is alike: previews, answers, lists, logs, files, and how many statements it took.
//!
//! What the account may see is generated from the OpenAPI description: every GET below the account.

mod pair;
mod sessions;

use serde_json::{Value, json};
use testing::{ADMIN_PASSWORD, NewPerson, TestApp, both_engines};

use crate::matrices::elsewhere::pair::{By, EMAIL, Pair};

#[both_engines]
async fn d2_until_they_join_an_account_sees_of_people_with_a_sign_in_elsewhere_what_it_sees_of_others(app: TestApp) {
    let mut pair = Pair::start(app).await;
    let ana = pair.invite().await;
    let path = format!("/users/{ana}");
    pair.look(&ana).await;
    pair.previewed("PATCH", &path, json!({ "name": "Ana", "role_id": "analyst" })).await.ok(200);
    pair.previewed("POST", &format!("{path}/resend"), json!({})).await.ok(200);
    pair.previewed("POST", "/users/bulk", json!({ "action": "resend", "ids": [ana] })).await.ok(200);
    for act in ["disable", "enable", "restore", "reset-password"] {
        pair.previewed("POST", &format!("{path}/{act}"), json!({})).await.refused(409, "wrong_status");
    }
    pair.previewed("DELETE", &format!("{path}/sessions"), Value::Null).await.refused(409, "wrong_status");
    pair.look(&ana).await;
    pair.previewed("DELETE", &path, Value::Null).await.ok(200);
    pair.look(&ana).await;
    pair.previewed("POST", &format!("{path}/restore"), json!({})).await.ok(200);
    pair.previewed("POST", &format!("{path}/revoke"), json!({})).await.ok(204);
    let ana = pair.admin("POST", "/users", json!({ "emails": [EMAIL], "role_id": "builder" })).await.ok(201);
    pair.look(ana["items"][0]["user_id"].as_str().unwrap()).await;
}

#[both_engines]
async fn d2_an_account_sees_nothing_of_what_invited_people_do_elsewhere(app: TestApp) {
    let mut pair = Pair::start(app).await;
    let ana = pair.invite().await;
    let wrong = json!({ "email": EMAIL, "password": "not-the-password!" });
    pair.both("POST", "/sign-in/identify", Some(json!({ "email": EMAIL })), By::Anybody).await;
    pair.both("POST", "/sign-in/password", Some(wrong), By::Anybody).await.refused(401, "invalid_credentials");
    let link = pair.apps[1].latest_link(EMAIL).await;
    assert_eq!(pair.apps[0].latest_link(EMAIL).await, link);
    for (path, asked) in [("/password-resets", json!({ "email": EMAIL })), ("/link-requests", json!({ "token": link }))]
    {
        pair.both("POST", path, Some(asked), By::Anybody).await.ok(202);
        pair.answer_link_requests().await;
    }
    assert_eq!(pair.apps[0].mails().await.iter().filter(|mail| mail.starts_with("password_reset ->")).count(), 1);
    pair.look(&ana).await;
    let known = &pair.apps[0];
    let there = known.signed_in(EMAIL).await;
    there.patch("/me", json!({ "name": "Ana Elsewhere" })).await.ok(200);
    there.delete("/me/sessions").await.ok(200);
    for app in &pair.apps {
        app.world.go_to(5_000);
        service::installation::housekeeping::report_failed_sign_ins(&app.app).await.unwrap();
    }
    pair.second = 6_000;
    pair.look(&ana).await;
}

#[both_engines]
async fn d2_that_somebody_accepted_with_their_own_password_is_seen_by_nobody_else(app: TestApp) {
    let mut pair = Pair::start(app).await;
    let ana = pair.invite().await;
    let browsers = pair.accept().await;
    pair.look(&ana).await;
    let path = format!("/users/{ana}");
    let shown = pair.admin("GET", &path, Value::Null).await.ok(200);
    let sessions = pair.admin("GET", &format!("{path}/sessions"), Value::Null).await.ok(200);
    assert_eq!(
        (&shown["status"], &shown["last_login_at"], &sessions["items"]),
        (&json!("active"), &Value::Null, &json!([]))
    );
    pair.come_in(&browsers).await;
    pair.look(&ana).await;
    let shown = pair.admin("GET", &path, Value::Null).await.ok(200);
    let sessions = pair.admin("GET", &format!("{path}/sessions"), Value::Null).await.ok(200);
    assert_eq!(
        (&shown["last_login_at"], sessions["items"].as_array().unwrap().len()),
        (&sessions["items"][0]["created_at"], 1)
    );
}

#[both_engines]
async fn d2_what_admins_do_to_active_people_tells_nothing_of_who_is_active_elsewhere(app: TestApp) {
    let mut pair = Pair::start(app).await;
    let ana = pair.invite().await;
    let browsers = pair.accept().await;
    pair.come_in(&browsers).await;
    let path = format!("/users/{ana}");
    let acts = [
        ("DELETE", "/sessions"),
        ("POST", "/reset-password"),
        ("POST", "/disable"),
        ("POST", "/enable"),
        ("DELETE", ""),
    ];
    for (method, act) in acts {
        if act != "/enable" {
            let browsers = pair.sign_in().await;
            pair.come_in(&browsers).await;
            pair.look(&ana).await;
            let sessions = pair.session_of(&path).await;
            pair.each("DELETE", sessions.each_ref().map(String::as_str), None, By::Admin).await.ok(204);
            pair.look(&ana).await;
            let browsers = pair.sign_in().await;
            pair.come_in(&browsers).await;
            pair.both("POST", "/password-resets", Some(json!({ "email": EMAIL })), By::Anybody).await.ok(202);
            pair.answer_link_requests().await;
        }
        let given = if method == "POST" { json!({}) } else { Value::Null };
        pair.previewed(method, &format!("{path}{act}"), given).await;
        pair.look(&ana).await;
    }
}

#[both_engines]
async fn d2_what_people_do_to_their_own_sign_in_tells_nothing_of_what_they_have_elsewhere(app: TestApp) {
    let mut pair = Pair::start(app).await;
    let ana = pair.invite().await;
    let changes = |number: u32| {
        let (old, new) =
            [(ADMIN_PASSWORD, "battery-horse-correct"), ("battery-horse-correct", ADMIN_PASSWORD)][number as usize % 2];
        let locale = ["en", "de"][number as usize % 2];
        [
            ("PATCH", "/me", json!({ "locale": locale })),
            ("PATCH", "/me", json!({ "name": format!("Ana {number}") })),
            ("POST", "/me/password", json!({ "current_password": old, "new_password": new })),
        ]
    };
    // First where they did not come to the account yet, then where they did.
    let browsers = pair.accept().await;
    for (number, comes) in [(0, false), (1, true)] {
        if comes {
            pair.come_in(&browsers).await;
        }
        for (method, path, given) in changes(number) {
            pair.do_to_oneself(&browsers, method, path, given).await;
            pair.look(&ana).await;
        }
    }
    pair.do_to_oneself(&browsers, "DELETE", "/me/sessions", Value::Null).await;
    pair.look(&ana).await;
}

#[both_engines]
async fn d2_how_long_a_session_lasts_tells_nothing_of_what_it_did_before_and_beside_the_account(app: TestApp) {
    let mut pair = Pair::start(app).await;
    let ana = pair.invite().await;
    pair.second += 10_000;
    let [_, new] = pair.accept().await;
    // One was made for another account before the invitation, the other by the acceptance; both come here long after that.
    let browsers = [pair.elsewhere.in_account("acme"), new];
    pair.second += 10_000;
    pair.come_in(&browsers).await;
    pair.look(&ana).await;
    // At last she rested here for longer than a day, and not elsewhere.
    for pause in [1_000, 3_000, 5_000, 50_000, 50_000] {
        pair.second += pause;
        pair.apps.iter().for_each(|app| app.world.go_to(pair.second));
        pair.elsewhere.get("/systems").await.ok(200);
        for app in &pair.apps {
            service::installation::housekeeping::save_activity(&app.app).await.unwrap();
        }
        pair.look(&ana).await;
    }
}

#[both_engines]
async fn d2_what_a_preview_says_to_end_is_what_came_here(app: TestApp) {
    let acme = app.acme().await;
    let other = app.new_account("other").await;
    let elsewhere = app.add_person(other, NewPerson::new(EMAIL, "admin")).await;
    let (ana, bob) = (
        app.add_person(acme, NewPerson::new(EMAIL, "builder")).await,
        app.add_person(acme, NewPerson::new("bob@acme.example", "builder")).await,
    );
    for user in [&ana, &bob] {
        app.browser_of("acme", user).await;
    }
    app.browser_of("other", &elsewhere).await;
    for user in [ana.id, bob.id] {
        let sessions = app.admin().get(&format!("/users/{user}/sessions")).await.ok(200);
        assert_eq!(sessions["items"].as_array().unwrap().len(), 1);
        let impact =
            app.admin().post(&format!("/users/{user}/disable?dry_run=true"), json!({})).await.ok(200)["impact"].clone();
        assert_eq!(impact["sessions_ended"], 1, "{user}");
        let ended = app.admin().delete(&format!("/users/{user}/sessions?dry_run=true")).await.ok(200);
        assert_eq!(ended["sessions"], 1, "{user}");
    }
    app.pass(domain::core::timestamp::Seconds::hours(2));
    let admin = app.signed_in(testing::ADMIN_EMAIL).await;
    let shorter = json!({ "settings": { "sessions": { "idle_timeout_seconds": 3_600 } } });
    let effects = admin.patch("/accounts/acme?dry_run=true", shorter).await.ok(200)["effects"].clone();
    assert!(effects[0]["detail"].as_str().unwrap().starts_with("3 sessions of 3 users"), "{effects:#}");
}
