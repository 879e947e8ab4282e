//! Accepting an invitation by its link (U-17 to U-19, P1, P3, P17).
//!
//! Everything is checked again at the moment of acceptance (R5): the invitation dies with the right of the one who
//! answers for it. Whoever sends it again answers for it from then on.

use domain::access::Need;
use domain::access::role::Role;
use domain::accounts::Account;
use domain::accounts::seats::SeatStart;
use domain::activity::actions::Action;
use domain::core::failure::{Failure, refuse, refuse_field};
use domain::core::locale::Locale;
use domain::core::person_name::PersonName;
use domain::core::refusal::Kind;
use domain::core::responsible::Responsible;
use domain::credentials::link::{DeadLink, Link, LinkEnd, LinkError, LinkPurpose};
use domain::sign_in::identity::Identity;
use domain::sign_in::session::Assurance;
use domain::users::invitation::may_still_invite;
use domain::users::{User, UserStatus};
use serde_json::json;
use store::accounts::{Accounts, KeptCounts};
use store::credentials::links::Links;
use store::invitations::{Invitation, Invitations};
use store::sign_in::identities::Identities;
use store::users::{Memberships, Users};
use store::{InAccount, Tenant, Tx};

use crate::core::app::App;
use crate::core::caller::Caller;
use crate::core::change::{Change, Touches, user_target};
use crate::core::entry::Entry;
use crate::core::roles;
use crate::core::secrets::Token;
use crate::credentials::new_password;
use crate::invitations::terms::INVITE;
use crate::sign_in::{self, Browser, SignedIn};

/// Anyone with the link may accept.
pub const ACCEPT: Need = Need::Public;

/// An invitation that can be accepted, as its holder sees it.
#[derive(Debug, Clone)]
pub struct OpenInvitation {
    /// The link.
    pub link: Link,
    /// The account.
    pub account: Account,
    /// The user to be.
    pub user: User,
    /// The person.
    pub identity: Identity,
    /// Whether the person has a password already, and keeps it.
    pub has_password: bool,
    /// Who answers for the invitation; no one for the operator.
    pub inviter: Option<User>,
}

/// What the person enters to accept an invitation.
#[derive(Debug, Clone)]
pub struct Acceptance {
    /// The person's name. Required if none is known.
    pub name: Option<PersonName>,
    /// Their password; needed where they have none, refused where they have one.
    pub password: Option<String>,
    /// The language of their page, which becomes theirs; refused where they have a sign-in already.
    pub locale: Option<Locale>,
}

/// What comes after the acceptance.
#[derive(Debug, Clone)]
pub enum Accepted {
    /// The person is new and is signed in.
    SignedIn(Box<SignedIn>),
    /// The person has a sign-in of their own and uses it: a link in a mailbox is no substitute for their password.
    SignInYourself,
}

/// Looks at an invitation without using the link up (I12).
///
/// # Errors
/// 404 for a link that does not work, with what became of it.
pub async fn look(app: &App, token: &Token) -> Result<OpenInvitation, Failure> {
    let mut tx = app.db.read().await?;
    let link = find_link(app, &mut tx, token).await?;
    let account_id = link.account_id.ok_or(DeadLink)?;
    let account = Accounts(&mut tx).find(account_id).await?.ok_or(DeadLink)?;
    let mut bound = InAccount { tx: &mut tx, account: account_id };
    let open = open_invitation(app, &mut bound, account, link).await?;
    // Read once more: someone may have used it up while the rest was read, and all of it must be from before.
    find_link(app, &mut tx, token).await?;
    Ok(open)
}

async fn find_link(app: &App, tx: &mut Tx, token: &Token) -> Result<Link, Failure> {
    let link = Links(tx).find_by_token(&token.hash()).await?.ok_or(DeadLink)?;
    link.check(LinkPurpose::Activation, app.clock.now())?;
    Ok(link)
}

/// Everything that must still hold (R5): the user waits, the invitation is open, the role exists, its giver may still give it.
async fn open_invitation(
    app: &App,
    tenant: &mut impl Tenant,
    account: Account,
    link: Link,
) -> Result<OpenInvitation, Failure> {
    let user = Users::of(tenant).find(link.user_id.ok_or(DeadLink)?).await?.ok_or(DeadLink)?;
    if user.status != UserStatus::Provisioned || link.identity_id != Some(user.identity_id) {
        return Err(DeadLink.into());
    }
    let (_, inviter) = living_invitation(app, tenant, &user).await?;
    let (tx, _) = tenant.bound();
    let identity = Identities(tx).find(user.identity_id).await?.ok_or(DeadLink)?;
    let has_password = Identities(tx).password(identity.id).await?.is_some();
    Ok(OpenInvitation { link, account, user, identity, has_password, inviter })
}

/// The invitation of someone provisioned, and the one who answers for it, where it can still be accepted.
///
/// # Errors
/// 404 where it is over, or its giver may not give the role any more (R5).
pub(crate) async fn living_invitation(
    app: &App,
    tenant: &mut impl Tenant,
    user: &User,
) -> Result<(Invitation, Option<User>), Failure> {
    let invitation = Invitations::of(tenant).pending_of(&[user.id]).await?.pop().ok_or(DeadLink)?;
    if invitation.lost_at.is_some() {
        return Err(LinkError::InviterLost.into());
    }
    let role = roles::find(app, tenant, &user.role_id).await?.ok_or(DeadLink)?;
    let inviter = inviter_of(app, tenant, &invitation.invited_by, &role).await?;
    Ok((invitation, inviter))
}

/// The one who answers for an invitation, if they still may give the role; `None` for the operator. No one else, and no one who
/// cannot be read, can answer for one.
async fn inviter_of(app: &App, tenant: &mut impl Tenant, by: &str, role: &Role) -> Result<Option<User>, Failure> {
    let id = match by.parse::<Responsible>().map_err(|_| DeadLink)? {
        Responsible::Operator => return Ok(None),
        Responsible::User(id) => id,
        Responsible::Identity(_) | Responsible::System => return Err(DeadLink.into()),
    };
    let inviter = Users::of(tenant).find(id).await?.ok_or(LinkError::InviterLost)?;
    let levels = roles::find(app, tenant, &inviter.role_id).await?.ok_or(LinkError::InviterLost)?.levels;
    match may_still_invite(INVITE, &inviter, &levels, role) {
        true => Ok(Some(inviter)),
        false => Err(LinkError::InviterLost.into()),
    }
}

/// Accepts an invitation: the user becomes active, the link is used up. A new person sets name and password and is signed
/// in; whoever has a password signs in with it.
///
/// # Errors
/// 404 for a link that does not work; 422 for a name or password outside the rules; 409 when no seat is left.
pub async fn accept(
    app: &App,
    token: &Token,
    said: Acceptance,
    visitor: Caller,
    browser: Browser,
) -> Result<Accepted, Failure> {
    let seen = look(app, token).await?;
    let (name, password) = check_acceptance(&seen, &said)?;
    let hash = match password {
        Some(password) => Some(app.passwords.hash(password, new_password::salt(app)).await?),
        None => None,
    };
    let email = seen.identity.email.to_string();
    let caller =
        Caller { idempotency: visitor.idempotency, ..Caller::link_holder(seen.user.id, email, visitor.origin) };
    let mut change = app.change_in(&caller, seen.account.id).await?;
    let open = use_up(&mut change, token).await?;
    if open.has_password != hash.is_none() {
        let detail = "You just set a password elsewhere. Reload this page and accept with that password.";
        return Err(refuse(Kind::Conflict, "stale", detail));
    }
    let user = activate(&mut change, &open, name, said.locale).await?;
    let accepted = match hash {
        Some(hash) => sign_in_new(&mut change, &open, &hash, &browser).await?,
        None => {
            // They sign in as themselves next; whoever else this browser is signed in as stays so no longer.
            sign_in::end_replaced_by(&mut change, &browser, open.identity.id).await?;
            Accepted::SignInYourself
        }
    };
    let shown = |user: &User| json!({ "status": user.status, "name": user.name });
    let target = user_target(&user, shown(&open.user), shown(&user));
    change.commit(Entry::new(Action::UserActivated, vec![target]), Touches::People).await?;
    Ok(accepted)
}

/// Whether what the person says fits what is asked of them; gives the name they will have, and the password to be hashed.
fn check_acceptance(open: &OpenInvitation, said: &Acceptance) -> Result<(Option<PersonName>, Option<String>), Failure> {
    if open.has_password {
        let not_here = "You already have a password. Accept without this field, then sign in with your password.";
        if said.password.is_some() {
            return Err(refuse_field("/password", "field_not_allowed", not_here));
        }
        if said.name.is_some() {
            return Err(refuse_field("/name", "field_not_allowed", not_here));
        }
        if said.locale.is_some() {
            return Err(refuse_field("/locale", "field_not_allowed", not_here));
        }
        return Ok((known_name(open), None));
    }
    let name = said.name.clone().or_else(|| known_name(open));
    if name.is_none() {
        return Err(refuse_field("/name", "required", "Enter your name so that others know who you are."));
    }
    let Some(password) = &said.password else {
        return Err(refuse_field("/password", "required", "Choose a password."));
    };
    let policy = open.account.settings.passwords;
    let password = new_password::check(policy, password, &open.identity.email, "/password")?;
    Ok((name, Some(password)))
}

/// What the person calls themselves, else what the inviter called them.
pub fn known_name(open: &OpenInvitation) -> Option<PersonName> {
    open.identity.name.clone().or_else(|| open.user.name.clone())
}

/// Takes the link under the account's lock: of two that come at once, one wins (I3, D10). Whoever has it read their mailbox.
async fn use_up(change: &mut Change<'_>, token: &Token) -> Result<OpenInvitation, Failure> {
    let (app, now, account) = (change.app(), change.now(), change.account().clone());
    let link = Links(change.tx()).find_by_token(&token.hash()).await?.ok_or(DeadLink)?;
    link.check(LinkPurpose::Activation, now)?;
    if link.account_id != Some(account.id) || !Links(change.tx()).end(link.id, now).await? {
        return Err(DeadLink.into());
    }
    // Takes the person's row, too: of two who accept at once in two accounts, one sets the password, and the other reads it.
    Identities(change.tx()).verify_email(link.identity_id.ok_or(DeadLink)?, now).await?;
    let open = open_invitation(app, change, account, link).await?;
    let rule = open.account.settings.seats;
    let seats = KeptCounts::of(change).seats().await?;
    if rule.counted_from == SeatStart::Activation && rule.check_room(seats, 1).is_err() {
        let detail = "The account has no seat available. Ask the person who invited you, and use this link again when \
         there is one.";
        return Err(refuse(Kind::Conflict, "seat_limit", detail));
    }
    Ok(open)
}

async fn activate(
    change: &mut Change<'_>,
    open: &OpenInvitation,
    name: Option<PersonName>,
    locale: Option<Locale>,
) -> Result<User, Failure> {
    let now = change.now();
    let memberships = Memberships(change.tx()).of_identity(open.identity.id).await?;
    let is_in_use = memberships.iter().any(|user| user.status == UserStatus::Active);
    let user = User {
        status: UserStatus::Active,
        activated_at: Some(now),
        // What the person is signed in with elsewhere opens this account too: nothing was ever taken from them here. Whoever was
        // active nowhere has nothing that could still open anything (X1); their row is held.
        credentials_valid_from: if is_in_use {
            open.identity.created_at.min(open.user.credentials_valid_from)
        } else {
            now
        },
        name: open.user.name.clone().filter(|_| open.has_password).or(name.clone()),
        ..open.user.clone()
    };
    change.update_user(&open.user, &user).await?;
    Invitations::of(change).end(user.id, "accepted").await?;
    Links(change.tx()).end_of_users(user.account_id, &[user.id], LinkEnd::Used, now).await?;
    if !open.has_password {
        let locale = locale.map_or_else(|| open.identity.locale.clone(), |locale| locale.to_string());
        Identities(change.tx()).update_profile(user.identity_id, name.as_ref(), &locale).await?;
    }
    Ok(user)
}

/// The new session enters the account with its first request, as after any other sign-in. The account's log, user list and statistics
/// therefore don't reveal who already had a sign-in (D2).
async fn sign_in_new(
    change: &mut Change<'_>,
    open: &OpenInvitation,
    hash: &str,
    browser: &Browser,
) -> Result<Accepted, Failure> {
    let now = change.now();
    Identities(change.tx()).set_password(open.identity.id, hash, now).await?;
    let signed_in = sign_in::open_session(change, &open.identity, browser, Assurance::Password).await?;
    Ok(Accepted::SignedIn(Box::new(signed_in)))
}
