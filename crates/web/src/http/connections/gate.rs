//! Lets connections in.

use std::io::{Error, ErrorKind};
use std::net::IpAddr;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use service::sign_in::throttle::{network, site};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use super::watched::Watched;
use super::{Connection, ConnectionLimits, now};
use crate::http::client_address::ProxyRange;
use crate::http::connections::seat::{Seat, Source, Sources};

/// A listener that keeps to the limits.
#[derive(Debug)]
pub struct Gate {
    listener: TcpListener,
    limits: ConnectionLimits,
    trusted: Vec<ProxyRange>,
    places: Arc<Semaphore>,
    sources: Arc<Sources>,
    full: SeldomTold,
    crowded: SeldomTold,
    broken: SeldomTold,
}

impl Gate {
    /// One in front of a listener.
    pub fn new(listener: TcpListener, limits: ConnectionLimits, trusted: Vec<ProxyRange>) -> Self {
        Self {
            listener,
            limits,
            trusted,
            places: Arc::new(Semaphore::new(limits.most.min(Semaphore::MAX_PERMITS))),
            sources: Arc::default(),
            full: SeldomTold::default(),
            crowded: SeldomTold::default(),
            broken: SeldomTold::default(),
        }
    }

    /// Takes one of the shared connection slots, waiting until one is free.
    async fn place(&mut self) -> Option<OwnedSemaphorePermit> {
        if let Ok(place) = Arc::clone(&self.places).try_acquire_owned() {
            return Some(place);
        }
        if let Some(times) = self.full.again() {
            let most = self.limits.most;
            tracing::warn!(most, times, "All connections are in use (limits.connections). Others wait until one ends.");
        }
        Arc::clone(&self.places).acquire_owned().await.ok()
    }

    async fn connected(&mut self) -> (TcpStream, IpAddr) {
        loop {
            match self.listener.accept().await {
                Ok((stream, peer)) => return (stream, peer.ip().to_canonical()),
                Err(error) if concerns_one_connection(&error) => {}
                Err(error) => {
                    if let Some(times) = self.broken.again() {
                        tracing::error!(%error, times, "No connection can be accepted.");
                    }
                    // Of descriptors there may be more in a second.
                    tokio::time::sleep_until(now() + Duration::from_secs(1)).await;
                }
            }
        }
    }

    /// Counts one more of a source, unless it has as many as it may. A proxy brings the connections of everyone.
    fn seat(&mut self, peer: IpAddr) -> Result<Seat, IpAddr> {
        if self.trusted.iter().any(|range| range.contains(peer)) {
            return Ok(Seat { held: Vec::new(), sources: Arc::clone(&self.sources) });
        }
        let network = (Source::Network(network(peer)), self.limits.per_source);
        let site = site(peer).map(|site| (Source::Site(site), self.limits.per_site()));
        let mut sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
        let is_full = |(source, most): &(Source, usize)| sources.get(source).is_some_and(|count| count >= most);
        if [Some(network), site].iter().flatten().any(is_full) {
            return Err(peer);
        }
        let held: Vec<Source> = [Some(network), site].into_iter().flatten().map(|(source, _)| source).collect();
        for source in &held {
            *sources.entry(*source).or_default() += 1;
        }
        Ok(Seat { held, sources: Arc::clone(&self.sources) })
    }
}

impl Listener for Gate {
    type Io = Watched;
    type Addr = Connection;

    async fn accept(&mut self) -> (Watched, Connection) {
        loop {
            let place = self.place().await;
            let (stream, peer) = self.connected().await;
            match self.seat(peer) {
                Ok(seat) => {
                    let connection = Connection::new(peer);
                    return (Watched::new(stream, connection.clone(), self.limits, (place, seat)), connection);
                }
                Err(peer) => {
                    drop(stream);
                    let source = network(peer);
                    if let Some(times) = self.crowded.again() {
                        let most = self.limits.per_source;
                        tracing::warn!(
                            %source, most, times,
                            "A source reached its connection limit (limits.connections_per_source), and further \
                             connections were closed. If it is your proxy, add it to server.trusted_proxies."
                        );
                    }
                }
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<Connection> {
        Ok(Connection::new(self.listener.local_addr()?.ip()))
    }
}

impl Connected<IncomingStream<'_, Gate>> for Connection {
    fn connect_info(stream: IncomingStream<'_, Gate>) -> Self {
        stream.remote_addr().clone()
    }
}

fn concerns_one_connection(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::ConnectionRefused | ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset)
}

/// A log line that is written once in a while, however often its cause occurs: whoever can cause it must not fill the disk.
#[derive(Debug, Default)]
struct SeldomTold {
    last: Option<Instant>,
    times: u64,
}

impl SeldomTold {
    const PAUSE: Duration = Duration::from_secs(60);

    /// Counts an occurrence. Returns the number since the last log line if a new line is due.
    fn again(&mut self) -> Option<u64> {
        self.times += 1;
        let now = now();
        if self.last.is_some_and(|last| now.duration_since(last) < Self::PAUSE) {
            return None;
        }
        self.last = Some(now);
        Some(std::mem::take(&mut self.times))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn l4_a_whole_ipv6_site_has_no_more_connections_than_a_few_networks_may() {
        let limits = ConnectionLimits { most: 100, per_source: 4, ..ConnectionLimits::default() };
        let mut gate = Gate::new(TcpListener::bind("127.0.0.1:0").await.unwrap(), limits, Vec::new());
        let from = |network: u8| -> IpAddr { format!("2001:db8:1:{network:x}::1").parse().unwrap() };
        let mut seats: Vec<Seat> = (0..20)
            .flat_map(|network| (0..6).map(move |_| network))
            .filter_map(|network| gate.seat(from(network)).ok())
            .collect();
        assert_eq!(seats.len(), 16, "four of each network, and of four networks");
        assert!(
            gate.seat("2001:db8:2:1::1".parse().unwrap()).is_ok() && gate.seat("192.0.2.1".parse().unwrap()).is_ok()
        );
        seats.pop();
        assert!(gate.seat(from(9)).is_ok());
        seats.clear();
        assert!(gate.sources.lock().unwrap().is_empty(), "nothing is kept of whoever left");
    }

    #[test]
    fn what_happens_often_is_told_once_in_a_while() {
        let mut told = SeldomTold::default();
        assert_eq!(told.again(), Some(1));
        assert_eq!((1..=1_000).filter_map(|_| told.again()).count(), 0);
        told.last = now().checked_sub(SeldomTold::PAUSE);
        assert_eq!(told.again(), Some(1_001));
    }
}
