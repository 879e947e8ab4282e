//! D2: an account learns nothing of who has a sign-in elsewhere. The same acts on the same address are done in two
//! installations: in one the person is active in another account, in the other one nobody knows them. Whatever admins of the
//! account can see is alike: previews, answers, lists, logs, files, and how many statements it took.
//!
//! What the account may see is generated from the OpenAPI description: every GET below the account.

use serde_json::{Value, json};
use testing::{
    ADMIN_PASSWORD, Answer, Client, NewPerson, Operation, TestApp, on_both_engines, operations, placeholders,
};

use crate::matrices::two_halves::{body, differences};

const EMAIL: &str = "ana@example.com";

/// The installation in which the person is known elsewhere, and the one in which they are not.
struct Pair {
    apps: [TestApp; 2],
    admins: [Client; 2],
    /// The browser in which the person was signed in where they are known before anything else happened.
    elsewhere: Client,
    second: u32,
}

impl Pair {
    async fn start(known: TestApp) -> Self {
        let unknown = TestApp::start(known.app.db.engine()).await.unwrap();
        let account = known.acme().await;
        known.world.go_to(100);
        let other = known.new_account("other").await;
        known.add_person(other, NewPerson::new(EMAIL, "admin")).await;
        let elsewhere = known.signed_in(EMAIL).await;
        for said in [json!({ "name": "Dr. Secret Elsewhere" }), json!({ "locale": "de" })] {
            elsewhere.patch("/me", said).await.ok(200);
        }
        let mut admins = Vec::new();
        for app in [&known, &unknown] {
            app.world.go_to(200);
            let role = app.add_role(account, "Helper", json!({ "content": "view" })).await;
            let new = NewPerson { role, ..NewPerson::new("boss@acme.example", "admin") };
            let helper = app.add_person(account, new).await;
            app.admin().patch(&format!("/users/{}", helper.id), json!({ "role_id": "admin" })).await.ok(200);
            admins.push(app.browser_of("acme", &helper).await);
        }
        let admins = admins.try_into().ok().unwrap();
        Self { apps: [known, unknown], admins, elsewhere: elsewhere.in_account("other"), second: 300 }
    }

    /// Asks both at the same time of their clocks; the answers, and what they cost, are alike.
    async fn both(&mut self, method: &str, path: &str, given: Option<Value>, by: By) -> Answer {
        self.each(method, [path, path], given, by).await
    }

    /// The same, where ids of chance differ.
    async fn each(&mut self, method: &str, paths: [&str; 2], given: Option<Value>, by: By) -> Answer {
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
    async fn answer_link_requests(&mut self) {
        self.second += 1;
        for app in &self.apps {
            app.world.go_to(self.second);
            app.answer_link_requests().await;
        }
    }

    /// Does the same in both, as the person and at the same time.
    async fn come_in(&mut self, browsers: &[Client; 2]) {
        self.second += 1;
        for (app, browser) in self.apps.iter().zip(browsers) {
            app.world.go_to(self.second);
            browser.get("/systems").await.ok(200);
        }
    }

    /// The ids of the entries that each account has, latest first.
    async fn events(&self) -> [Vec<String>; 2] {
        let mut found = Vec::new();
        for admin in &self.admins {
            let page = admin.get("/events?limit=200").await.ok(200);
            let ids = page["items"].as_array().unwrap().iter().map(|event| event["id"].as_str().unwrap().to_owned());
            found.push(ids.collect::<Vec<_>>());
        }
        assert_eq!(found[0].len(), found[1].len());
        found.try_into().unwrap()
    }

    async fn admin(&mut self, method: &str, path: &str, given: Value) -> Answer {
        self.both(method, path, (!given.is_null()).then_some(given), By::Admin).await
    }

    /// The same, first as a preview.
    async fn previewed(&mut self, method: &str, path: &str, given: Value) -> Answer {
        self.admin(method, &format!("{path}?dry_run=true"), given.clone()).await;
        self.admin(method, path, given).await
    }

    /// Looks at everything that the account can see.
    async fn look(&mut self, user: &str) {
        let filled = |operation: &Operation, event: &str| {
            let value = |name: &String| match name.as_str() {
                "account" => "acme",
                "user" => user,
                "role" => "builder",
                "event" => event,
                "system" | "job" => "sys_00000000000000000000000000",
                other => panic!("{}: which {other}?", operation.id),
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
        for (idle, absolute) in SHORTER {
            let settings = json!({ "idle_timeout_seconds": idle, "absolute_timeout_seconds": absolute });
            self.admin("PATCH", "/accounts/acme?dry_run=true", json!({ "settings": settings })).await.ok(200);
        }
        for path in ["/events/export?format=jsonl", "/users/export?format=json", "/mails?recipient=ana@example.com"] {
            self.admin("GET", path, Value::Null).await.ok(200);
        }
        let about = |user: &str| json!({ "account": "acme", "user": user, "permission": "content", "level": "view" });
        for user in [EMAIL, user] {
            self.admin("POST", "/check", about(user)).await.ok(200);
        }
    }

    /// Follows the link of the invitation: with the password that the person has, or with a new one. Gives the browsers in which they
    /// are signed in then, and did not come to the account yet.
    async fn accept(&mut self) -> [Client; 2] {
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

    async fn sign_in(&mut self) -> [Client; 2] {
        self.second += 1;
        let mut browsers = Vec::new();
        for app in &self.apps {
            app.world.go_to(self.second);
            browsers.push(app.signed_in(EMAIL).await);
        }
        browsers.try_into().ok().unwrap()
    }

    /// Does the same to their own sign-in in both, in these browsers.
    async fn do_to_oneself(&mut self, browsers: &[Client; 2], method: &str, path: &str, given: Value) {
        self.second += 1;
        for (app, browser) in self.apps.iter().zip(browsers) {
            app.world.go_to(self.second);
            let given = (!given.is_null()).then(|| given.clone());
            let answer = browser.send(method.parse().unwrap(), path, given).await;
            assert!(answer.status.is_success(), "{method} {path}: {}", answer.text());
        }
    }

    /// The latest session of a user, as each account calls it.
    async fn session_of(&self, user: &str) -> [String; 2] {
        let mut found = Vec::new();
        for admin in &self.admins {
            let sessions = admin.get(&format!("{user}/sessions")).await.ok(200);
            found.push(format!("{user}/sessions/{}", sessions["items"][0]["id"].as_str().unwrap()));
        }
        found.try_into().unwrap()
    }

    async fn invite(&mut self) -> String {
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
enum By {
    Admin,
    Anybody,
}

on_both_engines! {
    async fn d2_until_they_join_an_account_sees_of_people_with_a_sign_in_elsewhere_what_it_sees_of_others(app: TestApp) {
        let mut pair = Pair::start(app).await;
        let ana = pair.invite().await;
        let path = format!("/users/{ana}");
        pair.look(&ana).await;
        pair.previewed("PATCH", &path, json!({ "name": "Ana", "role_id": "analyst" })).await.ok(200);
        pair.previewed("POST", &format!("{path}/resend"), json!({})).await.ok(200);
        pair.previewed("POST", "/users/bulk", json!({ "action": "resend", "ids": [ana] })).await.ok(200);
        for act in ["disable", "enable", "restore", "reset-password"] {
            pair.previewed("POST", &format!("{path}/{act}"), json!({})).await.refused(409, "wrong_status");
        }
        pair.previewed("DELETE", &format!("{path}/sessions"), Value::Null).await.refused(409, "wrong_status");
        pair.look(&ana).await;
        pair.previewed("DELETE", &path, Value::Null).await.ok(200);
        pair.look(&ana).await;
        pair.previewed("POST", &format!("{path}/restore"), json!({})).await.ok(200);
        pair.previewed("POST", &format!("{path}/withdraw"), json!({})).await.ok(204);
        let ana = pair.admin("POST", "/users", json!({ "emails": [EMAIL], "role_id": "builder" })).await.ok(201);
        pair.look(ana["items"][0]["user_id"].as_str().unwrap()).await;
    }

    async fn d2_an_account_sees_nothing_of_what_invited_people_do_elsewhere(app: TestApp) {
        let mut pair = Pair::start(app).await;
        let ana = pair.invite().await;
        let wrong = json!({ "email": EMAIL, "password": "not-the-password!" });
        pair.both("POST", "/sign-in/identify", Some(json!({ "email": EMAIL })), By::Anybody).await;
        pair.both("POST", "/sign-in/password", Some(wrong), By::Anybody).await.refused(401, "wrong_credentials");
        let link = pair.apps[1].latest_link(EMAIL).await;
        assert_eq!(pair.apps[0].latest_link(EMAIL).await, link);
        for (path, asked) in [("/password-resets", json!({ "email": EMAIL })), ("/link-requests", json!({ "token": link }))] {
            pair.both("POST", path, Some(asked), By::Anybody).await.ok(202);
            pair.answer_link_requests().await;
        }
        assert_eq!(pair.apps[0].mails().await.iter().filter(|mail| mail.starts_with("password_reset ->")).count(), 1);
        pair.look(&ana).await;
        let known = &pair.apps[0];
        let there = known.signed_in(EMAIL).await;
        there.patch("/me", json!({ "name": "Ana Elsewhere" })).await.ok(200);
        there.delete("/me/sessions").await.ok(200);
        for app in &pair.apps {
            app.world.go_to(5_000);
            service::installation::housekeeping::report_failed_sign_ins(&app.app).await.unwrap();
        }
        pair.second = 6_000;
        pair.look(&ana).await;
    }

    async fn d2_that_somebody_accepted_with_their_own_password_is_seen_by_nobody_else(app: TestApp) {
        let mut pair = Pair::start(app).await;
        let ana = pair.invite().await;
        let browsers = pair.accept().await;
        pair.look(&ana).await;
        let path = format!("/users/{ana}");
        let shown = pair.admin("GET", &path, Value::Null).await.ok(200);
        let sessions = pair.admin("GET", &format!("{path}/sessions"), Value::Null).await.ok(200);
        assert_eq!((&shown["status"], &shown["last_login_at"], &sessions["items"]), (&json!("active"), &Value::Null, &json!([])));
        pair.come_in(&browsers).await;
        pair.look(&ana).await;
        let shown = pair.admin("GET", &path, Value::Null).await.ok(200);
        let sessions = pair.admin("GET", &format!("{path}/sessions"), Value::Null).await.ok(200);
        assert_eq!((&shown["last_login_at"], sessions["items"].as_array().unwrap().len()), (&sessions["items"][0]["created_at"], 1));
    }

    async fn d2_what_admins_do_to_active_people_tells_nothing_of_who_is_active_elsewhere(app: TestApp) {
        let mut pair = Pair::start(app).await;
        let ana = pair.invite().await;
        let browsers = pair.accept().await;
        pair.come_in(&browsers).await;
        let path = format!("/users/{ana}");
        let acts = [("DELETE", "/sessions"), ("POST", "/reset-password"), ("POST", "/disable"), ("POST", "/enable"), ("DELETE", "")];
        for (method, act) in acts {
            if act != "/enable" {
                let browsers = pair.sign_in().await;
                pair.come_in(&browsers).await;
                pair.look(&ana).await;
                let sessions = pair.session_of(&path).await;
                pair.each("DELETE", sessions.each_ref().map(String::as_str), None, By::Admin).await.ok(204);
                pair.look(&ana).await;
                let browsers = pair.sign_in().await;
                pair.come_in(&browsers).await;
                pair.both("POST", "/password-resets", Some(json!({ "email": EMAIL })), By::Anybody).await.ok(202);
                pair.answer_link_requests().await;
            }
            let given = if method == "POST" { json!({}) } else { Value::Null };
            pair.previewed(method, &format!("{path}{act}"), given).await;
            pair.look(&ana).await;
        }
    }

    async fn d2_what_people_do_to_their_own_sign_in_tells_nothing_of_what_they_have_elsewhere(app: TestApp) {
        let mut pair = Pair::start(app).await;
        let ana = pair.invite().await;
        let changes = |number: u32| {
            let (old, new) = [(ADMIN_PASSWORD, "battery-horse-correct"), ("battery-horse-correct", ADMIN_PASSWORD)][number as usize % 2];
            let locale = ["en", "de"][number as usize % 2];
            [
                ("PATCH", "/me", json!({ "locale": locale })),
                ("PATCH", "/me", json!({ "name": format!("Ana {number}") })),
                ("POST", "/me/password", json!({ "current_password": old, "new_password": new })),
            ]
        };
        // First where they did not come to the account yet, then where they did.
        let browsers = pair.accept().await;
        for (number, comes) in [(0, false), (1, true)] {
            if comes {
                pair.come_in(&browsers).await;
            }
            for (method, path, given) in changes(number) {
                pair.do_to_oneself(&browsers, method, path, given).await;
                pair.look(&ana).await;
            }
        }
        pair.do_to_oneself(&browsers, "DELETE", "/me/sessions", Value::Null).await;
        pair.look(&ana).await;
    }

    async fn d2_how_long_a_session_lasts_tells_nothing_of_what_it_did_before_and_beside_the_account(app: TestApp) {
        let mut pair = Pair::start(app).await;
        let ana = pair.invite().await;
        pair.second += 10_000;
        let [_, new] = pair.accept().await;
        // One was made for another account before the invitation, the other by the acceptance; both come here long after that.
        let browsers = [pair.elsewhere.in_account("acme"), new];
        pair.second += 10_000;
        pair.come_in(&browsers).await;
        pair.look(&ana).await;
        // At last she rested here for longer than a day, and not elsewhere.
        for pause in [1_000, 3_000, 5_000, 50_000, 50_000] {
            pair.second += pause;
            pair.apps.iter().for_each(|app| app.world.go_to(pair.second));
            pair.elsewhere.get("/systems").await.ok(200);
            for app in &pair.apps {
                service::installation::housekeeping::save_activity(&app.app).await.unwrap();
            }
            pair.look(&ana).await;
        }
    }

    async fn d2_what_a_preview_says_to_end_is_what_came_here(app: TestApp) {
        let acme = app.acme().await;
        let other = app.new_account("other").await;
        let elsewhere = app.add_person(other, NewPerson::new(EMAIL, "admin")).await;
        let (ana, bob) = (app.add_person(acme, NewPerson::new(EMAIL, "builder")).await, app.add_person(acme, NewPerson::new("bob@acme.example", "builder")).await);
        for user in [&ana, &bob] {
            app.browser_of("acme", user).await;
        }
        app.browser_of("other", &elsewhere).await;
        for user in [ana.id, bob.id] {
            let sessions = app.admin().get(&format!("/users/{user}/sessions")).await.ok(200);
            assert_eq!(sessions["items"].as_array().unwrap().len(), 1);
            let impact = app.admin().post(&format!("/users/{user}/disable?dry_run=true"), json!({})).await.ok(200)["impact"].clone();
            assert_eq!(impact["sessions_ended"], 1, "{user}");
            let ended = app.admin().delete(&format!("/users/{user}/sessions?dry_run=true")).await.ok(200);
            assert_eq!(ended["sessions"], 1, "{user}");
        }
        app.pass(domain::core::timestamp::Seconds::hours(2));
        let admin = app.signed_in(testing::ADMIN_EMAIL).await;
        let shorter = json!({ "settings": { "idle_timeout_seconds": 3_600 } });
        let effects = admin.patch("/accounts/acme?dry_run=true", shorter).await.ok(200)["effects"].clone();
        assert!(effects[0]["detail"].as_str().unwrap().starts_with("3 sessions of 3 people"), "{effects:#}");
    }
}
