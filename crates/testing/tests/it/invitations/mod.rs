//! Inviting people, one or thousands; sending an invitation again, taking it back.

mod activation;
mod addresses;
mod states;

use domain::core::timestamp::Seconds;
use serde_json::{Value, json};
use testing::{ADMIN_EMAIL, NewPerson, TestApp, both_engines};

fn verdicts(outcome: &Value) -> Vec<&str> {
    outcome["items"].as_array().unwrap().iter().map(|row| row["verdict"].as_str().unwrap()).collect()
}

fn refusals(problem: &Value) -> Vec<(&str, &str)> {
    let errors = problem["errors"].as_array().unwrap();
    errors.iter().map(|error| (error["pointer"].as_str().unwrap(), error["code"].as_str().unwrap())).collect()
}

#[both_engines]
async fn the_mail_can_be_read_before_it_is_sent_and_nothing_is_sent_by_that(app: TestApp) {
    let wish = json!({ "message": "See you on Monday." });
    let mail = app.admin().post("/users/invitation-email", wish).await.ok(200);
    assert!(mail["subject"].as_str().unwrap().contains("Acme"), "{mail}");
    let text = mail["text"].as_str().unwrap();
    assert!(text.contains("See you on Monday.") && text.contains(testing::ADMIN_EMAIL), "{text}");
    assert_eq!(app.admin().get("/emails").await.ok(200)["items"], json!([]));
    app.admin().post("/users/invitation-email", json!({ "message": "x".repeat(1_001) })).await.refused(422, "too_long");
}

#[both_engines]
async fn u10_u11_u16_a_pasted_list_makes_provisioned_users_one_event_and_a_mail_each(app: TestApp) {
    let pasted = "Ana Lopez <ANA@Example.com>; bob@example.com,\tcleo@example.com\n\"Dee, Dan\" <dan@exämple.com>";
    let outcome = app
        .admin()
        .post(
            "/users",
            json!({ "emails": pasted, "role_id": "builder", "systems": "all", "message": "Welcome aboard" }),
        )
        .await
        .ok(201);
    assert_eq!(verdicts(&outcome), ["invited"; 4]);
    let emails: Vec<_> =
        outcome["items"].as_array().unwrap().iter().map(|row| row["email"].as_str().unwrap()).collect();
    assert_eq!(emails, ["ana@example.com", "bob@example.com", "cleo@example.com", "dan@xn--exmple-cua.com"]);
    assert_eq!(app.mails().await, emails.iter().map(|email| format!("activation -> {email}")).collect::<Vec<_>>());
    assert_eq!(app.events().await, ["user.invited"]);
    let mail = app.text_of(&app.outbox().await[0]);
    assert!(mail.contains("Ana Lopez") && mail.contains("Welcome aboard") && mail.contains(ADMIN_EMAIL), "{mail}");
}

#[both_engines]
async fn u11_every_address_that_cannot_be_invited_is_named_and_nobody_is_invited(app: TestApp) {
    app.member("active@example.com", "builder").await;
    app.invite("pending@example.com", "builder").await;
    let before = (app.mails().await, app.events().await);
    let emails = json!([
        "new@example.com",
        "NEW@example.com",
        "active@example.com",
        "pending@example.com",
        "nobody",
        "a＠b.com"
    ]);
    let body = json!({ "emails": emails, "role_id": "builder" });
    let problem = app.admin().post("/users", body.clone()).await.refused(422, "not_all_invited");
    assert_eq!(
        refusals(&problem),
        [
            ("/emails/1", "duplicate"),
            ("/emails/2", "already_user"),
            ("/emails/3", "already_invited"),
            ("/emails/4", "invalid_email"),
            ("/emails/5", "invalid_email"),
        ]
    );
    let preview = app.admin().post("/users?dry_run=true", body.clone()).await.ok(200);
    assert_eq!(
        verdicts(&preview),
        ["invited", "duplicate", "already_user", "already_invited", "invalid_email", "invalid_email"]
    );
    assert_eq!(preview["seats"], json!({ "limit": null, "members": 2, "pending": 1, "these": 1, "left": null }));
    assert_eq!(preview["items"][0]["user_id"], Value::Null);
    assert_eq!((app.mails().await, app.events().await), before, "a refusal and a preview leave nothing behind");

    let mut skipping = body;
    skipping["skip_invalid"] = json!(true);
    let outcome = app.admin().post("/users", skipping.clone()).await.ok(201);
    assert_eq!((verdicts(&outcome), outcome["invited"].as_u64()), (verdicts(&preview), Some(1)));
    app.admin().post("/users", skipping).await.refused(422, "not_all_invited");
}

#[both_engines]
async fn r4_an_unknown_role_or_system_is_refused_and_never_replaced(app: TestApp) {
    let invite = |body| app.admin().post("/users", body);
    let problem = invite(json!({ "emails": ["a@example.com"], "role_id": "admn" })).await.refused(422, "unknown_role");
    assert_eq!(refusals(&problem), [("/role_id", "unknown_role")]);
    let system = "sys_01jd0000000000000000000000";
    let problem = invite(json!({ "emails": ["a@example.com"], "role_id": "builder", "systems": [system] }))
        .await
        .refused(422, "unknown_system");
    assert_eq!(refusals(&problem), [("/systems/0", "unknown_system")]);
    invite(json!({ "emails": ["a@example.com"], "role_id": "builder", "login_method": "okta" }))
        .await
        .refused(422, "invalid_value");
    invite(json!({ "emails": ["a@example.com", "b@example.com"], "role_id": "builder", "name": "Ana" }))
        .await
        .refused(422, "name_needs_single_address");
    invite(json!({ "emails": [], "role_id": "builder" })).await.refused(422, "no_addresses");
    invite(json!({ "emails": ["a@example.com"], "role_id": "builder", "message": "x".repeat(1001) }))
        .await
        .refused(422, "too_long");
    assert!(app.events().await.is_empty() && app.mails().await.is_empty());
}

#[both_engines]
async fn r_8_who_only_assigns_existing_people_or_none_invites_nobody(app: TestApp) {
    for role in ["system_manager", "builder"] {
        let somebody = app.member(&format!("{role}@example.com"), role).await;
        somebody
            .post("/users", json!({ "emails": ["a@example.com"], "role_id": "content_viewer" }))
            .await
            .refused(403, "permission_missing");
    }
}

#[both_engines]
async fn ten_thousand_and_one_addresses_are_too_many(app: TestApp) {
    let text = (0..10_001).map(|number| format!("p{number}@example.com")).collect::<Vec<_>>().join("\n");
    let problem = app
        .admin()
        .post("/users", json!({ "emails": text, "role_id": "builder" }))
        .await
        .refused(413, "too_many_addresses");
    assert!(problem["detail"].as_str().unwrap().contains("more than 10000"), "{problem}");
}

#[both_engines]
async fn u22_i3_sending_an_invitation_again_ends_the_old_link_and_counts(app: TestApp) {
    let ana = app.invite("ana@example.com", "builder").await["id"].as_str().unwrap().to_owned();
    let old = app.latest_link("ana@example.com").await;
    let user = app.admin().post(&format!("/users/{ana}/resend"), json!({})).await.ok(200);
    assert_eq!(user["invitation"]["sent_count"], 2);
    assert_eq!(app.events().await, ["user.invited", "invitation.resent"]);
    app.stranger().get(&format!("/activations/{old}")).await.refused(404, "link_replaced");
    let ana_browser = app.activated("ana@example.com").await;
    ana_browser.get("/me").await.ok(200);
    app.admin().post(&format!("/users/{ana}/resend"), json!({})).await.refused(409, "wrong_status");
    app.admin().post(&format!("/users/{ana}/revoke"), json!({})).await.refused(409, "wrong_status");
}

#[both_engines]
async fn u22_the_note_is_said_again_by_whoever_wrote_it_and_by_nobody_else(app: TestApp) {
    let wish = json!({ "emails": "ana@example.com", "role_id": "builder", "message": "See you in Madrid" });
    let made = app.admin().post("/users", wish).await.ok(201);
    let path = format!("/users/{}/resend", made["items"][0]["user_id"].as_str().unwrap());
    let says_it = async || app.outbox().await.last().unwrap().message.contains("See you in Madrid");
    assert!(says_it().await);
    app.admin().post(&path, json!({})).await.ok(200);
    assert!(says_it().await, "the one who wrote it says it again");
    let bob = app.member("bob@example.com", "admin").await;
    bob.post(&path, json!({})).await.ok(200);
    assert!(!says_it().await, "bob did not write it");
    app.admin().post(&path, json!({})).await.ok(200);
    assert!(!says_it().await, "it is forgotten");
}

#[both_engines]
async fn n10_a_revoked_invitation_is_gone_with_its_link_and_mail_and_the_address_can_be_invited_again(app: TestApp) {
    let ana = app.invite("ana@example.com", "builder").await["id"].as_str().unwrap().to_owned();
    let link = app.latest_link("ana@example.com").await;
    let preview = app.admin().post(&format!("/users/{ana}/revoke?dry_run=true"), json!({})).await;
    assert_eq!(preview.status.as_u16(), 204);
    app.admin().post(&format!("/users/{ana}/revoke"), json!({})).await.ok(204);
    app.stranger().get(&format!("/activations/{link}")).await.refused(404, "link_revoked");
    app.admin().get(&format!("/users/{ana}")).await.refused(404, "not_found");
    app.admin().post(&format!("/users/{ana}/revoke"), json!({})).await.refused(404, "not_found");
    let mut tx = app.app.db.read().await.unwrap();
    let left: i64 = tx.sql("SELECT COUNT(*) FROM identities WHERE email = 'ana@example.com'").value().await.unwrap();
    let waiting: i64 = tx.sql("SELECT COUNT(*) FROM outbox WHERE state = 'pending'").value().await.unwrap();
    assert_eq!((left, waiting), (0, 0));
    app.member("ana@example.com", "builder").await;
}

#[both_engines]
async fn u23_an_admin_lets_an_active_person_choose_a_password_and_never_sees_one(app: TestApp) {
    let ana = app.member("ana@example.com", "builder").await;
    let id = ana.get("/me/accounts").await.ok(200)["items"][0]["user_id"].as_str().unwrap().to_owned();
    let answer = app.admin().post(&format!("/users/{id}/reset-password"), json!({})).await;
    assert!(answer.status.as_u16() == 202 && answer.body.is_empty());
    ana.get("/me").await.ok(200);
    let link = app.latest_link("ana@example.com").await;
    app.stranger()
        .post(&format!("/password-resets/{link}"), json!({ "password": "battery-horse-correct" }))
        .await
        .ok(204);
    let invited = app.invite("bob@example.com", "builder").await["id"].as_str().unwrap().to_owned();
    app.admin().post(&format!("/users/{invited}/reset-password"), json!({})).await.refused(409, "wrong_status");
}

#[both_engines]
async fn r1_nobody_sends_revokes_or_resets_for_somebody_above_their_own_rank(app: TestApp) {
    let account = app.acme().await;
    let role = app.add_role(account, "Helpdesk", json!({ "manage_users": "edit" })).await;
    let helper = app.add_person(account, NewPerson::new("helper@example.com", role.as_str())).await;
    let helper = app.browser_of("acme", &helper).await;
    let pending = app.invite("boss@example.com", "admin").await["id"].as_str().unwrap().to_owned();
    for act in ["resend", "revoke"] {
        helper.post(&format!("/users/{pending}/{act}"), json!({})).await.refused(403, "user_exceeds_own");
    }
    let active = app.add_person(account, NewPerson::new("chief@example.com", "admin")).await.id;
    helper.post(&format!("/users/{active}/reset-password"), json!({})).await.refused(403, "user_exceeds_own");
    helper
        .post("/users", json!({ "emails": ["a@example.com"], "role_id": "builder" }))
        .await
        .refused(403, "role_exceeds_own");
    helper.post("/users", json!({ "emails": ["a@example.com"], "role_id": role.as_str() })).await.ok(201);
}

#[both_engines]
async fn i10_one_address_gets_only_so_many_mails_within_an_hour(app: TestApp) {
    let ana = app.invite("ana@example.com", "builder").await["id"].as_str().unwrap().to_owned();
    for _ in 0..9 {
        app.admin().post(&format!("/users/{ana}/resend"), json!({})).await.ok(200);
    }
    let refused = app.admin().post(&format!("/users/{ana}/resend"), json!({})).await;
    refused.refused(429, "too_many_emails");
    assert_eq!(refused.header("retry-after"), "3600");
    app.admin().post(&format!("/users/{ana}/revoke"), json!({})).await.ok(204);
    let body = json!({ "emails": ["ana@example.com"], "role_id": "builder" });
    let problem = app.admin().post("/users", body.clone()).await.refused(409, "not_all_invited");
    assert_eq!(refusals(&problem), [("/emails/0", "too_many_emails")]);
    app.pass(Seconds::hours(1));
    app.admin().post("/users", body).await.ok(201);
}

#[both_engines]
async fn d10_seats_are_enforced_by_the_list_and_by_what_takes_them(app: TestApp) {
    let set = |seats: Value| app.admin().patch("", json!({ "settings": { "seats": seats } }));
    set(json!({ "limit": 3 })).await.ok(200);
    let emails: Vec<String> = (0..4).map(|number| format!("p{number}@example.com")).collect();
    let body = json!({ "emails": emails, "role_id": "builder" });
    let preview = app.admin().post("/users?dry_run=true", body.clone()).await.ok(200);
    assert_eq!(verdicts(&preview), ["invited", "invited", "no_seat_available", "no_seat_available"]);
    assert_eq!(preview["seats"], json!({ "limit": 3, "members": 1, "pending": 0, "these": 2, "left": 0 }));
    app.admin().post("/users", body.clone()).await.refused(409, "seat_limit");
    set(json!({ "counted_from": "activation" })).await.ok(200);
    app.admin().post("/users", body).await.ok(201);
    app.activated("p0@example.com").await;
    app.activated("p1@example.com").await;
    let token = app.latest_link("p2@example.com").await;
    let said = json!({ "name": "Late", "password": testing::ADMIN_PASSWORD });
    app.stranger().post(&format!("/activations/{token}"), said.clone()).await.refused(409, "seat_limit");
    set(json!({ "mode": "soft" })).await.ok(200);
    app.stranger().post(&format!("/activations/{token}"), said).await.ok(200);
}

#[both_engines]
async fn two_accounts_that_invite_the_same_new_people_at_once_share_their_identities(app: TestApp) {
    let other = app.new_account("other").await;
    let boss = app.add_person(other, NewPerson::new("boss@other.example", "admin")).await;
    let boss = app.browser_of("other", &boss).await;
    for round in 0..6 {
        let mut emails: Vec<String> = (0..20).map(|number| format!("p{round}-{number}@example.com")).collect();
        let ours = json!({ "emails": emails, "role_id": "builder" });
        emails.reverse();
        let theirs = json!({ "emails": emails, "role_id": "builder" });
        let (one, two) = tokio::join!(app.admin().post("/users", ours), boss.post("/users", theirs));
        one.ok(201);
        two.ok(201);
    }
    let mut tx = app.app.db.read().await.unwrap();
    let people: i64 = tx.sql("SELECT COUNT(*) FROM identities WHERE email LIKE 'p%'").value().await.unwrap();
    let apart: i64 = tx
            .sql("SELECT COUNT(*) FROM users u WHERE NOT EXISTS (SELECT 1 FROM identities i WHERE i.id = u.identity_id AND i.email = u.email)")
            .value()
            .await
            .unwrap();
    assert_eq!((people, apart), (120, 0));
}

#[both_engines]
async fn inviting_somewhere_and_revoking_elsewhere_at_once_leaves_nobody_without_an_identity(app: TestApp) {
    let other = app.new_account("other").await;
    let boss = app.add_person(other, NewPerson::new("boss@other.example", "admin")).await;
    let boss = app.browser_of("other", &boss).await;
    for round in 0..10 {
        let email = format!("p{round}@example.com");
        let id = app.invite(&email, "builder").await["id"].as_str().unwrap().to_owned();
        let revoke = format!("/users/{id}/revoke");
        let invite = json!({ "emails": [email], "role_id": "builder" });
        let (gone, invited) = tokio::join!(app.admin().post(&revoke, json!({})), boss.post("/users", invite));
        gone.ok(204);
        invited.ok(201);
        app.stranger().get(&format!("/activations/{}", app.latest_link(&email).await)).await.ok(200);
    }
}
