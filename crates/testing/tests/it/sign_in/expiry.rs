//! Expiry is a state: where the limits of an account ended a session, it stays ended there until a new sign-in (P14, X3, X5).

use domain::core::timestamp::Seconds;
use domain::users::User;
use serde_json::{Value, json};
use testing::{ADMIN_PASSWORD, Client, NewPerson, TestApp, both_engines, fresh};

const SHORT: u32 = 300;

/// A person with two accounts, signed in with one browser: `acme` allows five minutes without input, `beta` a day.
struct Pair {
    user: User,
    browser: Client,
}

impl Pair {
    async fn new(app: &TestApp) -> Self {
        Self::with(app, json!({ "idle_timeout_seconds": SHORT }), json!({})).await
    }

    async fn with(app: &TestApp, acme: Value, beta: Value) -> Self {
        app.new_account("beta").await;
        for (account, settings) in [("acme", acme), ("beta", beta)] {
            set(app, account, settings).await;
        }
        let ana = NewPerson::new("ana@people.example", "admin");
        let user = app.add_person(app.acme().await, ana.clone()).await;
        app.add_person(account(app, "beta").await, ana).await;
        let browser = browser_in_both(app, &user).await;
        let pair = Self { user, browser };
        assert_eq!((works(&pair.browser, "acme").await, works(&pair.browser, "beta").await), (true, true));
        pair
    }

    /// The same person, signed in anew.
    async fn again(&self, app: &TestApp) -> Client {
        browser_in_both(app, &self.user).await
    }
}

/// A browser in which this person just signed in, and which they used in both accounts.
async fn browser_in_both(app: &TestApp, user: &User) -> Client {
    let browser = app.browser_of("acme", user).await;
    browser.in_account("beta").get("/systems").await.ok(200);
    browser
}

async fn account(app: &TestApp, slug: &str) -> domain::core::ids::AccountId {
    service::sign_in::authentication::resolve(&app.app, slug).await.unwrap()
}

/// Changes the session settings of an account, by an admin who has just come.
async fn set(app: &TestApp, slug: &str, settings: Value) {
    let admin = NewPerson::new(&format!("{}@{slug}.example", fresh("admin")), "admin");
    let admin = app.add_person(account(app, slug).await, admin).await;
    let path = format!("/accounts/{slug}");
    app.browser_of(slug, &admin).await.patch(&path, json!({ "settings": { "sessions": settings } })).await.ok(200);
}

/// Whether the browser is let into an account by a request that is nobody's input.
async fn works(browser: &Client, account: &str) -> bool {
    let answer = browser.in_account(account).with_header("portcullis-background", "?1").get("/systems").await;
    if answer.status.as_u16() != 200 {
        answer.refused(401, "session_expired");
    }
    answer.status.as_u16() == 200
}

/// Somebody else's node of the same installation, with the same cookie.
fn at(node: &testing::Node, browser: &Client) -> Client {
    let there = node.client();
    there.set_cookie("__Host-portcullis", &browser.cookie("__Host-portcullis").unwrap());
    there
}

#[both_engines]
async fn si4_who_leaves_after_two_minutes_of_fifteen_and_is_back_thirteen_later_signs_in_again(app: TestApp) {
    set(&app, "acme", json!({ "idle_timeout_seconds": 900 })).await;
    let ana = app.add_person(app.acme().await, NewPerson::new("ana@people.example", "admin")).await;
    let browser = app.browser_of("acme", &ana).await;
    browser.get("/systems").await.ok(200);
    app.pass(Seconds::minutes(2));
    assert!(works(&browser, "acme").await, "the page still stands open, then its tab is closed");
    app.pass(Seconds::minutes(13));
    for path in ["/systems", "/me", "/me/accounts", "/systems"] {
        browser.get(path).await.refused(401, "session_expired");
    }
    set(&app, "acme", json!({ "idle_timeout_seconds": 86_400 })).await;
    for path in ["/systems", "/me", "/systems"] {
        browser.get(path).await.refused(401, "session_expired");
    }
    let proof = json!({ "email": ana.email, "password": ADMIN_PASSWORD });
    browser.post("/sign-in/password", proof).await.ok(201);
    browser.get("/systems").await.ok(200);
}

#[both_engines]
async fn x3_a_session_that_expired_in_an_account_stays_so_there_and_goes_on_elsewhere(app: TestApp) {
    let pair = Pair::new(&app).await;
    let browser = &pair.browser;
    app.pass(Seconds(SHORT + 3));
    browser.get("/systems").await.refused(401, "session_expired");
    browser.get("/me").await.ok(200);
    browser.get("/systems").await.refused(401, "session_expired");
    browser.in_account("beta").get("/systems").await.ok(200);
    let accounts = browser.get("/me/accounts").await.ok(200);
    let need: Vec<_> =
        accounts["items"].as_array().unwrap().iter().map(|one| (&one["slug"], &one["needs_sign_in"])).collect();
    assert_eq!(need, [(&json!("acme"), &json!(true)), (&json!("beta"), &json!(false))]);

    set(&app, "acme", json!({ "idle_timeout_seconds": 86_400 })).await;
    assert!(!works(browser, "acme").await, "a wider limit brings nothing back");
    app.app.principals().forget_everything();
    assert!(!works(browser, "acme").await, "nor does a node that has forgotten everything");
    assert!(!works(&at(&app.another_node().await, browser), "acme").await, "nor one that never knew");

    let fresh = pair.again(&app).await;
    assert!(works(&fresh, "acme").await && works(&fresh, "beta").await);
    assert!(!works(browser, "acme").await && works(browser, "beta").await);
}

#[both_engines]
async fn x5_input_after_a_rest_ends_the_session_where_the_rest_was_too_long_by_whatever_route_it_comes(app: TestApp) {
    let pair = Pair::new(&app).await;
    let question = json!({ "account": "beta", "user": "ana@people.example", "permission": "security" });
    let background = pair.browser.with_header("portcullis-background", "?1");
    for route in 0..6 {
        let browser = pair.again(&app).await;
        assert!(works(&browser, "acme").await);
        app.pass(Seconds(SHORT + 3));
        let done = match route {
            0 => browser.get("/me").await,
            1 => browser.in_account("beta").get("/systems").await,
            2 => browser.post("/check", question.clone()).await,
            3 => browser.patch("/me", json!({ "name": format!("Ana {route}") })).await,
            4 => browser.get("/me/sessions").await,
            _ => browser.in_account("beta").get("/events").await,
        };
        assert_eq!(done.status.as_u16(), 200, "{route}: {}", done.text());
        assert!(!works(&browser, "acme").await, "route {route}");
        assert!(works(&browser, "beta").await, "route {route}");
    }
    assert!(background.get("/me").await.status.is_success(), "in beta it goes on for a day");
}

#[both_engines]
async fn x5_what_a_page_loads_by_itself_is_no_input(app: TestApp) {
    set(&app, "acme", json!({ "idle_timeout_seconds": 900 })).await;
    let ana = app.add_person(app.acme().await, NewPerson::new("ana@people.example", "admin")).await;
    let images = [
        ("sec-fetch-dest", "image"),
        ("accept", "image/avif,image/webp,image/*,*/*;q=0.8"),
        ("sec-fetch-dest", "style"),
    ];
    for (header, kind) in images {
        let browser = app.browser_of("acme", &ana).await;
        browser.get("/systems").await.ok(200);
        for _ in 0..3 {
            app.pass(Seconds::minutes(6));
            browser.with_header(header, kind).get("/logo").await;
        }
        browser.get("/systems").await.refused(401, "session_expired");
    }
    for (header, kind) in
        [("sec-fetch-dest", "empty"), ("sec-fetch-dest", "document"), ("accept", "text/html,image/webp")]
    {
        let browser = app.browser_of("acme", &ana).await;
        for _ in 0..3 {
            app.pass(Seconds::minutes(6));
            browser.with_header(header, kind).get("/systems").await.ok(200);
        }
    }
}

#[both_engines]
async fn x5_a_rest_that_is_shorter_than_every_limit_ends_nothing(app: TestApp) {
    let pair = Pair::new(&app).await;
    for _ in 0..5 {
        app.pass(Seconds(SHORT - 1));
        pair.browser.get("/me").await.ok(200);
    }
    assert!(works(&pair.browser, "acme").await);
    app.pass(Seconds(SHORT - 1));
    assert!(works(&pair.browser, "acme").await, "looking is no input");
    app.pass(Seconds(1));
    assert!(!works(&pair.browser, "acme").await);
}

#[both_engines]
async fn x5_what_a_limit_refused_is_over_for_good_also_where_nobody_touched_anything(app: TestApp) {
    let pair = Pair::new(&app).await;
    app.pass(Seconds(SHORT));
    assert!(!works(&pair.browser, "acme").await, "the open page asks");
    set(&app, "acme", json!({ "idle_timeout_seconds": 86_400 })).await;
    assert!(!works(&pair.browser, "acme").await);
    pair.browser.get("/systems").await.refused(401, "session_expired");
    assert!(works(&pair.browser, "beta").await);
}

#[both_engines]
async fn si3_an_open_page_counts_in_its_own_account_only(app: TestApp) {
    let short = json!({ "idle_timeout_seconds": SHORT });
    let pair = Pair::with(&app, json!({ "idle_timeout_seconds": SHORT, "renew_while_open": true }), short).await;
    for _ in 0..4 {
        app.pass(Seconds(SHORT - 60));
        assert!(works(&pair.browser, "acme").await);
        service::installation::housekeeping::save_activity(&app.app).await.unwrap();
    }
    assert!(!works(&pair.browser, "beta").await);
    let there = at(&app.another_node().await, &pair.browser);
    assert!(works(&there, "acme").await, "another node knows of the open page");
    pair.browser.get("/me").await.ok(200);
    assert!(works(&pair.browser, "acme").await && !works(&pair.browser, "beta").await);
}

#[both_engines]
async fn si1_the_longest_lifetime_ends_a_session_for_good_too(app: TestApp) {
    let pair = Pair::with(&app, json!({ "max_length_seconds": 3_600, "idle_timeout_seconds": 3_600 }), json!({})).await;
    for _ in 0..6 {
        app.pass(Seconds::minutes(10));
        pair.browser.get("/me").await.ok(200);
    }
    pair.browser.get("/systems").await.refused(401, "session_expired");
    set(&app, "acme", json!({ "max_length_seconds": 86_400 })).await;
    assert!(!works(&pair.browser, "acme").await && works(&pair.browser, "beta").await);
}

#[both_engines]
async fn x5_input_at_one_node_counts_at_another_and_an_end_at_one_is_one_at_all(app: TestApp) {
    let pair = Pair::new(&app).await;
    let node = app.another_node().await;
    let there = at(&node, &pair.browser);
    assert!(works(&there, "acme").await);
    for _ in 0..3 {
        app.pass(Seconds(SHORT - 10));
        there.get("/me").await.ok(200);
        app.pass(Seconds(20));
        // This node last saw input long ago.
        pair.browser.get("/systems").await.ok(200);
    }
    app.pass(Seconds(SHORT));
    there.get("/me").await.ok(200);
    pair.browser.get("/systems").await.refused(401, "session_expired");
    assert!(works(&pair.browser, "beta").await && works(&there, "beta").await && !works(&there, "acme").await);
}

#[both_engines]
async fn x3_a_session_that_expired_in_every_account_is_over_everywhere(app: TestApp) {
    let short = json!({ "idle_timeout_seconds": SHORT });
    let pair = Pair::with(&app, short.clone(), short).await;
    app.pass(Seconds(SHORT));
    let background = pair.browser.with_header("portcullis-background", "?1");
    background.get("/me").await.refused(401, "session_expired");
    pair.browser.post("/sign-out", json!({})).await.refused(401, "session_expired");
    let beyond = app.new_account("gamma").await;
    app.add_person(beyond, NewPerson::new("ana@people.example", "admin")).await;
    pair.browser.in_account("gamma").get("/systems").await.refused(401, "session_expired");
    let fresh = pair.again(&app).await;
    assert_eq!(fresh.get("/me/sessions").await.ok(200)["items"].as_array().unwrap().len(), 1);
}

#[both_engines]
async fn what_is_known_of_expired_sessions_goes_when_they_go(app: TestApp) {
    let pair = Pair::new(&app).await;
    app.pass(Seconds(SHORT));
    pair.browser.get("/me").await.ok(200);
    let known = async |statement: &'static str| {
        let mut tx = app.app.db.read().await.unwrap();
        tx.sql(statement).value::<i64>().await.unwrap()
    };
    assert_eq!(known("SELECT COUNT(*) FROM session_accounts WHERE lapse IS NOT NULL").await, 1);
    app.pass(Seconds::days(31));
    service::installation::housekeeping::clean_up(&app.app).await.unwrap();
    assert_eq!(known("SELECT COUNT(*) FROM session_accounts").await, 0);
}
