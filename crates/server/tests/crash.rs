//! The real server, killed with SIGKILL at random moments under load, again and again, and started on the same database:
//! nothing that was acknowledged is missing, the chain of events is whole, the kept counts are right, and every mail left
//! once; those that were under way at a kill, and only those, once more at most.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a panic is how a test reports")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use mail::sink::SmtpSink;
use reqwest::header::COOKIE;
use serde_json::{Value, json};
use store::testing::TestDatabase;
use store::{DatabaseConfig, Db, Engine, OpenAs};

const PASSWORD: &str = "correct-horse-battery";
/// Callers at once.
const CALLERS: usize = 4;
/// Mails that a server has under way at most.
const LANES: usize = 4;

/// One installation: how to start its server, and what we know of it.
struct Installation {
    settings: Vec<(String, String)>,
    base: String,
    config: DatabaseConfig,
    sink: SmtpSink,
    cookie: String,
    http: reqwest::Client,
    /// The mails that were under way when a server was killed, and the lane of the server that had each.
    under_way: BTreeSet<(String, String)>,
}

/// What one caller did: what was acknowledged, and what was on its way when the server died.
#[derive(Default)]
struct Ledger {
    invited: BTreeSet<String>,
    systems: BTreeSet<String>,
    user: String,
    is_active: bool,
    may_have_changed: bool,
}

/// Repeatable chance.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// Waits: for another process, or for a moment of chance.
#[expect(clippy::disallowed_methods, reason = "there is nothing that tells when it is time")]
async fn pause(span: Duration) {
    tokio::time::sleep(span).await;
}

fn free_port() -> u16 {
    std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}

impl Installation {
    async fn new(database: &DatabaseConfig) -> Self {
        let (sink, port) = (SmtpSink::start().await.unwrap(), free_port());
        let base = format!("http://127.0.0.1:{port}");
        let mut settings = vec![
            ("SERVER__LISTEN", format!("127.0.0.1:{port}")),
            ("SERVER__PUBLIC_URL", base.clone()),
            ("SECURITY__SECRET_KEY", "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=".to_owned()),
            ("MAIL__PER_SENDER_DAY", "1000000".to_owned()),
            ("MAIL__SMTP__HOST", sink.address().ip().to_string()),
            ("MAIL__SMTP__PORT", sink.address().port().to_string()),
            ("MAIL__SMTP__ENCRYPTION", "none".to_owned()),
            ("MAIL__SMTP__FROM", "Portcullis <no-reply@portcullis.example>".to_owned()),
            ("LIMITS__REQUESTS_PER_MINUTE", "10000000".to_owned()),
            ("LOG__FILTER", "error".to_owned()),
        ];
        match &database.url {
            Some(url) => settings.push(("DATABASE__URL", url.clone())),
            None => settings.push(("DATABASE__PATH", database.path.display().to_string())),
        }
        let settings = settings.into_iter().map(|(name, value)| (format!("PORTCULLIS__{name}"), value)).collect();
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let config = database.clone();
        Self { settings, base, config, sink, cookie: String::new(), http, under_way: BTreeSet::new() }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_portcullis"));
        command.args(arguments).envs(self.settings.iter().cloned()).env_remove("DATABASE_URL").stdin(Stdio::null());
        command
    }

    /// Starts the server and waits until it is ready.
    async fn start(&self) -> Server {
        let mut server = Server(self.command(&["serve"]).stdout(Stdio::null()).spawn().unwrap());
        for _ in 0..3_000 {
            let answer = self.http.get(format!("{}/readyz", self.base)).send().await;
            if answer.is_ok_and(|answer| answer.status().is_success()) {
                return server;
            }
            assert!(server.0.try_wait().unwrap().is_none(), "the server ended at its start");
            pause(Duration::from_millis(10)).await;
        }
        panic!("the server is not ready after half a minute");
    }

    /// Makes the account and its admin, by the operator's command and the link in the mail, and signs in.
    async fn set_up(&mut self) {
        let create =
            ["account", "create", "Crash", "--slug", "crash", "--admin", "ada@crash.example", "--admin-name", "Ada"];
        let made = self.command(&create).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let server = self.start().await;
        let mails = self.sink.wait_for(1).await;
        let token = mails[0].link().unwrap().rsplit('/').next().unwrap().to_owned();
        let body = json!({ "name": "Ada Admin", "password": PASSWORD });
        let answer =
            self.http.post(format!("{}/api/v1/activations/{token}", self.base)).json(&body).send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
        let cookies = answer.headers().get_all("set-cookie").iter();
        let session =
            cookies.map(|line| line.to_str().unwrap()).find(|line| line.starts_with("__Host-portcullis=")).unwrap();
        session.split(';').next().unwrap().clone_into(&mut self.cookie);
        drop(server);
    }

    /// Sends a request; `None` when the server is gone.
    async fn send(&self, method: &str, path: &str, body: Option<&Value>) -> Option<(u16, Value)> {
        let url = format!("{}/api/v1/accounts/crash{path}", self.base);
        let request = self.http.request(method.parse().unwrap(), url).header(COOKIE, &self.cookie);
        let request = match body {
            Some(body) => request.json(body),
            None => request,
        };
        let answer = request.send().await.ok()?;
        let status = answer.status().as_u16();
        let text = answer.text().await.ok()?;
        Some((status, serde_json::from_str(&text).unwrap_or(Value::Null)))
    }

    /// Invites, makes systems, disables and enables until the server is gone; writes down what was acknowledged.
    async fn work(&self, ledger: &mut Ledger, caller: usize) -> Option<()> {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        loop {
            let number = NUMBER.fetch_add(1, Ordering::Relaxed);
            let email = format!("person{number}@crash.example");
            let (status, answer) =
                self.send("POST", "/users", Some(&json!({ "emails": [email], "role_id": "builder" }))).await?;
            assert_eq!(status, 201, "{answer}");
            ledger.invited.insert(email);

            let name = format!("System {number}");
            let body = json!({ "name": name, "platform": "web" });
            let (status, answer) = self.send("POST", "/systems", Some(&body)).await?;
            assert_eq!(status, 201, "{answer} {caller}");
            ledger.systems.insert(name);

            let act = if ledger.is_active { "disable" } else { "enable" };
            ledger.may_have_changed = true;
            let (status, answer) = self.send("POST", &format!("/users/{}/{act}", ledger.user), None).await?;
            assert_eq!(status, 200, "{answer}");
            ledger.is_active = !ledger.is_active;
            ledger.may_have_changed = false;
        }
    }

    /// What was acknowledged is there; what was on its way is there or not.
    async fn check(&self, ledger: &mut Ledger) {
        let (status, found) = self.send("GET", &format!("/users/{}", ledger.user), None).await.unwrap();
        assert_eq!(status, 200, "the session outlived the server: {found}");
        let is_active = found["status"] == "active";
        assert!(is_active == ledger.is_active || ledger.may_have_changed, "an acknowledged status is lost: {found:#}");
        ledger.is_active = is_active;
        ledger.may_have_changed = false;
    }

    async fn database(&self) -> Db {
        Db::open(&self.config, OpenAs::Tool).await.unwrap()
    }

    /// After a kill: notes which mails the dead server had taken and not yet recorded as sent. Nobody else can tell whether
    /// they left.
    async fn note_mails_under_way(&mut self) {
        let copy = tempfile::tempdir().unwrap();
        let db = match &self.config.url {
            Some(_) => self.database().await,
            // Looking would put the file in order, which the next server must do itself.
            None => Db::open(&copied(&self.config, copy.path()), OpenAs::Tool).await.unwrap(),
        };
        let mut tx = db.read().await.unwrap();
        let claimed: Vec<(String, String)> = tx
            .sql("SELECT id, claimed_by FROM outbox WHERE state = 'pending' AND claimed_by IS NOT NULL")
            .all()
            .await
            .unwrap();
        drop(tx);
        db.close().await;
        let known = self.under_way.len();
        self.under_way.extend(claimed);
        assert!(self.under_way.len() <= known + LANES, "one server had more mails under way than lanes");
    }

    async fn check_everything(&self, ledgers: &[Ledger]) {
        let db = self.database().await;
        let mut tx = db.read().await.unwrap();
        let people: Vec<String> = tx.sql("SELECT email FROM users").values().await.unwrap();
        let people: BTreeSet<String> = people.into_iter().collect();
        let systems: Vec<String> = tx.sql("SELECT name FROM systems").values().await.unwrap();
        let systems: BTreeSet<String> = systems.into_iter().collect();
        for ledger in ledgers {
            let lost: Vec<_> = ledger.invited.difference(&people).chain(ledger.systems.difference(&systems)).collect();
            assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
        }
        let wrong: i64 = tx
            .sql(
                "SELECT COUNT(*) FROM (SELECT status, role_id, login_method, COUNT(*) AS users FROM users GROUP BY status, role_id, login_method \
                 EXCEPT SELECT status, role_id, login_method, users FROM user_counts) AS wrong",
            )
            .value()
            .await
            .unwrap();
        assert_eq!(wrong, 0, "kept counts differ from the users");
        let uninvited: i64 = tx
            .sql("SELECT COUNT(*) FROM users u WHERE NOT EXISTS (SELECT 1 FROM invitations i WHERE i.user_id = u.id) AND status = 'provisioned'")
            .value()
            .await
            .unwrap();
        assert_eq!(uninvited, 0, "people without their invitation");
        let mails: Vec<(String, String)> =
            tx.sql("SELECT id, recipient FROM outbox WHERE state = 'sent'").all().await.unwrap();
        self.check_mails(&mails, ledgers);
        drop(tx);
        db.close().await;
    }

    fn check_mails(&self, outbox: &[(String, String)], ledgers: &[Ledger]) {
        let mut received: BTreeMap<String, usize> = BTreeMap::new();
        let got = self.sink.mails();
        for mail in &got {
            *received
                .entry(mail.message_id.trim_matches(['<', '>']).split('@').next().unwrap().to_owned())
                .or_default() += 1;
        }
        for (id, recipient) in outbox {
            assert!(received.contains_key(id), "the mail {id} to {recipient} counts as sent and never came");
        }
        let addresses: BTreeSet<&str> = got.iter().map(|mail| mail.to.as_str()).collect();
        for email in ledgers.iter().flat_map(|ledger| &ledger.invited) {
            assert!(addresses.contains(email.as_str()), "{email} was invited and got no mail");
        }
        for (id, times) in received {
            let allowed = 1 + self.under_way.iter().filter(|(mail, _)| *mail == id).count();
            assert!(times <= allowed, "the mail {id} came {times} times and may have come {allowed} times");
        }
    }

    async fn wait_until_every_mail_left(&self) {
        let db = self.database().await;
        if db.engine() == Engine::Postgres {
            // Three minutes later: what a dead server had taken is free again.
            let mut tx = db.write().await.unwrap();
            tx.sql("UPDATE outbox SET due_at = 0 WHERE state = 'pending'").run().await.unwrap();
            tx.commit().await.unwrap();
        }
        for _ in 0..600 {
            let mut tx = db.read().await.unwrap();
            let waiting: i64 = tx.sql("SELECT COUNT(*) FROM outbox WHERE state = 'pending'").value().await.unwrap();
            // An open read would keep the database from closing.
            drop(tx);
            if waiting == 0 {
                db.close().await;
                return;
            }
            pause(Duration::from_millis(100)).await;
        }
        panic!("mails still wait after a minute");
    }
}

/// A copy of a database file and its log, as they are.
fn copied(database: &DatabaseConfig, folder: &Path) -> DatabaseConfig {
    let path = folder.join("portcullis.db");
    for ending in ["", "-wal"] {
        let part = |path: &Path| format!("{}{ending}", path.display());
        if Path::new(&part(&database.path)).exists() {
            std::fs::copy(part(&database.path), part(&path)).unwrap();
        }
    }
    DatabaseConfig { path, ..database.clone() }
}

/// A running server. Its end is SIGKILL, and nothing else, also when the test fails.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn survive(database: &DatabaseConfig, kills: usize, longest: Duration) {
    let mut installation = Installation::new(database).await;
    installation.set_up().await;
    let mut dice = Dice(std::process::id().into());
    let mut server = installation.start().await;
    let mut ledgers = Vec::new();
    for caller in 0..CALLERS {
        ledgers.push(Ledger { user: active_user(&installation, caller).await, is_active: true, ..Ledger::default() });
    }
    for kill in 1..=kills {
        let load = futures_util::future::join_all(
            ledgers.iter_mut().enumerate().map(|(caller, ledger)| installation.work(ledger, caller)),
        );
        let moment = Duration::from_micros(500 + dice.roll(u64::try_from(longest.as_micros()).unwrap()));
        let death = async {
            pause(moment).await;
            drop(server);
        };
        tokio::join!(load, death);
        installation.note_mails_under_way().await;
        server = installation.start().await;
        for ledger in &mut ledgers {
            installation.check(ledger).await;
        }
        if kill % 25 == 0 {
            let verified = installation.command(&["events", "verify"]).output().unwrap();
            assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
        }
    }
    installation.wait_until_every_mail_left().await;
    assert!(!installation.under_way.is_empty(), "no kill met a mail under way");
    installation.check_everything(&ledgers).await;
    let verified = installation.command(&["events", "verify"]).output().unwrap();
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
    let acknowledged: usize = ledgers.iter().map(|ledger| ledger.invited.len() + ledger.systems.len()).sum();
    assert!(acknowledged > kills, "hardly any load: {acknowledged} acknowledged in {kills} runs");
}

/// Somebody who was invited and has activated.
async fn active_user(installation: &Installation, caller: usize) -> String {
    let email = format!("subject{caller}@crash.example");
    let body = json!({ "emails": [email], "role_id": "builder" });
    let (_, answer) = installation.send("POST", "/users", Some(&body)).await.unwrap();
    let id = answer["items"][0]["user_id"].as_str().unwrap().to_owned();
    let mut link = None;
    for _ in 0..200 {
        let mails = installation.sink.mails();
        link = mails.iter().find(|mail| mail.to == email).and_then(|mail| mail.link()).map(str::to_owned);
        if link.is_some() {
            break;
        }
        pause(Duration::from_millis(50)).await;
    }
    let link = link.unwrap_or_else(|| panic!("no mail to {email} after ten seconds: {:?}", installation.sink.mails()));
    let url = format!("{}/api/v1/activations/{}", installation.base, link.rsplit('/').next().unwrap());
    let body = json!({ "name": "Subject", "password": PASSWORD });
    assert!(installation.http.post(url).json(&body).send().await.unwrap().status().is_success());
    id
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_server_loses_nothing_it_acknowledged_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let file = DatabaseConfig { path: folder.path().join("portcullis.db"), ..DatabaseConfig::default() };
    survive(&file, 200, Duration::from_millis(120)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_server_loses_nothing_it_acknowledged_on_postgres() {
    if let Some(database) = TestDatabase::postgres().await {
        survive(database.config(), 30, Duration::from_millis(800)).await;
    }
}
