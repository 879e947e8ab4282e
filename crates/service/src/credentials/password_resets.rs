//! Choosing a new password by a mailed link, or by one that the operator printed (LG-4, LG-5, U-23, P3, P17).
//! How people ask for such a link themselves: [`crate::link_requests`].

use domain::access::Need;
use domain::activity::actions::Action;
use domain::activity::{Actor, ActorKind, Origin};
use domain::core::failure::Failure;
use domain::core::timestamp::Seconds;
use domain::credentials::link::{DeadLink, Link, LinkPurpose};
use domain::credentials::password::PasswordPolicy;
use domain::outbox::limits::Cause;
use domain::sign_in::identity::Identity;
use domain::users::{User, UserStatus};
use mail::Message;
use mail::mails::PasswordReset;
use serde_json::json;
use store::credentials::links::{Links, NewLink};
use store::outbox::OutboxMail;
use store::sign_in::identities::Identities;
use store::sign_in::sessions::Sessions;
use store::users::Memberships;
use store::{Tenant, Tx};

use crate::core::app::App;
use crate::core::caller::Caller;
use crate::core::change::{Change, user_actor};
use crate::core::entry::Entry;
use crate::core::secrets::Token;
use crate::credentials::new_password::{self, Here};
use crate::credentials::person_change::{PersonChange, Place, Reach};
use crate::sign_in::throttle;
use crate::sign_in::{self, Browser, new_device};

/// Anyone with the link may choose a new one.
pub const RESET: Need = Need::Public;

/// Makes a new link of the account and promises the mail with it, as an admin asks for it.
pub(crate) async fn promise_reset(change: &mut Change<'_>, user: &User) -> Result<(), Failure> {
    let lifetime = change.account().settings.links.password_reset_seconds;
    let link = change.new_link(LinkPurpose::PasswordReset, user, lifetime);
    enqueue(change, user, link, Cause::Account).await
}

/// The same as someone asks for it who forgot their password. Link and mail are theirs and no account's: none of theirs ends the
/// link, or is told of it by what it ends. Earlier ones stay open: whoever asks must not be able to end the link that someone else
/// waits for. All of them end when one is used (P3), and where the person is active nowhere anymore.
pub(crate) async fn promise_own_reset(
    change: &mut Change<'_>,
    user: &User,
    lifetime: Seconds,
    cause: Cause,
) -> Result<(), Failure> {
    let NewLink { link, token_hash } = change.new_link(LinkPurpose::PasswordReset, user, lifetime);
    let link = NewLink { link: Link { account_id: None, user_id: None, ..link }, token_hash };
    enqueue(change, user, link, cause).await
}

async fn enqueue(change: &mut Change<'_>, user: &User, link: NewLink, cause: Cause) -> Result<(), Failure> {
    let now = change.now();
    let message = Message::from(PasswordReset {
        link: String::new(),
        expires_at: link.link.expires_at.to_string(),
        requested_by_admin: cause == Cause::Account,
    });
    let mail = change.new_mail(user, &message, Some(link.link.id))?;
    let account_id = link.link.account_id;
    Links(change.tx()).insert(&[link], now).await?;
    change.mail(&[OutboxMail { account_id, cause, ..mail }]).await
}

/// A link that lets a person choose a new password.
#[derive(Debug, Clone)]
pub struct OpenReset {
    /// The link.
    pub link: Link,
    /// The person's user in the account that the link belongs to; of one that they asked for themselves, in the one they used last.
    pub user: User,
    /// The person.
    pub identity: Identity,
    /// What the password must be: the strictest of all accounts in which the person is active.
    pub policy: PasswordPolicy,
}

/// Looks at a link without using it up (I12).
///
/// # Errors
/// 404 for a link that does not work, with what became of it.
pub async fn look(app: &App, token: &Token) -> Result<OpenReset, Failure> {
    let mut tx = app.db.read().await?;
    open_reset(app, &mut tx, token).await
}

async fn open_reset(app: &App, tx: &mut Tx, token: &Token) -> Result<OpenReset, Failure> {
    let link = Links(tx).find_by_token(&token.hash()).await?.ok_or(DeadLink)?;
    match link.purpose {
        LinkPurpose::PasswordReset | LinkPurpose::Recovery => link.check(link.purpose, app.clock.now())?,
        LinkPurpose::Setup | LinkPurpose::Activation => return Err(DeadLink.into()),
    }
    let identity = Identities(tx).find(link.identity_id.ok_or(DeadLink)?).await?.ok_or(DeadLink)?;
    let memberships = Memberships(tx).of_identity(identity.id).await?;
    let user = match link.user_id {
        Some(id) => memberships.iter().find(|user| user.id == id && user.status == UserStatus::Active),
        None => sign_in::home_of(&memberships),
    };
    let user = user.cloned().ok_or(DeadLink)?;
    let policy = new_password::policy_of(tx, identity.id).await?;
    Ok(OpenReset { link, user, identity, policy })
}

/// Sets a new password by a link. Whoever was signed in as this person is not anymore, and the person is told (X1). What
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

    let ip = origin.ip.clone();
    let caller = Caller::link_holder(seen.user.id, seen.identity.email.to_string(), origin);
    let mut begun = PersonChange::of(app, &caller, seen.identity.id, Reach::All).await?.ok_or(DeadLink)?;
    let change = &mut begun.change;
    let now = change.now();
    let open = open_reset(app, change.tx(), token).await?;
    if !Links(change.tx()).end(open.link.id, now).await? {
        return Err(DeadLink.into());
    }
    if open.link.purpose == LinkPurpose::PasswordReset {
        Identities(change.tx()).verify_email(open.identity.id, now).await?;
    }
    new_password::set(change, &open.identity, &hash, Here { session: None, device: None }).await?;
    sign_in::end_replaced(change, &browser).await?;
    let device = browser.device.unwrap_or_else(|| new_device(app));
    Sessions(change.tx()).remember_device(open.identity.id, &device.hash(), now).await?;
    throttle::forget(app, change.tx(), &open.identity.email, &ip, &device).await?;
    let told = |place: &Place| {
        let (before, after) = (json!({ "sessions": place.sessions.len() }), json!({ "sessions": 0 }));
        let holder = Actor { kind: ActorKind::LinkHolder, ..user_actor(&place.user) };
        Entry::new(Action::PasswordReset, vec![place.target(before, after)]).by(holder)
    };
    begun.commit(told, |_| true).await?;
    Ok(device)
}
