//! The tables of the migrations: which of them belong to one account.

use std::collections::BTreeSet;

use super::Report;
use super::words::{self, Token};
use crate::finding::Finding;
use crate::sources::Source;

/// The tables by name.
#[derive(Debug, Default)]
pub struct Tables {
    tenant: BTreeSet<String>,
    others: BTreeSet<String>,
}

impl Tables {
    /// Whether the table's primary key starts with the account.
    pub fn is_tenant(&self, name: &str) -> bool {
        self.tenant.contains(name)
    }

    /// Whether a migration creates it.
    pub fn knows(&self, name: &str) -> bool {
        self.tenant.contains(name) || self.others.contains(name)
    }

    /// The tables of one migration. A table with an account must be a tenant table, or say why not.
    pub fn read(&mut self, migration: &Source, report: &mut Report) {
        for statement in words::read(&migration.text).split(|token| *token == Token::Mark(';')) {
            let plain = words::without_comments(statement.to_vec());
            let Some((name, columns)) = created(&plain) else { continue };
            let reason = words::reason(statement);
            if leads_with_account(columns) {
                self.tenant.insert(name.to_owned());
                continue;
            }
            self.others.insert(name.to_owned());
            match reason {
                Some(Ok(reason)) => report.spanning.push(format!("{}: table {name}: {reason}", migration.path)),
                Some(Err(message)) => {
                    report.findings.push(Finding::file(&migration.path, format!("{name}: {message}")))
                }
                None if definitions(columns).any(|words| words.first().is_some_and(|word| word.is("account_id"))) => {
                    let message = format!(
                        "table {name}: start its primary key with account_id, or give the reason in its \
                         statement: -- all accounts: <reason>"
                    );
                    report.findings.push(Finding::file(&migration.path, message));
                }
                None => {}
            }
        }
    }
}

/// The name and the columns of `CREATE TABLE [IF NOT EXISTS] name (…)`.
fn created(statement: &[Token]) -> Option<(&str, &[Token])> {
    let at = statement.windows(2).position(|pair| matches!(pair, [a, b] if a.is("CREATE") && b.is("TABLE")))?;
    let mut rest =
        statement.iter().skip(at + 2).skip_while(|token| ["IF", "NOT", "EXISTS"].iter().any(|word| token.is(word)));
    match (rest.next()?, rest.next()?) {
        (Token::Word(name), Token::Group(columns)) => Some((name, columns)),
        _ => None,
    }
}

fn definitions(columns: &[Token]) -> impl Iterator<Item = &[Token]> {
    columns.split(|token| *token == Token::Mark(','))
}

fn leads_with_account(columns: &[Token]) -> bool {
    definitions(columns).any(|definition| {
        let key = definition.windows(2).position(|pair| matches!(pair, [a, b] if a.is("PRIMARY") && b.is("KEY")));
        let Some(key) = key else { return false };
        match definition.get(key + 2) {
            Some(Token::Group(columns)) => columns.first().is_some_and(|first| first.is("account_id")),
            _ => definition.first().is_some_and(|first| first.is("account_id")),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(sql: &str) -> (Tables, Report) {
        let (mut tables, mut report) = (Tables::default(), Report::default());
        tables.read(&Source { path: "0001.sql".into(), text: sql.into() }, &mut report);
        (tables, report)
    }

    #[test]
    fn the_primary_key_tells_a_tenant_table() {
        let (tables, report) = read(
            "-- People.\nCREATE TABLE users (\n  account_id TEXT NOT NULL REFERENCES accounts (id),\n  id TEXT NOT NULL,\n
               state TEXT CHECK (state IN ('a', 'b')), PRIMARY KEY (account_id, id)\n);
             CREATE TABLE IF NOT EXISTS settings (account_id TEXT NOT NULL PRIMARY KEY, idle BIGINT NOT NULL) STRICT;
             CREATE TABLE accounts (id TEXT PRIMARY KEY, slug TEXT);
             CREATE INDEX users_by_name ON users (account_id, name);",
        );
        assert!(report.findings.is_empty(), "{:?}", report.findings);
        assert!(tables.is_tenant("users") && tables.is_tenant("settings") && !tables.is_tenant("accounts"));
        assert!(tables.knows("accounts") && !tables.knows("users_by_name"));
    }

    #[test]
    fn a_table_with_an_account_but_another_key_must_say_why() {
        let (tables, report) = read("CREATE TABLE sessions (id TEXT PRIMARY KEY, account_id TEXT);");
        assert!(!tables.is_tenant("sessions"));
        assert!(report.findings.first().unwrap().message.starts_with("table sessions: start its primary key"));
    }

    #[test]
    fn the_reason_stands_before_or_inside_of_the_table() {
        let (_, report) = read(
            "-- all accounts: found by its hash alone\nCREATE TABLE sessions (id TEXT PRIMARY KEY, account_id TEXT);
             CREATE TABLE outbox ( -- all accounts: one queue for everybody\n id TEXT PRIMARY KEY, account_id TEXT);",
        );
        assert!(report.findings.is_empty(), "{:?}", report.findings);
        assert_eq!(report.spanning.len(), 2);
    }
}
