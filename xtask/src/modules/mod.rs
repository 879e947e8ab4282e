//! Which module knows which: no circle among the modules of a crate, and between its folders only what `folders.rs` declares.

mod circles;
mod folders;
mod graph;
mod paths;

use crate::finding::{Finding, Outcome};
use crate::sources::Sources;

/// Every crate of the product. Tests and measurements may look at anything.
pub fn check(sources: &Sources) -> Outcome<Vec<Finding>> {
    let mut findings = Vec::new();
    for folder in sources.folders("crates")? {
        let name = folder.rsplit('/').next().unwrap_or_default();
        if name == "testing" {
            continue;
        }
        let graph = graph::read(sources.below(&format!("{folder}/src"), "rs")?, &format!("{folder}/src"))?;
        findings.extend(circles::check(&graph));
        findings.extend(folders::check(name, &graph));
    }
    Ok(findings)
}
