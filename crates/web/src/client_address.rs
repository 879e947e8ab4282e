//! Where a request comes from, believing only the proxies that the operator named (D5).

use std::net::{IpAddr, SocketAddr};

use axum::extract::ConnectInfo;
use axum::http::{Extensions, HeaderMap};

use crate::site::Site;

/// The source address: the peer, or behind trusted proxies the right-most address of `X-Forwarded-For` that is none of them.
pub fn of(site: &Site, headers: &HeaderMap, extensions: &Extensions) -> String {
    let peer = extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let Some(peer) = peer else { return String::new() };
    let trusted = |ip: &IpAddr| site.settings.trusted_proxies.contains(ip);
    if !trusted(&peer) {
        return peer.to_string();
    }
    let hops = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    let hops: Vec<IpAddr> = hops.filter_map(|hop| hop.trim().parse().ok()).collect();
    hops.into_iter().rev().find(|hop| !trusted(hop)).unwrap_or(peer).to_string()
}
