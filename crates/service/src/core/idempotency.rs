//! Answers to requests with an idempotency key, remembered for a day.
//!
//! That a key was used is noted by [`crate::core::change::Change::commit`], in the transaction of the change itself.

use domain::core::failure::{Failure, refuse};
use domain::core::refusal::Kind;
use domain::core::timestamp::Seconds;
use store::installation::Installation;
pub use store::installation::RememberedAnswer;

use crate::core::app::App;
use crate::core::caller::IdempotencyKey;

/// How long they are remembered.
pub const KEPT_FOR: Seconds = Seconds::hours(24);

/// The same request is being carried out at this moment.
pub fn in_use() -> Failure {
    let detail = "A request with this Idempotency-Key has just been processed. Send it again to get the response.";
    refuse(Kind::Conflict, "idempotency_key_in_use", detail)
}

/// What was answered to this key, if it was used.
pub async fn remembered(app: &App, key: &IdempotencyKey) -> Result<Option<RememberedAnswer>, Failure> {
    let since = app.clock.now().minus(KEPT_FOR);
    let mut tx = app.db.read().await?;
    Ok(Installation(&mut tx).remembered(&key.caller, &key.key, since).await?)
}

/// Writes down what was answered to the request that used the key up. Where it was another request, or nothing was changed,
/// nothing is.
pub async fn remember(app: &App, key: &IdempotencyKey, answer: &RememberedAnswer) -> Result<(), Failure> {
    let mut tx = app.upkeep("the answer to an idempotency key").await?;
    Installation(&mut tx).remember(&key.caller, &key.key, answer).await?;
    Ok(tx.commit().await?)
}
