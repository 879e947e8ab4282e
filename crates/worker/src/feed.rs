//! Following the change feed.

use std::sync::Arc;
use std::time::Duration;

use domain::core::failure::Failure;
use service::core::app::App;
use service::core::feed::FeedReader;
use tokio::sync::{Notify, watch};
use tokio::time::timeout;

use crate::pace::{Pace, report, stopped};

const POLL_EVERY: Duration = Duration::from_millis(250);

/// With the poll's own period this stays under the second that the architecture promises.
const PATIENCE: Duration = Duration::from_millis(700);

const RECONNECT_EVERY: Duration = Duration::from_secs(1);

/// Reads the feed every 250 ms and, on PostgreSQL, whenever another node says that it changed something. While it cannot
/// be read, nothing is answered from memory.
pub(crate) async fn follow(app: App, stop: watch::Receiver<bool>) {
    let changed = Arc::new(Notify::new());
    let listener = tokio::spawn(listen(app.clone(), Arc::clone(&changed), stop.clone()));
    let mut pace = Pace::every(POLL_EVERY, stop);
    let _blind = BlindAfterwards(&app);
    let mut reader = None;
    let mut current = true;
    while pace.next_or(&changed).await {
        let read = timeout(PATIENCE, read(&app, &mut reader)).await;
        let now_current = matches!(read, Ok(Ok(())));
        app.principals().feed_is_current(now_current);
        if current && !now_current {
            tracing::warn!("The change feed can't be read. Answering only from the database until it can.");
            if let Ok(outcome) = read {
                report("reading the change feed", outcome);
            }
        }
        current = now_current;
    }
    // Nothing ends it sooner than this: it may wait for a connection.
    listener.abort();
}

/// While the feed is not read, nothing is answered from memory, however the reading ended.
struct BlindAfterwards<'a>(&'a App);

impl Drop for BlindAfterwards<'_> {
    fn drop(&mut self) {
        self.0.principals().feed_is_current(false);
    }
}

async fn read(app: &App, reader: &mut Option<FeedReader>) -> Result<(), Failure> {
    match reader {
        Some(reader) => reader.read(app).await.map(|_| ()),
        None => {
            *reader = Some(FeedReader::start(app).await?);
            Ok(())
        }
    }
}

/// Wakes the reader as soon as another node changes something; what is missed here, the poll finds.
async fn listen(app: App, changed: Arc<Notify>, stop: watch::Receiver<bool>) {
    let mut pace = Pace::every(RECONNECT_EVERY, stop.clone());
    let mut stop = stop;
    while pace.next().await {
        let Ok(listener) = app.db.listen().await else { continue };
        let Some(mut listener) = listener else { return };
        loop {
            tokio::select! {
                () = stopped(&mut stop) => return,
                heard = listener.changed() => match heard {
                    Ok(()) => changed.notify_one(),
                    Err(error) => {
                        tracing::warn!(%error, "Notifications of changes are unavailable. Polling finds them.");
                        break;
                    }
                },
            }
        }
    }
}
