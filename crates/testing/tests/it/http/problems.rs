//! The page behind the `type` of an error, and the lists that the sources have to agree with.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};
use testing::{TestApp, both_engines};

#[both_engines]
async fn the_type_of_an_error_is_a_page_and_no_other_address_below_it_is(app: TestApp) {
    let problem = app.admin().get("/users/usr_nobody").await.refused(404, "not_found");
    let address = problem["type"].as_str().unwrap();
    let page = app.stranger().get_page(address).await;
    assert_eq!(page.status.as_u16(), 200);
    assert!(page.text().contains("<code>not_found</code>"));
    for nonsense in ["nonsense", "NOT_FOUND", "not_found%20", "%3Cb%3E", "last_admin_", &"x".repeat(2_000)] {
        let page = app.stranger().get_page(&format!("/problems/{nonsense}")).await;
        assert_eq!(page.status.as_u16(), 404, "{nonsense}");
        assert!(!page.text().contains(nonsense) && !page.text().contains("<b>"), "{nonsense}");
    }
}

#[both_engines]
async fn every_code_has_a_page_that_says_what_to_do_and_all_are_in_one_list(app: TestApp) {
    let list = app.stranger().get_page("/problems/").await;
    assert_eq!(list.status.as_u16(), 200);
    for code in web::CODES {
        assert!(list.text().contains(&format!("<a href=\"{code}\">")), "{code}");
        let page = app.stranger().get_page(&format!("/problems/{code}")).await;
        assert_eq!(page.status.as_u16(), 200, "{code}");
        for part in ["What it means", "What to do", "Example", &format!("&#34;code&#34;: &#34;{code}&#34;")] {
            assert!(page.text().contains(part), "{code}: {part} is missing");
        }
    }
}

#[both_engines]
async fn the_values_in_the_sentence_of_an_error_stand_beside_its_code(app: TestApp) {
    let at = |problem: &Value, pointer: &str, code: &str| {
        let errors = problem["errors"].as_array().unwrap();
        let found = errors.iter().find(|error| error["pointer"] == pointer && error["code"] == code);
        found.unwrap_or_else(|| panic!("{pointer} {code}: {problem}"))["params"].clone()
    };
    let note = json!({ "emails": ["ana@example.com"], "role_id": "builder", "message": "x".repeat(1_001) });
    let problem = app.admin().post("/users", note).await.refused(422, "too_long");
    assert_eq!(at(&problem, "/message", "too_long"), json!({ "length": 1_001, "max": 1_000 }));
    assert_eq!(problem["params"], json!({ "length": 1_001, "max": 1_000 }));
    let lines = json!({ "message": "x\n".repeat(41) });
    let problem = app.admin().post("/users/invitation-email", lines).await.refused(422, "too_many_lines");
    assert_eq!(at(&problem, "/message", "too_many_lines"), json!({ "lines": 41, "max": 40 }));
    let settings =
        json!({ "settings": { "sessions": { "idle_timeout_seconds": 10 }, "passwords": { "min_length": 4 } } });
    let problem = app.admin().patch("", settings).await.refused(422, "invalid_settings");
    let of_idle = at(&problem, "/settings/sessions/idle_timeout_seconds", "out_of_range");
    assert_eq!(of_idle, json!({ "min": 300, "max": 2_592_000, "unit": "seconds" }));
    assert_eq!(at(&problem, "/settings/passwords/min_length", "out_of_range"), json!({ "min": 10, "max": 128 }));
    app.invite("ana@example.com", "builder").await;
    let link = app.latest_link("ana@example.com").await;
    let weak = json!({ "name": "Ana", "password": "abc" });
    let problem = app.stranger().post(&format!("/activations/{link}"), weak).await.refused(422, "password_rejected");
    assert_eq!(at(&problem, "/password", "too_short"), json!({ "min": 10 }));
    assert_eq!(at(&problem, "/password", "too_few_special_characters"), json!({ "min": 1 }));
    let wish = json!({ "emails": "bob.example.com, bob@example", "role_id": "builder" });
    let preview = app.admin().post("/users?dry_run=true", wish.clone()).await.ok(200);
    let reasons: Vec<_> =
        preview["items"].as_array().unwrap().iter().map(|row| row["params"]["reason"].clone()).collect();
    assert_eq!(reasons, ["missing_at", "domain_without_dot"]);
    let problem = app.admin().post("/users", wish).await.refused(422, "not_all_invited");
    assert_eq!(at(&problem, "/emails/1", "invalid_email"), json!({ "reason": "domain_without_dot" }));
    let plain = app.admin().get("/users/usr_nobody").await.refused(404, "not_found");
    assert!(plain.get("params").is_none(), "{plain}");
}

/// What each Rust file below `crates` says outside of its tests.
fn sources(crates: &[&str]) -> Vec<String> {
    fn read(folder: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                // What the demo account is made of is refused to nobody.
                if !path.ends_with("demo") {
                    read(&path, found);
                }
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                found.push(text.split("#[cfg(test)]").next().unwrap().to_owned());
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut found = Vec::new();
    crates.iter().for_each(|name| read(&root.join(name).join("src"), &mut found));
    found
}

/// The literal that stands behind `before`, after anything but what ends a call or a field.
fn literals<'a>(text: &'a str, before: &'a str) -> impl Iterator<Item = &'a str> {
    text.match_indices(before).filter_map(move |(at, _)| {
        let rest = text[at + before.len()..].trim_start();
        rest.strip_prefix('"').and_then(|rest| rest.split('"').next())
    })
}

fn is_code(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

#[test]
fn every_code_in_the_sources_has_its_page() {
    let kinds = ["Invalid", "Conflict", "Forbidden", "Unknown", "SignIn", "Stale", "TooLarge", "TooOften"];
    let mut markers: Vec<String> = kinds.iter().map(|kind| format!("Kind::{kind},")).collect();
    markers.extend(["code: ", "Problem::invalid("].map(str::to_owned));
    markers.extend(
        ["BAD_REQUEST", "UNPROCESSABLE_ENTITY", "NOT_FOUND", "CONFLICT", "FORBIDDEN"]
            .map(|status| format!("StatusCode::{status},")),
    );
    let mut missing = BTreeSet::new();
    for text in sources(&["domain", "service", "web"]) {
        let found = markers.iter().flat_map(|marker| literals(&text, marker));
        missing.extend(found.filter(|code| is_code(code) && !web::CODES.contains(code)).map(str::to_owned));
    }
    assert!(missing.is_empty(), "add these to web::CODES: {missing:?}");
    assert!(web::CODES.is_sorted());
}
