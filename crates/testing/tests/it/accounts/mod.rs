//! The account's name, address and settings.

mod logo;

use domain::core::timestamp::Seconds;
use domain::users::UserStatus;
use serde_json::{Value, json};
use testing::{ADMIN_EMAIL, NewPerson, TestApp, both_engines};

/// The newest entry of the log, as `action`, `before` and `after`.
pub async fn last_event(app: &TestApp) -> (String, Value, Value) {
    let account = app.acme().await;
    let mut tx = app.app.db.read().await.unwrap();
    let found: Option<(String, String, String)> = tx
        .sql(
            "SELECT e.action, t.before_json, t.after_json FROM events e \
             JOIN event_targets t ON t.account_id = e.account_id AND t.seq = e.seq AND t.place = 0 \
             WHERE e.account_id = $1 ORDER BY e.seq DESC LIMIT 1",
        )
        .bind(&account)
        .one()
        .await
        .unwrap();
    let (action, before, after) = found.unwrap();
    let json = |text: String| serde_json::from_str(&text).unwrap_or(Value::Null);
    (action, json(before), json(after))
}

/// How many entries the log has.
pub async fn event_count(app: &TestApp) -> i64 {
    let account = app.acme().await;
    let mut tx = app.app.db.read().await.unwrap();
    tx.sql("SELECT event_count FROM accounts WHERE id = $1").bind(&account).value().await.unwrap()
}

fn codes(answer: &Value) -> Vec<&str> {
    answer["effects"].as_array().unwrap().iter().map(|effect| effect["code"].as_str().unwrap()).collect()
}

#[both_engines]
async fn the_accent_color_is_a_color_is_known_to_its_people_and_can_be_taken_away(app: TestApp) {
    let color = |color: Value| json!({ "settings": { "branding": { "accent_color": color } } });
    for bad in ["red", "#fff", "#4c58d3;color:red"] {
        let refused = app.admin().patch("/accounts/acme", color(json!(bad))).await.refused(422, "invalid_settings");
        assert_eq!(refused["errors"][0]["pointer"], "/settings/branding/accent_color");
    }
    app.admin().patch("/accounts/acme", color(json!("#0A7F3F"))).await.ok(200);
    assert_eq!(app.admin().get("/me/accounts").await.ok(200)["items"][0]["accent_color"], "#0a7f3f");
    app.admin().patch("/accounts/acme", color(Value::Null)).await.ok(200);
    assert_eq!(app.admin().get("/accounts/acme").await.ok(200)["settings"]["branding"]["accent_color"], Value::Null);
}

#[both_engines]
async fn settings_change_one_by_one_and_the_log_tells_exactly_which(app: TestApp) {
    let before = app.admin().get("/accounts/acme").await;
    let seen = before.ok(200);
    assert_eq!(seen["settings"]["sessions"]["idle_timeout_seconds"], 86_400);
    assert_eq!(seen["seats"], json!({ "active": 1, "pending": 0, "taken": 1, "left": null }));

    let patch =
        json!({ "name": "Acme Corp", "settings": { "seats": { "limit": 40 }, "passwords": { "min_length": 14 } } });
    let answer =
        app.admin().with_header("if-match", before.header("etag")).patch("/accounts/acme", patch.clone()).await;
    let changed = answer.ok(200);

    assert_eq!(changed["account"]["name"], "Acme Corp");
    assert_eq!(changed["account"]["settings"]["passwords"], json!({ "min_length": 14, "min_special": 1 }));
    assert_eq!(codes(&changed), ["new_passwords_only"]);
    let (action, was, is) = last_event(&app).await;
    assert_eq!(action, "account.changed");
    assert_eq!(
        was,
        json!({ "name": "Acme", "settings": { "seats": { "limit": null }, "passwords": { "min_length": 10 } } })
    );
    assert_eq!(
        is,
        json!({ "name": "Acme Corp", "settings": { "seats": { "limit": 40 }, "passwords": { "min_length": 14 } } })
    );

    app.admin()
        .with_header("if-match", before.header("etag"))
        .patch("/accounts/acme", patch.clone())
        .await
        .refused(412, "stale");
    let events = event_count(&app).await;
    assert_eq!(
        app.admin().with_header("if-match", answer.header("etag")).patch("/accounts/acme", patch).await.ok(200)["effects"],
        json!([])
    );
    assert_eq!(event_count(&app).await, events, "what is so already is not written again");

    let unlimited =
        app.admin().patch("/accounts/acme", json!({ "settings": { "seats": { "limit": null } } })).await.ok(200);
    assert_eq!(unlimited["account"]["settings"]["seats"]["limit"], Value::Null);
}

#[both_engines]
async fn the_description_says_the_ranges_that_hold(app: TestApp) {
    let description = serde_json::to_value(web::description()).unwrap();
    let parts = &description["components"]["schemas"]["AccountSettingsPatch"]["properties"];
    let mut found = 0;
    for (part, schema) in parts.as_object().unwrap() {
        for (name, field) in schema["properties"].as_object().unwrap() {
            let (Some(least), Some(most)) = (field["minimum"].as_i64(), field["maximum"].as_i64()) else { continue };
            found += 1;
            // Others stand at their widest, so that only this one is judged.
            for (value, fits) in [(least, true), (most, true), (least - 1, false), (most + 1, false)] {
                let mut settings =
                    json!({ "sessions": { "max_length_seconds": 7_776_000, "idle_timeout_seconds": 300 } });
                settings[part][name] = json!(value);
                let answer = app.admin().patch("/accounts/acme?dry_run=true", json!({ "settings": settings })).await;
                assert_eq!(answer.status.as_u16(), if fits { 200 } else { 422 }, "{name} {value}: {}", answer.text());
            }
        }
    }
    assert_eq!(found, 7);
}

#[both_engines]
async fn a_change_is_a_merge_patch_under_its_own_type_too(app: TestApp) {
    let send = |kind: &'static str| {
        let body = json!({ "settings": { "seats": { "limit": 7 } } }).to_string();
        let admin = app.admin();
        async move { admin.send_raw(reqwest::Method::PATCH, "/accounts/acme?dry_run=true", kind, body).await }
    };
    for kind in ["application/merge-patch+json", "application/json; charset=utf-8"] {
        assert_eq!(send(kind).await.ok(200)["account"]["settings"]["seats"]["limit"], 7);
    }
    send("application/json-patch+json").await.refused(415, "unsupported_media_type");
}

#[both_engines]
async fn a_setting_that_is_younger_than_the_account_has_its_default(app: TestApp) {
    let acme = app.acme().await;
    let mut tx = app.app.db.write().await.unwrap();
    let stored = r#"{"seats":{"limit":9},"branding":{}}"#;
    tx.sql("UPDATE accounts SET settings = $2 WHERE id = $1").bind(&acme).bind(stored).run().await.unwrap();
    tx.commit().await.unwrap();
    let settings = &app.admin().get("/accounts/acme").await.ok(200)["settings"];
    assert_eq!(settings["seats"], json!({ "limit": 9, "mode": "hard", "counted_from": "invitation" }));
    assert_eq!(settings["links"], json!({ "activation_seconds": 604_800, "password_reset_seconds": 28_800 }));
}

#[both_engines]
async fn every_setting_outside_its_range_is_named_and_nothing_changes(app: TestApp) {
    let before = app.admin().get("/accounts/acme").await.ok(200);
    let wish = json!({ "settings": { "sessions": { "idle_timeout_seconds": 10, "max_length_seconds": 9_999_999 }, "passwords": { "min_length": 4 } } });
    let problem = app.admin().patch("/accounts/acme", wish).await.refused(422, "invalid_settings");
    let pointers: Vec<_> =
        problem["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect();
    assert_eq!(
        pointers,
        [
            "/settings/sessions/idle_timeout_seconds",
            "/settings/sessions/max_length_seconds",
            "/settings/passwords/min_length"
        ]
    );

    let problem = app
        .admin()
        .patch("/accounts/acme", json!({ "settings": { "sessions": { "max_length_seconds": 3_600 } } }))
        .await
        .refused(422, "invalid_settings");
    assert_eq!(problem["errors"][0]["code"], "idle_timeout_too_long");
    for (wish, pointer) in [
        (json!({ "slug": "Not A Slug" }), "/slug"),
        (json!({ "name": "Acme\nBcc: eve@evil.example" }), "/name"),
        (json!({ "name": null }), "/name"),
        (json!({ "slug": null }), "/slug"),
        (json!({ "settings": null }), "/settings"),
        (json!({ "settings": [] }), "/settings"),
    ] {
        let problem = app.admin().patch("/accounts/acme", wish).await.refused(422, "invalid_value");
        assert_eq!(problem["errors"][0]["pointer"], pointer);
    }
    for (settings, pointer, code) in [
        (json!({ "seats": { "limit": -1 } }), "/seats/limit", "invalid_value"),
        (json!({ "seats": { "mode": "steel" } }), "/seats/mode", "invalid_value"),
        (json!({ "seats": { "mode": null } }), "/seats/mode", "invalid_value"),
        (json!({ "seats": null }), "/seats", "invalid_value"),
        (json!({ "seats": 4 }), "/seats", "invalid_value"),
        (json!({ "passwords": [10, 1] }), "/passwords", "invalid_value"),
        (json!({ "links": { "activation_seconds": null } }), "/links/activation_seconds", "invalid_value"),
        (json!({ "chairs": { "limit": 4 } }), "/chairs", "unknown_field"),
        (json!({ "seats": { "most": 4 } }), "/seats/most", "unknown_field"),
        (json!({ "seats": { "limit": 4, "most": null } }), "/seats/most", "unknown_field"),
    ] {
        let patch = json!({ "name": "Half", "settings": settings });
        let problem = app.admin().patch("/accounts/acme", patch).await.refused(422, "invalid_settings");
        let (at, why) = (&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]);
        assert_eq!((at, why), (&json!(format!("/settings{pointer}")), &json!(code)));
    }
    let account = app.admin().get("/accounts/acme").await.ok(200);
    assert_eq!((&account["name"], &account["settings"]), (&before["name"], &before["settings"]));
}

#[both_engines]
async fn t6_a_new_address_works_at_once_the_old_one_is_dead_and_a_taken_one_is_refused(app: TestApp) {
    app.new_account("globex").await;
    app.admin().get("/accounts/acme").await.ok(200);
    let taken = app.admin().patch("/accounts/acme", json!({ "slug": "globex" })).await.refused(409, "slug_taken");
    assert_eq!(taken["errors"][0]["pointer"], "/slug");

    let changed = app.admin().patch("/accounts/acme", json!({ "slug": "acme-corp" })).await.ok(200);

    assert_eq!(codes(&changed), ["slug_changes"]);
    app.admin().get("/accounts/acme").await.refused(404, "not_found");
    assert_eq!(app.admin().get("/accounts/acme-corp").await.ok(200)["slug"], "acme-corp");
    let id = changed["account"]["id"].as_str().unwrap();
    app.admin().get(&format!("/accounts/{id}")).await.ok(200);
}

#[both_engines]
async fn si5_a_shorter_idle_time_shows_whom_it_signs_out_and_does_so_at_once(app: TestApp) {
    let idle = app.signed_in(ADMIN_EMAIL).await;
    app.pass(Seconds::hours(2));
    let awake = app.signed_in(ADMIN_EMAIL).await;
    let wish = json!({ "settings": { "sessions": { "idle_timeout_seconds": 3_600 } } });

    let preview = awake.patch("/accounts/acme?dry_run=true", wish.clone()).await;
    let shown = preview.ok(200);

    assert_eq!(codes(&shown), ["sessions_end"]);
    assert_eq!(shown["effects"][0]["users"], 1);
    assert_eq!(shown["effects"][0]["params"], json!({ "sessions": 2, "users": 1 }));
    assert!(shown["effects"][0]["detail"].as_str().unwrap().starts_with("2 sessions of 1 users"), "{shown:#}");
    assert_eq!(preview.header("etag"), awake.get("/accounts/acme").await.header("etag"), "a preview changes nothing");
    idle.get("/roles").await.ok(200);

    app.pass(Seconds::hours(2));
    let awake = app.signed_in(ADMIN_EMAIL).await;
    awake.patch("/accounts/acme", wish).await.ok(200);
    idle.get("/roles").await.refused(401, "session_expired");
    awake.get("/roles").await.ok(200);
}

#[both_engines]
async fn d10_a_limit_below_the_taken_seats_says_what_it_does_and_takes_nobodys_access(app: TestApp) {
    let acme = app.acme().await;
    app.add_people(
        acme,
        &[
            NewPerson::new("ana@acme.example", "builder"),
            NewPerson::new("bo@acme.example", "builder").who_is(UserStatus::Provisioned),
            NewPerson::new("cy@acme.example", "builder").who_is(UserStatus::Inactive),
        ],
    )
    .await;

    let shown = app
        .admin()
        .patch("/accounts/acme?dry_run=true", json!({ "settings": { "seats": { "limit": 1 } } }))
        .await
        .ok(200);

    assert_eq!(shown["account"]["seats"], json!({ "active": 2, "pending": 1, "taken": 3, "left": 0 }));
    assert_eq!(codes(&shown), ["over_seat_limit"]);
    assert_eq!(shown["effects"][0]["users"], 2);
    assert_eq!(shown["effects"][0]["params"], json!({ "taken": 3, "limit": 1, "reason": "hard" }));
    let soft = json!({ "settings": { "seats": { "limit": 1, "mode": "soft", "counted_from": "activation" } } });
    let shown = app.admin().patch("/accounts/acme?dry_run=true", soft).await.ok(200);
    assert_eq!(shown["effects"][0]["users"], 1);
    assert_eq!(shown["account"]["seats"]["left"], Value::Null);
    assert_eq!(app.admin().get("/accounts/acme").await.ok(200)["settings"]["seats"]["limit"], Value::Null);
}

#[both_engines]
async fn si1_nobody_but_those_who_hold_security_sees_or_changes_the_settings(app: TestApp) {
    let acme = app.acme().await;
    let looker = app.add_role(acme, "Auditor", json!({ "security": "view" })).await;
    for (email, role, see) in [
        ("sy@acme.example", "system_manager", 403),
        ("cm@acme.example", "content_manager", 403),
        ("au@acme.example", looker.as_str(), 200),
    ] {
        let user = app.add_person(acme, NewPerson::new(email, role)).await;
        let browser = app.browser_of("acme", &user).await;
        browser.get("/accounts/acme").await.ok(see);
        browser.patch("/accounts/acme", json!({ "name": "Mine" })).await.refused(403, "permission_missing");
    }
    app.stranger().get("/accounts/acme").await.refused(401, "sign_in_required");
    let globex = app.new_account("globex").await;
    let foreign = app.add_person(globex, NewPerson::new("eve@globex.example", "admin")).await;
    app.browser_of("globex", &foreign)
        .await
        .patch("/accounts/acme", json!({ "name": "Mine" }))
        .await
        .refused(404, "not_found");
}
