//! The list of users: rows, filters, pages, totals, tabs, export.

use domain::core::ids::GroupId;
use domain::core::timestamp::Seconds;
use domain::users::UserStatus;
use serde_json::{Value, json};
use store::accounts::KeptCounts;
use store::users::Users;
use testing::{ADMIN_EMAIL, Client, NewPerson, TestApp, both_engines};

use crate::people::{active, assigned, person, system};

fn emails(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|user| user["email"].as_str().unwrap()).collect()
}

/// So many active people, `p00@acme.example` …
async fn crowd(app: &TestApp, count: usize) {
    let people: Vec<NewPerson> =
        (0..count).map(|n| NewPerson::new(&format!("p{n:02}@acme.example"), "builder")).collect();
    app.add_people(app.acme().await, &people).await;
}

#[both_engines]
async fn u1_u3_u4_a_row_has_role_systems_login_method_last_login_and_status(app: TestApp) {
    let mut systems = Vec::new();
    for name in ["Web", "Shop", "Till", "App"] {
        systems.push(system(&app, name).await);
    }
    assigned(&app, "ana@acme.example", "builder", &systems).await;
    let page = app.admin().get("/users?q=ana@").await.ok(200);
    let row = &page["items"][0];
    assert_eq!(row["role"], json!({ "id": "builder", "name": "Builder" }));
    let names: Vec<&str> =
        row["systems"].as_array().unwrap().iter().map(|system| system["name"].as_str().unwrap()).collect();
    assert_eq!((names, &row["system_count"]), (vec!["App", "Shop", "Till"], &json!(4)));
    assert_eq!(
        (&row["status"], &row["login_method"], &row["last_login_at"]),
        (&json!("active"), &json!("password"), &Value::Null)
    );
    assert_eq!(
        (&page["total"], &page["total_is_exact"], &page["next_cursor"]),
        (&json!(1), &json!(true), &Value::Null)
    );
    app.signed_in("ana@acme.example").await;
    let row = app.admin().get("/users?q=ana@").await.ok(200)["items"][0].clone();
    assert!(row["last_login_at"].as_str().unwrap().starts_with("2030-01-01T"));
}

#[both_engines]
async fn u8_filters_take_several_values_and_are_joined(app: TestApp) {
    let web = system(&app, "Web").await;
    assigned(&app, "ana@acme.example", "builder", &[web]).await;
    person(&app, "bob@acme.example", "publisher", UserStatus::Inactive).await;
    person(&app, "eve@acme.example", "publisher", UserStatus::Deleted).await;
    let list = async |query: &str| {
        let page = app.admin().get(&format!("/users?{query}")).await.ok(200);
        emails(&page).join(" ").replace("@acme.example", "")
    };
    assert_eq!(list("").await, "ada ana bob", "everybody but the deleted");
    assert_eq!(list("status=deleted,inactive").await, "bob eve");
    assert_eq!(list("role=publisher,admin").await, "ada bob");
    assert_eq!(list("login_method=sso:okta").await, "");
    assert_eq!(list(&format!("system={web}&role=builder")).await, "ana");
    assert_eq!(list(&format!("system={web}")).await, "ada ana", "who has all systems has this one too");
    assert_eq!(list("q=ACME&sort=-email").await, "bob ana ada");
    assert_eq!(list("q=ana&role=publisher").await, "");
}

#[both_engines]
async fn u8_the_members_of_groups_are_found_as_long_as_they_are_in_them(app: TestApp) {
    let account = app.acme().await;
    let people = ["ana", "bob", "eve"].map(|name| NewPerson::new(&format!("{name}@acme.example"), "builder"));
    let people = app.add_people(account, &people).await;
    let north = app.add_group(account, "North", &people[..2], &[]).await;
    let south = app.add_group(account, "South", &people[1..], &[]).await;
    let list = async |query: &str| {
        let page = app.admin().get(&format!("/users?{query}")).await.ok(200);
        assert_eq!(page["total"], page["items"].as_array().unwrap().len());
        emails(&page).join(" ").replace("@acme.example", "")
    };
    assert_eq!(list(&format!("group={north}")).await, "ana bob");
    assert_eq!(list(&format!("group={north},{south}")).await, "ana bob eve", "each once");
    assert_eq!(list(&format!("group={south}&q=eve&role=builder")).await, "eve");
    assert_eq!(list(&format!("group={}", app.app.new_id::<GroupId>())).await, "");
    let file = app.admin().get(&format!("/users/export?format=json&group={north}")).await.ok(200);
    assert_eq!(file.as_array().unwrap().len(), 2);
    let wish = json!({ "action": "disable", "filter": { "group": [south] } });
    assert_eq!(app.admin().post("/users/bulk?dry_run=true", wish).await.ok(200)["changed"], 2);

    let mut tx = app.app.db.write().await.unwrap();
    let text = "UPDATE group_members SET ends_at = $3 WHERE account_id = $1 AND user_id = $2";
    tx.sql(text).bind(&account).bind(&people[0].id).bind(&app.app.clock.now()).run().await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(list(&format!("group={north}")).await, "bob");
    app.admin().get("/users?group=grp_1").await.refused(422, "invalid_parameter");
}

#[both_engines]
async fn u8_invitations_that_can_no_longer_be_accepted_are_found_and_sent_again_together(app: TestApp) {
    let account = app.acme().await;
    app.invite("old@example.com", "builder").await;
    app.pass(Seconds::days(7));
    let admin = app.signed_in(ADMIN_EMAIL).await;
    let invite = async |by: &Client, email: &str| {
        let made = by.post("/users", json!({ "emails": [email], "role_id": "builder" })).await.ok(201);
        made["items"][0]["user_id"].as_str().unwrap().to_owned()
    };
    let helper = app.add_person(account, NewPerson::new("helper@example.com", "admin")).await;
    invite(&admin, "open@example.com").await;
    invite(&app.browser_of("acme", &helper).await, "lost@example.com").await;
    admin.post(&format!("/users/{}/disable", helper.id), json!({})).await.ok(200);
    let ended = invite(&admin, "ended@example.com").await;
    let mut tx = app.app.db.write().await.unwrap();
    let text = "UPDATE links SET ended_at = $3, ended_as = 'revoked' WHERE account_id = $1 AND user_id = $2";
    tx.sql(text).bind(&account).bind(&ended).bind(&app.app.clock.now()).run().await.unwrap();
    tx.commit().await.unwrap();
    let list = async |query: &str| {
        let page = admin.get(&format!("/users?{query}")).await.ok(200);
        assert_eq!(
            (&page["total"], &page["total_is_exact"]),
            (&json!(page["items"].as_array().unwrap().len()), &json!(true))
        );
        for row in page["items"].as_array().unwrap() {
            assert!(query.contains(row["invitation"].as_str().unwrap()), "{query}: {row}");
        }
        emails(&page).join(" ").replace("@example.com", "")
    };
    assert_eq!(list("invitation=open").await, "open");
    assert_eq!(list("invitation=expired").await, "old");
    assert_eq!(list("invitation=inviter_unauthorized").await, "lost");
    assert_eq!(list("invitation=link_ended").await, "ended");
    let dead = "invitation=expired,inviter_unauthorized,link_ended";
    assert_eq!(list(dead).await, "ended lost old");
    assert_eq!(list(&format!("{dead}&q=lost&role=builder")).await, "lost");
    assert_eq!(list(&format!("{dead}&status=active")).await, "");
    let file = admin.get(&format!("/users/export?format=json&{dead}")).await.ok(200);
    assert_eq!(file.as_array().unwrap().len(), 3);
    admin.get("/users?invitation=dead").await.refused(422, "invalid_parameter");
    let body =
        json!({ "action": "resend", "filter": { "invitation": ["expired", "inviter_unauthorized", "link_ended"] } });
    assert_eq!(admin.post("/users/bulk", body).await.ok(200)["changed"], 3);
    assert_eq!((list(dead).await, list("invitation=open").await), (String::new(), "ended lost old open".to_owned()));
}

#[both_engines]
async fn whoever_sees_own_systems_only_finds_nobody_by_how_invitations_stand(app: TestApp) {
    let web = system(&app, "Web").await;
    assigned(&app, "sam@acme.example", "system_manager", &[web]).await;
    let body = json!({ "emails": ["ana@example.com"], "role_id": "builder", "systems": [web] });
    app.admin().post("/users", body).await.ok(201);
    let manager = app.signed_in("sam@acme.example").await;
    assert_eq!(emails(&manager.get("/users?status=provisioned").await.ok(200)), ["ana@example.com"]);
    for state in ["open", "expired", "open,expired,inviter_unauthorized,link_ended"] {
        let page = manager.get(&format!("/users?invitation={state}")).await.ok(200);
        assert_eq!((emails(&page).len(), &page["total"]), (0, &json!(0)));
    }
}

#[both_engines]
async fn a_list_refuses_what_it_does_not_know(app: TestApp) {
    app.admin().get("/users?color=blue").await.refused(422, "unknown_parameter");
    for (query, pointer, code) in [
        ("status=activ", "status", "invalid_parameter"),
        ("role=no such role", "role", "invalid_parameter"),
        ("system=web", "system", "invalid_parameter"),
        ("sort=color", "sort", "invalid_parameter"),
        ("limit=0", "limit", "out_of_range"),
        ("limit=201", "limit", "out_of_range"),
        ("limit=many", "limit", "invalid_parameter"),
        ("cursor=nonsense", "cursor", "invalid_cursor"),
    ] {
        let problem = app.admin().get(&format!("/users?{query}")).await.refused(422, code);
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{query}: {problem}");
    }
}

#[both_engines]
async fn d12_pages_go_forward_and_back_and_a_cursor_belongs_to_its_list(app: TestApp) {
    crowd(&app, 7).await;
    let first = app.admin().get("/users?limit=3&q=p0").await.ok(200);
    let cursor = first["next_cursor"].as_str().unwrap();
    assert_eq!((emails(&first).len(), &first["prev_cursor"], &first["total"]), (3, &Value::Null, &json!(7)));
    let second = app.admin().get(&format!("/users?limit=3&q=p0&cursor={cursor}")).await.ok(200);
    assert_eq!(emails(&second)[0], "p03@acme.example");
    let third = app
        .admin()
        .get(&format!("/users?limit=3&q=p0&cursor={}", second["next_cursor"].as_str().unwrap()))
        .await
        .ok(200);
    assert_eq!((emails(&third), &third["next_cursor"]), (vec!["p06@acme.example"], &Value::Null));
    let back = app
        .admin()
        .get(&format!("/users?limit=3&q=p0&cursor={}", third["prev_cursor"].as_str().unwrap()))
        .await
        .ok(200);
    assert_eq!(emails(&back), emails(&second));
    let start =
        app.admin().get(&format!("/users?limit=3&q=p0&cursor={}", back["prev_cursor"].as_str().unwrap())).await.ok(200);
    assert_eq!((emails(&start), &start["prev_cursor"]), (emails(&first), &Value::Null));
    for query in ["limit=3", "limit=3&q=p0&sort=name", "limit=3&q=p0&status=active"] {
        app.admin().get(&format!("/users?{query}&cursor={cursor}")).await.refused(422, "invalid_cursor");
    }
}

#[both_engines]
async fn u2_the_tabs_are_counted_exactly_and_the_seats_shown(app: TestApp) {
    crowd(&app, 3).await;
    person(&app, "new@acme.example", "builder", UserStatus::Provisioned).await;
    person(&app, "off@acme.example", "builder", UserStatus::Inactive).await;
    let counts = app.admin().get("/users/counts").await.ok(200);
    assert_eq!(counts["by_status"], json!({ "active": 4, "provisioned": 1, "inactive": 1, "deleted": 0 }));
    assert_eq!(
        counts["seats"],
        json!({ "limit": null, "mode": "hard", "taken": 5, "members": 4, "pending": 1, "left": null })
    );
}

#[both_engines]
async fn a_system_manager_sees_the_users_of_own_systems_and_only_these_systems(app: TestApp) {
    let (web, shop) = (system(&app, "Web").await, system(&app, "Shop").await);
    assigned(&app, "sam@acme.example", "system_manager", &[web]).await;
    assigned(&app, "ana@acme.example", "builder", &[web, shop]).await;
    assigned(&app, "eve@acme.example", "builder", &[shop]).await;
    let gone = assigned(&app, "gone@acme.example", "builder", &[web]).await;
    app.admin().delete(&format!("/users/{gone}")).await.ok(200);
    let manager = app.signed_in("sam@acme.example").await;
    let page = manager.get("/users").await.ok(200);
    assert_eq!(emails(&page), [ADMIN_EMAIL, "ana@acme.example", "sam@acme.example"], "the admin has all systems");
    assert_eq!((&page["total"], page["items"][1]["systems"].as_array().unwrap().len()), (&json!(3), 1));
    assert_eq!(emails(&manager.get(&format!("/users?system={shop}")).await.ok(200)), Vec::<&str>::new());
    assert_eq!(emails(&manager.get("/users?status=deleted").await.ok(200)), Vec::<&str>::new());
    let counts = manager.get("/users/counts").await.ok(200);
    assert_eq!(
        (&counts["by_status"]["active"], &counts["by_status"]["deleted"], &counts["seats"]),
        (&json!(3), &json!(0), &Value::Null)
    );
}

#[both_engines]
async fn a_counted_total_follows_a_change_at_once(app: TestApp) {
    active(&app, "ana@acme.example", "builder").await;
    assert_eq!(app.admin().get("/users?q=acme.example").await.ok(200)["total"], 2);
    active(&app, "bob@acme.example", "builder").await;
    assert_eq!(app.admin().get("/users?q=acme.example").await.ok(200)["total"], 3);
    assert_eq!(app.admin().get(&format!("/users?q={ADMIN_EMAIL}")).await.ok(200)["total"], 1);
}

#[both_engines]
async fn u36_d1_the_filtered_list_is_exported_as_a_table_without_formulas(app: TestApp) {
    let web = system(&app, "=cmd|' /C calc'!A0").await;
    let ana = assigned(&app, "ana@acme.example", "builder", &[web]).await;
    app.admin().patch(&format!("/users/{ana}"), json!({ "name": "O'Brien, Ana" })).await.ok(200);
    person(&app, "off@acme.example", "builder", UserStatus::Inactive).await;
    let answer = app.admin().get("/users/export?format=csv&role=builder&status=active").await;
    answer.ok(200);
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"users-acme-2030-01-01.csv\"");
    let text = answer.text();
    let text = text.strip_prefix('\u{FEFF}').expect("a byte order mark, by which spreadsheets know UTF-8");
    let rows: Vec<&str> = text.lines().collect();
    assert_eq!(
        rows[0],
        r#""id","email","name","role","status","systems","all_systems","groups","login_method","last_login_at (UTC)","created_at (UTC)""#
    );
    assert_eq!(rows.len(), 2, "{text}");
    assert!(rows[1].starts_with(&format!(r#""{ana}","ana@acme.example","O'Brien, Ana","Builder","active","'=cmd|' /C calc'!A0","false","","password","","2030-01-01 0"#)), "{text}");
    assert_eq!(app.events().await.last().unwrap(), "users.exported");
}

#[both_engines]
async fn u36_the_export_is_whole_however_long_it_is(app: TestApp) {
    let account = app.acme().await;
    let mut tx = app.app.db.write().await.unwrap();
    let mut bound = store::InAccount { tx: &mut tx, account };
    let first = Users::of(&mut bound).find_by_email(&ADMIN_EMAIL.parse().unwrap()).await.unwrap().unwrap();
    let users: Vec<_> = (0..1_203)
        .map(|n| domain::users::User {
            id: app.app.new_id(),
            identity_id: app.app.new_id(),
            email: format!("x{n}@acme.example").parse().unwrap(),
            ..first.clone()
        })
        .collect();
    Users::of(&mut bound).insert(&users).await.unwrap();
    KeptCounts::of(&mut bound).add(first.status, &first.role_id, &first.login_method, 1_203).await.unwrap();
    tx.commit().await.unwrap();
    let list = app.admin().get("/users/export?format=json&sort=-email").await.ok(200);
    let list = list.as_array().unwrap();
    assert_eq!((list.len(), &list[0]["email"]), (1_204, &json!("x9@acme.example")));
    assert!(list.windows(2).all(|pair| pair[0]["email"].as_str() > pair[1]["email"].as_str()));
    assert_eq!(app.admin().get("/users/export?format=json&q=no+such+person").await.ok(200), json!([]));
    let client = app.admin().with_header("accept", "application/json");
    assert!(client.get("/users/export").await.ok(200).is_array());
    let client = app.admin().with_header("accept", "text/html, application/json;q=0.9, */*;q=0.8");
    assert!(client.get("/users/export").await.header("content-type").starts_with("text/csv"));
    app.admin().get("/users/export?format=xml").await.refused(422, "invalid_parameter");
}
