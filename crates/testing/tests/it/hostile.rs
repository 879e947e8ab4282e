//! What somebody outside can find out or bring about: who exists by the clock (D2), links by headers (I8), and what a full
//! disk does.

use std::time::Duration;

use serde_json::json;
use service::passwords::HashCost;
use testing::{Engine, NewPerson, Snapshot, TestApp, on_both_engines};

/// The shortest: whatever else the machine does only adds.
fn quickest(times: Vec<Duration>) -> Duration {
    times.into_iter().min().unwrap()
}

async fn timed(app: &TestApp, path: &str, body: serde_json::Value, status: u16) -> Duration {
    let client = app.stranger();
    let start = testing::stopwatch::instant();
    let answer = client.post(path, body).await;
    let took = start.elapsed();
    answer.ok(status);
    took
}

/// Both times, each asked for in turn, so that whatever slows the machine slows both.
async fn compare(
    app: &TestApp,
    path: &str,
    known: &[String],
    status: u16,
    body: fn(&str) -> serde_json::Value,
) -> (Duration, Duration) {
    let (mut of_known, mut of_unknown) = (Vec::new(), Vec::new());
    for (number, email) in known.iter().enumerate() {
        of_known.push(timed(app, path, body(email), status).await);
        of_unknown.push(timed(app, path, body(&format!("nobody{number}@elsewhere.example")), status).await);
    }
    (quickest(of_known), quickest(of_unknown))
}

async fn people(app: &TestApp, count: usize) -> Vec<String> {
    let new: Vec<NewPerson> =
        (0..count).map(|number| NewPerson::new(&format!("known{number}@acme.example"), "builder")).collect();
    app.add_people(app.acme().await, &new).await.iter().map(|user| user.email.to_string()).collect()
}

/// With a real hash a sign-in takes tens of milliseconds; without the hash for nobody an unknown address takes one or two.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn d2_a_sign_in_takes_as_long_for_an_unknown_address() {
    let app = TestApp::start_with(Engine::Sqlite, HashCost::OWASP).await.unwrap();
    let known = people(&app, 15).await;
    let body = |email: &str| json!({ "email": email, "password": "wrong-password!" });
    let (of_known, of_unknown) = compare(&app, "/sign-in/password", &known, 401, body).await;
    assert!(of_known < of_unknown * 2 && of_unknown < of_known * 2, "known {of_known:?}, unknown {of_unknown:?}");
    assert!(of_unknown > Duration::from_millis(5), "so quick that nothing was hashed: {of_unknown:?}");
}

on_both_engines! {
    async fn d2_asking_for_a_new_password_takes_as_long_for_an_unknown_address(app: TestApp) {
        // Fewer than one source may ask for in an hour.
        let known = people(&app, 14).await;
        let (of_known, of_unknown) = compare(&app, "/password-resets", &known, 202, |email| json!({ "email": email })).await;
        assert!(of_known < of_unknown * 3 && of_unknown < of_known * 3, "known {of_known:?}, unknown {of_unknown:?}");
    }

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
            let asked = app.stranger().with_header(name, value).post("/password-resets", json!({ "email": testing::ADMIN_EMAIL })).await;
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
            browser.post("/sign-in/password", json!({ "email": testing::ADMIN_EMAIL, "password": testing::ADMIN_PASSWORD })).await.ok(201);
            let sessions = browser.get("/me/sessions").await.ok(200);
            let own = sessions["items"].as_array().unwrap().iter().find(|session| session["this_device"] == true).unwrap();
            assert_eq!(own["ip"], address, "{written}: {own:#}");
        }
    }

    async fn d5_on_a_listener_of_both_families_an_ipv4_proxy_is_known_by_its_address(app: TestApp) {
        let Some(address) = app.served_on_both_families(&["127.0.0.0/8"]).await else { return };
        let base = format!("http://127.0.0.1:{}", address.port());
        let mut seen = Vec::new();
        for claimed in [Some("203.0.113.7"), None] {
            let browser = testing::Client::new(&base, "acme");
            let browser = claimed.map_or_else(|| browser.without_proof(), |claimed| browser.with_header("x-forwarded-for", claimed));
            browser.post("/sign-in/password", json!({ "email": testing::ADMIN_EMAIL, "password": testing::ADMIN_PASSWORD })).await.ok(201);
            let sessions = browser.get("/me/sessions").await.ok(200);
            let own = sessions["items"].as_array().unwrap().iter().find(|session| session["this_device"] == true).unwrap();
            seen.push(own["ip"].as_str().unwrap().to_owned());
        }
        assert_eq!(seen, ["203.0.113.7", "127.0.0.1"]);
    }

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
