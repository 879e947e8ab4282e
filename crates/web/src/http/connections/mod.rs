//! Connections: how many there may be, and when one that does nothing is closed.
//!
//! A client that opens connections and sends nothing, or sends a request byte by byte, must not be able to keep everyone else out:
//! each has little time for its next request, no source has more than its share, and all together leave room for the database.

pub mod gate;
mod seat;
mod watched;

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::extract::connect_info::ConnectInfo;
use axum::http::Extensions;
use axum::response::Response;
use http_body_util::BodyExt;
use tokio::time::Instant;

/// What connections may take.
#[derive(Debug, Clone, Copy)]
pub struct ConnectionLimits {
    /// Connections open at a time. Further ones wait until there is room.
    pub most: usize,
    /// Connections open at a time from one source network, not counting trusted proxies. Further ones are closed.
    pub per_source: usize,
    /// How long the head of a request may take, from its first byte on; of the first request, from the connection on.
    pub head: Duration,
    /// How long a connection may be silent after a request.
    pub idle: Duration,
}

impl ConnectionLimits {
    /// Connections open at a time from one IPv6 site: several networks' worth, but never so many that none are left for others.
    pub(crate) fn per_site(&self) -> usize {
        const NETWORKS: usize = 4;
        self.per_source.saturating_mul(NETWORKS).min(self.most / 2).max(self.per_source)
    }
}

impl Default for ConnectionLimits {
    fn default() -> Self {
        Self {
            most: 4_096,
            per_source: 256,
            head: Duration::from_secs(10),
            // Longer than proxies keep connections that they do not use (nginx a minute, Caddy two): they end them, not we.
            idle: Duration::from_secs(150),
        }
    }
}

/// A connection, as the requests on it know it.
#[derive(Debug, Clone)]
pub struct Connection(Arc<State>);

#[derive(Debug)]
struct State {
    peer: IpAddr,
    /// Requests whose head was read, so far.
    begun: AtomicUsize,
    /// Those of them that are not answered yet.
    running: AtomicUsize,
    /// Counts whatever came of requests: that one was answered, that a piece of an answer was taken.
    moved: AtomicUsize,
}

impl Connection {
    fn new(peer: IpAddr) -> Self {
        Self(Arc::new(State {
            peer,
            begun: AtomicUsize::new(0),
            running: AtomicUsize::new(0),
            moved: AtomicUsize::new(0),
        }))
    }

    /// Who is at the other end: a client or a proxy.
    pub fn peer(&self) -> IpAddr {
        self.0.peer
    }

    fn moves(&self) {
        self.0.moved.fetch_add(1, Ordering::Relaxed);
    }

    fn begin(&self) -> Running {
        self.0.begun.fetch_add(1, Ordering::Relaxed);
        self.0.running.fetch_add(1, Ordering::Relaxed);
        Running(self.clone())
    }
}

/// A request that is not answered yet: as long as this is held, its connection is not idle.
#[derive(Debug)]
pub struct Running(Connection);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.0.running.fetch_sub(1, Ordering::Relaxed);
        self.0.moves();
    }
}

impl Running {
    /// The answer, which is followed while it is written: as long as pieces of it are taken, its connection is not idle either.
    pub fn follow(&self, answer: Response) -> Response {
        // What is there as a whole is taken as a whole.
        if answer.body().size_hint().exact().is_some() {
            return answer;
        }
        let connection = self.0.clone();
        answer.map(|body| {
            Body::new(body.map_frame(move |frame| {
                connection.moves();
                frame
            }))
        })
    }
}

/// Notes that a request begins, where its connection is known.
pub fn begin(extensions: &Extensions) -> Option<Running> {
    extensions.get::<ConnectInfo<Connection>>().map(|info| info.0.begin())
}

#[expect(clippy::disallowed_methods, reason = "how long a socket is silent is no matter of the installation's clock")]
pub(in crate::http) fn now() -> Instant {
    Instant::now()
}
