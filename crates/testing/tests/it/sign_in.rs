//! Setup, signing in and out, own sessions.

use domain::timestamp::Seconds;
use serde_json::json;
use testing::{ADMIN_EMAIL, ADMIN_PASSWORD, on_both_engines};

on_both_engines! {
    async fn the_first_admin_is_signed_in_after_setup_and_the_link_is_dead(app: TestApp) {
        let me = app.admin().get("/me").await.ok(200);
        assert_eq!(me["email"], ADMIN_EMAIL);
        assert_eq!(app.admin().get("/me/accounts").await.ok(200)["items"][0]["slug"], "acme");
        assert_eq!(service::setup::link(&app.app).await.unwrap(), None, "no second setup");
    }

    async fn x5_the_session_id_changes_at_sign_in_and_the_old_one_is_dead(app: TestApp) {
        let browser = app.signed_in(ADMIN_EMAIL).await;
        let first = browser.cookie("__Host-portcullis").unwrap();
        browser.post("/sign-in/password", json!({ "email": ADMIN_EMAIL, "password": ADMIN_PASSWORD })).await.ok(201);
        assert_ne!(browser.cookie("__Host-portcullis").unwrap(), first);
        browser.set_cookie("__Host-portcullis", &first);
        browser.get("/me").await.refused(401, "signed_out");
    }

    async fn d2_an_unknown_address_and_a_wrong_password_get_the_same_answer(app: TestApp) {
        let stranger = app.stranger();
        let mut answers = Vec::new();
        for email in [ADMIN_EMAIL, "nobody@nowhere.example"] {
            assert_eq!(stranger.post("/sign-in/identify", json!({ "email": email })).await.ok(200), json!({ "next": "password" }));
            let mut problem = stranger.post("/sign-in/password", json!({ "email": email, "password": "wrong-password!" })).await.refused(401, "wrong_credentials");
            problem["request_id"] = json!(null);
            answers.push(problem);
        }
        assert_eq!(answers[0], answers[1]);
    }

    async fn l4_guessing_is_slowed_down_and_a_known_browser_gets_in_all_the_same(app: TestApp) {
        let known = app.signed_in(ADMIN_EMAIL).await;
        let attacker = app.stranger();
        let wrong = json!({ "email": ADMIN_EMAIL, "password": "wrong-password!" });
        for _ in 0..6 {
            attacker.post("/sign-in/password", wrong.clone()).await.refused(401, "wrong_credentials");
        }
        let answer = attacker.post("/sign-in/password", wrong.clone()).await;
        answer.refused(429, "too_many_sign_ins");
        assert!(!answer.header("retry-after").is_empty());
        app.pass(Seconds::minutes(20));
        known.post("/sign-in/password", json!({ "email": ADMIN_EMAIL, "password": ADMIN_PASSWORD })).await.ok(201);
    }

    async fn si1_an_idle_session_ends_and_one_in_use_does_not(app: TestApp) {
        let idle = app.signed_in(ADMIN_EMAIL).await;
        for _ in 0..3 {
            app.pass(Seconds::hours(20));
            app.admin().get("/roles").await.ok(200);
        }
        idle.get("/roles").await.refused(401, "session_expired");
    }

    async fn signing_out_everywhere_ends_every_session_of_the_person(app: TestApp) {
        let (one, two) = (app.signed_in(ADMIN_EMAIL).await, app.signed_in(ADMIN_EMAIL).await);
        assert_eq!(one.get("/me/sessions").await.ok(200)["items"].as_array().unwrap().len(), 3);
        one.delete("/me/sessions").await.ok(200);
        for browser in [&one, &two, app.admin()] {
            browser.get("/me").await.refused(401, "signed_out");
        }
    }

    async fn strict_about_unknown_fields_and_parameters_and_malformed_json(app: TestApp) {
        let stranger = app.stranger();
        let problem = stranger.post("/sign-in/identify", json!({ "email": "a@b.example", "admin": true })).await.refused(422, "unknown_field");
        assert_eq!(problem["errors"][0]["pointer"], "/admin");
        let problem = stranger.post("/sign-in/identify", json!({ "email": 7 })).await.refused(422, "invalid_value");
        assert_eq!(problem["errors"][0]["pointer"], "/email");
        let answer = stranger.send_raw(reqwest::Method::POST, "/sign-in/identify", "application/json", "{\"email\": ").await;
        assert!(answer.refused(400, "malformed_json")["detail"].as_str().unwrap().contains("line 1 column"));
        stranger.send_raw(reqwest::Method::POST, "/sign-in/identify", "text/plain", "{}").await.refused(415, "unsupported_media_type");
        app.admin().get("/roles?colour=blue").await.refused(422, "unknown_parameter");
        app.admin().get("/roles/no-such-role").await.refused(404, "not_found");
    }
}
