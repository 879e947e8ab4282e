//! Someone who is signed in: as a person, and as the user that they are in an account.

use std::sync::Arc;

use domain::access::Levels;
use domain::access::decision::Holder;
use domain::access::role::Role;
use domain::core::email_address::EmailAddress;
use domain::core::ids::{AccountId, IdentityId, SystemId, UserId};
use domain::core::timestamp::Timestamp;
use domain::sign_in::identity::Identity;
use domain::sign_in::session::{Session, SessionPolicy, SessionSettings};

/// A signed-in person, before any account is entered.
#[derive(Debug, Clone)]
pub struct Person {
    /// Their session.
    pub session: Session,
    /// Who they are.
    pub identity: Identity,
}

/// A user as a decision needs them: what the role holds, and where.
#[derive(Debug, Clone)]
pub struct Principal {
    /// The account.
    pub account_id: AccountId,
    /// The membership.
    pub user_id: UserId,
    /// The person.
    pub identity_id: IdentityId,
    /// The user's email address.
    pub email: EmailAddress,
    /// The role.
    pub role: Arc<Role>,
    /// What the role holds.
    pub levels: Levels,
    /// All systems of the account, including future ones.
    pub all_systems: bool,
    /// The systems the user has, directly or by a group; sorted.
    pub systems: Arc<[SystemId]>,
    /// How long sessions last in this account.
    pub limits: SessionSettings,
    /// Credentials older than this do not work here.
    pub credentials_valid_from: Timestamp,
    /// The version of the account that was loaded: every change of anything in it counts it up.
    pub account_version: i64,
    /// When a grant begins or ends by itself, so that this must be loaded again.
    pub valid_until: Option<Timestamp>,
}

impl Principal {
    /// Whether the user has this system.
    pub fn has_system(&self, system: SystemId) -> bool {
        self.all_systems || self.systems.binary_search(&system).is_ok()
    }

    /// The user as a decision looks at them.
    pub fn holder(&self) -> Holder<'_> {
        Holder { levels: &self.levels, all_systems: self.all_systems, systems: &self.systems }
    }

    /// What the account asks of the user's sessions.
    pub fn session_policy(&self) -> SessionPolicy {
        SessionPolicy { limits: self.limits, credentials_valid_from: self.credentials_valid_from }
    }

    /// Whether all that an `earlier` look at the same user found is still theirs: every permission, every system, every session.
    pub(crate) fn still_holds(&self, earlier: &Self) -> bool {
        earlier.levels.within(&self.levels)
            && earlier.credentials_valid_from == self.credentials_valid_from
            && (self.all_systems || !earlier.all_systems)
            && earlier.systems.iter().all(|system| self.has_system(*system))
    }

    pub(crate) fn is_valid_at(&self, now: Timestamp) -> bool {
        self.valid_until.is_none_or(|until| now < until)
    }
}
