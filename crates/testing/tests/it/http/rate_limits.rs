//! Budgets of requests: one per source for all who did not prove who they are, and one for each who did.

use std::time::Duration;

use domain::core::timestamp::Seconds;
use domain::users::User;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use serde_json::json;
use store::accounts::Accounts;
use testing::{ADMIN_PASSWORD, Client, Engine, NewPerson, TestApp, both_engines};

const BUDGET: u32 = 20;
const SESSION: &str = "__Host-portcullis";

/// How many of so many requests are answered otherwise than by 429.
async fn answered(client: &Client, requests: u32) -> u32 {
    let mut answered = 0;
    for _ in 0..requests {
        let answer = client.get("/me").await;
        answered += u32::from(answer.status.as_u16() != 429);
    }
    answered
}

/// Some more than the budget may pass: it grows again while the test runs.
fn is_limited(answered: u32) -> bool {
    answered < BUDGET + 10
}

async fn signed_in(browser: &Client, user: &User) -> Client {
    let browser = browser.without_proof();
    let body = serde_json::json!({ "email": user.email, "password": ADMIN_PASSWORD });
    browser.post("/sign-in/password", body).await.ok(201);
    browser
}

#[both_engines]
async fn l4_however_many_changes_of_one_account_wait_others_are_answered(app: TestApp) {
    if app.app.db.engine() == Engine::Sqlite {
        return; // Its one writer has a queue of its own.
    }
    let other = app.new_account("other").await;
    let boss = app.add_person(other, NewPerson::new("boss@other.example", "admin")).await;
    let boss = app.browser_of("other", &boss).await;
    let account = app.acme().await;
    let mut held = app.app.db.write().await.unwrap();
    Accounts(&mut held).lock(account).await.unwrap();

    let many: FuturesUnordered<_> =
        (0..30).map(|n| app.admin().patch("", json!({ "name": format!("Acme {n}") }))).collect();
    let others = async {
        for _ in 0..3 {
            boss.get("/users").await.ok(200);
            boss.patch("", json!({ "name": "Other" })).await.ok(200);
            app.signed_in("boss@other.example").await;
        }
        drop(held);
    };
    let all = async { tokio::join!(many.collect::<Vec<_>>(), others).0 };
    let answers =
        tokio::time::timeout(Duration::from_secs(60), all).await.expect("they wait for each other and not for ever");
    assert!(answers.iter().all(|answer| matches!(answer.status.as_u16(), 200 | 503)));
}

#[both_engines]
async fn whoever_must_wait_reads_in_the_header_how_long_the_sentence_says(app: TestApp) {
    let stranger = app.stranger();
    let wrong = json!({ "email": "nobody@nowhere.example", "password": "wrong-password!" });
    let mut longest = 0;
    for _ in 0..24 {
        let answer = stranger.post("/sign-in/password", wrong.clone()).await;
        if answer.status == 429 {
            let seconds: u32 = answer.header("retry-after").parse().unwrap();
            let sentence = answer.refused(429, "too_many_failed_sign_ins")["detail"].as_str().unwrap().to_owned();
            let words = Seconds(seconds).rounded_up();
            assert!(sentence.contains(&format!("Wait {words} and")), "{seconds}: {sentence}");
            longest = longest.max(seconds);
            app.pass(Seconds(seconds));
        }
    }
    assert!(longest > 100, "{longest}");
}

#[both_engines]
async fn d5_made_up_cookies_and_keys_share_the_budget_of_their_source(app: TestApp) {
    let stranger = app.served_with_budget(BUDGET).await;
    let mut passed = 0;
    for number in 0..3 * BUDGET {
        let invented = format!("{number:043}");
        let answer = match number % 3 {
            0 => stranger.with_header("cookie", &format!("{SESSION}=pcs_{invented}")).get("/me").await,
            1 => stranger.with_header("authorization", &format!("Bearer pck_{invented}")).get("/me").await,
            _ => stranger.with_header("cookie", &format!("any={invented}")).get("/me").await,
        };
        match answer.status.as_u16() {
            401 => passed += 1,
            429 => {
                let problem = answer.refused(429, "rate_limited");
                let wait: u32 = answer.header("retry-after").parse().unwrap();
                assert!((1..=60).contains(&wait), "{problem:#}");
                assert!(answer.header("ratelimit").contains("r=0;"), "{}", answer.header("ratelimit"));
            }
            other => panic!("{other}: {}", answer.text()),
        }
    }
    assert!(passed >= BUDGET && is_limited(passed), "{passed} of {}", 3 * BUDGET);
}

#[both_engines]
async fn d5_people_behind_one_address_do_not_use_up_each_others_budget(app: TestApp) {
    let stranger = app.served_with_budget(BUDGET).await;
    let account = app.acme().await;
    let people = [NewPerson::new("one@acme.example", "admin"), NewPerson::new("two@acme.example", "admin")];
    let people = app.add_people(account, &people).await;
    let (one, two) = (signed_in(&stranger, &people[0]).await, signed_in(&stranger, &people[1]).await);
    let (secret, _) = app.key_of(&people[1]).await;
    let program = stranger.with_header("authorization", &format!("Bearer {secret}"));
    for known in [&one, &two] {
        known.get("/me").await.ok(200);
    }
    program.get("/users").await.ok(200);

    assert!(is_limited(answered(&stranger, 3 * BUDGET).await));
    assert!(is_limited(answered(&one, 3 * BUDGET).await));
    // A cookie that is not looked at makes nobody somebody else.
    let disguised = one.with_header("x-test", "disguise");
    for number in 0..5 {
        disguised.set_cookie("any", &number.to_string());
        assert!(answered(&disguised, 2).await <= 1, "a new budget for a cookie that means nothing");
    }
    assert_eq!(answered(&two, BUDGET - 2).await, BUDGET - 2);
    program.get("/users").await.ok(200);
}

#[both_engines]
async fn d5_what_was_ended_counts_as_the_source_that_it_comes_from(app: TestApp) {
    let stranger = app.served_with_budget(BUDGET).await;
    let account = app.acme().await;
    let people = [NewPerson::new("one@acme.example", "admin"), NewPerson::new("two@acme.example", "admin")];
    let people = app.add_people(account, &people).await;
    let live = signed_in(&stranger, &people[0]).await;
    let mut ended = Vec::new();
    for way in 0..3 {
        let browser = signed_in(&stranger, &people[way / 2]).await;
        browser.get("/me").await.ok(200);
        let cookie = browser.cookie(SESSION).unwrap();
        if way < 2 {
            browser.post("/sign-out", json!({})).await.ok(204);
            browser.set_cookie(SESSION, &cookie);
        }
        ended.push(browser);
    }
    ended.push(stranger.with_header("authorization", &format!("Bearer {}", app.key_of(&people[1]).await.0)));
    ended[3].get("/users").await.ok(200);
    live.get("/me").await.ok(200);
    app.admin().post(&format!("/users/{}/disable", people[1].id), json!({})).await.ok(200);

    assert!(is_limited(answered(&stranger, 3 * BUDGET).await));
    for (way, dead) in ended.iter().enumerate() {
        // Also where nobody asks who it is.
        let identify = json!({ "email": "one@acme.example" });
        let before = if way % 2 == 0 { dead.post("/sign-in/identify", identify).await.status.as_u16() } else { 429 };
        let passed = u32::from(before != 429) + answered(dead, 5).await;
        assert!(passed <= 2, "{way}: {passed} of 6");
    }
    assert_eq!(
        answered(&live, BUDGET - 3).await,
        BUDGET - 3,
        "what works keeps its own, whatever was changed of its person"
    );
}
