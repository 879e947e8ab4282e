//! Setup, signing in and out, own sessions.

mod expiry;
mod revocation;
mod several_accounts;
mod two_accounts;

use domain::core::timestamp::Seconds;
use domain::credentials::link::{Link, LinkPurpose};
use futures_util::future::join_all;
use serde_json::{Value, json};
use service::core::passwords::{HashCost, PasswordPool};
use store::credentials::links::NewLink;
use testing::{ADMIN_EMAIL, ADMIN_PASSWORD, Answer, Client, NewPerson, TestApp, both_engines};

fn right(email: &str) -> Value {
    json!({ "email": email, "password": ADMIN_PASSWORD })
}

fn wrong(email: &str) -> Value {
    json!({ "email": email, "password": "wrong-password!" })
}

/// Sixty wrong tries with one address from twelve sources of a network: no source is slowed down, but the address is.
async fn attack(proxy: &Client, network: &str, email: &str) {
    for source in 1..=12 {
        let attacker = proxy.with_header("x-forwarded-for", &format!("{network}.{source}"));
        for _ in 0..5 {
            attacker.post("/sign-in/password", wrong(email)).await;
        }
    }
}

/// Of how many tries the password was looked at; the others came too early.
fn looked_at(answers: &[Answer]) -> usize {
    let is_looked_at = |answer: &&Answer| match answer.status.as_u16() {
        401 => true,
        429 => false,
        other => panic!("{other}: {}", answer.text()),
    };
    answers.iter().filter(is_looked_at).count()
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
async fn l4_whoever_has_a_whole_ipv6_site_is_no_source_for_each_of_its_networks(app: TestApp) {
    let proxy = app.served_behind_proxy().await;
    let from = |address: &str| proxy.with_header("x-forwarded-for", address);
    let wrong = json!({ "email": "nobody@example.com", "password": "wrong-horse-battery" });
    from("2001:db8:1:1::1").post("/sign-in/password", wrong.clone()).await.refused(401, "invalid_credentials");
    let mut tx = app.app.db.write().await.unwrap();
    let raised = tx.sql("UPDATE throttles SET count = 1499 WHERE key LIKE 'site:%'").run().await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(raised, 1);
    from("2001:db8:1:2::1").post("/sign-in/password", wrong.clone()).await.refused(401, "invalid_credentials");
    from("2001:db8:1:3::1").post("/sign-in/password", wrong.clone()).await.refused(429, "too_many_failed_sign_ins");
    from("2001:db8:2:3::1").post("/sign-in/password", wrong.clone()).await.refused(401, "invalid_credentials");
    from("192.0.2.7").post("/sign-in/password", wrong).await.refused(401, "invalid_credentials");
}

#[both_engines]
async fn l4_guessing_is_slowed_down_and_a_known_browser_gets_in_all_the_same(app: TestApp) {
    let proxy = app.served_behind_proxy().await;
    let known = proxy.with_header("x-forwarded-for", "198.51.100.1");
    known.post("/sign-in/password", right(ADMIN_EMAIL)).await.ok(201);
    let attacker = proxy.with_header("x-forwarded-for", "203.0.113.1");
    for _ in 0..6 {
        attacker.post("/sign-in/password", wrong(ADMIN_EMAIL)).await.refused(401, "invalid_credentials");
    }
    let answer = attacker.post("/sign-in/password", wrong(ADMIN_EMAIL)).await;
    answer.refused(429, "too_many_failed_sign_ins");
    assert!(!answer.header("retry-after").is_empty());
    attack(&proxy, "192.0.2", ADMIN_EMAIL).await;
    let stranger = proxy.with_header("x-forwarded-for", "198.51.100.2");
    stranger.post("/sign-in/password", right(ADMIN_EMAIL)).await.refused(429, "too_many_failed_sign_ins");
    known.post("/sign-in/password", right(ADMIN_EMAIL)).await.ok(201);
}

#[both_engines]
async fn l4_whoever_fails_at_the_same_address_keeps_no_known_browser_out(app: TestApp) {
    let known = app.signed_in(ADMIN_EMAIL).await;
    let colleague = app.stranger();
    for _ in 0..6 {
        colleague.post("/sign-in/password", wrong(ADMIN_EMAIL)).await.refused(401, "invalid_credentials");
    }
    for _ in 0..3 {
        colleague.post("/sign-in/password", wrong(ADMIN_EMAIL)).await.refused(429, "too_many_failed_sign_ins");
        known.post("/sign-in/password", right(ADMIN_EMAIL)).await.ok(201);
    }
    let change = json!({ "current_password": ADMIN_PASSWORD, "new_password": "battery-horse-correct" });
    known.post("/me/password", change).await.ok(204);
    colleague.post("/sign-in/password", wrong(ADMIN_EMAIL)).await.refused(429, "too_many_failed_sign_ins");
}

#[both_engines]
async fn l4_a_known_browser_is_slowed_down_by_its_own_mistakes_wherever_it_makes_them(app: TestApp) {
    let proxy = app.served_behind_proxy().await;
    proxy.post("/sign-in/password", right(ADMIN_EMAIL)).await.ok(201);
    for number in 0..6 {
        let known = proxy.with_header("x-forwarded-for", &format!("198.51.100.{number}"));
        known.post("/sign-in/password", wrong(ADMIN_EMAIL)).await.refused(401, "invalid_credentials");
    }
    let elsewhere = proxy.with_header("x-forwarded-for", "198.51.100.7");
    elsewhere.post("/sign-in/password", right(ADMIN_EMAIL)).await.refused(429, "too_many_failed_sign_ins");
    let signed_in = app.admin();
    for _ in 0..6 {
        let guess = json!({ "current_password": "not-my-password!", "new_password": "battery-horse-correct" });
        signed_in.post("/me/password", guess).await.refused(422, "wrong_password");
    }
    let change = json!({ "current_password": ADMIN_PASSWORD, "new_password": "battery-horse-correct" });
    signed_in.post("/me/password", change).await.refused(429, "too_many_failed_sign_ins");
    // After a new password by mail nothing is left of it.
    let link = app.link_of(&crate::people::admin(&app).await, LinkPurpose::PasswordReset).await;
    elsewhere.post(&format!("/password-resets/{link}"), json!({ "password": ADMIN_PASSWORD })).await.ok(204);
    elsewhere.post("/sign-in/password", right(ADMIN_EMAIL)).await.ok(201);
}

#[both_engines]
async fn l4_whoever_is_under_attack_gets_in_with_any_browser_after_a_new_password_by_mail(app: TestApp) {
    app.member("ana@example.com", "builder").await;
    let proxy = app.served_behind_proxy().await;
    let ana = proxy.with_header("x-forwarded-for", "198.51.100.1");
    attack(&proxy, "192.0.2", "ana@example.com").await;
    ana.post("/sign-in/password", right("ana@example.com")).await.refused(429, "too_many_failed_sign_ins");

    app.forgot(&ana, "ana@example.com").await;
    let link = app.latest_link("ana@example.com").await;
    ana.post(&format!("/password-resets/{link}"), json!({ "password": "battery-horse-correct" })).await.ok(204);
    attack(&proxy, "203.0.113", "ana@example.com").await;
    let new = json!({ "email": "ana@example.com", "password": "battery-horse-correct" });
    ana.post("/sign-in/password", new.clone()).await.ok(201);
    let elsewhere = proxy.with_header("x-forwarded-for", "198.51.100.2");
    elsewhere.post("/sign-in/password", new).await.refused(429, "too_many_failed_sign_ins");
}

#[both_engines]
async fn l4_one_source_that_tries_many_addresses_is_stopped_and_nobody_else_is(app: TestApp) {
    let proxy = app.served_behind_proxy().await;
    let known = proxy.with_header("x-forwarded-for", "203.0.113.1");
    known.post("/sign-in/password", right(ADMIN_EMAIL)).await.ok(201);
    let sprayer = proxy.with_header("x-forwarded-for", "203.0.113.1");
    for number in 0..30 {
        let email = format!("p{number}@example.com");
        sprayer.post("/sign-in/password", wrong(&email)).await.refused(401, "invalid_credentials");
    }
    let problem =
        sprayer.post("/sign-in/password", wrong("p30@example.com")).await.refused(429, "too_many_failed_sign_ins");
    assert!(problem["detail"].as_str().unwrap().contains("Wait an hour and"), "in words: {problem:#}");
    sprayer.post("/sign-in/password", wrong("p3@example.com")).await.refused(401, "invalid_credentials");
    known.post("/sign-in/password", right(ADMIN_EMAIL)).await.ok(201);
    let elsewhere = proxy.with_header("x-forwarded-for", "198.51.100.2");
    elsewhere.post("/sign-in/password", right(ADMIN_EMAIL)).await.ok(201);
    app.pass(Seconds::hours(1));
    sprayer.post("/sign-in/password", wrong("p101@example.com")).await.refused(401, "invalid_credentials");
}

#[both_engines]
async fn l4_of_many_tries_at_once_no_more_are_looked_at_than_of_as_many_in_a_row(app: TestApp) {
    let tries = (0..40).map(|_| {
        let stranger = app.stranger();
        async move { stranger.post("/sign-in/password", wrong(ADMIN_EMAIL)).await }
    });
    assert_eq!(looked_at(&join_all(tries).await), 6, "five are free, and the pause begins after the next");
}

#[both_engines]
async fn l4_of_many_tries_at_once_with_many_addresses_no_more_are_looked_at_than_of_as_many_in_a_row(app: TestApp) {
    let tries = (0..60).map(|number| {
        let stranger = app.stranger();
        async move { stranger.post("/sign-in/password", wrong(&format!("p{number}@example.com"))).await }
    });
    assert_eq!(looked_at(&join_all(tries).await), 30);
}

#[both_engines]
async fn p22_an_office_behind_one_address_does_not_lock_itself_out_by_a_hundred_typos(app: TestApp) {
    app.member("late@example.com", "builder").await;
    let office = app.served_behind_proxy().await.with_header("x-forwarded-for", "203.0.113.1");
    for number in 0..25 {
        for _ in 0..5 {
            let email = format!("p{number}@example.com");
            office.post("/sign-in/password", wrong(&email)).await.refused(401, "invalid_credentials");
        }
    }
    office.post("/sign-in/password", right("late@example.com")).await.ok(201);
}

#[both_engines]
async fn p22_of_one_source_three_hundred_mistakes_an_hour_are_looked_at_however_few_addresses_they_are_for(
    app: TestApp,
) {
    let proxy = app.served_behind_proxy().await;
    let office = proxy.with_header("x-forwarded-for", "203.0.113.1");
    for number in 0..300 {
        // Slowly enough for the pauses of each address.
        let email = format!("p{}@example.com", number % 30);
        office.post("/sign-in/password", wrong(&email)).await.refused(401, "invalid_credentials");
        app.pass(Seconds(11));
    }
    office.post("/sign-in/password", wrong("p1@example.com")).await.refused(429, "too_many_failed_sign_ins");
    let elsewhere = proxy.with_header("x-forwarded-for", "203.0.113.2");
    elsewhere.post("/sign-in/password", right(ADMIN_EMAIL)).await.ok(201);
}

#[both_engines]
async fn p22_who_gets_in_is_no_different_address_that_their_source_failed_for(app: TestApp) {
    let account = app.acme().await;
    let people: Vec<NewPerson> =
        (0..40).map(|number| NewPerson::new(&format!("p{number}@acme.example"), "builder")).collect();
    let office = app.served_behind_proxy().await;
    for user in app.add_people(account, &people).await {
        let browser = office.without_proof().with_header("x-forwarded-for", "203.0.113.1");
        browser.post("/sign-in/password", right(user.email.as_str())).await.ok(201);
    }
}

#[both_engines]
async fn l4_who_gets_in_is_no_mistake_of_their_source(app: TestApp) {
    for _ in 0..101 {
        app.signed_in(ADMIN_EMAIL).await;
    }
    app.stranger().post("/sign-in/password", wrong(ADMIN_EMAIL)).await.refused(401, "invalid_credentials");
}

#[both_engines]
async fn l4_a_try_that_nobody_had_time_to_look_at_is_no_mistake(app: TestApp) {
    // A pool without threads is too busy at once.
    let cost = HashCost { memory_kib: 8, passes: 1 };
    let busy = app.node_with(|parts| parts.passwords = PasswordPool::start(0, cost).unwrap()).await;
    for _ in 0..101 {
        let answer = busy.client().post("/sign-in/password", wrong(ADMIN_EMAIL)).await;
        assert_eq!(answer.status.as_u16(), 503, "{}", answer.text());
    }
    app.stranger().post("/sign-in/password", wrong(ADMIN_EMAIL)).await.refused(401, "invalid_credentials");
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
