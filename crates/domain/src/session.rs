//! Sessions: a signed-in browser, and whether it still opens an account (decisions 9 and 14).

use crate::ids::{IdentityId, SessionId};
use crate::refusal::{Kind, Rule};
use crate::timestamp::{Seconds, Timestamp};
use crate::words;

/// The longest idle time that an account may choose; a session that rested longer opens nothing anywhere.
pub const LONGEST_IDLE: Seconds = Seconds::days(30);

/// The longest absolute lifetime that an account may choose.
pub const LONGEST_LIFETIME: Seconds = Seconds::days(90);

/// How the person proved who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Assurance {
    /// By password.
    Password,
    /// By password and a second factor.
    PasswordAndFactor,
    /// By passkey.
    Passkey,
    /// By an identity provider.
    Sso,
}

words!(Assurance {
    Password = "password",
    PasswordAndFactor = "password_and_factor",
    Passkey = "passkey",
    Sso = "sso",
});

/// A signed-in browser or client of a person, for all their accounts.
#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// The person.
    pub identity_id: IdentityId,
    /// When the person signed in.
    pub created_at: Timestamp,
    /// The latest input of the person.
    pub last_active_at: Timestamp,
    /// Where the sign-in came from.
    pub ip: String,
    /// What the browser called itself.
    pub user_agent: String,
    /// What was proved.
    pub assurance: Assurance,
    /// What ended it before its time. Such a session opens nothing; it is kept to tell whoever holds its token why.
    pub ended_by: Option<EndedBy>,
}

/// What ends a session before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndedBy {
    /// The person was disabled or deleted in the last account where they were active.
    AccessEnded,
    /// An admin signed the person out.
    Admin,
    /// The person did, here or in another browser.
    Oneself,
    /// The person chose a new password.
    NewPassword,
}

words!(EndedBy {
    AccessEnded = "access_ended",
    Admin = "signed_out_by_admin",
    Oneself = "signed_out",
    NewPassword = "password_changed",
});

impl EndedBy {
    /// What the holder of the session's token, and nobody else, is told.
    const fn sentence(self) -> &'static str {
        match self {
            Self::AccessEnded => {
                "an admin ended your access, so you are signed out; ask them if that is a mistake, and sign in again once you have it back"
            }
            Self::Admin => "an admin signed you out; sign in again",
            Self::Oneself => "you signed out, here or from another browser; sign in again",
            Self::NewPassword => {
                "your password was changed, which signs you out; sign in with the new one, or reset it if that was not you"
            }
        }
    }
}

/// Why a session opens nothing any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SessionEnded {
    /// Too long without input.
    #[error("you were signed out because nothing happened for a while; sign in again")]
    Idle,
    /// Too long since the sign-in.
    #[error("you were signed out because your sign-in is too long ago; sign in again")]
    TooOld,
    /// The person was signed out of the account, or the access was ended and given back since.
    #[error("you were signed out of this account, or your access to it was ended and given back; sign in again")]
    Ended,
    /// Something ended it before its time.
    #[error("{}", .0.sentence())]
    Early(EndedBy),
}

impl Rule for SessionEnded {
    fn refusal(&self) -> (Kind, &'static str) {
        match self {
            Self::Idle | Self::TooOld | Self::Ended => (Kind::SignIn, "session_expired"),
            Self::Early(by) => (Kind::SignIn, by.word()),
        }
    }
}

impl Session {
    /// The session, where nothing ended it before its time.
    pub fn live(self) -> Result<Self, SessionEnded> {
        match self.ended_by {
            None => Ok(self),
            Some(by) => Err(SessionEnded::Early(by)),
        }
    }

    /// Whether the session still works where these limits hold and credentials older than `access_from` do not.
    pub fn check(&self, limits: &SessionLimits, access_from: Timestamp, now: Timestamp) -> Result<(), SessionEnded> {
        limits.check(self.created_at, self.last_active_at, access_from, now)
    }
}

/// How long sessions last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionLimits {
    /// Without input.
    pub idle: Seconds,
    /// In any case.
    pub lifetime: Seconds,
    /// A page that refreshes itself counts as input (SI-3).
    pub renew_while_open: bool,
}

impl SessionLimits {
    /// The widest limits that any account may have.
    pub const WIDEST: Self = Self { idle: LONGEST_IDLE, lifetime: LONGEST_LIFETIME, renew_while_open: false };

    /// Whether a session that was made and used at these instants works, where credentials older than `access_from` do not.
    pub fn check(
        &self,
        created_at: Timestamp,
        last_active_at: Timestamp,
        access_from: Timestamp,
        now: Timestamp,
    ) -> Result<(), SessionEnded> {
        if created_at < access_from {
            return Err(SessionEnded::Ended);
        }
        if now >= created_at.plus(self.lifetime) {
            return Err(SessionEnded::TooOld);
        }
        if now >= last_active_at.plus(self.idle) {
            return Err(SessionEnded::Idle);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Id;
    use uuid::Uuid;

    #[test]
    fn si1_a_session_ends_at_the_instant_its_idle_time_or_its_lifetime_is_over() {
        let start = Timestamp::from_micros(0);
        let session = Session {
            id: SessionId::from_uuid(Uuid::nil()),
            identity_id: IdentityId::from_uuid(Uuid::nil()),
            created_at: start,
            last_active_at: start.plus(Seconds::hours(1)),
            ip: String::new(),
            user_agent: String::new(),
            assurance: Assurance::Password,
            ended_by: None,
        };
        let limits = SessionLimits { idle: Seconds::hours(2), lifetime: Seconds::hours(10), renew_while_open: false };
        assert_eq!(session.check(&limits, start, start.plus(Seconds(10_799))), Ok(()));
        assert_eq!(session.check(&limits, start, start.plus(Seconds::hours(3))), Err(SessionEnded::Idle));
        let busy = Session { last_active_at: start.plus(Seconds::hours(10)), ..session };
        assert_eq!(busy.check(&limits, start, start.plus(Seconds::hours(10))), Err(SessionEnded::TooOld));
        assert_eq!(busy.check(&limits, start.plus(Seconds(1)), start.plus(Seconds(2))), Err(SessionEnded::Ended));
    }
}
