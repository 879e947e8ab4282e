//! The same change to many users.

use domain::users::UserStatus;
use serde_json::{Value, json};
use testing::{NewPerson, TestApp, both_engines};

use crate::people::{active, assigned, first_admin, person, system};

/// So many active people of this role, as `{role}{number}@acme.example`.
async fn crowd(app: &TestApp, count: usize, role: &str, status: UserStatus) -> Vec<String> {
    let people: Vec<NewPerson> =
        (0..count).map(|number| NewPerson::new(&format!("{role}{number}@acme.example"), role).who_is(status)).collect();
    app.add_people(app.acme().await, &people).await.into_iter().map(|user| user.id.to_string()).collect()
}

async fn status_of(app: &TestApp, id: &str) -> Value {
    app.admin().get(&format!("/users/{id}")).await.ok(200)["status"].clone()
}

#[both_engines]
async fn u29_u31_many_are_disabled_in_one_call_with_one_entry_and_enabled_again_by_the_undo(app: TestApp) {
    let ids = crowd(&app, 3, "builder", UserStatus::Active).await;
    let browser = app.signed_in("builder1@acme.example").await;
    let before = app.events().await.len();
    let body = json!({ "action": "disable", "ids": ids });

    let preview = app.admin().post("/users/bulk?dry_run=true", body.clone()).await.ok(200);
    assert_eq!(
        (&preview["applies"], &preview["changed"], &preview["impact"]["lose_access_count"]),
        (&json!(true), &json!(3), &json!(3))
    );
    assert_eq!(preview["impact"]["sessions_ended"], 1);
    assert_eq!(app.events().await.len(), before);

    let done = app.admin().post("/users/bulk", body).await.ok(200);
    assert_eq!(
        done["rows"][2],
        json!({ "id": ids[2], "email": "builder2@acme.example", "verdict": "changed", "code": null, "detail": null })
    );
    browser.get("/systems").await.refused(401, "access_ended");
    assert_eq!(done["undo"], json!([{ "action": "enable", "ids": ids }]));
    app.admin().post("/users/bulk", done["undo"][0].clone()).await.ok(200);
    assert_eq!(app.events().await[before..], ["user.disabled", "user.enabled"]);
    assert_eq!(status_of(&app, &ids[0]).await, "active");
}

#[both_engines]
async fn u30_a_selection_of_mixed_statuses_is_refused_as_a_whole_and_every_wrong_row_is_named(app: TestApp) {
    let good = crowd(&app, 2, "builder", UserStatus::Active).await;
    let off = person(&app, "off@acme.example", "builder", UserStatus::Inactive).await.to_string();
    let body = json!({ "action": "disable", "ids": [good[0], off, good[1]] });
    let problem = app.admin().post("/users/bulk", body.clone()).await.refused(409, "mixed_statuses");
    assert_eq!(problem["errors"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]),
        (&json!("/ids/1"), &json!("wrong_status"))
    );
    assert_eq!(problem["errors"][0]["params"], json!({ "reason": "disable", "found": "inactive" }));
    assert_eq!(status_of(&app, &good[0]).await, "active");
    let preview = app.admin().post("/users/bulk?dry_run=true", body).await.ok(200);
    assert_eq!(
        (&preview["applies"], &preview["code"], &preview["refused"]),
        (&json!(false), &json!("mixed_statuses"), &json!(1))
    );
    app.admin().post("/users/bulk", json!({ "action": "disable", "ids": [off] })).await.refused(409, "wrong_status");
}

#[both_engines]
async fn t3_a_preview_of_limited_reach_has_a_verdict_for_each_row_and_hidden_ones_are_like_unknown_ones(app: TestApp) {
    let (web, vault) = (system(&app, "Web").await, system(&app, "Vault").await);
    let more = system(&app, "More").await;
    assigned(&app, "sam@acme.example", "system_manager", &[web, more]).await;
    let ana = assigned(&app, "ana@acme.example", "builder", &[web]).await.to_string();
    let chief = assigned(&app, "chief@acme.example", "admin", &[web]).await.to_string();
    let hidden = assigned(&app, "eve@acme.example", "builder", &[vault]).await.to_string();
    let sam = app.signed_in("sam@acme.example").await;
    let body = |ids: &[&str]| json!({ "action": "add_systems", "systems": [more], "ids": ids });
    let unknown = "usr_00000000000000000000000000";
    let told = async |ids: &[&str]| sam.post("/users/bulk?dry_run=true", body(ids)).await.ok(200);
    let preview = told(&[&hidden, &ana, &chief, unknown]).await;
    let rows = preview["rows"].as_array().unwrap();
    let codes: Vec<&Value> = rows.iter().map(|row| &row["code"]).collect();
    assert_eq!(codes, [&json!("not_found"), &json!(null), &json!("user_exceeds_own"), &json!("not_found")]);
    assert_eq!(
        (&preview["applies"], &preview["total"], &preview["refused"], &preview["changed"]),
        (&json!(false), &json!(4), &json!(3), &json!(1))
    );
    assert_eq!(rows[1]["id"], json!(ana));
    let like = |row: &Value, id: &str| row.to_string().replace(id, "…");
    assert_eq!(like(&rows[0], &hidden), like(&rows[3], unknown));
    assert_eq!(like(&told(&[&ana, &hidden]).await, &hidden), like(&told(&[&ana, unknown]).await, unknown));
    assert_eq!(told(&[&ana, &chief]).await["rows"][1]["email"], "chief@acme.example");
    // To do it stays all or nothing, and says of each row why.
    for (id, status, code) in
        [(hidden.as_str(), 404, "not_found"), (unknown, 404, "not_found"), (&chief, 403, "user_exceeds_own")]
    {
        let refused = sam.post("/users/bulk", body(&[&ana, id])).await.refused(status, code);
        assert_eq!((&refused["errors"][0]["pointer"], &refused["errors"][0]["code"]), (&json!("/ids/1"), &json!(code)));
    }
    assert_eq!(told(&[&ana]).await["applies"], true);
}

#[both_engines]
async fn t3_one_id_that_is_nobody_here_refuses_the_whole_wherever_it_stands(app: TestApp) {
    let mut ids = crowd(&app, 2, "builder", UserStatus::Active).await;
    let other = app.new_account("other").await;
    ids.push(app.add_person(other, NewPerson::new("eve@other.example", "builder")).await.id.to_string());
    let problem =
        app.admin().post("/users/bulk", json!({ "action": "delete", "ids": ids })).await.refused(404, "not_found");
    assert_eq!(problem["errors"][0]["pointer"], "/ids/2");
    assert_eq!(status_of(&app, &ids[0]).await, "active");
    let doubled: Vec<&String> = std::iter::repeat_n(&ids[0], 1_500).collect();
    let problem = app
        .admin()
        .post("/users/bulk", json!({ "action": "delete", "ids": doubled }))
        .await
        .refused(422, "duplicate_id");
    assert_eq!(
        (&problem["errors"][0]["pointer"], problem["errors"].as_array().unwrap().len()),
        (&json!("/ids/1"), 1_000)
    );
    app.admin()
        .post("/users/bulk", json!({ "action": "delete", "ids": ["usr_nobody"] }))
        .await
        .refused(422, "invalid_value");
    let many: Vec<&String> = std::iter::repeat_n(&ids[0], 100_001).collect();
    app.admin()
        .post("/users/bulk", json!({ "action": "delete", "ids": many }))
        .await
        .refused(413, "selection_too_large");
}

#[both_engines]
async fn l1_the_admins_cannot_all_be_disabled_deleted_or_demoted_at_once(app: TestApp) {
    let me = first_admin(&app).await;
    let bob = active(&app, "bob@acme.example", "admin").await.to_string();
    for body in [
        json!({ "action": "disable", "ids": [bob, me] }),
        json!({ "action": "delete", "ids": [me, bob] }),
        json!({ "action": "set_role", "role_id": "builder", "ids": [bob, me] }),
    ] {
        let problem = app.admin().post("/users/bulk", body).await.refused(409, "last_admin");
        assert_eq!(problem["errors"].as_array().unwrap().len(), 2);
    }
    app.admin().post("/users/bulk", json!({ "action": "set_role", "role_id": "builder", "ids": [bob] })).await.ok(200);
}

#[both_engines]
async fn u28_a_role_is_given_to_many_and_the_undo_knows_who_had_which(app: TestApp) {
    let ana = active(&app, "ana@acme.example", "builder").await.to_string();
    let eva = active(&app, "eva@acme.example", "analyst").await.to_string();
    let pat = active(&app, "pat@acme.example", "publisher").await.to_string();
    let done = app
        .admin()
        .post("/users/bulk", json!({ "action": "set_role", "role_id": "publisher", "ids": [ana, eva, pat] }))
        .await
        .ok(200);
    assert_eq!(
        (&done["changed"], &done["unchanged"], &done["rows"][2]["verdict"]),
        (&json!(2), &json!(1), &json!("unchanged"))
    );
    assert_eq!(app.mails().await, ["role_changed -> ana@acme.example", "role_changed -> eva@acme.example"]);
    for undo in done["undo"].as_array().unwrap() {
        app.admin().post("/users/bulk", undo.clone()).await.ok(200);
    }
    assert_eq!(app.admin().get(&format!("/users/{eva}")).await.ok(200)["role"]["id"], "analyst");
    assert_eq!(app.admin().get("/roles/publisher").await.ok(200)["users"], 1);
    app.admin()
        .post("/users/bulk", json!({ "action": "set_role", "role_id": "nothing", "ids": [ana] }))
        .await
        .refused(422, "unknown_role");
    app.admin().post("/users/bulk", json!({ "action": "set_role", "ids": [ana] })).await.refused(422, "required");
}

#[both_engines]
async fn systems_are_added_and_removed_and_the_undo_leaves_what_was_there_before(app: TestApp) {
    let (web, shop) = (system(&app, "Web").await, system(&app, "Shop").await);
    let ana = assigned(&app, "ana@acme.example", "builder", &[web]).await.to_string();
    let eva = active(&app, "eva@acme.example", "builder").await.to_string();
    let done = app
        .admin()
        .post("/users/bulk", json!({ "action": "add_systems", "systems": [web, shop], "ids": [ana, eva] }))
        .await
        .ok(200);
    assert_eq!(
        done["impact"]["systems_gained"],
        json!([{ "id": shop, "name": "Shop", "users": 2 }, { "id": web, "name": "Web", "users": 1 }])
    );
    for undo in done["undo"].as_array().unwrap() {
        app.admin().post("/users/bulk", undo.clone()).await.ok(200);
    }
    assert_eq!(app.admin().get(&format!("/users/{ana}")).await.ok(200)["systems"], json!([web]));
    assert_eq!(app.admin().get(&format!("/users/{eva}")).await.ok(200)["systems"], json!([]));
    let removed = app
        .admin()
        .post("/users/bulk", json!({ "action": "remove_systems", "systems": [web, shop], "ids": [ana, eva] }))
        .await
        .ok(200);
    assert_eq!(
        (&removed["changed"], &removed["undo"]),
        (&json!(1), &json!([{ "action": "add_systems", "systems": [web], "ids": [ana] }]))
    );
    let me = first_admin(&app).await;
    app.admin()
        .post("/users/bulk", json!({ "action": "remove_systems", "systems": [web], "ids": [me] }))
        .await
        .refused(409, "has_all_systems");
}

#[both_engines]
async fn r1_a_system_manager_assigns_many_to_own_systems_and_does_nothing_else_to_many(app: TestApp) {
    let (web, shop, till) = (system(&app, "Web").await, system(&app, "Shop").await, system(&app, "Till").await);
    assigned(&app, "sam@acme.example", "system_manager", &[web, shop]).await;
    let ana = assigned(&app, "ana@acme.example", "builder", &[web]).await.to_string();
    let eva = assigned(&app, "eva@acme.example", "builder", &[till]).await.to_string();
    let manager = app.signed_in("sam@acme.example").await;
    manager.post("/users/bulk", json!({ "action": "add_systems", "systems": [shop], "ids": [ana] })).await.ok(200);
    manager
        .post("/users/bulk", json!({ "action": "add_systems", "systems": [till], "ids": [ana] }))
        .await
        .refused(422, "unknown_system");
    manager
        .post("/users/bulk", json!({ "action": "add_systems", "systems": [shop], "ids": [ana, eva] }))
        .await
        .refused(404, "not_found");
    manager.post("/users/bulk", json!({ "action": "disable", "ids": [ana] })).await.refused(403, "system_access_only");
    manager
        .post(
            "/users/bulk",
            json!({ "action": "add_systems", "systems": [shop], "ids": [ana, first_admin(&app).await] }),
        )
        .await
        .refused(403, "user_exceeds_own");
}

#[both_engines]
async fn u22_invitations_are_sent_again_to_many_and_the_old_links_are_dead(app: TestApp) {
    let ids: Vec<Value> = vec![
        app.invite("ana@acme.example", "builder").await["id"].clone(),
        app.invite("eva@acme.example", "builder").await["id"].clone(),
    ];
    let old = app.latest_link("ana@acme.example").await;
    app.admin().post("/users/bulk", json!({ "action": "resend", "ids": ids })).await.ok(200);
    assert_eq!(app.mails().await.len(), 4);
    app.stranger().get(&format!("/activations/{old}")).await.refused(404, "link_replaced");
    app.activated("ana@acme.example").await.get("/systems").await.ok(200);
    app.admin().post("/users/bulk", json!({ "action": "resend", "ids": ids })).await.refused(409, "mixed_statuses");
}

#[both_engines]
async fn p7_u22_each_invitation_that_cannot_be_sent_again_is_named_and_the_others_can_be_sent_without_it(app: TestApp) {
    let (ana, eva) = (
        app.invite("ana@acme.example", "builder").await["id"].clone(),
        app.invite("eva@acme.example", "builder").await["id"].clone(),
    );
    for _ in 0..9 {
        app.admin().post(&format!("/users/{}/resend", ana.as_str().unwrap()), json!({})).await.ok(200);
    }
    let body = json!({ "action": "resend", "ids": [ana, eva] });
    let before = (app.mails().await.len(), app.events().await.len());
    let problem = app.admin().post("/users/bulk", body.clone()).await;
    assert_eq!(problem.header("retry-after"), "3600");
    let problem = problem.refused(429, "too_many_emails");
    let errors: Vec<_> =
        problem["errors"].as_array().unwrap().iter().map(|error| (&error["pointer"], &error["code"])).collect();
    assert_eq!(errors, [(&json!("/ids/0"), &json!("too_many_emails"))]);
    let preview = app.admin().post("/users/bulk?dry_run=true", body.clone()).await.ok(200);
    let verdicts: Vec<_> = preview["rows"].as_array().unwrap().iter().map(|row| row["verdict"].clone()).collect();
    assert_eq!((verdicts, &preview["applies"]), (vec![json!("refused"), json!("changed")], &json!(false)));
    assert_eq!((app.mails().await.len(), app.events().await.len()), before, "all or nothing, unless one says so");

    let mut skipping = body;
    skipping["skip_refused"] = json!(true);
    let preview = app.admin().post("/users/bulk?dry_run=true", skipping.clone()).await.ok(200);
    assert_eq!((&preview["applies"], &preview["changed"], &preview["refused"]), (&json!(true), &json!(1), &json!(1)));
    let done = app.admin().post("/users/bulk", skipping.clone()).await.ok(200);
    assert_eq!((&done["rows"][0]["code"], &done["rows"][1]["verdict"]), (&json!("too_many_emails"), &json!("changed")));
    assert_eq!(app.mails().await[before.0..], ["activation -> eva@acme.example"]);
    skipping["ids"] = json!([ana]);
    app.admin().post("/users/bulk", skipping.clone()).await.refused(429, "too_many_emails");
    skipping["action"] = json!("delete");
    app.admin().post("/users/bulk", skipping).await.refused(422, "field_not_applicable");
}

#[both_engines]
async fn i10_who_may_send_only_some_more_mails_today_is_told_for_which_rows(app: TestApp) {
    let mut ids = Vec::new();
    for name in ["a", "b", "c"] {
        ids.push(app.invite(&format!("{name}@acme.example"), "builder").await["id"].clone());
    }
    let node = app.node_with(|parts| parts.settings.mail_limits.per_sender_day = 5).await;
    let admin = node.client();
    admin.set_cookie("__Host-portcullis", &app.admin().cookie("__Host-portcullis").unwrap());
    let body = json!({ "action": "resend", "ids": ids });
    let problem = admin.post("/users/bulk", body.clone()).await.refused(429, "too_many_emails");
    assert_eq!(problem["errors"].as_array().unwrap().len(), 1);
    assert_eq!(problem["errors"][0]["pointer"], "/ids/2");
    let mut skipping = body;
    skipping["skip_refused"] = json!(true);
    assert_eq!(admin.post("/users/bulk", skipping).await.ok(200)["changed"], 2);
}

#[both_engines]
async fn a_filter_means_whom_the_list_shows_with_it_and_nobody_else(app: TestApp) {
    let (web, shop) = (system(&app, "Web").await, system(&app, "Shop").await);
    let ana = assigned(&app, "ana@acme.example", "builder", &[web]).await.to_string();
    let eva = assigned(&app, "eva@acme.example", "builder", &[shop]).await.to_string();
    person(&app, "off@acme.example", "builder", UserStatus::Inactive).await;
    assigned(&app, "sam@acme.example", "system_manager", &[web]).await;
    let by = |filter: Value| json!({ "action": "disable", "filter": filter });
    let problem =
        app.admin().post("/users/bulk", by(json!({ "role": ["builder"] }))).await.refused(409, "mixed_statuses");
    assert!(problem["errors"][0]["detail"].as_str().unwrap().starts_with("User off@acme.example"), "{problem:#}");
    let done = app
        .admin()
        .post("/users/bulk", by(json!({ "role": ["builder"], "status": ["active"], "q": "EVA" })))
        .await
        .ok(200);
    assert_eq!(done["undo"][0]["ids"], json!([eva]));
    let manager = app.signed_in("sam@acme.example").await;
    let added = json!({ "action": "add_systems", "systems": [web], "filter": { "role": ["builder"] } });
    assert_eq!(
        manager.post("/users/bulk", added).await.ok(200)["rows"][0]["id"],
        ana,
        "the others are not theirs to see"
    );
    app.admin().post("/users/bulk", by(json!({ "q": "nobody at all" }))).await.refused(422, "empty_selection");
    app.admin().post("/users/bulk", by(json!({ "color": ["blue"] }))).await.refused(422, "unknown_field");
    app.admin().post("/users/bulk", json!({ "action": "disable" })).await.refused(422, "ids_or_filter");
}
