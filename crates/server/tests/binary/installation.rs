//! One installation: how to call its binary, and how to talk to its server.

use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use reqwest::header::{COOKIE, RETRY_AFTER};
use serde_json::{Value, json};

/// What an installation is made of.
pub struct Installation {
    settings: Vec<(String, String)>,
    /// The address of its server.
    pub base: String,
    http: reqwest::Client,
    cookie: String,
}

/// An answer: status, `Retry-After`, body.
pub struct Answer {
    pub status: u16,
    pub retry_after: Option<u32>,
    pub body: Value,
}

/// A running server. Its end is SIGKILL, also when the test fails.
pub struct Server(Child);

impl Server {
    /// One that somebody else started.
    pub fn of(child: Child) -> Self {
        Self(child)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Server {
    /// Waits until it has ended by itself; gives its exit code and what it said on standard error.
    pub async fn end(mut self) -> (Option<i32>, String) {
        let status = loop {
            if let Some(status) = self.0.try_wait().unwrap() {
                break status;
            }
            pause(Duration::from_millis(5)).await;
        };
        let mut said = String::new();
        self.0.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        (status.code(), said)
    }

    /// Ends it; gives what it said on standard error, where its log is.
    pub fn stop(mut self) -> String {
        self.0.kill().unwrap();
        let mut said = String::new();
        self.0.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        said
    }
}

/// Waits: for another process.
#[expect(clippy::disallowed_methods, reason = "there is nothing that tells when it is time")]
pub async fn pause(span: Duration) {
    tokio::time::sleep(span).await;
}

impl Installation {
    /// One whose database is at this setting: `("DATABASE__PATH", …)` or `("DATABASE__URL", …)`.
    pub fn new(database: (&str, String)) -> Self {
        let port = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
        let base = format!("http://127.0.0.1:{port}");
        let settings = [
            ("SERVER__LISTEN", format!("127.0.0.1:{port}")),
            ("SERVER__PUBLIC_URL", base.clone()),
            ("SECURITY__SECRET_KEY", "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=".to_owned()),
            ("LOG__FILTER", "off".to_owned()),
            database,
        ];
        let settings = settings.into_iter().map(|(name, value)| (format!("PORTCULLIS__{name}"), value)).collect();
        let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(30)).build().unwrap();
        Self { settings, base, http, cookie: String::new() }
    }

    /// Another node of the same installation, or the same with another setting.
    pub fn node_with(&self, settings: &[(&str, &str)]) -> Self {
        let database = self.settings.iter().find(|(name, _)| name.contains("__DATABASE__")).cloned().unwrap();
        let name = database.0.strip_prefix("PORTCULLIS__").unwrap();
        let mut node = Self::new((name, database.1.clone()));
        for (name, value) in settings {
            node.settings.push((format!("PORTCULLIS__{name}"), (*value).to_owned()));
        }
        node.cookie.clone_from(&self.cookie);
        node
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_portcullis"));
        command.args(arguments).envs(self.settings.iter().cloned()).env_remove("DATABASE_URL").stdin(Stdio::null());
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs a command and expects this exit code; gives what it said on both outputs.
    pub fn expect(&self, code: i32, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "portcullis {arguments:?}: {said}");
        said
    }

    /// Runs a command as another user of this machine. `None` where that cannot be done from here.
    pub fn run_as(&self, user: u32, group: u32, arguments: &[&str]) -> Option<Output> {
        self.command(arguments).uid(user).gid(group).current_dir("/").output().ok()
    }

    /// Starts the server, waits until it is ready, and gives the link that it printed for the first account.
    pub async fn start(&self) -> (Server, Option<String>) {
        let mut child = self.command(&["serve"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut server = Server(child);
        let ready = async {
            while self.get("/readyz").await.is_none_or(|answer| answer.status != 200) {
                assert!(server.0.try_wait().unwrap().is_none(), "the server ended at its start");
                pause(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), ready).await.expect("ready within half a minute");
        let printed = std::thread::spawn(move || lines.map_while(Result::ok).find(|line| line.contains("/setup/")));
        for _ in 0..50 {
            if printed.is_finished() {
                break;
            }
            pause(Duration::from_millis(10)).await;
        }
        let link = if printed.is_finished() { printed.join().unwrap() } else { None };
        (server, link.map(|line| line.trim().to_owned()))
    }

    /// Makes the first account, `acme`, and signs its admin in.
    pub async fn set_up(&mut self, link: &str) {
        let body = json!({
            "token": link.rsplit('/').next().unwrap(), "account_name": "Acme", "slug": "acme",
            "email": "ada@acme.example", "name": "Ada Admin", "password": "correct-horse-battery",
        });
        self.enter("/setup", &body).await;
    }

    /// Signs somebody in with a password.
    pub async fn sign_in(&mut self, email: &str, password: &str) {
        self.enter("/sign-in/password", &json!({ "email": email, "password": password })).await;
    }

    /// Tries to, with a wrong password.
    pub async fn fail_to_sign_in(&self, email: &str, password: &str) {
        let body = json!({ "email": email, "password": password });
        let answer = self.http.post(format!("{}/api/v1/sign-in/password", self.base)).json(&body).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 401);
    }

    async fn enter(&mut self, path: &str, body: &Value) {
        let answer = self.http.post(format!("{}/api/v1{path}", self.base)).json(body).send().await.unwrap();
        let session = answer.headers().get_all("set-cookie").iter().map(|line| line.to_str().unwrap());
        let session =
            session.filter_map(|line| line.split(';').next()).find(|pair| pair.starts_with("__Host-portcullis="));
        self.cookie = session.unwrap().to_owned();
    }

    /// GET of any address; `None` when nobody answers.
    pub async fn get(&self, path: &str) -> Option<Answer> {
        self.send(self.http.get(format!("{}{path}", self.base))).await
    }

    /// POST below the account `acme`.
    pub async fn post(&self, path: &str, body: &Value) -> Option<Answer> {
        self.post_in("acme", path, body).await
    }

    /// POST below an account.
    pub async fn post_in(&self, account: &str, path: &str, body: &Value) -> Option<Answer> {
        self.send(self.http.post(format!("{}/api/v1/accounts/{account}{path}", self.base)).json(body)).await
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Option<Answer> {
        let answer = request.header(COOKIE, &self.cookie).send().await.ok()?;
        let status = answer.status().as_u16();
        let retry_after = answer.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
        let text = answer.text().await.ok()?;
        Some(Answer { status, retry_after, body: serde_json::from_str(&text).unwrap_or(Value::String(text)) })
    }
}
