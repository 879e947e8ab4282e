//! Configuration: `portcullis.toml`, then variables `PORTCULLIS__SECTION__KEY`. The development mode is asked for (`--dev`): a server
//! whose configuration got lost must not show its mails to everyone.

mod check;
mod checked;
mod error;
mod exposure;
mod read;
mod secret_key;
mod sections;
mod variables;

use std::path::Path;

use service::core::secrets::InstallationKey;

pub use checked::{Config, Mode};
pub use error::ConfigError;
pub use read::USUAL_FILE;
pub use secret_key::UnkeptKey;
pub use sections::{EXAMPLE, Log, LogFormat};
pub use variables::OF_TOOLS;

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
