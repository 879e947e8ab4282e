//! What one node ends is over on every other within a second (decision 9), whatever happens to the word that is passed on.

use std::time::Duration;

use domain::user::User;
use serde_json::json;
use testing::stopwatch::{instant, pause};
use testing::{Client, Engine, NewPerson, Node, TestApp};
use tokio::sync::watch;

const MOST: Duration = Duration::from_secs(1);

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
    there.get("/roles").await.refused(401, "session_expired");
}
