//! Sessions: a signed-in browser, and whether it still opens an account (P9, P14).

use crate::core::ids::{IdentityId, SessionId};
use crate::core::range::out_of_range;
use crate::core::refusal::{FieldError, Kind, Rule, params};
use crate::core::timestamp::{Seconds, Timestamp};
use crate::words;

/// The longest idle time that an account may choose; a session that rested longer opens nothing anywhere.
pub const LONGEST_IDLE: Seconds = Seconds::days(30);

/// The shortest idle time that an account may choose: after a shorter rest, nothing can have ended.
pub const SHORTEST_IDLE: Seconds = Seconds::minutes(5);

/// The most sessions of a person that are open in one account; when one more enters it, the oldest there ends in it.
pub const MOST_SESSIONS: usize = 20;

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
    /// The session's id.
    pub id: SessionId,
    /// The person.
    pub identity_id: IdentityId,
    /// When the person signed in.
    pub created_at: Timestamp,
    /// The latest input of the person.
    pub last_active_at: Timestamp,
    /// IP address of the sign-in.
    pub ip: String,
    /// The user agent of the browser.
    pub user_agent: String,
    /// How the person signed in.
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
    /// Someone signed in anew with the same browser.
    Replaced,
    /// The limits of every account that it opened.
    Limits,
    /// The person came with more browsers than they can be signed in with at a time, to every account that it was in.
    TooMany,
}

words!(EndedBy {
    AccessEnded = "access_ended",
    Admin = "signed_out_by_admin",
    Oneself = "signed_out",
    NewPassword = "password_changed",
    Replaced = "signed_in_again",
    Limits = "session_expired",
    TooMany = "too_many_sessions",
});

impl EndedBy {
    /// Whether someone ended it on purpose, so that what was started with it and has not happened yet is not to happen (P9).
    /// Time, or another sign-in of the person, takes nothing back. Nor is an account told of those two, which may have happened beside it: it
    /// sees of the session what it would see had the browser been left alone (D2).
    pub const fn takes_back(self) -> bool {
        match self {
            Self::AccessEnded | Self::Admin | Self::Oneself | Self::NewPassword => true,
            Self::Replaced | Self::Limits | Self::TooMany => false,
        }
    }

    /// What the holder of the session's token, and no one else, is told.
    const fn sentence(self) -> &'static str {
        match self {
            Self::AccessEnded => {
                "An admin ended your access, so you were signed out. If that is a mistake, contact them."
            }
            Self::Admin => "An admin signed you out. Sign in again.",
            Self::Oneself => "You signed out, here or in another browser. Sign in again.",
            Self::NewPassword => {
                "Your password was changed, so you were signed out. Sign in with the new one, or reset it if that \
                 wasn't you."
            }
            Self::Replaced => "Someone signed in again in this browser, which ended this session. Sign in again.",
            Self::Limits => {
                "Your session expired due to inactivity or because it reached its maximum length. Sign in again."
            }
            Self::TooMany => {
                "You signed in in too many browsers, so this session, your oldest, was ended. Sign in again."
            }
        }
    }
}

/// What ended a session in one account and in no other. It stays ended there until the person signs in again (P14).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lapse {
    /// Too long without input.
    Idle,
    /// Too long since the sign-in.
    TooOld,
    /// An admin of the account signed the person out there. The session is theirs alone to end elsewhere.
    Admin,
    /// The person came to the account with more browsers than they can be signed in with there at a time.
    TooMany,
    /// Someone came to the account with the browser of this session, who had signed in anew.
    Replaced,
}

words!(Lapse {
    Idle = "idle",
    TooOld = "too_old",
    Admin = "signed_out_by_admin",
    TooMany = "too_many_sessions",
    Replaced = "signed_in_again",
});

impl Lapse {
    /// As what it ends the session altogether where no other account accepts it.
    pub const fn ends_as(self) -> EndedBy {
        match self {
            Self::Idle | Self::TooOld => EndedBy::Limits,
            Self::Admin => EndedBy::Admin,
            Self::TooMany => EndedBy::TooMany,
            Self::Replaced => EndedBy::Replaced,
        }
    }
}

/// Why a session opens nothing anymore.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SessionEnded {
    /// Too long without input.
    #[error("You were signed out due to inactivity. Sign in again.")]
    Idle,
    /// Too long since the sign-in.
    #[error("You were signed out because your session reached its maximum length. Sign in again.")]
    TooOld,
    /// The person was signed out of the account, or the access was ended and given back since.
    #[error("You were signed out of this account, or your access was ended and then restored. Sign in again.")]
    Ended,
    /// Something ended it before its time.
    #[error("{}", .0.sentence())]
    Early(EndedBy),
}

impl From<Lapse> for SessionEnded {
    fn from(lapse: Lapse) -> Self {
        match lapse {
            Lapse::Idle => Self::Idle,
            Lapse::TooOld => Self::TooOld,
            Lapse::Admin | Lapse::TooMany | Lapse::Replaced => Self::Early(lapse.ends_as()),
        }
    }
}

impl SessionEnded {
    /// The limit of the account that ended it, where one did.
    pub const fn lapse(self) -> Option<Lapse> {
        match self {
            Self::Idle => Some(Lapse::Idle),
            Self::TooOld => Some(Lapse::TooOld),
            Self::Ended | Self::Early(_) => None,
        }
    }
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
}

/// A session as one account sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionUse {
    /// When the person signed in.
    pub created_at: Timestamp,
    /// The latest input of the person, or the latest sign of an open page of the account, where that counts.
    pub last_active_at: Timestamp,
    /// What ended it in the account.
    pub lapsed: Option<Lapse>,
}

impl SessionUse {
    /// Whether any account's limits could accept the session.
    pub fn could_work(&self, now: Timestamp) -> bool {
        let widest = SessionPolicy { limits: SessionSettings::WIDEST, credentials_valid_from: self.created_at };
        widest.check(self, now).is_ok()
    }
}

/// What an account asks of the sessions of one of its users.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionPolicy {
    /// How long they last.
    pub limits: SessionSettings,
    /// Older ones do not work: access began anew then.
    pub credentials_valid_from: Timestamp,
}

impl SessionPolicy {
    /// Whether a session opens the account. The one decision, for requests, streams, lists and jobs alike; what it refuses by
    /// a limit is to be written down, as an expired session stays expired, whatever the limit is later.
    pub fn check(&self, session: &SessionUse, now: Timestamp) -> Result<(), SessionEnded> {
        if session.created_at < self.credentials_valid_from {
            return Err(SessionEnded::Ended);
        }
        if let Some(lapse) = session.lapsed {
            return Err(lapse.into());
        }
        if now >= session.created_at.plus(self.limits.max_length_seconds) {
            return Err(SessionEnded::TooOld);
        }
        if now >= session.last_active_at.plus(self.limits.idle_timeout_seconds) {
            return Err(SessionEnded::Idle);
        }
        Ok(())
    }
}

/// How long the sessions of an account last (P14).
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[schema(description = "When users have to sign in again.")]
#[serde(deny_unknown_fields)]
pub struct SessionSettings {
    /// Idle timeout in seconds, 5 minutes to 30 days. At most `max_length_seconds`.
    #[schema(value_type = u32, minimum = 300, maximum = 2_592_000)]
    pub idle_timeout_seconds: Seconds,
    /// Maximum session length in seconds, 1 hour to 90 days.
    #[schema(value_type = u32, minimum = 3_600, maximum = 7_776_000)]
    pub max_length_seconds: Seconds,
    /// Whether an open page keeps the session alive: requests with `Portcullis-Background` then count as input.
    pub renew_while_open: bool,
}

impl Default for SessionSettings {
    fn default() -> Self {
        Self {
            idle_timeout_seconds: Seconds::hours(24),
            max_length_seconds: Seconds::days(30),
            renew_while_open: false,
        }
    }
}

impl SessionSettings {
    /// The widest limits that any account may have.
    pub const WIDEST: Self =
        Self { idle_timeout_seconds: LONGEST_IDLE, max_length_seconds: LONGEST_LIFETIME, renew_while_open: false };

    /// What cannot be so, by its JSON pointer.
    pub fn check_settings(self) -> Vec<FieldError> {
        let (idle, max_length) = (SHORTEST_IDLE..=LONGEST_IDLE, Seconds::hours(1)..=LONGEST_LIFETIME);
        let refused = [
            out_of_range("/idle_timeout_seconds", self.idle_timeout_seconds, &idle),
            out_of_range("/max_length_seconds", self.max_length_seconds, &max_length),
            self.idle_for_too_long(),
        ];
        refused.into_iter().flatten().collect()
    }

    fn idle_for_too_long(self) -> Option<FieldError> {
        let most = self.max_length_seconds;
        (self.idle_timeout_seconds > most).then(|| FieldError {
            pointer: "/idle_timeout_seconds".to_owned(),
            code: "idle_timeout_too_long".to_owned(),
            detail: format!(
                "The idle timeout is longer than the maximum session length of {most}, so it would never take effect. \
                 Choose a shorter one."
            ),
            params: params([("max", most.0.into()), ("unit", "seconds".into())]),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::from_micros(0);
    const LIMITS: SessionSettings = SessionSettings {
        idle_timeout_seconds: Seconds::hours(2),
        max_length_seconds: Seconds::hours(10),
        renew_while_open: false,
    };

    fn used(last_active_at: Timestamp) -> SessionUse {
        SessionUse { created_at: START, last_active_at, lapsed: None }
    }

    #[test]
    fn si1_a_session_ends_at_the_instant_its_idle_time_or_its_lifetime_is_over() {
        let policy = SessionPolicy { limits: LIMITS, credentials_valid_from: START };
        let session = used(START.plus(Seconds::hours(1)));
        assert_eq!(policy.check(&session, START.plus(Seconds(10_799))), Ok(()));
        assert_eq!(policy.check(&session, START.plus(Seconds::hours(3))), Err(SessionEnded::Idle));
        let busy = used(START.plus(Seconds::hours(10)));
        assert_eq!(policy.check(&busy, START.plus(Seconds::hours(10))), Err(SessionEnded::TooOld));
        let anew = SessionPolicy { credentials_valid_from: START.plus(Seconds(1)), ..policy };
        assert_eq!(anew.check(&busy, START.plus(Seconds(2))), Err(SessionEnded::Ended));
    }

    #[test]
    fn x3_what_lapsed_stays_lapsed_whatever_the_limits_are() {
        let wide = SessionPolicy { limits: SessionSettings::WIDEST, credentials_valid_from: START };
        for (lapse, ended) in [(Lapse::Idle, SessionEnded::Idle), (Lapse::TooOld, SessionEnded::TooOld)] {
            let session = SessionUse { lapsed: Some(lapse), ..used(START) };
            assert_eq!(wide.check(&session, START), Err(ended));
            assert_eq!(ended.lapse(), Some(lapse));
        }
        let signed_out = SessionUse { lapsed: Some(Lapse::Admin), ..used(START) };
        let ended = wide.check(&signed_out, START);
        assert_eq!(ended, Err(SessionEnded::Early(EndedBy::Admin)));
        assert_eq!(ended.unwrap_err().lapse(), None, "no limit of the account, to be written down");
    }
}
