//! The link and the mail that every invited person gets: at the invitation and whenever it is sent again.

use std::collections::{HashMap, HashSet};
use std::slice;

use domain::access::Need;
use domain::account::Account;
use domain::ids::{IdentityId, UserId};
use domain::link::LinkPurpose;
use domain::mail_limits::Cause;
use domain::timestamp::Timestamp;
use domain::user::User;
use mail::{Locale, Message, Rendered};
use store::Tenant;
use store::accounts::Accounts;
use store::outbox::OutboxMail;

use crate::app::App;
use crate::caller::Caller;
use crate::change::Change;
use crate::failure::{Failure, NoSuch};
use crate::invitations;

/// See the mail before it is sent.
pub const PREVIEW: Need = invitations::INVITE;

/// What all these mails have in common.
struct Letter {
    account_name: String,
    inviter: Option<User>,
    expires_at: Timestamp,
}

/// What the one who sends the mails wants to say in them.
pub(crate) enum Notes<'n> {
    /// The same to everybody, or nothing.
    Same(Option<&'n str>),
    /// Something to each of these.
    Own(HashMap<UserId, String>),
}

impl Notes<'_> {
    fn to(&self, user: &User) -> Option<String> {
        match self {
            Self::Same(note) => note.map(str::to_owned),
            Self::Own(notes) => notes.get(&user.id).cloned(),
        }
    }
}

/// Makes a new link for each of these users and promises the mail that carries it.
pub(crate) async fn promise_activations(
    change: &mut Change<'_>,
    users: &[User],
    notes: &Notes<'_>,
) -> Result<(), Failure> {
    let (account, now) = (change.account().clone(), change.now());
    let lifetime = account.settings.activation_link_seconds;
    let inviter = inviter_now(change.caller(), change).await?;
    let letter = Letter::of(inviter, account, now);
    let have_password = people_with_password(change, users).await?;
    let (mut links, mut mails) = (Vec::with_capacity(users.len()), Vec::with_capacity(users.len()));
    for user in users {
        let link = change.new_link(LinkPurpose::Activation, user, lifetime);
        let message = letter.to(user, have_password.contains(&user.identity_id), notes);
        mails.push(change.new_mail(user, &message, Some(link.link.id))?);
        links.push(link);
    }
    change.links().insert(&links, now).await?;
    change.mail(&mails).await
}

/// Makes one more link for somebody who asked for it themselves, and promises the mail, in the name of whoever answers for the
/// invitation. The earlier links stay: else anybody who knows the address could end them.
pub(crate) async fn promise_one_more(
    change: &mut Change<'_>,
    user: &User,
    inviter: Option<User>,
    cause: Cause,
) -> Result<(), Failure> {
    let (account, now) = (change.account().clone(), change.now());
    let lifetime = account.settings.activation_link_seconds;
    let has_password = !people_with_password(change, slice::from_ref(user)).await?.is_empty();
    let link = change.new_link(LinkPurpose::Activation, user, lifetime);
    let message = Letter::of(inviter, account, now).to(user, has_password, &Notes::Same(None));
    let mail = OutboxMail { cause, ..change.new_mail(user, &message, Some(link.link.id))? };
    change.links().insert(&[link], now).await?;
    change.mail(&[mail]).await
}

/// The mail that somebody new would get now, with an address in the place of its link.
///
/// # Errors
/// 422 for a note that is too long.
pub async fn preview(app: &App, caller: &Caller, note: Option<&str>) -> Result<Rendered, Failure> {
    let mut view = app.view(caller, PREVIEW).await?;
    invitations::check_note(note)?;
    let id = view.account();
    let account = Accounts(view.tx()).find(id).await?.ok_or(NoSuch("account"))?;
    let inviter = inviter_now(caller, &mut view).await?;
    let message = Letter::of(inviter, account, app.world.now())
        .to_somebody_new(None, note.map(str::to_owned))
        .with_link(format!("{}/activate", app.settings.public_url));
    mail::render(&message, Locale::default()).map_err(|error| Failure::Broken(Box::new(error)))
}

impl Letter {
    /// The letter that goes out now.
    fn of(inviter: Option<User>, account: Account, now: Timestamp) -> Self {
        let expires_at = now.plus(account.settings.activation_link_seconds);
        Self { account_name: account.name, inviter, expires_at }
    }

    /// Whoever has a password already is told that they were added; the others have to choose one.
    fn to(&self, user: &User, has_password: bool, notes: &Notes<'_>) -> Message {
        if !has_password {
            return self.to_somebody_new(user.name.clone().map(String::from), notes.to(user));
        }
        Message::Added {
            account_name: self.account_name.clone(),
            inviter_email: self.inviter_email(),
            link: String::new(),
            expires_at: self.expires_at.to_string(),
        }
    }

    fn to_somebody_new(&self, person_name: Option<String>, personal_note: Option<String>) -> Message {
        Message::Activation {
            account_name: self.account_name.clone(),
            inviter_name: self.inviter.as_ref().and_then(|inviter| inviter.name.clone()).map(String::from),
            inviter_email: self.inviter_email(),
            person_name,
            link: String::new(),
            expires_at: self.expires_at.to_string(),
            personal_note,
        }
    }

    /// Active users proved to read their mailbox, so this address is a verified one (I9).
    fn inviter_email(&self) -> Option<String> {
        self.inviter.as_ref().map(|inviter| inviter.email.to_string())
    }
}

/// The one who invites now; nobody for the operator.
async fn inviter_now(caller: &Caller, tenant: &mut impl Tenant) -> Result<Option<User>, Failure> {
    match caller.principal() {
        Some(principal) => Ok(tenant.users().find(principal.user_id).await?),
        None => Ok(None),
    }
}

/// Who of these people can sign in already: they keep their password.
async fn people_with_password(change: &mut Change<'_>, users: &[User]) -> Result<HashSet<IdentityId>, Failure> {
    let ids: Vec<IdentityId> = users.iter().map(|user| user.identity_id).collect();
    Ok(change.identities().with_password(&ids).await?.into_iter().collect())
}
