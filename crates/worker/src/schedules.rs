//! What is done from time to time.

use std::time::Duration;

use domain::core::failure::Failure;
use domain::core::timestamp::Seconds;
use service::core::app::App;
use service::installation::housekeeping;
use service::{jobs, users};
use tokio::sync::watch;

use crate::pace::{Pace, report};

const SAVE_EVERY: Duration = Duration::from_secs(15);
const REPORT_EVERY: Duration = Duration::from_secs(20);

/// How many times of reporting lie between two cleanings: five minutes.
const CLEAN_EVERY: u32 = 15;

/// A schedule is another node's for so long after its holder was last seen.
const LEASE: Seconds = Seconds(60);

/// Writes latest inputs behind, and once more at the end.
pub(crate) async fn save_activity(app: App, stop: watch::Receiver<bool>) {
    let mut pace = Pace::every(SAVE_EVERY, stop);
    while pace.next().await {
        report("saving activity", housekeeping::save_activity(&app).await);
    }
    report("saving activity", housekeeping::save_activity(&app).await);
}

/// Reports failed sign-ins and cleans up, on one node only.
pub(crate) async fn keep_house(app: App, node: String, stop: watch::Receiver<bool>) {
    let mut pace = Pace::every(REPORT_EVERY, stop);
    let mut times = 0_u32;
    while pace.next().await {
        let lease = housekeeping::take_lease(&app, "housekeeping", &node, LEASE).await;
        if report("taking the lease of the housekeeping", lease) != Some(true) {
            continue;
        }
        report("reporting failed sign-ins", housekeeping::report_failed_sign_ins(&app).await);
        if times.is_multiple_of(CLEAN_EVERY) {
            report("cleaning up", housekeeping::clean_up(&app).await);
            report("purging deleted users", purge(&app).await);
            report("forgetting old jobs", jobs::forget_old(&app).await);
        }
        times = times.wrapping_add(1);
    }
}

/// In steps, so that no writer waits long.
async fn purge(app: &App) -> Result<(), Failure> {
    const STEP: i64 = 200;
    while users::status::purge(app, STEP).await? > 0 {}
    Ok(())
}
