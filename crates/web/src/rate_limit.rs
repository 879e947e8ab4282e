//! A budget of requests per caller, told in every answer (`RateLimit`, `RateLimit-Policy`).
//!
//! Whoever proved who they are has a budget of their own, so that people behind one address do not use up each other's.
//! All others share the budget of their source: a cookie or a key that nobody verified could be a new one every time.

use std::hash::{BuildHasher, RandomState};
use std::num::NonZeroU32;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
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

/// The most budgets that are kept of each kind; the ones that are hardly used are forgotten.
const MOST: usize = 100_000;

/// One budget per source network, and one per verified session or API key.
pub struct RateLimiter {
    sources: Cache<u64, Arc<Budget>>,
    verified: Cache<u64, Arc<Budget>>,
    hasher: RandomState,
    clock: DefaultClock,
    quota: Quota,
    per_minute: u32,
    policy: Option<HeaderValue>,
}

impl RateLimiter {
    /// A budget of so many requests per minute.
    pub fn new(per_minute: u32) -> Self {
        Self {
            sources: Cache::new(MOST),
            verified: Cache::new(MOST),
            hasher: RandomState::new(),
            clock: DefaultClock::default(),
            quota: Quota::per_minute(NonZeroU32::new(per_minute).unwrap_or(NonZeroU32::MIN)),
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

/// Takes one request from the caller's budget, or answers 429 with the time to wait.
pub async fn layer(State(site): State<Site>, request: Request, next: Next) -> Response {
    let limiter = &site.limiter;
    let (mut response, remaining, wait) = match limiter.budget(&site, &request).check() {
        Ok(snapshot) => (next.run(request).await, snapshot.remaining_burst_capacity(), 1),
        Err(not_until) => {
            let seconds = u32::try_from(not_until.wait_time_from(limiter.clock.now()).as_secs() + 1).unwrap_or(60);
            let problem = Problem::new(
                StatusCode::TOO_MANY_REQUESTS,
                "rate_limited",
                format!("more than {} requests within a minute; wait {seconds} seconds", limiter.per_minute),
            );
            (problem.retry_after(seconds).into_response(), 0, seconds)
        }
    };
    let headers = response.headers_mut();
    if let Some(policy) = &limiter.policy {
        headers.insert("ratelimit-policy", policy.clone());
    }
    if let Ok(state) = HeaderValue::from_str(&format!("\"default\";r={remaining};t={wait}")) {
        headers.insert("ratelimit", state);
    }
    response
}
