//! Slows down guessing of passwords without giving anyone a way to lock someone else out (L4).
//!
//! Four counters per try of someone unknown: the source with the address (strict: a few mistakes are free, then the pause doubles), the
//! address alone (wide: it catches one address tried from many sources), and of the source alone its mistakes and the
//! different addresses they are for (P22). So an office behind one address may mistype what its people are called as often
//! as people do, and a program that tries many addresses from one source is stopped early.
//!
//! A browser that signed in as this person before, or is signed in as them now, has one strict counter of its own in place of these, that
//! no one else fills or empties: whoever owns the address gets in while it is under attack, also from the next desk. No one guesses more by
//! it, as only a password that was right makes a browser known, and for that person alone. With another browser the owner gets in after a
//! new password by mail, which proves as much.

use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;

use domain::core::email_address::EmailAddress;
use domain::core::failure::Failure;
use domain::core::timestamp::{Seconds, Timestamp};
use domain::sign_in::Throttled;
use store::Tx;
use store::installation::{Installation, Throttle};

use crate::core::app::App;
use crate::core::secrets::Token;

/// Mistakes with one address are forgotten when there were no others for so long; those of a source alone, and other things
/// that may happen so often, are counted in spans of it.
const HOUR: Seconds = Seconds::hours(1);
/// Mistakes with one address from one source, or of one known browser, that are free.
const FREE_STRICT: i64 = 5;
/// Mistakes with one address that are free.
const FREE_WIDE: i64 = 50;
/// Mistakes of one source within an hour: an office behind one address makes some, too (P22).
const MISTAKES_PER_SOURCE_HOUR: i64 = 300;
/// What an IPv6 site may take, as a multiple of what one of its networks may: whoever has a /48 has 65,536 networks, and must not have as
/// many sources.
pub const NETWORKS_OF_A_SITE: NonZeroU32 = match NonZeroU32::new(5) {
    Some(five) => five,
    None => NonZeroU32::MIN,
};
/// Different addresses that one source makes them for within an hour (P22). Also what is kept of a source: a row for each.
const ADDRESSES_PER_SOURCE_HOUR: i64 = 30;
const LONGEST_PAUSE: u32 = 900;

/// The counters of one try.
#[derive(Debug, Clone)]
pub struct Counters {
    strict: String,
    /// Those that others fill, too; none for whoever is known.
    shared: Option<Shared>,
}

#[derive(Debug, Clone)]
struct Shared {
    wide: String,
    source: String,
    /// The same for the site around it, where its owner has many networks.
    site: Option<String>,
    /// How many addresses the source tried.
    addresses: String,
    /// Whether this one is among them.
    tried: String,
}

impl Counters {
    /// The counters for an address tried from a source, by a browser that is known for it where `known` names it: as the hash of its
    /// device token, or the session that it is signed in by.
    pub fn new(app: &App, email: &EmailAddress, ip: &str, known: Option<&str>) -> Self {
        let address = app.key.pseudonym("address", email.as_str());
        if let Some(browser) = known {
            return Self { strict: strict_of_known(app, &address, browser), shared: None };
        }
        let source = app.key.pseudonym("source", &network_of(ip));
        let shared = Shared {
            wide: format!("wide:{address}"),
            source: format!("source:{source}"),
            site: site_of(ip).map(|site| format!("site:{}", app.key.pseudonym("source", &site))),
            addresses: format!("addresses:{source}"),
            tried: format!("tried:{source}:{address}"),
        };
        Self { strict: format!("near:{address}:{source}"), shared: Some(shared) }
    }

    /// Looks at a password that someone typed. The try is counted before, so that many at once cannot all slip through, and
    /// is counted no more where the machine was too busy to look: that is no one's mistake.
    ///
    /// # Errors
    /// 429 with the seconds to wait; 503 when the machine has more passwords to check than it can.
    pub async fn try_password(&self, app: &App, typed: &str, hash: Option<String>) -> Result<bool, Failure> {
        let mut tx = app.upkeep("a try is counted").await?;
        self.take(&mut tx, app.clock.now()).await?;
        tx.commit().await?;
        let looked = app.passwords.verify(typed, hash).await;
        if looked.is_err() {
            let mut tx = app.upkeep("a try that could not be checked is not counted").await?;
            Installation(&mut tx).forgive(&self.strict).await?;
            self.forgive(&mut tx).await?;
            tx.commit().await?;
        }
        looked
    }

    async fn take(&self, tx: &mut Tx, now: Timestamp) -> Result<(), Failure> {
        take_with_pauses(tx, &self.strict, FREE_STRICT, now).await?;
        let Some(shared) = &self.shared else { return Ok(()) };
        take_with_pauses(tx, &shared.wide, FREE_WIDE, now).await?;
        if let Some(site) = &shared.site {
            within(
                count_within_hour(tx, site, now).await?,
                MISTAKES_PER_SOURCE_HOUR * i64::from(NETWORKS_OF_A_SITE.get()),
                now,
            )?;
        }
        // Whoever counts for this source holds its row first, so the two counters behind it are counted by one at a time.
        let hour = within(count_within_hour(tx, &shared.source, now).await?, MISTAKES_PER_SOURCE_HOUR, now)?;
        if count_until(tx, &shared.tried, hour, now).await?.count == 1 {
            within(count_until(tx, &shared.addresses, hour, now).await?, ADDRESSES_PER_SOURCE_HOUR, now)?;
        }
        Ok(())
    }

    /// The try was a success: it was no guess, and the mistakes with this address from this source, or of this known browser, are
    /// forgotten. What others got wrong with the same address or from the same source stays counted.
    pub async fn succeeded(&self, tx: &mut Tx) -> Result<(), Failure> {
        Installation(tx).clear_throttle(&self.strict).await?;
        self.forgive(tx).await
    }

    async fn forgive(&self, tx: &mut Tx) -> Result<(), Failure> {
        let Some(shared) = &self.shared else { return Ok(()) };
        Installation(tx).forgive(&shared.wide).await?;
        Installation(tx).forgive(&shared.source).await?;
        if let Some(site) = &shared.site {
            Installation(tx).forgive(site).await?;
        }
        if Installation(tx).forgive(&shared.tried).await? == Some(0) {
            Installation(tx).forgive(&shared.addresses).await?;
        }
        Ok(())
    }
}

/// Forgets what was got wrong with this address from this source, in this browser, and in all: whoever tries next is its owner, who proved
/// to read the mailbox.
pub(crate) async fn forget(
    app: &App,
    tx: &mut Tx,
    email: &EmailAddress,
    ip: &str,
    device: &Token,
) -> Result<(), Failure> {
    let address = app.key.pseudonym("address", email.as_str());
    let counters = Counters::new(app, email, ip, None);
    let wide = counters.shared.map(|shared| shared.wide);
    for key in [counters.strict, strict_of_known(app, &address, &device.hash())].into_iter().chain(wide) {
        Installation(tx).clear_throttle(&key).await?;
    }
    Ok(())
}

fn strict_of_known(app: &App, address: &str, browser: &str) -> String {
    format!("known:{address}:{}", app.key.pseudonym("browser", browser))
}

async fn take_with_pauses(tx: &mut Tx, key: &str, free: i64, now: Timestamp) -> Result<(), Failure> {
    let before = Installation(tx).hold_throttle(key, now).await?;
    if before.count > free && before.free_at > now {
        return Err(too_early(before.free_at, now));
    }
    let count = before.count + 1;
    let throttle = Throttle { count, free_at: now.plus(pause(count - free)) };
    Ok(Installation(tx).set_throttle(key, throttle, now.plus(HOUR)).await?)
}

/// Increments an hourly counter. Returns the count and when it resets.
pub(crate) async fn count_within_hour(tx: &mut Tx, key: &str, now: Timestamp) -> Result<Throttle, Failure> {
    count_until(tx, key, now.plus(HOUR), now).await
}

/// The same, where counting begins anew at `end` for whom it begins now.
async fn count_until(tx: &mut Tx, key: &str, end: Timestamp, now: Timestamp) -> Result<Throttle, Failure> {
    let before = Installation(tx).hold_throttle(key, now).await?;
    let free_at = if before.count == 0 { end } else { before.free_at };
    let counted = Throttle { count: before.count + 1, free_at };
    Installation(tx).set_throttle(key, counted, free_at).await?;
    Ok(counted)
}

/// The end of the span of a counter that is within its limit.
fn within(counted: Throttle, most: i64, now: Timestamp) -> Result<Timestamp, Failure> {
    if counted.count > most { Err(too_early(counted.free_at, now)) } else { Ok(counted.free_at) }
}

fn too_early(free_at: Timestamp, now: Timestamp) -> Failure {
    let wait = u32::try_from(free_at.seconds_since(now)).unwrap_or(u32::MAX);
    Throttled { wait: Seconds(wait.saturating_add(1)) }.into()
}

/// 0 while mistakes are free, then 1 s, 2 s, 4 s … up to 15 minutes.
fn pause(beyond: i64) -> Seconds {
    match u32::try_from(beyond) {
        Ok(0) | Err(_) => Seconds(0),
        Ok(beyond) => Seconds(1_u32.checked_shl(beyond - 1).unwrap_or(LONGEST_PAUSE).clamp(1, LONGEST_PAUSE)),
    }
}

/// The network of a source: an IPv6 subscriber has a /64, an IPv4 one an address.
pub fn network(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64).into(),
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// The same as text; what is no address stays as it is.
pub fn network_of(ip: &str) -> String {
    ip.parse().map_or_else(|_| ip.to_owned(), |ip| network(ip).to_string())
}

/// Counts one more request of a source, and of the site around it. Whether it is within both; `kind` names what is counted.
pub(crate) async fn is_within_source_hour(
    app: &App,
    tx: &mut Tx,
    kind: &str,
    ip: &str,
    most: i64,
    now: Timestamp,
) -> Result<bool, Failure> {
    if let Some(site) = site_of(ip) {
        let key = format!("{kind}-site:{}", app.key.pseudonym("source", &site));
        if count_within_hour(tx, &key, now).await?.count > most * i64::from(NETWORKS_OF_A_SITE.get()) {
            return Ok(false);
        }
    }
    let key = format!("{kind}-source:{}", app.key.pseudonym("source", &network_of(ip)));
    Ok(count_within_hour(tx, &key, now).await?.count <= most)
}

/// The site around an IPv6 source, a /48: what is handed out to one customer at most. IPv4 has none.
pub fn site(ip: IpAddr) -> Option<IpAddr> {
    match ip.to_canonical() {
        IpAddr::V6(v6) => Some(Ipv6Addr::from_bits(v6.to_bits() >> 80 << 80).into()),
        IpAddr::V4(_) => None,
    }
}

fn site_of(ip: &str) -> Option<String> {
    site(ip.parse().ok()?).map(|site| site.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn l4_a_few_mistakes_are_free_then_the_pause_doubles_up_to_a_quarter_of_an_hour() {
        let pauses: Vec<u32> = [-4, 0, 1, 2, 3, 10, 11, 40, 200].into_iter().map(|beyond| pause(beyond).0).collect();
        assert_eq!(pauses, [0, 0, 1, 2, 4, 512, 900, 900, 900]);
    }

    #[test]
    fn sources_of_one_subscriber_count_as_one() {
        assert_eq!(network_of("2001:db8:1:2:3:4:5:6"), network_of("2001:db8:1:2::9"));
        assert_ne!(network_of("2001:db8:1:2::9"), network_of("2001:db8:1:3::9"));
        assert_eq!(network_of("::ffff:192.0.2.1"), "192.0.2.1");
        assert_eq!(site_of("2001:db8:1:2::9"), site_of("2001:db8:1:ffff::1"));
        assert_ne!(site_of("2001:db8:1:2::9"), site_of("2001:db8:2:2::9"));
        assert_eq!((site_of("192.0.2.1"), site_of("::ffff:192.0.2.1")), (None, None));
    }
}
