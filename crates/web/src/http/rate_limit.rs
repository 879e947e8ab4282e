//! A budget of requests per caller, told in every answer (`RateLimit`, `RateLimit-Policy`).
//!
//! Each authenticated caller has a budget of their own, so that people behind one address do not use up each other's.
//! All others share the budget of their source: a cookie or a key that no one verified could be a new one every time, and one that was ended
//! proves nothing anymore, whatever it is sent with. An IPv6 site has one, too, from which all its networks take: whoever has a /48 has 65,536 of them.

use std::convert::Infallible;
use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;

use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue, StatusCode};
use domain::core::timestamp::Seconds;
use governor::Quota;
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use quick_cache::sync::Cache;
use service::core::app::App;
use service::core::caller::Proof;
use service::sign_in::authentication;
use service::sign_in::throttle::{self, NETWORKS_OF_A_SITE, network};

use crate::http::client_address::Proxies;
use crate::http::problem::Problem;
use crate::http::proof::proof;

type Budget = governor::RateLimiter<NotKeyed, InMemoryState, DefaultClock, StateInformationMiddleware>;

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const STATE: HeaderName = HeaderName::from_static("ratelimit");

/// The most budgets that are kept of each kind; the ones that are hardly used are forgotten.
const MOST: usize = 100_000;

/// One budget per source network, and one per verified session or API key.
pub struct RateLimiter {
    sources: Cache<u64, Arc<Budget>>,
    sites: Cache<u64, Arc<Budget>>,
    verified: Cache<u64, Arc<Budget>>,
    hasher: RandomState,
    clock: DefaultClock,
    quota: Quota,
    quota_of_site: Quota,
    per_minute: NonZeroU32,
    policy: Option<HeaderValue>,
}

impl RateLimiter {
    /// A budget of so many requests per minute.
    pub fn new(per_minute: NonZeroU32) -> Self {
        Self {
            sources: Cache::new(MOST),
            sites: Cache::new(MOST),
            verified: Cache::new(MOST),
            hasher: RandomState::new(),
            clock: DefaultClock::default(),
            quota: Quota::per_minute(per_minute),
            quota_of_site: Quota::per_minute(per_minute.saturating_mul(NETWORKS_OF_A_SITE)),
            per_minute,
            policy: HeaderValue::from_str(&format!("\"default\";q={per_minute};w=60")).ok(),
        }
    }

    /// Notes that a session or API key was verified: from its next request on it has a budget of its own.
    pub fn holds(&self, proof: &Proof) {
        let key = self.key_of(proof);
        if !self.verified.contains_key(&key) {
            self.verified.insert(key, self.whole(self.quota));
        }
    }

    /// Takes one request from the caller's budget.
    pub async fn take(
        &self,
        app: &App,
        proxies: &Proxies,
        headers: &HeaderMap,
        extensions: &Extensions,
    ) -> Admission<'_> {
        let left = match self.of_proof(app, headers).await {
            Some(left) => left,
            None => self.of_source(proxies.source(headers, extensions)),
        };
        Admission { limiter: self, left }
    }

    /// The same from the budget of a verified proof, as long as it is not known to have ended: once that it did, it stays so. Mostly from memory;
    /// whoever has no request left has nothing looked up.
    async fn of_proof(&self, app: &App, headers: &HeaderMap) -> Option<Result<u32, u32>> {
        let proof = proof(headers)?;
        let key = self.key_of(&proof);
        let left = self.check(&*self.verified.get(&key)?);
        if left.is_ok() && authentication::has_ended(app, &proof).await {
            self.verified.remove(&key);
            return None;
        }
        Some(left)
    }

    fn key_of(&self, proof: &Proof) -> u64 {
        let (Proof::Session(token) | Proof::ApiKey(token)) = proof;
        self.hasher.hash_one(token.reveal())
    }

    /// Takes one request: how many are left, or none and the seconds to wait.
    fn check(&self, budget: &Budget) -> Result<u32, u32> {
        match budget.check() {
            Ok(snapshot) => Ok(snapshot.remaining_burst_capacity()),
            Err(until) => {
                let wait = until.wait_time_from(self.clock.now());
                Err(u32::try_from(wait.as_secs() + 1).unwrap_or(60))
            }
        }
    }

    /// The same of a source and of the site around it.
    fn of_source(&self, source: Option<IpAddr>) -> Result<u32, u32> {
        let left = self.check(&self.kept(&self.sources, source.map(network), self.quota))?;
        match source.and_then(throttle::site) {
            Some(site) => Ok(left.min(self.check(&self.kept(&self.sites, Some(site), self.quota_of_site))?)),
            None => Ok(left),
        }
    }

    fn kept(&self, budgets: &Cache<u64, Arc<Budget>>, whose: Option<IpAddr>, quota: Quota) -> Arc<Budget> {
        let key = self.hasher.hash_one(whose);
        match budgets.get_or_insert_with(&key, || Ok::<_, Infallible>(self.whole(quota))) {
            Ok(budget) => budget,
            Err(never) => match never {},
        }
    }

    fn whole(&self, quota: Quota) -> Arc<Budget> {
        Arc::new(governor::RateLimiter::direct_with_clock(quota, self.clock.clone()).with_middleware())
    }
}

/// What a caller's budget says to one request.
pub struct Admission<'a> {
    limiter: &'a RateLimiter,
    /// Requests left, or none and the seconds to wait.
    left: Result<u32, u32>,
}

impl Admission<'_> {
    /// The refusal with the time to wait, where nothing was left (429).
    pub fn refusal(&self) -> Option<Problem> {
        let seconds = self.left.err()?;
        let wait = Seconds(seconds).rounded_up();
        let detail = format!(
            "Too many requests: more than {} within a minute. Wait {wait} and try again.",
            self.limiter.per_minute
        );
        Some(Problem::new(StatusCode::TOO_MANY_REQUESTS, "rate_limited", detail).retry_after(seconds))
    }

    /// Tells the caller what is left.
    pub fn tell(&self, headers: &mut HeaderMap) {
        if let Some(policy) = &self.limiter.policy {
            headers.insert(POLICY, policy.clone());
        }
        let (left, wait) = self.left.map_or_else(|wait| (0, wait), |left| (left, 1));
        if let Ok(state) = HeaderValue::from_str(&format!("\"default\";r={left};t={wait}")) {
            headers.insert(STATE, state);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn l4_a_whole_ipv6_site_takes_no_more_than_a_few_networks_may() {
        let limiter = RateLimiter::new(NonZeroU32::new(10).unwrap());
        let mut taken = 0;
        for network in 0..40 {
            let source: IpAddr = format!("2001:db8:1:{network:x}::1").parse().unwrap();
            taken += (0..12).filter(|_| limiter.of_source(Some(source)).is_ok()).count();
        }
        assert!(
            (50..60).contains(&taken),
            "some more than five times ten may pass, for it grows again meanwhile: {taken}"
        );
        for other in ["2001:db8:2:1::1", "192.0.2.1"] {
            assert_eq!(limiter.of_source(other.parse().ok()), Ok(9), "{other}");
        }
    }
}
