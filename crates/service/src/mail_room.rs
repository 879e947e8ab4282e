//! How much mail may still be caused: per recipient, and per the one who causes it (I10).

use std::collections::HashSet;

use domain::email_address::EmailAddress;
use domain::refusal::Kind;
use domain::timestamp::Seconds;
use store::outbox::OutboxMail;

use crate::change::Change;
use crate::failure::{Failure, refuse};

/// How many mails the caller may still cause today; the operator's commands have no limit.
pub(crate) async fn left(change: &mut Change<'_>) -> Result<Option<u64>, Failure> {
    let Some(principal) = change.caller().principal() else { return Ok(None) };
    let day_ago = change.now().minus(Seconds::days(1));
    let sent = change.outbox().count_by(&principal.user_id.to_string(), day_ago).await?;
    let left = change.app().settings.mail_limits.per_sender_day.saturating_sub(sent);
    Ok(Some(u64::try_from(left).unwrap_or_default()))
}

/// Which of these addresses had as much mail within the hour as one may get.
pub(crate) async fn full(
    change: &mut Change<'_>,
    addresses: &[EmailAddress],
) -> Result<HashSet<EmailAddress>, Failure> {
    let hour_ago = change.now().minus(Seconds::hours(1));
    let most = change.app().settings.mail_limits.per_recipient_hour;
    Ok(change.outbox().over_limit(addresses, None, hour_ago, most).await?.into_iter().collect())
}

/// Promises notices, all of one kind. Whoever had as many of that kind within the hour as one may get has been told: they get
/// no more, because a notice is no reason to refuse what it tells of.
pub(crate) async fn notify(change: &mut Change<'_>, mut notices: Vec<OutboxMail>) -> Result<(), Failure> {
    let Some(kind) = notices.first().map(|notice| notice.kind.clone()) else { return Ok(()) };
    let hour_ago = change.now().minus(Seconds::hours(1));
    let most = change.app().settings.mail_limits.per_recipient_hour;
    let recipients: Vec<EmailAddress> = notices.iter().map(|notice| notice.recipient.clone()).collect();
    let told = change.outbox().over_limit(&recipients, Some(&kind), hour_ago, most).await?;
    let told: HashSet<EmailAddress> = told.into_iter().collect();
    notices.retain(|notice| !told.contains(&notice.recipient));
    change.mail(&notices).await
}

/// The same for what the caller does to many people: not more than they may cause today.
pub(crate) async fn notify_many(change: &mut Change<'_>, mut notices: Vec<OutboxMail>) -> Result<(), Failure> {
    if let Some(left) = left(change).await? {
        notices.truncate(usize::try_from(left).unwrap_or(usize::MAX));
    }
    notify(change, notices).await
}

/// Refuses one more mail to each of these addresses where that is too much.
///
/// # Errors
/// 429, naming the addresses or the caller's own limit.
pub(crate) async fn check(change: &mut Change<'_>, addresses: &[EmailAddress]) -> Result<(), Failure> {
    let mut full: Vec<EmailAddress> = full(change, addresses).await?.into_iter().collect();
    full.sort_unstable();
    if let Some(first) = full.first() {
        let detail = format!(
            "{first} got too many mails within the last hour ({} of {} addresses did), so nothing was sent; try again in an hour",
            full.len(),
            addresses.len()
        );
        return Err(refuse(Kind::TooOften, "too_many_mails", detail).retry_after(Seconds::hours(1)));
    }
    let wanted = u64::try_from(addresses.len()).unwrap_or(u64::MAX);
    match left(change).await? {
        Some(left) if left < wanted => {
            let detail = format!("you may cause {left} more mails today and this needs {wanted}; try again tomorrow");
            Err(refuse(Kind::TooOften, "too_many_mails", detail).retry_after(Seconds::days(1)))
        }
        Some(_) | None => Ok(()),
    }
}
