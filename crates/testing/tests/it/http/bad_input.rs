//! What bad input gets, whatever the operation: one form of refusal, nothing half-done, nothing that panics.

use reqwest::Method;
use serde_json::{Value, json};
use testing::{Ground, Operation, Recipe, Request, Snapshot, TestApp, both_engines, operations, recipes};

use super::bodies::raw;

/// One request of every operation that takes a body.
pub(super) async fn with_body(app: &TestApp, ground: &Ground) -> Vec<(Operation, Recipe, Request)> {
    let mut found = Vec::new();
    for operation in operations() {
        if let Some(recipe) = recipes().into_iter().find(|recipe| recipe.operation == operation.id)
            && recipe.body.is_object()
        {
            let request = ground.request(app, &operation, &recipe, &ground.admin, &[]).await;
            found.push((operation, recipe, request));
        }
    }
    found
}

/// The text with one character changed, here and there.
pub(super) fn mutations(text: &str) -> Vec<String> {
    let change = |place: usize| {
        let other = if &text[place..=place] == "A" { "B" } else { "A" };
        format!("{}{other}{}", &text[..place], &text[place + 1..])
    };
    (0..text.len()).step_by(5).map(change).collect()
}

#[both_engines]
async fn malformed_unknown_and_wrongly_typed_bodies_are_refused_by_every_operation_with_the_place(app: TestApp) {
    let ground = Ground::new(&app, "alpha").await;
    let requests = with_body(&app, &ground).await;
    let before = Snapshot::of(&app).await;
    for (operation, _, request) in &requests {
        let send = |body: Vec<u8>| {
            ground.admin.client.send_raw(request.method.clone(), &request.path, "application/json", body)
        };
        let good = request.body.clone().unwrap();
        for broken in ["", "{", "nonsense", &format!("{good} {{}}"), "\u{feff}{}"] {
            let problem = send(broken.into()).await.refused(400, "malformed_json");
            assert!(problem["detail"].as_str().unwrap().contains("line "), "{}: {problem:#}", operation.id);
        }
        send(vec![b'{', b'"', 0xff, 0xfe, b'"', b':', b'1', b'}']).await.refused(400, "malformed_json");
        let mut more = good.clone();
        more["no_such_field"] = json!(true);
        let problem = send(more.to_string().into()).await.refused(422, "unknown_field");
        assert_eq!(problem["errors"][0]["pointer"], "/no_such_field", "{}: {problem:#}", operation.id);
        for name in good.as_object().unwrap().keys() {
            let mut wrong = good.clone();
            wrong[name] = json!({ "a": [1.5e300, null, { "deeper": [] }] });
            let problem = send(wrong.to_string().into()).await.ok(422);
            let pointer = problem["errors"][0]["pointer"].as_str().unwrap_or_default();
            assert!(pointer.starts_with(&format!("/{name}")), "{} /{name}: {problem:#}", operation.id);
        }
        for no_object in ["[]", "7", "\"text\"", "null"] {
            send(no_object.into()).await.ok(422);
        }
        for fields in 1..=12 {
            send(json!(vec![Value::Null; fields]).to_string().into()).await.ok(422);
        }
        for (name, value) in good.as_object().unwrap() {
            let twice = format!("{{\"{name}\": {value}, {}", good.to_string().trim_start_matches('{'));
            let problem = send(twice.into()).await.ok(422);
            assert!(problem["detail"].as_str().unwrap().contains("Duplicate field"), "{}: {problem:#}", operation.id);
            if let Some(word) = value.as_str() {
                // As serde writes a variant with content, which no word has.
                let mut variant = good.clone();
                variant[name] = json!({ word: null });
                send(variant.to_string().into()).await.ok(422);
            }
            if let Some(object) = value.as_object() {
                let mut without_names = good.clone();
                without_names[name] = object.values().cloned().collect();
                send(without_names.to_string().into()).await.ok(422);
            }
        }
    }
    for (name, word) in [("login_method", "password"), ("systems", "all")] {
        let mut invite = json!({ "emails": "new@example.com", "role_id": "builder" });
        invite[name] = json!({ word: null });
        ground.admin.client.post("/users", invite).await.ok(422);
    }
    before.assert_same(&Snapshot::of(&app).await, "bad bodies");
}

#[both_engines]
async fn i6_what_only_the_server_decides_cannot_be_set_by_any_body(app: TestApp) {
    let ground = Ground::new(&app, "alpha").await;
    let requests = with_body(&app, &ground).await;
    let before = Snapshot::of(&app).await;
    for (operation, _, request) in &requests {
        for field in [
            "id",
            "account_id",
            "identity_id",
            "status",
            "version",
            "email_verified_at",
            "created_at",
            "credentials_valid_from",
            "is_admin",
            "levels",
            "permissions",
            "home_account_id",
        ] {
            let mut body = request.body.clone().unwrap();
            if body.get(field).is_none() {
                body[field] = json!("active");
                let answer = ground.admin.client.send(request.method.clone(), &request.path, Some(body)).await;
                assert_eq!(answer.ok(422)["code"], "unknown_field", "{} took {field}", operation.id);
            }
        }
    }
    before.assert_same(&Snapshot::of(&app).await, "mass assignment");
}

#[both_engines]
async fn nul_and_control_characters_depth_and_size_never_break_an_operation(app: TestApp) {
    let ground = Ground::new(&app, "alpha").await;
    let requests = with_body(&app, &ground).await;
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    for (operation, _, request) in &requests {
        let good = request.body.clone().unwrap();
        let mut hostile: Vec<Vec<u8>> = vec![deep.clone().into_bytes(), format!("{{\"a\":{deep}}}").into_bytes()];
        for name in good.as_object().unwrap().keys() {
            for text in [
                "\0",
                "a\0b",
                "\u{202e}gnp.exe",
                "\r\nBcc: all@example.com",
                "<script>alert(1)</script>",
                &"x".repeat(100_000),
            ] {
                let mut body = good.clone();
                body[name] = json!(text);
                hostile.push(body.to_string().into_bytes());
            }
        }
        for body in hostile {
            let shown = String::from_utf8_lossy(&body[..body.len().min(80)]).into_owned();
            let answer =
                ground.admin.client.send_raw(request.method.clone(), &request.path, "application/json", body).await;
            assert!(
                !answer.status.is_server_error(),
                "{}: {} for {shown}: {}",
                operation.id,
                answer.status,
                answer.text()
            );
        }
    }
    assert_eq!(app.stranger().get("/api/openapi.json").await.status, 200);
}

#[both_engines]
async fn d2_a_password_of_any_length_is_answered_like_any_wrong_one(app: TestApp) {
    for (sign, most) in [("\u{fdfa}", 1_300_000), ("\u{301}", 2_000_000), ("x", 4_000_000)] {
        // Strangers send less than people who are signed in.
        let (password, longest) = (sign.repeat(60_000 / sign.len()), sign.repeat(most));
        let mut answers = Vec::new();
        for email in [testing::ADMIN_EMAIL, "nobody@nowhere.example"] {
            let before = app.app.db.statements();
            let proof = json!({ "email": email, "password": password });
            let problem = app.stranger().post("/sign-in/password", proof).await.refused(401, "invalid_credentials");
            answers.push((problem["detail"].clone(), app.app.db.statements() - before));
        }
        assert_eq!(answers[0], answers[1]);
        let body = json!({ "current_password": longest, "new_password": testing::ADMIN_PASSWORD });
        app.admin().post("/me/password", body).await.refused(422, "wrong_password");
        app.pass(domain::core::timestamp::Seconds::hours(2));
    }
}

#[both_engines]
async fn a_problem_names_its_page_where_the_client_finds_it(app: TestApp) {
    for (public_url, page) in
        [("https://admin.example.test", "/problems/"), ("https://example.com/tools/admin", "/tools/admin/problems/")]
    {
        let client = app.served_at(public_url).await;
        let problem = client.get("/me").await.refused(401, "sign_in_required");
        assert_eq!(problem["type"], format!("{page}sign_in_required"));
        assert_eq!(client.get_page(problem["type"].as_str().unwrap()).await.status, 200);
    }
}

#[both_engines]
async fn d6_a_path_that_is_written_otherwise_reaches_nothing(app: TestApp) {
    let ground = Ground::new(&app, "alpha").await;
    let session = ground.admin.client.cookie("__Host-portcullis").unwrap();
    let user = ground.person(domain::users::UserStatus::Active).id;
    let before = Snapshot::of(&app).await;
    for path in [
        "/api/v1//me",
        "//api/v1/me",
        "/API/v1/me",
        "/api/v1/me/",
        "/api/v1/./me",
        "/api/v1/accounts/../me",
        "/api%2fv1%2fme",
        "/api/v1/me%00",
        "/api/v1/me;x=1",
        "/api/v1/%6de%2f",
        "/api/v1/accounts/alpha/%2e%2e/beta/roles",
        "/api/v1/accounts/alpha%2froles",
        "/api/v1/accounts//roles",
        "/api/v1/accounts/alpha/roles/..%2froles",
        "/api/v1/accounts/alpha/roles/%00",
        "/api/v1/accounts/%ff/roles",
        "/api/v1/accounts/ALPHA/roles",
        "/api/v1/accounts/alpha /roles",
        "/api/v1/accounts/alpha\\roles",
    ] {
        let answer = raw(
            &app,
            format!(
                "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCookie: __Host-portcullis={session}\r\n\r\n"
            )
            .as_bytes(),
        );
        let status = answer.split(' ').nth(1).unwrap_or_default();
        assert!(matches!(status, "404" | "400"), "{path}: {answer}");
    }
    for path in [
        format!("/api/v1/accounts/alpha/users/{user}/"),
        format!("/api/v1/accounts/alpha//users/{user}"),
        format!("/api/v1/accounts/alpha/users/{user}%2f"),
    ] {
        let answer = raw(
            &app,
            format!(
                "DELETE {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCookie: __Host-portcullis={session}\r\n\r\n"
            )
            .as_bytes(),
        );
        assert!(answer.starts_with("HTTP/1.1 404") || answer.starts_with("HTTP/1.1 405"), "{path}: {answer}");
    }
    before.assert_same(&Snapshot::of(&app).await, "paths written otherwise");
}

#[both_engines]
async fn abuse_of_headers_is_refused_or_without_effect(app: TestApp) {
    let ground = Ground::new(&app, "alpha").await;
    let admin = &ground.admin.client;
    for (name, value, status, code) in [
        ("if-match", "\"yesterday\"", 412, "stale"),
        ("if-match", "\"*\"", 412, "stale"),
        ("idempotency-key", "", 400, "invalid_header"),
        ("idempotency-key", &"k".repeat(256), 400, "invalid_header"),
        ("portcullis-reason", &"r".repeat(501), 400, "invalid_header"),
        ("sec-fetch-site", "cross-site", 403, "cross_site"),
        ("sec-fetch-site", "same-site", 403, "cross_site"),
        ("origin", "https://evil.example", 403, "cross_site"),
        ("origin", "null", 403, "cross_site"),
        ("origin", "https://admin.example.test.evil.example", 403, "cross_site"),
        ("origin", "http://admin.example.test", 403, "cross_site"),
    ] {
        let before = Snapshot::of(&app).await;
        admin
            .with_header(name, value)
            .post("/systems", json!({ "name": "By header", "platform": "web" }))
            .await
            .refused(status, code);
        before.assert_same(&Snapshot::of(&app).await, name);
    }
    admin.with_header("origin", "https://admin.example.test").patch("/me", json!({ "locale": "de" })).await.ok(200);
    let long =
        format!("GET /api/v1/me HTTP/1.1\r\nHost: x\r\nX-Long: {}\r\nConnection: close\r\n\r\n", "x".repeat(1_000_000));
    let answer = raw(&app, long.as_bytes());
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
    let twice = raw(&app, b"GET /api/v1/me HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n");
    assert!(twice.starts_with("HTTP/1.1 4"), "{twice}");
}

#[both_engines]
async fn the_wrong_method_gets_405_and_no_route_reads_a_body_it_does_not_declare(app: TestApp) {
    let ground = Ground::new(&app, "alpha").await;
    let all = operations();
    let mut paths: Vec<&str> = all.iter().map(|operation| operation.path.as_str()).collect();
    paths.dedup();
    for path in paths {
        let of_path: Vec<&Operation> = all.iter().filter(|operation| operation.path == path).collect();
        let recipe = recipes().into_iter().find(|recipe| recipe.operation == of_path[0].id).unwrap();
        let request = ground.request(&app, of_path[0], &recipe, &ground.admin, &[]).await;
        for method in [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            if of_path.iter().all(|operation| operation.method != method.as_str()) {
                let other = Request { method: method.clone(), body: None, ..request.clone() };
                let problem: Value = other.by(&ground.admin.client).await.refused(405, "method_not_allowed");
                assert_eq!(problem["status"], 405, "{method} {path}");
            }
        }
    }
}
