//! Transactions beside the door of changes say why; see `service/src/core/upkeep.rs`.

use crate::finding::{Finding, Outcome};
use crate::sources::{Source, Sources};

/// Where a transaction begins that can write: the door of changes, and that of upkeep.
const DOORS: [&str; 2] = ["crates/service/src/core/draft.rs", "crates/service/src/core/upkeep.rs"];

/// The crates above the database that are not tests.
const CRATES: [&str; 4] = ["service", "web", "worker", "server"];

/// Transactions that begin beside both doors.
pub fn check(sources: &Sources) -> Outcome<Vec<Finding>> {
    let mut findings = Vec::new();
    for source in read(sources)? {
        if !DOORS.contains(&source.path.as_str()) {
            findings.extend(beside(&source));
        }
    }
    Ok(findings)
}

fn beside(source: &Source) -> impl Iterator<Item = Finding> {
    let lines = (1..).zip(source.text.lines()).filter(|(_, line)| line.contains("db.write()"));
    lines.map(|(number, _)| {
        let message = "writes beside the door: begin with `app.draft(caller, NEED)`, or, where no account's log has to tell of it, with \
                       `app.upkeep(\"reason\")`";
        Finding::line(&source.path, number, message)
    })
}

/// Every transaction of upkeep, with its place and reason.
pub fn list(sources: &Sources) -> Outcome<Vec<String>> {
    Ok(read(sources)?.iter().flat_map(reasons).collect())
}

fn reasons(source: &Source) -> Vec<String> {
    let lines = (1..).zip(source.text.lines());
    lines
        .filter_map(|(number, line)| {
            let (_, rest) = line.split_once(".upkeep(\"")?;
            let (reason, _) = rest.split_once('"')?;
            Some(format!("{}:{number}: {reason}", source.path))
        })
        .collect()
}

fn read(sources: &Sources) -> Outcome<Vec<Source>> {
    let mut found = Vec::new();
    for name in CRATES {
        found.extend(sources.below(&format!("crates/{name}/src"), "rs")?);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Source {
        Source { path: "a.rs".to_owned(), text: text.to_owned() }
    }

    #[test]
    fn a_transaction_beside_the_doors_is_found() {
        let findings: Vec<String> =
            beside(&source("fn f() {\n    app.db.write().await?;\n}")).map(|finding| finding.to_string()).collect();
        assert!(findings.concat().starts_with("a.rs:2: writes beside the door"), "{findings:?}");
    }

    #[test]
    fn reasons_are_listed_with_their_places() {
        assert_eq!(reasons(&source("\nlet mut tx = app.upkeep(\"a lease\").await?;")), ["a.rs:2: a lease"]);
    }
}
