//! Lets connections in.

use std::collections::HashMap;
use std::io::{Error, ErrorKind};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::serve::Listener;
use service::throttle::network;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use super::watched::Watched;
use super::{Connection, ConnectionLimits, now};
use crate::client_address::ProxyRange;
use crate::site::WebSettings;

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

/// The connections of each source network that has any.
type Sources = Mutex<HashMap<IpAddr, usize>>;

impl Gate {
    /// One in front of a listener.
    pub fn new(listener: TcpListener, settings: &WebSettings) -> Self {
        let limits = settings.connections;
        Self {
            listener,
            limits,
            trusted: settings.trusted_proxies.clone(),
            places: Arc::new(Semaphore::new(limits.most.min(Semaphore::MAX_PERMITS))),
            sources: Arc::default(),
            full: SeldomTold::default(),
            crowded: SeldomTold::default(),
            broken: SeldomTold::default(),
        }
    }

    /// One of the places for all; waits while there is none, and so do those who connect meanwhile.
    async fn place(&mut self) -> Option<OwnedSemaphorePermit> {
        if let Ok(place) = Arc::clone(&self.places).try_acquire_owned() {
            return Some(place);
        }
        if let Some(times) = self.full.again() {
            let most = self.limits.most;
            tracing::warn!(most, times, "all connections are taken (limits.connections), others wait until one ends");
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
                        tracing::error!(%error, times, "no connection can be taken");
                    }
                    // Of descriptors there may be more in a second.
                    tokio::time::sleep_until(now() + Duration::from_secs(1)).await;
                }
            }
        }
    }

    /// Counts one more of a source, unless it has as many as it may. A proxy brings the connections of everybody.
    fn seat(&mut self, peer: IpAddr) -> Result<Seat, IpAddr> {
        let source = (!self.trusted.iter().any(|range| range.contains(peer))).then(|| network(peer));
        if let Some(source) = source {
            let mut sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
            let count = sources.entry(source).or_default();
            if *count >= self.limits.per_source {
                return Err(source);
            }
            *count += 1;
        }
        Ok(Seat { source, sources: Arc::clone(&self.sources) })
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
                Err(source) => {
                    drop(stream);
                    if let Some(times) = self.crowded.again() {
                        let most = self.limits.per_source;
                        tracing::warn!(
                            %source, most, times,
                            "a source has as many connections as it may (limits.connections_per_source), more were closed; if it \
                             is a proxy of yours, name it in server.trusted_proxies"
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

/// One of the connections of a source, until it is dropped.
#[derive(Debug)]
pub struct Seat {
    source: Option<IpAddr>,
    sources: Arc<Sources>,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let Some(source) = self.source else { return };
        let mut sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = sources.get_mut(&source) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                sources.remove(&source);
            }
        }
    }
}

fn concerns_one_connection(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::ConnectionRefused | ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset)
}

/// Something that is told once in a while, however often it happens: whoever can bring it about must not fill the disk.
#[derive(Debug, Default)]
struct SeldomTold {
    last: Option<Instant>,
    times: u64,
}

impl SeldomTold {
    const PAUSE: Duration = Duration::from_secs(60);

    /// Notes that it happened again; gives how often since it was told, when it is to be told now.
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

    #[test]
    fn what_happens_often_is_told_once_in_a_while() {
        let mut told = SeldomTold::default();
        assert_eq!(told.again(), Some(1));
        assert_eq!((1..=1_000).filter_map(|_| told.again()).count(), 0);
        told.last = now().checked_sub(SeldomTold::PAUSE);
        assert_eq!(told.again(), Some(1_001));
    }
}
