//! What is in the database, as text: "nothing was changed" is that it is the same before and after.

use std::collections::BTreeMap;

use crate::app::TestApp;
use crate::schema::{self, Column};

/// Tables that only note that someone was there or asked, and what nodes tell each other: a refused request may write there.
const NOTES: &[&str] =
    &["change_feed", "devices", "idempotency_keys", "leases", "link_requests", "failed_sign_ins", "throttles"];

/// Columns of the same kind: the latest input and the latest sign-in.
const NOTED: &[(&str, &str)] = &[
    ("api_keys", "last_used_at"),
    ("session_accounts", "active_at"),
    ("session_accounts", "entered_at"),
    ("session_accounts", "entered_ip"),
    ("sessions", "last_active_at"),
    ("users", "last_login_at"),
];

/// What was in the database at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot(BTreeMap<String, Vec<String>>);

impl Snapshot {
    /// What is in the database now.
    pub async fn of(app: &TestApp) -> Self {
        let mut tx = app.app.db.read().await.unwrap();
        let mut found = BTreeMap::new();
        for (table, columns) in schema::tables(&mut tx).await {
            if NOTES.contains(&table.as_str()) {
                continue;
            }
            let is_kept = |column: &&Column| !NOTED.contains(&(table.as_str(), column.name.as_str()));
            let columns: Vec<&Column> = columns.iter().filter(is_kept).collect();
            found.insert(table.clone(), schema::rows(&mut tx, &table, &columns).await);
        }
        Self(found)
    }

    /// The rows that are in only one of the two, with `-` and `+` in front.
    pub fn difference(&self, after: &Self) -> Vec<String> {
        let mut found = Vec::new();
        for (table, rows) in &self.0 {
            let others = &after.0[table];
            found.extend(rows.iter().filter(|row| !others.contains(row)).map(|row| format!("- {table}: {row}")));
            found.extend(others.iter().filter(|row| !rows.contains(row)).map(|row| format!("+ {table}: {row}")));
        }
        found
    }

    /// Panics with the difference when there is one.
    pub fn assert_same(&self, after: &Self, what: &str) {
        if self != after {
            panic!("{what}: this changed:\n{}", self.difference(after).join("\n"));
        }
    }

    /// The same without links: making a request with a link in it adds one.
    #[must_use]
    pub fn without_links(mut self) -> Self {
        self.0.remove("links");
        self
    }

    /// How many entries the activity logs of all accounts have.
    pub fn events(&self) -> usize {
        self.0["events"].len()
    }

    /// How many entries the activity log of one account has.
    pub fn events_of(&self, account: &str) -> usize {
        self.0["events"].iter().filter(|row| row.starts_with(account)).count()
    }
}
