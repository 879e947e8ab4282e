//! Connections: those that send nothing end, nobody takes all, and whoever still sends hears the answer.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use testing::{Ground, TestApp, both_engines, operations, recipes};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::{interval, timeout};
use web::ConnectionLimits;

const HEALTH: &str = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";

/// The longest that anything here may take; what is waited for comes much earlier.
const LONGEST: Duration = Duration::from_secs(30);

fn wide() -> ConnectionLimits {
    ConnectionLimits { most: 1_000, per_source: 1_000, ..ConnectionLimits::default() }
}

async fn connect(address: SocketAddr) -> TcpStream {
    TcpStream::connect(address).await.unwrap()
}

/// From another address of this machine, as it would be from another machine.
async fn connect_from(last: u8, address: SocketAddr) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(SocketAddr::new(IpAddr::from([127, 0, 0, last]), 0)).unwrap();
    socket.connect(address).await.unwrap()
}

/// What comes until the other end closes.
async fn rest(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    let read = timeout(LONGEST, stream.read_to_end(&mut answer)).await.expect("the connection is not closed");
    // A reset is an end, too.
    let _ = read;
    String::from_utf8_lossy(&answer).into_owned()
}

/// Whether a request on this connection is answered; not, where it is closed.
async fn is_served(stream: &mut TcpStream) -> bool {
    let mut start = [0; 12];
    stream.write_all(HEALTH.as_bytes()).await.is_ok()
        && timeout(LONGEST, stream.read_exact(&mut start)).await.expect("neither answered nor closed").is_ok()
        && start == *b"HTTP/1.1 200"
}

/// A frame of HTTP/2 (RFC 9113 §4.1).
fn http2_frame(kind: u8, flags: u8, stream: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![0, 0, u8::try_from(payload.len()).unwrap(), kind, flags, 0, 0, 0, stream];
    frame.extend(payload);
    frame
}

/// What a client sends first, with its settings.
fn http2_start() -> Vec<u8> {
    [b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(), http2_frame(4, 0, 0, &[])].concat()
}

/// The compressed head of `GET /healthz` (RFC 7541): two fields of the static table, two with values of their own.
fn http2_health() -> Vec<u8> {
    [&[0x82, 0x86, 0x04, 8], &b"/healthz"[..], &[0x01, 1], b"x"].concat()
}

#[both_engines]
async fn connections_that_send_nothing_or_half_a_head_are_closed(app: TestApp) {
    let limits = ConnectionLimits { head: Duration::from_secs(1), idle: Duration::from_millis(1_500), ..wide() };
    let address = app.served_within(limits, &[]).await;
    for sent in ["", "G", "GET /healthz HTTP/1.1\r\nHost: x\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"] {
        let mut stream = connect(address).await;
        stream.write_all(sent.as_bytes()).await.unwrap();
        assert!(!rest(&mut stream).await.starts_with("HTTP/1.1 2"), "{sent}");
    }
    let mut silent = connect(address).await;
    assert!(is_served(&mut silent).await);
    rest(&mut silent).await;
    let mut half = connect(address).await;
    assert!(is_served(&mut half).await);
    half.write_all(b"GET /healthz HT").await.unwrap();
    rest(&mut half).await;
}

#[both_engines]
async fn a_head_that_comes_byte_by_byte_is_not_waited_for(app: TestApp) {
    let limits = ConnectionLimits { head: Duration::from_secs(1), ..wide() };
    let address = app.served_within(limits, &[]).await;
    let stream = connect(address).await;
    let (mut from, mut to) = stream.into_split();
    let dripping = async {
        let mut pause = interval(Duration::from_millis(20));
        while to.write_all(b"x").await.is_ok() {
            pause.tick().await;
        }
    };
    let closed = async {
        let mut answer = Vec::new();
        let _ = from.read_to_end(&mut answer).await;
    };
    timeout(LONGEST, async { tokio::join!(dripping, closed) }).await.expect("it dripped on");
}

#[both_engines]
async fn a_request_that_takes_long_is_not_cut_off(app: TestApp) {
    let limits = ConnectionLimits { head: Duration::from_secs(1), idle: Duration::from_secs(1), ..wide() };
    let mut stream = connect(app.served_within(limits, &[]).await).await;
    let head = "POST /api/v1/sign-in/identify HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 21\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut pause = interval(Duration::from_millis(100));
    for byte in br#"{"email":"a@b.test" }"# {
        pause.tick().await;
        stream.write_all(&[*byte]).await.unwrap();
    }
    let answer = rest(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[both_engines]
async fn x_http2_frames_that_are_about_no_request_keep_no_connection(app: TestApp) {
    let limits = ConnectionLimits { head: Duration::from_secs(1), idle: Duration::from_millis(1_500), ..wide() };
    let address = app.served_within(limits, &[]).await;
    let ping = http2_frame(6, 0, 0, b"8 bytes.");
    let silence = [
        http2_frame(0x1, 0x1, 3, &[0x82]),
        ping.clone(),
        http2_frame(4, 0, 0, &[]),
        http2_frame(8, 0, 0, &[0, 0, 0, 1]),
    ];
    for (is_asked, frame) in silence.into_iter().map(|frame| (true, frame)).chain([(false, ping)]) {
        let mut stream = connect(address).await;
        stream.write_all(&http2_start()).await.unwrap();
        if is_asked {
            stream.write_all(&http2_frame(1, 0x5, 1, &http2_health())).await.unwrap();
        }
        let (mut from, mut to) = stream.into_split();
        let (mut answer, is_half_a_head) = (Vec::new(), frame[3] == 1);
        let sending = async {
            let mut pause = interval(Duration::from_millis(100));
            while to.write_all(&frame).await.is_ok() {
                pause.tick().await;
                if is_half_a_head {
                    return std::future::pending().await;
                }
            }
        };
        let closed = from.read_to_end(&mut answer);
        let ended = async {
            tokio::select! { () = sending => {}, _ = closed => {} }
        };
        timeout(LONGEST, ended).await.unwrap_or_else(|_| panic!("frames of kind {} keep it open", frame[3]));
    }
}

#[both_engines]
async fn a_request_in_http2_that_takes_long_is_not_cut_off(app: TestApp) {
    let limits = ConnectionLimits { head: Duration::from_secs(1), idle: Duration::from_secs(1), ..wide() };
    let mut stream = connect(app.served_within(limits, &[]).await).await;
    let mut head = vec![0x83, 0x86];
    for (name, value) in [("\u{4}", "/api/v1/sign-in/identify"), ("\u{1}", "x"), ("\u{f}\u{10}", "application/json")] {
        head.extend(name.bytes().chain([u8::try_from(value.len()).unwrap()]).chain(value.bytes()));
    }
    stream.write_all(&http2_start()).await.unwrap();
    stream.write_all(&http2_frame(1, 0x4, 1, &head)).await.unwrap();
    let (mut from, mut to) = stream.into_split();
    let sending = async {
        let mut pause = interval(Duration::from_millis(100));
        let body = br#"{"email":"a@b.test" }"#;
        for (place, byte) in body.iter().enumerate() {
            pause.tick().await;
            to.write_all(&http2_frame(0, u8::from(place + 1 == body.len()), 1, &[*byte])).await.unwrap();
        }
    };
    let reading = async {
        let mut answer = Vec::new();
        while !answer.windows(8).any(|part| part == b"password") {
            let mut some = [0; 1_024];
            let read = timeout(LONGEST, from.read(&mut some)).await.expect("no answer").unwrap();
            assert!(read > 0, "closed before its answer: {}", String::from_utf8_lossy(&answer));
            answer.extend(&some[..read]);
        }
    };
    tokio::join!(sending, reading);
}

#[both_engines]
async fn one_source_has_its_share_and_others_get_through(app: TestApp) {
    let address = app.served_within(ConnectionLimits { per_source: 4, ..wide() }, &["127.0.0.9"]).await;
    let mut held = Vec::new();
    for _ in 0..4 {
        let mut stream = connect_from(1, address).await;
        assert!(is_served(&mut stream).await);
        held.push(stream);
    }
    for _ in 0..3 {
        assert!(!is_served(&mut connect_from(1, address).await).await, "more than its share");
    }
    assert!(is_served(&mut connect_from(2, address).await).await, "another source");
    let mut through_proxy = Vec::new();
    for _ in 0..9 {
        let mut stream = connect_from(9, address).await;
        assert!(is_served(&mut stream).await, "a proxy brings everybody");
        through_proxy.push(stream);
    }
    drop(held.pop());
    let again = async { while !is_served(&mut connect_from(1, address).await).await {} };
    timeout(LONGEST, again).await.expect("a place that was given back is given away");
}

#[both_engines]
async fn when_all_places_are_taken_the_next_one_waits_and_is_served_when_one_ends(app: TestApp) {
    let address = app.served_within(ConnectionLimits { most: 3, per_source: 2, ..wide() }, &[]).await;
    let mut held = Vec::new();
    for source in 1..=3 {
        let mut stream = connect_from(source, address).await;
        assert!(is_served(&mut stream).await);
        held.push(stream);
    }
    let mut next = connect_from(4, address).await;
    next.write_all(HEALTH.as_bytes()).await.unwrap();
    let mut start = [0; 12];
    let early = timeout(Duration::from_millis(300), next.read(&mut start)).await;
    assert!(early.is_err(), "four at once: {early:?}");
    drop(held.pop());
    timeout(LONGEST, next.read_exact(&mut start)).await.expect("still waiting").unwrap();
    assert_eq!(&start, b"HTTP/1.1 200");
}

#[both_engines]
async fn whoever_sends_twelve_megabytes_reads_the_answer_whatever_the_address(app: TestApp) {
    let ground = Ground::new(&app, "alpha").await;
    let session = ground.admin.client.cookie("__Host-portcullis").unwrap();
    let mut asked = Vec::new();
    for operation in operations() {
        let recipe = recipes().into_iter().find(|recipe| recipe.operation == operation.id).unwrap();
        if recipe.body.is_object() || !recipe.file.is_empty() {
            let request = ground.request(&app, &operation, &recipe, &ground.admin, &[]).await;
            asked.push((request.method.to_string(), request.path, "413"));
        }
    }
    assert!(asked.iter().any(|(_, path, _)| path.ends_with("/logo")));
    asked.push(("POST".to_owned(), "/nowhere".to_owned(), "404"));
    asked.push(("PUT".to_owned(), "/api/v1/nowhere".to_owned(), "404"));
    asked.push(("PUT".to_owned(), "/api/v1/me".to_owned(), "405"));
    let address = app.base().strip_prefix("http://").unwrap();
    let piece = vec![b' '; 1 << 20];
    for (method, path, status) in asked {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: x\r\nCookie: __Host-portcullis={session}\r\nContent-Type: application/json\r\n\
                 Content-Length: {}\r\nConnection: close\r\n\r\n",
            12 * piece.len()
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        for _ in 0..12 {
            let written = timeout(LONGEST, stream.write_all(&piece)).await.expect("nobody reads");
            assert!(written.is_ok(), "{method} {path}: a broken pipe: {written:?}");
        }
        let answer = rest(&mut stream).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{method} {path}: {answer}");
    }
}

#[both_engines]
async fn whoever_asks_before_sending_a_body_is_refused_without_it(app: TestApp) {
    let mut stream = TcpStream::connect(app.base().strip_prefix("http://").unwrap()).await.unwrap();
    let head = "POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 12000000\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let answer = rest(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
}
