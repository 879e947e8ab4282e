//! Answering people who asked for a link.

use std::time::Duration;

use service::core::app::App;
use service::link_requests::answer_all;
use tokio::sync::watch;

use crate::pace::{Pace, report};

/// At its own pace and not when someone asks: so the load that an answer makes tells no one whether there was one to give (D2).
const LOOK_EVERY: Duration = Duration::from_secs(1);

pub(crate) async fn answer(app: App, stop: watch::Receiver<bool>) {
    let mut pace = Pace::every(LOOK_EVERY, stop);
    while pace.next().await {
        report("answering requests for links", answer_all(&app).await);
    }
}
