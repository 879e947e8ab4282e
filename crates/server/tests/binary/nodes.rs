//! Commands of the operator beside running nodes on PostgreSQL (D11, X1): every node follows within a second.

use std::time::Duration;

use store::testing::TestDatabase;

use crate::installation::{Installation, Server, pause};

/// As base64: another key than the one that installations of tests have.
const NEW_KEY: &str = "CQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk=";

const WITHIN: Duration = Duration::from_secs(1);

/// Two nodes over one PostgreSQL, at both of which the same admin is signed in and remembered.
struct Nodes {
    one: (Installation, Server),
    two: (Installation, Server),
    _database: TestDatabase,
}

impl Nodes {
    async fn start() -> Option<Self> {
        let database = TestDatabase::postgres().await?;
        let mut one = Installation::new(("DATABASE__URL", database.config().url.clone().unwrap()));
        let (server, link) = one.start().await;
        one.set_up(&link.unwrap()).await;
        let two = one.node_with(&[]);
        let (other_server, _) = two.start().await;
        let nodes = Self { one: (one, server), two: (two, other_server), _database: database };
        for node in nodes.both() {
            assert_eq!(systems(node).await, 200);
        }
        Some(nodes)
    }

    fn both(&self) -> [&Installation; 2] {
        [&self.one.0, &self.two.0]
    }
}

async fn systems(node: &Installation) -> u16 {
    node.get("/api/v1/accounts/acme/systems").await.unwrap().status
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn d11_after_a_restore_no_session_works_on_any_node_within_a_second() {
    let Some(nodes) = Nodes::start().await else { return };
    assert!(nodes.one.0.expect(0, &["after-restore"]).contains("1 sessions"));
    let refused = async {
        for node in nodes.both() {
            while systems(node).await != 401 {
                pause(Duration::from_millis(5)).await;
            }
        }
    };
    tokio::time::timeout(WITHIN, refused).await.expect("refused on both within a second");
    assert!(nodes.one.0.expect(0, &["events", "verify"]).contains("intact and sealed"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn d9_a_node_with_the_old_key_stops_within_a_second_and_says_why() {
    let Some(nodes) = Nodes::start().await else { return };
    let old_key = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(old_key.path(), "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n").unwrap();
    let with_new_key = nodes.one.0.node_with(&[("SECURITY__SECRET_KEY", NEW_KEY)]);
    with_new_key.expect(1, &["events", "verify"]);
    with_new_key.expect(0, &["replace-key", "--old-key-file", old_key.path().to_str().unwrap()]);

    let Nodes { one, two, _database } = nodes;
    let ((one, server), (_, other)) = (one, two);
    let ended = async { [server.end().await, other.end().await] };
    for (code, said) in tokio::time::timeout(WITHIN, ended).await.expect("both ended within a second") {
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains("secret key of the installation was replaced"), "{said}");
    }
    assert!(one.expect(1, &["serve"]).contains("replace-key"), "it does not start with the old key either");
    let (_server, _) = with_new_key.start().await;
    assert_eq!(systems(&with_new_key).await, 200, "sessions stay");
    assert!(with_new_key.expect(0, &["events", "verify"]).contains("intact and sealed"));
}
