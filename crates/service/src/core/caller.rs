//! Who calls, from where, and with what wishes.

use std::sync::Arc;

use domain::access::{Levels, Need};
use domain::activity::Origin;
use domain::core::failure::{Failure, refuse};
use domain::core::ids::{AccountId, ApiKeyId, SystemId, UserId};
use domain::core::refusal::Kind;

use crate::core::actor::{Actor, Credential};
use crate::core::authority::{Authority, Basis, not_signed_in};
use crate::core::principal::{Person, Principal};
use crate::core::secrets::Token;

/// What a request proves itself by.
#[derive(Debug, Clone)]
pub enum Proof {
    /// The cookie of a session.
    Session(Token),
    /// The secret of an API key.
    ApiKey(Token),
}

/// A request's idempotency key.
#[derive(Debug, Clone)]
pub struct IdempotencyKey {
    /// Whose key it is: keys of different callers never meet.
    pub caller: String,
    /// The key.
    pub key: String,
    /// What tells the request from others; no one without the installation's key can find the request by it.
    pub fingerprint: String,
}

/// Who calls an operation, from where, and with what wishes. A kind of caller is one constructor here: it says who acts and what they may.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Who is written in the log and answers for it.
    pub actor: Actor,
    /// What they may do.
    pub authority: Authority,
    /// What the request proved itself by, to be looked at again as long as its answer is being written.
    pub proof: Option<Proof>,
    /// From where.
    pub origin: Origin,
    /// Only preview: plan, and write nothing.
    pub dry_run: bool,
    /// Why, for the activity log.
    pub reason: String,
    /// The tags of the versions that the caller wants to change (`If-Match`).
    pub if_match: Option<Vec<String>>,
    /// Do it once, however often it is sent.
    pub idempotency: Option<IdempotencyKey>,
}

impl Caller {
    fn new(actor: Actor, authority: Authority, origin: Origin) -> Self {
        Self {
            actor,
            authority,
            proof: None,
            origin,
            dry_run: false,
            reason: String::new(),
            if_match: None,
            idempotency: None,
        }
    }

    /// No one who is known.
    pub fn nobody(origin: Origin) -> Self {
        Self::new(Actor::nobody(), Authority::Nothing, origin)
    }

    /// A signed-in person, outside any account.
    pub fn oneself(person: Arc<Person>, origin: Origin) -> Self {
        Self::new(Actor::person(&person), Authority::Oneself(person), origin)
    }

    /// A signed-in person in one of their accounts.
    pub fn member(person: Arc<Person>, principal: Arc<Principal>, origin: Origin) -> Self {
        let actor = Actor::member(&person, &principal);
        Self::new(actor, Authority::Member(principal, Basis::Session(person)), origin)
    }

    /// A program with a key; `principal` is what the key and its owner hold together.
    pub fn program(key: ApiKeyId, principal: Arc<Principal>, origin: Origin) -> Self {
        let actor = Actor::program(key, &principal);
        Self::new(actor, Authority::Member(principal, Basis::ApiKey(key)), origin)
    }

    /// A job, on behalf of the user who started it, with what they proved themselves by.
    pub fn job(credential: Credential, principal: Arc<Principal>) -> Self {
        let actor = Actor::job(credential, &principal);
        Self::new(actor, Authority::Member(principal, Basis::Job(credential)), Origin::default())
    }

    /// The holder of a mailed link, who is this user in the account of the link.
    pub fn link_holder(user: UserId, email: String, origin: Origin) -> Self {
        Self::new(Actor::link_holder(user, email), Authority::Nothing, origin)
    }

    /// The operator, in this account.
    pub fn operator(account: AccountId) -> Self {
        Self::new(Actor::operator(), Authority::Installation(account), Origin::default())
    }

    /// The server itself, in this account.
    pub fn system(account: AccountId, origin: Origin) -> Self {
        Self::new(Actor::system(), Authority::Installation(account), origin)
    }

    /// The account the caller is in.
    ///
    /// # Errors
    /// 404: outside every account; the caller may not know whether the account exists.
    pub fn account(&self) -> Result<AccountId, Failure> {
        self.authority.account()
    }

    /// The membership through which the caller acts; `None` for operator and server.
    pub fn principal(&self) -> Option<&Arc<Principal>> {
        self.authority.principal()
    }

    /// The signed-in person.
    ///
    /// # Errors
    /// 401: no one is signed in by a session.
    pub fn person(&self) -> Result<&Arc<Person>, Failure> {
        self.authority.person()
    }

    /// What the caller asks with, for what happens later.
    ///
    /// # Errors
    /// 401: no one who could ask for something to happen later.
    pub fn credential(&self) -> Result<Credential, Failure> {
        self.actor.credential.ok_or_else(not_signed_in)
    }

    /// What the caller holds in the account.
    pub fn levels(&self) -> Levels {
        self.authority.levels()
    }

    /// The systems the caller is limited to for a need; `None` means every system of the account.
    pub fn limited_to(&self, need: Need) -> Option<Vec<SystemId>> {
        self.authority.limited_to(need)
    }

    /// Whether the caller may do what needs this.
    ///
    /// # Errors
    /// 401 without proof, 403 naming the permission.
    pub fn check(&self, need: Need) -> Result<(), Failure> {
        self.authority.check(need)
    }

    /// Who answers for what the caller does, as it is stored.
    pub fn label_id(&self) -> String {
        self.actor.responsible.to_string()
    }

    /// Whether `user` is the caller.
    pub fn is(&self, user: UserId) -> bool {
        self.principal().is_some_and(|principal| principal.user_id == user)
    }

    /// Whether what has this tag now is what the caller saw.
    ///
    /// # Errors
    /// 412 when it changed since, or what they saw is another thing.
    pub fn check_tag(&self, tag: &str) -> Result<(), Failure> {
        match &self.if_match {
            Some(seen) if !seen.iter().any(|seen| seen == tag) => Err(refuse(
                Kind::Stale,
                "stale",
                "Someone else changed this after you loaded it. Reload it, check the differences and repeat your \
                 change.",
            )),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::activity::ActorKind;
    use domain::core::ids::Id;
    use domain::outbox::limits::Cause;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn who_acts_and_what_they_may_are_two_answers() {
        let account = AccountId::from_uuid(Uuid::nil());
        let user = UserId::from_uuid(Uuid::nil());
        let nobody = Caller::nobody(Origin::default());
        let server = Caller::system(account, Origin::default());
        let operator = Caller::operator(account);
        let holder = Caller::link_holder(user, "ana@example.com".to_owned(), Origin::default());

        // The log has both alike; one of them may everything, the other nothing.
        assert_eq!(nobody.actor.logged, server.actor.logged);
        assert_eq!((nobody.levels(), server.levels()), (Levels::NONE, Levels::ALL));
        assert_eq!((nobody.actor.mail_cause, server.actor.mail_cause), (Cause::Stranger, Cause::Trusted));
        // They may the same; only one of them can ask for something that happens later.
        assert_eq!(operator.levels(), server.levels());
        assert_eq!((operator.credential().ok(), server.credential().ok()), (Some(Credential::Operator), None));
        // Named in the log as a user, and in no account by that.
        assert_eq!((holder.actor.logged.kind, holder.label_id()), (ActorKind::LinkHolder, user.to_string()));
        assert!(holder.account().is_err() && holder.principal().is_none() && !holder.is(user));
    }
}
