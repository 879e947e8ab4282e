//! What comments, pages and names of tests cite is here: ids of requirements, pages of decisions, and paths of files.

mod decisions;
mod ids;
mod paths;
pub mod prose;
mod test_names;

use crate::finding::{Finding, Outcome};
use crate::sources::Sources;

/// Every text of the repository.
pub fn check(sources: &Sources) -> Outcome<Vec<Finding>> {
    let tree = sources.tree()?;
    let (known, mut findings) = ids::known(&sources.read(ids::PAGE.as_ref())?);
    let written = test_names::Written::of(&known);
    let pages = decisions::pages(&tree.files);
    let places = paths::Places::of(&tree);
    for file in tree.files.iter().filter(|file| prose::is_text(file)) {
        let source = sources.read(file.as_ref())?;
        findings.extend(test_names::check(&source, &written));
        for line in prose::lines(&source) {
            findings.extend(ids::check(&line, &known));
            findings.extend(decisions::check(&line, &pages));
            findings.extend(paths::check(&line, &places));
        }
    }
    Ok(findings)
}
