//! Every route of the router is in the description, from which all matrices are made, or stands here with its reason.

use std::collections::BTreeSet;

use reqwest::Method;
use testing::{Engine, TestApp, operations};

/// What is answered beside the description, and why no matrix needs to know it.
const BESIDE: [(&str, &str); 13] = [
    ("/", "the console, like every address that is no route"),
    ("/api/docs", "the description for people; the same for everybody"),
    ("/api/openapi.json", "the description itself; the same for everybody"),
    ("/.well-known/change-password", "leads to the profile; the same for everybody"),
    ("/assets/{name}", "files of the console, which are public"),
    ("/favicon.ico", "a file of the console, which is public"),
    ("/icon.svg", "a file of the console, which is public"),
    ("/pages.css", "a file of the pages, which is public"),
    ("/problems", "leads to the one below"),
    ("/problems/", "what all codes mean; the same for everybody"),
    ("/problems/{code}", "what a code means; the same for everybody"),
    ("/healthz", "whether the process lives; the same for everybody"),
    ("/readyz", "whether the database can be reached; the same for everybody"),
];

/// The patterns of all routes, from what the router says of itself.
fn patterns(router: &impl std::fmt::Debug) -> BTreeSet<String> {
    let text = format!("{router:?}");
    let quoted = text.split('"').skip(1).step_by(2);
    // The fallback stands in the router as routes for everything.
    quoted.filter(|text| text.starts_with('/') && !text.contains("__private__axum")).map(str::to_owned).collect()
}

#[test]
fn what_is_no_json_is_described_as_bytes_which_generated_clients_keep_as_they_are() {
    let (mut found, description) = (0, serde_json::to_value(web::description()).unwrap());
    for operation in operations() {
        let responses = operation.description["responses"].as_object().unwrap().values();
        let contents = responses.filter_map(|response| response["content"].as_object()).flatten();
        for (kind, content) in contents.filter(|(kind, _)| *kind != "application/json") {
            let place = content["schema"]["$ref"].as_str().unwrap_or_else(|| panic!("{}: {kind}", operation.id));
            let schema = description.pointer(place.strip_prefix('#').unwrap()).unwrap();
            assert_eq!(schema["format"], "binary", "{}: {kind}", operation.id);
            found += 1;
        }
    }
    assert!(found >= 4, "{found}");
}

#[tokio::test]
async fn every_route_is_described_or_has_a_reason() {
    let app = TestApp::start(Engine::Sqlite).await.unwrap();
    let router = app.router_as_in_production();
    let found = patterns(&router);
    let described: BTreeSet<String> = operations().into_iter().map(|operation| operation.path).collect();
    let missing: Vec<_> = described.difference(&found).collect();
    assert!(missing.is_empty(), "the router is not read as it was: it does not name {missing:?}");
    let beside = BESIDE.map(|(path, _)| path.to_owned());
    let known: BTreeSet<String> = described.into_iter().chain(beside).collect();
    assert_eq!(found, known, "left: the router; right: the description and what stands beside it");
}

/// A described path must not answer a method that the description does not name: no matrix would try it.
#[tokio::test]
async fn no_path_answers_a_method_that_is_not_described() {
    let app = TestApp::start(Engine::Sqlite).await.unwrap();
    let described: BTreeSet<(String, String)> =
        operations().into_iter().map(|operation| (operation.path, operation.method)).collect();
    let paths: BTreeSet<&String> = described.iter().map(|(path, _)| path).collect();
    for path in paths {
        for method in [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            if described.contains(&(path.clone(), method.to_string())) {
                continue;
            }
            let concrete = path.replace("{account}", "acme").replace(['{', '}'], "");
            let address = format!("{}{concrete}", app.base());
            let answer = reqwest::Client::new().request(method.clone(), &address).send().await.unwrap();
            assert_eq!(answer.status(), 405, "{method} {path}");
        }
    }
}
