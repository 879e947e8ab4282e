//! The link and the mail that every invited person gets: at the invitation and whenever it is sent again.

use std::collections::HashMap;

use domain::access::Need;
use domain::accounts::Account;
use domain::core::failure::{Failure, NoSuch};
use domain::core::ids::UserId;
use domain::core::person_name::PersonName;
use domain::core::timestamp::Timestamp;
use domain::credentials::link::LinkPurpose;
use domain::outbox::limits::Cause;
use domain::users::User;
use mail::mails::Activation;
use mail::{Locale, Message, Rendered};
use store::Tenant;
use store::accounts::Accounts;
use store::credentials::links::Links;
use store::outbox::OutboxMail;
use store::users::Users;

use crate::core::app::App;
use crate::core::caller::Caller;
use crate::core::change::Change;
use crate::invitations::terms::{INVITE, read_note};

/// See the mail before it is sent.
pub const PREVIEW: Need = INVITE;

/// What all these mails have in common.
struct Letter {
    account_name: String,
    inviter: Option<User>,
    expires_at: Timestamp,
}

/// What the one who sends the mails wants to say in them.
pub(crate) enum Notes<'n> {
    /// The same to everyone, or nothing.
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

/// Makes a new link for each of these users and promises the mail that carries it: the same mail to everyone, so that no one
/// learns from it who has a sign-in already (D2), and everyone gets the note.
pub(crate) async fn promise_activations(
    change: &mut Change<'_>,
    users: &[User],
    notes: &Notes<'_>,
) -> Result<(), Failure> {
    let (account, now) = (change.account().clone(), change.now());
    let lifetime = account.settings.links.activation_seconds;
    let inviter = inviter_now(change.caller(), change).await?;
    let letter = Letter::of(inviter, account, now);
    let (mut links, mut mails) = (Vec::with_capacity(users.len()), Vec::with_capacity(users.len()));
    for user in users {
        let link = change.new_link(LinkPurpose::Activation, user, lifetime);
        let message = letter.to(user.name.clone(), notes.to(user));
        mails.push(change.new_mail(user, &message, Some(link.link.id))?);
        links.push(link);
    }
    Links(change.tx()).insert(&links, now).await?;
    change.mail(&mails).await
}

/// Makes one more link for someone who asked for it themselves, and promises the mail, in the name of whoever answers for the
/// invitation. The earlier links stay: else anyone who knows the address could end them. The mail is about no account: when it
/// leaves depends on what else was asked for, also elsewhere, which is not the account's to know (D2).
pub(crate) async fn promise_one_more(
    change: &mut Change<'_>,
    user: &User,
    inviter: Option<User>,
    expires_at: Timestamp,
) -> Result<(), Failure> {
    let (account, now) = (change.account().clone(), change.now());
    let lifetime = account.settings.links.activation_seconds;
    let mut link = change.new_link(LinkPurpose::Activation, user, lifetime);
    link.link.expires_at = expires_at;
    let letter = Letter { expires_at, ..Letter::of(inviter, account, now) };
    let mail = change.new_mail(user, &letter.to(user.name.clone(), None), Some(link.link.id))?;
    let mail = OutboxMail { account_id: None, cause: Cause::Stranger, ..mail };
    Links(change.tx()).insert(&[link], now).await?;
    change.mail(&[mail]).await
}

/// The mail that someone of this name would get now, with an address in the place of its link.
///
/// # Errors
/// 422 for a note that is too long.
pub async fn preview(
    app: &App,
    caller: &Caller,
    name: Option<PersonName>,
    note: Option<&str>,
) -> Result<Rendered, Failure> {
    let mut view = app.view(caller, PREVIEW).await?;
    let note = read_note(note)?;
    let id = view.account();
    let account = Accounts(view.tx()).find(id).await?.ok_or(NoSuch("account"))?;
    let inviter = inviter_now(caller, &mut view).await?;
    let message = Letter::of(inviter, account, app.clock.now())
        .to(name, note)
        .with_link(format!("{}/activate", app.settings.public_url));
    mail::render(&message, Locale::default(), &app.settings.reply_to).map_err(|error| Failure::Broken(Box::new(error)))
}

impl Letter {
    /// The letter that goes out now.
    fn of(inviter: Option<User>, account: Account, now: Timestamp) -> Self {
        let expires_at = now.plus(account.settings.links.activation_seconds);
        Self { account_name: account.name, inviter, expires_at }
    }

    fn to(&self, person_name: Option<PersonName>, personal_note: Option<String>) -> Message {
        Message::from(Activation {
            account_name: self.account_name.clone(),
            inviter_name: self.inviter.as_ref().and_then(|inviter| inviter.name.clone()).map(String::from),
            // Active users proved to read their mailbox, so this address is a verified one (I9).
            inviter_email: self.inviter.as_ref().map(|inviter| inviter.email.to_string()),
            person_name: person_name.map(String::from),
            link: String::new(),
            expires_at: self.expires_at.to_string(),
            personal_note,
        })
    }
}

/// The one who invites now; no one for the operator.
async fn inviter_now(caller: &Caller, tenant: &mut impl Tenant) -> Result<Option<User>, Failure> {
    match caller.principal() {
        Some(principal) => Ok(Users::of(tenant).find(principal.user_id).await?),
        None => Ok(None),
    }
}
