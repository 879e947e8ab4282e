//! The development mode answers this machine only, whatever it is asked for.

use std::net::SocketAddr;

use testing::{TestApp, both_engines};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

async fn asked(address: SocketAddr, path: &str, headers: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(format!("GET {path} HTTP/1.1\r\n{headers}Connection: close\r\n\r\n").as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

const PATHS: &[&str] =
    &["/", "/dev/mail", "/api/v1/installation", "/api/openapi.json", "/healthz", "/assets/x.js", "/nothing"];

#[both_engines]
async fn whoever_names_this_machine_and_its_port_is_answered(app: TestApp) {
    let address = app.served_in_development().await;
    let port = address.port();
    for host in
        [format!("localhost:{port}"), format!("127.0.0.1:{port}"), format!("[::1]:{port}"), format!("LocalHost:{port}")]
    {
        for path in ["/", "/dev/mail", "/api/v1/installation"] {
            let answer = asked(address, path, &format!("Host: {host}\r\n")).await;
            assert!(answer.starts_with("HTTP/1.1 200"), "{host} {path}: {answer}");
        }
    }
}

#[both_engines]
async fn a_foreign_host_is_answered_by_421_and_a_forwarded_request_by_403(app: TestApp) {
    let address = app.served_in_development().await;
    let own = format!("Host: localhost:{}\r\n", address.port());
    for path in PATHS {
        for hosts in [
            "",
            "Host: evil.example\r\n",
            "Host: localhost\r\n",
            "Host: localhost:1\r\n",
            "Host: 192.0.2.1:8080\r\n",
            "Host: admin.localhost\r\n",
        ] {
            let answer = asked(address, path, hosts).await;
            assert!(
                answer.starts_with("HTTP/1.1 421") || (hosts.is_empty() && answer.starts_with("HTTP/1.1 4")),
                "{hosts} {path}: {answer}"
            );
            assert!(hosts.is_empty() || answer.contains("development_host_not_allowed"), "{answer}");
        }
        for header in [
            "Forwarded: for=127.0.0.1",
            "X-Forwarded-For: 127.0.0.1",
            "x-forwarded-host: localhost",
            "X-Forwarded-Proto: https",
            "X-Real-IP: 127.0.0.1",
            "Via: 1.1 proxy",
            "X-Original-Host: a.example",
            "CF-Connecting-IP: 127.0.0.1",
            "True-Client-IP: 127.0.0.1",
            "X-Client-IP: 127.0.0.1",
            "Fastly-Client-IP: 127.0.0.1",
            "Fly-Client-IP: 127.0.0.1",
            "CDN-Loop: cloudflare",
            "CF-Ray: 1",
            "X-Envoy-External-Address: 127.0.0.1",
            "CloudFront-Viewer-Address: 127.0.0.1:1",
            "X-Azure-ClientIP: 127.0.0.1",
            "X-Forwarded-Anything: 1",
            "X-Cluster-Client-IP: 127.0.0.1",
            "WL-Proxy-Client-IP: 127.0.0.1",
        ] {
            let answer = asked(address, path, &format!("{own}{header}\r\n")).await;
            assert!(
                answer.starts_with("HTTP/1.1 403") && answer.contains("development_proxy_not_allowed"),
                "{header} {path}: {answer}"
            );
        }
    }
    for head in [own.as_str(), ""] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(format!("GET /dev/mail HTTP/1.0\r\n{head}\r\n").as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.0 4") && !answer.contains("<html"), "as proxies speak it: {answer}");
    }
    let absolute = asked(address, &format!("http://evil.example:{}/dev/mail", address.port()), &own).await;
    assert!(absolute.starts_with("HTTP/1.1 421"), "the address of the request counts, too: {absolute}");
    let twice = asked(address, "/dev/mail", &format!("{own}Host: evil.example\r\n")).await;
    assert!(twice.starts_with("HTTP/1.1 4"), "{twice}");
}
