//! Slows down guessing of passwords without a way to lock somebody else out (L4).
//!
//! Two counters per try: the source with the address (strict: a few mistakes are free, then the pause doubles), and the
//! address alone (wide: it catches one address tried from many sources). A browser that signed in as this person before
//! is exempt from the second, so whoever owns the address gets in while it is under attack.

use std::net::{IpAddr, Ipv6Addr};

use domain::email_address::EmailAddress;
use domain::refusal::{Kind, Rule};
use domain::timestamp::{Seconds, Timestamp};
use store::Tx;
use store::installation::{Installation, Throttle};

use crate::app::App;
use crate::failure::Failure;

const FORGET_AFTER: Seconds = Seconds::hours(1);
const LONGEST_PAUSE: u32 = 900;

/// Too many failed tries.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("too many sign-ins failed; wait {seconds} seconds and try again, or use «forgot password»")]
pub struct Throttled {
    /// How long to wait.
    pub seconds: u64,
}

impl Rule for Throttled {
    fn refusal(&self) -> (Kind, &'static str) {
        (Kind::TooOften, "too_many_sign_ins")
    }
}

/// The counters of one try.
#[derive(Debug, Clone)]
pub struct Counters {
    near: String,
    wide: Option<String>,
}

impl Counters {
    /// The counters for an address tried from a source; `known_device` lifts the wide one.
    pub fn new(app: &App, email: &EmailAddress, ip: &str, known_device: bool) -> Self {
        let address = app.key.pseudonym("address", email.as_str());
        let source = app.key.pseudonym("source", &network_of(ip));
        Self { near: format!("near:{address}:{source}"), wide: (!known_device).then(|| format!("wide:{address}")) }
    }

    fn each(&self) -> impl Iterator<Item = (&str, i64)> {
        const FREE_NEAR: i64 = 5;
        const FREE_WIDE: i64 = 50;
        std::iter::once((self.near.as_str(), FREE_NEAR)).chain(self.wide.as_deref().map(|wide| (wide, FREE_WIDE)))
    }

    /// Counts a try before the password is looked at, so that many at once cannot all slip through, or refuses one that
    /// comes too early.
    ///
    /// # Errors
    /// 429 with the seconds to wait.
    pub async fn take(&self, tx: &mut Tx, now: Timestamp) -> Result<(), Failure> {
        for (key, free) in self.each() {
            let before = Installation(tx).throttle(key, now).await?;
            if let Some(Throttle { free_at, .. }) = before.filter(|throttle| throttle.free_at > now) {
                return Err(Throttled { seconds: free_at.seconds_since(now) + 1 }.into());
            }
            let failures = before.map_or(0, |throttle| throttle.failures) + 1;
            let throttle = Throttle { failures, free_at: now.plus(pause(failures - free)) };
            Installation(tx).set_throttle(key, throttle, now.plus(FORGET_AFTER)).await?;
        }
        Ok(())
    }

    /// The try was a success: it was no guess, and the failures from this source are forgotten. What others failed with
    /// the same address stays counted.
    pub async fn succeeded(&self, tx: &mut Tx, now: Timestamp) -> Result<(), Failure> {
        Installation(tx).clear_throttle(&self.near).await?;
        let Some(wide) = &self.wide else { return Ok(()) };
        if let Some(throttle) = Installation(tx).throttle(wide, now).await? {
            let earlier = Throttle { failures: throttle.failures - 1, ..throttle };
            Installation(tx).set_throttle(wide, earlier, now.plus(FORGET_AFTER)).await?;
        }
        Ok(())
    }
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
    }
}
