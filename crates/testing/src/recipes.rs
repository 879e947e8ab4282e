//! How to make one good request of every operation. The matrices are generated from the OpenAPI description, and so is the request of
//! most operations; what a description cannot say is here.
//!
//! Words in braces stand for things of the ground that a request is aimed at (`ground.rs`).

use std::sync::LazyLock;

use domain::credentials::link::LinkPurpose;
use domain::users::UserStatus;
use serde_json::{Value, json};

use crate::contract::{Operation, operations};

/// How to make one good request of an operation.
#[derive(Debug, Clone)]
pub struct Recipe {
    /// The `operationId`.
    pub operation: String,
    /// Where the user stands whom `{user}` and `{user2}` mean.
    pub on: UserStatus,
    /// The query.
    pub query: &'static str,
    /// The body; null is none.
    pub body: Value,
    /// A file that is sent as the body; empty is none.
    pub file: &'static [u8],
    /// Whether it leaves an entry in the activity log.
    pub writes: bool,
    /// What the link behind `{token}` is for.
    pub link: LinkPurpose,
    /// Its entry is in the log of an account that it makes.
    pub makes_account: bool,
}

fn read(operation: &str) -> Recipe {
    Recipe {
        operation: operation.to_owned(),
        on: UserStatus::Active,
        query: "",
        body: Value::Null,
        file: &[],
        writes: false,
        link: LinkPurpose::Activation,
        makes_account: false,
    }
}

fn write(operation: &str) -> Recipe {
    Recipe { writes: true, ..read(operation) }
}

impl Recipe {
    fn with(self, body: Value) -> Self {
        Self { body, ..self }
    }

    fn with_file(self, file: &'static [u8]) -> Self {
        Self { file, ..self }
    }

    fn on(self, on: UserStatus) -> Self {
        Self { on, ..self }
    }

    fn ask(self, query: &'static str) -> Self {
        Self { query, ..self }
    }

    fn by_link(self, link: LinkPurpose) -> Self {
        Self { link, ..self }
    }

    fn makes_account(self) -> Self {
        Self { makes_account: true, ..self }
    }
}

static RECIPES: LazyLock<Vec<Recipe>> = LazyLock::new(|| {
    let mut all = [entering(), own(), account(), joining(), users(), passwords(), access()].concat();
    let described: Vec<Recipe> = operations()
        .iter()
        .filter(|operation| all.iter().all(|recipe| recipe.operation != operation.id))
        .map(by_description)
        .collect();
    all.extend(described);
    all
});

/// One recipe or more for every operation.
pub fn recipes() -> Vec<Recipe> {
    RECIPES.clone()
}

/// What the description says of a good request: the path, and a body of its examples.
fn by_description(operation: &Operation) -> Recipe {
    let recipe = if operation.method == "GET" { read(&operation.id) } else { write(&operation.id) };
    recipe.with(operation.body())
}

fn entering() -> Vec<Recipe> {
    vec![
        read("get_setup").ask("token={token}").by_link(LinkPurpose::Setup),
        write("complete_setup").by_link(LinkPurpose::Setup).makes_account().with(json!({
            "token": "{token}", "account_name": "New", "slug": "{fresh}", "email": "{fresh}@new.example",
            "name": "First Admin", "password": "{password}",
        })),
        read("identify").with(json!({ "email": "{user_email}" })),
        write("sign_in_with_password").with(json!({ "email": "{user_email}", "password": "{password}" })),
    ]
}

fn own() -> Vec<Recipe> {
    vec![write("update_me").with(json!({ "name": "Another Name", "locale": "de" }))]
}

fn account() -> Vec<Recipe> {
    vec![
        write("update_account").with(json!({ "name": "Another name", "settings": { "seats": { "limit": 500 } } })),
        write("update_logo").with_file(crate::ANOTHER_LOGO),
        read("get_statistics").ask("days=7"),
    ]
}

fn joining() -> Vec<Recipe> {
    let said = json!({ "name": "New Person", "password": "{password}" });
    vec![
        write("invite_users").with(json!({
            "emails": ["{fresh}@new.example", "Somebody Else <{fresh}2@new.example>"], "role_id": "{role}",
            "systems": ["{system}", "{system2}"], "message": "See you on Monday.",
        })),
        read("preview_invitation_email").with(json!({ "message": "See you on Monday." })),
        read("get_activation").on(UserStatus::Provisioned),
        write("activate").on(UserStatus::Provisioned).with(said),
        write("resend_invitation").on(UserStatus::Provisioned),
        write("revoke_invitation").on(UserStatus::Provisioned),
    ]
}

fn users() -> Vec<Recipe> {
    let change = json!({ "name": "Another Name", "role_id": "{role}", "systems": ["{system}", "{system2}"] });
    vec![
        read("list_users").ask("q=a&status=active,inactive&role={role}&system={system}&sort=-name&limit=10"),
        write("export_users").ask("format=csv&status=active"),
        write("export_users").ask("format=json&q=a"),
        read("list_events")
            .ask("q=user&target={user}&action=user.invited,session.started&from=2020-01-01T00:00:00Z&limit=10"),
        write("export_events").ask("format=csv&action=user.disabled"),
        write("export_events").ask("format=jsonl"),
        write("update_user").with(change),
        write("enable_user").on(UserStatus::Inactive),
        write("restore_user").on(UserStatus::Deleted),
        write("bulk_update_users")
            .with(json!({ "action": "add_systems", "ids": ["{user}", "{user2}"], "systems": ["{system}"] })),
        write("bulk_update_users")
            .with(json!({ "action": "set_role", "ids": ["{user}", "{user2}"], "role_id": "{role}" })),
        write("bulk_update_users").with(json!({ "action": "disable", "ids": ["{user}", "{user2}"] })),
        write("bulk_update_users")
            .on(UserStatus::Inactive)
            .with(json!({ "action": "enable", "ids": ["{user}", "{user2}"] })),
        write("bulk_update_users").with(json!({ "action": "delete", "ids": ["{user}", "{user2}"] })),
        write("bulk_update_users")
            .on(UserStatus::Deleted)
            .with(json!({ "action": "restore", "ids": ["{user}", "{user2}"] })),
        write("bulk_update_users")
            .on(UserStatus::Provisioned)
            .with(json!({ "action": "resend", "ids": ["{user}", "{user2}"] })),
    ]
}

fn passwords() -> Vec<Recipe> {
    let another = json!({ "password": "another horse, another battery" });
    vec![
        // These only note it: the entry is written when the worker answers.
        read("request_password_reset").with(json!({ "email": "{user_email}" })),
        read("request_link").with(json!({ "token": "{token}" })).by_link(LinkPurpose::PasswordReset),
        read("get_password_reset").by_link(LinkPurpose::PasswordReset),
        write("reset_password").by_link(LinkPurpose::PasswordReset).with(another),
        write("change_my_password")
            .with(json!({ "current_password": "{password}", "new_password": "another horse, another battery" })),
    ]
}

fn access() -> Vec<Recipe> {
    let question = |user| json!({ "user": user, "permission": "content", "level": "view", "system": "{system}" });
    let mut single = question("{user}");
    single["account"] = json!("{account}");
    vec![
        read("check").with(single),
        read("check")
            .with(json!({ "account": "{account}", "checks": [question("{user_email}"), question("{user2}")] })),
    ]
}
