//! A budget of requests per caller, told in every answer (`RateLimit`, `RateLimit-Policy`).
//!
//! Whoever proved who they are has a budget of their own, so that people behind one address do not use up each other's.
//! All others share the budget of their source: a cookie or a key that nobody verified could be a new one every time.

use std::hash::{BuildHasher, RandomState};
use std::num::NonZeroU32;
use std::sync::Arc;

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use domain::timestamp::Seconds;
use governor::Quota;
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use quick_cache::sync::Cache;
use service::throttle::network;

use crate::client_address;
use crate::extract::proof_text;
use crate::problem::Problem;
use crate::site::Site;

type Budget = governor::RateLimiter<NotKeyed, InMemoryState, DefaultClock, StateInformationMiddleware>;

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const STATE: HeaderName = HeaderName::from_static("ratelimit");

/// The most budgets that are kept of each kind; the ones that are hardly used are forgotten.
const MOST: usize = 100_000;

/// One budget per source network, and one per verified session or API key.
pub struct RateLimiter {
    sources: Cache<u64, Arc<Budget>>,
    verified: Cache<u64, Arc<Budget>>,
    hasher: RandomState,
    clock: DefaultClock,
    quota: Quota,
    per_minute: NonZeroU32,
    policy: Option<HeaderValue>,
}

impl RateLimiter {
    /// A budget of so many requests per minute.
    pub fn new(per_minute: NonZeroU32) -> Self {
        Self {
            sources: Cache::new(MOST),
            verified: Cache::new(MOST),
            hasher: RandomState::new(),
            clock: DefaultClock::default(),
            quota: Quota::per_minute(per_minute),
            per_minute,
            policy: HeaderValue::from_str(&format!("\"default\";q={per_minute};w=60")).ok(),
        }
    }

    /// Notes that a session or API key was verified: from its next request on it has a budget of its own.
    pub fn holds(&self, proof: &str) {
        let key = self.hasher.hash_one(proof);
        if !self.verified.contains_key(&key) {
            self.verified.insert(key, self.whole());
        }
    }

    /// Takes one request from the caller's budget.
    pub fn take(&self, site: &Site, request: &Request) -> Admission<'_> {
        let seconds = |wait: std::time::Duration| u32::try_from(wait.as_secs() + 1).unwrap_or(60);
        let left = match self.budget(site, request).check() {
            Ok(snapshot) => Ok(snapshot.remaining_burst_capacity()),
            Err(until) => Err(seconds(until.wait_time_from(self.clock.now()))),
        };
        Admission { limiter: self, left }
    }

    fn budget(&self, site: &Site, request: &Request) -> Arc<Budget> {
        let verified = |proof| self.verified.get(&self.hasher.hash_one(proof));
        proof_text(request.headers()).and_then(verified).unwrap_or_else(|| {
            let source = client_address::ip(site, request.headers(), request.extensions()).map(network);
            let key = self.hasher.hash_one(source);
            match self.sources.get_or_insert_with(&key, || Ok::<_, std::convert::Infallible>(self.whole())) {
                Ok(budget) => budget,
                Err(never) => match never {},
            }
        })
    }

    fn whole(&self) -> Arc<Budget> {
        Arc::new(governor::RateLimiter::direct_with_clock(self.quota, self.clock.clone()).with_middleware())
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
        let detail = format!("more than {} requests within a minute; wait {wait}", self.limiter.per_minute);
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
