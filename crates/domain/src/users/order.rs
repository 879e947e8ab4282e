//! In which order users are listed.

use std::fmt;
use std::str::FromStr;

use crate::core::words::{UnknownWord, schema_of_words};
use crate::words;

/// What users are sorted by. Equals follow by id (by address, then id, within a role or status), so that the order is total.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum UserSortKey {
    /// The address.
    #[default]
    Email,
    /// The name, folded; users without one come first.
    Name,
    /// The key or id of the role.
    Role,
    /// The word of the status.
    Status,
    /// The latest sign-in; users who never signed in come first.
    LastLoginAt,
    /// When the user was invited or made.
    CreatedAt,
}

words!(UserSortKey {
    Email = "email",
    Name = "name",
    Role = "role",
    Status = "status",
    LastLoginAt = "last_login_at",
    CreatedAt = "created_at",
});

/// An order of users: `email`, or `-email` for the reverse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct UserOrder {
    /// What counts.
    pub by: UserSortKey,
    /// Whether the greatest comes first.
    pub descending: bool,
}

impl fmt::Display for UserOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.descending { "-" } else { "" }, self.by)
    }
}

impl utoipa::PartialSchema for UserOrder {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        let both = |by: &UserSortKey| [false, true].map(|descending| Self { by: *by, descending }.to_string());
        schema_of_words(UserSortKey::ALL.iter().flat_map(both))
    }
}

impl utoipa::ToSchema for UserOrder {}

impl FromStr for UserOrder {
    type Err = UnknownWord;
    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        match text.strip_prefix('-') {
            Some(by) => Ok(Self { by: by.parse()?, descending: true }),
            None => Ok(Self { by: text.parse()?, descending: false }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_reads_back_from_its_word() {
        for by in UserSortKey::ALL {
            for descending in [false, true] {
                let order = UserOrder { by: *by, descending };
                assert_eq!(order.to_string().parse(), Ok(order));
            }
        }
        assert!("--email".parse::<UserOrder>().is_err() && "color".parse::<UserOrder>().is_err());
    }
}
