//! Accounts to try things out with: one of 30 people with a history, and one as large as one likes.

pub mod account;
mod crowd;
mod history;
mod past;
mod people;

use std::sync::Arc;

use domain::core::failure::Failure;
use domain::core::slug::Slug;
use domain::core::timestamp::Seconds;
use store::accounts::Accounts;

pub use self::crowd::fill;
use self::past::{DAYS, Past};
use crate::core::app::{App, Parts};
use crate::demo::account::{DemoPerson, SLUG, add_account, password_hash};
use crate::installation::setup;

/// Makes the small account where there is no account at all. Says whom to sign in as, as long as the account is there.
pub async fn create_if_fresh(app: &App) -> Result<Option<Vec<DemoPerson>>, Failure> {
    if !setup::is_done(app).await? {
        return create(app).await.map(Some);
    }
    people_if_there(app).await
}

/// Whom to sign in as, as long as the small account is there.
pub async fn people_if_there(app: &App) -> Result<Option<Vec<DemoPerson>>, Failure> {
    let Ok(slug) = Slug::parse(SLUG) else { return Ok(None) };
    let mut tx = app.db.read().await?;
    let is_there = Accounts(&mut tx).find_by_slug(&slug).await?.is_some();
    Ok(is_there.then(|| people::to_sign_in_as(app)))
}

/// Makes the small account: 30 people, 11 systems, every status and role, and three months of history.
///
/// # Errors
/// 409 when it is there already.
pub async fn create(app: &App) -> Result<Vec<DemoPerson>, Failure> {
    let begin = app.clock.now().minus(Seconds::days(DAYS));
    let clock = Arc::new(Past::new(Arc::clone(&app.clock), begin));
    let past = in_the_past(app, Arc::clone(&clock));
    let account = add_account(&past, "Demo Company", SLUG).await?;
    let systems = history::live_through(&past, &clock, &account, &password_hash(app).await?).await?;
    // Today, so that their links still work: they are in the mailbox.
    history::invite_the_latest(app, &account, &systems).await?;
    Ok(people::to_sign_in_as(app))
}

/// The same application with a clock in the past, so that the history is made by the same
/// operations as the present.
fn in_the_past(app: &App, past: Arc<Past>) -> App {
    App::new(Parts {
        db: app.db.clone(),
        catalog: app.catalog.clone(),
        clock: past,
        random: Arc::clone(&app.random),
        passwords: app.passwords.clone(),
        key: app.key.clone(),
        settings: app.settings.clone(),
    })
}
