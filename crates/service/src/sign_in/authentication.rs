//! From a token to a caller: who is this, and who are they in this account? The hot path; see [`crate::core::principals`].
//! What asks the database is boxed: else requests, which mostly find all in memory, would move the kilobytes of a statement.

use std::sync::Arc;

use domain::access::Need;
use domain::activity::Origin;
use domain::core::email_address::EmailAddress;
use domain::core::failure::{Failure, NoSuch, refuse};
use domain::core::ids::AccountId;
use domain::core::refusal::Kind;
use domain::core::slug::Slug;
use domain::sign_in::session::{EndedBy, SessionEnded};
use store::InAccount;
use store::accounts::Accounts;
use store::api_keys::{AllApiKeys, ApiKey};
use store::sign_in::identities::Identities;
use store::sign_in::sessions::Sessions;
use store::users::Users;

use crate::core::app::App;
use crate::core::caller::{Caller, Proof};
use crate::core::generations::DependsOn;
use crate::core::live_session::LiveSession;
use crate::core::membership::{by_key, load_principal, principal};
use crate::core::principal::Principal;
use crate::core::principals::KeyHolder;
use crate::core::secrets::Token;
use crate::sign_in::entering;
use crate::sign_in::expiry::{self, live, session_is_over};
use crate::sign_in::presence::Presence;

/// The session of a token, whatever it still opens.
///
/// # Errors
/// 401 when there is none, something ended it, or no account's limits could accept it.
async fn session(app: &App, token: &Token) -> Result<Arc<LiveSession>, Failure> {
    let live = match app.principals().sessions.get(&token.digest()) {
        Some(live) => live,
        None => Box::pin(load_session(app, token)).await?,
    };
    if live.could_work(app.clock.now()) { Ok(live) } else { Err(session_is_over()) }
}

async fn load_session(app: &App, token: &Token) -> Result<Arc<LiveSession>, Failure> {
    let mut tx = app.db.read().await?;
    let hash = token.hash();
    let found = live(Sessions(&mut tx).find_by_token(&hash).await?)?;
    let seen = app.principals().generations_of(DependsOn::Person(found.identity_id));
    // Read once more after the generation was noted: whatever ended the session in between is seen now or by the generation.
    let session = live(Sessions(&mut tx).find_by_token(&hash).await?)?;
    let identity = Identities(&mut tx).find(session.identity_id).await?.ok_or_else(session_is_over)?;
    let accounts = expiry::accounts_of(&mut tx, &session).await?;
    let live = Arc::new(LiveSession::new(session, identity, accounts));
    app.principals().sessions.keep(token.digest(), Arc::clone(&live), seen);
    Ok(live)
}

/// A signed-in person, outside any account. Their session works as long as it does in one of their accounts.
///
/// # Errors
/// 401 when it does in none.
pub async fn person(app: &App, token: &Token, origin: Origin, presence: Presence) -> Result<Caller, Failure> {
    let live = session(app, token).await?;
    let works = works_somewhere(app, &live).await?;
    let live = if works.is_err() || is_input_after_rest(app, &live, presence) {
        let settled = Box::pin(settled(app, &live, token, presence)).await?;
        works_somewhere(app, &settled).await??;
        settled
    } else {
        live
    };
    if presence == Presence::Input {
        app.principals().touch(&live, app.clock.now());
    }
    Ok(of_session(Caller::oneself(Arc::clone(&live.person), session_origin(&live, origin)), token))
}

/// The inner `Err` says why the session works in none of the accounts where the person is active (X1).
async fn works_somewhere(app: &App, live: &LiveSession) -> Result<Result<(), SessionEnded>, Failure> {
    let mut works = Err(SessionEnded::Early(EndedBy::AccessEnded));
    for account in live.accounts() {
        match principal(app, live.person.identity.id, account.id).await {
            Ok(principal) => works = live.check(&principal, app.clock.now()),
            // They are not active there anymore.
            Err(Failure::Refused(_)) => continue,
            Err(failure) => return Err(failure),
        }
        if works.is_ok() {
            break;
        }
    }
    Ok(works)
}

/// Whether a session or API key has ended for good.
pub async fn has_ended(app: &App, proof: &Proof) -> bool {
    let ended = match proof {
        Proof::Session(token) if app.principals().sessions.get(&token.digest()).is_some() => None,
        Proof::Session(token) => Box::pin(load_session(app, token)).await.err(),
        Proof::ApiKey(token) => key_holder(app, token).await.err(),
    };
    matches!(ended, Some(Failure::Refused(_)))
}

/// The email address of the person signed in by a session; asking does not count as input.
pub async fn address_of(app: &App, token: &Token) -> Result<Option<EmailAddress>, Failure> {
    match session(app, token).await {
        Ok(live) => Ok(works_somewhere(app, &live).await?.is_ok().then(|| live.person.identity.email.clone())),
        Err(Failure::Refused(_)) => Ok(None),
        Err(failure) => Err(failure),
    }
}

fn is_input_after_rest(app: &App, live: &LiveSession, presence: Presence) -> bool {
    presence == Presence::Input && expiry::has_rested(live, app.clock.now())
}

/// The session after the database was asked, and told, what it still opens.
async fn settled(
    app: &App,
    known: &LiveSession,
    token: &Token,
    presence: Presence,
) -> Result<Arc<LiveSession>, Failure> {
    expiry::settle(app, known, token, presence == Presence::Input).await?;
    load_session(app, token).await
}

/// A signed-in person in the account that a path names by id or slug.
///
/// # Errors
/// 404 for an account that does not exist or that the person is no active user of: the same for both (T1).
/// 401 when the account's own limits ended the session. 403 when no one came to the account with it yet and this is no input.
pub async fn member(
    app: &App,
    token: &Token,
    account: &str,
    origin: Origin,
    presence: Presence,
) -> Result<Caller, Failure> {
    let live = session(app, token).await?;
    let account = resolve(app, account).await?;
    let (mut live, principal) = enter(app, live, token, account, presence).await?;
    if !live.account(account).is_some_and(|account| account.entered) && entering::is_begun_by(presence)? {
        live = Box::pin(come_in(app, &live, token, &principal, origin.clone())).await?;
    }
    let now = app.clock.now();
    match presence {
        Presence::Input => {
            app.principals().touch(&live, now);
            app.principals().touch_in(&live, account, now);
        }
        Presence::OpenPage if principal.limits.renew_while_open => app.principals().touch_in(&live, account, now),
        Presence::OpenPage | Presence::None | Presence::Foreign | Presence::Outside => {}
    }
    Ok(of_session(Caller::member(Arc::clone(&live.person), principal, session_origin(&live, origin)), token))
}

/// The membership that a session opens; the database is asked before the limits refuse it, or input after a rest counts.
async fn enter(
    app: &App,
    mut live: Arc<LiveSession>,
    token: &Token,
    account: AccountId,
    presence: Presence,
) -> Result<(Arc<LiveSession>, Arc<Principal>), Failure> {
    let principal = principal(app, live.person.identity.id, account).await?;
    if live.account(account).is_none() {
        live = Box::pin(load_session(app, token)).await?;
    }
    let works = live.check(&principal, app.clock.now());
    let lapses = works.is_err_and(|ended| ended.lapse().is_some());
    let has_lapsed = live.account(account).is_some_and(|account| account.lapsed.is_some());
    if (lapses && !has_lapsed) || is_input_after_rest(app, &live, presence) {
        live = match Box::pin(settled(app, &live, token, presence)).await {
            Ok(settled) => settled,
            // The reason of this account says more than that the session is over everywhere.
            Err(over) => return Err(works.err().map_or(over, Failure::from)),
        };
        live.check(&principal, app.clock.now())?;
    } else {
        works?;
    }
    Ok((live, principal))
}

/// The session after the account was told of it: it comes here for the first time.
async fn come_in(
    app: &App,
    live: &LiveSession,
    token: &Token,
    principal: &Principal,
    origin: Origin,
) -> Result<Arc<LiveSession>, Failure> {
    entering::come_in(app, &live.person.session, principal, origin).await?;
    load_session(app, token).await
}

fn session_origin(live: &LiveSession, origin: Origin) -> Origin {
    Origin { session: live.person.session.id.to_string(), ..origin }
}

fn of_session(caller: Caller, token: &Token) -> Caller {
    Caller { proof: Some(Proof::Session(token.clone())), ..caller }
}

/// Looks once more at the caller of an answer that is still being written, as at any request (X1, X2); mostly from memory.
///
/// # Errors
/// 401 when the session or key was ended, 404 when the access to the account was, 403 when the caller may see less than before.
pub async fn look_again(app: &App, caller: &Caller, need: Need) -> Result<(), Failure> {
    let (Some(proof), Some(known)) = (&caller.proof, caller.principal()) else { return Ok(()) };
    let current = match proof {
        Proof::Session(token) => {
            let live = session(app, token).await?;
            enter(app, live, token, known.account_id, Presence::None).await?.1
        }
        Proof::ApiKey(token) => key_holder(app, token).await?.principal,
    };
    if need.met_by(&current.levels) && current.still_holds(known) {
        return Ok(());
    }
    let detail = "Your own access was changed during this request. Send it again to get what you can still see.";
    Err(refuse(Kind::Forbidden, "access_changed", detail))
}

/// A program with a key, in the account that a path names.
///
/// # Errors
/// 401 for a key that does not work; 404 for any account but its own.
pub async fn program(app: &App, token: &Token, account: Option<&str>, origin: Origin) -> Result<Caller, Failure> {
    let KeyHolder { id, principal, .. } = key_holder(app, token).await?;
    if let Some(account) = account
        && resolve(app, account).await? != principal.account_id
    {
        return Err(NoSuch("account").into());
    }
    let proof = Some(Proof::ApiKey(token.clone()));
    Ok(Caller { proof, ..Caller::program(id, principal, origin) })
}

async fn key_holder(app: &App, token: &Token) -> Result<KeyHolder, Failure> {
    match app.principals().api_keys.get(&token.digest()) {
        Some(found) => Ok(found),
        None => Box::pin(load_api_key(app, token)).await,
    }
}

async fn load_api_key(app: &App, token: &Token) -> Result<KeyHolder, Failure> {
    let dead =
        || refuse(Kind::SignIn, "api_key_invalid", "This API key is unknown, expired or revoked. Use a valid one.");
    let works = |key: &ApiKey| key.works_at(app.clock.now());
    let mut tx = app.db.read().await?;
    let key = AllApiKeys(&mut tx).find_by_secret(&token.hash()).await?.filter(works).ok_or_else(dead)?;
    let mut bound = InAccount { tx: &mut tx, account: key.account_id };
    let owner = Users::of(&mut bound).find(key.user_id).await?.ok_or_else(dead)?;
    let seen = app.principals().generations_of(DependsOn::Member(owner.identity_id, key.account_id));
    let key = AllApiKeys(&mut tx).find_by_secret(&token.hash()).await?.filter(works).ok_or_else(dead)?;
    let owner = load_principal(app, &mut tx, owner.identity_id, key.account_id).await.map_err(|_| dead())?;
    if key.created_at < owner.credentials_valid_from {
        return Err(dead());
    }
    let principal = Arc::new(by_key(app, &key, &owner));
    let holder = KeyHolder { id: key.id, expires_at: key.expires_at, principal };
    app.principals().api_keys.keep(token.digest(), holder.clone(), seen);
    Ok(holder)
}

/// The account of an id or slug.
///
/// # Errors
/// 404.
pub async fn resolve(app: &App, account: &str) -> Result<AccountId, Failure> {
    if let Ok(id) = account.parse() {
        return Ok(id);
    }
    if let Some(id) = app.principals().slugs.get(account) {
        return Ok(id);
    }
    Box::pin(load_slug(app, account)).await
}

async fn load_slug(app: &App, account: &str) -> Result<AccountId, Failure> {
    let slug = Slug::parse(account).map_err(|_| NoSuch("account"))?;
    let seen = app.principals().generations_of(DependsOn::Slugs);
    let mut tx = app.db.read().await?;
    let found = Accounts(&mut tx).find_by_slug(&slug).await?.ok_or(NoSuch("account"))?;
    app.principals().slugs.keep(account.to_owned(), found.id, seen);
    Ok(found.id)
}
