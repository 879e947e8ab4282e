//! What is done beside the requests, at its own pace: writing behind, telling accounts of failed sign-ins, cleaning up.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::activity::Origin;
use domain::activity::actions::Action;
use domain::core::email_address::EmailAddress;
use domain::core::failure::Failure;
use domain::core::timestamp::Seconds;
use domain::sign_in::session::{LONGEST_IDLE, LONGEST_LIFETIME};
use serde_json::json;
use store::credentials::link_requests::LinkRequests;
use store::credentials::links::Links;
use store::installation::Installation;
use store::outbox::Outbox;
use store::sign_in::failed_sign_ins::{FailedSignIn, FailedSignIns};
use store::sign_in::identities::Identities;
use store::sign_in::session_accounts::SessionAccounts;
use store::sign_in::sessions::Sessions;
use store::{Tenant, Tx};

use crate::core::app::App;
use crate::core::caller::Caller;
use crate::core::entry::Entry;
use crate::core::live_session::LiveSession;
use crate::core::{feed, idempotency};
use crate::credentials::person_change::{PersonChange, Place, Reach};
use crate::link_requests;
use crate::sign_in::REMEMBER_BROWSERS;

/// How long mails that left, and links that ended, can still be looked at.
const KEEP_ENDED: Seconds = Seconds::days(30);

/// Takes or renews the lease of a schedule for `node`, so that one node alone runs it. False when another one has it.
pub async fn take_lease(app: &App, schedule: &str, node: &str, span: Seconds) -> Result<bool, Failure> {
    let now = app.clock.now();
    let mut tx = app.upkeep("a node takes the lease of a schedule").await?;
    let taken = Installation(&mut tx).take_lease(schedule, node, now, now.plus(span)).await?;
    tx.commit().await?;
    Ok(taken)
}

/// Writes down the latest input behind each session that had some. Says how many there were.
pub async fn save_activity(app: &App) -> Result<usize, Failure> {
    const AT_ONCE: usize = 1_000;
    let unsaved = app.principals().take_unsaved();
    let mut rest = unsaved.as_slice();
    while !rest.is_empty() {
        let (now, later) = rest.split_at(rest.len().min(AT_ONCE));
        if let Err(failure) = touch(app, now).await {
            app.principals().put_back_unsaved(rest);
            return Err(failure);
        }
        rest = later;
    }
    Ok(unsaved.len())
}

async fn touch(app: &App, sessions: &[Arc<LiveSession>]) -> Result<(), Failure> {
    let mut tx = app.upkeep("input of people, written behind").await?;
    for live in sessions {
        let id = live.person.session.id;
        Sessions(&mut tx).touch(id, live.last_active_at()).await?;
        for (account, at) in live.used_accounts() {
            SessionAccounts(&mut tx).touch(account, id, at).await?;
        }
    }
    Ok(tx.commit().await?)
}

/// Tells the accounts of sign-ins that failed: one entry per person and minute in each, however many there were. A person with very
/// many accounts is told of in a few of them at a time. Those for unknown addresses, and for people who are active nowhere, leave no
/// trace. Says of how many people they were told.
///
/// # Errors
/// The last of those that stopped single entries. They are written with the next call; the others were.
pub async fn report_failed_sign_ins(app: &App) -> Result<usize, Failure> {
    const AT_ONCE: i64 = 500;
    let before = app.clock.now().minus(Seconds::minutes(1));
    let mut tx = app.upkeep("failed sign-ins for unknown addresses").await?;
    FailedSignIns(&mut tx).forget_strangers(before).await?;
    tx.commit().await?;
    let (mut reported, mut failure, mut last) = (0, None, String::new());
    loop {
        let mut tx = app.db.read().await?;
        let addresses = FailedSignIns(&mut tx).addresses(&last, before, AT_ONCE).await?;
        drop(tx);
        for address in &addresses {
            match report(app, address).await {
                Ok(is_told) => reported += usize::from(is_told),
                Err(stopped) => failure = Some(stopped),
            }
        }
        let Some(end) = addresses.last() else { break };
        last = end.to_string();
    }
    failure.map_or(Ok(reported), Err)
}

/// Failed sign-ins are recorded in every account where the person is active, this many accounts per pass. The limit keeps an
/// unauthenticated caller from flooding logs; the next pass continues where this one stopped.
const MOST_TOLD: usize = 20;

async fn report(app: &App, address: &EmailAddress) -> Result<bool, Failure> {
    let mut tx = app.db.read().await?;
    let Some(person) = Identities(&mut tx).find_by_email(address).await? else { return Ok(false) };
    let behind = FailedSignIns(&mut tx).told_to(address).await?;
    drop(tx);
    let caller = Caller::nobody(Origin::default());
    let reach = Reach::Next { behind, most: MOST_TOLD };
    let Some(mut begun) = PersonChange::of(app, &caller, person.id, reach).await? else {
        // They left the accounts that were still to be told.
        let mut tx = app.upkeep("failed sign-ins whose accounts are told").await?;
        FailedSignIns(&mut tx).take(address, app.clock.now(), behind, None).await?;
        tx.commit().await?;
        return Ok(false);
    };
    let (now, last) = (begun.change.now(), begun.goes_on_behind());
    let failed = FailedSignIns(begun.change.tx()).take(address, now, behind, last).await?;
    if failed.is_empty() {
        return Ok(false);
    }
    let summary = summary(&failed);
    let told = |place: &Place| {
        let target = place.target(serde_json::Value::Null, summary.clone());
        Entry::new(Action::SignInFailed, vec![target]).by(caller.actor.logged.clone())
    };
    begun.commit(told, |_| true).await?;
    Ok(true)
}

fn summary(failed: &[FailedSignIn]) -> serde_json::Value {
    const MOST_SOURCES: usize = 20;
    let sources: BTreeSet<&str> = failed.iter().map(|failed| failed.ip.as_str()).collect();
    json!({
        "failed": failed.len(),
        "sources": sources.into_iter().take(MOST_SOURCES).collect::<Vec<_>>(),
        "first_at": failed.iter().map(|failed| failed.failed_at).min(),
        "last_at": failed.iter().map(|failed| failed.failed_at).max(),
    })
}

/// Removes what no one can use anymore: throttles, remembered answers, sessions that no account's limits accept, browsers
/// that were not seen for long, read entries of the change feed, mails and links that ended a month ago, and requests for links that
/// no one could answer for a day. Nothing depends
/// on its being run (I2).
pub async fn clean_up(app: &App) -> Result<(), Failure> {
    let mut tx = app.upkeep("what is old is forgotten").await?;
    remove_stale(app, &mut tx).await?;
    Ok(tx.commit().await?)
}

async fn remove_stale(app: &App, tx: &mut Tx) -> Result<(), Failure> {
    let now = app.clock.now();
    Installation(tx).remove_stale(now, now.minus(idempotency::KEPT_FOR)).await?;
    Installation(tx).trim_feed(feed::KEPT).await?;
    Installation(tx).remove_leases(now.minus(Seconds::days(1))).await?;
    Sessions(tx).remove_older(now.minus(LONGEST_LIFETIME), now.minus(LONGEST_IDLE)).await?;
    Sessions(tx).forget_old_devices(now.minus(REMEMBER_BROWSERS)).await?;
    Outbox(tx).remove_ended(now.minus(KEEP_ENDED)).await?;
    Links(tx).remove_dead(now.minus(KEEP_ENDED)).await?;
    LinkRequests(tx).remove_older(now.minus(link_requests::KEPT_FOR)).await?;
    Ok(())
}
