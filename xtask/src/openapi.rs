//! `openapi.json`: the description of the API as the handlers have it, checked in so that clients are made from it.

use std::process::Command;

use crate::finding::{Finding, Outcome};
use crate::sources::Sources;

const FILE: &str = "openapi.json";

/// Writes it.
pub fn write(sources: &Sources) -> Outcome<()> {
    std::fs::write(sources.root.join(FILE), text()?)?;
    println!("xtask openapi: wrote {FILE}");
    Ok(())
}

/// Whether the file says what the handlers say.
pub fn check(sources: &Sources) -> Outcome<Option<Finding>> {
    let current = std::fs::read_to_string(sources.root.join(FILE)).unwrap_or_default();
    let stale = current != text()?;
    Ok(stale.then(|| {
        Finding::file(
            FILE,
            "is not what the handlers say: run `cargo run -p xtask -- openapi` and look at the difference",
        )
    }))
}

/// From the program itself, so that this tool need not be built with it.
fn text() -> Outcome<String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output =
        Command::new(cargo).args(["run", "--locked", "--quiet", "-p", "portcullis", "--", "openapi"]).output()?;
    if !output.status.success() {
        return Err(format!("portcullis openapi: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    // The program writes the extensions of an operation in any order; here every object is in the order of its keys.
    let mut document: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    document.sort_all_objects();
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}
