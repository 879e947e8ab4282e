//! A configuration that can be worked with.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;

use domain::access::catalog::Catalog;
use mail::SmtpConfig;
use service::core::app::Settings;
use service::core::secrets::InstallationKey;
use store::DatabaseConfig;
use web::{ConnectionLimits, ProxyRange};

use super::secret_key::UnkeptKey;
use super::sections::Log;

/// What the server is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// For people: nothing works without the address that they type.
    Production,
    /// For trying out, on this machine only (`--dev`): a mailbox page instead of mail, a demo account, a key that is made.
    Development,
}

/// A configuration that was checked.
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<ProxyRange>,
    /// Requests that one caller may make per minute.
    pub requests_per_minute: NonZeroU32,
    /// What connections may take.
    pub connections: ConnectionLimits,
    /// What operations ask for.
    pub settings: Settings,
    /// The database.
    pub database: DatabaseConfig,
    /// The mail server, if there is one.
    pub smtp: Option<SmtpConfig>,
    /// The secret key.
    pub key: InstallationKey,
    /// The same, where it was made just now for the development mode and is written down nowhere.
    pub unkept_key: Option<UnkeptKey>,
    /// Permissions and predefined roles.
    pub catalog: Catalog,
    /// What the server tells about itself.
    pub log: Log,
    /// Everything for trying out, on this machine only.
    pub development: bool,
    /// The file that was read.
    pub file: Option<PathBuf>,
    /// What works, but probably is not meant so.
    pub warnings: Vec<String>,
}
