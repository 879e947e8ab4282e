//! Who answers for something that is kept: an invitation, a job, a grant.

use std::fmt;
use std::str::FromStr;

use crate::core::ids::{IdentityId, UserId};
use crate::core::words::UnknownWord;

/// Who answers for something, as it is stored. A text that is none of these is no one, and in particular not the operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Responsible {
    /// A user of the account.
    User(UserId),
    /// A person outside of any account: the holder of a mailed link.
    Identity(IdentityId),
    /// The operator of the installation.
    Operator,
    /// The server itself.
    System,
}

impl fmt::Display for Responsible {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(id) => id.fmt(f),
            Self::Identity(id) => id.fmt(f),
            Self::Operator => f.write_str("operator"),
            Self::System => f.write_str("system"),
        }
    }
}

impl FromStr for Responsible {
    type Err = UnknownWord;
    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        match (text, text.parse(), text.parse()) {
            ("operator", _, _) => Ok(Self::Operator),
            ("system", _, _) => Ok(Self::System),
            (_, Ok(id), _) => Ok(Self::User(id)),
            (_, _, Ok(id)) => Ok(Self::Identity(id)),
            _ => Err(UnknownWord),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::ids::Id;
    use uuid::Uuid;

    #[test]
    fn everybody_reads_back_from_their_text_and_nobody_else_is_the_operator() {
        let (user, person) = (UserId::from_uuid(Uuid::nil()), IdentityId::from_uuid(Uuid::nil()));
        for who in [Responsible::User(user), Responsible::Identity(person), Responsible::Operator, Responsible::System]
        {
            assert_eq!(who.to_string().parse(), Ok(who));
        }
        for text in ["", "Operator", "operator ", "usr_", "usr_0", "root"] {
            assert_eq!(text.parse::<Responsible>(), Err(UnknownWord), "{text:?}");
        }
    }
}
