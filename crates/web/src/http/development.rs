//! The development mode answers this machine only.
//!
//! It shows every mail and has people whose password everyone knows. Its listener takes connections of this machine only, but a
//! proxy on it lets others in, and a page of another site can reach it under a name of its own (DNS rebinding). So it answers only
//! who names this machine, at this port, and came through no one.

use axum::extract::Request;
use axum::http::{HeaderName, StatusCode, Version, header};

use crate::http::problem::Problem;
use crate::http::site::Site;

const NAMES: &[&str] = &["localhost", "127.0.0.1", "[::1]"];

/// What proxies and the networks in front of servers add.
const OF_PROXIES: &[&str] = &[
    "forwarded",
    "forwarded-for",
    "via",
    "x-real-ip",
    "x-client-ip",
    "client-ip",
    "true-client-ip",
    "x-true-client-ip",
    "x-cluster-client-ip",
    "x-coming-from",
    "x-host",
    "x-proxyuser-ip",
    "x-remote-ip",
    "x-remote-addr",
    "remote-addr",
    "x-rewrite-url",
    "x-scheme",
    "x-url-scheme",
    "front-end-https",
    "cdn-loop",
    "fly-client-ip",
    "fastly-client-ip",
    "do-connecting-ip",
    "wl-proxy-client-ip",
    "proxy-client-ip",
    "x-appengine-user-ip",
    "x-arr-clientcert",
    "x-arr-log-id",
    "x-nf-client-connection-ip",
    "x-vercel-forwarded-for",
    "tailscale-user-login",
];

/// How the names of others begin.
const FAMILIES_OF_PROXIES: &[&str] = &[
    "x-forwarded",
    "x-original",
    "x-envoy-",
    "cf-",
    "cloudfront-",
    "x-amz-cf-",
    "x-amzn-trace-id",
    "x-azure-",
    "x-fd-",
];

/// Refuses, in development mode, what may come from elsewhere: 421 for another name of the host, 403 for what a proxy passed on.
pub fn check(site: &Site, request: &Request) -> Result<(), Problem> {
    let Some(port) = site.settings.development_port else { return Ok(()) };
    let header = request.headers().keys().find(|name| is_of_proxy(name)).map(HeaderName::as_str);
    // No browser speaks it anymore, and proxies do that are told nothing else: they may name this machine as the host.
    let old = (request.version() < Version::HTTP_11).then_some("its HTTP version");
    if let Some(sign) = header.or(old) {
        let detail = format!(
            "This server runs in development mode, which answers only this machine, but {sign} shows that the request \
             came through a proxy. Set server.public_url and start without --dev."
        );
        return Err(Problem::new(StatusCode::FORBIDDEN, "development_proxy_not_allowed", detail));
    }
    if names_this_machine(request, port) {
        return Ok(());
    }
    let detail = format!(
        "This server runs in development mode, which answers only this machine. Open http://localhost:{port}, or set \
         server.public_url and start without --dev."
    );
    Err(Problem::new(StatusCode::MISDIRECTED_REQUEST, "development_host_not_allowed", detail))
}

fn is_of_proxy(name: &HeaderName) -> bool {
    let name = name.as_str();
    OF_PROXIES.contains(&name) || FAMILIES_OF_PROXIES.iter().any(|family| name.starts_with(family))
}

/// Whether every name of the host is one of this machine, and there is one.
fn names_this_machine(request: &Request, port: u16) -> bool {
    let of_address = request.uri().authority().map(|authority| authority.as_str().as_bytes());
    let of_headers = request.headers().get_all(header::HOST).iter().map(|host| host.as_bytes());
    let mut hosts = of_address.into_iter().chain(of_headers).peekable();
    hosts.peek().is_some() && hosts.all(|host| is_this_machine(host, port))
}

fn is_this_machine(host: &[u8], port: u16) -> bool {
    NAMES.iter().any(|name| {
        host.eq_ignore_ascii_case(format!("{name}:{port}").as_bytes())
            || (port == 80 && host.eq_ignore_ascii_case(name.as_bytes()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_has_three_names_and_one_port() {
        for host in ["localhost:8080", "LOCALHOST:8080", "127.0.0.1:8080", "[::1]:8080"] {
            assert!(is_this_machine(host.as_bytes(), 8080), "{host}");
        }
        for host in [
            "",
            "localhost",
            "localhost:80",
            "localhost:8080.evil.example",
            "evil.example:8080",
            "localhost.:8080",
            "127.0.0.2:8080",
            "0.0.0.0:8080",
            "[::]:8080",
            "::1:8080",
            "user@localhost:8080",
            "evil.example",
        ] {
            assert!(!is_this_machine(host.as_bytes(), 8080), "{host}");
        }
        assert!(is_this_machine(b"localhost", 80) && is_this_machine(b"[::1]:80", 80));
    }
}
