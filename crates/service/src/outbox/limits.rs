//! How much mail may be caused: per address, per the one who causes it, and per account (I10).
//!
//! What an account's users cause is counted for that account alone, so no one else can use up its room (L4); it is refused
//! where it is too much. What an account sends to one address besides, and what strangers ask for, is not refused but waits: see
//! `domain::outbox::limits`.

use std::collections::HashSet;
use std::slice;

use domain::core::email_address::EmailAddress;
use domain::core::failure::{Failure, Refusal};
use domain::core::ids::AccountId;
use domain::core::refusal::Kind;
use domain::core::timestamp::Seconds;
use domain::outbox;
use domain::outbox::limits::Cause;
use domain::users::User;
use store::Tenant;
use store::outbox::{Counted, Outbox, OutboxMail};

use crate::core::app::App;
use crate::core::caller::Caller;
use crate::core::change::Change;
use crate::core::draft::Draft;

/// The room for mails that the users of one account cause: what is left of it for this caller and these addresses.
#[derive(Debug, Default)]
pub(crate) struct Room {
    /// Addresses that got as much within the hour as the account's users may cause to one.
    pub(crate) full: HashSet<EmailAddress>,
    /// How many more the caller, and their account, may cause today; the operator's commands have no limit.
    pub(crate) left: Option<u64>,
}

impl Room {
    /// The room that the caller has for these addresses.
    pub(crate) async fn of(
        app: &App,
        tenant: &mut impl Tenant,
        caller: &Caller,
        addresses: &[EmailAddress],
    ) -> Result<Self, Failure> {
        let Some(principal) = caller.principal() else { return Ok(Self::default()) };
        let now = app.clock.now();
        let (limits, day_ago) = (app.settings.mail_limits, now.minus(Seconds::days(1)));
        let (tx, account) = tenant.bound();
        let mut outbox = Outbox(tx);
        let by_sender = outbox.count_by(&principal.user_id.to_string(), day_ago).await?;
        let by_account = outbox.count_of(account, day_ago).await?;
        let left =
            (limits.per_sender_day.saturating_sub(by_sender)).min(limits.per_account_day.saturating_sub(by_account));
        let since = now.minus(outbox::limits::SPAN);
        let counted = Counted { kind: None, account: Some(account), cause: Some(Cause::Account), since };
        let full = outbox.over_limit(addresses, counted, limits.per_account_recipient_hour).await?;
        Ok(Self { full: full.into_iter().collect(), left: Some(u64::try_from(left).unwrap_or_default()) })
    }

    /// Why one more mail to this address, after `before` others of the same call, is too much; nothing where it is not.
    pub(crate) fn refusal(&self, address: &EmailAddress, before: u64) -> Option<Refusal> {
        let (detail, pause) = if self.full.contains(address) {
            let detail =
                format!("Your account sent too many emails to {address} within the last hour. Try again in an hour.");
            (detail, Seconds::hours(1))
        } else if self.left.is_some_and(|left| before >= left) {
            let left = self.left.unwrap_or_default();
            let detail = format!("You and your account can send only {left} more emails today. Try again tomorrow.");
            (detail, Seconds::days(1))
        } else {
            return None;
        };
        let refusal = Refusal::new(Kind::TooOften, "too_many_emails", detail, Vec::new());
        Some(Refusal { retry_after: Some(pause), ..refusal })
    }
}

/// Refuses one more mail to this address where that is too much.
///
/// # Errors
/// 429, with the time after which there is room again.
pub(crate) async fn check(draft: &mut Draft<'_>, address: &EmailAddress) -> Result<(), Failure> {
    let (app, caller) = (draft.app(), draft.caller());
    let room = Room::of(app, draft, caller, slice::from_ref(address)).await?;
    room.refusal(address, 0).map_or(Ok(()), |refusal| Err(Failure::Refused(Box::new(refusal))))
}

/// Which of these addresses were told as often within the hour as one may be: by mails of one kind, of one account where it is
/// given.
async fn told_enough(
    change: &mut Change<'_>,
    addresses: &[EmailAddress],
    kind: &str,
    account: Option<AccountId>,
) -> Result<HashSet<EmailAddress>, Failure> {
    let since = change.now().minus(outbox::limits::SPAN);
    let most = change.app().settings.mail_limits.per_recipient_hour;
    let counted = Counted { kind: Some(kind), account, cause: None, since };
    Ok(Outbox(change.tx()).over_limit(addresses, counted, most).await?.into_iter().collect())
}

/// Queues a notice about a person's own sign-in. It belongs to the person, not to an account: otherwise the email list of the last
/// account would reveal it. Anyone who reached the hourly limit for this kind gets no further notice, but the change itself is not
/// refused.
pub(crate) async fn notify_person(change: &mut Change<'_>, notice: OutboxMail) -> Result<(), Failure> {
    let told = told_enough(change, slice::from_ref(&notice.recipient), &notice.kind, None).await?;
    let notice = OutboxMail { account_id: None, cause: Cause::Trusted, ..notice };
    if told.is_empty() { change.mail(&[notice]).await } else { Ok(()) }
}

/// The same for notices of the account, all of one kind. What other accounts tell the same people does not count: it must not
/// silence this one.
pub(crate) async fn notify(change: &mut Change<'_>, mut notices: Vec<OutboxMail>) -> Result<(), Failure> {
    let Some(kind) = notices.first().map(|notice| notice.kind.clone()) else { return Ok(()) };
    let recipients: Vec<EmailAddress> = notices.iter().map(|notice| notice.recipient.clone()).collect();
    let account = change.account().id;
    let told = told_enough(change, &recipients, &kind, Some(account)).await?;
    notices.retain(|notice| !told.contains(&notice.recipient));
    change.mail(&notices).await
}

/// The same for what the caller does to many people at once: not more than they may cause today. The one person whom
/// something is done to is told in any case.
pub(crate) async fn notify_many(change: &mut Change<'_>, mut notices: Vec<OutboxMail>) -> Result<(), Failure> {
    let (app, caller) = (change.app(), change.caller());
    if notices.len() > 1
        && let Some(left) = Room::of(app, change, caller, &[]).await?.left
    {
        notices.truncate(usize::try_from(left).unwrap_or(usize::MAX));
    }
    notify(change, notices).await
}

/// Those of these users who may get one more mail, as many as the caller may still cause.
pub(crate) async fn reachable(draft: &mut Draft<'_>, users: &[User]) -> Result<Vec<User>, Failure> {
    if users.is_empty() {
        return Ok(Vec::new());
    }
    let addresses: Vec<EmailAddress> = users.iter().map(|user| user.email.clone()).collect();
    let (app, caller) = (draft.app(), draft.caller());
    let room = Room::of(app, draft, caller, &addresses).await?;
    let mut reachable: Vec<User> = Vec::new();
    for user in users {
        let before = u64::try_from(reachable.len()).unwrap_or(u64::MAX);
        if room.refusal(&user.email, before).is_none() {
            reachable.push(user.clone());
        }
    }
    Ok(reachable)
}
