//! Delivery of mails.

use std::sync::Arc;
use std::time::Duration;

use service::app::App;
use service::failure::Failure;
use service::mail_delivery::{Delivery, Transport, deliver_next};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::pace::{Pace, report};

/// Mails under way at the same time.
const LANES: usize = 4;

const LOOK_EVERY: Duration = Duration::from_secs(1);
const PAUSE_WHILE_AWAY: Duration = Duration::from_secs(5);

/// Sends every mail that is due, and says how many left. Ends early when the mail server is away.
///
/// # Errors
/// The database does not answer.
pub async fn deliver_due(app: &App, transport: &Transport) -> Result<usize, Failure> {
    let mut sent = 0;
    loop {
        match deliver_next(app, transport, "one pass").await? {
            Delivery::Sent => sent += 1,
            Delivery::Postponed | Delivery::Abandoned | Delivery::Cancelled => {}
            Delivery::NothingDue | Delivery::ServerAway | Delivery::Full(_) => return Ok(sent),
        }
    }
}

pub(crate) async fn deliver(app: App, transport: Transport, node: String, stop: watch::Receiver<bool>) {
    let transport = Arc::new(transport);
    let mut lanes = JoinSet::new();
    for lane in 0..LANES {
        let node = format!("{node}/{lane}");
        lanes.spawn(serve_lane(app.clone(), Arc::clone(&transport), node, stop.clone()));
    }
    while lanes.join_next().await.is_some() {}
}

async fn serve_lane(app: App, transport: Arc<Transport>, node: String, stop: watch::Receiver<bool>) {
    let mut pace = Pace::every(LOOK_EVERY, stop.clone());
    let mut away = Pace::every(PAUSE_WHILE_AWAY, stop);
    while pace.next_or(app.mail_waits()).await {
        let mut last = serve_until_empty(&app, &transport, &node, &pace).await;
        while let Some(Delivery::Full(free_at)) = last {
            let wait = free_at.micros().saturating_sub(app.world.now().micros());
            if !pace.pause(Duration::from_micros(u64::try_from(wait).unwrap_or_default())).await {
                return;
            }
            last = serve_until_empty(&app, &transport, &node, &pace).await;
        }
        if last == Some(Delivery::ServerAway) {
            away.restart();
            away.next().await;
        }
    }
}

/// Gives the last outcome: nothing more to do, or the mail server is away.
async fn serve_until_empty(app: &App, transport: &Transport, node: &str, pace: &Pace) -> Option<Delivery> {
    loop {
        let delivery = report("delivering mail", deliver_next(app, transport, node).await)?;
        match delivery {
            Delivery::NothingDue | Delivery::ServerAway | Delivery::Full(_) => return Some(delivery),
            // One more than one lane can do: wake the next.
            Delivery::Sent => app.mail_waits().notify_one(),
            Delivery::Postponed | Delivery::Abandoned | Delivery::Cancelled => {}
        }
        if pace.is_over() {
            return None;
        }
    }
}
