//! How much mail may still be caused: per recipient, per the one who causes it, and per account (I10).

use std::collections::HashSet;
use std::slice;

use domain::email_address::EmailAddress;
use domain::ids::AccountId;
use domain::refusal::Kind;
use domain::timestamp::Seconds;
use domain::user::User;
use store::outbox::{Counted, OutboxMail};

use crate::change::Change;
use crate::failure::{Failure, refuse};

/// How many mails the caller, and their account, may still cause today; the operator's commands have no limit.
pub(crate) async fn left(change: &mut Change<'_>) -> Result<Option<u64>, Failure> {
    let Some(principal) = change.caller().principal() else { return Ok(None) };
    let (sender, account) = (principal.user_id.to_string(), change.account().id);
    let (limits, day_ago) = (change.app().settings.mail_limits, change.now().minus(Seconds::days(1)));
    let by_sender = limits.per_sender_day.saturating_sub(change.outbox().count_by(&sender, day_ago).await?);
    let by_account = limits.per_account_day.saturating_sub(change.outbox().count_of(account, day_ago).await?);
    Ok(Some(u64::try_from(by_sender.min(by_account)).unwrap_or_default()))
}

/// Which of these addresses had as much mail within the hour as one may get.
pub(crate) async fn full(
    change: &mut Change<'_>,
    addresses: &[EmailAddress],
) -> Result<HashSet<EmailAddress>, Failure> {
    told_enough(change, addresses, None, None).await
}

async fn told_enough(
    change: &mut Change<'_>,
    addresses: &[EmailAddress],
    kind: Option<&str>,
    account: Option<AccountId>,
) -> Result<HashSet<EmailAddress>, Failure> {
    let since = change.now().minus(Seconds::hours(1));
    let most = change.app().settings.mail_limits.per_recipient_hour;
    let counted = Counted { kind, account, since };
    Ok(change.outbox().over_limit(addresses, counted, most).await?.into_iter().collect())
}

/// Promises a notice about somebody's own sign-in. Whoever had as many of that kind within the hour as one may get has been told:
/// they get no more, because a notice is no reason to refuse what it tells of.
pub(crate) async fn notify_person(change: &mut Change<'_>, notice: OutboxMail) -> Result<(), Failure> {
    let told = told_enough(change, slice::from_ref(&notice.recipient), Some(&notice.kind), None).await?;
    if told.is_empty() { change.mail(&[notice]).await } else { Ok(()) }
}

/// The same for notices of the account, all of one kind. What other accounts tell the same people does not count: it must not
/// silence this one.
pub(crate) async fn notify(change: &mut Change<'_>, mut notices: Vec<OutboxMail>) -> Result<(), Failure> {
    let Some(kind) = notices.first().map(|notice| notice.kind.clone()) else { return Ok(()) };
    let recipients: Vec<EmailAddress> = notices.iter().map(|notice| notice.recipient.clone()).collect();
    let account = change.account().id;
    let told = told_enough(change, &recipients, Some(&kind), Some(account)).await?;
    notices.retain(|notice| !told.contains(&notice.recipient));
    change.mail(&notices).await
}

/// The same for what the caller does to many people at once: not more than they may cause today. The one person whom
/// something is done to is told in any case.
pub(crate) async fn notify_many(change: &mut Change<'_>, mut notices: Vec<OutboxMail>) -> Result<(), Failure> {
    if notices.len() > 1
        && let Some(left) = left(change).await?
    {
        notices.truncate(usize::try_from(left).unwrap_or(usize::MAX));
    }
    notify(change, notices).await
}

/// Those of these users who may get one more mail, as many as the caller may still cause.
pub(crate) async fn reachable(change: &mut Change<'_>, users: &[User]) -> Result<Vec<User>, Failure> {
    if users.is_empty() {
        return Ok(Vec::new());
    }
    let addresses: Vec<EmailAddress> = users.iter().map(|user| user.email.clone()).collect();
    let full = full(change, &addresses).await?;
    let left = left(change).await?.and_then(|left| usize::try_from(left).ok()).unwrap_or(usize::MAX);
    Ok(users.iter().filter(|user| !full.contains(&user.email)).take(left).cloned().collect())
}

/// Refuses one more mail to each of these addresses where that is too much.
///
/// # Errors
/// 429, naming the addresses or what is left today.
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
            let detail = format!(
                "you and this account may cause {left} more mails today and this needs {wanted}; try again tomorrow"
            );
            Err(refuse(Kind::TooOften, "too_many_mails", detail).retry_after(Seconds::days(1)))
        }
        Some(_) | None => Ok(()),
    }
}
