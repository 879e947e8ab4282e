//! Commands: what they say and the exit code by which a script knows how they ended.

use std::fs::{Permissions, metadata, set_permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::Path;

use mail::Step;
use mail::sink::SmtpSink;
use store::testing::TestDatabase;
use store::{DatabaseConfig, Db, OpenAs};

use crate::installation::Installation;

fn on_file(folder: &Path) -> Installation {
    Installation::new(("DATABASE__PATH", path(folder)))
}

fn path(folder: &Path) -> String {
    folder.join("portcullis.db").display().to_string()
}

async fn alter(folder: &Path, statement: &'static str) {
    let file = DatabaseConfig { path: folder.join("portcullis.db"), ..DatabaseConfig::default() };
    let db = Db::open(&file, OpenAs::Tool).await.unwrap();
    let mut tx = db.write().await.unwrap();
    assert!(tx.sql(statement).run().await.unwrap() > 0);
    tx.commit().await.unwrap();
    db.close().await;
}

async fn systems(file: &Path) -> Vec<String> {
    let file = DatabaseConfig { path: file.to_owned(), ..DatabaseConfig::default() };
    let db = Db::open(&file, OpenAs::Tool).await.unwrap();
    let names = db.read().await.unwrap().sql("SELECT name FROM systems").values().await.unwrap();
    db.close().await;
    names
}

const NEWER: &str = "INSERT INTO schema_migrations (version, name, checksum, trigram, applied_at) \
     SELECT 9999, name, checksum, trigram, applied_at FROM schema_migrations WHERE version = 1";

const CREATE: &[&str] = &["account", "create", "Acme", "--admin", "ada@acme.example", "--admin-name", "Ada"];

#[tokio::test]
async fn every_command_says_by_its_exit_code_how_it_ended() {
    let folder = tempfile::tempdir().unwrap();
    let here = on_file(folder.path());
    let right = here.expect(0, &["config", "check"]);
    let last = right.lines().last().unwrap();
    assert!(
        last.contains("The configuration is valid")
            && last.contains("; SQLite in ")
            && last.contains("; no mail server"),
        "{last}"
    );
    here.expect(2, &["config", "chek"]);
    here.expect(2, &["--config", "/nowhere/portcullis.toml", "config", "check"]);
    let wrong = folder.path().join("wrong.toml");
    std::fs::write(&wrong, "[limits]\nrequests_per_hour = 5\n").unwrap();
    let said = here.expect(2, &["--config", wrong.to_str().unwrap(), "config", "check"]);
    assert!(said.contains("requests_per_hour") && said.lines().count() < 8, "{said}");

    assert!(here.expect(0, &["migrate"]).contains("up to date"));
    here.expect(0, &["migrate"]);
    here.expect(0, CREATE);
    assert!(here.expect(1, CREATE).contains("slug"), "the second one says what to do");
    assert!(here.expect(2, &["demo"]).contains("--in-production"), "people with a known password");
    let listed = here.expect(0, &["account", "list"]);
    assert!(listed.contains("acme") && !listed.contains("demo"), "{listed}");
    let said = here.expect(1, &["user", "recover", "nobody@acme.example", "--account", "acme"]);
    assert!(!said.contains("http"), "no link for nobody: {said}");
    let said = here.expect(0, &["user", "recover", "ada@acme.example", "--account", "acme"]);
    assert!(said.contains("/activate/pcl_"), "the first admin was invited and may not have got the mail: {said}");
    here.expect(1, &["user", "recover", "ada@acme.example", "--account", "nowhere"]);

    assert!(here.expect(0, &["events", "verify"]).contains("acme: 2 entries, intact and sealed, head "));
    here.expect(1, &["events", "verify", "--account", "nowhere"]);
    alter(folder.path(), "UPDATE events SET action = 'nothing.happened'").await;
    let said = here.expect(3, &["events", "verify"]);
    assert!(said.contains("acme") && said.contains("Entry 1"), "{said}");
    assert!(!said.contains("Intact and sealed") && !said.contains("intact and sealed"), "{said}");
    let id = listed.split_whitespace().find(|word| word.starts_with("acc_"));
    alter(folder.path(), "DELETE FROM accounts").await;
    let said = here.expect(3, &["events", "verify"]);
    assert!(said.contains("BROKEN") && !said.to_lowercase().contains("intact and sealed"), "{said}");
    assert!(id.is_none_or(|id| said.contains(id)) && said.contains("acc_"), "{said}");
    alter(folder.path(), "DELETE FROM events").await;
    let said = here.expect(3, &["events", "verify"]);
    assert!(
        said.contains("removed or added from outside") && !said.to_lowercase().contains("intact and sealed"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operator_tries_the_mail_server_out_and_learns_which_step_goes_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let here = on_file(folder.path());
    assert!(here.expect(2, &["mail", "test", "bo@acme.example"]).contains("Configure [mail.smtp] first"));
    let sink = SmtpSink::start().await.unwrap();
    let file = folder.path().join("portcullis.toml");
    let port = sink.address().port();
    let text = format!(
        "[mail.smtp]\nhost = '127.0.0.1'\nport = {port}\nencryption = 'none'\nusername = 'u'\npassword = 'hidden'\n\
         from = 'Portcullis <no-reply@acme.example>'\nhelo_name = 'portcullis.acme.example'\ntimeout_seconds = 5\n"
    );
    std::fs::write(&file, text).unwrap();
    let test = |code: i32| {
        let said = here.expect(code, &["--config", file.to_str().unwrap(), "mail", "test", "bo@acme.example"]);
        assert!(!said.contains("hidden"), "{said}");
        said
    };

    let said = test(0);
    for step in
        ["Connected to 127.0.0.1:", "Signed in as u.", "Sender", "Recipient bo@acme.example accepted", "Email accepted"]
    {
        assert!(said.contains(step), "{step} in {said}");
    }
    let mail = sink.mails().pop().unwrap();
    assert_eq!((mail.to.as_str(), mail.helo.as_str()), ("bo@acme.example", "portcullis.acme.example"));
    assert_eq!(mail.subject, "Portcullis can send email");

    for (step, reply, code, words) in [
        (Step::Connect, "550 5.7.1 <vm>: Helo command rejected: need a full host name", 3, "mail.smtp.helo_name"),
        (Step::Connect, "421 4.3.2 closing", 4, "answers, but"),
        (Step::SignIn, "535 5.7.8 wrong password", 3, "doesn't let u sign in"),
        (Step::SignIn, "454 4.7.0 Temporary authentication failure", 4, "Try again later"),
        (Step::Sender, "550 5.7.60 no permission to send as this sender", 3, "rejects the sender"),
        (Step::Recipient, "550 5.1.1 no such user", 1, "rejects the recipient"),
        (Step::Recipient, "554 5.7.1 Relay access denied", 3, "accepts no email from this installation"),
        (Step::Content, "451 4.3.0 later", 4, "Try again later"),
    ] {
        sink.refuse_at(step, reply);
        let said = test(code);
        assert!(said.contains(words) && said.contains(reply), "{said}");
    }
    sink.stop().await;
    assert!(test(4).contains("Can't connect to 127.0.0.1:"));
    assert!(!folder.path().join("portcullis.db").exists(), "a test touches no database");
    here.expect(2, &["mail", "test", "nobody"]);
}

#[tokio::test]
async fn the_setup_link_ends_with_the_first_account_however_it_was_made() {
    let folder = tempfile::tempdir().unwrap();
    let here = on_file(folder.path());
    let (_server, link) = here.start().await;
    let address = format!("/api/v1/setup?token={}", link.unwrap().rsplit('/').next().unwrap());
    assert_eq!(here.get(&address).await.unwrap().status, 200);
    here.expect(0, CREATE);
    assert_eq!(here.get(&address).await.unwrap().status, 404);
}

#[tokio::test]
async fn where_there_is_no_installation_commands_say_so_and_make_none() {
    let folder = tempfile::tempdir().unwrap();
    let empty = TestDatabase::all_with(&[]).await;
    // That of SQLite is held by its own server.
    let empty = empty.iter().filter_map(|database| Some(("DATABASE__URL", database.config().url.clone()?)));
    let mut is_made = false;
    for place in std::iter::once(("DATABASE__PATH", path(folder.path()))).chain(empty) {
        let here = Installation::new(place);
        let recover = ["user", "recover", "ada@acme.example", "--account", "acme"];
        for command in [&["events", "verify"][..], &["account", "list"], &recover, &["after-restore"], &["replace-key"]]
        {
            let said = here.expect(2, command);
            assert!(said.contains("contains no installation") && said.contains("--config"), "{command:?}: {said}");
            assert!(!folder.path().join("portcullis.db").exists() || is_made, "{command:?} made a file");
        }
        here.expect(0, &["migrate"]);
        is_made = true;
        let said = here.expect(0, &["events", "verify"]);
        assert!(said.contains("no account yet") && !said.contains("Intact and sealed"), "{said}");
    }
    let said = on_file(folder.path()).expect(2, &["backup", "/nowhere/copy.db"]);
    assert!(said.contains("The folder /nowhere doesn't exist"), "{said}");
}

#[tokio::test]
async fn a_backup_is_restored_and_what_was_there_before_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let mut here = on_file(folder.path());
    let copy = folder.path().join("copy.db").display().to_string();
    here.expect(2, &["backup", &copy]);
    let (server, link) = here.start().await;
    here.set_up(&link.unwrap()).await;
    // Beside the running server.
    here.expect(0, &["backup", &copy]);
    here.expect(2, &["backup", &copy]);
    let made = here.post("/systems", &serde_json::json!({ "name": "Later", "platform": "web" })).await.unwrap();
    assert_eq!(made.status, 201);
    assert!(here.expect(4, &["restore", &copy]).contains("portcullis.db"), "not under a running server");
    drop(server);

    let broken = folder.path().join("broken.db");
    std::fs::write(&broken, "this is no database").unwrap();
    let said = here.expect(1, &["restore", broken.to_str().unwrap()]);
    assert!(said.contains("nothing was changed"), "{said}");
    let stale = folder.path().join("portcullis.db.restoring-wal");
    std::fs::write(&stale, "of a restore that was killed").unwrap();
    assert!(here.expect(0, &["restore", &copy]).contains("1 sessions"));
    assert!(!stale.exists(), "it is not taken for the log of the new database");
    // The server was killed, so its latest changes stood in its log.
    assert!(systems(&folder.path().join("portcullis.db.before-restore")).await.contains(&"Later".to_owned()));
    assert!(!folder.path().join("portcullis.db.before-restore-wal").exists(), "the log went into the file");
    assert!(here.expect(0, &["restore", &copy]).contains("before-restore-2"), "the first copy is kept");
    assert!(here.expect(0, &["events", "verify"]).contains("intact"));
    let (_server, link) = here.start().await;
    assert_eq!(link, None, "the account is there again");
    let answer = here.get("/api/v1/me").await.unwrap();
    assert_eq!(answer.status, 401, "nothing of before works: {}", answer.body);
}

#[tokio::test]
async fn a_restore_that_fails_at_its_last_step_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let here = on_file(folder.path());
    let copy = folder.path().join("copy.db").display().to_string();
    here.expect(0, &["migrate"]);
    here.expect(0, &["backup", &copy]);
    std::fs::create_dir(folder.path().join("portcullis.db-wal")).unwrap();
    assert!(here.expect(1, &["restore", &copy]).contains("nothing was changed"));
    assert!(!folder.path().join("portcullis.db.restoring").exists());
}

#[tokio::test]
async fn what_root_restores_belongs_to_whom_the_folder_belongs_and_who_may_write_into_it_can_restore_too() {
    let folder = tempfile::tempdir().unwrap();
    let (server, copy) = (4321, folder.path().join("copy.db"));
    let source = on_file(folder.path());
    source.expect(0, &["migrate"]);
    source.expect(0, &["backup", copy.to_str().unwrap()]);
    set_permissions(&copy, Permissions::from_mode(0o644)).unwrap();
    set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
    let home = folder.path().join("home");
    std::fs::create_dir(&home).unwrap();
    if chown(&home, Some(server), Some(server)).is_err() {
        return; // Only root can try this.
    }
    let data = home.join("new").join("data");
    on_file(&data).expect(0, &["restore", copy.to_str().unwrap()]);
    for made in [data.parent().unwrap(), &data, &data.join("portcullis.db"), &data.join("portcullis.db.lock")] {
        assert_eq!(metadata(made).unwrap().uid(), server, "{}", made.display());
    }

    // A volume of root's that a group may write into, as containers get it.
    let volume = folder.path().join("volume");
    std::fs::create_dir(&volume).unwrap();
    chown(&volume, Some(0), Some(server)).unwrap();
    set_permissions(&volume, Permissions::from_mode(0o2775)).unwrap();
    if let Some(output) = on_file(&volume).run_as(server + 1, server, &["restore", copy.to_str().unwrap()]) {
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

#[tokio::test]
async fn the_log_says_where_a_sign_in_that_failed_came_from_and_nothing_else_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut here = on_file(folder.path()).node_with(&[("LOG__FILTER", "info")]);
    let (server, link) = here.start().await;
    here.set_up(&link.unwrap()).await;
    for email in ["ada@acme.example", "nobody@acme.example"] {
        here.fail_to_sign_in(email, "typed-by-mistake").await;
    }
    let log = server.stop();
    let failed: Vec<_> = log.lines().filter(|line| line.contains("A sign-in failed.")).collect();
    assert_eq!(failed.len(), 2, "{log}");
    for line in failed {
        assert!(line.contains("WARN") && line.contains("127.0.0.1"), "{line}");
    }
    assert!(!log.contains("typed-by-mistake") && !log.contains("@acme.example"), "{log}");
    let database = folder.path().join("portcullis.db").display().to_string();
    assert!(log.lines().any(|line| line.contains("ready") && line.contains(&database)), "{log}");
}

#[tokio::test]
async fn a_second_server_on_the_same_file_is_refused_and_the_first_does_not_notice() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (on_file(folder.path()), on_file(folder.path()));
    let (_server, _) = first.start().await;
    for arguments in [&["serve"][..], &["migrate"], &["after-restore"], &["replace-key"]] {
        let said = second.expect(4, arguments);
        assert!(said.contains("portcullis.db") && said.lines().count() == 1, "one clear sentence: {said}");
    }
    assert_eq!(first.get("/readyz").await.unwrap().status, 200);
}

#[tokio::test]
async fn a_server_is_not_ready_while_its_schema_is_that_of_another_binary() {
    let folder = tempfile::tempdir().unwrap();
    let here = on_file(folder.path());
    let (_server, _) = here.start().await;
    assert_eq!(here.get("/readyz").await.unwrap().status, 200);
    alter(folder.path(), NEWER).await;
    let answer = here.get("/readyz").await.unwrap();
    assert_eq!((answer.status, answer.body["code"].as_str()), (503, Some("unavailable")));
}

#[tokio::test]
async fn a_schema_of_a_newer_binary_is_refused_by_every_command_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let here = on_file(folder.path());
    here.expect(0, &["migrate"]);
    alter(folder.path(), NEWER).await;
    let before = std::fs::read(path(folder.path())).unwrap();
    for arguments in [&["serve"][..], &["migrate"], &["account", "list"], CREATE, &["events", "verify"]] {
        let said = here.expect(1, arguments);
        assert!(said.contains("9999") && said.contains("newer") && said.lines().count() == 1, "{arguments:?}: {said}");
    }
    assert!(std::fs::read(path(folder.path())).unwrap() == before, "the file was changed");
}
