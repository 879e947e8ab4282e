//! What a caller may do: in which account, at which levels, in which systems, and on which basis. Who is written in the log is another
//! question: see [`Actor`](crate::core::actor::Actor).
//!
//! It is made where the caller becomes known, and again under the account's lock by [`standing`](crate::core::standing), which looks
//! whether the basis still stands and intersects what it was given with what its owner holds now.

use std::sync::Arc;

use domain::access::{Levels, Need, Reach};
use domain::core::failure::{Failure, NoSuch, refuse};
use domain::core::ids::{AccountId, ApiKeyId, SystemId};
use domain::core::refusal::Kind;

use crate::core::actor::Credential;
use crate::core::principal::{Person, Principal};

/// What may be done.
#[derive(Debug, Clone)]
pub enum Authority {
    /// Nothing in any account: no one who is known, or the holder of a link, whose operation looks at the link itself.
    Nothing,
    /// A person's own things.
    Oneself(Arc<Person>),
    /// What a membership holds, as far as its basis was given it.
    Member(Arc<Principal>, Basis),
    /// Everything in one account: the operator's commands, and the server's own work.
    Installation(AccountId),
}

/// By what someone acts for a membership. It may end while they do.
#[derive(Debug, Clone)]
pub enum Basis {
    /// A session of the user's own.
    Session(Arc<Person>),
    /// An API key of the user's.
    ApiKey(ApiKeyId),
    /// What the user started a job with.
    Job(Credential),
}

impl Authority {
    /// The account in which it holds.
    ///
    /// # Errors
    /// 404: outside every account; the caller may not know whether the account exists.
    pub fn account(&self) -> Result<AccountId, Failure> {
        match self {
            Self::Member(principal, _) => Ok(principal.account_id),
            Self::Installation(account) => Ok(*account),
            Self::Nothing | Self::Oneself(_) => Err(NoSuch("account").into()),
        }
    }

    /// The membership behind it; `None` for operator and server, and for whoever is in no account.
    pub fn principal(&self) -> Option<&Arc<Principal>> {
        match self {
            Self::Member(principal, _) => Some(principal),
            Self::Nothing | Self::Oneself(_) | Self::Installation(_) => None,
        }
    }

    /// The signed-in person.
    ///
    /// # Errors
    /// 401: no one is signed in by a session.
    pub fn person(&self) -> Result<&Arc<Person>, Failure> {
        match self {
            Self::Oneself(person) | Self::Member(_, Basis::Session(person)) => Ok(person),
            Self::Nothing | Self::Member(_, Basis::ApiKey(_) | Basis::Job(_)) | Self::Installation(_) => {
                Err(not_signed_in())
            }
        }
    }

    /// What is held in the account.
    pub fn levels(&self) -> Levels {
        match self {
            Self::Nothing | Self::Oneself(_) => Levels::NONE,
            Self::Member(principal, _) => principal.levels,
            Self::Installation(_) => Levels::ALL,
        }
    }

    /// The systems that a need is limited to; `None` means every system of the account.
    pub fn limited_to(&self, need: Need) -> Option<Vec<SystemId>> {
        let (Need::Account(permission, level) | Need::Systems(permission, level)) = need else { return None };
        match self {
            Self::Nothing | Self::Oneself(_) => Some(Vec::new()),
            Self::Installation(_) => None,
            Self::Member(principal, _) => match principal.levels.reach_of(permission, level) {
                Some(Reach::Account) => None,
                Some(Reach::OwnSystems) | None if principal.all_systems => None,
                Some(Reach::OwnSystems) | None => Some(principal.systems.to_vec()),
            },
        }
    }

    /// Whether it meets the need.
    ///
    /// # Errors
    /// 401 without proof, 403 naming the permission.
    pub fn check(&self, need: Need) -> Result<(), Failure> {
        match (need, self) {
            (Need::Public, _) => Ok(()),
            (_, Self::Nothing) => Err(not_signed_in()),
            (Need::Oneself, _) => self.person().map(|_| ()),
            (Need::Member, _) => self.account().map(|_| ()),
            (Need::Account(permission, level) | Need::Systems(permission, level), _)
                if !need.met_by(&self.levels()) =>
            {
                let key = permission.own_key().unwrap_or_default();
                Err(refuse(
                    Kind::Forbidden,
                    "permission_missing",
                    format!("You need the permission {key} at the level {level}. Ask an admin of the account."),
                ))
            }
            (Need::Account(..) | Need::Systems(..), _) => Ok(()),
        }
    }
}

pub(super) fn not_signed_in() -> Failure {
    refuse(Kind::SignIn, "sign_in_required", "Sign in first.")
}
