//! Single-use links: what they are for and whether one still works (P3).

use crate::core::ids::{AccountId, IdentityId, LinkId, UserId};
use crate::core::range::out_of_range;
use crate::core::refusal::{FieldError, Kind, Rule};
use crate::core::timestamp::{Seconds, Timestamp};
use crate::words;

/// What a link is for; it works for nothing else (I1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LinkPurpose {
    /// Makes the first account of a fresh installation.
    Setup,
    /// Accepts an invitation.
    Activation,
    /// Chooses a new password.
    PasswordReset,
    /// Lets an admin back in; printed by the command line.
    Recovery,
}

words!(LinkPurpose { Setup = "setup", Activation = "activation", PasswordReset = "password_reset", Recovery = "recovery" });

/// What ended a link before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkEnd {
    /// It did what it was for, or another one for the same did.
    Used,
    /// A newer one took its place.
    Replaced,
    /// What it opened was taken back.
    Revoked,
}

words!(LinkEnd { Used = "used", Replaced = "replaced", Revoked = "revoked" });

/// How long the links of an account work (P3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[schema(description = "How long emailed links work. Those that were sent keep their time.")]
#[serde(deny_unknown_fields)]
pub struct LinkSettings {
    /// A link that accepts an invitation: 1 hour to 30 days.
    #[schema(value_type = u32, minimum = 3_600, maximum = 2_592_000)]
    pub activation_seconds: Seconds,
    /// A link to choose a new password: 10 minutes to 24 hours.
    #[schema(value_type = u32, minimum = 600, maximum = 86_400)]
    pub password_reset_seconds: Seconds,
}

impl Default for LinkSettings {
    fn default() -> Self {
        // The second of LG-5.
        Self { activation_seconds: Seconds::days(7), password_reset_seconds: Seconds::hours(8) }
    }
}

impl LinkSettings {
    /// What cannot be so, by its JSON pointer.
    pub fn check_settings(self) -> Vec<FieldError> {
        let (activation, reset) = (Seconds::hours(1)..=Seconds::days(30), Seconds::minutes(10)..=Seconds::hours(24));
        let refused = [
            out_of_range("/activation_seconds", self.activation_seconds, &activation),
            out_of_range("/password_reset_seconds", self.password_reset_seconds, &reset),
        ];
        refused.into_iter().flatten().collect()
    }
}

/// A link that was mailed or printed. Only the hash of its token is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// The link's id.
    pub id: LinkId,
    /// What it is for.
    pub purpose: LinkPurpose,
    /// The account; `None` for setup, and for what a person asked for themselves: that is no account's.
    pub account_id: Option<AccountId>,
    /// The person; `None` for setup.
    pub identity_id: Option<IdentityId>,
    /// The membership, where it is about one.
    pub user_id: Option<UserId>,
    /// From this instant on it does not work.
    pub expires_at: Timestamp,
    /// Whether an admin had it mailed; else the person asked for it, or the operator made it.
    pub by_admin: bool,
    /// What ended it before its time.
    pub ended_as: Option<LinkEnd>,
}

/// The link is unknown, or what it was for no longer exists. The caller is not told which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "This link doesn't work. Check that you copied all of it, or request a new one. If you already have access, sign \
     in."
)]
pub struct DeadLink;

/// Why a link does not work. Whoever holds its token was mailed it, so they may know what became of it; whoever holds none
/// gets [`DeadLink`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// It is for something else: as good as none.
    #[error("{DeadLink}")]
    OtherPurpose,
    /// Its time is over.
    #[error("This link has expired. Request a new one.")]
    Expired,
    /// See [`LinkEnd::Used`].
    #[error("This link was already used, and each link works only once. Sign in, or request a new one.")]
    Used,
    /// See [`LinkEnd::Replaced`].
    #[error("This link was replaced by a newer one. Use the link in the latest email, or request a new one.")]
    Replaced,
    /// See [`LinkEnd::Revoked`].
    #[error("This link was revoked. Ask an admin of the account.")]
    Revoked,
    /// Whoever answered for the invitation that it accepts may no longer invite to its role (R5).
    #[error("The person who invited you is no longer allowed to. Ask an admin of the account for a new invitation.")]
    InviterLost,
}

impl Rule for LinkError {
    fn refusal(&self) -> (Kind, &'static str) {
        let code = match self {
            Self::OtherPurpose => return DeadLink.refusal(),
            Self::Expired => "link_expired",
            Self::Used => "link_used",
            Self::Replaced => "link_replaced",
            Self::Revoked => "link_revoked",
            Self::InviterLost => "link_inviter_unauthorized",
        };
        (Kind::Unknown, code)
    }
}

impl Rule for DeadLink {
    fn refusal(&self) -> (Kind, &'static str) {
        (Kind::Unknown, "link_invalid")
    }
}

impl Link {
    /// Whether the link works for `purpose` at `now` (I2: to the instant, whatever a cleaner did).
    pub fn check(&self, purpose: LinkPurpose, now: Timestamp) -> Result<(), LinkError> {
        match self.ended_as {
            _ if self.purpose != purpose => Err(LinkError::OtherPurpose),
            Some(LinkEnd::Used) => Err(LinkError::Used),
            Some(LinkEnd::Replaced) => Err(LinkError::Replaced),
            Some(LinkEnd::Revoked) => Err(LinkError::Revoked),
            None if now >= self.expires_at => Err(LinkError::Expired),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::ids::Id;
    use uuid::Uuid;

    #[test]
    fn i1_i2_a_link_works_for_its_purpose_until_the_instant_it_expires_or_ends_and_then_says_which() {
        let end = Timestamp::from_micros(100);
        let link = Link {
            id: LinkId::from_uuid(Uuid::nil()),
            purpose: LinkPurpose::Activation,
            account_id: None,
            identity_id: None,
            user_id: None,
            expires_at: end,
            by_admin: true,
            ended_as: None,
        };
        assert_eq!(link.check(LinkPurpose::Activation, Timestamp::from_micros(99)), Ok(()));
        assert_eq!(link.check(LinkPurpose::Activation, end), Err(LinkError::Expired));
        let ends = [
            (LinkEnd::Used, LinkError::Used),
            (LinkEnd::Replaced, LinkError::Replaced),
            (LinkEnd::Revoked, LinkError::Revoked),
        ];
        for (ended_as, error) in ends {
            let ended = Link { ended_as: Some(ended_as), ..link.clone() };
            for now in [Timestamp::from_micros(2), end] {
                assert_eq!(ended.check(LinkPurpose::Activation, now), Err(error));
                assert_eq!(
                    ended.check(LinkPurpose::PasswordReset, now),
                    Err(LinkError::OtherPurpose),
                    "and tells no more"
                );
            }
        }
        assert_eq!(link.check(LinkPurpose::PasswordReset, Timestamp::from_micros(99)), Err(LinkError::OtherPurpose));
        assert_eq!(LinkError::OtherPurpose.refusal(), DeadLink.refusal());
        assert_eq!(LinkError::OtherPurpose.to_string(), DeadLink.to_string());
    }
}
