//! Every crate takes part in the lint policy.

use std::path::Path;

use crate::finding::{Finding, Outcome};
use crate::sources::Sources;

/// Test code and benchmarks may panic: they have a policy of their own, written out in their manifest.
const OWN_POLICY: [&str; 2] = ["crates/testing", "bench"];

/// The manifests of all crates.
pub fn check(sources: &Sources) -> Outcome<Vec<Finding>> {
    let mut findings = Vec::new();
    let mut folders = sources.folders("crates")?;
    folders.extend(["xtask".to_owned(), "bench".to_owned()]);
    for folder in folders {
        let manifest = sources.read(&Path::new(&folder).join("Cargo.toml"))?;
        findings.extend(without_policy(&folder, &manifest.path, &manifest.text));
    }
    Ok(findings)
}

fn without_policy(folder: &str, path: &str, text: &str) -> Option<Finding> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let inherits = lines.windows(2).any(|pair| pair == ["[lints]", "workspace = true"]);
    let own = lines.contains(&"[lints.clippy]") && OWN_POLICY.contains(&folder);
    (!inherits && !own).then(|| Finding::file(path, "add [lints] workspace = true, the policy of the workspace"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_inherits_the_policy() {
        let with = "[package]\nname = \"a\"\n\n[lints]\nworkspace = true\n";
        assert_eq!(without_policy("crates/a", "crates/a/Cargo.toml", with), None);
        assert!(without_policy("crates/a", "crates/a/Cargo.toml", "[package]\n").is_some());
    }

    #[test]
    fn only_test_code_may_have_its_own_policy() {
        let own = "[lints.rust]\nunsafe_code = \"forbid\"\n[lints.clippy]\ntodo = \"deny\"\n";
        assert_eq!(without_policy("crates/testing", "crates/testing/Cargo.toml", own), None);
        assert!(without_policy("crates/web", "crates/web/Cargo.toml", own).is_some());
    }
}
