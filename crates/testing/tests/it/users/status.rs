//! Disable, enable, delete, restore, purge.

use std::collections::BTreeMap;

use domain::core::timestamp::Seconds;
use domain::credentials::link::LinkPurpose;
use domain::users::{User, UserStatus};
use serde_json::json;
use testing::{ADMIN_EMAIL, ADMIN_PASSWORD, NewPerson, TestApp, both_engines};

use crate::people::{active, assigned, first_admin, person, system};

#[both_engines]
async fn a_single_browser_is_signed_out_of_the_account_whose_admin_says_so(app: TestApp) {
    let acme = app.acme().await;
    let ana = app.add_person(acme, NewPerson::new("ana@acme.example", "builder")).await;
    let browsers = [app.signed_in("ana@acme.example").await, app.signed_in("ana@acme.example").await];
    let path = format!("/users/{}/sessions", ana.id);
    let session = app.admin().get(&path).await.ok(200)["items"][0]["id"].as_str().unwrap().to_owned();
    app.admin().delete(&format!("{path}/{session}")).await.ok(204);
    app.admin().delete(&format!("{path}/{session}")).await.refused(404, "not_found");
    let mut left = [browsers[0].get("/me").await.status.as_u16(), browsers[1].get("/me").await.status.as_u16()];
    left.sort_unstable();
    assert_eq!(left, [200, 401]);
    for browser in browsers {
        let own = browser.get("/me/sessions").await;
        match own.status.as_u16() {
            200 => assert_eq!(
                own.ok(200)["items"].as_array().unwrap().len(),
                1,
                "nor does it stand in the list of the person"
            ),
            _ => drop(own.refused(401, "signed_out_by_admin")),
        }
    }
}

#[both_engines]
async fn u29_u31_u35_disabling_ends_the_access_at_once_and_enabling_gives_it_back(app: TestApp) {
    let web = system(&app, "Web").await;
    let ana = assigned(&app, "ana@acme.example", "builder", &[web]).await;
    let browser = app.signed_in("ana@acme.example").await;
    let before = app.events().await.len();

    let preview = app.admin().post(&format!("/users/{ana}/disable?dry_run=true"), json!({})).await.ok(200);
    assert_eq!(preview["impact"]["lose_access"][0]["email"], "ana@acme.example");
    assert_eq!(
        (&preview["impact"]["sessions_ended"], &preview["impact"]["systems_lost"][0]["name"]),
        (&json!(1), &json!("Web"))
    );
    browser.get("/systems").await.ok(200);

    let disabled = app.admin().post(&format!("/users/{ana}/disable"), json!({})).await;
    assert_eq!(disabled.ok(200)["status"], "inactive");
    browser.get("/systems").await.refused(401, "access_ended");
    app.stranger()
        .post("/sign-in/password", json!({ "email": "ana@acme.example", "password": ADMIN_PASSWORD }))
        .await
        .refused(401, "invalid_credentials");
    app.admin().post(&format!("/users/{ana}/disable"), json!({})).await.refused(409, "wrong_status");

    let enabled = app.admin().post(&format!("/users/{ana}/enable"), json!({})).await.ok(200);
    assert_eq!(
        (&enabled["status"], &enabled["systems"], &enabled["role"]["id"]),
        (&json!("active"), &json!([web]), &json!("builder"))
    );
    browser.get("/systems").await.refused(401, "access_ended");
    app.signed_in("ana@acme.example").await.get("/systems").await.ok(200);
    assert_eq!(app.events().await[before..], ["user.disabled", "user.enabled", "session.started"]);
}

#[both_engines]
async fn u34_a_deleted_user_is_restorable_for_thirty_days_and_then_gone(app: TestApp) {
    let ana = active(&app, "ana@acme.example", "builder").await;
    let bob = person(&app, "bob@acme.example", "builder", UserStatus::Provisioned).await;
    let browser = app.signed_in("ana@acme.example").await;
    for user in [ana, bob] {
        assert_eq!(app.admin().delete(&format!("/users/{user}")).await.ok(200)["status"], "deleted");
    }
    assert_eq!(app.mails().await, ["access_ended -> ana@acme.example"]);
    app.admin().patch(&format!("/users/{ana}"), json!({ "name": "Nana" })).await.refused(409, "wrong_status");
    assert_eq!(app.admin().post(&format!("/users/{ana}/restore"), json!({})).await.ok(200)["status"], "active");
    assert_eq!(app.admin().post(&format!("/users/{bob}/restore"), json!({})).await.ok(200)["status"], "provisioned");
    browser.get("/systems").await.refused(401, "access_ended");

    let again = app.admin().delete(&format!("/users/{ana}")).await;
    app.pass(Seconds::days(29));
    assert_eq!(service::users::status::purge(&app.app, 100).await.unwrap(), 0);
    app.pass(Seconds::days(1));
    let admin = app.signed_in(ADMIN_EMAIL).await;
    admin.post(&format!("/users/{ana}/restore"), json!({})).await.refused(409, "restore_window_expired");
    assert_eq!(again.ok(200)["can"]["restore"]["allowed"], true);
    assert_eq!(service::users::status::purge(&app.app, 100).await.unwrap(), 1);
    assert_eq!(service::users::status::purge(&app.app, 100).await.unwrap(), 0);
    admin.get(&format!("/users/{ana}")).await.refused(404, "not_found");
    assert_eq!(app.events().await.last().unwrap(), "user.purged");
    let roles = admin.get("/roles/builder").await.ok(200);
    assert_eq!(roles["users"], 1, "only bob is left");
    let email = domain::core::email_address::EmailAddress::parse("ana@acme.example").unwrap();
    let mut tx = app.app.db.read().await.unwrap();
    assert_eq!(store::sign_in::identities::Identities(&mut tx).find_by_email(&email).await.unwrap(), None);
}

#[both_engines]
async fn whoever_is_purged_here_and_stays_elsewhere_is_not_changed_by_it(app: TestApp) {
    let globex = app.new_account("globex").await;
    let ana = active(&app, "ana@acme.example", "builder").await;
    app.add_person(globex, NewPerson::new("ana@acme.example", "builder")).await;
    app.admin().delete(&format!("/users/{ana}")).await.ok(200);
    app.pass(Seconds::days(30));
    let browser = app.signed_in("ana@acme.example").await;
    let seen = browser.get("/me").await.header("etag").to_owned();
    assert_eq!(service::users::status::purge(&app.app, 100).await.unwrap(), 1);
    browser.with_header("if-match", &seen).patch("/me", json!({ "locale": "de" })).await.ok(200);
}

#[both_engines]
async fn l1_u33_the_last_admin_is_neither_disabled_nor_deleted_and_nobody_removes_themselves(app: TestApp) {
    let me = first_admin(&app).await;
    app.admin().post(&format!("/users/{me}/disable"), json!({})).await.refused(409, "last_admin");
    app.admin().delete(&format!("/users/{me}")).await.refused(409, "last_admin");
    let bob = active(&app, "bob@acme.example", "admin").await;
    app.admin().delete(&format!("/users/{me}")).await.refused(409, "cannot_target_self");
    app.admin().post(&format!("/users/{bob}/disable"), json!({})).await.ok(200);
    app.admin().post(&format!("/users/{me}/disable"), json!({})).await.refused(409, "last_admin");
}

#[both_engines]
async fn l1_two_admins_who_disable_each_other_cannot_both_succeed(app: TestApp) {
    let me = first_admin(&app).await;
    let bob = active(&app, "bob@acme.example", "admin").await;
    let browser = app.signed_in("bob@acme.example").await;
    let (mine, theirs) = (format!("/users/{bob}/disable"), format!("/users/{me}/disable"));
    let (one, two) = tokio::join!(app.admin().post(&mine, json!({})), browser.post(&theirs, json!({})));
    assert_eq!(
        [one.status, two.status].iter().filter(|status| status.is_success()).count(),
        1,
        "{} {}",
        one.text(),
        two.text()
    );
}

#[both_engines]
async fn decision_8_enabling_and_restoring_take_a_seat_or_are_refused(app: TestApp) {
    let ana = person(&app, "ana@acme.example", "builder", UserStatus::Inactive).await;
    let bob = active(&app, "bob@acme.example", "builder").await;
    app.admin().delete(&format!("/users/{bob}")).await.ok(200);
    app.admin().patch("", json!({ "settings": { "seats": { "limit": 1 } } })).await.ok(200);
    app.admin().post(&format!("/users/{ana}/enable"), json!({})).await.refused(409, "seat_limit");
    app.admin().post(&format!("/users/{bob}/restore"), json!({})).await.refused(409, "seat_limit");
    app.admin().patch("", json!({ "settings": { "seats": { "limit": 2 } } })).await.ok(200);
    app.admin().post(&format!("/users/{ana}/enable"), json!({})).await.ok(200);
}

#[both_engines]
async fn u34_nothing_of_somebody_who_is_purged_or_revoked_stays_but_what_the_log_says(app: TestApp) {
    let account = app.acme().await;
    let system = app.add_system(account, "Web").await;
    let purged = NewPerson::new("purged@acme.example", "admin").with(&[system]);
    let revoked = NewPerson::new("revoked@acme.example", "builder").with(&[system]).who_is(UserStatus::Provisioned);
    let stays = NewPerson::new("stays@acme.example", "admin").with(&[system]);
    let people = app.add_people(account, &[purged, revoked, stays]).await;
    app.add_group(account, "North", &people, &[system]).await;
    for user in &people {
        app.key_of(user).await;
        app.link_of(user, LinkPurpose::PasswordReset).await;
    }
    for user in [&people[0], &people[2]] {
        app.browser_of("acme", user).await.post("/views", json!({ "name": "Mine", "query": "" })).await.ok(201);
    }
    let before = tables_that_name(&app, &people).await;
    for (table, named) in &before {
        assert!(
            named.contains(&true),
            "{table} names nobody: let somebody have a row there, or this test shows nothing of it"
        );
    }
    app.admin().delete(&format!("/users/{}", people[0].id)).await.ok(200);
    app.admin().post(&format!("/users/{}/revoke", people[1].id), json!({})).await.ok(204);
    app.pass(Seconds::days(30));
    assert_eq!(service::users::status::purge(&app.app, 100).await.unwrap(), 1);

    for (table, named) in tables_that_name(&app, &people).await {
        assert_eq!(named, [false, false, before[&table][2]], "{table}");
    }
}

#[both_engines]
async fn x1_what_ends_the_access_of_one_leaves_what_is_remembered_of_the_others(app: TestApp) {
    let account = app.acme().await;
    let people = ["one", "two"].map(|name| NewPerson::new(&format!("{name}@acme.example"), "admin"));
    let people = app.add_people(account, &people).await;
    let (one, two) = (app.browser_of("acme", &people[0]).await, app.browser_of("acme", &people[1]).await);
    let question = json!({ "account": "acme", "user": "two@acme.example", "permission": "security" });
    for act in ["disable", "enable"] {
        two.post("/check", question.clone()).await.ok(200);
        app.admin().post(&format!("/users/{}/{act}", people[0].id), json!({})).await.ok(200);
        let before = app.app.db.statements();
        two.post("/check", question.clone()).await.ok(200);
        assert_eq!(app.app.db.statements() - before, 0, "nothing had to be read again after {act}");
        assert!(
            [401, 404].contains(&one.get("/systems").await.status.as_u16()),
            "what is remembered of the one is worth nothing"
        );
    }
}

/// Every table that says which user a row belongs to, and which of these people it names.
async fn tables_that_name(app: &TestApp, people: &[User]) -> BTreeMap<String, Vec<bool>> {
    let mut tx = app.app.db.read().await.unwrap();
    let mut found = BTreeMap::new();
    for (table, columns) in testing::schema::tables(&mut tx).await {
        let Some(column) = columns.iter().find(|column| column.name == if table == "users" { "id" } else { "user_id" })
        else {
            continue;
        };
        let rows = testing::schema::rows(&mut tx, &table, &[column]).await;
        found.insert(table, people.iter().map(|user| rows.contains(&user.id.to_string())).collect());
    }
    found
}
