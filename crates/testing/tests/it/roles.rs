//! Roles and the catalog of permissions: read only for now.

use domain::users::UserStatus;
use serde_json::json;
use testing::{NewPerson, TestApp, both_engines};

#[both_engines]
async fn r_1_each_role_says_how_many_hold_it_without_the_deleted(app: TestApp) {
    let acme = app.acme().await;
    let custom = app.add_role(acme, "Inviter", json!({ "manage_users": "edit" })).await;
    app.add_people(
        acme,
        &[
            NewPerson::new("ana@acme.example", "builder"),
            NewPerson::new("bo@acme.example", "builder").who_is(UserStatus::Inactive),
            NewPerson::new("cy@acme.example", "builder").who_is(UserStatus::Deleted),
            NewPerson::new("di@acme.example", custom.as_str()).who_is(UserStatus::Provisioned),
        ],
    )
    .await;

    let list = app.admin().get("/roles").await.ok(200);

    let roles = list["items"].as_array().unwrap();
    let users = |id: &str| roles.iter().find(|role| role["id"] == id).unwrap()["users"].as_i64().unwrap();
    assert_eq!((users("admin"), users("builder"), users("analyst"), users(custom.as_str())), (1, 2, 0, 1));
    assert_eq!(roles.len(), 10);
    assert_eq!((&roles[0]["kind"], &roles[9]["kind"]), (&json!("predefined"), &json!("custom")));
    let one = app.admin().get(&format!("/roles/{custom}")).await.ok(200);
    assert_eq!(one["levels"]["manage_users"], "edit");
    assert_eq!(one["levels"]["security"], "none");
}

#[both_engines]
async fn r_1_a_system_manager_is_told_of_roles_as_far_as_the_people_of_own_systems_hold_them(app: TestApp) {
    let acme = app.acme().await;
    let (mine, other) = (app.add_system(acme, "Mine").await, app.add_system(acme, "Other").await);
    let near = app.add_role(acme, "Near", json!({ "content": "view" })).await;
    let far = app.add_role(acme, "Far", json!({ "content": "edit" })).await;
    let manager = app.add_person(acme, NewPerson::new("sy@acme.example", "system_manager").with(&[mine])).await;
    app.add_people(
        acme,
        &[
            NewPerson::new("ana@acme.example", "builder").with(&[mine]),
            NewPerson::new("bo@acme.example", "builder").with(&[other]),
            NewPerson::new("cy@acme.example", "builder").with(&[mine]).who_is(UserStatus::Deleted),
            NewPerson::new("di@acme.example", near.as_str()).with_all_systems(),
            NewPerson::new("ed@acme.example", far.as_str()).with(&[other]),
        ],
    )
    .await;
    let manager = app.browser_of("acme", &manager).await;

    let list = manager.get("/roles").await.ok(200);

    let counts: Vec<(&str, i64)> = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|role| (role["id"].as_str().unwrap(), role["users"].as_i64().unwrap()))
        .filter(|(_, users)| *users > 0)
        .collect();
    assert_eq!(
        counts,
        [("admin", 1), ("builder", 1), ("system_manager", 1), (near.as_str(), 1)],
        "the first admin has all systems: {list:#}"
    );
    assert!(!list.to_string().contains("Far"), "{list:#}");
    assert_eq!(manager.get("/roles/builder").await.ok(200)["users"], 1);
    manager.get(&format!("/roles/{far}")).await.refused(404, "not_found");
}

#[both_engines]
async fn the_number_of_a_role_is_that_of_the_list_it_leads_to(app: TestApp) {
    let acme = app.acme().await;
    for (name, status) in [
        ("ana", UserStatus::Active),
        ("bo", UserStatus::Inactive),
        ("cy", UserStatus::Deleted),
        ("di", UserStatus::Provisioned),
    ] {
        app.add_person(acme, NewPerson::new(&format!("{name}@acme.example"), "builder").who_is(status)).await;
    }
    for role in app.admin().get("/roles").await.ok(200)["items"].as_array().unwrap() {
        let id = role["id"].as_str().unwrap();
        let list = app.admin().get(&format!("/users?role={id}&status=active,provisioned,inactive")).await.ok(200);
        assert_eq!(list["total"], role["users"], "{id}");
    }
}

#[both_engines]
async fn r_8_roles_are_read_by_whoever_sees_people_and_by_nobody_else(app: TestApp) {
    let acme = app.acme().await;
    let viewer = app.add_role(acme, "Viewer", json!({ "manage_users": "view" })).await;
    for (role, status) in [
        ("admin", 200),
        ("system_manager", 200),
        (viewer.as_str(), 200),
        ("content_manager", 403),
        ("builder", 403),
        ("publisher", 403),
        ("content_creator", 403),
        ("content_viewer", 403),
        ("analyst", 403),
        ("translator", 403),
    ] {
        let user = app.add_person(acme, NewPerson::new(&format!("{role}@acme.example"), role)).await;
        let browser = app.browser_of("acme", &user).await;
        browser.get("/roles").await.ok(status);
        browser.get("/roles/admin").await.ok(status);
        browser.get("/permissions").await.ok(200);
    }
}

#[both_engines]
async fn r_5_the_catalog_has_four_categories_and_the_levels_of_each_permission(app: TestApp) {
    let list = app.admin().get("/permissions").await.ok(200);
    let items = list["items"].as_array().unwrap();
    assert_eq!(items.len(), 17);
    assert_eq!(items[0]["key"], "manage_users");
    assert_eq!(items[0]["levels"], json!(["none", "view", "limited", "edit"]));
    for category in ["administrative", "content", "data", "publishing"] {
        assert!(items.iter().any(|entry| entry["category"] == category), "{category}");
    }
    app.stranger().get("/permissions").await.refused(401, "sign_in_required");
}

#[both_engines]
async fn t1_a_custom_role_of_another_account_is_unknown(app: TestApp) {
    let globex = app.new_account("globex").await;
    let foreign = app.add_role(globex, "Theirs", json!({ "security": "edit" })).await;
    app.admin().get(&format!("/roles/{foreign}")).await.refused(404, "not_found");
}
