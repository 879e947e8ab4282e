//! What every way to choose a password has in common.

use domain::core::email_address::EmailAddress;
use domain::core::failure::{Failure, refuse_parts};
use domain::core::ids::{IdentityId, SessionId};
use domain::core::refusal::{FieldError, Kind};
use domain::credentials::link::{LinkEnd, LinkPurpose};
use domain::credentials::password::{PasswordError, PasswordPolicy};
use domain::sign_in::identity::Identity;
use domain::sign_in::session::EndedBy;
use domain::users::{LoginMethod, UserStatus};
use mail::Message;
use mail::mails::PasswordChanged;
use store::accounts::Accounts;
use store::credentials::links::Links;
use store::outbox::Outbox;
use store::sign_in::identities::Identities;
use store::sign_in::sessions::Sessions;
use store::users::Memberships;
use store::{Tenant, Tx};

use crate::core::app::App;
use crate::core::change::Change;
use crate::core::secrets::Token;
use crate::outbox;

/// 16 random bytes for a new password hash.
pub fn salt(app: &App) -> [u8; 16] {
    let mut salt = [0; 16];
    app.random.fill(&mut salt);
    salt
}

/// The form of a new password that is hashed; one outside the rules is refused with every reason at once (U-18, P4).
///
/// # Errors
/// 422, one entry per reason at `pointer`.
pub fn check(policy: PasswordPolicy, password: &str, email: &EmailAddress, pointer: &str) -> Result<String, Failure> {
    policy.check(password, email).map_err(|reasons| refused(&reasons, pointer))
}

fn refused(reasons: &[PasswordError], pointer: &str) -> Failure {
    let errors = reasons
        .iter()
        .map(|reason| FieldError {
            pointer: pointer.to_owned(),
            code: reason.code().to_owned(),
            detail: reason.to_string(),
            params: reason.params(),
        })
        .collect();
    refuse_parts(
        Kind::Invalid,
        "password_rejected",
        "This password doesn't meet the requirements. Choose a different \
     one.",
        errors,
    )
}

/// What the password of this person must be: the strictest of all accounts that they enter with it, as one password opens all of
/// them. An invitation binds nobody: it is the account's word alone until the person accepts it, and any account can invite anyone.
pub async fn policy_of(tx: &mut Tx, identity: IdentityId) -> Result<PasswordPolicy, Failure> {
    let mut policy = PasswordPolicy::default();
    for user in Memberships(tx).of_identity(identity).await? {
        let enters = user.status == UserStatus::Active && user.login_method == LoginMethod::Password;
        let account = if enters { Accounts(tx).find(user.account_id).await? } else { None };
        policy = account.map_or(policy, |account| policy.and(account.settings.passwords));
    }
    Ok(policy)
}

/// What stays signed in after a password change: the browser in which it was made.
#[derive(Debug)]
pub(crate) struct Here<'a> {
    /// Its session.
    pub(crate) session: Option<SessionId>,
    /// What it is recognized by.
    pub(crate) device: Option<&'a Token>,
}

/// Sets a new password with all that belongs to it: the person's sessions end, but for the one `here`, and no other browser is
/// known anymore; so do the links that could set another one; a mail tells the person.
pub(crate) async fn set(
    change: &mut Change<'_>,
    identity: &Identity,
    hash: &str,
    here: Here<'_>,
) -> Result<(), Failure> {
    let now = change.now();
    Identities(change.tx()).set_password(identity.id, hash, now).await?;
    for purpose in [LinkPurpose::PasswordReset, LinkPurpose::Recovery] {
        Links(change.tx()).end_of_identity(identity.id, purpose, LinkEnd::Used, now).await?;
    }
    Outbox(change.tx()).cancel_dead_links_of(&[identity.id], now).await?;
    Sessions(change.tx()).end_all(identity.id, here.session, EndedBy::NewPassword).await?;
    let device = here.device.map_or_else(String::new, Token::hash);
    Sessions(change.tx()).forget_devices(identity.id, &device).await?;
    let message = Message::from(PasswordChanged { changed_at: now.to_string(), link: change.app().sign_in_address() });
    let mail = change.new_mail_to(&identity.email, &message, None)?;
    outbox::limits::notify_person(change, mail).await?;
    change.touch_identity(identity.id);
    Ok(())
}
