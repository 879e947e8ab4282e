//! How the parts are put together.

use std::sync::Arc;

use service::core::app::{App, Parts};
use service::core::clock::SystemClock;
use service::core::passwords::{HashCost, PasswordPool};
use service::core::random::OsRandom;
use service::installation::setup;
use store::{DatabaseConfig, Db, OpenAs};

use crate::CliError;
use crate::config::Config;

/// Opens the database and makes the application. The installation's key must be the one it began with.
///
/// # Errors
/// The database cannot be opened, or belongs to another key.
pub async fn app(config: &Config, who: OpenAs) -> Result<App, CliError> {
    app_on(config, &config.database, who).await
}

/// The same on another database.
///
/// # Errors
/// As [`app`].
pub async fn app_on(config: &Config, database: &DatabaseConfig, who: OpenAs) -> Result<App, CliError> {
    let app = app_with_any_key(config, database, who).await?;
    setup::claim_key(&app).await?;
    Ok(app)
}

/// The same whatever the installation's key is.
///
/// # Errors
/// The database cannot be opened.
pub async fn app_with_any_key(config: &Config, database: &DatabaseConfig, who: OpenAs) -> Result<App, CliError> {
    Ok(App::new(Parts {
        db: Db::open(database, who).await?,
        catalog: config.catalog.clone(),
        clock: Arc::new(SystemClock),
        random: Arc::new(OsRandom::default()),
        passwords: PasswordPool::start(cores(), HashCost::OWASP)?,
        key: config.key.clone(),
        settings: config.settings.clone(),
    }))
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(2, std::num::NonZero::get)
}
