//! `Idempotency-Key`: what is sent again is answered again.

use reqwest::StatusCode;
use serde_json::json;
use testing::on_both_engines;

on_both_engines! {
    async fn an_answer_that_a_browser_took_compressed_is_repeated_as_it_was(app: TestApp) {
        let client = app.admin().with_header("idempotency-key", "from-a-browser");
        let wish = json!({ "emails": "ana@example.com; bob@example.com", "role_id": "builder" });
        let first = client.post_as_browser("/users", wish.clone()).await;
        assert_eq!(first, (StatusCode::CREATED, "br".to_owned()));
        let again = client.post("/users", wish).await;
        assert_eq!((again.header("idempotency-replayed"), again.json()["invited"].as_u64()), ("true", Some(2)));
    }
}
