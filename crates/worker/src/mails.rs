//! Delivery of mails.

use std::sync::Arc;
use std::time::Duration;

use domain::core::failure::Failure;
use service::core::app::App;
use service::delivery::claims::{name_of_node, say_alive};
use service::delivery::lanes::LANES;
use service::delivery::transport::Transport;
use service::delivery::{Delivery, Takes, deliver_next, deliver_next_of};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::pace::{Pace, report};

const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How often a node says that it lives; several times within what makes it gone.
const SAY_ALIVE_EVERY: Duration = Duration::from_secs(20);

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
            Delivery::Postponed | Delivery::Abandoned | Delivery::Canceled => {}
            Delivery::NothingDue | Delivery::ServerAway | Delivery::Full(_) => return Ok(sent),
        }
    }
}

pub(crate) async fn deliver(app: App, transport: Transport, node: String, stop: watch::Receiver<bool>) {
    let transport = Arc::new(transport);
    let mut lanes = JoinSet::new();
    for number in 0..=LANES {
        // A server may take minutes for each of many invitations: then someone who cannot sign in has a lane of their own.
        let takes = if number == LANES { Takes::UrgentOnly } else { Takes::Everything };
        let lane = Lane {
            app: app.clone(),
            transport: Arc::clone(&transport),
            name: format!("{}/{number}", name_of_node(&node)),
            takes,
        };
        lanes.spawn(lane.serve(stop.clone()));
    }
    let done = async { while lanes.join_next().await.is_some() {} };
    // Mails under way are finished after the signal to stop, and are this node's until then.
    tokio::select! {
        () = done => {}
        () = stay_alive(&app, &node) => {}
    }
}

async fn stay_alive(app: &App, node: &str) {
    // Not by the signal to stop: whoever waits for this ends it.
    let (_never, stop) = watch::channel(false);
    let mut pace = Pace::every(SAY_ALIVE_EVERY, stop);
    let mut last = None;
    while pace.next().await {
        let said = say_alive(app, node, last).await;
        last = report("saying that this node lives", said).or(last);
    }
}

/// Sends one mail after the other.
struct Lane {
    app: App,
    transport: Arc<Transport>,
    name: String,
    takes: Takes,
}

impl Lane {
    async fn serve(self, stop: watch::Receiver<bool>) {
        let mut pace = Pace::every(LOOK_EVERY, stop.clone());
        let mut away = Pace::every(PAUSE_WHILE_AWAY, stop);
        while self.next(&mut pace).await {
            let mut last = self.serve_until_empty(&pace).await;
            while let Some(Delivery::Full(free_at)) = last {
                let wait = free_at.micros().saturating_sub(self.app.clock.now().micros());
                if !pace.pause(Duration::from_micros(u64::try_from(wait).unwrap_or_default())).await {
                    return;
                }
                last = self.serve_until_empty(&pace).await;
            }
            if last == Some(Delivery::ServerAway) {
                away.restart();
                away.next().await;
            }
        }
    }

    /// The lane for urgent mails only looks around: a call that it takes for a mail of another kind would be lost.
    async fn next(&self, pace: &mut Pace) -> bool {
        match self.takes {
            Takes::Everything => pace.next_or(self.app.mail_waits()).await,
            Takes::UrgentOnly => pace.next().await,
        }
    }

    /// Gives the last outcome: nothing more to do, or the mail server is away.
    async fn serve_until_empty(&self, pace: &Pace) -> Option<Delivery> {
        loop {
            let delivered = deliver_next_of(&self.app, &self.transport, &self.name, self.takes).await;
            let delivery = report("delivering mail", delivered)?;
            match delivery {
                Delivery::NothingDue | Delivery::ServerAway | Delivery::Full(_) => return Some(delivery),
                // One more than one lane can do: wake the next.
                Delivery::Sent => self.app.mail_waits().notify_one(),
                Delivery::Postponed | Delivery::Abandoned | Delivery::Canceled => {}
            }
            if pace.is_over() {
                return None;
            }
        }
    }
}
