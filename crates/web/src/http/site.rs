//! What every handler shares: the application and how this node talks HTTP.

use std::num::NonZeroU32;
use std::sync::{Arc, Once};
use std::time::Duration;

use axum::extract::FromRef;
use service::core::app::App;

use crate::http::client_address::{Proxies, ProxyRange};
use crate::http::connections::ConnectionLimits;
use crate::http::operations::Operations;
use crate::http::rate_limit::RateLimiter;
use crate::http::request_id::RequestIds;

/// How this node talks HTTP.
#[derive(Debug, Clone)]
pub struct WebSettings {
    /// Whether this is the development mode, which shows mails at `/dev/mail` instead of sending them, and its demo account.
    pub is_development: bool,
    /// The port of the listener in development mode, which answers this machine only; `None` in production.
    pub development_port: Option<u16>,
    /// Proxies whose `X-Forwarded-For` is believed (D5).
    pub trusted_proxies: Vec<ProxyRange>,
    /// Requests that one caller may make per minute.
    pub requests_per_minute: NonZeroU32,
    /// How long a request may take until its answer begins, the reading of its body included.
    pub request_timeout: Duration,
    /// What connections may take.
    pub connections: ConnectionLimits,
    /// How long an answer may be written, and how slowly it may be read.
    pub streams: StreamLimits,
}

/// How long an answer that is written while it is read may take. Whoever reads too slowly is cut off: an export goes on reading
/// the database, and must not do so for as long as someone likes.
#[derive(Debug, Clone, Copy)]
pub struct StreamLimits {
    /// From its beginning to its end.
    pub whole: Duration,
    /// How long its reader may take nothing, all pauses together, beyond what the least rate gives them.
    pub patience: Duration,
    /// The bytes in a second that a reader takes at least.
    pub least_rate: u32,
}

impl Default for StreamLimits {
    fn default() -> Self {
        Self { whole: Duration::from_mins(30), patience: Duration::from_secs(30), least_rate: 16 * 1024 }
    }
}

/// What every handler and layer shares. Behind one pointer, because every layer clones it for every request.
#[derive(Clone)]
pub struct Site(Arc<Shared>);

/// The parts of a [`Site`].
pub struct Shared {
    /// The application.
    pub app: App,
    /// How this node talks HTTP.
    pub settings: WebSettings,
    pub(crate) request_ids: RequestIds,
    pub(crate) limiter: RateLimiter,
    pub(crate) operations: Operations,
    pub(crate) proxies: Proxies,
    /// That pages of ours, perhaps, are open at another address is told once.
    pub(crate) other_origin: Once,
}

impl Site {
    pub(crate) fn new(shared: Shared) -> Self {
        Self(Arc::new(shared))
    }
}

impl std::ops::Deref for Site {
    type Target = Shared;
    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl FromRef<Site> for App {
    fn from_ref(site: &Site) -> Self {
        site.app.clone()
    }
}
