//! Where a request comes from, believing only the proxies that the operator named (D5).

use std::net::{IpAddr, SocketAddr};

use axum::extract::ConnectInfo;
use axum::http::{Extensions, HeaderMap};

use crate::site::Site;

/// The source address: the peer, or behind trusted proxies the right-most address of `X-Forwarded-For` that is none of
/// them. `None` where nothing tells the peer.
pub fn ip(site: &Site, headers: &HeaderMap, extensions: &Extensions) -> Option<IpAddr> {
    let peer = extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip())?;
    let trusted = |ip: &IpAddr| site.settings.trusted_proxies.contains(ip);
    if !trusted(&peer) {
        return Some(peer);
    }
    let lines = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let hops = lines.flat_map(|value| value.split(',')).filter_map(|hop| hop.trim().parse().ok());
    Some(hops.rev().find(|hop| !trusted(hop)).unwrap_or(peer))
}

/// The same as text; empty where nothing tells the peer.
pub fn of(site: &Site, headers: &HeaderMap, extensions: &Extensions) -> String {
    ip(site, headers, extensions).map(|ip| ip.to_string()).unwrap_or_default()
}
