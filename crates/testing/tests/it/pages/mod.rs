//! Which addresses answer with the console's page, by what the client says it takes.

mod development;

use serde_json::json;
use testing::{Engine, TestApp, both_engines};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_answer_whoever_takes_anything_and_files_that_are_missing_are_no_pages() {
    let app = TestApp::start(Engine::Sqlite).await.unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let status = async |path: &str, accept: Option<&str>| {
        let address = format!("{}{path}", app.base());
        // The client of these tests says that it takes anything, unless told.
        let stream = match accept {
            Some(accept) => http.get(address).header("accept", accept).send().await.unwrap(),
            None => return without_accept(&app, path).await,
        };
        let is_page =
            stream.headers().get("content-type").is_some_and(|kind| kind.to_str().unwrap().starts_with("text/html"));
        (stream.status().as_u16(), is_page)
    };
    let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    for path in ["/", "/sign-in", "/accounts/demo/users", "/activate/pcl_x", "/nothing/here"] {
        for accept in
            [None, Some("*/*"), Some(browser), Some("text/*"), Some("TEXT/HTML"), Some("application/json, */*;q=0.1")]
        {
            assert_eq!(status(path, accept).await, (200, true), "{path} {accept:?}");
        }
    }
    for accept in ["application/json", "image/png", "text/html;q=0", "*/*;q=0.0"] {
        assert_eq!(status("/sign-in", Some(accept)).await, (404, false), "{accept}");
    }
    for path in ["/favicon.png", "/robots.txt", "/deep/picture.png"] {
        for accept in [None, Some("*/*"), Some("image/avif,image/webp,*/*;q=0.8")] {
            assert_eq!(status(path, accept).await, (404, false), "{path} {accept:?}");
        }
    }
    for path in ["/api/v1/nothing", "/api", "/assets/nothing.js", "/dev/nothing", "/.well-known/nothing"] {
        for accept in [None, Some("*/*"), Some(browser)] {
            assert_eq!(status(path, accept).await, (404, false), "{path} {accept:?}");
        }
    }
}

async fn without_accept(app: &TestApp, path: &str) -> (u16, bool) {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut stream = tokio::net::TcpStream::connect(app.base().strip_prefix("http://").unwrap()).await.unwrap();
    let asked = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    stream.write_all(asked.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let answer = String::from_utf8_lossy(&answer);
    (answer[9..12].parse().unwrap(), answer.contains("content-type: text/html"))
}

#[both_engines]
async fn below_a_path_the_description_says_so(app: TestApp) {
    for (public_url, server) in
        [("https://admin.example.test", "/"), ("https://example.com/tools/admin", "/tools/admin")]
    {
        let description = app.served_at(public_url).await.get_page("/api/openapi.json").await.json();
        assert_eq!(description["servers"], json!([{ "url": server }]));
    }
}

#[both_engines]
async fn a_password_manager_finds_where_a_password_is_changed(app: TestApp) {
    for (public_url, profile) in
        [("https://admin.example.test", "/profile"), ("https://example.com/tools/admin", "/tools/admin/profile")]
    {
        let answer = app.served_at(public_url).await.get_page("/.well-known/change-password").await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (303, profile));
    }
}
