//! Choosing a new password by a mailed link, or by one that the operator printed (LG-4, LG-5, U-23, decisions 3 and 17).
//!
//! Only people who are active somewhere and sign in there with a password get a mail. Who is invited and has not
//! activated gets none: their link comes from an admin, who sends it again.

use domain::access::Need;
use domain::account::Account;
use domain::email_address::EmailAddress;
use domain::event::Origin;
use domain::identity::Identity;
use domain::ids::{AccountId, IdentityId, LinkId, OutboxId, UserId};
use domain::link::{DeadLink, Link, LinkPurpose};
use domain::password::PasswordPolicy;
use domain::timestamp::Seconds;
use domain::user::{User, UserStatus};
use mail::Message;
use serde_json::json;
use store::accounts::Accounts;
use store::identities::Identities;
use store::links::{Links, NewLink};
use store::outbox::{Outbox, OutboxMail};
use store::users::Memberships;
use store::{Tenant, Tx};

use crate::app::App;
use crate::authentication::InAccount;
use crate::caller::{Caller, Who};
use crate::change::{Change, user_target};
use crate::entry::Entry;
use crate::failure::Failure;
use crate::new_password::{self, Here};
use crate::secrets::Token;
use crate::sign_in::{self, Browser, home_of, new_device};
use crate::throttle::{Counters, count_within_hour, network_of};

/// Anyone may say that they forgot their password.
pub const REQUEST: Need = Need::Public;
/// Anyone with the link may choose a new one.
pub const RESET: Need = Need::Public;

/// How often one source may ask within an hour.
const PER_SOURCE_HOUR: i64 = 30;
/// The kind of mail with the link.
const RESET_MAIL: &str = "password_reset";

/// Promises a mail with a link to whoever has this address and a password. The answer, and the work behind it, is the same
/// for everybody: also where there is nobody, or where too many mails were asked for (D2, I10).
///
/// # Errors
/// Only the database's own troubles.
pub async fn request(app: &App, email: &EmailAddress, origin: Origin) -> Result<(), Failure> {
    let mut tx = app.db.read().await?;
    let identity = Identities(&mut tx).find_by_email(email).await?;
    let id = identity.map_or_else(|| app.world.new_id(), |identity| identity.id);
    let memberships = Memberships(&mut tx).of_identity(id).await?;
    drop(tx);
    let mut tx = app.db.write().await?;
    let has_room = take_room(app, &mut tx, email, &origin.ip).await?;
    tx.commit().await?;
    let caller = Caller::nobody(origin);
    match home_of(&memberships) {
        Some(home) if has_room && promise(app, &caller, home).await? => Ok(()),
        Some(_) | None => pretend(app, email).await,
    }
}

/// Promises the mail. False when the user is not active any more; then nothing was done.
async fn promise(app: &App, caller: &Caller, home: &User) -> Result<bool, Failure> {
    let mut change = app.change_in(caller, home.account_id).await?;
    let user = change.users().find(home.id).await?.filter(|user| user.status == UserStatus::Active);
    let Some(user) = user else { return Ok(false) };
    promise_reset(&mut change, &user, false).await?;
    change.leaves_account_untouched();
    let target = user_target(&user, json!({}), json!({ "mailed": true }));
    change.commit(Entry::new("password.reset_requested", vec![target])).await?;
    Ok(true)
}

/// The same work for nobody, so that the time tells nothing: as many statements as [`promise`] has, as many rows written, one
/// commit.
async fn pretend(app: &App, email: &EmailAddress) -> Result<(), Failure> {
    let mut tx = app.db.write().await?;
    let now = app.world.now();
    let (account, identity): (AccountId, IdentityId) = (app.world.new_id(), app.world.new_id());
    let user: UserId = app.world.new_id();
    Accounts(&mut tx).lock(account).await?;
    InAccount { tx: &mut tx, account }.users().find(user).await?;
    Links(&mut tx).end_of_identity(identity, LinkPurpose::PasswordReset, now).await?;
    Outbox(&mut tx).cancel_links_of(account, &[user], now).await?;
    let (link, mail) = decoys(app, email);
    let ids = (link.link.id, mail.id);
    Links(&mut tx).insert(&[link], now).await?;
    Outbox(&mut tx).insert(&[mail]).await?;
    Links(&mut tx).remove(ids.0).await?;
    Outbox(&mut tx).remove(ids.1).await?;
    Accounts(&mut tx).advance_events(account, 0, "").await?;
    Ok(tx.commit().await?)
}

/// A link and a mail that nobody will ever see.
fn decoys(app: &App, email: &EmailAddress) -> (NewLink, OutboxMail) {
    let now = app.world.now();
    let id: LinkId = app.world.new_id();
    let purpose = LinkPurpose::PasswordReset;
    let link =
        Link { id, purpose, account_id: None, identity_id: None, user_id: None, expires_at: now, ended_at: None };
    let mail = OutboxMail {
        id: app.world.new_id::<OutboxId>(),
        account_id: None,
        sender_id: String::new(),
        recipient: email.clone(),
        kind: String::new(),
        message: String::new(),
        link_id: None,
        attempts: 0,
        due_at: now,
        created_at: now,
    };
    (NewLink { link, token_hash: app.link_token(id).hash() }, mail)
}

/// Counts one more request of this source, and for this address; says whether both are within their limits (I10). Other mails
/// to the address do not count: whoever causes them must not be able to silence this one.
async fn take_room(app: &App, tx: &mut Tx, email: &EmailAddress, ip: &str) -> Result<bool, Failure> {
    let now = app.world.now();
    let per_recipient = app.settings.mail_limits.per_recipient_hour;
    let address = app.key.pseudonym("address", email.as_str());
    let source = app.key.pseudonym("source", &network_of(ip));
    let hour_ago = now.minus(Seconds::hours(1));
    let mut has_room = Outbox(tx).count_to(email, RESET_MAIL, hour_ago).await? < per_recipient;
    for (key, most) in [(format!("reset:{address}"), per_recipient), (format!("reset:{source}"), PER_SOURCE_HOUR)] {
        has_room &= count_within_hour(tx, &key, now).await?.count <= most;
    }
    Ok(has_room)
}

/// Makes a new link, ends the earlier ones, and promises the mail.
pub(crate) async fn promise_reset(change: &mut Change<'_>, user: &User, by_admin: bool) -> Result<(), Failure> {
    let now = change.now();
    let lifetime = change.account().settings.password_reset_link_seconds;
    change.links().end_of_identity(user.identity_id, LinkPurpose::PasswordReset, now).await?;
    change.outbox().cancel_links_of(user.account_id, &[user.id], now).await?;
    let link = change.new_link(LinkPurpose::PasswordReset, user, lifetime);
    let message = Message::PasswordReset {
        link: String::new(),
        expires_at: link.link.expires_at.to_string(),
        requested_by_admin: by_admin,
    };
    let mail = change.new_mail(user, &message, Some(link.link.id))?;
    change.links().insert(&[link], now).await?;
    change.mail(&[mail]).await
}

/// A link that lets a person choose a new password.
#[derive(Debug, Clone)]
pub struct OpenReset {
    /// The link.
    pub link: Link,
    /// The account that the link belongs to; its log takes the reset.
    pub account: Account,
    /// The person's user there.
    pub user: User,
    /// The person.
    pub identity: Identity,
    /// What the password must be: the strictest of all accounts in which the person is active.
    pub policy: PasswordPolicy,
}

/// Looks at a link without using it up (I12).
///
/// # Errors
/// 404 with one answer for every link that does not work.
pub async fn look(app: &App, token: &Token) -> Result<OpenReset, Failure> {
    let mut tx = app.db.read().await?;
    open_reset(app, &mut tx, token).await
}

async fn open_reset(app: &App, tx: &mut Tx, token: &Token) -> Result<OpenReset, Failure> {
    let link = Links(tx).find_by_token(&token.hash()).await?.ok_or(DeadLink)?;
    match link.purpose {
        LinkPurpose::PasswordReset | LinkPurpose::Recovery => link.check(link.purpose, app.world.now())?,
        LinkPurpose::Setup | LinkPurpose::Activation => return Err(DeadLink.into()),
    }
    let account = Accounts(tx).find(link.account_id.ok_or(DeadLink)?).await?.ok_or(DeadLink)?;
    let mut bound = InAccount { tx, account: account.id };
    let user = bound.users().find(link.user_id.ok_or(DeadLink)?).await?.ok_or(DeadLink)?;
    if user.status != UserStatus::Active || link.identity_id != Some(user.identity_id) {
        return Err(DeadLink.into());
    }
    let identity = Identities(tx).find(user.identity_id).await?.ok_or(DeadLink)?;
    let policy = new_password::policy_of(tx, identity.id).await?;
    Ok(OpenReset { link, account, user, identity, policy })
}

/// Sets a new password by a link. Whoever was signed in as this person is not any more, and the person is told (X1). What
/// others tried with the address is forgotten, and the browser is known from now on, by its device token or by the one that
/// this gives: whoever owns the address gets in, whatever others do to it (L4).
///
/// # Errors
/// 404 for a link that does not work; 422 for a password outside the rules.
pub async fn reset(
    app: &App,
    token: &Token,
    password: &str,
    origin: Origin,
    browser: Browser,
) -> Result<Token, Failure> {
    let seen = look(app, token).await?;
    let password = new_password::check(seen.policy, password, &seen.identity.email, "/password")?;
    let hash = app.passwords.hash(password, new_password::salt(app)).await?;

    let counters = Counters::new(app, &seen.identity.email, &origin.ip, true);
    let who = Who::LinkHolder { identity: seen.identity.id, email: seen.identity.email.to_string() };
    let caller = Caller::new(who, origin);
    let mut change = app.change_in(&caller, seen.account.id).await?;
    let now = change.now();
    let open = open_reset(app, change.bound().0, token).await?;
    if !change.links().end(open.link.id, now).await? {
        return Err(DeadLink.into());
    }
    if open.link.purpose == LinkPurpose::PasswordReset {
        change.identities().verify_email(open.identity.id, now).await?;
    }
    let ended = new_password::set(&mut change, &open.identity, &hash, Here { session: None, device: None }).await?;
    sign_in::end_replaced(&mut change, &browser).await?;
    let device = browser.device.unwrap_or_else(|| new_device(app));
    change.sessions().remember_device(open.identity.id, &device.hash(), now).await?;
    counters.forget(change.bound().0).await?;
    change.outbox().cancel_links_of(open.account.id, &[open.user.id], now).await?;
    change.leaves_account_untouched();
    let target = user_target(&open.user, json!({ "sessions": ended }), json!({ "sessions": 0 }));
    change.commit(Entry::new("password.reset", vec![target])).await?;
    Ok(device)
}
