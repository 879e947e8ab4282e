//! Effective access: what somebody may do, and why.

use domain::core::ids::GroupId;
use domain::core::timestamp::{Seconds, Timestamp};
use domain::users::UserStatus;
use serde_json::{Value, json};
use testing::{ADMIN_EMAIL, NewPerson, TestApp, both_engines};

fn permission<'a>(access: &'a Value, key: &str) -> &'a Value {
    access["permissions"].as_array().unwrap().iter().find(|entry| entry["key"] == key).unwrap()
}

/// A group `name` that has a system, with one member; groups have no routes yet.
async fn group(app: &TestApp, name: &str, member: &str, system: &str) {
    let (account, id) = (app.acme().await, app.app.new_id::<GroupId>());
    let at = app.app.clock.now();
    let mut tx = app.app.db.write().await.unwrap();
    for text in [
        "INSERT INTO groups (account_id, id, name, name_key, description, created_at, version) VALUES ($1, $2, $3, $3, $4, $6, LENGTH($5))",
        "INSERT INTO group_members (account_id, group_id, user_id, source, granted_by, granted_at) \
         SELECT $1, $2, $4, 'manual', 'operator', $6 WHERE LENGTH($3) > 0 AND LENGTH($5) > 0",
        "INSERT INTO group_systems (account_id, group_id, system_id, source, granted_by, granted_at) \
         SELECT $1, $2, $5, 'manual', 'operator', $6 WHERE LENGTH($3) > 0 AND LENGTH($4) > 0",
    ] {
        tx.sql(text).bind(&account).bind(&id).bind(name).bind(member).bind(system).bind(&at).run().await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// Ends a direct grant at an instant by itself.
async fn ends(app: &TestApp, user: &str, at: Timestamp) {
    let account = app.acme().await;
    let mut tx = app.app.db.write().await.unwrap();
    let text = "UPDATE system_grants SET ends_at = $3 WHERE account_id = $1 AND user_id = $2";
    tx.sql(text).bind(&account).bind(user).bind(&at).run().await.unwrap();
    tx.commit().await.unwrap();
}

/// The direct grants of a user, as the history has them: the system, who gave it, and who took it away.
async fn history(app: &TestApp, user: &str) -> Vec<(String, String, Option<String>)> {
    let account = app.acme().await;
    let mut tx = app.app.db.read().await.unwrap();
    let text = "SELECT system_id, granted_by, ended_by FROM system_grants WHERE account_id = $1 AND user_id = $2 ORDER BY granted_at";
    tx.sql(text).bind(&account).bind(user).all().await.unwrap()
}

#[both_engines]
async fn a_system_that_is_taken_away_and_given_again_is_two_grants_of_the_history_and_one_of_the_user(app: TestApp) {
    let acme = app.acme().await;
    let web = app.add_system(acme, "Web").await;
    let user = app.add_person(acme, NewPerson::new("pat@acme.example", "publisher")).await.id.to_string();
    let admin = crate::people::first_admin(&app).await;
    let (path, systems) = (format!("/users/{user}"), |ids: Vec<String>| json!({ "systems": ids }));
    for ids in [vec![web.to_string()], vec![], vec![web.to_string()]] {
        app.pass(Seconds(1));
        app.admin().patch(&path, systems(ids)).await.ok(200);
    }
    let bulk = |action: &str| json!({ "action": action, "ids": [user], "systems": [web.to_string()] });
    app.pass(Seconds(1));
    app.admin().post("/users/bulk", bulk("remove_systems")).await.ok(200);
    let access = app.admin().get(&format!("{path}/access")).await.ok(200);
    assert_eq!(access["systems"], json!([]));
    let listed = app.admin().get(&format!("/users?system={web}&q=pat")).await.ok(200);
    assert_eq!(listed["items"], json!([]));
    app.pass(Seconds(1));
    app.admin().post("/users/bulk", bulk("add_systems")).await.ok(200);

    let (web, by) = (web.to_string(), admin.clone());
    let ended = (web.clone(), by.clone(), Some(by.clone()));
    assert_eq!(history(&app, &user).await, [ended.clone(), ended, (web, by, None)]);
    let access = app.admin().get(&format!("{path}/access")).await.ok(200);
    assert_eq!(access["systems"][0]["paths"].as_array().unwrap().len(), 1);
}

#[both_engines]
async fn om7_each_permission_says_where_it_holds_and_each_system_how_it_came(app: TestApp) {
    let acme = app.acme().await;
    let (direct, by_group) = (app.add_system(acme, "Direct").await, app.add_system(acme, "Grouped").await);
    app.add_system(acme, "Other").await;
    let user = app.add_person(acme, NewPerson::new("pat@acme.example", "publisher").with(&[direct])).await;
    group(&app, "Editors", &user.id.to_string(), &by_group.to_string()).await;

    let access = app.admin().get(&format!("/users/{}/access", user.id)).await.ok(200);

    assert_eq!((&access["role"]["id"], &access["stopped"]), (&json!("publisher"), &json!(null)));
    let names: Vec<_> =
        access["systems"].as_array().unwrap().iter().map(|system| system["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Direct", "Grouped"]);
    let path = &access["systems"][0]["paths"][0];
    assert_eq!(
        (&path["kind"], &path["source"], &path["granted_by"], &path["holds"]),
        (&json!("direct"), &json!("manual"), &json!("operator"), &json!(true))
    );
    let path = &access["systems"][1]["paths"][0];
    assert_eq!((&path["kind"], &path["group_name"]), (&json!("group"), &json!("Editors")));
    let publish = permission(&access, "publish_production");
    assert_eq!((&publish["level"], &publish["holds"]), (&json!("allowed"), &json!("systems")));
    assert!(publish["detail"].as_str().unwrap().contains("Publisher"));
    assert_eq!(permission(&access, "activity_log")["holds"], "account");
    assert_eq!(permission(&access, "manage_users")["holds"], "nowhere");
}

#[both_engines]
async fn someone_without_a_system_or_without_access_is_told_why(app: TestApp) {
    let acme = app.acme().await;
    let bare = app.add_person(acme, NewPerson::new("bare@acme.example", "builder")).await;
    let off = app.add_person(acme, NewPerson::new("off@acme.example", "builder").who_is(UserStatus::Inactive)).await;

    let access = app.admin().get(&format!("/users/{}/access", bare.id)).await.ok(200);
    assert_eq!(permission(&access, "content")["holds"], "nowhere");
    assert!(permission(&access, "content")["detail"].as_str().unwrap().contains("no system"));
    let access = app.admin().get(&format!("/users/{}/access", off.id)).await.ok(200);
    assert_eq!(access["stopped"]["code"], "user_inactive");
}

#[both_engines]
async fn having_all_systems_says_who_gave_them_when_and_how(app: TestApp) {
    let acme = app.acme().await;
    let me = app.admin().get("/me/accounts").await.ok(200)["items"][0]["user_id"].as_str().unwrap().to_owned();
    let came = async |id: &str| app.admin().get(&format!("/users/{id}")).await.ok(200)["created_at"].clone();
    app.pass(Seconds::hours(1));
    app.add_system(acme, "Shop").await;
    let access = app.admin().get(&format!("/users/{me}/access")).await.ok(200);
    assert_eq!(access["all_systems"], true);
    let mut path = json!({
        "kind": "all_systems", "group_id": null, "group_name": null, "source": "manual", "source_id": null, "granted_by": "system",
        "granted_by_email": null, "granted_at": came(&me).await, "starts_at": null, "ends_at": null, "holds": true,
    });
    assert_eq!(access["systems"][0]["paths"], json!([path]));

    let wish = json!({ "emails": ["pat@acme.example"], "role_id": "publisher", "systems": "all" });
    let pat = app.admin().post("/users", wish).await.ok(201)["items"][0]["user_id"].as_str().unwrap().to_owned();
    path["source"] = json!("invitation");
    path["granted_by"] = json!(me);
    path["granted_by_email"] = json!(ADMIN_EMAIL);
    path["granted_at"] = came(&pat).await;
    let access = app.admin().get(&format!("/users/{pat}/access")).await.ok(200);
    path["source_id"] = access["systems"][0]["paths"][0]["source_id"].clone();
    assert!(path["source_id"].is_string(), "the invitation");
    assert_eq!(access["systems"][0]["paths"], json!([path]));
}

#[both_engines]
async fn all_systems_that_end_by_themselves_end_at_the_instant(app: TestApp) {
    let acme = app.acme().await;
    let shop = app.add_system(acme, "Shop").await;
    let user = app.add_person(acme, NewPerson::new("pat@acme.example", "publisher").with_all_systems()).await;
    ends(&app, &user.id.to_string(), app.app.clock.now().plus(Seconds::hours(1))).await;
    let browser = app.browser_of("acme", &user).await;
    let ask = json!({ "account": "acme", "user": user.id.to_string(), "permission": "content", "level": "view", "system": shop.to_string() });
    assert_eq!(browser.post("/check", ask.clone()).await.ok(200)["allowed"], true);
    let found = async || {
        app.admin().get(&format!("/users?system={shop}&q=pat")).await.ok(200)["items"].as_array().unwrap().len()
    };
    assert_eq!(found().await, 1);

    app.pass(Seconds::hours(1));

    assert_eq!(
        browser.post("/check", ask).await.ok(200)["reason"],
        "unknown_system",
        "no change told the memory to forget"
    );
    assert_eq!(found().await, 0);
    let user = app.admin().get(&format!("/users/{}", user.id)).await.ok(200);
    assert_eq!(user["all_systems"], false);
}

#[both_engines]
async fn a_grant_that_ends_by_itself_ends_at_the_instant_and_stays_in_the_explanation(app: TestApp) {
    let acme = app.acme().await;
    let shop = app.add_system(acme, "Shop").await;
    let user = app.add_person(acme, NewPerson::new("pat@acme.example", "publisher").with(&[shop])).await;
    ends(&app, &user.id.to_string(), app.app.clock.now().plus(Seconds::hours(1))).await;
    let browser = app.browser_of("acme", &user).await;
    let ask = json!({ "account": "acme", "user": user.id.to_string(), "permission": "content", "level": "view", "system": shop.to_string() });
    assert_eq!(browser.post("/check", ask.clone()).await.ok(200)["allowed"], true);

    app.pass(Seconds::hours(1));

    assert_eq!(
        browser.post("/check", ask).await.ok(200)["reason"],
        "unknown_system",
        "no change told the memory to forget"
    );
    let access = app.admin().get(&format!("/users/{}/access", user.id)).await.ok(200);
    assert_eq!(
        (&access["systems"][0]["holds"], &access["systems"][0]["paths"][0]["holds"]),
        (&json!(false), &json!(false))
    );
}

#[both_engines]
async fn a_system_manager_sees_the_people_of_the_own_systems_and_nothing_else_of_them(app: TestApp) {
    let acme = app.acme().await;
    let (mine, other) = (app.add_system(acme, "Mine").await, app.add_system(acme, "Other").await);
    let manager = app.add_person(acme, NewPerson::new("sy@acme.example", "system_manager").with(&[mine])).await;
    let shared = app.add_person(acme, NewPerson::new("sh@acme.example", "builder").with(&[mine, other])).await;
    let far = app.add_person(acme, NewPerson::new("fa@acme.example", "builder").with(&[other])).await;
    let browser = app.browser_of("acme", &manager).await;

    let access = browser.get(&format!("/users/{}/access", shared.id)).await.ok(200);
    assert_eq!(access["systems"].as_array().unwrap().len(), 1);
    browser.get(&format!("/users/{}/access", far.id)).await.refused(404, "not_found");
    let gone = app
        .add_person(acme, NewPerson::new("gone@acme.example", "builder").with(&[mine]).who_is(UserStatus::Deleted))
        .await;
    browser.get(&format!("/users/{}/access", gone.id)).await.refused(404, "not_found");
    let content = app.add_person(acme, NewPerson::new("cm@acme.example", "content_manager")).await;
    app.browser_of("acme", &content)
        .await
        .get(&format!("/users/{}/access", shared.id))
        .await
        .refused(403, "permission_missing");
}
