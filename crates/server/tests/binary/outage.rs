//! PostgreSQL is stopped and started again under a running server, which needs no restart.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::json;
use store::testing::URL_VARIABLE;
use store::{DatabaseConfig, Db, OpenAs};
use tempfile::TempDir;

use crate::installation::{Installation, pause};

/// A PostgreSQL of this test alone.
struct Cluster {
    folder: TempDir,
    url: String,
}

impl Cluster {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut cluster = Self { folder, url: String::new() };
        let said = cluster.script("start");
        cluster.url = said.trim().split_once('=').unwrap().1.to_owned();
        cluster
    }

    fn script(&self, what: &str) -> String {
        let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../scripts/postgres.sh");
        let output = Command::new(script).arg(what).env("CARGO_TARGET_DIR", self.folder.path()).output().unwrap();
        assert!(output.status.success(), "{what}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    async fn open(&self) -> Db {
        let config = DatabaseConfig { url: Some(self.url.clone()), ..DatabaseConfig::default() };
        Db::open(&config, OpenAs::Tool).await.unwrap()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.script("stop");
    }
}

/// Makes systems one after the other until told to stop; gives the names that were acknowledged, and those of which the answer
/// says that nothing was changed.
async fn write(installation: &Installation, writer: usize, over: &AtomicBool) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut made, mut refused) = (BTreeSet::new(), BTreeSet::new());
    for number in 0.. {
        if over.load(Ordering::Relaxed) {
            break;
        }
        let name = format!("System {writer} {number}");
        let answer = installation.post("/systems", &json!({ "name": name, "platform": "web" })).await.unwrap();
        match answer.status {
            201 => drop(made.insert(name)),
            503 => {
                assert!(answer.retry_after.is_some_and(|seconds| seconds > 0), "{}", answer.body);
                match answer.body["code"].as_str().unwrap_or_default() {
                    "unavailable" => drop(refused.insert(name)),
                    code => assert_eq!(code, "outcome_unknown", "{}", answer.body),
                }
                pause(Duration::from_millis(20)).await;
            }
            other => panic!("{other}: {}", answer.body),
        }
    }
    (made, refused)
}

async fn wait_until_ready(installation: &Installation) {
    for _ in 0..600 {
        if installation.get("/readyz").await.unwrap().status == 200 {
            return;
        }
        pause(Duration::from_millis(50)).await;
    }
    panic!("not ready half a minute after PostgreSQL came back");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stopped_postgres_is_answered_by_503_and_when_it_comes_back_all_goes_on_with_nothing_half_done() {
    if std::env::var_os(URL_VARIABLE).is_none() {
        return;
    }
    let cluster = Cluster::start();
    let mut installation = Installation::new(("DATABASE__URL", cluster.url.clone()));
    let (_server, link) = installation.start().await;
    installation.set_up(&link.unwrap()).await;

    let over = AtomicBool::new(false);
    let outages = async {
        for _ in 0..2 {
            pause(Duration::from_millis(300)).await;
            tokio::task::block_in_place(|| cluster.script("halt"));
            let answer = installation.get("/api/v1/accounts/acme/systems").await.unwrap();
            assert_eq!((answer.status, answer.retry_after.is_some()), (503, true), "{}", answer.body);
            assert_eq!(installation.get("/readyz").await.unwrap().status, 503);
            assert_eq!(installation.get("/healthz").await.unwrap().status, 200, "the server itself lives");
            pause(Duration::from_millis(300)).await;
            tokio::task::block_in_place(|| cluster.script("resume"));
            wait_until_ready(&installation).await;
        }
        pause(Duration::from_millis(300)).await;
        over.store(true, Ordering::Relaxed);
    };
    let ((one, refused), (two, refused_two), ()) =
        tokio::join!(write(&installation, 1, &over), write(&installation, 2, &over), outages);
    assert!(!refused.is_empty() && one.len() > 2, "{} refused, {} made", refused.len(), one.len());

    let db = cluster.open().await;
    let mut tx = db.read().await.unwrap();
    let there: Vec<String> = tx.sql("SELECT name FROM systems").values().await.unwrap();
    let there: BTreeSet<String> = there.into_iter().collect();
    let lost: Vec<_> = one.union(&two).filter(|name| !there.contains(*name)).collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    let kept: Vec<_> = refused.union(&refused_two).filter(|name| there.contains(*name)).collect();
    assert!(kept.is_empty(), "said to have changed nothing, and there: {kept:?}");
    let told: Vec<String> = tx
        .sql(
            "SELECT t.label FROM events e JOIN event_targets t ON t.account_id = e.account_id AND t.seq = e.seq \
             WHERE e.action = 'system.created'",
        )
        .values()
        .await
        .unwrap();
    assert_eq!(told.len(), there.len());
    assert_eq!(
        told.into_iter().collect::<BTreeSet<_>>(),
        there,
        "each system has its entry, and each entry its system"
    );
    drop(tx);
    db.close().await;
    assert!(installation.expect(0, &["events", "verify"]).contains("intact and sealed"));
}
