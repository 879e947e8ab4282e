//! What is in the database, as text: "nothing was changed" is that it is the same before and after.

use std::collections::BTreeMap;

use crate::app::TestApp;

/// Every table with its rows as text, as far as an operation can change them. What only notes that somebody was there
/// (latest input, last sign-in, failed tries) is left out.
const TABLES: &[(&str, &str)] = &[
    (
        "accounts",
        "SELECT id || ' ' || slug || ' ' || name || ' ' || settings || ' ' || CAST(event_count AS TEXT) || event_head FROM accounts ORDER BY id",
    ),
    ("account_logos", "SELECT account_id || ' ' || kind || ' ' || tag FROM account_logos ORDER BY account_id"),
    (
        "identities",
        "SELECT id || ' ' || email || ' ' || COALESCE(name, '') || ' ' || locale FROM identities ORDER BY id",
    ),
    (
        "credentials",
        "SELECT identity_id || ' ' || kind || ' ' || secret FROM credentials ORDER BY identity_id, kind, id",
    ),
    (
        "users",
        "SELECT id || ' ' || status || ' ' || role_id || ' ' || COALESCE(name, '') || ' ' || login_method || ' ' || COALESCE(sso_id, '') || ' ' || CAST(version AS TEXT) FROM users ORDER BY id",
    ),
    (
        "user_counts",
        "SELECT account_id || ' ' || status || ' ' || role_id || ' ' || CAST(users AS TEXT) FROM user_counts WHERE users <> 0 ORDER BY account_id, status, role_id",
    ),
    ("systems", "SELECT id || ' ' || name || ' ' || CAST(version AS TEXT) FROM systems ORDER BY id"),
    (
        "system_grants",
        "SELECT user_id || ' ' || system_id || ' ' || source FROM system_grants ORDER BY user_id, system_id, source, source_id",
    ),
    ("group_members", "SELECT group_id || ' ' || user_id FROM group_members ORDER BY group_id, user_id, source"),
    ("roles", "SELECT id || ' ' || name || ' ' || levels FROM roles ORDER BY id"),
    ("invitations", "SELECT id || ' ' || state || ' ' || CAST(sent_count AS TEXT) FROM invitations ORDER BY id"),
    ("links", "SELECT id || ' ' || purpose || ' ' || COALESCE(CAST(ended_at AS TEXT), '') FROM links ORDER BY id"),
    ("sessions", "SELECT id FROM sessions ORDER BY id"),
    (
        "session_accounts",
        "SELECT session_id || ' ' || account_id || ' ' || lapse FROM session_accounts WHERE lapse IS NOT NULL ORDER BY session_id, account_id",
    ),
    ("api_keys", "SELECT id || ' ' || COALESCE(CAST(ended_at AS TEXT), '') FROM api_keys ORDER BY id"),
    ("events", "SELECT account_id || ' ' || CAST(seq AS TEXT) || ' ' || hash FROM events ORDER BY account_id, seq"),
    ("outbox", "SELECT id || ' ' || kind || ' ' || state FROM outbox ORDER BY id"),
    ("saved_views", "SELECT user_id || ' ' || id || ' ' || name || ' ' || query FROM saved_views ORDER BY id"),
    (
        "daily_figures",
        "SELECT account_id || ' ' || CAST(day AS TEXT) || ' ' || figure || ' ' || CAST(amount AS TEXT) FROM daily_figures ORDER BY account_id, day, figure",
    ),
    ("jobs", "SELECT id || ' ' || state FROM jobs ORDER BY id"),
];

/// What was in the database at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot(BTreeMap<&'static str, Vec<String>>);

impl Snapshot {
    /// What is in the database now.
    pub async fn of(app: &TestApp) -> Self {
        let mut tx = app.app.db.read().await.unwrap();
        let mut tables = BTreeMap::new();
        for (name, statement) in TABLES {
            tables.insert(*name, tx.sql(*statement).values().await.unwrap());
        }
        Self(tables)
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
