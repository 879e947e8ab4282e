//! Views of a list that people saved, to find them again in every browser.

use crate::core::ids::ids;
use crate::core::refusal::{Kind, Rule};
use crate::core::timestamp::Timestamp;

ids! {
    /// A view of a list that a person saved.
    SavedViewId = "viw";
}

/// The most views of one person in one account.
pub const MOST: usize = 50;

/// The longest query, in bytes.
pub const LONGEST_QUERY: usize = 2_000;

/// A saved view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedView {
    /// The saved view's id.
    pub id: SavedViewId,
    /// How its owner calls it.
    pub name: String,
    /// The query of the list's address: filters, order, columns. What it says is the console's own matter.
    pub query: String,
    /// When it was saved.
    pub created_at: Timestamp,
}

/// Why a view is not saved.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SavedViewError {
    /// The person has a view of this name.
    #[error("You already have a view named {0}. Choose a different name, or delete that view first.")]
    NameTaken(String),
    /// The person has as many as possible.
    #[error("You have {MOST} saved views, the maximum. Delete one you don't need.")]
    TooMany,
}

impl Rule for SavedViewError {
    fn refusal(&self) -> (Kind, &'static str) {
        match self {
            Self::NameTaken(_) => (Kind::Conflict, "view_name_taken"),
            Self::TooMany => (Kind::Conflict, "too_many_views"),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::NameTaken(_) => Some("/name"),
            Self::TooMany => None,
        }
    }
}

/// Whether a text can be the query of an address: visible ASCII, as browsers write it, and not too long.
pub fn is_query(text: &str) -> bool {
    text.len() <= LONGEST_QUERY && text.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_one_word_of_visible_ascii() {
        assert!(is_query("") && is_query("tab=inactive&role=builder&q=%C3%A9"));
        assert!(!is_query("q=a b") && !is_query("q=é") && !is_query("q=\n"));
        assert!(!is_query(&"a".repeat(LONGEST_QUERY + 1)));
    }
}
