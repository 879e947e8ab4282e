//! Two installations that are alike in what one account saw of a person: in one the person is active in another account, too.

use domain::core::ids::AccountId;
use serde_json::{Value, json};
use testing::{ADMIN_PASSWORD, Answer, Client, NewPerson, Operation, TestApp, operations, placeholders};

use crate::matrices::two_halves::{body, differences};

pub const EMAIL: &str = "ana@example.com";

/// The installation in which the person is known elsewhere, and the one in which they are not.
pub struct Pair {
    pub apps: [TestApp; 2],
    pub admins: [Client; 2],
    /// The browser in which the person was signed in where they are known before anything else happened.
    pub elsewhere: Client,
    pub second: u32,
    /// An account in each that nobody is in.
    nobodys: [AccountId; 2],
}

impl Pair {
    pub async fn start(known: TestApp) -> Self {
        let unknown = TestApp::start(known.app.db.engine()).await.unwrap();
        let account = known.acme().await;
        known.world.go_to(100);
        let other = known.new_account("other").await;
        known.add_person(other, NewPerson::new(EMAIL, "admin")).await;
        let elsewhere = known.signed_in(EMAIL).await;
        for said in [json!({ "name": "Dr. Secret Elsewhere" }), json!({ "locale": "de" })] {
            elsewhere.patch("/me", said).await.ok(200);
        }
        let (mut admins, mut nobodys) = (Vec::new(), Vec::new());
        for app in [&known, &unknown] {
            nobodys.push(app.new_account("nobodys").await);
            app.world.go_to(200);
            let role = app.add_role(account, "Helper", json!({ "content": "view" })).await;
            let new = NewPerson { role, ..NewPerson::new("boss@acme.example", "admin") };
            let helper = app.add_person(account, new).await;
            app.admin().patch(&format!("/users/{}", helper.id), json!({ "role_id": "admin" })).await.ok(200);
            admins.push(app.browser_of("acme", &helper).await);
        }
        let (admins, nobodys) = (admins.try_into().ok().unwrap(), nobodys.try_into().ok().unwrap());
        Self { apps: [known, unknown], admins, elsewhere: elsewhere.in_account("other"), second: 300, nobodys }
    }

    /// Asks both at the same time of their clocks; the answers, and what they cost, are alike.
    pub async fn both(&mut self, method: &str, path: &str, given: Option<Value>, by: By) -> Answer {
        self.each(method, [path, path], given, by).await
    }

    /// The same, where ids of chance differ.
    pub async fn each(&mut self, method: &str, paths: [&str; 2], given: Option<Value>, by: By) -> Answer {
        self.second += 1;
        let mut answers = Vec::new();
        for ((app, admin), path) in self.apps.iter().zip(&self.admins).zip(paths) {
            app.world.go_to(self.second);
            let stranger = app.stranger();
            let client = if by == By::Admin { admin } else { &stranger };
            let before = app.app.db.statements();
            let answer = client.send(method.parse().unwrap(), path, given.clone()).await;
            answers.push((answer.status, told(&answer), app.app.db.statements() - before, answer));
        }
        let (unknown, known) = (answers.pop().unwrap(), answers.pop().unwrap());
        let what = format!("{method} {paths:?} {given:?}");
        assert_eq!(known.0, unknown.0, "{what}: {:#}", known.1);
        let told = differences(&known.1, &unknown.1, "");
        assert!(told.is_empty(), "{what}: {told:#?}");
        if by == By::Admin {
            assert_eq!(known.2, unknown.2, "{what}: statements");
        }
        known.3
    }

    /// What the worker does every second, at the same time of both clocks.
    pub async fn answer_link_requests(&mut self) {
        self.second += 1;
        for app in &self.apps {
            app.world.go_to(self.second);
            app.answer_link_requests().await;
        }
    }

    /// Does the same in both, as the person and at the same time.
    pub async fn come_in(&mut self, browsers: &[Client; 2]) {
        self.second += 1;
        for (app, browser) in self.apps.iter().zip(browsers) {
            app.world.go_to(self.second);
            browser.get("/systems").await.ok(200);
        }
    }

    /// The ids of the entries that each account has, latest first.
    pub async fn events(&self) -> [Vec<String>; 2] {
        let mut found = Vec::new();
        for admin in &self.admins {
            let page = admin.get("/events?limit=200").await.ok(200);
            let ids = page["items"].as_array().unwrap().iter().map(|event| event["id"].as_str().unwrap().to_owned());
            found.push(ids.collect::<Vec<_>>());
        }
        assert_eq!(found[0].len(), found[1].len(), "{found:#?}");
        found.try_into().unwrap()
    }

    pub async fn admin(&mut self, method: &str, path: &str, given: Value) -> Answer {
        self.both(method, path, (!given.is_null()).then_some(given), By::Admin).await
    }

    /// The same, first as a preview.
    pub async fn previewed(&mut self, method: &str, path: &str, given: Value) -> Answer {
        self.admin(method, &format!("{path}?dry_run=true"), given.clone()).await;
        self.admin(method, path, given).await
    }

    /// Looks at everything that the account can see.
    pub async fn look(&mut self, user: &str) {
        let filled = |operation: &Operation, event: &str| {
            let value = |name: &String| match name.as_str() {
                "account" => "acme",
                "user" => user,
                "role" => "builder",
                "event" => event,
                _ => "sys_00000000000000000000000000",
            };
            placeholders(&operation.path)
                .iter()
                .fold(operation.path.clone(), |path, name| path.replace(&format!("{{{name}}}"), value(name)))
        };
        // What is remembered of a person is forgotten with whatever they do; it is no part of an answer.
        self.apps.iter().for_each(|app| app.app.principals().forget_everything());
        let [known, unknown] = self.events().await;
        let events: Vec<_> = known.iter().zip(&unknown).collect();
        let sees = |operation: &Operation| operation.method == "GET" && operation.path.contains("{account}");
        for operation in operations().iter().filter(|operation| sees(operation)) {
            let each = if operation.path.contains("{event}") { &events[..] } else { &events[..1] };
            for (known, unknown) in each {
                let paths = [filled(operation, known), filled(operation, unknown)];
                self.each("GET", paths.each_ref().map(String::as_str), None, By::Admin).await;
            }
        }
        for (idle, longest) in SHORTER {
            let settings = json!({ "sessions": { "idle_timeout_seconds": idle, "max_length_seconds": longest } });
            self.admin("PATCH", "/accounts/acme?dry_run=true", json!({ "settings": settings })).await.ok(200);
        }
        for path in ["/events/export?format=jsonl", "/users/export?format=json", "/emails?recipient=ana@example.com"] {
            self.admin("GET", path, Value::Null).await.ok(200);
        }
        let about = |user: &str| json!({ "account": "acme", "user": user, "permission": "content", "level": "view" });
        for user in [EMAIL, user] {
            self.admin("POST", "/check", about(user)).await.ok(200);
        }
    }

    /// Follows the link of the invitation: with the password that the person has, or with a new one. Gives the browsers in which they
    /// are signed in then, and did not come to the account yet.
    pub async fn accept(&mut self) -> [Client; 2] {
        self.second += 1;
        let said = [json!({}), json!({ "name": "Ana Lopez", "password": ADMIN_PASSWORD, "locale": "de" })];
        let mut browsers = Vec::new();
        for (app, said) in self.apps.iter().zip(said) {
            let (browser, token) = (app.stranger(), app.latest_link(EMAIL).await);
            app.world.go_to(self.second);
            let answer = browser.post(&format!("/activations/{token}"), said).await.ok(200);
            if answer["session"].is_null() {
                browser.post("/sign-in/password", json!({ "email": EMAIL, "password": ADMIN_PASSWORD })).await.ok(201);
            }
            browsers.push(browser);
        }
        browsers.try_into().ok().unwrap()
    }

    pub async fn sign_in(&mut self) -> [Client; 2] {
        self.second += 1;
        let mut browsers = Vec::new();
        for app in &self.apps {
            app.world.go_to(self.second);
            browsers.push(app.signed_in(EMAIL).await);
        }
        browsers.try_into().ok().unwrap()
    }

    /// Opens a session of the person in a browser of one of both, in place of the one that it has. No account knows of it yet.
    pub async fn open_in(&mut self, which: usize, browser: &Client) {
        self.second += 1;
        self.apps[which].world.go_to(self.second);
        self.apps[which].open_session(self.nobodys[which], EMAIL, browser).await;
    }

    /// The same in both, at the same time.
    pub async fn open(&mut self, browsers: &[Client; 2]) {
        for (which, browser) in browsers.iter().enumerate() {
            self.open_in(which, browser).await;
            self.second -= 1;
        }
        self.second += 1;
    }

    /// Signs the admins in anew.
    pub async fn sign_in_admins(&mut self) {
        self.second += 1;
        for (app, admin) in self.apps.iter().zip(&mut self.admins) {
            app.world.go_to(self.second);
            *admin = app.signed_in("boss@acme.example").await;
        }
    }

    /// Does the same to their own sign-in in both, in these browsers.
    pub async fn do_to_oneself(&mut self, browsers: &[Client; 2], method: &str, path: &str, given: Value) {
        self.second += 1;
        for (app, browser) in self.apps.iter().zip(browsers) {
            app.world.go_to(self.second);
            let given = (!given.is_null()).then(|| given.clone());
            let answer = browser.send(method.parse().unwrap(), path, given).await;
            assert!(answer.status.is_success(), "{method} {path}: {}", answer.text());
        }
    }

    /// The latest session of a user, as each account calls it.
    pub async fn session_of(&self, user: &str) -> [String; 2] {
        let mut found = Vec::new();
        for admin in &self.admins {
            let sessions = admin.get(&format!("{user}/sessions")).await.ok(200);
            found.push(format!("{user}/sessions/{}", sessions["items"][0]["id"].as_str().unwrap()));
        }
        found.try_into().unwrap()
    }

    pub async fn invite(&mut self) -> String {
        let people = json!({ "emails": "Ana Lopez <ana@example.com>; new@example.com", "role_id": "builder", "systems": "all", "message": "Hello" });
        let invited = self.previewed("POST", "/users", people).await.ok(201);
        invited["items"][0]["user_id"].as_str().unwrap().to_owned()
    }
}

/// The body of an answer without ids of what happened since, which are made of chance: whoever has a password already takes less of
/// it. That they tell no time of another one is asked apart.
fn told(answer: &Answer) -> Value {
    const LENGTH: usize = 26;
    let mut text = body(answer).to_string();
    for prefix in ["evt_", "ses_", "out_"] {
        let is_id = |rest: &str| rest.len() == LENGTH && rest.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let mut ids: Vec<String> =
            text.split(prefix).skip(1).filter_map(|rest| rest.get(..LENGTH)).map(str::to_owned).collect();
        ids.retain(|rest| is_id(rest));
        ids.iter().for_each(|rest| text = text.replace(rest, ""));
    }
    serde_json::from_str(&text).unwrap()
}

/// Settings under which sessions end sooner: without input, and in any case, after so many seconds.
const SHORTER: [(u32, u32); 5] = [(300, 86_400), (3_600, 86_400), (3_600, 3_600), (7_200, 7_200), (14_400, 14_400)];

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum By {
    Admin,
    Anybody,
}
