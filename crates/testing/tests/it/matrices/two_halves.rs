//! An account of which some callers see one half: two installations that are alike in that half, whatever is in the other.

use domain::core::ids::{AccountId, GroupId, SystemId};
use domain::users::{User, UserStatus};
use serde_json::{Value, json};
use testing::{Answer, Client, NewPerson, TestApp};

/// An installation with the half that limited callers see, and with what else there is.
pub struct Installation {
    pub app: TestApp,
    pub account: AccountId,
    /// The systems of the visible half.
    pub own: Vec<SystemId>,
    /// The group of the visible half.
    pub own_group: GroupId,
    /// The people of the visible half, by name.
    pub people: Vec<User>,
    /// The callers, by what they are.
    pub callers: Vec<(&'static str, Client)>,
    /// Ids, addresses and names of the other half.
    pub others: Others,
    /// An admin of the other half, who acts on the visible one, too.
    admin: Client,
}

/// What the other half has: with what questions may be asked.
#[derive(Debug, Default, Clone)]
pub struct Others {
    pub users: Vec<String>,
    pub identities: Vec<String>,
    pub emails: Vec<String>,
    pub systems: Vec<String>,
    pub system_names: Vec<String>,
    pub roles: Vec<String>,
    pub groups: Vec<String>,
}

impl Installation {
    /// Builds the visible half in `app`, and another one beside it: a large one, or only an admin.
    pub async fn build(app: TestApp, is_rich: bool) -> Self {
        let account = app.acme().await;
        app.world.go_to(100);
        let own = vec![app.add_system(account, "Mine").await, app.add_system(account, "Mine too").await];
        let (people, own_group) = visible_people(&app, account, &own).await;
        let callers = callers(&app, &people).await;
        app.world.go_to(200);
        let (boss, others) = if is_rich { rich(&app, account, &own, &people).await } else { poor(&app, account).await };
        app.world.go_to(300);
        let admin = app.browser_of("acme", &boss).await;
        let built = Self { app, account, own, own_group, people, callers, others, admin };
        built.live(is_rich).await;
        built
    }

    pub fn person(&self, name: &str) -> &User {
        self.people.iter().find(|user| user.email.as_str().starts_with(&format!("{name}@"))).unwrap()
    }

    pub fn caller(&self, name: &str) -> &Client {
        &self.callers.iter().find(|(known, _)| *known == name).unwrap().1
    }

    /// What happens: the same to the visible half, done by somebody whom limited callers do not see; more where there is more.
    async fn live(&self, is_rich: bool) {
        let (mine, too) = (self.own[0], self.own[1]);
        let with_hidden = |own: &[SystemId]| -> Vec<String> {
            own.iter().map(ToString::to_string).chain(self.others.systems.first().cloned()).collect()
        };
        let id = |name: &str| self.person(name).id.to_string();
        let ana = format!("/users/{}", id("ana"));
        self.act(310, self.admin.patch(&ana, json!({ "role_id": "publisher", "systems": with_hidden(&[mine, too]) })))
            .await;
        let mut ids = vec![id("dan")];
        ids.extend(self.others.users.iter().take(if is_rich { 2 } else { 0 }).cloned());
        ids.reverse();
        let said = self.admin.with_header("portcullis-reason", "spring cleaning");
        self.act(320, said.post("/users/bulk", json!({ "action": "disable", "ids": ids }))).await;
        if is_rich {
            let all = [&self.own[..], &[self.others.systems[1].parse().unwrap()]].concat();
            self.act(330, self.admin.patch(&ana, json!({ "systems": with_hidden(&all) }))).await;
            let hidden = format!("/users/{}", self.others.users[3]);
            self.act(331, self.admin.patch(&hidden, json!({ "name": "Mina Mine" }))).await;
            let name = json!({ "name": "Secret vaults" });
            self.act(332, self.admin.patch(&format!("/systems/{}", self.others.systems[0]), name)).await;
            let body =
                json!({ "emails": "veiled@vault.example", "role_id": "builder", "systems": [self.others.systems[0]] });
            self.act(333, self.admin.post("/users", body)).await;
        }
        let body = json!({ "emails": "vera@acme.example", "role_id": "builder", "systems": [mine] });
        self.act(340, self.admin.post("/users", body)).await;
        let body = json!({ "action": "add_systems", "ids": [id("gus")], "systems": [too] });
        self.act(350, self.admin.post("/users/bulk", body)).await;
        let sue = self.caller("system manager");
        self.act(360, sue.patch(&format!("/systems/{mine}"), json!({ "name": "Mine now" }))).await;
        self.act(370, sue.patch(&ana, json!({ "systems": [mine] }))).await;
    }

    /// Does something at its time.
    async fn act(&self, second: u32, act: impl Future<Output = Answer>) {
        // Whoever acts is remembered: looking them up would take time of the clock in one installation and not in the other.
        for client in [&self.admin, self.caller("system manager")] {
            client.get("/systems?limit=1").await.ok(200);
        }
        self.app.world.go_to(second);
        let answer = act.await;
        assert!(answer.status.is_success(), "{}", answer.text());
    }
}

async fn visible_people(app: &TestApp, account: AccountId, own: &[SystemId]) -> (Vec<User>, GroupId) {
    let watcher = json!({ "activity_log": "view (own)", "manage_users": "view (own)" });
    let watcher = app.add_role(account, "Watcher", watcher).await;
    let reader = app.add_role(account, "Reader", json!({ "activity_log": "view (own)" })).await;
    let helper = app.add_role(account, "Helper", json!({ "content": "view" })).await;
    let new = |name: &str, role: &str| NewPerson::new(&format!("{name}@acme.example"), role);
    let mine = &own[..1];
    let people = [
        new("sue", "system_manager").with(own),
        new("sol", "system_manager"),
        new("wat", watcher.as_str()).with(mine),
        new("rea", reader.as_str()).with(mine),
        new("tom", "translator").with(mine),
        new("bea", "builder").with(mine),
        new("ana", "builder").with(mine),
        new("dan", "builder").with(mine),
        new("pat", "builder").with(mine).who_is(UserStatus::Provisioned),
        new("ian", "publisher").with(mine).who_is(UserStatus::Inactive),
        new("hel", helper.as_str()).with(mine),
        new("ali", "translator").with_all_systems(),
        new("gus", "translator"),
    ];
    let users = app.add_people(account, &people).await;
    let group = app.add_group(account, "Mine crew", &users[12..], mine).await;
    (users, group)
}

async fn callers(app: &TestApp, people: &[User]) -> Vec<(&'static str, Client)> {
    let names = ["system manager", "without systems", "watcher", "reader", "translator", "builder"];
    let mut callers = Vec::new();
    for (name, user) in names.into_iter().zip(people) {
        callers.push((name, app.browser_of("acme", user).await));
    }
    let (key, _) = app.key_of(&people[0]).await;
    callers.push(("program", Client::with_key(app.base(), "acme", &key)));
    callers
}

async fn poor(app: &TestApp, account: AccountId) -> (User, Others) {
    let boss = app.add_person(account, NewPerson::new("boss@elsewhere.example", "admin")).await;
    let others = Others {
        users: vec![boss.id.to_string()],
        identities: vec![boss.identity_id.to_string()],
        emails: vec![boss.email.to_string()],
        ..Others::default()
    };
    (boss, others)
}

/// Systems, people in every status, a role, a group and grants that nobody limited may know of.
async fn rich(app: &TestApp, account: AccountId, own: &[SystemId], people: &[User]) -> (User, Others) {
    let names = ["Secret vault", "Vault two"];
    let systems = [app.add_system(account, names[0]).await, app.add_system(account, names[1]).await];
    let role = app.add_role(account, "Keepers", json!({ "content": "edit" })).await;
    let new = |name: &str, role: &str| NewPerson::new(&format!("{name}@vault.example"), role).with(&systems[..1]);
    let hidden = [
        new("hid1", "builder"),
        new("hid2", "builder"),
        new("hid3", "builder").who_is(UserStatus::Inactive),
        new("hid4", role.as_str()),
        new("hid5", "builder").who_is(UserStatus::Provisioned),
        // Deleted people had the systems that limited callers see.
        new("hid6", "builder").with(own).who_is(UserStatus::Deleted),
        NewPerson::new("boss@vault.example", "admin"),
    ];
    let users = app.add_people(account, &hidden).await;
    let crew = [users[0].clone(), people[6].clone(), people[8].clone()];
    let group = app.add_group(account, "Vault crew", &crew, &systems[..1]).await;
    app.browser_of("acme", &users[0]).await.patch("/me", json!({ "locale": "de" })).await.ok(200);
    let others = Others {
        users: users.iter().map(|user| user.id.to_string()).collect(),
        identities: users.iter().map(|user| user.identity_id.to_string()).collect(),
        emails: users.iter().map(|user| user.email.to_string()).collect(),
        systems: systems.iter().map(ToString::to_string).collect(),
        system_names: names.map(str::to_owned).to_vec(),
        roles: vec![role.to_string()],
        groups: vec![group.to_string()],
    };
    (users[6].clone(), others)
}

/// Every entry of the log, by id.
pub async fn entries(installation: &Installation) -> Vec<String> {
    let mut tx = installation.app.app.db.read().await.unwrap();
    let text = "SELECT id FROM events WHERE account_id = $1 ORDER BY seq";
    tx.sql(text).bind(&installation.account).values().await.unwrap()
}

/// The body of an answer without what no two requests have alike: their ids, and so the hashes of the entries that name them.
pub fn body(answer: &Answer) -> Value {
    let text = masked(&answer.text());
    serde_json::from_str(&text).unwrap_or(Value::String(text))
}

fn masked(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    for word in text.split_inclusive(|c: char| !c.is_ascii_alphanumeric() && c != '_') {
        let (word, end) = match word.char_indices().next_back() {
            Some((at, last)) if !last.is_ascii_alphanumeric() && last != '_' => word.split_at(at),
            _ => (word, ""),
        };
        let is_hash = word.len() == 64 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
        masked.push_str(if is_hash || word.starts_with("req_") { "MASKED" } else { word });
        masked.push_str(end);
    }
    masked
}

/// Where two bodies differ, and how.
pub fn differences(one: &Value, other: &Value, at: &str) -> Vec<String> {
    match (one, other) {
        (Value::Object(a), Value::Object(b)) if a.keys().eq(b.keys()) => {
            a.iter().flat_map(|(name, value)| differences(value, &b[name], &format!("{at}/{name}"))).collect()
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            let pairs = a.iter().zip(b).enumerate();
            pairs.flat_map(|(place, (a, b))| differences(a, b, &format!("{at}/{place}"))).collect()
        }
        (a, b) if a == b => Vec::new(),
        (a, b) => vec![format!("{at}: {a} / {b}")],
    }
}
