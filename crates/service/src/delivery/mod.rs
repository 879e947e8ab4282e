//! Mails leave the outbox: at least once, and not more than once beyond the one under way when a server dies.

pub mod claims;
pub mod lanes;
pub mod mailbox;
pub mod pace;
pub mod transport;

use domain::core::failure::Failure;
use domain::core::timestamp::{Seconds, Timestamp};
use domain::credentials::link::{Link, LinkPurpose};
use domain::outbox::delivery_trouble::DeliveryTrouble;
use domain::users::User;
use domain::users::invitation::InvitationState;
use mail::{Locale, Message, Rendered, SendError};
use store::credentials::links::Links;
pub use store::outbox::queues::Takes;
use store::outbox::queues::{Claim, MailQueues};
use store::outbox::{Outbox, OutboxMail, Trouble};
use store::sign_in::identities::Identities;
use store::users::Users;
use store::{InAccount, Tx};

use crate::core::app::App;
use crate::core::key_check;
use crate::delivery::lanes::Lane;
use crate::delivery::transport::{Destination, Transport};
use crate::invitations;

/// A claimed mail is no one else's for so long; longer than sending one may take ([`Smtp::longest`]): `timeout_seconds` up to its
/// content, then [`mail::FINAL_DOT`] until the server has answered.
pub const LEASE: Seconds = Seconds::minutes(13);

/// A mail that could not leave for so long is given up, as mail servers do.
const GIVE_UP_AFTER: Seconds = Seconds::days(4);

/// The first pause before another try; it doubles up to the longest.
const FIRST_PAUSE: u32 = 15;
const LONGEST_PAUSE: u32 = 900;

/// After so many refusals in a row the mails of an account wait, each time longer: what they say is not taken.
const REFUSALS_BEFORE_PAUSE: i64 = 3;

/// So many queues are tried, where others are quicker; more than can hold as many lanes as one may.
const QUEUES_AT_ONCE: i64 = 6;

/// What became of one attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// No mail is due.
    NothingDue,
    /// It left.
    Sent,
    /// It was not taken now; a later try is planned.
    Postponed,
    /// No mail can leave at the moment; a later try is planned.
    ServerAway,
    /// As many left as may within a minute; the next may from this instant on.
    Full(Timestamp),
    /// It is given up.
    Abandoned,
    /// Its link ended before it could leave.
    Canceled,
}

/// Sends the next mail that is due, as `node`. Accounts have their turns one after the other.
///
/// # Errors
/// The database does not answer. The mail is tried again when its lease is over.
pub async fn deliver_next(app: &App, transport: &Transport, node: &str) -> Result<Delivery, Failure> {
    deliver_next_of(app, transport, node, Takes::Everything).await
}

/// The same for some of the mails only.
///
/// # Errors
/// As [`deliver_next`].
pub async fn deliver_next_of(app: &App, transport: &Transport, node: &str, takes: Takes) -> Result<Delivery, Failure> {
    let mut queues = due_queues(app, takes).await?;
    queues.retain(|queue| transport.lanes.has_one_for(queue));
    if queues.is_empty() {
        return Ok(Delivery::NothingDue);
    }
    // Before it is taken: whoever has to wait must not keep it from others.
    if let Err(free_at) = transport.pace.take(transport.per_minute(), app.clock.now()) {
        return Ok(Delivery::Full(free_at));
    }
    let Some((claimed, _lane)) = claim(app, transport, node, takes, &queues).await? else {
        return Ok(Delivery::NothingDue);
    };
    let result = match prepare(app, &claimed).await? {
        Prepared::Ready(rendered) => send(app, transport, &claimed, &rendered).await,
        Prepared::LinkEnded => SendResult::Canceled(
            DeliveryTrouble::LinkEnded,
            "Its link ended before the email could be sent.".to_owned(),
        ),
        Prepared::Impossible(reason) => SendResult::Abandoned(DeliveryTrouble::CannotBeComposed, reason),
    };
    record(app, transport, &claimed, result).await
}

/// Frees what a server that died had claimed. Only for an installation that cannot have a second server.
pub async fn release_claims(app: &App) -> Result<u64, Failure> {
    let mut tx = app.upkeep("mails of a server that died are freed").await?;
    let released = Outbox(&mut tx).release_all(app.clock.now()).await?;
    tx.commit().await?;
    Ok(released)
}

/// A look costs no one anything; a write transaction would make others wait.
async fn due_queues(app: &App, takes: Takes) -> Result<Vec<String>, Failure> {
    let mut tx = app.db.read().await?;
    Ok(MailQueues(&mut tx).next(takes, app.clock.now(), QUEUES_AT_ONCE).await?)
}

/// The lane is held until the mail is done.
async fn claim<'t>(
    app: &App,
    transport: &'t Transport,
    node: &str,
    takes: Takes,
    queues: &[String],
) -> Result<Option<(OutboxMail, Lane<'t>)>, Failure> {
    let now = app.clock.now();
    let mut tx = app.upkeep("a node claims a mail").await?;
    // With another key this node would find no link of what waits, and take the mails for dead ones.
    key_check::hold(app, &mut tx).await?;
    let mut claimed = None;
    for queue in queues {
        let Some(lane) = transport.lanes.take(queue) else { continue };
        let claim = Claim { worker: node, now, until: now.plus(LEASE) };
        if let Some(mail) = MailQueues(&mut tx).claim(queue, takes, claim).await? {
            claimed = Some((mail, lane));
            break;
        }
    }
    tx.commit().await?;
    Ok(claimed)
}

enum Prepared {
    Ready(Rendered),
    LinkEnded,
    Impossible(String),
}

async fn prepare(app: &App, mail: &OutboxMail) -> Result<Prepared, Failure> {
    let rendered = match written(app, mail).await? {
        Written::Whole(rendered) => rendered,
        Written::LinkEnded(_) => return Ok(Prepared::LinkEnded),
    };
    Ok(match rendered {
        Ok(rendered) => Prepared::Ready(rendered),
        Err(reason) => Prepared::Impossible(reason),
    })
}

/// A mail of the outbox as people read it.
pub enum Written {
    /// With a link that works, if it has one; or why it cannot be written.
    Whole(Result<Rendered, String>),
    /// Its link works no more.
    LinkEnded(Result<Rendered, String>),
}

/// Writes a mail in the language of its recipient. Its link is made here and nowhere stored.
pub async fn written(app: &App, mail: &OutboxMail) -> Result<Written, Failure> {
    let locale = locale_of(app, mail).await?;
    let message: Message = match serde_json::from_str(&mail.message) {
        Ok(message) => message,
        Err(error) => return Ok(Written::Whole(Err(format!("The message can't be read: {error}")))),
    };
    let Some(id) = mail.link_id else { return Ok(Written::Whole(layout(app, &message, locale))) };
    let token = app.link_token(id);
    let mut tx = app.db.read().await?;
    let link = Links(&mut tx).find_by_token(&token.hash()).await?;
    let purpose = link.as_ref().map_or(LinkPurpose::Activation, |link| link.purpose);
    let rendered = layout(app, &message.with_link(app.link_address(purpose, &token)), locale);
    let works = match &link {
        Some(link) => works(app, &mut tx, link).await?,
        None => false,
    };
    Ok(if works { Written::Whole(rendered) } else { Written::LinkEnded(rendered) })
}

/// Whether a link opens what it is for now; that of an invitation only as long as someone answers for it (R5).
async fn works(app: &App, tx: &mut Tx, link: &Link) -> Result<bool, Failure> {
    if link.check(link.purpose, app.clock.now()).is_err() {
        return Ok(false);
    }
    let (LinkPurpose::Activation, Some(account), Some(user)) = (link.purpose, link.account_id, link.user_id) else {
        return Ok(true);
    };
    let mut tenant = InAccount { tx, account };
    let users: Vec<User> = Users::of(&mut tenant).find(user).await?.into_iter().collect();
    let states = invitations::states::of_users(app, &mut tenant, &users).await?;
    Ok(states.get(&user).is_some_and(|stated| stated.state == InvitationState::Open))
}

fn layout(app: &App, message: &Message, locale: Locale) -> Result<Rendered, String> {
    mail::render(message, locale, &app.settings.reply_to).map_err(|error| error.to_string())
}

async fn locale_of(app: &App, mail: &OutboxMail) -> Result<Locale, Failure> {
    let mut tx = app.db.read().await?;
    let identity = Identities(&mut tx).find_by_email(&mail.recipient).await?;
    Ok(identity.map_or(Locale::En, |identity| Locale::from_tag(&identity.locale)))
}

/// What happened, with its stable code and its reason where the mail did not leave.
enum SendResult {
    Sent,
    Postponed(DeliveryTrouble, String),
    /// The server does not take what this mail says, or not to this recipient. It may take others.
    Refused(DeliveryTrouble, String),
    /// The server took the sender and then broke off, at this mail.
    BrokenOff(DeliveryTrouble, String),
    ServerAway(DeliveryTrouble, String),
    Abandoned(DeliveryTrouble, String),
    Canceled(DeliveryTrouble, String),
}

async fn send(app: &App, transport: &Transport, mail: &OutboxMail, rendered: &Rendered) -> SendResult {
    let Destination::Smtp(smtp) = &transport.destination else { return SendResult::Sent };
    let message_id = format!("<{}@{}>", mail.id, app.settings.host());
    let too_late = app.clock.now() >= mail.created_at.plus(GIVE_UP_AFTER);
    let sent = smtp.send(mail.recipient.as_str(), &message_id, rendered).await;
    let is_away = transport.note_answer(&mail.queue(), &sent);
    match sent {
        Ok(()) => SendResult::Sent,
        Err(SendError::Permanent(reason)) => SendResult::Abandoned(DeliveryTrouble::RecipientRefused, reason),
        Err(SendError::Transient(reason)) if too_late => SendResult::Abandoned(DeliveryTrouble::Deferred, reason),
        Err(SendError::Transient(reason)) => SendResult::Postponed(DeliveryTrouble::Deferred, reason),
        Err(SendError::Refused(reason) | SendError::SenderRefused(reason)) if too_late => {
            SendResult::Abandoned(DeliveryTrouble::SenderRefused, reason)
        }
        Err(SendError::Refused(reason)) => SendResult::Refused(DeliveryTrouble::SenderRefused, reason),
        Err(SendError::SenderRefused(reason)) => SendResult::ServerAway(DeliveryTrouble::SenderRefused, reason),
        Err(SendError::BrokenOff(reason)) if too_late => SendResult::Abandoned(DeliveryTrouble::Deferred, reason),
        Err(SendError::BrokenOff(reason)) if is_away => {
            SendResult::ServerAway(DeliveryTrouble::ServerUnreachable, reason)
        }
        Err(SendError::BrokenOff(reason)) => SendResult::BrokenOff(DeliveryTrouble::Deferred, reason),
        Err(SendError::Unreachable(reason)) if too_late => {
            SendResult::Abandoned(DeliveryTrouble::ServerUnreachable, reason)
        }
        Err(SendError::Unreachable(reason)) => SendResult::ServerAway(DeliveryTrouble::ServerUnreachable, reason),
    }
}

async fn record(app: &App, transport: &Transport, mail: &OutboxMail, result: SendResult) -> Result<Delivery, Failure> {
    let now = app.clock.now();
    tell(transport, mail, &result, now);
    let mut tx = app.upkeep("what became of a mail").await?;
    let mut outbox = Outbox(&mut tx);
    let id = mail.id;
    let delivery = match result {
        SendResult::Sent => {
            outbox.sent(id, now).await?;
            if !mail.is_urgent() {
                MailQueues(&mut tx).taken(mail).await?;
            }
            Delivery::Sent
        }
        SendResult::Refused(code, reason) | SendResult::BrokenOff(code, reason) => {
            outbox.postpone(id, next_try(app, mail.attempts, now), Trouble { code, reason: &reason }).await?;
            hold_back(app, &mut tx, mail, now).await?;
            Delivery::Postponed
        }
        SendResult::Postponed(code, reason) => {
            outbox.postpone(id, next_try(app, mail.attempts, now), Trouble { code, reason: &reason }).await?;
            Delivery::Postponed
        }
        SendResult::ServerAway(code, reason) => {
            outbox.postpone(id, next_try(app, mail.attempts, now), Trouble { code, reason: &reason }).await?;
            Delivery::ServerAway
        }
        SendResult::Abandoned(code, reason) => {
            outbox.abandon(id, now, Trouble { code, reason: &reason }).await?;
            Delivery::Abandoned
        }
        SendResult::Canceled(code, reason) => {
            outbox.cancel(id, now, Trouble { code, reason: &reason }).await?;
            Delivery::Canceled
        }
    };
    tx.commit().await?;
    Ok(delivery)
}

/// What an account sends to many is refused, or broken off, again and again: its other mails wait, instead of taking turns for nothing.
/// What people asked for themselves goes on.
async fn hold_back(app: &App, tx: &mut Tx, mail: &OutboxMail, now: Timestamp) -> Result<(), Failure> {
    if mail.is_urgent() {
        return Ok(());
    }
    let refusals = MailQueues(tx).refused(mail).await?;
    if refusals >= REFUSALS_BEFORE_PAUSE {
        MailQueues(tx).wait(mail, next_try(app, refusals - REFUSALS_BEFORE_PAUSE + 1, now)).await?;
    }
    Ok(())
}

/// Tells the operator. What holds for every mail is told once and then once an hour, not for each mail.
fn tell(transport: &Transport, mail: &OutboxMail, result: &SendResult, now: Timestamp) {
    let (id, kind) = (mail.id, mail.kind.as_str());
    match result {
        SendResult::Sent if transport.pace.ends_trouble() => tracing::info!("Emails are being sent again."),
        SendResult::Sent => {}
        SendResult::Postponed(_, reason) => {
            tracing::warn!(mail = %id, kind, attempt = mail.attempts, %reason, "An email wasn't accepted and will be \
             retried.");
        }
        SendResult::Refused(..) if !transport.pace.is_news("mail_refused", now) => {}
        SendResult::Refused(_, reason) => tracing::warn!(
            mail = %id, kind, attempt = mail.attempts, %reason,
            "The mail server rejected this email. It will be retried, and other emails continue."
        ),
        SendResult::BrokenOff(..) if !transport.pace.is_news("mail_broken_off", now) => {}
        SendResult::BrokenOff(_, reason) => tracing::warn!(
            mail = %id, kind, attempt = mail.attempts, %reason,
            "The mail server closed the connection during this email. It will be retried, and other emails continue."
        ),
        SendResult::ServerAway(code, _) if !transport.pace.is_news(code.word(), now) => {}
        SendResult::ServerAway(DeliveryTrouble::SenderRefused, reason) => tracing::warn!(
            mail = %id, kind, %reason,
            "The mail server accepts no email from this installation, so emails are waiting. Fix [mail.smtp] or the \
             account on the mail server. `portcullis mail test` shows whether it works."
        ),
        SendResult::ServerAway(_, reason) => {
            tracing::warn!(mail = %id, kind, %reason, "Emails can't be sent right now and are waiting.");
        }
        SendResult::Abandoned(_, reason) => {
            tracing::error!(mail = %id, kind, attempts = mail.attempts, %reason, "An email was abandoned.");
        }
        SendResult::Canceled(_, reason) => tracing::info!(mail = %id, kind, %reason, "An email is not sent."),
    }
}

/// 15 s, 30 s, 1 min … up to 15 min, each up to a quarter longer, so that what failed together is not tried together.
fn next_try(app: &App, attempts: i64, now: Timestamp) -> Timestamp {
    let mut random = [0; 2];
    app.random.fill(&mut random);
    now.plus(pause(attempts, u16::from_le_bytes(random)))
}

fn pause(attempts: i64, chance: u16) -> Seconds {
    let doublings = u32::try_from(attempts.saturating_sub(1)).unwrap_or(0).min(10);
    let base = (FIRST_PAUSE << doublings).min(LONGEST_PAUSE);
    Seconds(base + base * u32::from(chance) / (4 * u32::from(u16::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_between_tries_doubles_up_to_a_quarter_of_an_hour_and_a_quarter_more_by_chance() {
        let pauses: Vec<u32> = [0, 1, 2, 3, 6, 7, 50].into_iter().map(|attempts| pause(attempts, 0).0).collect();
        assert_eq!(pauses, [15, 15, 30, 60, 480, 900, 900]);
        assert_eq!(pause(50, u16::MAX), Seconds(1_125));
    }
}
