//! Configuration: `portcullis.toml`, then variables `PORTCULLIS__SECTION__KEY`. The development mode is asked for (`--dev`): a server
//! whose configuration got lost must not show its mails to everybody.

mod check;
mod error;
mod exposure;
mod read;
mod secret_key;
mod sections;
mod variables;

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use domain::access::catalog::Catalog;
use mail::SmtpConfig;
use service::core::app::Settings;
use service::core::secrets::InstallationKey;
use store::DatabaseConfig;
use web::{ConnectionLimits, ProxyRange};

pub use error::ConfigError;
pub use read::USUAL_FILE;
pub use secret_key::UnkeptKey;
pub use sections::{Log, LogFormat};
pub use variables::OF_TOOLS;

/// The example of a configuration, with every setting and its default.
pub const EXAMPLE: &str = include_str!("../../portcullis.example.toml");

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

impl Config {
    /// Reads and checks the configuration, to work with it: a key that was made for the development mode is kept.
    ///
    /// # Errors
    /// Where something is wrong, what, and what to do.
    pub fn load(file: Option<&Path>, mode: Mode) -> Result<Self, ConfigError> {
        let config = Self::check(file, mode)?;
        config.unkept_key.iter().try_for_each(UnkeptKey::keep)?;
        Ok(config)
    }

    /// The same, but nothing is written.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn check(file: Option<&Path>, mode: Mode) -> Result<Self, ConfigError> {
        Self::from(file, mode, &std::env::vars().collect::<Vec<_>>())
    }

    /// The same with given variables.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn from(file: Option<&Path>, mode: Mode, variables: &[(String, String)]) -> Result<Self, ConfigError> {
        let found = read::read(file, variables)?;
        let database_url = variables.iter().find(|(name, _)| name == "DATABASE_URL").map(|(_, url)| url.clone());
        check::check(found, mode, database_url)
    }

    /// A key in a file beside the configuration, as it was before another one came into it.
    ///
    /// # Errors
    /// There is none in it.
    pub fn read_key(file: &Path) -> Result<InstallationKey, ConfigError> {
        secret_key::read(file)
    }
}
