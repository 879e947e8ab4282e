//! What wrong parameters in an address get, whatever the operation.

use serde_json::json;
use testing::{Ground, Request, Snapshot, TestApp, both_engines, operations, recipes};

use super::bad_input::mutations;

/// Lists that are given whole, and what bounds them.
const WHOLE: [(&str, &str); 6] = [
    ("list_permissions", "the catalog"),
    ("list_roles", "the catalog and the roles of one account"),
    ("list_user_sessions", "the browsers of one person"),
    ("list_my_sessions", "the browsers of one person"),
    ("list_my_accounts", "the accounts of one person"),
    ("list_saved_views", "the views of one user"),
];

#[both_engines]
async fn unknown_repeated_and_wrong_query_parameters_are_refused_by_every_operation(app: TestApp) {
    let ground = Ground::new(&app, "alpha").await;
    let before = Snapshot::of(&app).await;
    for operation in operations() {
        let recipe = recipes().into_iter().find(|recipe| recipe.operation == operation.id).unwrap();
        let request = ground.request(&app, &operation, &recipe, &ground.admin, &[]).await;
        let mark = if request.path.contains('?') { '&' } else { '?' };
        let more = Request { path: format!("{}{mark}no_such_parameter=1", request.path), ..request.clone() };
        let problem = more.by(&ground.admin.client).await.refused(422, "unknown_parameter");
        assert_eq!(problem["errors"][0]["pointer"], "no_such_parameter", "{}", operation.id);
        if operation.has_dry_run() {
            let twice = Request { path: format!("{}{mark}dry_run=true&dry_run=false", request.path), ..request };
            twice.by(&ground.admin.client).await.refused(422, "repeated_parameter");
        }
    }
    before.without_links().assert_same(&Snapshot::of(&app).await.without_links(), "bad parameters");
}

#[both_engines]
async fn a_flag_that_says_neither_true_nor_false_is_refused_by_every_operation_and_nothing_is_done(app: TestApp) {
    let ground = Ground::new(&app, "alpha").await;
    let before = Snapshot::of(&app).await;
    let mut tried = 0;
    for operation in operations() {
        let recipe = recipes().into_iter().find(|recipe| recipe.operation == operation.id).unwrap();
        let request = ground.request(&app, &operation, &recipe, &ground.admin, &[]).await;
        let mark = if request.path.contains('?') { '&' } else { '?' };
        for flag in operation.flags() {
            for value in [
                "",
                "=",
                "=1",
                "=0",
                "=yes",
                "=TRUE",
                "=True",
                "=%74rue",
                "=true%20",
                "=+true",
                "=true;",
                "=\"true\"",
                "=null",
            ] {
                let wrong = Request { path: format!("{}{mark}{flag}{value}", request.path), ..request.clone() };
                let problem = wrong.by(&ground.admin.client).await.refused(422, "invalid_parameter");
                assert_eq!(problem["errors"][0]["pointer"], flag, "{} {value}", operation.id);
                tried += 1;
            }
            let first = format!("%{:02X}", flag.as_bytes()[0]);
            for name in [
                format!("{first}{}", &flag[1..]),
                flag.to_uppercase(),
                format!("{flag}%3Dtrue"),
                format!("{flag}[]"),
                format!("+{flag}"),
            ] {
                let wrong = Request { path: format!("{}{mark}{name}=true", request.path), ..request.clone() };
                wrong.by(&ground.admin.client).await.refused(422, "unknown_parameter");
            }
        }
    }
    assert!(tried > 100, "{tried}: no flags were found in the description");
    before.without_links().assert_same(&Snapshot::of(&app).await.without_links(), "flags that say nothing");
}

#[both_engines]
async fn a_cursor_that_is_not_one_of_this_list_is_refused_by_every_list(app: TestApp) {
    let ground = Ground::new(&app, "alpha").await;
    let admin = &ground.admin.client;
    let people: Vec<String> = (0..3).map(|number| format!("new{number}@alpha.example")).collect();
    admin.post("/users", json!({ "emails": people, "role_id": "translator" })).await.ok(201);
    let newest =
        admin.get("/events?limit=1&action=user.invited").await.ok(200)["items"][0]["id"].as_str().unwrap().to_owned();
    let mut lists = Vec::new();
    for operation in operations().iter().filter(|operation| operation.parameters("query").any(|name| name == "cursor"))
    {
        let path = operation.path.replace("{account}", "alpha").replace("{event}", &newest);
        let page = admin.get(&format!("{path}?limit=1")).await.ok(200);
        let cursor = page["next_cursor"]
            .as_str()
            .unwrap_or_else(|| panic!("{}: no second page: {page:#}", operation.id))
            .to_owned();
        admin.get(&format!("{path}?limit=1&cursor={cursor}")).await.ok(200);
        lists.push((path, cursor));
    }
    assert!(lists.len() >= 5, "{lists:?}");
    for sort in ["name", "-last_login_at", "-status"] {
        let page = admin.get(&format!("/users?limit=1&sort={sort}")).await.ok(200);
        lists.push((
            format!("/api/v1/accounts/alpha/users?sort={sort}"),
            page["next_cursor"].as_str().unwrap().to_owned(),
        ));
    }
    for (path, cursor) in &lists {
        let mut wrong: Vec<String> =
            lists.iter().map(|(_, other)| other.clone()).filter(|other| other != cursor).collect();
        wrong.extend((0..cursor.len()).step_by(7).map(|end| cursor[..end].to_owned()));
        wrong.extend(["=", "A", "AA", "%22"].map(|more| format!("{cursor}{more}")));
        let tag: String = cursor.chars().take(40).collect();
        wrong.extend(mutations(cursor));
        // What stood in cursors before they were sealed, and places of other types behind the tag of this one.
        wrong.extend(["W10", "WyJhIiwxXQ", "WyIwMTIzNDU2Nzg5YWJjZGVmIixbZmFsc2UsMCwxLDJdXQ"].map(str::to_owned));
        wrong.extend(["MQ", "IngI", "bnVsbA", "W10", "LTE"].map(|place| format!("{tag}{place}")));
        let mark = if path.contains('?') { '&' } else { '?' };
        for wrong in wrong.iter().filter(|wrong| !wrong.is_empty()) {
            let answer = admin.get(&format!("{path}{mark}limit=1&cursor={wrong}")).await;
            answer.refused(422, "invalid_cursor");
        }
    }
}

#[both_engines]
async fn d12_a_page_has_bounds_on_every_list(app: TestApp) {
    let ground = Ground::new(&app, "alpha").await;
    for operation in operations() {
        if !operation.parameters("query").any(|name| name == "limit") {
            let is_whole = WHOLE.iter().any(|(id, _)| *id == operation.id);
            assert_eq!(operation.is_list(), is_whole, "{}: a list has pages, or a reason for none", operation.id);
            continue;
        }
        let recipe = recipes().into_iter().find(|recipe| recipe.operation == operation.id).unwrap();
        let request = ground.request(&app, &operation, &recipe, &ground.admin, &[]).await;
        let mark = if request.path.contains('?') { '&' } else { '?' };
        for limit in ["0", "-1", "1000000", "99999999999999999999", "1.5", "all", ""] {
            let request = Request { path: format!("{}{mark}limit={limit}", request.path), ..request.clone() };
            let answer = request.by(&ground.admin.client).await;
            assert_eq!(answer.status, 422, "{} limit={limit}: {}", operation.id, answer.text());
        }
        for cursor in ["x", "%00", "AAAA", "eyJhIjoxfQ", &"A".repeat(5_000)] {
            let request = Request { path: format!("{}{mark}cursor={cursor}", request.path), ..request.clone() };
            let answer = request.by(&ground.admin.client).await;
            assert_eq!(answer.status, 422, "{} cursor={cursor}: {}", operation.id, answer.text());
        }
    }
}
