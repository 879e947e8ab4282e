//! A budget of requests per caller, told in every answer (`RateLimit`, `RateLimit-Policy`).

use std::num::NonZeroU32;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter as Governor};
use service::throttle::network_of;

use crate::client_address;
use crate::problem::Problem;
use crate::site::Site;

/// One budget per source network, and one per bearer of a token.
pub struct RateLimiter {
    governor: Governor<u64, DefaultKeyedStateStore<u64>, DefaultClock, StateInformationMiddleware>,
    hasher: std::hash::RandomState,
    clock: DefaultClock,
    per_minute: u32,
    policy: Option<HeaderValue>,
}

impl RateLimiter {
    /// A budget of so many requests per minute.
    pub fn new(per_minute: u32) -> Self {
        let quota = Quota::per_minute(NonZeroU32::new(per_minute).unwrap_or(NonZeroU32::MIN));
        Self {
            governor: Governor::keyed(quota).with_middleware(),
            hasher: std::hash::RandomState::new(),
            clock: DefaultClock::default(),
            per_minute,
            policy: HeaderValue::from_str(&format!("\"default\";q={per_minute};w=60")).ok(),
        }
    }

    /// Forgets callers whose budget is whole again.
    pub fn forget_idle(&self) {
        self.governor.retain_recent();
        self.governor.shrink_to_fit();
    }

    fn key(&self, site: &Site, request: &Request) -> u64 {
        use std::hash::BuildHasher;
        let token = request.headers().get(header::AUTHORIZATION).or_else(|| request.headers().get(header::COOKIE));
        match token {
            Some(token) => self.hasher.hash_one(token.as_bytes()),
            None => {
                self.hasher.hash_one(network_of(&client_address::of(site, request.headers(), request.extensions())))
            }
        }
    }
}

/// Takes one request from the caller's budget, or answers 429 with the time to wait.
pub async fn layer(State(site): State<Site>, request: Request, next: Next) -> Response {
    let limiter = &site.limiter;
    let key = limiter.key(&site, &request);
    let (mut response, remaining, wait) = match limiter.governor.check_key(&key) {
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
