//! Files stay under a length that one reads in a sitting. Clippy looks after functions.

use crate::finding::{Finding, Outcome};
use crate::sources::Sources;

const MOST_LINES: usize = 400;

/// Every file of the crates' `src`, and of this one's.
pub fn check(sources: &Sources) -> Outcome<Vec<Finding>> {
    let mut findings = Vec::new();
    let mut folders = sources.folders("crates")?;
    folders.push("xtask".to_owned());
    for folder in folders {
        for source in sources.below(&format!("{folder}/src"), "rs")? {
            findings.extend(too_long(&source.path, &source.text));
        }
    }
    Ok(findings)
}

fn too_long(path: &str, text: &str) -> Option<Finding> {
    let lines = text.lines().count();
    (lines > MOST_LINES).then(|| {
        Finding::file(path, format!("{lines} lines, at most {MOST_LINES}: move a part that has a name of its own out"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_may_have_the_most_lines_but_not_one_more() {
        assert_eq!(too_long("a.rs", &"\n".repeat(MOST_LINES)), None);
        let finding = too_long("a.rs", &"\n".repeat(MOST_LINES + 1)).unwrap();
        assert!(finding.to_string().starts_with("a.rs: 401 lines, at most 400"), "{finding}");
    }
}
