//! Bodies that are too large, too slow, or come to no end.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use testing::{Ground, Snapshot, TestApp, both_engines};

use super::bad_input::with_body;

/// Sends bytes as they are and gives what comes back.
pub(super) fn raw(app: &TestApp, bytes: &[u8]) -> String {
    raw_in_pieces(app.base(), std::iter::once(bytes))
}

fn raw_in_pieces<'b>(base: &str, mut pieces: impl Iterator<Item = &'b [u8]>) -> String {
    let mut stream = TcpStream::connect(base.strip_prefix("http://").unwrap()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    stream.set_write_timeout(Some(Duration::from_secs(10))).unwrap();
    // The server may hang up before it has read everything.
    let _ = pieces.try_for_each(|piece| stream.write_all(piece));
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

/// Lets some time pass on the other side of the wire.
#[expect(clippy::disallowed_methods, reason = "the pace of a slow connection is what is tried out")]
fn slowly() {
    std::thread::sleep(Duration::from_millis(300));
}

#[both_engines]
async fn a_body_that_is_too_large_gets_413(app: TestApp) {
    let ground = Ground::new(&app, "alpha").await;
    let requests = with_body(&app, &ground).await;
    let before = Snapshot::of(&app).await;
    let large = format!("{{\"email\": \"{}\"}}", "x".repeat(web::MAX_BODY_BYTES));
    for (_, _, request) in requests.iter().take(3) {
        let client = &ground.admin.client;
        client
            .send_raw(request.method.clone(), &request.path, "application/json", large.clone())
            .await
            .refused(413, "body_too_large");
        let keyed = client.with_header("idempotency-key", "large");
        let answer = keyed.send_raw(request.method.clone(), &request.path, "application/json", large.clone()).await;
        answer.refused(413, "body_too_large");
    }
    before.assert_same(&Snapshot::of(&app).await, "bodies that are too large");
}

#[both_engines]
async fn l4_strangers_send_small_bodies_only(app: TestApp) {
    let mut seen = 0;
    for operation in testing::operations()
        .into_iter()
        .filter(|it| it.permission["scope"] == "public" && it.description["requestBody"].is_object())
    {
        let path = testing::placeholders(&operation.path)
            .iter()
            .fold(operation.path.clone(), |path, name| path.replace(&format!("{{{name}}}"), "x"));
        let body = |bytes: usize| format!("{{\"email\": \"{}\"}}", "x".repeat(bytes));
        let send = async |bytes| {
            app.stranger().send_raw(operation.method.parse().unwrap(), &path, "application/json", body(bytes)).await
        };
        send(web::MAX_PUBLIC_BODY_BYTES).await.refused(413, "body_too_large");
        assert_ne!(send(1_000).await.status.as_u16(), 413, "{}", operation.id);
        seen += 1;
    }
    assert!(seen > 4, "{seen}");
}

#[both_engines]
async fn a_body_without_an_end_is_refused_though_its_end_is_waited_for_a_while(app: TestApp) {
    let base = app.served_in_time(Duration::from_secs(5)).await;
    let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
    let most = 3 * web::MAX_BODY_BYTES / 0x10000;
    for key in ["", "Idempotency-Key: without-end\r\n"] {
        let head = format!(
            "POST /api/v1/sign-in/identify HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{key}Transfer-Encoding: chunked\r\n\r\n"
        );
        let pieces = std::iter::once(head.as_bytes()).chain(std::iter::repeat_n(chunk.as_bytes(), most));
        let answer = raw_in_pieces(&base, pieces);
        assert!(answer.starts_with("HTTP/1.1 413") && answer.contains("body_too_large"), "{key}: {answer}");
    }
}

#[both_engines]
async fn a_body_that_comes_too_slowly_is_given_up_like_any_other_error(app: TestApp) {
    let base = app.served_in_time(Duration::from_millis(200)).await;
    for key in ["", "Idempotency-Key: half-a-body\r\n"] {
        let half = format!(
            "POST /api/v1/sign-in/identify HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{key}Content-Length: 100\r\n\r\n{{\"em"
        );
        let answer = raw_in_pieces(&base, std::iter::once(half.as_bytes()));
        assert!(answer.starts_with("HTTP/1.1 408"), "{key}: {answer}");
        for part in [
            "content-type: application/problem+json",
            "\"code\":\"body_too_slow\"",
            "x-request-id: req_",
            "ratelimit: ",
            "ratelimit-policy: ",
        ] {
            assert!(answer.contains(part), "{part}: {answer}");
        }
    }
}

#[both_engines]
async fn a_body_that_comes_slowly_but_steadily_is_waited_for(app: TestApp) {
    let base = app.served_in_time(Duration::from_secs(1)).await;
    let body = format!("{{{}\"email\": \"ana@example.com\"}}", " ".repeat(6_000));
    let head = format!(
        "POST /api/v1/sign-in/identify HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let pieces = std::iter::once(head.as_bytes()).chain(body.as_bytes().chunks(600).inspect(|_| slowly()));
    let answer = raw_in_pieces(&base, pieces);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[both_engines]
async fn a_body_that_is_announced_as_too_large_is_not_asked_for(app: TestApp) {
    let head = format!(
        "PATCH /api/v1/me HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: {}\r\n\r\n",
        web::MAX_BODY_BYTES + 1
    );
    let answer = raw(&app, head.as_bytes());
    assert!(answer.starts_with("HTTP/1.1 413") && answer.contains("body_too_large"), "{answer}");
}
