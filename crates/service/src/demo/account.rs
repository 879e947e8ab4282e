//! What both accounts have in common: how they are called, and how people get in.

use domain::accounts::settings::AccountSettings;
use domain::accounts::{Account, AccountKind};
use domain::core::failure::{Failure, refuse};
use domain::core::refusal::Kind;
use domain::core::slug::Slug;
use store::OnDuplicate;

use crate::core::app::App;
use crate::core::key_check;
use crate::credentials::new_password::salt;
use crate::installation::setup;

/// Name of the small account in addresses.
pub const SLUG: &str = "demo";

/// Name of the large account in addresses.
pub const LARGE_SLUG: &str = "large";

/// The password of everyone here. It is printed on the terminal, so it protects nothing.
pub const PASSWORD: &str = "try-portcullis";

/// A demo user to sign in as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoPerson {
    /// The user's email address.
    pub email: String,
    /// The name of the user's role.
    pub role: String,
}

/// One hash for all: hashing thirty times would take a second of everyone's start.
pub(super) async fn password_hash(app: &App) -> Result<String, Failure> {
    app.passwords.hash(PASSWORD.to_owned(), salt(app)).await
}

pub(super) async fn add_account(app: &App, name: &str, slug: &str) -> Result<Account, Failure> {
    let slug = Slug::parse(slug).map_err(|error| refuse(Kind::Invalid, "slug", error.to_string()))?;
    let account = setup::new_account(app, name.to_owned(), slug, AccountKind::Customer, AccountSettings::default());
    let mut tx = app.upkeep("an account of the demonstration is made").await?;
    key_check::hold_alone(app, &mut tx).await?;
    setup::insert_account(app, &mut tx, &account).await.on_duplicate(|| {
        refuse(
            Kind::Conflict,
            "slug_taken",
            format!("The account {} already exists. Start with an empty database to create it again.", account.slug),
        )
    })?;
    tx.commit().await?;
    Ok(account)
}
