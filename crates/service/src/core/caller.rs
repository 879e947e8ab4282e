//! Who calls an operation, from where, and with what wishes.

use std::sync::Arc;

use domain::access::{Level, Levels, Need, Permission, Reach};
use domain::activity::{Actor, ActorKind, Origin};
use domain::core::failure::{Failure, NoSuch, refuse};
use domain::core::ids::{AccountId, ApiKeyId, SessionId, SystemId, UserId};
use domain::core::refusal::Kind;
use domain::core::responsible::Responsible;
use domain::outbox::limits::Cause;

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

/// What something was asked for with that happens later: it does not, where this was ended on purpose meanwhile (P9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Credential {
    /// A session.
    Session(SessionId),
    /// An API key.
    ApiKey(ApiKeyId),
    /// The operator's own commands, which nothing ends.
    Operator,
}

/// What may be done. Who is written in the log is another question: see [`Caller::actor`].
#[derive(Debug, Clone, Copy)]
pub enum Authority<'a> {
    /// Nothing in any account.
    Nothing,
    /// What a membership holds.
    Member(&'a Arc<Principal>),
    /// Everything in an account: the operator's commands, and the server's own work.
    Installation,
}

impl<'a> Authority<'a> {
    /// The membership behind it; `None` for operator and server, and for whoever is in no account.
    pub fn principal(self) -> Option<&'a Arc<Principal>> {
        match self {
            Self::Member(principal) => Some(principal),
            Self::Nothing | Self::Installation => None,
        }
    }

    /// What is held in the account.
    pub fn levels(self) -> Levels {
        match self {
            Self::Nothing => Levels::NONE,
            Self::Member(principal) => principal.levels,
            Self::Installation => Levels::ALL,
        }
    }

    /// The systems that a need is limited to; `None` means every system of the account.
    fn limited_to(self, permission: Permission, level: Level) -> Option<Vec<SystemId>> {
        match self {
            Self::Nothing => Some(Vec::new()),
            Self::Installation => None,
            Self::Member(principal) => match principal.levels.reach_of(permission, level) {
                Some(Reach::Account) => None,
                Some(Reach::OwnSystems) | None if principal.all_systems => None,
                Some(Reach::OwnSystems) | None => Some(principal.systems.to_vec()),
            },
        }
    }
}

/// Who calls.
#[derive(Debug, Clone)]
pub enum Who {
    /// Nobody who is known.
    Nobody,
    /// A signed-in person, outside any account.
    Person(Arc<Person>),
    /// A signed-in person in one of their accounts.
    Member(Arc<Person>, Arc<Principal>),
    /// A program with a key; it holds what its owner holds.
    ApiKey(ApiKeyId, Arc<Principal>),
    /// The holder of a mailed link: the person the link was made for, as the user that they are in the account of the link. By the
    /// id of the person the account would see how long it is known elsewhere (D2).
    LinkHolder {
        /// The user.
        user: UserId,
        /// Their address.
        email: String,
    },
    /// The operator, by the command line, in one account.
    Operator(AccountId),
    /// The server itself, in one account.
    System(AccountId),
    /// A job, on behalf of the user who started it, with what they proved themselves by.
    Job(Credential, Arc<Principal>),
}

/// A request's idempotency key.
#[derive(Debug, Clone)]
pub struct IdempotencyKey {
    /// Whose key it is: keys of different callers never meet.
    pub caller: String,
    /// The key.
    pub key: String,
    /// What tells the request from others; nobody without the installation's key can find the request by it.
    pub fingerprint: String,
}

/// Who calls an operation, from where, and with what wishes.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Who.
    pub who: Who,
    /// What the request proved itself by, to be looked at again as long as its answer is being written.
    pub proof: Option<Proof>,
    /// From where.
    pub origin: Origin,
    /// Only preview: do everything, keep nothing.
    pub dry_run: bool,
    /// Why, for the activity log.
    pub reason: String,
    /// The tags of the versions that the caller wants to change (`If-Match`).
    pub if_match: Option<Vec<String>>,
    /// Do it once, however often it is sent.
    pub idempotency: Option<IdempotencyKey>,
}

impl Caller {
    /// A caller without wishes.
    pub fn new(who: Who, origin: Origin) -> Self {
        Self { who, proof: None, origin, dry_run: false, reason: String::new(), if_match: None, idempotency: None }
    }

    /// Nobody.
    pub fn nobody(origin: Origin) -> Self {
        Self::new(Who::Nobody, origin)
    }

    /// The operator, in this account.
    pub fn operator(account: AccountId) -> Self {
        Self::new(Who::Operator(account), Origin::default())
    }

    /// The server itself, in this account.
    pub fn system(account: AccountId) -> Self {
        Self::new(Who::System(account), Origin::default())
    }

    /// The account the caller is in.
    ///
    /// # Errors
    /// 404: outside every account; the caller may not know whether the account exists.
    pub fn account(&self) -> Result<AccountId, Failure> {
        match &self.who {
            Who::Member(_, principal) | Who::ApiKey(_, principal) | Who::Job(_, principal) => Ok(principal.account_id),
            Who::Operator(account) | Who::System(account) => Ok(*account),
            Who::Nobody | Who::Person(_) | Who::LinkHolder { .. } => Err(NoSuch("account").into()),
        }
    }

    /// What the caller may do.
    pub fn authority(&self) -> Authority<'_> {
        match &self.who {
            Who::Member(_, principal) | Who::ApiKey(_, principal) | Who::Job(_, principal) => {
                Authority::Member(principal)
            }
            Who::Operator(_) | Who::System(_) => Authority::Installation,
            Who::Nobody | Who::Person(_) | Who::LinkHolder { .. } => Authority::Nothing,
        }
    }

    /// The membership through which the caller acts; `None` for operator and server.
    pub fn principal(&self) -> Option<&Arc<Principal>> {
        self.authority().principal()
    }

    /// What the caller asks with, for what happens later.
    ///
    /// # Errors
    /// 401: nobody who could ask for something to happen later.
    pub fn credential(&self) -> Result<Credential, Failure> {
        match &self.who {
            Who::Person(person) | Who::Member(person, _) => Ok(Credential::Session(person.session.id)),
            Who::ApiKey(id, _) => Ok(Credential::ApiKey(*id)),
            Who::Job(credential, _) => Ok(*credential),
            Who::Operator(_) => Ok(Credential::Operator),
            Who::Nobody | Who::LinkHolder { .. } | Who::System(_) => Err(not_signed_in()),
        }
    }

    /// The signed-in person.
    ///
    /// # Errors
    /// 401: nobody is signed in by a session.
    pub fn person(&self) -> Result<&Arc<Person>, Failure> {
        match &self.who {
            Who::Person(person) | Who::Member(person, _) => Ok(person),
            Who::Nobody
            | Who::ApiKey(..)
            | Who::LinkHolder { .. }
            | Who::Operator(_)
            | Who::System(_)
            | Who::Job(..) => Err(not_signed_in()),
        }
    }

    /// What the caller holds in the account.
    pub fn levels(&self) -> Levels {
        self.authority().levels()
    }

    /// The systems the caller is limited to for a need; `None` means every system of the account.
    pub fn limited_to(&self, need: Need) -> Option<Vec<SystemId>> {
        let (Need::Account(permission, level) | Need::Systems(permission, level)) = need else { return None };
        self.authority().limited_to(permission, level)
    }

    /// Whether the caller's levels meet the need.
    ///
    /// # Errors
    /// 401 without proof, 403 naming the permission.
    pub fn check(&self, need: Need) -> Result<(), Failure> {
        match (need, &self.who) {
            (Need::Public, _) => Ok(()),
            (_, Who::Nobody) => Err(not_signed_in()),
            (Need::Oneself, _) => self.person().map(|_| ()),
            (Need::Member, _) => self.account().map(|_| ()),
            (Need::Account(permission, level) | Need::Systems(permission, level), _)
                if !need.met_by(&self.levels()) =>
            {
                let key = permission.own_key().unwrap_or_default();
                Err(refuse(
                    Kind::Forbidden,
                    "permission_missing",
                    format!("this needs {key}: {level}, which your role does not hold; ask an admin of the account"),
                ))
            }
            (Need::Account(..) | Need::Systems(..), _) => Ok(()),
        }
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
                "this was changed by somebody else since you loaded it; load it again, look at the difference and repeat your change",
            )),
            _ => Ok(()),
        }
    }

    /// Who answers for what the caller does: who granted, who invited, who caused a mail.
    pub fn responsible(&self) -> Responsible {
        match &self.who {
            Who::Member(_, principal) | Who::ApiKey(_, principal) | Who::Job(_, principal) => {
                Responsible::User(principal.user_id)
            }
            Who::Operator(_) => Responsible::Operator,
            Who::LinkHolder { user, .. } => Responsible::User(*user),
            Who::Person(person) => Responsible::Identity(person.session.identity_id),
            Who::Nobody | Who::System(_) => Responsible::System,
        }
    }

    /// Whose room a mail takes that the caller causes, unless the operation says otherwise.
    pub const fn mail_cause(&self) -> Cause {
        match &self.who {
            Who::Member(..) | Who::ApiKey(..) | Who::Job(..) => Cause::Account,
            Who::Nobody => Cause::Stranger,
            Who::Person(_) | Who::LinkHolder { .. } | Who::Operator(_) | Who::System(_) => Cause::Trusted,
        }
    }

    /// The same as it is stored.
    pub fn label_id(&self) -> String {
        self.responsible().to_string()
    }

    /// Whether `user` is the caller.
    pub fn is(&self, user: UserId) -> bool {
        self.principal().is_some_and(|principal| principal.user_id == user)
    }

    /// The caller as the activity log has them.
    pub fn actor(&self) -> Actor {
        let actor = |kind, id: String, label: String| Actor { kind, id, label, on_behalf_of: None };
        match &self.who {
            Who::Member(_, principal) => {
                actor(ActorKind::User, principal.user_id.to_string(), principal.email.to_string())
            }
            Who::ApiKey(id, principal) => Actor {
                on_behalf_of: Some(principal.user_id.to_string()),
                ..actor(ActorKind::ApiKey, id.to_string(), principal.email.to_string())
            },
            Who::Job(_, principal) => Actor {
                on_behalf_of: Some(principal.user_id.to_string()),
                ..actor(ActorKind::System, String::new(), principal.email.to_string())
            },
            Who::Person(person) => actor(ActorKind::User, person.session.identity_id.to_string(), String::new()),
            Who::LinkHolder { user, email } => actor(ActorKind::LinkHolder, user.to_string(), email.clone()),
            Who::Operator(_) => actor(ActorKind::Operator, String::new(), "operator".to_owned()),
            Who::Nobody | Who::System(_) => actor(ActorKind::System, String::new(), "portcullis".to_owned()),
        }
    }
}

fn not_signed_in() -> Failure {
    refuse(Kind::SignIn, "sign_in_required", "sign in first; this needs a person or a program that is known")
}
