//! Whether the secret key that this node began with is still the installation's. After `portcullis replace-key` a node that
//! was not restarted would go on making links that only who knows the old key expects.

use domain::core::failure::Failure;
use store::Tx;
use store::installation::{Installation, Standing};

use crate::core::app::App;

/// Refuses where the installation has another key by now, and lets the node know that it has to stop.
///
/// # Errors
/// Unavailable: another node, or this one once it was started again, can do it.
pub(crate) async fn check(app: &App, tx: &mut Tx) -> Result<Standing, Failure> {
    let known = Installation(tx).standing().await?;
    // A database that is being restored may have no row yet.
    let known =
        known.ok_or_else(|| Failure::Unavailable("The database doesn't contain an installation yet.".to_owned()))?;
    if known.key_fingerprint == app.key.fingerprint() {
        return Ok(known);
    }
    app.lose_key();
    Err(Failure::Unavailable("The secret key of the installation was replaced. This server is stopping.".to_owned()))
}

/// The same, and it stays so until the end of this transaction.
///
/// # Errors
/// As [`check`].
pub(crate) async fn hold(app: &App, tx: &mut Tx) -> Result<(), Failure> {
    Installation(tx).hold().await?;
    check(app, tx).await.map(drop)
}

/// The same for whoever makes an account: one at a time.
///
/// # Errors
/// As [`check`].
pub(crate) async fn hold_alone(app: &App, tx: &mut Tx) -> Result<(), Failure> {
    Installation(tx).hold_alone().await?;
    check(app, tx).await.map(drop)
}
