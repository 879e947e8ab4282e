//! What callers of limited reach learn does not depend on what is beyond it: every read operation with every declared
//! parameter is asked in two installations that are alike in what the caller may see, one with another half and one without.
//!
//! Generated from the OpenAPI description: a parameter for which there is no value to ask with, and a preview for which there
//! is no body, fail the test. `ETag` is left out: the version of a user counts every change of them.

use domain::access::Need;
use serde_json::{Value, json};
use testing::{Client, Operation, TestApp, both_engines, operations, placeholders, unknown_like};

use crate::matrices::two_halves::{Installation, body, differences, entries};

/// One question.
#[derive(Debug, Clone)]
struct Question {
    method: reqwest::Method,
    path: String,
    body: Option<Value>,
}

/// What questions are made of: things of both halves, and what is nowhere.
struct Words {
    users: Vec<String>,
    emails: Vec<String>,
    systems: Vec<String>,
    roles: Vec<String>,
    groups: Vec<String>,
    events: Vec<String>,
    anybody: Vec<String>,
    texts: Vec<String>,
    names: Vec<String>,
}

impl Words {
    async fn of(with: &Installation, without: &Installation) -> Self {
        let names = ["ana", "dan", "pat", "ian", "gus", "sue", "sol", "rea"];
        let mut users: Vec<String> = names.iter().map(|name| with.person(name).id.to_string()).collect();
        let mut emails: Vec<String> = names.iter().map(|name| with.person(name).email.to_string()).collect();
        let mut systems: Vec<String> = with.own.iter().map(ToString::to_string).collect();
        let mut texts: Vec<String> =
            ["ana", "mine", "m", "spring", "user.", "admin", "builder", "@", "100%"].map(str::to_owned).to_vec();
        let mut identities: Vec<String> = names.iter().map(|name| with.person(name).identity_id.to_string()).collect();
        for half in [with, without] {
            users.extend(half.others.users.clone());
            identities.extend(half.others.identities.clone());
            emails.extend(half.others.emails.clone());
            systems.extend(half.others.systems.clone());
            let asked_for = |name: &&String| !["hid2", "hid3", "hid4", "hid5"].contains(&&name[..4]);
            for name in half.others.emails.iter().chain(&half.others.system_names).filter(asked_for) {
                // An address is not to be spelled out letter by letter.
                texts.extend([1, 2, 3, name.len() / 2, name.len()].map(|end| name[..end].to_owned()));
                texts.push(name[name.len() - 7..].to_owned());
            }
        }
        texts.push("vault".to_owned());
        texts.sort_unstable();
        texts.dedup();
        users.push(unknown_like(&with.app, &users[0]));
        systems.push(unknown_like(&with.app, &systems[0]));
        let (all, few) = (entries(with).await, entries(without).await);
        let hidden = all.iter().filter(|id| !few.contains(id));
        let events: Vec<String> = few.iter().chain(hidden).cloned().collect();
        let mut roles: Vec<String> = ["admin", "builder", "publisher", "system_manager"].map(str::to_owned).to_vec();
        roles.extend([with.person("hel").role_id.to_string(), with.person("wat").role_id.to_string()]);
        roles.extend(with.others.roles.clone());
        let mut groups = with.others.groups.clone();
        groups.push(with.own_group.to_string());
        groups.push(unknown_like(&with.app, &groups[0]));
        let mut names: Vec<String> = ["Mine too", "Brand new"].map(str::to_owned).to_vec();
        names.extend(with.others.system_names.clone());
        let anybody = [&users[..], &identities, &systems, &groups, &["nobody".to_owned()]].concat();
        Self { users, emails, systems, roles, groups, events, anybody, texts, names }
    }

    /// The values with which a parameter is asked; the first one is the visible half's.
    fn values(&self, operation: &Operation, name: &str) -> Vec<String> {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        match name {
            "account" => words(&["acme"]),
            "user" => self.users.clone(),
            "system" => self.systems.clone(),
            "role" => self.roles.clone(),
            "group" => self.groups.clone(),
            "event" => self.events.clone(),
            "actor" | "target" => self.anybody.clone(),
            "q" => self.texts.clone(),
            "recipient" => self.emails.clone(),
            "action" => words(&[
                "user.changed",
                "user.disabled",
                "user.invited",
                "system.renamed",
                "identity.changed",
                "test.people",
                "users.exported",
                "user.changed,user.invited,system.renamed",
            ]),
            "from" | "to" => words(&["2030-01-01T00:00:00Z", "2030-01-01T00:05:31Z", "2030-01-02T00:00:00Z"]),
            "sort" => ["email", "name", "role", "status", "last_login_at", "created_at"]
                .iter()
                .flat_map(|key| [(*key).to_owned(), format!("-{key}")])
                .collect(),
            "status" => words(&["active", "inactive", "provisioned", "deleted", "active,deleted"]),
            "login_method" => words(&["password", "sso:okta"]),
            "invitation" => words(&["open", "expired", "open,expired,inviter_unauthorized,link_ended"]),
            "format" if operation.id == "export_users" => words(&["csv", "json"]),
            "format" => words(&["csv", "jsonl"]),
            "state" => words(&["pending", "sent"]),
            "limit" => words(&["1", "2", "200", "0"]),
            "cursor" => words(&["x", "WyJ4Iiwx"]),
            "days" => words(&["7"]),
            "tag" => words(&["x"]),
            "dry_run" => words(&["true"]),
            _ if operation.parameters("path").any(|one| one == name) => words(&["job_00000000000000000000000000"]),
            other => panic!("{}: no values to ask {other} with; say in reach.rs which there are", operation.id),
        }
    }
}

/// The bodies with which a preview or a question is asked.
fn bodies(operation: &Operation, words: &Words) -> Vec<Value> {
    let each = |values: &[String], body: &dyn Fn(&String) -> Value| values.iter().map(body).collect::<Vec<_>>();
    let (users, systems) = (&words.users, &words.systems);
    match operation.id.as_str() {
        "check" => checks(words),
        "update_user" => {
            let mut bodies = each(systems, &|system| json!({ "systems": [system] }));
            bodies.extend(each(systems, &|system| json!({ "systems": [systems[0], system] })));
            bodies.extend([json!({ "systems": [] }), json!({ "name": "Ann" }), json!({ "systems": "all" })]);
            bodies.extend(each(&words.roles, &|role| json!({ "role_id": role })));
            bodies
        }
        "bulk_update_users" => {
            let act = |mut body: Value| {
                body["action"] = json!("add_systems");
                body["systems"] = json!([systems[1]]);
                body
            };
            let filter = |name: &str, values: &[String]| -> Vec<Value> {
                values.iter().map(|value| act(json!({ "filter": { name: [value] } }))).collect()
            };
            let mut bodies = each(users, &|user| act(json!({ "ids": [user] })));
            bodies.extend(each(users, &|user| act(json!({ "ids": [users[4], user] }))));
            bodies.extend(each(
                systems,
                &|system| json!({ "action": "remove_systems", "ids": [users[0]], "systems": [system] }),
            ));
            bodies.extend(each(&words.texts, &|text| act(json!({ "filter": { "q": text } }))));
            bodies.extend(filter("system", systems));
            bodies.extend(filter("role", &words.roles));
            bodies.extend(filter("group", &words.groups));
            bodies.extend(filter("status", &["active", "inactive", "provisioned", "deleted"].map(str::to_owned)));
            bodies
        }
        "update_system" => each(&words.names, &|name| json!({ "name": name })),
        "create_saved_view" => vec![json!({ "name": "Secret vault", "query": "q=vault" })],
        "update_me" => vec![json!({ "name": "Sue Self" })],
        // Nobody of limited reach may call these, whatever the body is.
        _ if matches!(operation.need(), Need::Account(..)) => vec![json!({})],
        other => panic!("{other}: no bodies to preview it with; say in reach.rs which there are"),
    }
}

/// One batch with every user in every system, and each user by address.
fn checks(words: &Words) -> Vec<Value> {
    let mut checks = Vec::new();
    for user in words.users.iter().chain(&words.emails) {
        checks.push(json!({ "user": user, "permission": "manage_users", "level": "view" }));
        for system in &words.systems {
            checks.push(json!({ "user": user, "permission": "content", "level": "view", "system": system }));
            checks.push(json!({ "user": user, "permission": "publish", "system": system, "environment": "Test" }));
        }
    }
    let mut bodies: Vec<Value> = checks.iter().step_by(7).cloned().collect();
    bodies.iter_mut().for_each(|body| body["account"] = json!("acme"));
    bodies.extend(checks.chunks(900).map(|checks| json!({ "account": "acme", "checks": checks })));
    bodies
}

/// Every question that an operation can be asked: each parameter with each value, the others with those of the visible half.
fn questions(operation: &Operation, words: &Words) -> Vec<Question> {
    let values = |name: &str| words.values(operation, name);
    let in_path = placeholders(&operation.path);
    let fill = |special: Option<(&str, &str)>| {
        in_path.iter().fold(operation.path.clone(), |path, name| {
            let value = match special {
                Some((of, value)) if of == name => value.to_owned(),
                _ => values(name)[0].clone(),
            };
            path.replace(&format!("{{{name}}}"), &value)
        })
    };
    let mut paths = vec![fill(None)];
    for name in &in_path {
        paths.extend(values(name).iter().skip(1).map(|value| fill(Some((name, value)))));
    }
    let mark = if operation.has_dry_run() { "?dry_run=true" } else { "" };
    let method: reqwest::Method = operation.method.parse().unwrap();
    let ask = |path: String, body: Option<Value>| Question { method: method.clone(), path, body };
    if matches!(operation.method.as_str(), "POST" | "PATCH" | "PUT") {
        let bodies = bodies(operation, words);
        let asked = |path: &String| {
            bodies.iter().map(|body| ask(format!("{path}{mark}"), Some(body.clone()))).collect::<Vec<_>>()
        };
        return paths.iter().flat_map(asked).collect();
    }
    let mut found: Vec<Question> = paths.iter().map(|path| ask(format!("{path}{mark}"), None)).collect();
    for name in operation.parameters("query").filter(|name| *name != "dry_run") {
        let join = if mark.is_empty() { "?" } else { "&" };
        let asked = |value: &String| ask(format!("{}{mark}{join}{name}={}", paths[0], encoded(value)), None);
        found.extend(values(name).iter().map(asked));
    }
    found
}

fn encoded(text: &str) -> String {
    let code = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'-' | b'.' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(code).collect()
}

/// Whether an operation only asks, or can be made to.
fn asks(operation: &Operation) -> bool {
    !operation.is_public()
        && (operation.method == "GET"
            || operation.has_dry_run()
            || ["check", "preview_invitation_email"].contains(&operation.id.as_str()))
}

/// The two installations, asked side by side at the same time of their clocks.
struct Pair {
    with: Installation,
    without: Installation,
    second: u32,
    asked: usize,
    /// Questions that were answered differently, and how.
    told: Vec<String>,
}

impl Pair {
    async fn ask(&mut self, caller: usize, question: &Question) -> testing::Answer {
        self.second += 1;
        let mut answers = Vec::new();
        for installation in [&self.with, &self.without] {
            let app: &TestApp = &installation.app;
            app.world.go_to(self.second);
            let client: &Client = &installation.callers[caller].1;
            let before = app.app.db.statements();
            let answer = client.send(question.method.clone(), &question.path, question.body.clone()).await;
            answers.push((answer.status.as_u16(), body(&answer), app.app.db.statements() - before, answer));
        }
        self.asked += 1;
        let (without, with) = (answers.pop().unwrap(), answers.pop().unwrap());
        let name = self.with.callers[caller].0;
        let what = format!("{name}: {} {} {:?}", question.method, question.path, question.body);
        if with.0 != without.0 {
            self.told.push(format!("{what}: {} / {}", with.0, without.0));
        }
        let told = differences(&with.1, &without.1, "");
        self.told.extend(told.into_iter().map(|told| format!("{what}: {told}")));
        if with.2 != without.2 {
            self.told.push(format!("{what}: it takes {} / {} statements", with.2, without.2));
        }
        with.3
    }

    /// Asks, and turns every page.
    async fn ask_all(&mut self, caller: usize, question: &Question) -> u16 {
        let first = self.ask(caller, question).await;
        let mut page = first.json();
        for _ in 0..100 {
            let Some(next) = page["next_cursor"].as_str() else { break };
            let mark = if question.path.contains('?') { '&' } else { '?' };
            let path = format!("{}{mark}cursor={next}", question.path);
            page = self.ask(caller, &Question { path, ..question.clone() }).await.json();
        }
        first.status.as_u16()
    }
}

#[both_engines]
async fn p17_no_answer_to_a_caller_of_limited_reach_depends_on_what_is_beyond_it(app: TestApp) {
    let second = TestApp::start(app.app.db.engine()).await.unwrap();
    let (with, without) = (Installation::build(app, true).await, Installation::build(second, false).await);
    assert_eq!(with.people, without.people, "the visible halves are not alike");
    let words = Words::of(&with, &without).await;
    let mut pair = Pair { with, without, second: 1_000, asked: 0, told: Vec::new() };
    let operations: Vec<Operation> = operations().into_iter().filter(asks).collect();
    for caller in 0..pair.with.callers.len() {
        for operation in &operations {
            let questions = questions(operation, &words);
            // Whoever may not call it at all is refused before anything is looked at.
            if pair.ask_all(caller, &questions[0]).await == 403 {
                continue;
            }
            // The system manager is asked everything, each of the others every sixth question, in turn.
            let (first, step) = if caller == 0 { (1, 1) } else { (caller, 6) };
            for question in questions.iter().skip(first).step_by(step) {
                pair.ask_all(caller, question).await;
            }
        }
    }
    let some: Vec<&String> = pair.told.iter().take(40).collect();
    assert!(some.is_empty(), "{} of {} answers tell of the other half: {some:#?}", pair.told.len(), pair.asked);
    assert!(pair.asked > 1_000, "{}", pair.asked);
}
