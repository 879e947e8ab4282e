//! What the sessions of a person do, and what ends them, beside the account.

use serde_json::{Value, json};
use testing::{ADMIN_PASSWORD, Client, NewPerson, TestApp, both_engines};

use crate::matrices::elsewhere::pair::{By, EMAIL, Pair};

const DAY: u32 = 86_400;

/// A pair in which the person joined the account and came to it, in these browsers.
async fn joined(app: TestApp) -> (Pair, String, [Client; 2]) {
    let mut pair = Pair::start(app).await;
    let ana = pair.invite().await;
    let browsers = pair.accept().await;
    pair.come_in(&browsers).await;
    (pair, ana, browsers)
}

/// From here on, whoever signs in comes to the other account: it is the one that was used last.
async fn use_elsewhere_last(pair: &mut Pair) {
    let known = pair.apps[0].stranger();
    pair.open_in(0, &known).await;
    known.in_account("other").get("/systems").await.ok(200);
}

async fn sign_in_elsewhere(pair: &mut Pair, browser: &Client, email: &str) {
    pair.second += 1;
    pair.apps[0].world.go_to(pair.second);
    let said = json!({ "email": email, "password": ADMIN_PASSWORD });
    browser.post("/sign-in/password", said).await.ok(201);
}

async fn shown(pair: &mut Pair, ana: &str) -> usize {
    let sessions = pair.admin("GET", &format!("/users/{ana}/sessions"), Value::Null).await.ok(200);
    sessions["items"].as_array().unwrap().len()
}

#[both_engines]
async fn d2_however_often_people_sign_in_elsewhere_the_account_sees_the_same_sessions(app: TestApp) {
    let (mut pair, ana, browsers) = joined(app).await;
    use_elsewhere_last(&mut pair).await;
    for _ in 0..21 {
        let browser = pair.apps[0].stranger();
        sign_in_elsewhere(&mut pair, &browser, EMAIL).await;
    }
    pair.look(&ana).await;
    assert_eq!(shown(&mut pair, &ana).await, 1);
    pair.come_in(&browsers).await;
    // The limit here counts what came here.
    for number in 2..23 {
        let more = [0, 1].map(|each: usize| pair.apps[each].stranger());
        pair.open(&more).await;
        pair.come_in(&more).await;
        assert_eq!(shown(&mut pair, &ana).await, number.min(20));
    }
    pair.look(&ana).await;
}

#[both_engines]
async fn d2_whoever_signs_in_for_another_account_with_the_same_browser_the_account_sees_nothing_of_it(app: TestApp) {
    let (mut pair, ana, browsers) = joined(app).await;
    let other = pair.apps[0].new_account("third").await;
    pair.apps[0].add_person(other, NewPerson::new("zoe@example.com", "admin")).await;
    use_elsewhere_last(&mut pair).await;
    for email in [EMAIL, "zoe@example.com", EMAIL] {
        sign_in_elsewhere(&mut pair, &browsers[0], email).await;
        pair.look(&ana).await;
        assert_eq!(shown(&mut pair, &ana).await, 1, "{email}");
    }
    pair.open(&browsers).await;
    pair.come_in(&browsers).await;
    pair.look(&ana).await;
    assert_eq!(shown(&mut pair, &ana).await, 1, "what came here in the place of another one is in its place");
    use_elsewhere_last(&mut pair).await;
    sign_in_elsewhere(&mut pair, &browsers[0], EMAIL).await;
    let sessions = pair.session_of(&format!("/users/{ana}")).await;
    pair.each("DELETE", sessions.each_ref().map(String::as_str), None, By::Admin).await.ok(204);
    pair.look(&ana).await;
    assert_eq!(shown(&mut pair, &ana).await, 0);
}

#[both_engines]
async fn d2_when_the_sign_in_was_that_a_session_ends_by_tells_nothing_of_where_it_was_before(app: TestApp) {
    let (mut pair, ana, _) = joined(app).await;
    for lifetime in [DAY, 90 * DAY] {
        let (began, idle) = (pair.second, lifetime.min(30 * DAY));
        pair.sign_in_admins().await;
        let limits =
            json!({ "settings": { "sessions": { "idle_timeout_seconds": idle, "max_length_seconds": lifetime } } });
        pair.admin("PATCH", "/accounts/acme", limits.clone()).await.ok(200);
        let [there, here] = [0, 1].map(|each: usize| pair.apps[each].stranger());
        pair.open_in(0, &there).await;
        let there = there.in_account("other");
        there.patch("/accounts/other", limits).await.ok(200);
        for part in 1..5 {
            pair.second = began + lifetime / 5 * part;
            pair.apps[0].world.go_to(pair.second);
            there.get("/systems").await.ok(200);
        }
        // It comes here when its time is nearly over, as does one that was just made.
        pair.sign_in_admins().await;
        pair.open_in(1, &here).await;
        pair.come_in(&[there.in_account("acme"), here]).await;
        pair.second = began + lifetime + 1_000;
        pair.apps[0].world.go_to(pair.second);
        there.get("/me").await.refused(401, "session_expired");
        for app in &pair.apps {
            app.world.go_to(pair.second + 1);
            service::installation::housekeeping::clean_up(&app.app).await.unwrap();
        }
        pair.second += 1;
        pair.look(&ana).await;
        assert_eq!(shown(&mut pair, &ana).await, 1, "{lifetime}");
    }
}
