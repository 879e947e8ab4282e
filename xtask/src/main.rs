//! What the project's own tools do: `cargo run -p xtask -- <command>`.

mod citations;
mod direction;
mod finding;
mod manifests;
mod migrations;
mod modules;
mod openapi;
mod sizes;
mod sources;
mod sql;
mod upkeep;
mod wording;

use std::process::ExitCode;

use finding::{Finding, Outcome};
use sources::Sources;

const USAGE: &str = "\
usage: cargo run -p xtask -- <command>

  lint      check the direction of crates and modules, manifests, file sizes, account-bound SQL,
            that no released migration was edited, and that what is cited is there
  openapi   write openapi.json; with --check, say whether it is fresh
  spanning  list the statements and tables that span accounts, with their reasons
  upkeep    list the transactions that are no change of an account, with their reasons
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["lint"] => lint(),
        ["openapi"] => openapi::write(&Sources::of_workspace()).map(|()| ExitCode::SUCCESS),
        ["openapi", "--check"] => check_openapi(),
        ["spanning"] => list(sql::check(&Sources::of_workspace()).map(|report| report.spanning)),
        ["upkeep"] => list(upkeep::list(&Sources::of_workspace())),
        _ => {
            eprint!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    outcome.unwrap_or_else(|broken| {
        eprintln!("xtask: {broken}");
        ExitCode::FAILURE
    })
}

fn lint() -> Outcome<ExitCode> {
    let sources = Sources::of_workspace();
    let mut findings: Vec<Finding> = Vec::new();
    let crates = direction::read(&sources)?;
    findings.extend(direction::check(&crates));
    findings.extend(manifests::check(&sources)?);
    findings.extend(migrations::check(&sources)?);
    findings.extend(modules::check(&sources)?);
    findings.extend(sizes::check(&sources)?);
    findings.extend(upkeep::check(&sources)?);
    findings.extend(citations::check(&sources)?);
    findings.extend(wording::check(&sources)?);
    let sql = sql::check(&sources)?;
    findings.extend(sql.findings);

    for finding in &findings {
        eprintln!("{finding}");
    }
    if findings.is_empty() {
        println!("xtask lint: {} crates, {} statements on tenant tables: fine", crates.len(), sql.statements);
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("xtask lint: {} findings", findings.len());
    Ok(ExitCode::FAILURE)
}

fn check_openapi() -> Outcome<ExitCode> {
    let Some(finding) = openapi::check(&Sources::of_workspace())? else { return Ok(ExitCode::SUCCESS) };
    eprintln!("{finding}");
    Ok(ExitCode::FAILURE)
}

fn list(lines: Outcome<Vec<String>>) -> Outcome<ExitCode> {
    for line in lines? {
        println!("{line}");
    }
    Ok(ExitCode::SUCCESS)
}
