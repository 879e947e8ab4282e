//! Single-use links: what they are for and whether one still works (decision 3).

use crate::ids::{AccountId, IdentityId, LinkId, UserId};
use crate::refusal::{Kind, Rule};
use crate::timestamp::Timestamp;
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

/// A link that was mailed or printed. Only the hash of its token is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// Its id.
    pub id: LinkId,
    /// What it is for.
    pub purpose: LinkPurpose,
    /// The account; `None` for setup.
    pub account_id: Option<AccountId>,
    /// The person; `None` for setup.
    pub identity_id: Option<IdentityId>,
    /// The membership, where it is about one.
    pub user_id: Option<UserId>,
    /// From this instant on it does not work.
    pub expires_at: Timestamp,
    /// When it was used, withdrawn or replaced.
    pub ended_at: Option<Timestamp>,
}

/// The one answer to every link that does not work: which of the reasons holds is nobody's business (decision 17).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "this link does not work any more or never did: it may have been used, replaced by a newer one, withdrawn or too old. Ask for a new one; if you have an account already, sign in"
)]
pub struct DeadLink;

impl Rule for DeadLink {
    fn refusal(&self) -> (Kind, &'static str) {
        (Kind::Unknown, "dead_link")
    }
}

impl Link {
    /// Whether the link works for `purpose` at `now` (I2: to the instant, whatever a cleaner did).
    pub fn check(&self, purpose: LinkPurpose, now: Timestamp) -> Result<(), DeadLink> {
        if self.purpose == purpose && self.ended_at.is_none() && now < self.expires_at { Ok(()) } else { Err(DeadLink) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Id;
    use uuid::Uuid;

    #[test]
    fn i1_i2_a_link_works_for_its_purpose_until_the_instant_it_expires_or_ends() {
        let end = Timestamp::from_micros(100);
        let link = Link {
            id: LinkId::from_uuid(Uuid::nil()),
            purpose: LinkPurpose::Activation,
            account_id: None,
            identity_id: None,
            user_id: None,
            expires_at: end,
            ended_at: None,
        };
        assert_eq!(link.check(LinkPurpose::Activation, Timestamp::from_micros(99)), Ok(()));
        assert_eq!(link.check(LinkPurpose::Activation, end), Err(DeadLink));
        assert_eq!(link.check(LinkPurpose::PasswordReset, Timestamp::from_micros(99)), Err(DeadLink));
        let ended = Link { ended_at: Some(Timestamp::from_micros(1)), ..link };
        assert_eq!(ended.check(LinkPurpose::Activation, Timestamp::from_micros(2)), Err(DeadLink));
    }
}
