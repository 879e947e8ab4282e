//! Accounts to try things out with: one of 30 people with a history, and one as large as one likes.

mod crowd;
mod history;
mod past;
mod people;

use std::sync::Arc;

use domain::accounts::{Account, AccountKind, AccountSettings};
use domain::core::failure::{Failure, refuse};
use domain::core::refusal::Kind;
use domain::core::slug::Slug;
use domain::core::timestamp::Seconds;
use store::OnDuplicate;
use store::accounts::Accounts;

pub use self::crowd::fill;
use self::past::Past;
use crate::core::app::{App, Parts};
use crate::core::key_check;
use crate::credentials::new_password::salt;
use crate::installation::setup;

/// Name of the small account in addresses.
pub const SLUG: &str = "demo";

/// Name of the large account in addresses.
pub const LARGE_SLUG: &str = "large";

/// The password of everybody here. It is printed on the terminal, so it protects nothing.
pub const PASSWORD: &str = "try-portcullis";

/// The small account's history began so long ago.
const HISTORY: Seconds = Seconds::days(DAYS);

/// In days.
const DAYS: u32 = 90;

/// Somebody to sign in as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoPerson {
    /// Their address.
    pub email: String,
    /// The name of their role.
    pub role: String,
}

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
    let begin = app.world.now().minus(HISTORY);
    let clock = Arc::new(Past::new(Arc::clone(&app.world), begin));
    let past = in_the_past(app, Arc::clone(&clock));
    let account = add_account(&past, "Demo Company", SLUG).await?;
    let systems = history::live_through(&past, &clock, &account, &password_hash(app).await?).await?;
    // Today, so that their links still work: they are in the mailbox.
    history::invite_the_latest(app, &account, &systems).await?;
    Ok(people::to_sign_in_as(app))
}

/// The same application with a clock that stands in the past, so that a history can be lived through by the same
/// operations as the present.
fn in_the_past(app: &App, past: Arc<Past>) -> App {
    App::new(Parts {
        db: app.db.clone(),
        catalog: app.catalog.clone(),
        world: past,
        passwords: app.passwords.clone(),
        key: app.key.clone(),
        settings: app.settings.clone(),
    })
}

/// One hash for all: hashing thirty times would take a second of everybody's start.
async fn password_hash(app: &App) -> Result<String, Failure> {
    app.passwords.hash(PASSWORD.to_owned(), salt(app)).await
}

async fn add_account(app: &App, name: &str, slug: &str) -> Result<Account, Failure> {
    let slug = Slug::parse(slug).map_err(|error| refuse(Kind::Invalid, "slug", error.to_string()))?;
    let account = setup::new_account(app, name.to_owned(), slug, AccountKind::Customer, AccountSettings::default());
    let mut tx = app.db.write().await?;
    key_check::hold_alone(app, &mut tx).await?;
    setup::insert_account(app, &mut tx, &account).await.on_duplicate(|| {
        refuse(
            Kind::Conflict,
            "slug_taken",
            format!("there is an account {} already; start with an empty database to make it anew", account.slug),
        )
    })?;
    tx.commit().await?;
    Ok(account)
}
