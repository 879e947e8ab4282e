//! What every released version left behind (`scripts/fixtures.sh`) is opened, upgraded and used by this one.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use store::testing::LoadedDatabase;

use crate::installation::Installation;

/// The folder of each released version.
fn releases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let found: Vec<PathBuf> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(!found.is_empty(), "no release left a database in {}", folder.display());
    found
}

fn unpacked(file: &Path) -> Vec<u8> {
    let output = Command::new("gzip").args(["--decompress", "--stdout"]).arg(file).output().unwrap();
    assert!(output.status.success(), "{}: {}", file.display(), String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// People sign in with their passwords and are who they were, their links and the log are as before, and changes go on.
async fn works(mut here: Installation, release: &Path) {
    here.expect(0, &["migrate"]);
    let verified = here.expect(0, &["events", "verify"]);
    assert!(verified.contains("intact and sealed"), "{verified}");

    let (_server, _) = here.start().await;
    here.sign_in("ada@demo.example", "try-portcullis").await;
    let list = here.get("/api/v1/accounts/demo/users?limit=200").await.unwrap();
    assert_eq!(list.status, 200, "{}", list.body);
    let row = |user: &Value| {
        json!([user["email"], user["status"], user["role"]["id"], user["all_systems"], user["system_count"]])
    };
    let mut people: Vec<Value> = list.body["items"].as_array().unwrap().iter().map(row).collect();
    people.sort_by(|a, b| a[0].as_str().cmp(&b[0].as_str()));
    let before: Value = serde_json::from_slice(&std::fs::read(release.join("users.json")).unwrap()).unwrap();
    assert_eq!(json!(people), before, "{}", release.display());

    let found = here.get("/api/v1/accounts/demo/users?q=ana%40example").await.unwrap();
    let ana = found.body["items"][0]["id"].as_str().expect("the search finds who was there before").to_owned();
    let resent = here.post_in("demo", &format!("/users/{ana}/resend"), &json!({})).await.unwrap();
    assert!(resent.status < 300, "{}", resent.body);
    let views = here.get("/api/v1/accounts/demo/views").await.unwrap();
    assert_eq!(views.body["items"][0]["name"], "Sleepers", "{}", views.body);
    assert!(here.expect(0, &["events", "verify"]).contains("intact and sealed"));
}

#[tokio::test]
async fn what_every_release_left_on_sqlite_is_upgraded_and_used() {
    for release in releases() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("portcullis.db");
        std::fs::write(&file, unpacked(&release.join("sqlite.db.gz"))).unwrap();
        works(Installation::new(("DATABASE__PATH", file.display().to_string())), &release).await;
    }
}

#[tokio::test]
async fn what_every_release_left_on_postgresql_is_upgraded_and_used() {
    for release in releases() {
        let dump = String::from_utf8(unpacked(&release.join("postgres.sql.gz"))).unwrap();
        let Some(database) = LoadedDatabase::of_dump(dump).await else { return };
        works(Installation::new(("DATABASE__URL", database.url.clone())), &release).await;
    }
}
