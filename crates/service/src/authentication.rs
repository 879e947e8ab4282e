//! From a token to a caller: who is this, and who are they in this account? The hot path; see [`crate::principals`].
//!
//! What asks the database is boxed: else every request, which nearly always finds what it needs in memory, would carry and
//! move the kilobytes that a statement under way needs.

use std::sync::Arc;

use domain::account::Account;
use domain::event::Origin;
use domain::ids::{AccountId, IdentityId};
use domain::refusal::Kind;
use domain::session::{Session, SessionLimits};
use domain::slug::Slug;
use domain::system::{HeldSystems, SystemGrant};
use domain::user::{User, UserStatus};
use store::accounts::Accounts;
use store::api_keys::{AllApiKeys, ApiKey};
use store::identities::Identities;
use store::sessions::Sessions;
use store::systems::GroupSystem;
use store::{Tenant, Tx};

use crate::app::App;
use crate::caller::{Caller, Who};
use crate::failure::{Failure, NoSuch, refuse};
use crate::principals::{LiveSession, Principal};
use crate::roles;
use crate::secrets::Token;

fn session_is_over() -> Failure {
    refuse(
        Kind::SignIn,
        "session_expired",
        "this session is over: nothing happened for too long, or the sign-in is too long ago; sign in again",
    )
}

/// A session that nothing ended before its time; of another one, its holder learns what ended it.
fn live(found: Option<Session>) -> Result<Session, Failure> {
    Ok(found.ok_or_else(session_is_over)?.live()?)
}

/// The session of a token. `active`: the request is input of the person, not a page that refreshes itself (SI-3).
///
/// # Errors
/// 401 when there is none, something ended it, or no account's limits could accept it.
pub async fn session(app: &App, token: &Token, active: bool) -> Result<Arc<LiveSession>, Failure> {
    let now = app.world.now();
    let digest = token.digest();
    let live = match app.principals().session(&digest) {
        Some(live) => live,
        None => Box::pin(load_session(app, token, digest)).await?,
    };
    if live.check(&SessionLimits::WIDEST, live.person.session.created_at, now).is_err() {
        return Err(session_is_over());
    }
    if active {
        app.principals().touch(&live, now);
    }
    Ok(live)
}

async fn load_session(app: &App, token: &Token, digest: [u8; 32]) -> Result<Arc<LiveSession>, Failure> {
    let mut tx = app.db.read().await?;
    let hash = token.hash();
    let found = live(Sessions(&mut tx).find_by_token(&hash).await?)?;
    let seen = app.principals().seen(found.identity_id, None);
    // Read once more after the generation was noted: whatever ended the session in between is seen now or by the generation.
    let session = live(Sessions(&mut tx).find_by_token(&hash).await?)?;
    let identity = Identities(&mut tx).find(session.identity_id).await?.ok_or_else(session_is_over)?;
    Ok(app.principals().keep_session(digest, session, identity, seen))
}

/// A signed-in person, outside any account.
pub async fn person(app: &App, token: &Token, origin: Origin, active: bool) -> Result<Caller, Failure> {
    let live = session(app, token, active).await?;
    let origin = Origin { session: live.person.session.id.to_string(), ..origin };
    Ok(Caller::new(Who::Person(Arc::clone(&live.person)), origin))
}

/// A signed-in person in the account that a path names by id or slug.
///
/// # Errors
/// 404 for an account that does not exist or that the person is no active user of: the same for both (T1).
/// 401 when the account's own limits ended the session.
pub async fn member(app: &App, token: &Token, account: &str, origin: Origin, active: bool) -> Result<Caller, Failure> {
    let live = session(app, token, false).await?;
    let account = resolve(app, account).await?;
    let principal = principal(app, live.person.session.identity_id, account).await?;
    check_limits(app, &live, &principal, token).await?;
    if active || principal.limits.renew_while_open {
        app.principals().touch(&live, app.world.now());
    }
    let origin = Origin { session: live.person.session.id.to_string(), ..origin };
    Ok(Caller::new(Who::Member(Arc::clone(&live.person), principal), origin))
}

/// A program with a key, in the account that a path names.
///
/// # Errors
/// 401 for a key that does not work; 404 for any account but its own.
pub async fn program(app: &App, token: &Token, account: Option<&str>, origin: Origin) -> Result<Caller, Failure> {
    let digest = token.digest();
    let (id, principal) = match app.principals().api_key(&digest, app.world.now()) {
        Some(found) => found,
        None => Box::pin(load_api_key(app, token, digest)).await?,
    };
    if let Some(account) = account
        && resolve(app, account).await? != principal.account_id
    {
        return Err(NoSuch("account").into());
    }
    Ok(Caller::new(Who::ApiKey(id, principal), origin))
}

async fn load_api_key(
    app: &App,
    token: &Token,
    digest: [u8; 32],
) -> Result<(domain::ids::ApiKeyId, Arc<Principal>), Failure> {
    let dead = || {
        refuse(
            Kind::SignIn,
            "api_key_invalid",
            "this API key does not work: it is unknown, expired or was ended; use a current one",
        )
    };
    let works = |key: &ApiKey| key.ended_at.is_none() && key.expires_at.is_none_or(|end| app.world.now() < end);
    let mut tx = app.db.read().await?;
    let key = AllApiKeys(&mut tx).find_by_secret(&token.hash()).await?.filter(works).ok_or_else(dead)?;
    let mut bound = InAccount { tx: &mut tx, account: key.account_id };
    let owner = bound.users().find(key.user_id).await?.ok_or_else(dead)?;
    let seen = app.principals().seen(owner.identity_id, Some(key.account_id));
    let key = AllApiKeys(&mut tx).find_by_secret(&token.hash()).await?.filter(works).ok_or_else(dead)?;
    let principal = load_principal(app, &mut tx, owner.identity_id, key.account_id).await.map_err(|_| dead())?;
    if key.created_at < principal.access_from {
        return Err(dead());
    }
    if key.expires_at.is_none() {
        app.principals().keep_api_key(digest, key.id, Arc::clone(&principal), seen);
    }
    Ok((key.id, principal))
}

/// The account of an id or slug.
///
/// # Errors
/// 404.
pub async fn resolve(app: &App, account: &str) -> Result<AccountId, Failure> {
    if let Ok(id) = account.parse() {
        return Ok(id);
    }
    if let Some(id) = app.principals().slug(account) {
        return Ok(id);
    }
    Box::pin(load_slug(app, account)).await
}

async fn load_slug(app: &App, account: &str) -> Result<AccountId, Failure> {
    let slug = Slug::parse(account).map_err(|_| NoSuch("account"))?;
    let seen = app.principals().slugs_seen();
    let mut tx = app.db.read().await?;
    let found = Accounts(&mut tx).find_by_slug(&slug).await?.ok_or(NoSuch("account"))?;
    app.principals().keep_slug(account, found.id, seen);
    Ok(found.id)
}

/// The membership of a person in an account, as decisions need it.
///
/// # Errors
/// 404 when the person is no active user of the account, or it does not exist.
pub async fn principal(app: &App, identity: IdentityId, account: AccountId) -> Result<Arc<Principal>, Failure> {
    if let Some(principal) = app.principals().principal(identity, account, app.world.now()) {
        return Ok(principal);
    }
    Box::pin(load_and_keep_principal(app, identity, account)).await
}

async fn load_and_keep_principal(
    app: &App,
    identity: IdentityId,
    account: AccountId,
) -> Result<Arc<Principal>, Failure> {
    let seen = app.principals().seen(identity, Some(account));
    let mut tx = app.db.read().await?;
    let principal = load_principal(app, &mut tx, identity, account).await?;
    app.principals().keep_principal(Arc::clone(&principal), seen);
    Ok(principal)
}

pub(crate) async fn load_principal(
    app: &App,
    tx: &mut Tx,
    identity: IdentityId,
    account: AccountId,
) -> Result<Arc<Principal>, Failure> {
    let account = Accounts(tx).find(account).await?.ok_or(NoSuch("account"))?;
    let mut bound = InAccount { tx, account: account.id };
    let user = bound.users().find_by_identity(identity).await?.filter(|user| user.status == UserStatus::Active);
    let user = user.ok_or(NoSuch("account"))?;
    Ok(Arc::new(principal_of(app, &mut bound, &account, &user).await?))
}

/// What a user holds and where, read from the database.
pub async fn principal_of(
    app: &App,
    bound: &mut impl Tenant,
    account: &Account,
    user: &User,
) -> Result<Principal, Failure> {
    let role = roles::find(app, bound, &user.role_id).await?.ok_or(NoSuch("role"))?;
    let now = app.world.now();
    let direct = bound.system_grants().all_of(user.id).await?;
    let by_group = bound.system_grants().by_groups_of(user.id).await?;
    let spans = direct.iter().map(SystemGrant::span).chain(by_group.iter().flat_map(GroupSystem::spans));
    let valid_until = spans.filter_map(|span| span.next_change(now)).min();
    let direct = direct.iter().filter(|grant| grant.span().holds_at(now));
    let by_group = by_group.iter().filter(|way| way.spans().iter().all(|span| span.holds_at(now)));
    let HeldSystems { all: all_systems, each: mut systems } = direct.map(|grant| grant.system_id).collect();
    systems.extend(by_group.map(|way| way.system_id));
    Ok(Principal {
        account_id: account.id,
        user_id: user.id,
        identity_id: user.identity_id,
        email: user.email.clone(),
        levels: role.levels,
        role: Arc::new(role),
        all_systems,
        systems: systems.into_iter().collect(),
        limits: account.settings.session_limits(),
        access_from: user.access_from,
        user_version: user.version,
        valid_until,
    })
}

/// Input on another node may not have reached this one's memory: before an idle session is refused, the database is asked.
async fn check_limits(app: &App, live: &LiveSession, principal: &Principal, token: &Token) -> Result<(), Failure> {
    let now = app.world.now();
    if live.check(&principal.limits, principal.access_from, now).is_ok() {
        return Ok(());
    }
    let stored = Box::pin(stored_session(app, token)).await?;
    let last_active = live.last_active_at().max(stored.last_active_at);
    Ok(principal.limits.check(stored.created_at, last_active, principal.access_from, now)?)
}

async fn stored_session(app: &App, token: &Token) -> Result<Session, Failure> {
    let mut tx = app.db.read().await?;
    live(Sessions(&mut tx).find_by_token(&token.hash()).await?)
}

/// A transaction seen from one account, where the account comes from a secret and not from a path.
pub struct InAccount<'t> {
    /// The transaction.
    pub tx: &'t mut Tx,
    /// The account.
    pub account: AccountId,
}

impl Tenant for InAccount<'_> {
    fn bound(&mut self) -> (&mut Tx, AccountId) {
        (self.tx, self.account)
    }
}
