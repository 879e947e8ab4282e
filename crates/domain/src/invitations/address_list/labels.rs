//! What stands before the colon of a line: of whom it is.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::header_words::{Column, Standing, column, folded, is_address, words_of};
use super::word_lists::LABELS;

static RECIPIENTS: LazyLock<HashSet<String>> = LazyLock::new(|| words_of(LABELS).collect());

/// What stands before a colon says of whom the line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    /// `To`, `Email`: of those who are behind it.
    Recipient,
    /// Of the same person, and no address: `Name`, `Department`.
    Field,
    /// The name of the person behind it, or no label at all.
    Person,
    /// Of an unknown person.
    Unknown,
}

/// What a label says, if it is not the name of a person. That of a vCard has parameters behind a semicolon: `EMAIL;TYPE=WORK`.
pub(super) fn label(text: &str) -> Label {
    if let Some((property, _)) = text.split_once(';') {
        let is_own = column(property.rsplit('.').next().unwrap_or(property))
            .and_then(Column::standing)
            .is_some_and(Standing::is_own);
        return if is_own { Label::Recipient } else { Label::Unknown };
    }
    if is_recipient(text) {
        return Label::Recipient;
    }
    match column(text) {
        Some(Column::Address(standing)) if standing.is_own() => Label::Recipient,
        Some(Column::AnyAddress) => Label::Recipient,
        Some(Column::Address(_)) | None => Label::Unknown,
        Some(
            Column::FirstName | Column::LastName | Column::WholeName | Column::Name | Column::Secret | Column::Other,
        ) => Label::Field,
    }
}

/// `To`, `Reply to`, `Kopie (CC)`.
pub(super) fn is_recipient(text: &str) -> bool {
    let label = folded(text);
    RECIPIENTS.contains(&label) || label.split(' ').all(|word| RECIPIENTS.contains(word))
}

/// Whether a text beside an address says nothing but that it is one.
pub(super) fn is_label(text: &str) -> bool {
    is_address(text) || is_recipient(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_that_of_a_recipient_of_a_field_or_of_nobody_knows_whom() {
        for text in ["To", "An", "E-Mail", "Work email", "Kopie (CC)", "EMAIL;TYPE=WORK", "Adresse"] {
            assert_eq!(label(text), Label::Recipient, "{text}");
        }
        for text in ["Name", "Department", "Phone"] {
            assert_eq!(label(text), Label::Field, "{text}");
        }
        for text in [
            "Manager",
            "Subject",
            "Sujet",
            "From",
            "Reply-To",
            "Absender",
            "Recovery email",
            "ORGANIZER;CN=Boss",
            "X-Original-To",
            "Ana",
            "mailing list",
        ] {
            assert_eq!(label(text), Label::Unknown, "{text}");
        }
        assert!(is_label("To") && is_label("E-Mail") && !is_label("mailto") && !is_label("Ana"));
    }
}
