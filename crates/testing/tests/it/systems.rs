//! Systems: made, listed, renamed.

use serde_json::{Value, json};
use testing::{NewPerson, TestApp, both_engines};

use crate::accounts::{event_count, last_event};

fn names(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|system| system["name"].as_str().unwrap()).collect()
}

#[both_engines]
async fn sy11_a_new_system_is_born_with_production_and_test(app: TestApp) {
    let answer = app.admin().post("/systems", json!({ "name": "Expenses", "platform": "web" })).await;
    let system = answer.ok(201);

    let mut tx = app.app.db.read().await.unwrap();
    let acme = app.acme().await;
    let environments: Vec<(String, String)> = tx
        .sql("SELECT name, kind FROM environments WHERE account_id = $1 ORDER BY name")
        .bind(&acme)
        .all()
        .await
        .unwrap();
    assert_eq!(
        environments,
        [("Production".to_owned(), "production".to_owned()), ("Test".to_owned(), "test".to_owned())]
    );
    assert_eq!(
        last_event(&app).await,
        ("system.created".to_owned(), Value::Null, json!({ "name": "Expenses", "platform": "web" }))
    );
    let found = app.admin().get(&format!("/systems/{}", system["id"].as_str().unwrap())).await;
    assert_eq!(found.header("etag"), answer.header("etag"));
    assert_eq!(found.ok(200)["users"], 1, "the first admin has all systems, this new one too");
}

#[both_engines]
async fn sy8_a_system_is_renamed_once_and_its_name_is_its_own(app: TestApp) {
    let system = app.admin().post("/systems", json!({ "name": "Expenses", "platform": "web" })).await;
    app.admin().post("/systems", json!({ "name": "Travel", "platform": "mobile_web" })).await.ok(201);
    let path = format!("/systems/{}", system.ok(201)["id"].as_str().unwrap());

    let same = json!({ "name": "EXPENSES", "platform": "web" });
    let taken = app.admin().post("/systems", same).await.refused(409, "system_name_taken");
    assert_eq!(taken["errors"][0]["pointer"], "/name");
    app.admin().patch(&path, json!({ "name": "travel" })).await.refused(409, "system_name_taken");
    let events = event_count(&app).await;
    app.admin().patch(&format!("{path}?dry_run=true"), json!({ "name": "Costs" })).await.ok(200);
    app.admin().patch(&path, json!({})).await.ok(200);
    assert_eq!(event_count(&app).await, events);

    let browser = app.admin().with_header("if-match", system.header("etag"));
    assert_eq!(browser.patch(&path, json!({ "name": "Costs" })).await.ok(200)["name"], "Costs");
    assert_eq!(
        last_event(&app).await,
        ("system.renamed".to_owned(), json!({ "name": "Expenses" }), json!({ "name": "Costs" }))
    );
    browser.patch(&path, json!({ "name": "Spending" })).await.refused(412, "stale");
    assert_eq!(names(&app.admin().get("/systems").await.ok(200)), ["Costs", "Travel"]);
}

#[both_engines]
async fn sy19_a_system_manager_sees_and_renames_the_own_systems_and_makes_none(app: TestApp) {
    let acme = app.acme().await;
    let (mine, other) = (app.add_system(acme, "Mine").await, app.add_system(acme, "Other").await);
    let manager = app.add_person(acme, NewPerson::new("sy@acme.example", "system_manager").with(&[mine])).await;
    let browser = app.browser_of("acme", &manager).await;

    let list = browser.get("/systems").await.ok(200);
    assert_eq!(names(&list), ["Mine"]);
    assert_eq!(list["items"][0]["users"], 2);
    browser.patch(&format!("/systems/{mine}"), json!({ "name": "Ours" })).await.ok(200);
    browser.get(&format!("/systems/{other}")).await.refused(404, "not_found");
    browser.patch(&format!("/systems/{other}"), json!({ "name": "Ours too" })).await.refused(404, "not_found");
    browser.post("/systems", json!({ "name": "New", "platform": "web" })).await.refused(403, "permission_missing");
}

#[both_engines]
async fn others_see_their_own_systems_without_the_number_of_people_and_change_nothing(app: TestApp) {
    let acme = app.acme().await;
    let (mine, _) = (app.add_system(acme, "Mine").await, app.add_system(acme, "Other").await);
    let writer = app.add_person(acme, NewPerson::new("tr@acme.example", "translator").with(&[mine])).await;
    let inviter = app.add_role(acme, "Inviter", json!({ "manage_users": "edit" })).await;
    let inviter = app.add_person(acme, NewPerson::new("in@acme.example", inviter.as_str())).await;

    let browser = app.browser_of("acme", &writer).await;
    let list = browser.get("/systems").await.ok(200);
    assert_eq!(names(&list), ["Mine"]);
    assert_eq!(list["items"][0]["users"], Value::Null);
    browser.patch(&format!("/systems/{mine}"), json!({ "name": "Ours" })).await.refused(403, "permission_missing");
    let browser = app.browser_of("acme", &inviter).await;
    assert_eq!(names(&browser.get("/systems").await.ok(200)), ["Mine", "Other"], "whoever invites chooses among all");
}

#[both_engines]
async fn the_list_has_pages_in_the_order_of_names_and_finds_a_text_in_them(app: TestApp) {
    let acme = app.acme().await;
    let mut mine = Vec::new();
    for name in ["Zebra", "alpha 100%", "Beta", "Älpha", "Gamma 1000"] {
        mine.push(app.add_system(acme, name).await);
    }
    let pages = async |browser: &testing::Client, ask: &str| {
        let (mut found, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = browser.get(&format!("/systems?limit=2{ask}{cursor}")).await.ok(200);
            found.push(names(&page).join(" "));
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return found,
            }
        }
    };
    let admin = app.admin();
    assert_eq!(pages(admin, "").await, ["Älpha alpha 100%", "Beta Gamma 1000", "Zebra"]);
    assert_eq!(pages(admin, "&q=ALPHA").await, ["Älpha alpha 100%"]);
    assert_eq!(pages(admin, "&q=100%25").await, ["alpha 100%"], "a percent sign is one");
    assert_eq!(pages(admin, "&q=nothing").await, [""]);
    let manager = app.add_person(acme, NewPerson::new("sy@acme.example", "system_manager").with(&mine[1..4])).await;
    let browser = app.browser_of("acme", &manager).await;
    assert_eq!(pages(&browser, "").await, ["Älpha alpha 100%", "Beta"]);

    let next = admin.get("/systems?limit=2").await.ok(200)["next_cursor"].as_str().unwrap().to_owned();
    admin.get(&format!("/systems?q=beta&cursor={next}")).await.refused(422, "invalid_cursor");
}

#[both_engines]
async fn who_has_a_system_by_itself_and_with_all_of_them_counts_once(app: TestApp) {
    let acme = app.acme().await;
    let shop = app.add_system(acme, "Shop").await;
    let pat = app.add_person(acme, NewPerson::new("pat@acme.example", "builder").with(&[shop])).await;
    app.admin().patch(&format!("/users/{}", pat.id), json!({ "all_systems": true })).await.ok(200);
    let system = app.admin().get(&format!("/systems/{shop}")).await.ok(200);
    assert_eq!((&system["users"], &system["users_are_exact"]), (&json!(2), &json!(true)));
}

#[both_engines]
async fn t1_a_foreign_system_is_as_unknown_as_one_that_never_was(app: TestApp) {
    let globex = app.new_account("globex").await;
    let foreign = app.add_system(globex, "Theirs").await;
    let unknown = foreign.to_string().replace("sys_0", "sys_1");
    for id in [foreign.to_string(), unknown, "nonsense".to_owned()] {
        app.admin().get(&format!("/systems/{id}")).await.refused(404, "not_found");
        app.admin().patch(&format!("/systems/{id}"), json!({ "name": "Ours" })).await.refused(404, "not_found");
    }
}
