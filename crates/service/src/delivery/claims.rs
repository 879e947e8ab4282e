//! Whose the mails under way are: those of a node as long as it lives.

use domain::core::failure::Failure;
use domain::core::timestamp::{Seconds, Timestamp};
use store::installation::Installation;
use store::outbox::queues::MailQueues;
pub use store::outbox::queues::name_of_node;

use crate::core::app::App;

/// A node that said nothing for so long is gone, and so is its claim on mails.
pub const ALIVE: Seconds = Seconds(90);

/// Says that this node lives, so that the mails it sends stay its own, and frees what nodes had claimed that live no more. Only a node
/// that lived on since it last said so frees: after the database was away, the others may not have said it again yet. `last` is when
/// that was.
///
/// # Errors
/// The database does not answer.
pub async fn say_alive(app: &App, node: &str, last: Option<Timestamp>) -> Result<Timestamp, Failure> {
    let now = app.clock.now();
    let mut tx = app.upkeep("a node says that it lives").await?;
    Installation(&mut tx).take_lease(&name_of_node(node), node, now, now.plus(ALIVE)).await?;
    let lived_on = last.is_some_and(|last| now < last.plus(ALIVE));
    let freed = if lived_on { MailQueues(&mut tx).release_of_gone(now).await? } else { 0 };
    tx.commit().await?;
    if freed > 0 {
        tracing::info!(mails = freed, "Emails that a stopped node had claimed are free again.");
    }
    Ok(now)
}
