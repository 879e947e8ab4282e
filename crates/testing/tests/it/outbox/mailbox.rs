//! The mailbox page of the development mode, and the pages that mailed links open.

use serde_json::json;
use testing::{TestApp, both_engines};

/// The first address in a page that leads to `page`.
fn link(text: &str, page: &str) -> String {
    let start = text.find(&format!("https://admin.example.test/{page}/")).unwrap_or_else(|| panic!("no link: {text}"));
    let end = text[start..].find(['"', '<', ' ', '\n']).unwrap();
    text[start..start + end].to_owned()
}

#[both_engines]
async fn a_person_is_invited_reads_the_mailbox_page_and_follows_the_link(app: TestApp) {
    app.admin().post("/users", json!({ "emails": "ana@example.com", "role_id": "builder" })).await.ok(201);
    let page = app.stranger().get("/dev/mail").await;
    page.ok(200);
    assert!(page.text().contains("ana@example.com"));
    let link = link(&page.text(), "activate");
    let path = link.strip_prefix("https://admin.example.test").unwrap();
    let opened = app.stranger().get_page(path).await;
    assert_eq!((opened.status.as_u16(), opened.header("referrer-policy")), (200, "no-referrer"));
    assert!(!opened.text().contains("ana@example.com"), "a page that anybody may fetch names nobody");
    let token = path.rsplit('/').next().unwrap();
    app.stranger()
        .post(&format!("/activations/{token}"), json!({ "name": "Ana", "password": "correct-horse-battery" }))
        .await;
    app.stranger().get(&format!("/activations/{token}")).await.refused(404, "link_used");
    assert!(app.stranger().get("/dev/mail").await.text().contains("no longer works"));
}

#[both_engines]
async fn decision_17_the_page_of_a_link_is_the_same_for_every_link(app: TestApp) {
    app.admin().post("/users", json!({ "emails": "ana@example.com", "role_id": "builder" })).await.ok(201);
    let alive = link(&app.stranger().get("/dev/mail").await.text(), "activate");
    let alive = alive.strip_prefix("https://admin.example.test").unwrap();
    let mut pages = Vec::new();
    for path in [alive, "/activate/pcl_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "/reset-password/x", "/setup/y"] {
        let page = app.stranger().get_page(path).await;
        assert_eq!(page.status.as_u16(), 200, "{path}");
        pages.push(page.text());
    }
    assert!(pages.windows(2).all(|pair| pair[0] == pair[1]));
}

#[both_engines]
async fn every_mail_is_on_a_page_of_the_mailbox_and_on_one_only(app: TestApp) {
    let emails: Vec<String> = (0..60).map(|number| format!("p{number}@example.com")).collect();
    app.admin().post("/users", json!({ "emails": emails.join("\n"), "role_id": "builder" })).await.ok(201);
    let page = async |number: usize| app.stranger().get(&format!("/dev/mail?page={number}")).await.text();
    let (first, second, third) = (page(1).await, page(2).await, page(3).await);
    assert_eq!(app.stranger().get("/dev/mail").await.text(), first);
    for email in emails {
        let shown = format!("<strong>{email}</strong>");
        assert_eq!([&first, &second].map(|page| page.matches(&shown).count()).iter().sum::<usize>(), 1, "{email}");
    }
    assert!(
        first.contains("60 emails, page 1 of 2") && first.contains("/dev/mail?page=2") && !first.contains(">Newer<")
    );
    assert!(second.contains("page 2 of 2") && second.contains("/dev/mail?page=1") && !second.contains(">Older<"));
    assert!(!third.contains("<article>"));
}

#[both_engines]
async fn d3_a_mail_page_runs_nothing_and_every_page_of_ours_needs_no_other_host(app: TestApp) {
    app.admin().post("/users", json!({ "emails": "ana@example.com", "role_id": "builder" })).await.ok(201);
    let list = app.stranger().get("/dev/mail").await.text();
    let one = list.split("href=\"/dev/mail/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let mail = app.stranger().get(&format!("/dev/mail/{one}")).await;
    mail.ok(200);
    let policy = mail.header("content-security-policy");
    assert!(
        policy.starts_with("default-src 'none'") && policy.contains("sandbox") && !policy.contains("allow-scripts"),
        "{policy}"
    );
    for path in ["/", "/api/docs", "/problems/last_admin", "/sign-in"] {
        let page = app.stranger().get_page(path).await;
        assert_eq!(page.status.as_u16(), 200, "{path}");
        let text = page.text();
        let loaded = text
            .split("src=\"")
            .skip(1)
            .chain(text.split("<link ").skip(1).filter_map(|tag| tag.split("href=\"").nth(1)));
        assert!(loaded.clone().count() > 0, "{path}");
        assert!(loaded.into_iter().all(|address| !address.contains("//") && !address.contains(':')), "{path}: {text}");
        assert!(!text.contains("@import") && !text.contains("<script>"), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_development_mode_there_is_no_mailbox() {
    let app = TestApp::start(testing::Engine::Sqlite).await.unwrap();
    let production = app.served_without_mailbox().await;
    production.get("/dev/mail").await.refused(404, "not_found");
    assert!(!production.get("/").await.text().contains("/dev/mail"));
}
