//! D7: nothing secret is in the log, whatever its filter says.

use std::io::Write;
use std::sync::{Arc, Mutex};

use domain::core::timestamp::Seconds;
use mail::Smtp;
use mail::sink::SmtpSink;
use serde_json::json;
use service::delivery::transport::Transport;
use testing::{ADMIN_EMAIL, ADMIN_PASSWORD, Engine, TestApp};

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn d7_planted_secrets_are_in_no_line_of_the_log() {
    let lines = Lines::default();
    let writer = lines.clone();
    tracing_subscriber::fmt()
        .with_env_filter("trace,hyper=info,hyper_util=info,reqwest=info")
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .init();
    let app = TestApp::start(Engine::Sqlite).await.unwrap();
    let sink = SmtpSink::start().await.unwrap();
    let transport = Transport::smtp(Smtp::new(&sink.config()).unwrap());
    let mut secrets =
        vec![ADMIN_PASSWORD.to_owned(), "planted-password-1!".to_owned(), "planted-password-2!".to_owned()];

    app.admin().post("/users", json!({ "emails": "ana@example.com", "role_id": "builder" })).await.ok(201);
    sink.refuse_with("450 4.2.0 later");
    worker::deliver_due(&app.app, &transport).await.unwrap();
    sink.accept();
    app.pass(Seconds::minutes(1));
    worker::deliver_due(&app.app, &transport).await.unwrap();
    let token = sink.mails()[0].link().unwrap().rsplit('/').next().unwrap().to_owned();
    app.stranger().get(&format!("/activations/{token}")).await.ok(200);
    app.stranger().get_page(&format!("/activate/{token}")).await;
    let ana = app.stranger();
    let activation = json!({ "name": "Ana", "password": "planted-password-1!" });
    ana.post(&format!("/activations/{token}"), activation.clone()).await;
    ana.post(&format!("/activations/{token}"), activation).await;
    app.stranger()
        .post("/sign-in/password", json!({ "email": "ana@example.com", "password": "planted-password-2!" }))
        .await;
    app.stranger()
        .send_raw(
            reqwest::Method::POST,
            "/sign-in/password",
            "application/json",
            "{\"password\": \"planted-password-2!\", ",
        )
        .await;
    ana.post("/sign-in/password", json!({ "email": "ana@example.com", "password": "planted-password-1!" })).await;
    let recovery =
        service::installation::recovery::link(&app.app, &"acme".parse().unwrap(), &ADMIN_EMAIL.parse().unwrap())
            .await
            .unwrap();
    let recovery = recovery.address.rsplit('/').next().unwrap().to_owned();
    app.stranger().get(&format!("/password-resets/{recovery}")).await;
    // A database that breaks says so in the log, with what it was about.
    let mut tx = app.app.db.write().await.unwrap();
    tx.sql("DROP TABLE devices").run().await.unwrap();
    tx.commit().await.unwrap();
    ana.post("/sign-in/password", json!({ "email": "ana@example.com", "password": "planted-password-1!" })).await;

    secrets.extend([token, recovery]);
    secrets.extend([app.admin(), &ana].into_iter().flat_map(|client| {
        ["__Host-portcullis", "__Host-portcullis-device"].into_iter().filter_map(|name| client.cookie(name))
    }));
    let log = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("/api/v1/activations/…") && log.contains("A request failed"), "the log was looked at: {log}");
    for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
        let line = log.lines().find(|line| line.contains(secret.as_str()));
        assert!(line.is_none(), "{secret} is in the log: {line:?}");
    }
    assert!(secrets.len() >= 7, "{secrets:?}");
}
