//! What somebody outside can find out or bring about: who exists by the clock (D2), links by headers (I8), and what a full
//! disk does.

use std::cmp::Ordering;
use std::time::Duration;

use domain::users::UserStatus;
use serde_json::{Value, json};
use service::core::passwords::HashCost;
use testing::{Engine, NewPerson, Snapshot, TestApp, both_engines};

/// How well the time alone tells one group from the other: the probability that somebody of the first takes longer than somebody
/// of the second. 0.5 tells nothing, 0 and 1 tell everything. Whatever slows the machine now and then moves it little, because
/// only the order of the times counts.
fn area_under_curve(first: &[Duration], second: &[Duration]) -> f64 {
    let wins: f64 = first
        .iter()
        .flat_map(|one| second.iter().map(move |other| one.cmp(other)))
        .map(|order| match order {
            Ordering::Greater => 1.0,
            Ordering::Equal => 0.5,
            Ordering::Less => 0.0,
        })
        .sum();
    wins / (first.len() * second.len()) as f64
}

/// So many of each: by chance alone the area is then outside 0.4 to 0.6 once in many thousand runs.
const SAMPLES: usize = 300;

/// Asks for known and unknown addresses in turn, so that whatever slows the machine slows both, each from a place of its own, so
/// that no limit is reached; says how well the time tells them apart.
async fn told_apart(app: &TestApp, path: &str, status: u16, body: fn(&str) -> Value) -> f64 {
    let known = people(app, SAMPLES).await;
    let proxy = app.served_behind_proxy().await;
    let mut times = [Vec::new(), Vec::new()];
    for (number, email) in known.iter().enumerate() {
        let unknown = format!("nobody{number}@elsewhere.example");
        for turn in 0..2 {
            let is_known = (number + turn) % 2 == 0;
            let from = format!("10.{}.{}.{}", u8::from(is_known), number / 250, number % 250);
            let client = proxy.with_header("x-forwarded-for", &from);
            let asked = body(if is_known { email } else { &unknown });
            let start = testing::stopwatch::instant();
            let answer = client.post(path, asked).await;
            times[usize::from(is_known)].push(start.elapsed());
            answer.ok(status);
        }
    }
    area_under_curve(&times[1], &times[0])
}

async fn people(app: &TestApp, count: usize) -> Vec<String> {
    let new: Vec<NewPerson> =
        (0..count).map(|number| NewPerson::new(&format!("known{number}@acme.example"), "builder")).collect();
    app.add_people(app.acme().await, &new).await.iter().map(|user| user.email.to_string()).collect()
}

fn tells_nothing(area: f64) -> bool {
    (0.4..=0.6).contains(&area)
}

fn wrong(email: &str) -> Value {
    json!({ "email": email, "password": "wrong-password!" })
}

/// The hash costs more than all the rest of the request: without one for nobody the area would be 1.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn d2_the_time_of_a_sign_in_does_not_tell_who_exists() {
    let app = TestApp::start_with(Engine::Sqlite, HashCost { memory_kib: 4_096, passes: 1 }).await.unwrap();
    let area = told_apart(&app, "/sign-in/password", 401, wrong).await;
    assert!(tells_nothing(area), "{area}");
}

/// The request is only noted; whose it is, the worker asks at its own pace.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn d2_the_time_of_a_forgotten_password_does_not_tell_who_exists() {
    let app = TestApp::start(Engine::Sqlite).await.unwrap();
    let area = told_apart(&app, "/password-resets", 202, |email| json!({ "email": email })).await;
    assert!(tells_nothing(area), "{area}");
}

#[both_engines]
async fn d2_a_refused_sign_in_is_the_same_work_whoever_it_is_for(app: TestApp) {
    let (acme, other) = (app.acme().await, app.new_account("other").await);
    for status in UserStatus::ALL {
        app.add_person(acme, NewPerson::new(&format!("{status}@acme.example"), "builder").who_is(*status)).await;
    }
    for account in [acme, other] {
        app.add_person(account, NewPerson::new("twice@acme.example", "builder")).await;
    }
    let proxy = app.served_behind_proxy().await;
    let mut costs = Vec::new();
    let emails = ["active", "provisioned", "inactive", "deleted", "twice", "nobody"];
    for (number, name) in emails.iter().chain(&emails).enumerate() {
        let client = proxy.with_header("x-forwarded-for", &format!("10.0.0.{number}"));
        let before = (app.app.db.statements(), app.app.passwords.submitted());
        client
            .post("/sign-in/password", wrong(&format!("{name}@acme.example")))
            .await
            .refused(401, "invalid_credentials");
        costs.push((app.app.db.statements() - before.0, app.app.passwords.submitted() - before.1));
    }
    assert_eq!(costs[0].1, 1, "{costs:?}");
    assert!(costs.iter().all(|cost| *cost == costs[0]), "{costs:?}");
}

#[both_engines]
async fn i8_no_header_moves_a_link_to_another_host(app: TestApp) {
    let headers = [
        ("host", "evil.example"),
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-proto", "http"),
        ("forwarded", "host=evil.example;proto=http"),
        ("x-original-host", "evil.example"),
        ("x-host", "evil.example"),
        ("referer", "https://evil.example/"),
    ];
    for (number, (name, value)) in headers.iter().enumerate() {
        let email = format!("new{number}@acme.example");
        let admin = app.admin().with_header(name, value);
        let answer = admin.post("/users", json!({ "emails": [email], "role_id": "builder" })).await;
        answer.ok(201);
        let asked = app
            .stranger()
            .with_header(name, value)
            .post("/password-resets", json!({ "email": testing::ADMIN_EMAIL }))
            .await;
        asked.ok(202);
        for text in [answer.text(), asked.text(), format!("{:?} {:?}", answer.headers, asked.headers)] {
            assert!(!text.contains("evil.example"), "{name}: {text}");
        }
    }
    app.answer_link_requests().await;
    let mails = app.outbox().await;
    assert!(mails.len() > headers.len());
    for mail in mails {
        let text = app.text_of(&mail);
        assert!(text.contains("https://admin.example.test/") && !text.contains("evil.example"), "{text}");
    }
}

#[both_engines]
async fn d5_behind_a_proxy_the_address_is_whom_the_proxy_saw_however_it_writes_them(app: TestApp) {
    let proxy = app.served_behind_proxy().await;
    for (written, address) in [
        ("6.6.6.6, 203.0.113.7:51234", "203.0.113.7"),
        ("6.6.6.6,\"[2001:db8::7]:443\"", "2001:db8::7"),
        ("6.6.6.6, ::ffff:203.0.113.9", "203.0.113.9"),
        ("6.6.6.6, unknown", "127.0.0.1"),
        ("6.6.6.6, unknown, 127.0.0.1", "127.0.0.1"),
    ] {
        let browser = proxy.with_header("x-forwarded-for", written);
        browser
            .post("/sign-in/password", json!({ "email": testing::ADMIN_EMAIL, "password": testing::ADMIN_PASSWORD }))
            .await
            .ok(201);
        let sessions = browser.get("/me/sessions").await.ok(200);
        let own = sessions["items"].as_array().unwrap().iter().find(|session| session["this_device"] == true).unwrap();
        assert_eq!(own["ip"], address, "{written}: {own:#}");
    }
}

#[both_engines]
async fn d5_on_a_listener_of_both_families_an_ipv4_proxy_is_known_by_its_address(app: TestApp) {
    let Some(address) = app.served_on_both_families(&["127.0.0.0/8"]).await else { return };
    let base = format!("http://127.0.0.1:{}", address.port());
    let mut seen = Vec::new();
    for claimed in [Some("203.0.113.7"), None] {
        let browser = testing::Client::new(&base, "acme");
        let browser =
            claimed.map_or_else(|| browser.without_proof(), |claimed| browser.with_header("x-forwarded-for", claimed));
        browser
            .post("/sign-in/password", json!({ "email": testing::ADMIN_EMAIL, "password": testing::ADMIN_PASSWORD }))
            .await
            .ok(201);
        let sessions = browser.get("/me/sessions").await.ok(200);
        let own = sessions["items"].as_array().unwrap().iter().find(|session| session["this_device"] == true).unwrap();
        seen.push(own["ip"].as_str().unwrap().to_owned());
    }
    assert_eq!(seen, ["203.0.113.7", "127.0.0.1"]);
}

#[both_engines]
async fn d5_an_address_that_a_stranger_claims_is_not_believed(app: TestApp) {
    let headers = ["x-forwarded-for", "x-real-ip", "forwarded", "client-ip", "cf-connecting-ip"];
    for name in headers {
        let spoofed = app.admin().with_header(name, "203.0.113.7");
        spoofed.patch("/me", json!({ "locale": "de" })).await.ok(200);
    }
    let mut tx = app.app.db.read().await.unwrap();
    let addresses: Vec<String> = tx.sql("SELECT DISTINCT ip FROM events").values().await.unwrap();
    assert!(addresses.iter().all(|ip| ip.is_empty() || ip == "127.0.0.1"), "{addresses:?}");
}

/// The largest database SQLite may make from now on: the pages it has.
async fn fill_up(app: &TestApp) {
    let mut tx = app.app.db.write().await.unwrap();
    tx.sql("PRAGMA max_page_count = 1").run().await.unwrap();
    tx.commit().await.unwrap();
}

async fn make_room(app: &TestApp) {
    let mut tx = app.app.db.write().await.unwrap();
    tx.sql("PRAGMA max_page_count = 4294967294").run().await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_gets_503_changes_nothing_by_halves_and_ends_without_a_restart() {
    let app = TestApp::start(Engine::Sqlite).await.unwrap();
    let mut refused = 0;
    for number in 0..400 {
        if number % 10 == 0 {
            fill_up(&app).await;
        }
        let addresses: Vec<String> = (0..20).map(|place| format!("new{number}-{place}@acme.example")).collect();
        let before = Snapshot::of(&app).await;
        let answer = app.admin().post("/users", json!({ "emails": addresses, "role_id": "builder" })).await;
        if answer.status == 503 {
            answer.refused(503, "unavailable");
            assert!(!answer.header("retry-after").is_empty());
            before.assert_same(&Snapshot::of(&app).await, "an invitation on a full disk");
            app.admin().get("/roles").await.ok(200);
            refused += 1;
        } else {
            answer.ok(201);
        }
        if refused == 3 {
            break;
        }
    }
    assert_eq!(refused, 3, "the disk was never full");
    make_room(&app).await;
    app.admin().post("/users", json!({ "emails": ["last@acme.example"], "role_id": "builder" })).await.ok(201);
}
