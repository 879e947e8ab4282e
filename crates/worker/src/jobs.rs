//! Jobs: one at a time on each node.

use std::time::Duration;

use service::core::app::App;
use service::{JOB_KINDS, jobs};
use tokio::sync::watch;

use crate::pace::{Pace, report};

/// How soon a job is found that another node queued, or whose worker died.
const LOOK_EVERY: Duration = Duration::from_secs(2);

pub(crate) async fn work(app: App, stop: watch::Receiver<bool>) {
    let mut pace = Pace::every(LOOK_EVERY, stop);
    while pace.next_or(app.jobs_wait()).await {
        while !pace.is_over() && report("doing a job", jobs::run_next(&app, &JOB_KINDS).await) == Some(true) {}
    }
}
