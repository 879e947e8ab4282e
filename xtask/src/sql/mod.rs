//! Every statement on a tenant table is bound to one account: `account_id = $1` is its first predicate.
//!
//! The tenant tables are read from the migrations, the statements from the string literals of the store. What
//! legitimately spans accounts says so itself, in a comment of the statement or of the table:
//! `-- all accounts: <reason>` or `/* all accounts: <reason> */`. `cargo run -p xtask -- spanning` lists them.

pub mod literals;
mod statement;
mod tables;
mod words;

use crate::finding::{Finding, Outcome};
use crate::sources::{Source, Sources};
use statement::Binding;
use tables::Tables;

/// What the check found out.
#[derive(Debug, Default)]
pub struct Report {
    /// What has to change.
    pub findings: Vec<Finding>,
    /// How many statements on tenant tables there are.
    pub statements: usize,
    /// The places that span accounts, with their reasons.
    pub spanning: Vec<String>,
}

/// The migrations and the sources of the store.
pub fn check(sources: &Sources) -> Outcome<Report> {
    let migrations = sources.below("crates/store/migrations", "sql")?;
    let store = sources.below("crates/store/src", "rs")?;
    Ok(check_texts(&migrations, &store))
}

fn check_texts(migrations: &[Source], store: &[Source]) -> Report {
    let mut report = Report::default();
    let mut tables = Tables::default();
    for migration in migrations {
        tables.read(migration, &mut report);
    }
    for source in store.iter().filter(|source| !source.path.ends_with("tests.rs")) {
        match literals::of(&source.text) {
            Ok(literals) => literals.iter().for_each(|literal| judge(source, literal, &tables, &mut report)),
            Err(broken) => report.findings.push(Finding::file(&source.path, format!("is not Rust: {broken}"))),
        }
    }
    report
}

fn judge(source: &Source, literal: &literals::Literal, tables: &Tables, report: &mut Report) {
    match statement::judge(&literal.text, tables) {
        Binding::NotOurs => {}
        Binding::Bound if literal.account_first == Some(false) => {
            let message = "$1 must be the account: bind it first";
            report.findings.push(Finding::line(&source.path, literal.line, message));
        }
        Binding::Bound => report.statements += 1,
        Binding::Spans(reason) => {
            report.statements += 1;
            report.spanning.push(format!("{}:{}: {reason}", source.path, literal.line));
        }
        Binding::Wrong(messages) => {
            let findings = messages.into_iter().map(|message| Finding::line(&source.path, literal.line, message));
            report.findings.extend(findings);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(path: &str, text: &str) -> Source {
        Source { path: path.to_owned(), text: text.to_owned() }
    }

    const USERS: &str =
        "CREATE TABLE users (account_id TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (account_id, id));";

    #[test]
    fn an_empty_tree_is_fine() {
        let report = check_texts(&[], &[source("crates/store/src/lib.rs", "")]);
        assert!(report.findings.is_empty());
        assert_eq!(report.statements, 0);
    }

    #[test]
    fn a_statement_without_its_account_is_found_with_its_line() {
        let rust = "fn f() {\n    sql(\"SELECT * FROM users WHERE id = $1\");\n}\n";
        let report = check_texts(&[source("m.sql", USERS)], &[source("crates/store/src/users/mod.rs", rust)]);
        let said: Vec<String> = report.findings.iter().map(Finding::to_string).collect();
        assert_eq!(said, ["crates/store/src/users/mod.rs:2: users: its first predicate must be account_id = $1"]);
    }

    #[test]
    fn the_first_value_is_the_account() {
        let rust = |value| format!("fn f() {{ tx.sql(\"DELETE FROM users WHERE account_id = $1\").bind({value}); }}");
        let found = |value| check_texts(&[source("m.sql", USERS)], &[source("users.rs", &rust(value))]).findings.len();
        assert_eq!((found("&self.account"), found("&id")), (0, 1));
    }

    #[test]
    fn what_spans_accounts_is_listed_with_its_reason() {
        let rust =
            "const PURGE: &str = \"/* all accounts: the retention job of the installation */ DELETE FROM users\";";
        let report = check_texts(&[source("m.sql", USERS)], &[source("users.rs", rust)]);
        assert!(report.findings.is_empty(), "{:?}", report.findings);
        assert_eq!(report.spanning, ["users.rs:1: the retention job of the installation"]);
    }

    #[test]
    fn a_source_that_does_not_parse_is_a_finding() {
        let report = check_texts(&[], &[source("users.rs", "fn f( {")]);
        assert!(report.findings.first().unwrap().message.starts_with("is not Rust"));
    }
}
