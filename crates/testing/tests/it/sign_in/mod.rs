//! Setup, signing in and out, own sessions.

mod expiry;
mod revocation;
mod several_accounts;
mod throttling;
mod two_accounts;

use domain::core::timestamp::Seconds;
use domain::credentials::link::{Link, LinkPurpose};
use serde_json::{Value, json};
use store::credentials::links::NewLink;
use testing::{ADMIN_EMAIL, ADMIN_PASSWORD, NewPerson, TestApp, both_engines};

fn right(email: &str) -> Value {
    json!({ "email": email, "password": ADMIN_PASSWORD })
}

fn wrong(email: &str) -> Value {
    json!({ "email": email, "password": "wrong-password!" })
}

#[both_engines]
async fn the_first_admin_is_signed_in_after_setup_and_the_link_is_dead(app: TestApp) {
    let me = app.admin().get("/me").await.ok(200);
    assert_eq!(me["email"], ADMIN_EMAIL);
    assert_eq!(app.admin().get("/me/accounts").await.ok(200)["items"][0]["slug"], "acme");
    assert_eq!(service::installation::setup::link(&app.app).await.unwrap(), None, "no second setup");
}

#[both_engines]
async fn x5_the_session_id_changes_at_sign_in_and_the_old_one_is_dead(app: TestApp) {
    let browser = app.signed_in(ADMIN_EMAIL).await;
    let first = browser.cookie("__Host-portcullis").unwrap();
    browser.post("/sign-in/password", json!({ "email": ADMIN_EMAIL, "password": ADMIN_PASSWORD })).await.ok(201);
    assert_ne!(browser.cookie("__Host-portcullis").unwrap(), first);
    browser.set_cookie("__Host-portcullis", &first);
    browser.get("/me").await.refused(401, "signed_in_again");
}

#[both_engines]
async fn x5_whoever_else_was_signed_in_with_a_browser_is_not_any_more(app: TestApp) {
    app.member("bob@acme.example", "builder").await;
    let browser = app.signed_in("bob@acme.example").await;
    let bobs = browser.cookie("__Host-portcullis").unwrap();
    let elsewhere = app.signed_in("bob@acme.example").await;
    browser.post("/sign-in/password", wrong(ADMIN_EMAIL)).await.refused(401, "invalid_credentials");
    assert_eq!(browser.get("/me").await.ok(200)["email"], "bob@acme.example", "a mistake ends nothing");
    browser.post("/sign-in/password", right(ADMIN_EMAIL)).await.ok(201);
    assert_eq!(browser.get("/me").await.ok(200)["email"], ADMIN_EMAIL);
    browser.set_cookie("__Host-portcullis", &bobs);
    browser.get("/me").await.refused(401, "signed_in_again");
    elsewhere.get("/me").await.ok(200);
}

#[both_engines]
async fn x5_a_person_has_at_most_twenty_sessions_and_the_oldest_ends(app: TestApp) {
    let acme = app.acme().await;
    app.add_person(acme, NewPerson::new("bob@acme.example", "builder")).await;
    let mut browsers = Vec::new();
    for number in 0..23 {
        app.pass(Seconds(1));
        browsers.push(app.signed_in("bob@acme.example").await);
        let listed = browsers[number].get("/me/sessions").await.ok(200);
        assert_eq!(listed["items"].as_array().unwrap().len(), (number + 1).min(20));
    }
    for (number, browser) in browsers.iter().enumerate() {
        match number {
            0..3 => drop(browser.get("/me").await.refused(401, "too_many_sessions")),
            _ => drop(browser.get("/me").await.ok(200)),
        }
    }
    app.admin().get("/me").await.ok(200);
}

#[both_engines]
async fn x5_what_comes_to_one_account_ends_no_session_in_another(app: TestApp) {
    let acme = app.acme().await;
    let bob = app.add_person(acme, NewPerson::new("bob@acme.example", "builder")).await;
    let other = app.new_account("other").await;
    app.add_person(other, NewPerson::new("bob@acme.example", "builder")).await;
    let mut browsers = vec![app.browser_of("acme", &bob).await];
    browsers[0].in_account("other").get("/systems").await.ok(200);
    for _ in 0..21 {
        app.pass(Seconds(1));
        browsers.push(app.browser_of("acme", &bob).await);
    }
    browsers[0].get("/systems").await.refused(401, "too_many_sessions");
    browsers[0].in_account("other").get("/systems").await.ok(200);
    browsers[0].get("/me").await.ok(200);
    browsers[1].get("/systems").await.refused(401, "too_many_sessions");
    browsers[1].in_account("other").get("/systems").await.refused(401, "too_many_sessions");
    browsers[1].get("/me").await.refused(401, "too_many_sessions");
    browsers[2].get("/systems").await.ok(200);
}

#[both_engines]
async fn x5_a_cookie_of_another_application_signs_nobody_out_whatever_is_in_it(app: TestApp) {
    let session = app.admin().cookie("__Host-portcullis").unwrap();
    for byte in [0x20_u8, 0x22, 0x2c, 0x80, 0xe9, 0xff] {
        let line = [b"theme=a", &[byte][..], b"; __Host-portcullis=", session.as_bytes(), b"; last=", &[byte]].concat();
        let answer = app.stranger().with_raw_header("cookie", &line).get("/me").await;
        assert_eq!(answer.ok(200)["email"], ADMIN_EMAIL, "{byte:#x}");
    }
}

#[both_engines]
async fn what_a_browser_calls_itself_is_kept_whatever_letters_it_has(app: TestApp) {
    let browser = app.stranger().with_raw_header("user-agent", "Caf\u{e9}/1.0".as_bytes());
    let session = browser.post("/sign-in/password", right(ADMIN_EMAIL)).await.ok(201);
    assert_eq!(session["user_agent"], "Caf\u{e9}/1.0");
}

#[both_engines]
async fn d2_an_unknown_address_and_a_wrong_password_get_the_same_answer(app: TestApp) {
    let stranger = app.stranger();
    let mut answers = Vec::new();
    for email in [ADMIN_EMAIL, "nobody@nowhere.example"] {
        assert_eq!(
            stranger.post("/sign-in/identify", json!({ "email": email })).await.ok(200),
            json!({ "next": "password" })
        );
        let mut problem = stranger
            .post("/sign-in/password", json!({ "email": email, "password": "wrong-password!" }))
            .await
            .refused(401, "invalid_credentials");
        problem["request_id"] = json!(null);
        answers.push(problem);
    }
    assert_eq!(answers[0], answers[1]);
}

#[both_engines]
async fn m7_who_was_deleted_in_one_account_and_came_to_another_is_told_of_a_new_browser(app: TestApp) {
    let account = app.acme().await;
    let ana = app.add_person(account, NewPerson::new("ana@example.com", "builder")).await;
    let new_device =
        async || app.mails().await.iter().filter(|mail| *mail == "sign_in_from_new_device -> ana@example.com").count();
    app.signed_in("ana@example.com").await;
    assert_eq!(new_device().await, 0, "their very first");
    app.admin().delete(&format!("/users/{}", ana.id)).await.ok(200);
    app.add_person(app.new_account("beta").await, NewPerson::new("ana@example.com", "builder")).await;
    app.signed_in("ana@example.com").await;
    assert_eq!(new_device().await, 1);
}

#[both_engines]
async fn setting_up_an_account_whose_short_name_is_taken_is_refused_at_its_field(app: TestApp) {
    let id: domain::core::ids::LinkId = app.app.new_id();
    let (now, token) = (app.app.clock.now(), app.app.link_token(id));
    let link = Link {
        id,
        purpose: LinkPurpose::Setup,
        account_id: None,
        identity_id: None,
        user_id: None,
        expires_at: now.plus(Seconds::hours(24)),
        by_admin: false,
        ended_as: None,
    };
    let mut tx = app.app.db.write().await.unwrap();
    store::credentials::links::Links(&mut tx).insert(&[NewLink { link, token_hash: token.hash() }], now).await.unwrap();
    tx.commit().await.unwrap();
    let body = json!({ "token": token.reveal(), "account_name": "Acme", "email": "eve@beta.example", "name": "Eve", "password": ADMIN_PASSWORD });
    let refused = app.stranger().post("/setup", body).await.refused(409, "slug_taken");
    assert_eq!(refused["errors"][0]["pointer"], "/slug");
}

#[both_engines]
async fn si1_an_idle_session_ends_and_one_in_use_does_not(app: TestApp) {
    let idle = app.signed_in(ADMIN_EMAIL).await;
    for _ in 0..3 {
        app.pass(Seconds::hours(20));
        app.admin().get("/roles").await.ok(200);
    }
    idle.get("/roles").await.refused(401, "session_expired");
}

#[both_engines]
async fn x5_a_page_that_only_refreshes_itself_keeps_no_session_alive(app: TestApp) {
    let (open, used) = (app.signed_in(ADMIN_EMAIL).await, app.signed_in(ADMIN_EMAIL).await);
    let open = open.with_header("portcullis-background", "?1");
    for _ in 0..2 {
        app.pass(Seconds::hours(11));
        open.get("/roles").await.ok(200);
        used.get("/roles").await.ok(200);
    }
    app.pass(Seconds::hours(3));
    open.get("/roles").await.refused(401, "session_expired");
    used.get("/roles").await.ok(200);
}

#[both_engines]
async fn si3_an_account_may_choose_that_an_open_page_keeps_its_session_alive(app: TestApp) {
    app.admin()
        .patch("/accounts/acme", json!({ "settings": { "sessions": { "renew_while_open": true } } }))
        .await
        .ok(200);
    let (open, closed) = (app.signed_in(ADMIN_EMAIL).await, app.signed_in(ADMIN_EMAIL).await);
    let open = open.with_header("portcullis-background", "?1");
    for _ in 0..3 {
        app.pass(Seconds::hours(11));
        open.get("/roles").await.ok(200);
    }
    closed.get("/roles").await.refused(401, "session_expired");
    app.pass(Seconds::days(28));
    open.get("/roles").await.refused(401, "session_expired");
}

#[both_engines]
async fn signing_out_everywhere_ends_every_session_of_the_person(app: TestApp) {
    let (one, two) = (app.signed_in(ADMIN_EMAIL).await, app.signed_in(ADMIN_EMAIL).await);
    assert_eq!(one.get("/me/sessions").await.ok(200)["items"].as_array().unwrap().len(), 3);
    one.delete("/me/sessions").await.ok(200);
    for browser in [&one, &two, app.admin()] {
        browser.get("/me").await.refused(401, "signed_out");
    }
}

#[both_engines]
async fn strict_about_unknown_fields_and_parameters_and_malformed_json(app: TestApp) {
    let stranger = app.stranger();
    let problem = stranger
        .post("/sign-in/identify", json!({ "email": "a@b.example", "admin": true }))
        .await
        .refused(422, "unknown_field");
    assert_eq!(problem["errors"][0]["pointer"], "/admin");
    let problem = stranger.post("/sign-in/identify", json!({ "email": 7 })).await.refused(422, "invalid_value");
    assert_eq!(problem["errors"][0]["pointer"], "/email");
    let answer =
        stranger.send_raw(reqwest::Method::POST, "/sign-in/identify", "application/json", "{\"email\": ").await;
    assert!(answer.refused(400, "malformed_json")["detail"].as_str().unwrap().contains("line 1 column"));
    stranger
        .send_raw(reqwest::Method::POST, "/sign-in/identify", "text/plain", "{}")
        .await
        .refused(415, "unsupported_media_type");
    app.admin().get("/roles?color=blue").await.refused(422, "unknown_parameter");
    app.admin().get("/roles/no-such-role").await.refused(404, "not_found");
}
