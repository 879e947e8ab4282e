//! Ids of requirements, such as `U-29` and `X1`, stand in comments and pages; one page says what each means.

use std::collections::BTreeSet;

use super::prose::Line;
use crate::finding::Finding;
use crate::sources::Source;

/// The page that has a line for each id: `- **U-29** What it asks for.`
pub const PAGE: &str = "docs/requirements.md";

/// Where [`NAMES`] is.
const LIST: &str = "xtask/src/citations/ids.rs";

/// What looks like an id and is the name of something else.
const NAMES: [&str; 4] = ["F2", "FTS5", "SHA-256", "UTF-8"];

/// The ids that the page explains.
#[derive(Debug, Default)]
pub struct Known {
    ids: BTreeSet<String>,
}

/// Reads the page; an id that it explains twice is a finding.
pub fn known(page: &Source) -> (Known, Vec<Finding>) {
    let mut known = Known::default();
    let mut findings = Vec::new();
    for (at, line) in page.text.lines().enumerate() {
        let explained = line.strip_prefix("- **").and_then(|rest| rest.split_once("**"));
        let Some((id, _)) = explained.filter(|(id, _)| is_id(id)) else { continue };
        if !known.ids.insert(id.to_owned()) {
            findings.push(Finding::line(&page.path, at + 1, format!("{id} is explained twice: keep one line")));
        }
    }
    (known, findings)
}

impl Known {
    /// Each of them.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.ids.iter().map(String::as_str)
    }
}

/// The ids in a line of prose that the page does not explain.
pub fn check(line: &Line<'_>, known: &Known) -> Vec<Finding> {
    // What stands in `backticks` is code.
    let words = line.text.split('`').step_by(2).flat_map(words);
    words
        .filter(|word| is_id(word) && !NAMES.contains(word) && !known.ids.contains(*word))
        .map(|id| Finding::line(line.file, line.number, unknown(id)))
        .collect()
}

/// Runs of letters, digits and hyphens that are no part of a longer thing: a path, a number, an escape.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let is_end = |c: char| c.is_whitespace() || "()[],;:…–—“”'\"*|".contains(c);
    text.split(is_end).map(|word| word.trim_end_matches(['.', '?', '!']))
}

/// Whether a word has the form of an id: letters, perhaps a hyphen, a number.
pub fn is_id(word: &str) -> bool {
    let digits = word.trim_start_matches(|c: char| c.is_ascii_uppercase());
    let letters = word.strip_suffix(digits).map_or(0, str::len);
    let digits = digits.strip_prefix('-').unwrap_or(digits);
    (1..=3).contains(&letters) && (1..=3).contains(&digits.len()) && digits.chars().all(|c| c.is_ascii_digit())
}

/// What is said of an id that has no line.
pub fn unknown(id: &str) -> String {
    format!(
        "{PAGE} has no {id}: give it a line there, or say in words what is meant; a name that is no id goes to {LIST}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(text: &str) -> (Known, Vec<Finding>) {
        known(&Source { path: PAGE.into(), text: text.into() })
    }

    fn explained() -> Known {
        page("- **U-29** Disable.\n- **R-1** Roles.\n- **X1** Sessions.\nNo **Z9** here.").0
    }

    fn said(text: &str) -> Vec<String> {
        let line = Line { file: "a.rs", number: 7, text };
        check(&line, &explained()).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn an_id_without_a_line_is_found_and_told_where_to_go() {
        let findings = said("Ends it (U-30, X1).");
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert!(findings[0].starts_with("a.rs:7: docs/requirements.md has no U-30: give it a line"), "{findings:?}");
        assert_eq!(said("U-28 to U-29: Z9.").len(), 2);
    }

    #[test]
    fn what_is_no_id_is_not_looked_for() {
        assert_eq!(said("X1, **U-29**, R-1's, `Z9`, SHA-256, MPL-2.0, a/Z9, \\u{A0}, %C3, BSD-3-Clause"), [""; 0]);
    }

    #[test]
    fn an_id_is_explained_once() {
        let (_, findings) = page("- **U-1** One.\n- **U-1** Two.");
        assert_eq!(
            findings.iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["docs/requirements.md:2: U-1 is explained twice: keep one line"]
        );
    }
}
