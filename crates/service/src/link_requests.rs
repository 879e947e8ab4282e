//! Asking for a mail with a link without any proof: whoever forgot their password, and whoever holds a link that works no more.
//!
//! A request is only noted, which is the same work for every address and every link, so neither the answer nor its time tells
//! who is known (D2). The worker looks a moment later whose it is, and mails them what they need: a link to a new password
//! where they are active, to their invitation where they are not yet. A request is answered in the transaction that forgets it:
//! a server that dies in between has neither lost it nor answered it twice.

use domain::access::Need;
use domain::email_address::EmailAddress;
use domain::event::Origin;
use domain::identity::Identity;
use domain::link::{Link, LinkPurpose};
use domain::mail_limits::Cause;
use domain::timestamp::{Seconds, Timestamp};
use domain::user::{User, UserStatus};
use serde_json::json;
use store::identities::Identities;
use store::link_requests::{LinkRequest, LinkRequests};
use store::links::Links;
use store::sessions::Sessions;
use store::users::Memberships;
use store::{Tenant, Tx};

use crate::activation_mails::promise_one_more;
use crate::activations::living_invitation;
use crate::app::App;
use crate::caller::Caller;
use crate::change::user_target;
use crate::entry::Entry;
use crate::failure::Failure;
use crate::invitations::expires_at;
use crate::password_resets::promise_reset;
use crate::secrets::Token;
use crate::sign_in::home_of;
use crate::throttle::{count_within_hour, network_of};

/// Anyone may ask.
pub const ASK: Need = Need::Public;

/// How often one source may ask within an hour; a browser that signed in before counts for itself.
const PER_SOURCE_HOUR: i64 = 30;
/// A request that could not be answered for so long is forgotten: nobody waits for it any more.
pub(crate) const KEPT_FOR: Seconds = Seconds::days(1);

/// What somebody asks by.
#[derive(Debug, Clone, Copy)]
pub enum AskedBy<'a> {
    /// The address they sign in with, or were invited by.
    Address(&'a EmailAddress),
    /// A link that was mailed to them before.
    Link(&'a Token),
}

/// Notes that somebody wants a mail with a link; `device` is the token by which their browser is recognised. The work is the
/// same for everybody, and so is the silence about a source that asks too often: its requests are not noted.
///
/// # Errors
/// Only the database's own troubles.
pub async fn note(app: &App, asked_by: AskedBy<'_>, origin: Origin, device: Option<&Token>) -> Result<(), Failure> {
    let (address, link_hash) = match asked_by {
        AskedBy::Address(address) => (Some(address.clone()), None),
        AskedBy::Link(token) => (None, Some(token.hash())),
    };
    let request = LinkRequest {
        id: app.world.new_uuid().to_string(),
        address,
        link_hash,
        device_hash: device.map_or_else(String::new, Token::hash),
        ip: origin.ip,
        request: origin.request,
        requested_at: app.world.now(),
    };
    let mut tx = app.db.write().await?;
    let counter = match Sessions(&mut tx).is_device(&request.device_hash).await? {
        true => format!("asks-browser:{}", request.device_hash),
        false => format!("asks-source:{}", app.key.pseudonym("source", &network_of(&request.ip))),
    };
    if count_within_hour(&mut tx, &counter, request.requested_at).await?.count <= PER_SOURCE_HOUR {
        LinkRequests(&mut tx).insert(&request).await?;
    }
    Ok(tx.commit().await?)
}

/// Answers every request that waits, oldest first. Says how many there were.
///
/// # Errors
/// The last of those that stopped single answers. They are tried again with the next call; the others are done.
pub async fn answer_all(app: &App) -> Result<usize, Failure> {
    const AT_ONCE: i64 = 200;
    let (mut answered, mut failure) = (0, None);
    let mut last = (Timestamp::from_micros(0), String::new());
    loop {
        let mut tx = app.db.read().await?;
        let waiting = LinkRequests(&mut tx).after(last.0, &last.1, AT_ONCE).await?;
        drop(tx);
        let Some(end) = waiting.last() else { break };
        last = (end.requested_at, end.id.clone());
        for request in &waiting {
            match answer(app, request).await {
                Ok(()) => answered += 1,
                Err(one) => failure = Some(one),
            }
        }
    }
    failure.map_or(Ok(answered), Err)
}

/// Whose request it is.
struct Asker {
    identity: Identity,
    /// Whether their browser signed in as them before: then they have room of their own, which no stranger can use up (L4).
    is_known: bool,
    needs: Needed,
}

/// What gets somebody in.
enum Needed {
    /// A new password, in the account that they used last.
    NewPassword(Box<User>),
    /// The first of these invitations that can still be accepted.
    Invitation(Vec<User>),
}

/// Mails what the request asks for, or forgets it where it is nobody's, or where they got enough.
async fn answer(app: &App, request: &LinkRequest) -> Result<(), Failure> {
    let mut tx = app.db.read().await?;
    let asker = asker_of(&mut tx, request).await?;
    drop(tx);
    if let Some(asker) = asker
        && has_room(app, &asker).await?
        && mail(app, request, &asker).await?
    {
        return Ok(());
    }
    let mut tx = app.db.write().await?;
    LinkRequests(&mut tx).take(&request.id).await?;
    Ok(tx.commit().await?)
}

async fn asker_of(tx: &mut Tx, request: &LinkRequest) -> Result<Option<Asker>, Failure> {
    let link = match &request.link_hash {
        Some(hash) => Links(tx).find_by_token(hash).await?,
        None => None,
    };
    let identity = match (&request.address, link.as_ref().and_then(|link| link.identity_id)) {
        (Some(address), _) => Identities(tx).find_by_email(address).await?,
        (None, Some(id)) => Identities(tx).find(id).await?,
        (None, None) => None,
    };
    let Some(identity) = identity else { return Ok(None) };
    let memberships = Memberships(tx).of_identity(identity.id).await?;
    let is_known = Sessions(tx).knows_device(identity.id, &request.device_hash).await?;
    let needs = needed(link.as_ref(), memberships);
    Ok(needs.map(|needs| Asker { identity, is_known, needs }))
}

/// The link of an invitation stands for that one. Whoever says by which address they sign in needs a password where they are
/// active, else what they were invited by.
fn needed(link: Option<&Link>, mut memberships: Vec<User>) -> Option<Needed> {
    match link.map(|link| link.purpose) {
        Some(LinkPurpose::Setup | LinkPurpose::Recovery) => return None,
        Some(LinkPurpose::Activation) => {
            memberships.retain(|user| link.is_some_and(|link| link.user_id == Some(user.id)));
        }
        Some(LinkPurpose::PasswordReset) | None => {
            if let Some(home) = home_of(&memberships) {
                return Some(Needed::NewPassword(Box::new(home.clone())));
            }
        }
    }
    memberships.retain(|user| user.status == UserStatus::Provisioned);
    memberships.sort_unstable_by_key(|user| std::cmp::Reverse(user.created_at));
    Some(Needed::Invitation(memberships))
}

/// Counts one more mail that this person is to get because somebody asked; says whether that is within the limit (I10). What
/// their accounts send them does not count, and a browser that is known counts apart.
async fn has_room(app: &App, asker: &Asker) -> Result<bool, Failure> {
    let who = if asker.is_known { "known" } else { "stranger" };
    let key = format!("asked-{who}:{}", app.key.pseudonym("address", asker.identity.email.as_str()));
    let mut tx = app.db.write().await?;
    let counted = count_within_hour(&mut tx, &key, app.world.now()).await?;
    tx.commit().await?;
    Ok(counted.count <= app.settings.mail_limits.per_recipient_hour)
}

/// Promises the mail and forgets the request. False when there is nothing to mail any more; then nothing was done.
async fn mail(app: &App, request: &LinkRequest, asker: &Asker) -> Result<bool, Failure> {
    let origin = Origin { ip: request.ip.clone(), session: String::new(), request: request.request.clone() };
    let caller = Caller::nobody(origin);
    let cause = if asker.is_known { Cause::Trusted } else { Cause::Stranger };
    match &asker.needs {
        Needed::NewPassword(home) => mail_password_link(app, &caller, request, home, cause).await,
        Needed::Invitation(invited) => {
            for user in invited {
                if mail_invitation(app, &caller, request, user, cause).await? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
    }
}

async fn mail_password_link(
    app: &App,
    caller: &Caller,
    request: &LinkRequest,
    home: &User,
    cause: Cause,
) -> Result<bool, Failure> {
    let mut change = app.change_in(caller, home.account_id).await?;
    let user = change.users().find(home.id).await?.filter(|user| user.status == UserStatus::Active);
    let Some(user) = user else { return Ok(false) };
    if !LinkRequests(change.bound().0).take(&request.id).await? {
        return Ok(true);
    }
    promise_reset(&mut change, &user, cause).await?;
    change.leaves_account_untouched();
    let target = user_target(&user, json!({}), json!({ "mailed": true }));
    change.commit(Entry::new("password.reset_requested", vec![target])).await?;
    Ok(true)
}

/// The invitation itself stays its giver's; only its time begins anew.
async fn mail_invitation(
    app: &App,
    caller: &Caller,
    request: &LinkRequest,
    invited: &User,
    cause: Cause,
) -> Result<bool, Failure> {
    let mut change = app.change_in(caller, invited.account_id).await?;
    let user = change.users().find(invited.id).await?.filter(|user| user.status == UserStatus::Provisioned);
    let Some(user) = user else { return Ok(false) };
    let (invitation, inviter) = match living_invitation(app, &mut change, &user).await {
        Ok(living) => living,
        Err(Failure::Refused(_)) => return Ok(false),
        Err(failure) => return Err(failure),
    };
    if !LinkRequests(change.bound().0).take(&request.id).await? {
        return Ok(true);
    }
    let (now, expires_at) = (change.now(), expires_at(&change));
    change.invitations().sent_again(&[user.id], &invitation.invited_by, now, expires_at).await?;
    promise_one_more(&mut change, &user, inviter, cause).await?;
    change.leaves_account_untouched();
    let (before, after) = (invitation.sent_count, invitation.sent_count + 1);
    let after = json!({ "sent_count": after, "expires_at": expires_at });
    let target = user_target(&user, json!({ "sent_count": before }), after);
    change.commit(Entry::new("invitation.resent", vec![target])).await?;
    Ok(true)
}
