//! Guessing passwords: who is slowed down, and who gets in all the same.

use domain::core::timestamp::Seconds;
use domain::credentials::link::LinkPurpose;
use futures_util::future::join_all;
use serde_json::json;
use service::core::passwords::{HashCost, PasswordPool};
use testing::{ADMIN_EMAIL, ADMIN_PASSWORD, Answer, Client, NewPerson, TestApp, both_engines};

use super::{right, wrong};

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
