//! Inviting people, one or thousands; sending an invitation again, taking it back.

use serde_json::{Value, json};
use testing::{ADMIN_EMAIL, on_both_engines};

fn verdicts(outcome: &Value) -> Vec<&str> {
    outcome["items"].as_array().unwrap().iter().map(|row| row["verdict"].as_str().unwrap()).collect()
}

fn refusals(problem: &Value) -> Vec<(&str, &str)> {
    let errors = problem["errors"].as_array().unwrap();
    errors.iter().map(|error| (error["pointer"].as_str().unwrap(), error["code"].as_str().unwrap())).collect()
}

on_both_engines! {
    async fn u10_u11_u16_a_pasted_list_makes_provisioned_users_one_event_and_a_mail_each(app: TestApp) {
        let pasted = "Ana Lopez <ANA@Example.com>; bob@example.com,\tcleo@example.com\n\"Dee, Dan\" <dan@exämple.com>";
        let outcome = app.admin().post("/users", json!({ "emails": pasted, "role_id": "builder", "systems": "all", "message": "Welcome aboard" })).await.ok(201);
        assert_eq!(verdicts(&outcome), ["invited"; 4]);
        let emails: Vec<_> = outcome["items"].as_array().unwrap().iter().map(|row| row["email"].as_str().unwrap()).collect();
        assert_eq!(emails, ["ana@example.com", "bob@example.com", "cleo@example.com", "dan@xn--exmple-cua.com"]);
        assert_eq!(app.mails().await, emails.iter().map(|email| format!("activation -> {email}")).collect::<Vec<_>>());
        assert_eq!(app.events().await, ["user.invited"]);
        let mail = app.text_of(&app.outbox().await[0]);
        assert!(mail.contains("Ana Lopez") && mail.contains("Welcome aboard") && mail.contains(ADMIN_EMAIL), "{mail}");
    }

    async fn u11_every_address_that_cannot_be_invited_is_named_and_nobody_is_invited(app: TestApp) {
        app.member("active@example.com", "builder").await;
        app.invite("pending@example.com", "builder").await;
        let before = (app.mails().await, app.events().await);
        let emails = json!(["new@example.com", "NEW@example.com", "active@example.com", "pending@example.com", "nobody", "a＠b.com"]);
        let body = json!({ "emails": emails, "role_id": "builder" });
        let problem = app.admin().post("/users", body.clone()).await.refused(422, "not_all_invited");
        assert_eq!(refusals(&problem), [
            ("/emails/1", "duplicate"), ("/emails/2", "already_user"), ("/emails/3", "already_invited"),
            ("/emails/4", "not_an_address"), ("/emails/5", "not_an_address"),
        ]);
        let preview = app.admin().post("/users?dry_run=true", body.clone()).await.ok(200);
        assert_eq!(verdicts(&preview), ["invited", "duplicate", "already_user", "already_invited", "not_an_address", "not_an_address"]);
        assert_eq!(preview["seats"], json!({ "limit": null, "members": 2, "pending": 1, "these": 1, "left": null }));
        assert_eq!(preview["items"][0]["user_id"], Value::Null);
        assert_eq!((app.mails().await, app.events().await), before, "a refusal and a preview leave nothing behind");

        let mut skipping = body;
        skipping["skip_invalid"] = json!(true);
        let outcome = app.admin().post("/users", skipping.clone()).await.ok(201);
        assert_eq!((verdicts(&outcome), outcome["invited"].as_u64()), (verdicts(&preview), Some(1)));
        app.admin().post("/users", skipping).await.refused(422, "not_all_invited");
    }

    async fn r4_an_unknown_role_or_system_is_refused_and_never_replaced(app: TestApp) {
        let invite = |body| app.admin().post("/users", body);
        let problem = invite(json!({ "emails": ["a@example.com"], "role_id": "admn" })).await.refused(422, "unknown_role");
        assert_eq!(refusals(&problem), [("/role_id", "unknown_role")]);
        let system = "sys_01jd0000000000000000000000";
        let problem = invite(json!({ "emails": ["a@example.com"], "role_id": "builder", "systems": [system] })).await.refused(422, "unknown_system");
        assert_eq!(refusals(&problem), [("/systems/0", "unknown_system")]);
        invite(json!({ "emails": ["a@example.com"], "role_id": "builder", "login_method": "okta" })).await.refused(422, "invalid_value");
        invite(json!({ "emails": ["a@example.com", "b@example.com"], "role_id": "builder", "name": "Ana" })).await.refused(422, "name_for_several");
        invite(json!({ "emails": [], "role_id": "builder" })).await.refused(422, "no_addresses");
        invite(json!({ "emails": ["a@example.com"], "role_id": "builder", "message": "x".repeat(1001) })).await.refused(422, "too_long");
        assert!(app.events().await.is_empty() && app.mails().await.is_empty());
    }

    async fn r1_who_only_assigns_existing_people_or_none_invites_nobody(app: TestApp) {
        for role in ["system_manager", "builder"] {
            let somebody = app.member(&format!("{role}@example.com"), role).await;
            somebody.post("/users", json!({ "emails": ["a@example.com"], "role_id": "content_viewer" })).await.refused(403, "permission_missing");
        }
    }

    async fn ten_thousand_and_one_addresses_are_too_many(app: TestApp) {
        let text = (0..10_001).map(|number| format!("p{number}@example.com")).collect::<Vec<_>>().join("\n");
        let problem = app.admin().post("/users", json!({ "emails": text, "role_id": "builder" })).await.refused(413, "too_many_addresses");
        assert!(problem["detail"].as_str().unwrap().contains("10000"), "{problem}");
    }
}
