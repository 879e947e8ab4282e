//! How to make one good request of every operation. The matrices are generated from the OpenAPI description; what a
//! description cannot say is here, and a test fails when an operation is missing.
//!
//! Words in braces stand for things of the ground that a request is aimed at (`ground.rs`).

use domain::credentials::link::LinkPurpose;
use domain::users::UserStatus;
use serde_json::{Value, json};

/// How to make one good request of an operation.
#[derive(Debug, Clone)]
pub struct Recipe {
    /// The `operationId`.
    pub operation: &'static str,
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

fn read(operation: &'static str) -> Recipe {
    Recipe {
        operation,
        on: UserStatus::Active,
        query: "",
        body: Value::Null,
        file: &[],
        writes: false,
        link: LinkPurpose::Activation,
        makes_account: false,
    }
}

fn write(operation: &'static str) -> Recipe {
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

/// One recipe or more for every operation.
pub fn recipes() -> Vec<Recipe> {
    [entering(), own(), account(), joining(), users(), passwords(), access()].concat()
}

fn entering() -> Vec<Recipe> {
    vec![
        read("get_installation"),
        read("get_setup").ask("token={token}").by_link(LinkPurpose::Setup),
        write("complete_setup").by_link(LinkPurpose::Setup).makes_account().with(json!({
            "token": "{token}", "account_name": "New", "slug": "{fresh}", "email": "{fresh}@new.example",
            "name": "First Admin", "password": "{password}",
        })),
        read("identify").with(json!({ "email": "{user_email}" })),
        write("sign_in_with_password").with(json!({ "email": "{user_email}", "password": "{password}" })),
        write("sign_out"),
    ]
}

fn own() -> Vec<Recipe> {
    vec![
        read("get_me"),
        write("update_me").with(json!({ "name": "Another Name", "locale": "de" })),
        read("list_my_accounts"),
        read("list_my_sessions"),
        write("revoke_my_sessions"),
        write("revoke_my_session"),
    ]
}

fn account() -> Vec<Recipe> {
    vec![
        read("get_account"),
        write("update_account").with(json!({ "name": "Another name", "settings": { "seats": { "limit": 500 } } })),
        read("get_logo"),
        write("update_logo").with_file(crate::ANOTHER_LOGO),
        write("delete_logo"),
        read("list_permissions"),
        read("list_roles"),
        read("list_emails"),
        read("get_statistics").ask("days=7"),
        read("get_role"),
        read("list_systems"),
        read("get_system"),
        write("create_system").with(json!({ "name": "{fresh}", "platform": "web" })),
        write("update_system").with(json!({ "name": "{fresh}" })),
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
        write("reset_user_password"),
    ]
}

fn users() -> Vec<Recipe> {
    let change = json!({ "name": "Another Name", "role_id": "{role}", "systems": ["{system}", "{system2}"] });
    vec![
        read("list_users").ask("q=a&status=active,inactive&role={role}&system={system}&sort=-name&limit=10"),
        read("get_user_counts"),
        write("export_users").ask("format=csv&status=active"),
        write("export_users").ask("format=json&q=a"),
        read("list_events")
            .ask("q=user&target={user}&action=user.invited,session.started&from=2020-01-01T00:00:00Z&limit=10"),
        read("get_event"),
        read("verify_events"),
        write("export_events").ask("format=csv&action=user.disabled"),
        write("export_events").ask("format=jsonl"),
        read("get_user"),
        write("update_user").with(change),
        write("disable_user"),
        write("enable_user").on(UserStatus::Inactive),
        write("delete_user"),
        write("restore_user").on(UserStatus::Deleted),
        read("list_user_sessions"),
        write("revoke_user_sessions"),
        write("revoke_user_session"),
        read("list_saved_views"),
        write("create_saved_view").with(json!({ "name": "{fresh}", "query": "tab=inactive&role=builder" })),
        write("delete_saved_view"),
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
        read("get_job"),
        write("cancel_job"),
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
        read("get_my_password_rules"),
        write("change_my_password")
            .with(json!({ "current_password": "{password}", "new_password": "another horse, another battery" })),
    ]
}

fn access() -> Vec<Recipe> {
    let question = |user| json!({ "user": user, "permission": "content", "level": "view", "system": "{system}" });
    let mut single = question("{user}");
    single["account"] = json!("{account}");
    vec![
        read("get_user_access"),
        read("check").with(single),
        read("check")
            .with(json!({ "account": "{account}", "checks": [question("{user_email}"), question("{user2}")] })),
    ]
}
