//! Signing in with a password (LG-1, P1, P14, P17).

pub mod authentication;
pub mod entering;
pub(crate) mod expiry;
pub mod presence;
pub mod throttle;

use domain::access::Need;
use domain::activity::Origin;
use domain::core::email_address::EmailAddress;
use domain::core::failure::Failure;
use domain::core::ids::{Id, IdentityId, SessionId};
use domain::core::timestamp::Seconds;
use domain::sign_in::WrongCredentials;
use domain::sign_in::identity::Identity;
use domain::sign_in::session::{Assurance, EndedBy, Session};
use domain::users::{LoginMethod, User, UserStatus};
use mail::Message;
use mail::mails::SignInFromNewDevice;
use store::Tenant;
use store::sign_in::failed_sign_ins::{FailedSignIn, FailedSignIns};
use store::sign_in::identities::{Identities, PasswordCheck};
use store::sign_in::sessions::Sessions;
use store::users::{Memberships, Users};

use crate::core::app::App;
use crate::core::caller::Caller;
use crate::core::change::{Change, Touches};
use crate::core::secrets::{DEVICE_PREFIX, SESSION_PREFIX, Token};
use crate::outbox;
use crate::sign_in::throttle::Counters;

/// Anyone may try to sign in.
pub const SIGN_IN: Need = Need::Public;

/// How long a browser is known after it signed in last, here and in its cookie.
pub const REMEMBER_BROWSERS: Seconds = Seconds::days(400);

/// How much is kept of what a browser calls itself, in characters.
const LONGEST_USER_AGENT: usize = 300;

/// What comes after the address was typed. The same for known and unknown addresses (D2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextStep {
    /// Ask for the password.
    Password,
}

/// A sign-in that succeeded: the secrets for the browser.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Who.
    pub identity: IdentityId,
    /// The session.
    pub session: Session,
    /// Its token, for the cookie.
    pub token: Token,
    /// The token that recognizes this browser next time.
    pub device: Token,
}

/// What a browser sends with a sign-in.
#[derive(Debug, Clone)]
pub struct Browser {
    /// What it calls itself.
    pub user_agent: String,
    /// The device token of an earlier sign-in.
    pub device: Option<Token>,
    /// The token of the session that it is signed in with now, whoever that is: it ends (X5).
    pub session: Option<Token>,
}

/// What to ask next for this address.
pub fn identify(_email: &EmailAddress) -> NextStep {
    NextStep::Password
}

/// Signs a person in with their password.
///
/// # Errors
/// 401 with the same words and the same work for an unknown address, a wrong password, a person without access; 429 when
/// too many tries failed; 503 when the machine has more passwords to check than it can.
pub async fn with_password(
    app: &App,
    email: &EmailAddress,
    password: &str,
    origin: Origin,
    browser: Browser,
) -> Result<SignedIn, Failure> {
    let device = browser.device.as_ref().map_or_else(String::new, Token::hash);
    let check = Identities(&mut app.db.read().await?).password_check(email, &device).await?;
    let counters = Counters::new(app, email, &origin.ip, check.knows_device.then_some(device.as_str()));
    let source = origin.clone();
    if counters.try_password(app, password, check.hash.clone()).await?
        && let Some(signed_in) = enter(app, &check, &counters, origin, &browser).await?
    {
        return Ok(signed_in);
    }
    note_failure(app, email, source).await?;
    Err(WrongCredentials.into())
}

/// Keeps a try that failed until the worker tells the account, and logs where it came from, for programs that shut out whoever guesses.
/// The same for known and unknown addresses.
async fn note_failure(app: &App, email: &EmailAddress, origin: Origin) -> Result<(), Failure> {
    tracing::warn!(ip = %origin.ip, "A sign-in failed.");
    let failed = FailedSignIn {
        id: app.random.uuid().to_string(),
        address: email.clone(),
        ip: origin.ip,
        request: origin.request,
        failed_at: app.clock.now(),
    };
    let mut tx = app.upkeep("a failed sign-in, until the accounts are told").await?;
    FailedSignIns(&mut tx).insert(&failed).await?;
    Ok(tx.commit().await?)
}

/// The membership whose account a sign-in enters at once: an active one by password, the latest used first. The others it enters
/// when the person goes there ([`crate::sign_in::entering`]).
pub(crate) fn home_of(memberships: &[User]) -> Option<&User> {
    latest_used(memberships.iter().filter(|user| user.login_method == LoginMethod::Password))
}

/// The active one of these memberships that was used last.
pub(crate) fn latest_used<'a>(memberships: impl IntoIterator<Item = &'a User>) -> Option<&'a User> {
    let active = memberships.into_iter().filter(|user| user.status == UserStatus::Active);
    active.max_by_key(|user| (user.last_login_at, user.created_at))
}

/// Opens the session under the account's lock, so that a disabling that happens at the same moment wins, and only as long as
/// the password is still the one that was checked, so that a reset at the same moment wins, too (X1).
async fn enter(
    app: &App,
    check: &PasswordCheck,
    counters: &Counters,
    origin: Origin,
    browser: &Browser,
) -> Result<Option<SignedIn>, Failure> {
    let Some((identity, memberships)) = person(app, check).await? else { return Ok(None) };
    let Some(home) = home_of(&memberships) else { return Ok(None) };
    let caller = Caller::nobody(origin);
    let mut change = app.change_in(&caller, home.account_id).await?;
    let Some(user) = Users::of(&mut change).find(home.id).await?.filter(|user| user.status == UserStatus::Active)
    else {
        return Ok(None);
    };
    if Identities(change.tx()).hold_password(identity.id).await? != check.hash {
        return Ok(None);
    }
    if !check.knows_device {
        tell_of_new_device(&mut change, &identity, &memberships, browser).await?;
    }
    let signed_in = open_session(&mut change, &identity, browser, Assurance::Password).await?;
    entering::enter(&mut change, &user, &signed_in.session).await?;
    counters.succeeded(change.tx()).await?;
    change.touch_identity(identity.id);
    change.commit(entering::started(&user, &signed_in.session), Touches::People).await?;
    Ok(Some(signed_in))
}

/// Whose password was right, and where they are users. Not read before, so that an address that is known takes no longer (D2).
async fn person(app: &App, check: &PasswordCheck) -> Result<Option<(Identity, Vec<User>)>, Failure> {
    let Some(id) = check.identity else { return Ok(None) };
    let mut tx = app.db.read().await?;
    let Some(identity) = Identities(&mut tx).find(id).await? else { return Ok(None) };
    Ok(Some((identity, Memberships(&mut tx).of_identity(id).await?)))
}

/// Tells a person of a browser that never signed in as them, unless it is their very first (M7).
async fn tell_of_new_device(
    change: &mut Change<'_>,
    identity: &Identity,
    memberships: &[User],
    browser: &Browser,
) -> Result<(), Failure> {
    let is_first = memberships.iter().all(|user| user.last_login_at.is_none());
    // Also who signed in only where they were deleted since has a browser that is known.
    if is_first && !Sessions(change.tx()).knows_any_device(identity.id).await? {
        return Ok(());
    }
    let message = Message::from(SignInFromNewDevice {
        at: change.now().to_string(),
        ip: change.caller().origin.ip.clone(),
        user_agent: browser.user_agent.clone(),
        link: change.app().profile_address(),
    });
    let mail = change.new_mail_to(&identity.email, &message, None)?;
    outbox::limits::notify_person(change, mail).await
}

/// Opens a session within a change and remembers the browser. It is in no account before it enters one. The session that the browser
/// had until now ends, whoever it belonged to.
pub async fn open_session(
    change: &mut Change<'_>,
    identity: &Identity,
    browser: &Browser,
    assurance: Assurance,
) -> Result<SignedIn, Failure> {
    let now = change.now();
    let session = Session {
        // Of chance alone: an id that tells its time would tell an account that the session enters later since when there is one.
        id: SessionId::from_uuid(change.app().random.uuid()),
        identity_id: identity.id,
        created_at: now,
        last_active_at: now,
        ip: change.caller().origin.ip.clone(),
        user_agent: browser.user_agent.chars().take(LONGEST_USER_AGENT).collect(),
        assurance,
        ended_by: None,
    };
    let token = Token::new(SESSION_PREFIX, &change.app().random.secret());
    let device = browser.device.clone().unwrap_or_else(|| new_device(change.app()));
    end_replaced(change, browser).await?;
    Sessions(change.tx()).insert(&session, &token.hash(), &device.hash()).await?;
    Sessions(change.tx()).remember_device(identity.id, &device.hash(), now).await?;
    Ok(SignedIn { identity: identity.id, session, token, device })
}

/// Ends the session that a browser had until now: whoever signs in with it, or takes a link there, is someone else, or the same
/// anew. No account sees it before one comes there with the browser ([`entering::enter`]).
pub(crate) async fn end_replaced(change: &mut Change<'_>, browser: &Browser) -> Result<(), Failure> {
    let Some(token) = &browser.session else { return Ok(()) };
    if let Some(whose) = Sessions(change.tx()).end_by_token(&token.hash(), EndedBy::Replaced).await? {
        change.touch_identity(whose);
    }
    Ok(())
}

/// The same where the browser is signed in as anyone but `person`, who takes a link there.
pub(crate) async fn end_replaced_by(
    change: &mut Change<'_>,
    browser: &Browser,
    person: IdentityId,
) -> Result<(), Failure> {
    let Some(token) = &browser.session else { return Ok(()) };
    let signed_in = Sessions(change.tx()).find_by_token(&token.hash()).await?;
    match signed_in.is_some_and(|session| session.identity_id != person) {
        true => end_replaced(change, browser).await,
        false => Ok(()),
    }
}

/// A token that recognizes a browser.
pub(crate) fn new_device(app: &App) -> Token {
    Token::new(DEVICE_PREFIX, &app.random.secret())
}
