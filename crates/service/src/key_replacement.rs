//! Another secret key for the installation: the old one was lost, or may be known to somebody.

use domain::refusal::Kind;
use store::installation::Installation;
use store::links::Links;
use store::outbox::Outbox;

use crate::app::App;
use crate::failure::{Failure, refuse};
use crate::restoration::tell_every_account;

/// Makes the key of the configuration the installation's, and gives how many open links that ended: whoever knows the old key
/// could make them, and a mail that still waits would carry one that opens nothing. Sessions, passwords and API keys stay.
///
/// # Errors
/// 409 when it is the installation's key already.
pub async fn replace_key(app: &App) -> Result<u64, Failure> {
    let (fingerprint, now) = (app.key.fingerprint(), app.world.now());
    let mut tx = app.db.write().await?;
    if Installation(&mut tx).claim_key(&fingerprint, now).await? == fingerprint {
        let text = "the key of the configuration is the installation's already; put the new one there first";
        return Err(refuse(Kind::Conflict, "same_key", text));
    }
    Installation(&mut tx).replace_key(&fingerprint).await?;
    let links = Links(&mut tx).end_everything(now).await?;
    Outbox(&mut tx).cancel_with_links(now, "the secret key of the installation was replaced").await?;
    tx.commit().await?;
    tell_every_account(app, "installation.key_replaced", &["links"]).await?;
    Ok(links)
}
