//! “Decision 7” is a page of `docs/decisions`, and nothing else.

use std::collections::BTreeSet;

use super::prose::Line;
use crate::finding::Finding;

const FOLDER: &str = "docs/decisions/";

/// The numbers of the pages.
pub fn pages(files: &BTreeSet<String>) -> BTreeSet<u32> {
    let number = |file: &String| file.strip_prefix(FOLDER)?.split_once('-')?.0.parse().ok();
    files.iter().filter_map(number).collect()
}

/// The decisions that a line of prose cites and that have no page.
pub fn check(line: &Line<'_>, pages: &BTreeSet<u32>) -> Vec<Finding> {
    let missing = cited(line.text).into_iter().filter(|number| !pages.contains(number));
    missing
        .map(|number| {
            let message =
                format!("{FOLDER} has no page {number}: write it, or cite the rule or requirement that is meant");
            Finding::line(line.file, line.number, message)
        })
        .collect()
}

/// The numbers after “decision”, or after “decisions”: `1, 7 and 8`.
fn cited(text: &str) -> Vec<u32> {
    let mut numbers = Vec::new();
    let mut words = text.split_whitespace().peekable();
    while let Some(word) = words.next() {
        let word = word.trim_start_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        if word != "decision" && word != "decisions" {
            continue;
        }
        while let Some(next) = words.next_if(|next| number(next).is_some() || *next == "and" || *next == "to") {
            numbers.extend(number(next));
        }
    }
    numbers
}

fn number(word: &str) -> Option<u32> {
    word.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pages_are_those_of_the_folder() {
        let files = ["docs/decisions/0007-events.md", "docs/decisions/README.md", "docs/0009-no.md"].map(str::to_owned);
        assert_eq!(pages(&files.into()), BTreeSet::from([7]));
    }

    #[test]
    fn every_number_of_an_enumeration_is_cited() {
        assert_eq!(cited("(D8, decision 7)"), [7]);
        assert_eq!(cited("It is (decisions 1, 14 and 17). Two decisions of 3, a decision: 4"), [1, 14, 17]);
        assert_eq!(cited("[Decision 8](docs/decisions/0008-feed.md), the decision is made"), [8]);
    }

    #[test]
    fn a_decision_without_a_page_is_found() {
        let line = Line { file: "a.rs", number: 3, text: "Signing in (decisions 1 and 14)." };
        let said: Vec<String> = check(&line, &BTreeSet::from([1])).iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            ["a.rs:3: docs/decisions/ has no page 14: write it, or cite the rule or requirement that is meant"]
        );
    }
}
