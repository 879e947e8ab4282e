//! What one node ends is over on every other within a second (P9), whatever happens to the word that is passed on.

use std::time::Duration;

use domain::users::User;
use serde_json::json;
use testing::stopwatch::{instant, pause};
use testing::{Client, Engine, NewPerson, Node, TestApp, both_engines};
use tokio::sync::watch;

const MOST: Duration = Duration::from_secs(1);

/// What the change feed says.
async fn topics(app: &TestApp) -> Vec<String> {
    let mut tx = app.app.db.read().await.unwrap();
    tx.sql("SELECT topic FROM change_feed ORDER BY seq DESC LIMIT 4").values().await.unwrap()
}

/// Two nodes over one PostgreSQL, each following what the other changes, until this is dropped.
struct Nodes {
    app: TestApp,
    other: Node,
    _running: watch::Sender<bool>,
}

impl Nodes {
    async fn start() -> Option<Self> {
        let app = TestApp::start(Engine::Postgres).await?;
        let other = app.remote_node().await;
        let (running, stop) = watch::channel(false);
        for node in [&app.app, &other.app] {
            tokio::spawn(worker::run(node.clone(), None, stop.clone()));
        }
        pause(Duration::from_millis(600)).await;
        Some(Self { app, other, _running: running })
    }

    /// Somebody who is signed in at the other node, which remembers them.
    async fn remembered(&self, number: usize) -> (User, Client) {
        let account = self.app.acme().await;
        let user = self.app.add_person(account, NewPerson::new(&format!("new{number}@acme.example"), "admin")).await;
        let there = self.other.client();
        there.set_cookie(
            "__Host-portcullis",
            &self.app.browser_of("acme", &user).await.cookie("__Host-portcullis").unwrap(),
        );
        there.get("/roles").await.ok(200);
        (user, there)
    }

    /// So many people who are signed in, each with a browser here and the same one at the other node; both remember them.
    async fn crowd(&self, count: usize) -> (Vec<User>, Vec<Client>) {
        let people: Vec<_> = (0..count).map(|n| NewPerson::new(&format!("p{n}@acme.example"), "admin")).collect();
        let users = self.app.add_people(self.app.acme().await, &people).await;
        let mut browsers = Vec::new();
        for user in &users {
            let here = self.app.browser_of("acme", user).await;
            let there = self.other.client();
            there.set_cookie("__Host-portcullis", &here.cookie("__Host-portcullis").unwrap());
            browsers.extend([here, there]);
        }
        for browser in &browsers {
            browser.get("/roles").await.ok(200);
        }
        (users, browsers)
    }

    /// How long the other node let somebody in whose access this node had ended.
    async fn delay(&self, there: &Client) -> Duration {
        let ended = instant();
        while there.get("/roles").await.status.is_success() {
            assert!(ended.elapsed() < MOST * 5, "still in after {:?}", ended.elapsed());
            pause(Duration::from_millis(5)).await;
        }
        ended.elapsed()
    }

    /// Ends the access of many in every way, and gives the longest delay.
    async fn longest_delay(&self, first: usize) -> Duration {
        let mut longest = Duration::ZERO;
        for number in first..first + 12 {
            let (user, there) = self.remembered(number).await;
            let (admin, path) = (self.app.admin(), format!("/users/{}", user.id));
            match number % 4 {
                0 => admin.post(&format!("{path}/disable"), json!({})).await.ok(200),
                1 => admin.delete(&path).await.ok(200),
                2 => admin.delete(&format!("{path}/sessions")).await.ok(200),
                _ => admin.patch(&path, json!({ "role_id": "translator" })).await.ok(200),
            };
            longest = longest.max(self.delay(&there).await);
        }
        longest
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn x1_what_one_node_ends_is_over_on_the_other_within_a_second() {
    let Some(nodes) = Nodes::start().await else { return };
    let longest = nodes.longest_delay(0).await;
    assert!(longest < MOST, "{longest:?}");
}

/// More people than are told of one by one: the sessions of everybody are looked up again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn x1_the_access_of_very_many_at_once_is_over_here_at_once_and_there_within_a_second() {
    let Some(nodes) = Nodes::start().await else { return };
    let (users, browsers) = nodes.crowd(70).await;
    let ids: Vec<_> = users.iter().map(|user| user.id).collect();
    let done = nodes.app.admin().post("/users/bulk", json!({ "action": "disable", "ids": ids })).await.ok(200);
    assert_eq!(done["changed"], 70);
    let ended = instant();
    for here in browsers.iter().step_by(2) {
        here.get("/me").await.refused(401, "access_ended");
    }
    pause(MOST.saturating_sub(ended.elapsed())).await;
    for there in browsers.iter().skip(1).step_by(2) {
        // The person alone, in no account: the session itself is over.
        there.get("/me").await.refused(401, "access_ended");
    }
    let words: Vec<String> = topics(&nodes.app).await;
    assert!(words.contains(&"sessions".to_owned()), "{words:?}");
    nodes.app.admin().get("/me").await.ok(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn x1_also_while_nobody_hears_the_notifications() {
    let Some(nodes) = Nodes::start().await else { return };
    let database = nodes.app.app.db.clone();
    let cutter = tokio::spawn(async move {
        let mut cut = 0;
        loop {
            let mut tx = database.write().await.unwrap();
            let ended: Vec<bool> = tx
                .sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query ILIKE 'listen%'")
                .values()
                .await
                .unwrap();
            cut += ended.len();
            CUT.store(cut, std::sync::atomic::Ordering::Relaxed);
            drop(tx);
            pause(Duration::from_millis(5)).await;
        }
    });
    let longest = nodes.longest_delay(0).await;
    cutter.abort();
    assert!(longest < MOST, "{longest:?}");
    assert!(CUT.load(std::sync::atomic::Ordering::Relaxed) > 0, "there was nothing to cut");
}

static CUT: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn x1_a_node_that_cannot_read_what_others_change_answers_nothing_from_memory() {
    let Some(nodes) = Nodes::start().await else { return };
    let (user, there) = nodes.remembered(0).await;
    // As the loop does when the feed cannot be read; the loop itself must not say otherwise here.
    let _ = nodes._running.send(true);
    pause(Duration::from_millis(300)).await;
    nodes.other.app.principals().feed_is_current(false);
    nodes.app.admin().post(&format!("/users/{}/disable", user.id), json!({})).await.ok(200);
    there.get("/roles").await.refused(401, "access_ended");
}

#[both_engines]
async fn x1_the_sessions_of_very_many_at_once_end_with_the_reply(app: TestApp) {
    let people: Vec<_> = (0..70).map(|n| NewPerson::new(&format!("p{n}@acme.example"), "builder")).collect();
    let users = app.add_people(app.acme().await, &people).await;
    let mut browsers = Vec::new();
    for user in users.iter().step_by(7) {
        browsers.push(app.browser_of("acme", user).await);
    }
    for browser in &browsers {
        browser.get("/me").await.ok(200);
    }
    let ids: Vec<_> = users.iter().map(|user| user.id).collect();
    app.admin().post("/users/bulk", json!({ "action": "delete", "ids": ids })).await.ok(200);
    for browser in &browsers {
        browser.get("/me").await.refused(401, "access_ended");
    }
    app.admin().get("/me").await.ok(200);
    let words = topics(&app).await;
    assert!(words.contains(&"sessions".to_owned()), "{words:?}");
}
