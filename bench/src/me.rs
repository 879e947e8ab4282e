//! `GET /api/v1/me` with a session against a bare axum handler that answers JSON of the same size, in the same process.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use axum::routing::get;
use axum::{Json, Router};
use serde_json::json;
use tokio::net::TcpListener;

use crate::Outcome;
use crate::http::{Connection, load, median, processor_time, request};
use crate::site::Site;

const CONNECTIONS: usize = 32;
const ROUND: Duration = Duration::from_secs(2);

pub async fn run() -> Outcome {
    let site = Site::start(1).await;
    let bare = bare().await;
    let headers = [("cookie", site.cookie.as_str())];
    let me = vec![request("GET", "/api/v1/me", &headers, "")];
    let plain = vec![request("GET", "/", &headers, "")];
    let mut connection = Connection::open(site.address).await;
    assert_eq!(connection.ask(&me[0]).await.0, 200, "{}", connection.body());

    let before = site.app.db.statements();
    let (mut ratios, mut costs, mut rates) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..5 {
        let (of_bare, cost_of_bare) = measure(bare, &plain).await;
        let (of_me, cost_of_me) = measure(site.address, &me).await;
        ratios.push(of_me / of_bare);
        costs.push(cost_of_me - cost_of_bare);
        rates.push(of_me);
    }
    println!("me: {:.0}/s, {:.2} of a bare handler (at least 0.70 wanted)", median(rates), median(ratios));
    println!("me: {:.1} µs of processor more than a bare handler, client included in both", median(costs) * 1e6);
    println!("me: {} statements (none wanted)", site.app.db.statements() - before);
    Ok(())
}

/// Answers per second, and seconds of processor per answer.
async fn measure(to: SocketAddr, requests: &[Vec<u8>]) -> (f64, f64) {
    let before = processor_time();
    let load = load(to, CONNECTIONS, requests, 200, ROUND).await;
    let used = processor_time() - before;
    assert_eq!(load.other, 0);
    (load.rate(), used.as_secs_f64() / load.good as f64)
}

async fn bare() -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let answer = || async {
        Json(
            json!({ "id": "idn_01jgftw0000000000000000000", "email": "admin@bench.example", "name": "Ada Admin", "locale": "en" }),
        )
    };
    let router = Router::new().route("/", get(answer));
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}
