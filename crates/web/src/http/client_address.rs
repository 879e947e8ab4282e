//! Where a request comes from, believing only the proxies that the operator named (D5).
//!
//! Addresses are canonical from here on: an IPv4 address is one, also where the listener is `[::]` and the system writes it
//! `::ffff:192.0.2.1`.

use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;
use std::sync::Once;

use axum::extract::ConnectInfo;
use axum::http::{Extensions, HeaderMap};
use ipnet::{IpNet, Ipv4Net};
use serde::Deserialize;

use crate::http::connections::Connection;

const FORWARDED_FOR: &str = "x-forwarded-for";

/// Addresses of proxies: one, or a range such as `10.0.0.0/8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct ProxyRange(IpNet);

impl ProxyRange {
    /// Whether it has this address.
    pub fn contains(&self, ip: IpAddr) -> bool {
        self.0.contains(&ip.to_canonical())
    }
}

/// A text that names neither an address nor a range of addresses, or all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoRange {
    /// It is neither.
    Unreadable(String),
    /// Everyone would be believed, so everyone could say where they are.
    Everybody(String),
}

impl std::fmt::Display for NoRange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unreadable(text) => {
                write!(f, "`{text}` is neither an IP address nor a range. Use for example 10.0.0.7 or 10.0.0.0/8.")
            }
            Self::Everybody(text) => write!(
                f,
                "`{text}` includes every IP address, so anyone could choose the address that is recorded and limited. \
                 Name only the addresses of your proxies."
            ),
        }
    }
}

impl FromStr for ProxyRange {
    type Err = NoRange;

    fn from_str(text: &str) -> Result<Self, NoRange> {
        let text = text.trim();
        let address = text.parse().map(|ip: IpAddr| IpNet::from(ip)).ok();
        let range = address.or_else(|| text.parse().ok()).ok_or_else(|| NoRange::Unreadable(text.to_owned()))?;
        let range = canonical(range);
        if range.prefix_len() == 0 {
            return Err(NoRange::Everybody(text.to_owned()));
        }
        Ok(Self(range))
    }
}

impl TryFrom<String> for ProxyRange {
    type Error = NoRange;

    fn try_from(text: String) -> Result<Self, NoRange> {
        text.parse()
    }
}

/// A range of IPv4 addresses that is written as one of IPv6 is one of IPv4.
fn canonical(range: IpNet) -> IpNet {
    match (range.addr().to_canonical(), range.prefix_len().checked_sub(96)) {
        (IpAddr::V4(v4), Some(length)) if range.addr().is_ipv6() => Ipv4Net::new(v4, length).map_or(range, IpNet::V4),
        _ => range,
    }
}

/// The proxies whose word is taken for where a request comes from.
pub struct Proxies {
    trusted: Vec<ProxyRange>,
    /// That a stranger sends `X-Forwarded-For` is told once: it may be a proxy that the operator forgot to name.
    strangers_claim: Once,
    /// So is that a proxy of ours does not say for whom it asks.
    silent_proxy: Once,
}

impl Proxies {
    /// These.
    pub fn new(trusted: Vec<ProxyRange>) -> Self {
        Self { trusted, strangers_claim: Once::new(), silent_proxy: Once::new() }
    }

    /// The source address: the peer, or behind trusted proxies the right-most address of `X-Forwarded-For` that is none of
    /// them. `None` where nothing tells the peer.
    pub fn source(&self, headers: &HeaderMap, extensions: &Extensions) -> Option<IpAddr> {
        let peer = extensions.get::<ConnectInfo<Connection>>().map(|info| info.0.peer())?;
        let source = source(peer, &self.trusted, headers);
        if source.is_claim_of_stranger {
            self.strangers_claim.call_once(|| {
                tracing::warn!(
                    %peer,
                    "X-Forwarded-For from {peer} is ignored, so everything that comes through it counts as one \
                     source. If it is your proxy, add it to server.trusted_proxies. This is logged once."
                );
            });
        }
        if source.is_untold {
            self.silent_proxy.call_once(|| {
                tracing::warn!(
                    %peer,
                    "The trusted proxy {peer} sent no readable X-Forwarded-For, so everything that comes through it counts as one \
                     source. Configure it to append the address of each client. This is logged once."
                );
            });
        }
        Some(source.ip)
    }

    /// The same as text; empty where nothing tells the peer.
    pub fn source_text(&self, headers: &HeaderMap, extensions: &Extensions) -> String {
        self.source(headers, extensions).map(|ip| ip.to_string()).unwrap_or_default()
    }
}

struct Source {
    ip: IpAddr,
    is_claim_of_stranger: bool,
    /// The peer is a proxy that we believe, and does not say whom it asks for.
    is_untold: bool,
}

/// Walks from the peer to where the request began, as far as those go who are believed. A hop that cannot be read ends the walk at
/// the peer: what stands before it was not written by whom we believe, or means nothing to us.
fn source(peer: IpAddr, trusted: &[ProxyRange], headers: &HeaderMap) -> Source {
    let peer = peer.to_canonical();
    let is_trusted = |ip: IpAddr| trusted.iter().any(|range| range.contains(ip));
    if !is_trusted(peer) {
        return Source { ip: peer, is_claim_of_stranger: headers.contains_key(FORWARDED_FOR), is_untold: false };
    }
    let lines: Vec<_> = headers.get_all(FORWARDED_FOR).iter().collect();
    let hops = lines.iter().rev().flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b',')).map(hop);
    let mut is_untold = true;
    let mut known = hops.map_while(|hop| {
        is_untold = hop.is_none();
        hop
    });
    let stranger = known.find(|ip| !is_trusted(*ip));
    Source { ip: stranger.unwrap_or(peer), is_claim_of_stranger: false, is_untold }
}

/// The address of a hop: `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:4711`, each also in quotes.
fn hop(text: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(text).ok()?.trim_matches([' ', '\t']);
    let text = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
    let in_brackets = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok().filter(IpAddr::is_ipv6);
    let with_port = || text.parse().ok().map(|address: SocketAddr| address.ip());
    text.parse().ok().or_else(with_port).or_else(in_brackets).map(|ip| ip.to_canonical())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    fn ranges(texts: &[&str]) -> Vec<ProxyRange> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    fn sent(lines: &[&[u8]]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(FORWARDED_FOR, HeaderValue::from_bytes(line).unwrap());
        }
        headers
    }

    fn found(peer: &str, trusted: &[&str], lines: &[&[u8]]) -> String {
        source(peer.parse().unwrap(), &ranges(trusted), &sent(lines)).ip.to_string()
    }

    #[test]
    fn d5_the_last_hop_that_is_no_proxy_is_the_source_however_it_is_written() {
        for written in [
            "203.0.113.7",
            " 203.0.113.7 ",
            "203.0.113.7:51234",
            "\"203.0.113.7\"",
            "\"203.0.113.7:51234\"",
            "::ffff:203.0.113.7",
            "[::ffff:203.0.113.7]:9",
            "203.0.113.7, 10.1.2.3",
            "203.0.113.7:1, \"[::ffff:10.1.2.3]:80\"",
        ] {
            let line = format!("6.6.6.6, {written}");
            assert_eq!(found("127.0.0.1", &["127.0.0.1", "10.0.0.0/8"], &[line.as_bytes()]), "203.0.113.7", "{line}");
        }
        for written in ["2001:db8::7", "[2001:db8::7]", "[2001:db8::7]:443", "\"[2001:DB8::7]:443\""] {
            let line = format!("6.6.6.6,{written}");
            assert_eq!(found("::1", &["::1"], &[line.as_bytes()]), "2001:db8::7", "{line}");
        }
        assert_eq!(found("127.0.0.1", &["127.0.0.1"], &[b"6.6.6.6", b"203.0.113.7"]), "203.0.113.7", "on two lines");
    }

    #[test]
    fn d5_a_hop_that_cannot_be_read_ends_the_walk_at_the_peer() {
        for last in
            ["unknown", "_hidden", "", "203.0.113.7:99999", "203.0.113", "[203.0.113.7]", "\"203.0.113.7", "[::1"]
        {
            let line = format!("6.6.6.6, {last}");
            assert_eq!(found("10.0.0.9", &["10.0.0.0/8"], &[line.as_bytes()]), "10.0.0.9", "{line}");
            let line = format!("6.6.6.6, {last}, 10.0.0.8");
            assert_eq!(found("10.0.0.9", &["10.0.0.0/8"], &[line.as_bytes()]), "10.0.0.9", "{line}");
        }
        assert_eq!(found("10.0.0.9", &["10.0.0.0/8"], &[b"6.6.6.6", b"\xff\xfe"]), "10.0.0.9", "no text");
        assert_eq!(found("10.0.0.9", &["10.0.0.0/8"], &[b"6.6.6.6", b""]), "10.0.0.9", "an empty line");
        assert_eq!(found("10.0.0.9", &["10.0.0.0/8"], &[b"10.0.0.7, 10.0.0.8"]), "10.0.0.9", "proxies only");
        assert_eq!(found("10.0.0.9", &["10.0.0.0/8"], &[]), "10.0.0.9", "no header");
    }

    #[test]
    fn d5_a_stranger_is_not_believed_and_their_claim_is_noticed() {
        let trusted = ranges(&["10.0.0.0/8"]);
        let claimed = source([192, 0, 2, 1].into(), &trusted, &sent(&[b"6.6.6.6"]));
        assert_eq!((claimed.ip.to_string().as_str(), claimed.is_claim_of_stranger), ("192.0.2.1", true));
        assert!(!source([192, 0, 2, 1].into(), &trusted, &sent(&[])).is_claim_of_stranger);
        assert!(!source([10, 0, 0, 1].into(), &trusted, &sent(&[b"6.6.6.6"])).is_claim_of_stranger);
    }

    #[test]
    fn d5_a_proxy_that_does_not_say_whom_it_asks_for_is_noticed() {
        let trusted = ranges(&["10.0.0.0/8"]);
        let is_untold = |peer: [u8; 4], lines: &[&[u8]]| source(peer.into(), &trusted, &sent(lines)).is_untold;
        for lines in [&[][..], &[b"unknown".as_slice()], &[b"203.0.113.7, "], &[b"203.0.113.7", b""]] {
            assert!(is_untold([10, 0, 0, 1], lines), "{lines:?}");
            assert!(!is_untold([192, 0, 2, 1], lines), "no proxy of ours: {lines:?}");
        }
        assert!(!is_untold([10, 0, 0, 1], &[b"unknown, 203.0.113.7"]) && !is_untold([10, 0, 0, 1], &[b"10.0.0.2"]));
    }

    #[test]
    fn addresses_and_ranges_are_the_same_in_both_writings() {
        for (range, inside, outside) in [
            ("127.0.0.1", "::ffff:127.0.0.1", "127.0.0.2"),
            ("::ffff:127.0.0.1", "127.0.0.1", "127.0.0.2"),
            ("::ffff:10.0.0.0/104", "10.9.9.9", "11.0.0.0"),
            ("10.0.0.7/8", "::ffff:10.255.0.1", "9.255.255.255"),
            ("fd00::/8", "fdff::1", "fc00::1"),
            ("0.0.0.0/1", "::ffff:8.8.8.8", "2001:db8::1"),
        ] {
            let parsed: ProxyRange = range.parse().unwrap();
            assert!(parsed.contains(inside.parse().unwrap()), "{range} has {inside}");
            assert!(!parsed.contains(outside.parse().unwrap()), "{range} has not {outside}");
        }
        for wrong in ["", "localhost", "10.0.0.0/33", "10.0.0.1:80", "10.0.0.0/", "10.0.0/8"] {
            assert!(wrong.parse::<ProxyRange>().unwrap_err().to_string().contains("10.0.0.0/8"), "{wrong}");
        }
    }

    #[test]
    fn d5_everybody_is_no_proxy() {
        for everybody in ["0.0.0.0/0", "::/0", "::ffff:0.0.0.0/96", "10.0.0.7/0"] {
            let refused = everybody.parse::<ProxyRange>().unwrap_err().to_string();
            assert!(refused.contains("every IP address"), "{refused}");
        }
    }

    fn written(ip: IpAddr, how: usize, port: u16) -> String {
        let bare = match ip {
            IpAddr::V4(v4) if how % 2 == 1 => format!("[{}]", v4.to_ipv6_mapped()),
            IpAddr::V4(v4) => v4.to_string(),
            IpAddr::V6(v6) => format!("[{v6}]"),
        };
        match how % 4 {
            0 => ip.to_string(),
            1 => format!("{bare}:{port}"),
            2 => format!("\"{bare}\""),
            _ => format!("\"{bare}:{port}\""),
        }
    }

    proptest! {
        /// Whatever a client claims: the source is whom the outermost of our proxies saw.
        #[test]
        fn d5_no_claim_of_a_client_changes_the_source(
            claim in "[^\\r\\n\\x00-\\x1f\\x7f]{0,60}", v4: [u8; 4], v6: [u8; 16], is_v6: bool, how in 0usize..4, port: u16,
            proxies in 0u8..4, on_own_line: bool,
        ) {
            let trusted = ranges(&["10.0.0.0/8", "fd00::/16"]);
            let client = if is_v6 { IpAddr::from(v6) } else { IpAddr::from(v4) }.to_canonical();
            prop_assume!(!trusted.iter().any(|range| range.contains(client)));
            let mut hops = vec![written(client, how, port)];
            hops.extend((0..proxies).map(|number| written([10, 0, 0, number].into(), how, port)));
            let true_part = hops.join(", ");
            let joined = format!("{claim},{true_part}");
            let lines: Vec<&[u8]> = if on_own_line { vec![claim.as_bytes(), true_part.as_bytes()] } else { vec![joined.as_bytes()] };
            prop_assert_eq!(source([10, 9, 9, 9].into(), &trusted, &sent(&lines)).ip, client);
            // And what one of our proxies could not name is no one's but that proxy's.
            let hidden = format!("{claim}, unknown, 10.0.0.1");
            prop_assert_eq!(source([10, 9, 9, 9].into(), &trusted, &sent(&[hidden.as_bytes()])).ip, IpAddr::from([10, 9, 9, 9]));
        }
    }
}
