//! Transactions that are not changes to an account: the server's own bookkeeping, which no activity log records, and what runs before an
//! account exists. `cargo run -p xtask -- upkeep` lists them with their reasons.

use domain::core::failure::Failure;
use store::Tx;

use crate::core::app::App;

impl App {
    /// A transaction that is no change of an account; `reason` says what it is. The list of reasons is what a reviewer reads: whatever
    /// people do in an account goes through [`App::change`].
    ///
    /// # Errors
    /// The database does not answer.
    pub(crate) async fn upkeep(&self, reason: &'static str) -> Result<Tx, Failure> {
        tracing::trace!(reason, "upkeep");
        Ok(self.db.write().await?)
    }
}
