//! One user: look, change, sign out.

mod effective_access;
mod list;
mod list_pages;
mod list_plans;
mod recount;
mod relevance;
mod saved_views;
mod status;

use domain::users::UserStatus;
use serde_json::json;
use testing::{ADMIN_EMAIL, NewPerson, TestApp, both_engines};

use crate::people::{active, assigned, first_admin, person, system};

#[both_engines]
async fn u25_an_admin_changes_name_role_and_systems_and_sees_what_that_does(app: TestApp) {
    let ana = active(&app, "ana@acme.example", "builder").await;
    let (web, shop) = (system(&app, "Web").await, system(&app, "Shop").await);
    let path = format!("/users/{ana}");
    let etag = app.admin().get(&path).await.header("etag").to_owned();
    let before = app.events().await.len();
    let body = json!({ "name": "Ana Maria", "role_id": "publisher", "systems": [web] });

    let preview = app.admin().patch(&format!("{path}?dry_run=true"), body.clone()).await.ok(200);
    assert_eq!(preview["role"]["id"], "publisher");
    assert_eq!(preview["impact"]["systems_gained"][0]["name"], "Web");
    let of = |list: &str, key: &str| {
        preview["impact"][list].as_array().unwrap().iter().find(|effect| effect["key"] == key).cloned().unwrap()
    };
    assert_eq!(
        of("permissions_lost", "content"),
        json!({ "key": "content", "name": "Editor content", "before": "edit", "after": "view", "users": 1 })
    );
    assert_eq!(of("permissions_gained", "publish_test")["after"], "allowed");
    assert_eq!(app.admin().get(&path).await.ok(200)["role"]["id"], "builder", "a preview changes nothing");

    let changed = app.admin().with_header("if-match", &etag).patch(&path, body).await.ok(200);
    assert_eq!((&changed["name"], &changed["systems"]), (&json!("Ana Maria"), &json!([web])));
    app.admin().with_header("if-match", &etag).patch(&path, json!({ "name": "Late" })).await.refused(412, "stale");
    let several = format!("\"999\", {}", app.admin().get(&path).await.header("etag"));
    let preview = format!("{path}?dry_run=true");
    app.admin().with_header("if-match", &several).patch(&preview, json!({ "name": "In Time" })).await.ok(200);
    app.admin().patch(&path, json!({ "systems": [shop] })).await.ok(200);
    let all = app.admin().patch(&path, json!({ "all_systems": true })).await.ok(200);
    assert_eq!(all["impact"]["systems_gained"][0]["name"], "Web");
    assert_eq!(app.events().await[before..], ["user.changed"; 3]);
    assert_eq!(app.mails().await, ["role_changed -> ana@acme.example"]);
}

#[both_engines]
async fn a_preview_has_the_etag_of_what_is_stored_and_what_changes_nothing_writes_nothing(app: TestApp) {
    let ana = active(&app, "ana@acme.example", "builder").await;
    for path in [format!("/users/{ana}"), "/me".to_owned()] {
        let (stored, before) = (app.admin().get(&path).await.header("etag").to_owned(), app.events().await.len());
        let body = json!({ "name": "Another Name" });
        let preview = app.admin().patch(&format!("{path}?dry_run=true"), body.clone()).await;
        assert_eq!((preview.status.as_u16(), preview.header("etag")), (200, stored.as_str()), "{path}");
        let changed = app.admin().with_header("if-match", preview.header("etag")).patch(&path, body.clone()).await;
        assert_eq!((changed.status.as_u16(), changed.header("etag") == stored), (200, false), "{path}");
        let again = app.admin().patch(&path, body).await;
        assert_eq!((again.status.as_u16(), again.header("etag")), (200, changed.header("etag")), "{path}");
        assert_eq!(app.events().await.len(), before + 1, "{path}");
    }
    let disable = format!("/users/{ana}/disable");
    let stored = app.admin().get(&format!("/users/{ana}")).await.header("etag").to_owned();
    assert_eq!(app.admin().post(&format!("{disable}?dry_run=true"), json!({})).await.header("etag"), stored);
}

#[both_engines]
async fn u26_the_address_of_a_user_cannot_be_changed(app: TestApp) {
    let ana = active(&app, "ana@acme.example", "builder").await;
    app.admin()
        .patch(&format!("/users/{ana}"), json!({ "email": "eve@acme.example", "name": "Eve" }))
        .await
        .refused(409, "email_immutable");
    assert_eq!(app.admin().get(&format!("/users/{ana}")).await.ok(200)["email"], "ana@acme.example");
}

#[both_engines]
async fn r2_nobody_gives_a_role_above_their_own_and_nobody_touches_somebody_above(app: TestApp) {
    let web = system(&app, "Web").await;
    let ana = assigned(&app, "ana@acme.example", "builder", &[web]).await;
    assigned(&app, "sam@acme.example", "system_manager", &[web]).await;
    let manager = app.signed_in("sam@acme.example").await;
    manager.patch(&format!("/users/{ana}"), json!({ "role_id": "admin" })).await.refused(403, "system_access_only");
    let path = format!("/users/{}", first_admin(&app).await);
    manager.patch(&path, json!({ "systems": [web] })).await.refused(403, "user_exceeds_own");
    app.signed_in("ana@acme.example")
        .await
        .patch(&format!("/users/{ana}"), json!({ "role_id": "admin" }))
        .await
        .refused(403, "permission_missing");
    app.admin()
        .patch(&format!("/users/{ana}"), json!({ "role_id": "no_such_role" }))
        .await
        .refused(422, "unknown_role");
}

#[both_engines]
async fn a_system_manager_assigns_existing_people_to_own_systems_and_to_no_other(app: TestApp) {
    let (web, shop, till) = (system(&app, "Web").await, system(&app, "Shop").await, system(&app, "Till").await);
    assigned(&app, "sam@acme.example", "system_manager", &[web, shop]).await;
    let ana = assigned(&app, "ana@acme.example", "builder", &[web, till]).await;
    let eve = assigned(&app, "eve@acme.example", "builder", &[till]).await;
    let manager = app.signed_in("sam@acme.example").await;
    let path = format!("/users/{ana}");
    assert_eq!(manager.get(&path).await.ok(200)["systems"], json!([web]), "the others are not theirs to see");
    manager.patch(&path, json!({ "systems": [web, shop] })).await.ok(200);
    manager.patch(&path, json!({ "systems": [till] })).await.refused(422, "unknown_system");
    manager.patch(&path, json!({ "all_systems": true })).await.refused(403, "all_systems");
    manager.patch(&path, json!({ "name": "Nana" })).await.refused(403, "system_access_only");
    manager.patch(&path, json!({ "systems": [] })).await.ok(200);
    assert_eq!(app.admin().get(&path).await.ok(200)["systems"], json!([till]));
    manager.get(&path).await.refused(404, "not_found");
    manager.get(&format!("/users/{eve}")).await.refused(404, "not_found");
    manager.patch(&format!("/users/{eve}"), json!({ "systems": [web] })).await.refused(404, "not_found");
}

#[both_engines]
async fn l1_the_last_admin_cannot_be_demoted(app: TestApp) {
    let path = format!("/users/{}", first_admin(&app).await);
    app.admin().patch(&path, json!({ "role_id": "builder" })).await.refused(409, "last_admin");
    person(&app, "off@acme.example", "admin", UserStatus::Inactive).await;
    app.admin().patch(&path, json!({ "role_id": "builder" })).await.refused(409, "last_admin");
    active(&app, "bob@acme.example", "admin").await;
    app.admin().patch(&path, json!({ "role_id": "builder" })).await.ok(200);
    app.admin().get(&path).await.refused(403, "permission_missing");
    assert_eq!(app.mails().await, [format!("role_changed -> {ADMIN_EMAIL}")]);
}

#[both_engines]
async fn m7_x1_the_admins_are_told_of_a_new_admin_and_the_role_holds_at_once(app: TestApp) {
    let ana = active(&app, "ana@acme.example", "builder").await;
    active(&app, "bob@acme.example", "admin").await;
    let browser = app.signed_in("ana@acme.example").await;
    browser.get(&format!("/users/{ana}")).await.refused(403, "permission_missing");
    app.admin().patch(&format!("/users/{ana}"), json!({ "role_id": "admin" })).await.ok(200);
    browser.get(&format!("/users/{ana}")).await.ok(200);
    assert_eq!(app.mails().await, ["role_changed -> ana@acme.example", "new_admins -> bob@acme.example"]);
    app.admin().patch(&format!("/users/{ana}"), json!({ "role_id": "builder" })).await.ok(200);
    browser.get(&format!("/users/{ana}")).await.refused(403, "permission_missing");
}

#[both_engines]
async fn m7_however_many_new_admins_there_are_each_admin_gets_one_mail(app: TestApp) {
    active(&app, "bob@acme.example", "admin").await;
    let people: Vec<_> = (10..35).map(|number| NewPerson::new(&format!("p{number}@acme.example"), "builder")).collect();
    let ids: Vec<_> = app.add_people(app.acme().await, &people).await.iter().map(|user| user.id.to_string()).collect();
    app.admin().post("/users/bulk", json!({ "action": "set_role", "role_id": "admin", "ids": ids })).await.ok(200);
    let mails = app.outbox().await;
    let told: Vec<_> = mails.iter().filter(|mail| mail.kind == "new_admins").collect();
    assert_eq!(told.len(), 26, "bob, and the new ones of each other");
    let text = app.text_of(told[0]);
    assert!(text.contains("25 people") && text.contains("5 others") && text.contains(ADMIN_EMAIL), "{text}");
}

#[both_engines]
async fn a_page_learns_why_something_is_not_possible(app: TestApp) {
    let ana = person(&app, "ana@acme.example", "builder", UserStatus::Provisioned).await;
    let can = app.admin().get(&format!("/users/{ana}")).await.ok(200)["can"].clone();
    assert_eq!(can["resend"], json!({ "allowed": true, "code": null, "detail": null }));
    assert_eq!((&can["disable"]["allowed"], &can["disable"]["code"]), (&json!(false), &json!("wrong_status")));
    assert_eq!(can["disable"]["params"], json!({ "reason": "disable", "found": "provisioned" }));
    let me = first_admin(&app).await;
    let can = app.admin().get(&format!("/users/{me}")).await.ok(200)["can"].clone();
    assert_eq!((&can["disable"]["code"], &can["change_role"]["code"]), (&json!("last_admin"), &json!("last_admin")));
    active(&app, "bob@acme.example", "admin").await;
    let can = app.admin().get(&format!("/users/{me}")).await.ok(200)["can"].clone();
    assert_eq!((&can["delete"]["code"], &can["change_role"]["allowed"]), (&json!("cannot_target_self"), &json!(true)));
}

#[both_engines]
async fn a_page_learns_what_a_role_never_permits_apart_from_what_it_permits_elsewhere(app: TestApp) {
    let acme = app.acme().await;
    let crm = app.add_system(acme, "CRM").await;
    let sam = app.add_person(acme, NewPerson::new("sam@acme.example", "system_manager").with(&[crm])).await;
    let ana = app.add_person(acme, NewPerson::new("ana@acme.example", "builder").with(&[crm])).await;
    let browser = app.browser_of("acme", &sam).await;
    let can = browser.get(&format!("/users/{}", ana.id)).await.ok(200)["can"].clone();
    let mut never: Vec<_> = can
        .as_object()
        .unwrap()
        .iter()
        .filter(|(_, ability)| ability["code"] == "permission_missing")
        .map(|(act, _)| act.as_str())
        .collect();
    never.sort_unstable();
    assert_eq!(
        never,
        [
            "change_role",
            "delete",
            "disable",
            "enable",
            "give_all_systems",
            "rename",
            "resend",
            "reset_password",
            "restore",
            "revoke"
        ]
    );
    assert_eq!(can["edit"]["allowed"], true);
    // What is not offered is what would be refused.
    for wish in [json!({ "name": "Ana" }), json!({ "role_id": "analyst" }), json!({ "all_systems": true })] {
        assert_eq!(browser.patch(&format!("/users/{}", ana.id), wish).await.status.as_u16(), 403);
    }
    browser.patch(&format!("/users/{}", ana.id), json!({ "systems": [] })).await.ok(200);
}

#[both_engines]
async fn an_admin_signs_somebody_out_and_they_may_sign_in_again(app: TestApp) {
    let ana = active(&app, "ana@acme.example", "builder").await;
    let browser = app.signed_in("ana@acme.example").await;
    let path = format!("/users/{ana}/sessions");
    assert_eq!(app.admin().get(&path).await.ok(200)["items"].as_array().unwrap().len(), 1);
    assert_eq!(app.admin().delete(&format!("{path}?dry_run=true")).await.ok(200)["sessions"], 1);
    browser.get("/systems").await.ok(200);
    app.admin().delete(&path).await.ok(200);
    browser.get("/systems").await.refused(401, "signed_out_by_admin");
    app.signed_in("ana@acme.example").await.get("/systems").await.ok(200);
    app.signed_in("ana@acme.example").await.get(&path).await.refused(403, "permission_missing");
}
