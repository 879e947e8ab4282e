//! The check API: may they, and why not?

use domain::users::UserStatus;
use serde_json::{Value, json};
use testing::{Client, NewPerson, TestApp, both_engines};

async fn reason(client: &Client, mut question: Value) -> String {
    question["account"] = json!("acme");
    let verdict = client.post("/check", question).await.ok(200);
    let allowed = ["whole_account", "own_system"].contains(&verdict["reason"].as_str().unwrap());
    assert_eq!(verdict["allowed"], allowed, "{verdict:#}");
    verdict["reason"].as_str().unwrap().to_owned()
}

/// Reads what a program would: statements so far.
fn statements(app: &TestApp) -> u64 {
    app.app.db.statements()
}

#[both_engines]
async fn om7_a_decision_is_the_role_times_the_systems_of_the_user(app: TestApp) {
    let acme = app.acme().await;
    let (shop, help) = (app.add_system(acme, "Shop").await.to_string(), app.add_system(acme, "Help").await.to_string());
    let publisher =
        app.add_person(acme, NewPerson::new("pat@acme.example", "publisher").with(&[shop.parse().unwrap()])).await;
    let pat = publisher.id.to_string();
    let admin = app.admin();
    for (question, expected) in [
        (json!({ "user": pat, "permission": "content", "level": "view", "system": shop }), "own_system"),
        (json!({ "user": "Pat@Acme.example", "permission": "publish_test", "system": shop }), "own_system"),
        (json!({ "user": pat, "permission": "content", "system": shop }), "level_too_low"),
        (json!({ "user": pat, "permission": "content", "level": "view", "system": help }), "system_not_assigned"),
        (json!({ "user": pat, "permission": "content", "level": "view" }), "system_required"),
        (json!({ "user": pat, "permission": "manage_users", "level": "view" }), "permission_missing"),
        (json!({ "user": pat, "permission": "activity_log", "level": "view" }), "whole_account"),
        (json!({ "user": "ada@acme.example", "permission": "security" }), "whole_account"),
        (json!({ "user": "ada@acme.example", "permission": "content", "system": help }), "own_system"),
        (
            json!({ "user": "ada@acme.example", "permission": "content", "system": help.replace("sys_0", "sys_1") }),
            "unknown_system",
        ),
    ] {
        assert_eq!(reason(admin, question.clone()).await, expected, "{question}");
    }
}

#[both_engines]
async fn r_10_publishing_is_asked_for_by_environment(app: TestApp) {
    let tester = app.add_role(app.acme().await, "Tester", json!({ "publish_test": "allowed" })).await;
    let shop = app.admin().post("/systems", json!({ "name": "Shop", "platform": "web" })).await.ok(201)["id"]
        .as_str()
        .unwrap()
        .to_owned();
    app.add_person(
        app.acme().await,
        NewPerson::new("ted@acme.example", tester.as_str()).with(&[shop.parse().unwrap()]),
    )
    .await;
    let ask = |permission: &str, environment: &str| json!({ "user": "ted@acme.example", "permission": permission, "system": shop, "environment": environment });

    assert_eq!(reason(app.admin(), ask("publish", "Test")).await, "own_system");
    assert_eq!(reason(app.admin(), ask("publish", "production")).await, "permission_missing");
    assert_eq!(reason(app.admin(), ask("publish_test", "test")).await, "own_system");
    assert_eq!(reason(app.admin(), ask("publish", "staging")).await, "unknown_environment");
    let mut wrong = ask("publish_test", "production");
    wrong["account"] = json!("acme");
    app.admin().post("/check", wrong).await.refused(422, "wrong_environment");
}

#[both_engines]
async fn t2_t6_a_user_of_another_account_is_unknown_here_and_the_other_account_is_not_there(app: TestApp) {
    let globex = app.new_account("globex").await;
    let shop = app.add_system(globex, "Shop").await;
    let foreign = app.add_person(globex, NewPerson::new("eve@globex.example", "admin").with(&[shop])).await;
    for user in [foreign.id.to_string(), "eve@globex.example".to_owned(), "nobody@nowhere.example".to_owned()] {
        assert_eq!(reason(app.admin(), json!({ "user": user, "permission": "security" })).await, "unknown_user");
    }
    assert_eq!(
        reason(app.admin(), json!({ "user": "ada@acme.example", "permission": "content", "system": shop.to_string() }))
            .await,
        "unknown_system"
    );
    for account in ["globex", "no-such-account", "???"] {
        let question = json!({ "account": account, "user": "eve@globex.example", "permission": "security" });
        app.admin().post("/check", question).await.refused(404, "not_found");
    }
    let nobody = json!({ "account": "acme", "user": "ada@acme.example", "permission": "security" });
    app.stranger().post("/check", nobody).await.refused(401, "sign_in_required");
}

#[both_engines]
async fn whoever_sees_nobody_asks_about_themselves_only(app: TestApp) {
    let acme = app.acme().await;
    let (mine, other) = (app.add_system(acme, "Mine").await, app.add_system(acme, "Other").await);
    let writer = app.add_person(acme, NewPerson::new("tr@acme.example", "translator").with(&[mine])).await;
    let manager = app.add_person(acme, NewPerson::new("sy@acme.example", "system_manager").with(&[mine])).await;
    app.add_person(acme, NewPerson::new("fa@acme.example", "translator").with(&[other])).await;
    let (writer, manager) = (app.browser_of("acme", &writer).await, app.browser_of("acme", &manager).await);
    let about = |user: &str| json!({ "user": user, "permission": "text_and_languages", "system": mine.to_string() });

    assert_eq!(reason(&writer, about("tr@acme.example")).await, "own_system");
    assert_eq!(reason(&writer, about("sy@acme.example")).await, "unknown_user");
    assert_eq!(reason(&manager, about("tr@acme.example")).await, "own_system");
    assert_eq!(reason(&manager, about("fa@acme.example")).await, "unknown_user");
    for system in [other.to_string(), other.to_string().replace("sys_0", "sys_1")] {
        let ask = json!({ "user": "tr@acme.example", "permission": "text_and_languages", "system": system });
        assert_eq!(reason(&manager, ask.clone()).await, "unknown_system", "alike, whether it is there or not");
        assert_eq!(reason(&writer, ask).await, "unknown_system");
    }
    assert_eq!(
        reason(&manager, json!({ "user": "sy@acme.example", "permission": "manage_users", "level": "limited" })).await,
        "own_systems_only"
    );
}

#[both_engines]
async fn people_who_are_not_active_may_nothing_and_the_reason_says_so(app: TestApp) {
    let acme = app.acme().await;
    for (status, expected) in [
        (UserStatus::Provisioned, "user_provisioned"),
        (UserStatus::Inactive, "user_inactive"),
        (UserStatus::Deleted, "user_deleted"),
    ] {
        let user =
            app.add_person(acme, NewPerson::new(&format!("{status}@acme.example"), "admin").who_is(status)).await;
        for user in [user.id.to_string(), user.email.to_string()] {
            assert_eq!(reason(app.admin(), json!({ "user": user, "permission": "security" })).await, expected);
        }
    }
}

#[both_engines]
async fn t3_a_batch_answers_in_order_without_a_statement_and_a_question_that_makes_no_sense_refuses_it(app: TestApp) {
    let acme = app.acme().await;
    let shop = app.add_system(acme, "Shop").await;
    let mut checks = Vec::new();
    for number in 0..20 {
        let email = format!("p{number}@acme.example");
        let systems = if number % 2 == 0 { vec![shop] } else { Vec::new() };
        app.add_person(acme, NewPerson::new(&email, "builder").with(&systems)).await;
        checks.push(json!({ "user": email, "permission": "content", "system": shop.to_string() }));
    }
    let body = json!({ "account": "acme", "checks": checks });
    app.admin().post("/check", body.clone()).await.ok(200);
    let before = statements(&app);

    let results = app.admin().post("/check", body).await.ok(200);

    assert_eq!(statements(&app), before, "a batch about remembered people asks the database nothing");
    for (number, verdict) in results["results"].as_array().unwrap().iter().enumerate() {
        assert_eq!(verdict["allowed"], number % 2 == 0, "{number}");
    }
    checks.push(json!({ "user": "p1@acme.example", "permission": "contents", "system": shop.to_string() }));
    let problem = app
        .admin()
        .post("/check", json!({ "account": "acme", "checks": checks }))
        .await
        .refused(422, "unknown_permission");
    assert_eq!(problem["errors"][0]["pointer"], "/checks/20/permission");
}

#[both_engines]
async fn bad_questions_are_named_and_a_batch_is_bounded(app: TestApp) {
    let ask = |question: Value| app.admin().post("/check", question);
    let good = json!({ "user": "ada@acme.example", "permission": "security" });
    ask(json!({ "account": "acme", "checks": vec![good.clone(); 1_000] })).await.ok(200);
    ask(json!({ "account": "acme", "checks": vec![good.clone(); 1_001] })).await.refused(413, "too_many_checks");
    for (question, code, pointer) in [
        (json!({ "account": "acme" }), "required", "/user"),
        (json!({ "account": "acme", "user": "ada@acme.example" }), "required", "/permission"),
        (json!({ "account": "acme", "checks": [], "permission": "security" }), "single_or_batch", "/checks"),
        (json!({ "account": "acme", "user": "ada", "permission": "security" }), "invalid_value", "/user"),
        (
            json!({ "account": "acme", "checks": [good, { "user": 7, "permission": "security" }] }),
            "invalid_value",
            "/checks/1/user",
        ),
        (
            json!({ "account": "acme", "user": "ada@acme.example", "permission": "security", "level": "allowed" }),
            "unknown_level",
            "/level",
        ),
        (
            json!({ "account": "acme", "user": "ada@acme.example", "permission": "security", "level": "none" }),
            "unknown_level",
            "/level",
        ),
        (
            json!({ "account": "acme", "user": "ada@acme.example", "permission": "publish" }),
            "environment_required",
            "/environment",
        ),
        (
            json!({ "account": "acme", "user": "ada@acme.example", "permission": "publish", "environment": "test" }),
            "system_required",
            "/system",
        ),
        (
            json!({ "account": "acme", "user": "ada@acme.example", "permission": "security", "scope": "x" }),
            "unknown_field",
            "/scope",
        ),
    ] {
        let problem = ask(question.clone()).await.refused(422, code);
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{question}");
    }
}
