//! What runs beside the requests: delivery of mails, answers to who asked for a link, jobs, the change feed, writing behind, schedules.
//!
//! Every piece of work is a function of `service` that can be called once, so that tests need no clock and no waiting;
//! here are only the loops around them.

mod feed;
mod jobs;
mod link_requests;
mod mails;
mod pace;
mod schedules;

pub use mails::deliver_due;
use service::core::app::App;
use service::delivery::transport::Transport;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Works until `stop` becomes true, then finishes what is under way. Without a transport, mails wait in the outbox.
pub async fn run(app: App, transport: Option<Transport>, stop: watch::Receiver<bool>) {
    let node = app.random.uuid().to_string();
    let mut loops = JoinSet::new();
    loops.spawn(feed::follow(app.clone(), stop.clone()));
    loops.spawn(schedules::save_activity(app.clone(), stop.clone()));
    loops.spawn(schedules::keep_house(app.clone(), node.clone(), stop.clone()));
    loops.spawn(jobs::work(app.clone(), stop.clone()));
    loops.spawn(link_requests::answer(app.clone(), stop.clone()));
    if let Some(transport) = transport {
        loops.spawn(mails::deliver(app, transport, node, stop));
    }
    while let Some(ended) = loops.join_next().await {
        if let Err(error) = ended {
            tracing::error!(%error, "A part of the worker failed.");
        }
    }
}
