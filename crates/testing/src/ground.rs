//! An account with one of everything in it, and requests aimed at it: the ground on which the generated matrices stand.

use std::collections::BTreeMap;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use domain::access::role::RoleId;
use domain::core::ids::{AccountId, Id, InvitationId, JobId, SystemId};
use domain::users::{User, UserStatus};
use reqwest::Method;
use serde_json::{Value, json};
use store::invitations::Invitations;

use crate::app::{ADMIN_PASSWORD, TestApp};
use crate::client::{Answer, Client};
use crate::contract::{Operation, operations};
use crate::people::NewPerson;
use crate::recipes::{Recipe, recipes};

/// An account with one of everything in it.
pub struct Ground {
    /// The account's id.
    pub account: AccountId,
    /// Its name in addresses.
    pub slug: String,
    /// Its admin, signed in.
    pub admin: Actor,
    /// Two systems.
    pub systems: Vec<SystemId>,
    /// A custom role.
    pub role: RoleId,
    people: BTreeMap<UserStatus, Vec<User>>,
    job: String,
    event: String,
    invitation: String,
    made: BTreeMap<&'static str, String>,
    session: String,
}

/// Someone who calls.
pub struct Actor {
    /// Their membership.
    pub user: User,
    /// Their browser.
    pub client: Client,
    /// Another session of theirs.
    pub spare_session: String,
}

/// A request about to be sent.
#[derive(Debug, Clone)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The path with its query.
    pub path: String,
    /// The body, when there is one.
    pub body: Option<Value>,
    /// A file that is the body; empty is none.
    pub file: &'static [u8],
}

impl Request {
    /// Sends it.
    pub async fn by(&self, client: &Client) -> Answer {
        match self.file {
            [] => client.send(self.method.clone(), &self.path, self.body.clone()).await,
            file => client.send_raw(self.method.clone(), &self.path, "image/png", file).await,
        }
    }

    /// The same as a preview.
    #[must_use]
    pub fn as_preview(&self) -> Self {
        let mark = if self.path.contains('?') { '&' } else { '?' };
        Self { path: format!("{}{mark}dry_run=true", self.path), ..self.clone() }
    }
}

impl Ground {
    /// A new account `slug` with everything in it.
    pub async fn new(app: &TestApp, slug: &str) -> Self {
        let account = app.new_account(slug).await;
        let systems = vec![app.add_system(account, "Shop").await, app.add_system(account, "Help").await];
        let role = app.add_role(account, "Nothing much", json!({ "content": "view" })).await;
        let mut new = vec![NewPerson::new(&format!("admin@{slug}.example"), "admin")];
        for status in UserStatus::ALL {
            for number in 1..=2 {
                let email = format!("{status}{number}@{slug}.example");
                new.push(NewPerson::new(&email, "translator").who_is(*status).with(&systems));
            }
        }
        let mut users = app.add_people(account, &new).await.into_iter();
        let admin = actor(app, slug, users.next().unwrap()).await;
        let mut people: BTreeMap<UserStatus, Vec<User>> = BTreeMap::new();
        users.for_each(|user| people.entry(user.status).or_default().push(user));
        let job = add_job(app, account, &admin.user).await;
        admin.client.send_raw(reqwest::Method::PUT, "/logo", "image/png", crate::LOGO).await.ok(200);
        let session = actor(app, slug, people[&UserStatus::Active][0].clone()).await.spare_session;
        let mut tx = app.app.db.read().await.unwrap();
        let event: String = tx
            .sql("SELECT id FROM events WHERE account_id = $1 ORDER BY seq LIMIT 1")
            .bind(&account)
            .value()
            .await
            .unwrap();
        let mut bound = store::InAccount { tx: &mut tx, account };
        let pending = Invitations::of(&mut bound).pending_of(&[people[&UserStatus::Provisioned][0].id]).await.unwrap();
        let invitation = pending[0].id.to_string();
        let (slug, made) = (slug.to_owned(), BTreeMap::new());
        let mut ground = Self { account, slug, admin, systems, role, people, job, event, invitation, made, session };
        ground.make(app).await;
        ground
    }

    /// Makes two of whatever can be made by the API, has an address of its own and is not there yet.
    async fn make(&mut self, app: &TestApp) {
        for (name, operation, recipe) in makers() {
            for _ in 0..2 {
                let request = self.request(app, operation, recipe, &self.admin, &[]).await;
                let id = request.by(&self.admin.client).await.ok(201)["id"].as_str().unwrap().to_owned();
                self.made.insert(name.as_str(), id);
            }
        }
    }

    /// The first person in this status; a translator with both systems.
    pub fn person(&self, status: UserStatus) -> &User {
        &self.people[&status][0]
    }

    /// Someone new with this role and the first system, signed in.
    pub async fn actor(&self, app: &TestApp, role: &RoleId) -> Actor {
        let email = format!("{}@{}.example", fresh("actor"), self.slug);
        let person = NewPerson { role: role.clone(), ..NewPerson::new(&email, "admin").with(&self.systems[..1]) };
        actor(app, &self.slug, app.add_person(self.account, person).await).await
    }

    /// One id of every kind in this account, by what a path calls it.
    pub fn ids(&self) -> Vec<(&'static str, String)> {
        let (active, deleted) = (self.person(UserStatus::Active), self.person(UserStatus::Deleted));
        [
            ("user", active.id.to_string()),
            ("deleted user", deleted.id.to_string()),
            ("identity", active.identity_id.to_string()),
            ("session", self.admin.spare_session.clone()),
            ("system", self.systems[0].to_string()),
            ("role", self.role.to_string()),
            ("event", self.event.clone()),
            ("job", self.job.clone()),
            ("invitation", self.invitation.clone()),
            ("session of a user", self.session.clone()),
            ("account", self.account.to_string()),
        ]
        .into_iter()
        .chain(self.made.iter().map(|(name, id)| (*name, id.clone())))
        .collect()
    }

    /// The request of a recipe by this actor, with every placeholder filled; `instead` has values that replace the right ones.
    pub async fn request(
        &self,
        app: &TestApp,
        operation: &Operation,
        recipe: &Recipe,
        actor: &Actor,
        instead: &[(&str, &str)],
    ) -> Request {
        let mark = if recipe.query.is_empty() { "" } else { "?" };
        let mut path = format!("{}{mark}{}", operation.path, recipe.query);
        let mut body = recipe.body.to_string();
        for name in placeholders(&format!("{path} {body}")) {
            let value = match instead.iter().find(|(other, _)| *other == name) {
                Some((_, value)) => (*value).to_owned(),
                None => self.value(app, &name, recipe, actor).await,
            };
            path = path.replace(&format!("{{{name}}}"), &value);
            body = body.replace(&format!("{{{name}}}"), &value);
        }
        let body: Value = serde_json::from_str(&body).unwrap();
        let method = operation.method.parse().unwrap();
        Request { method, path, body: (!body.is_null()).then_some(body), file: recipe.file }
    }

    async fn value(&self, app: &TestApp, name: &str, recipe: &Recipe, actor: &Actor) -> String {
        let people = &self.people[&recipe.on];
        match name {
            "account" => self.slug.clone(),
            "user" => people[0].id.to_string(),
            "user2" => people[1].id.to_string(),
            "user_email" => people[0].email.to_string(),
            "system" => self.systems[0].to_string(),
            "system2" => self.systems[1].to_string(),
            "role" => "translator".to_owned(),
            "session" if recipe.operation == "revoke_user_session" => self.session.clone(),
            "session" => actor.spare_session.clone(),
            "event" => self.event.clone(),
            "job" => self.job.clone(),
            "token" => app.link_of(&people[0], recipe.link).await,
            "fresh" => fresh("new"),
            "password" => ADMIN_PASSWORD.to_owned(),
            made if self.made.contains_key(made) => self.made[made].clone(),
            other => panic!("{}: no value for {{{other}}}; say in ground.rs where one comes from", recipe.operation),
        }
    }
}

/// What makes a thing that has an address of its own, by what a path calls the thing. Systems have names here that tests know.
fn makers() -> &'static [(String, Operation, Recipe)] {
    static MAKERS: LazyLock<Vec<(String, Operation, Recipe)>> = LazyLock::new(|| {
        let (operations, recipes) = (operations(), recipes());
        let maker = |operation: &Operation| {
            let name = operation.id.strip_prefix("create_")?;
            let name = name.rsplit('_').next()?.to_owned();
            let address = format!("{}/{{{name}}}", operation.path);
            let is_aimed_at = operations.iter().any(|other| other.path == address) && name != "system";
            let recipe = recipes.iter().find(|recipe| recipe.operation == operation.id)?;
            is_aimed_at.then(|| (name, operation.clone(), recipe.clone()))
        };
        operations.iter().filter_map(maker).collect()
    });
    &MAKERS
}

/// The names in braces, each once, in their order.
pub fn placeholders(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for part in text.split('{').skip(1) {
        let name = part.split('}').next().unwrap();
        let fits = !name.is_empty()
            && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        if fits && part.len() > name.len() && !found.contains(&name.to_owned()) {
            found.push(name.to_owned());
        }
    }
    found
}

/// A name that nothing else has.
pub fn fresh(stem: &str) -> String {
    static NUMBER: AtomicU64 = AtomicU64::new(1);
    format!("{stem}{}", NUMBER.fetch_add(1, Ordering::Relaxed))
}

async fn actor(app: &TestApp, slug: &str, user: User) -> Actor {
    let spare = app.browser_of(slug, &user).await;
    let client = app.browser_of(slug, &user).await;
    let sessions = spare.get("/me/sessions").await.ok(200);
    let spare = sessions["items"].as_array().unwrap().iter().find(|session| session["this_device"] == true).unwrap();
    Actor { user, client, spare_session: spare["id"].as_str().unwrap().to_owned() }
}

async fn add_job(app: &TestApp, account: AccountId, user: &User) -> String {
    let id: JobId = app.app.new_id();
    let mut tx = app.app.db.write().await.unwrap();
    tx.sql(
        "INSERT INTO jobs (account_id, id, kind, state, request, result, progress, total, created_by, created_at, lease_until) \
         VALUES ($1, $2, 'bulk', 'queued', '{}', NULL, 0, 2000, $3, $4, 0)",
    )
    .bind(&account)
    .bind(&id)
    .bind(&user.id)
    .bind(&app.app.clock.now())
    .run()
    .await
    .unwrap();
    tx.commit().await.unwrap();
    id.to_string()
}

/// An id of the same kind as `id` that no one has.
pub fn unknown_like(app: &TestApp, id: &str) -> String {
    let fresh: InvitationId = app.app.new_id();
    let fresh = fresh.to_string();
    let prefix = id.split('_').next().unwrap();
    format!("{prefix}{}", fresh.strip_prefix(InvitationId::PREFIX).unwrap())
}
