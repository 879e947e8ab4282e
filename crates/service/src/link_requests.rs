//! Asking for a mail with a link without any proof: for people who forgot their password, or whose link no longer works.
//!
//! A request is only noted, which is the same work for every address and every link, so neither the answer nor its time tells
//! who is known (D2). The worker looks a moment later whose it is, and mails them what gets them in: a link to a new password where they
//! are active, and one to each invitation that they did not accept yet. A request is answered in the transaction that forgets it:
//! a server that dies in between has neither lost it nor answered it twice.

use domain::access::Need;
use domain::accounts::Account;
use domain::activity::Origin;
use domain::activity::actions::Action;
use domain::core::email_address::EmailAddress;
use domain::core::failure::Failure;
use domain::core::ids::AccountId;
use domain::core::timestamp::{Seconds, Timestamp};
use domain::credentials::link::LinkPurpose;
use domain::outbox::limits::Cause;
use domain::sign_in::identity::Identity;
use domain::users::invitation::renewed_until;
use domain::users::{LoginMethod, User, UserStatus};
use serde_json::json;
use store::Tx;
use store::credentials::link_requests::{LinkRequest, LinkRequests};
use store::credentials::links::Links;
use store::invitations::Invitations;
use store::sign_in::identities::Identities;
use store::sign_in::sessions::Sessions;
use store::users::{Memberships, Users};

use crate::core::app::App;
use crate::core::caller::Caller;
use crate::core::change::{Change, user_target};
use crate::core::entry::Entry;
use crate::core::secrets::Token;
use crate::credentials::password_resets::promise_own_reset;
use crate::invitations::activation::living_invitation;
use crate::invitations::mails::promise_one_more;
use crate::sign_in::throttle::{count_within_hour, is_within_source_hour};

/// Anyone may ask.
pub const ASK: Need = Need::Public;

/// How often one source may ask within an hour; a browser that signed in before counts for itself.
const PER_SOURCE_HOUR: i64 = 30;
/// A request that could not be answered for so long is dropped: the person is no longer waiting for it.
pub(crate) const KEPT_FOR: Seconds = Seconds::days(1);

/// How the requester identifies themselves.
#[derive(Debug, Clone, Copy)]
pub enum AskedBy<'a> {
    /// The address they sign in with, or were invited by.
    Address(&'a EmailAddress),
    /// A link that was mailed to them before.
    Link(&'a Token),
}

/// Notes that someone wants a mail with a link; `device` is the token by which their browser is recognized. The work is the
/// same for everyone, and so is the silence about a source that asks too often: its requests are not noted.
///
/// # Errors
/// Only the database's own troubles.
pub async fn note(app: &App, asked_by: AskedBy<'_>, origin: Origin, device: Option<&Token>) -> Result<(), Failure> {
    let (address, link_hash) = match asked_by {
        AskedBy::Address(address) => (Some(address.clone()), None),
        AskedBy::Link(token) => (None, Some(token.hash())),
    };
    let request = LinkRequest {
        id: app.random.uuid().to_string(),
        address,
        link_hash,
        device_hash: device.map_or_else(String::new, Token::hash),
        ip: origin.ip,
        request: origin.request,
        requested_at: app.clock.now(),
    };
    let mut tx = app.upkeep("a request for a link, which is answered later").await?;
    let now = request.requested_at;
    // By its person, who may make as many known browsers as they sign in without the cookie of one.
    let person = Sessions(&mut tx).person_of_device(&request.device_hash, request.address.as_ref()).await?;
    let is_within = if let Some(person) = person {
        let counter = format!("asks-person:{person}");
        count_within_hour(&mut tx, &counter, now).await?.count <= PER_SOURCE_HOUR
    } else {
        is_within_source_hour(app, &mut tx, "asks", &request.ip, PER_SOURCE_HOUR, now).await?
    };
    if is_within {
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

/// Whose request it is, and where something is done about it.
struct Asker {
    identity: Identity,
    /// Whether their browser signed in as them before: then they have room of their own, which no stranger can use up (L4).
    is_known: bool,
    /// Where they are active and sign in with a password: each of these accounts is told that a new one was asked for, and one mail
    /// lets them choose it.
    active: Vec<User>,
    /// Where they were invited. Each invitation is mailed anew, whatever they have elsewhere: an account that invited someone must
    /// not tell by its log who has a sign-in (D2).
    invited: Vec<User>,
}

/// Mails what the request asks for, or forgets it where it is no one's, or where they got enough.
async fn answer(app: &App, request: &LinkRequest) -> Result<(), Failure> {
    let mut tx = app.db.read().await?;
    let asker = asker_of(&mut tx, request).await?;
    drop(tx);
    if let Some(asker) = asker
        && mail(app, request, asker).await?
    {
        return Ok(());
    }
    let mut tx = app.upkeep("a request that needs no answer is forgotten").await?;
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
    let mut memberships = Memberships(tx).of_identity(identity.id).await?;
    let is_known = Sessions(tx).knows_device(identity.id, &request.device_hash).await?;
    // The link of an invitation stands for that one. Whoever says by which address they sign in, or has a link to a new password,
    // needs whatever gets them in.
    match link.map(|link| (link.purpose, link.user_id)) {
        Some((LinkPurpose::Setup | LinkPurpose::Recovery, _)) => return Ok(None),
        Some((LinkPurpose::Activation, user)) => {
            memberships.retain(|member| member.status == UserStatus::Provisioned && user == Some(member.id));
        }
        Some((LinkPurpose::PasswordReset, _)) | None => {}
    }
    let of = |status| move |user: &&User| user.status == status;
    let active = memberships.iter().filter(of(UserStatus::Active));
    let active = active.filter(|user| user.login_method == LoginMethod::Password).cloned().collect();
    let invited = memberships.iter().filter(of(UserStatus::Provisioned)).cloned().collect();
    Ok(Some(Asker { identity, is_known, active, invited }))
}

/// Takes out what the person got enough of within the hour (I10): mails to a new password, and those of each invitation apart, so that
/// what an account is told depends on no other. What their accounts send them does not count, and a browser that is known counts
/// apart.
async fn within_limits(app: &App, tx: &mut Tx, mut asker: Asker) -> Result<Asker, Failure> {
    let most = app.settings.mail_limits.per_recipient_hour;
    let now = app.clock.now();
    let who = if asker.is_known { "known" } else { "stranger" };
    let address = app.key.pseudonym("address", asker.identity.email.as_str());
    if !asker.active.is_empty() {
        let counted = count_within_hour(tx, &format!("asked-{who}:{address}"), now).await?;
        asker.active.truncate(if counted.count <= most { usize::MAX } else { 0 });
    }
    let mut invited = Vec::with_capacity(asker.invited.len());
    for user in asker.invited {
        let counted = count_within_hour(tx, &format!("asked-invitation:{}", user.id), now).await?;
        invited.extend((counted.count <= most).then_some(user));
    }
    Ok(Asker { invited, ..asker })
}

/// Promises the mails, tells the accounts and forgets the request, all at once. False when there is nothing to mail; then nothing was
/// done.
async fn mail(app: &App, request: &LinkRequest, asker: Asker) -> Result<bool, Failure> {
    let origin = Origin { ip: request.ip.clone(), session: String::new(), request: request.request.clone() };
    let caller = Caller::nobody(origin);
    let mut tx = app.upkeep("a change in several accounts, begun over all of them").await?;
    if !LinkRequests(&mut tx).take(&request.id).await? {
        return Ok(true);
    }
    let asker = within_limits(app, &mut tx, asker).await?;
    let ids: Vec<AccountId> = asker.active.iter().chain(&asker.invited).map(|user| user.account_id).collect();
    if ids.is_empty() {
        tx.commit().await?;
        return Ok(true);
    }
    let (mut change, accounts) = Change::over_all(app, &caller, tx, ids).await?;
    let mut entries = Vec::new();
    let mut is_mailed = false;
    let lifetime = shortest_lifetime(&accounts, &asker.active);
    for account in accounts {
        change = change.go_on_in(account.clone()).await?;
        let here = |user: &&User| user.account_id == account.id;
        let entry = match (asker.active.iter().find(here), asker.invited.iter().find(here)) {
            (Some(user), _) => {
                let cause = if asker.is_known { Cause::Trusted } else { Cause::Stranger };
                let user = still_active(&mut change, user).await?;
                if let (Some(user), Some(lifetime), false) = (&user, lifetime, is_mailed) {
                    promise_own_reset(&mut change, user, lifetime, cause).await?;
                    is_mailed = true;
                }
                user.map(|user| asked_for_password(&user))
            }
            (None, Some(user)) => invite_anew(app, &mut change, user).await?,
            (None, None) => None,
        };
        entries.extend(entry.map(|entry| (account, entry)));
    }
    if entries.is_empty() {
        return Ok(false);
    }
    change.commit_in_all(entries).await?;
    Ok(true)
}

/// The link is the person's and no account's, so that its time is the shortest of all their accounts that it opens.
fn shortest_lifetime(accounts: &[Account], active: &[User]) -> Option<Seconds> {
    let opens = |account: &&Account| active.iter().any(|user| user.account_id == account.id);
    accounts.iter().filter(opens).map(|account| account.settings.links.password_reset_seconds).min()
}

async fn still_active(change: &mut Change<'_>, known: &User) -> Result<Option<User>, Failure> {
    let user = Users::of(change).find(known.id).await?;
    Ok(user.filter(|user| user.status == UserStatus::Active))
}

fn asked_for_password(user: &User) -> Entry {
    let target = user_target(user, json!({}), json!({ "mailed": true }));
    Entry::new(Action::PasswordResetRequested, vec![target])
}

/// The invitation itself stays its giver's, and ends when they let it (P3).
async fn invite_anew(app: &App, change: &mut Change<'_>, known: &User) -> Result<Option<Entry>, Failure> {
    let user = Users::of(change).find(known.id).await?.filter(|user| user.status == UserStatus::Provisioned);
    let Some(user) = user else { return Ok(None) };
    let (invitation, inviter) = match living_invitation(app, change, &user).await {
        Ok(living) => living,
        Err(Failure::Refused(_)) => return Ok(None),
        Err(failure) => return Err(failure),
    };
    let (now, lifetime) = (change.now(), change.account().settings.links.activation_seconds);
    let Some(expires_at) = renewed_until(invitation.given_at, lifetime, now) else { return Ok(None) };
    Invitations::of(change).asked_for(user.id, now, expires_at).await?;
    promise_one_more(change, &user, inviter, expires_at).await?;
    let (before, after) = (invitation.sent_count, invitation.sent_count + 1);
    let after = json!({ "sent_count": after, "expires_at": expires_at });
    let target = user_target(&user, json!({ "sent_count": before }), after);
    Ok(Some(Entry::new(Action::InvitationResent, vec![target])))
}
