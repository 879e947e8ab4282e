//! Looking at a link without using it.

use domain::link::{DeadLink, LinkPurpose};
use store::links::Links;

use crate::app::App;
use crate::failure::Failure;
use crate::secrets::Token;

/// Whether a link works for one of these purposes.
///
/// # Errors
/// 404 for every link that does not, whatever the reason.
pub async fn check(app: &App, token: &Token, purposes: &[LinkPurpose]) -> Result<(), Failure> {
    let mut tx = app.db.read().await?;
    let link = Links(&mut tx).find_by_token(&token.hash()).await?.ok_or(DeadLink)?;
    let now = app.world.now();
    if purposes.iter().any(|purpose| link.check(*purpose, now).is_ok()) { Ok(()) } else { Err(DeadLink.into()) }
}
