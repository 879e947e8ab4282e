//! Statements as the store writes them, and as it must not.

use super::*;
use crate::sources::Source;
use crate::sql::Report;

fn tables() -> Tables {
    let mut tables = Tables::default();
    let text = "CREATE TABLE accounts (id TEXT PRIMARY KEY);
        CREATE TABLE identities (id TEXT PRIMARY KEY);
        CREATE TABLE users (account_id TEXT, id TEXT, PRIMARY KEY (account_id, id));
        CREATE TABLE roles (account_id TEXT, id TEXT, PRIMARY KEY (account_id, id));
        CREATE TABLE user_systems (account_id TEXT, user_id TEXT, PRIMARY KEY (account_id, user_id));";
    tables.read(&Source { path: "0001.sql".into(), text: text.into() }, &mut Report::default());
    tables
}

#[track_caller]
fn bound(sql: &str) {
    assert_eq!(judge(sql, &tables()), Binding::Bound, "{sql}");
}

#[track_caller]
fn wrong(sql: &str) {
    let binding = judge(sql, &tables());
    assert!(matches!(binding, Binding::Wrong(_)), "{sql}: {binding:?}");
}

#[track_caller]
fn not_ours(sql: &str) {
    assert_eq!(judge(sql, &tables()), Binding::NotOurs, "{sql}");
}

#[test]
fn reads_and_writes_of_one_table() {
    bound("SELECT * FROM users WHERE account_id = $1 AND id = $2");
    bound("SELECT * FROM users u WHERE u.account_id = $1");
    bound("SELECT * FROM users AS u WHERE $1 = u.account_id ORDER BY u.id LIMIT 50");
    bound("UPDATE users SET state = $3 WHERE account_id = $1 AND id = $2 AND state = 'pending'");
    bound("DELETE FROM users WHERE account_id = $1 RETURNING id");
    bound("SELECT {columns} FROM users WHERE account_id = $1 {filter} ORDER BY {sort}");
    bound("SELECT 1 FROM users WHERE account_id = $1 AND (a = $2 OR b = $2)");
    bound("SELECT 1 FROM users WHERE (account_id = $1 AND a = $2) AND b = $3");
    bound("SELECT 1 FROM users WHERE account_id = $1 AND role IS DISTINCT FROM $2 FOR UPDATE");
}

#[test]
fn the_account_is_missing_or_not_first() {
    wrong("SELECT * FROM users");
    wrong("SELECT * FROM users WHERE id = $1");
    wrong("SELECT * FROM users WHERE id = $2 AND account_id = $1");
    wrong("SELECT * FROM users WHERE account_id = $2");
    wrong("SELECT * FROM users WHERE account_id = $10");
    wrong("SELECT * FROM users WHERE account_id <> $1");
    wrong("SELECT * FROM users WHERE account_id = $1 || id");
    wrong("SELECT * FROM users WHERE NOT account_id = $1");
    wrong("UPDATE users SET state = $2 WHERE id = $1");
    wrong("DELETE FROM users");
    wrong("TRUNCATE TABLE users");
    wrong("COPY users (account_id, id) FROM STDIN");
}

#[test]
fn an_or_undoes_the_account() {
    wrong("SELECT * FROM users WHERE account_id = $1 OR id = $2");
    wrong("SELECT * FROM users WHERE account_id = $1 AND a = $2 OR b = $3");
    wrong("SELECT * FROM users WHERE (account_id = $1 OR a = $2) AND b = $3");
    wrong("SELECT * FROM users WHERE (account_id = $1) OR b = $3");
}

#[test]
fn every_joined_table_is_tied_to_the_account() {
    bound(
        "SELECT * FROM users u JOIN roles r ON r.account_id = u.account_id AND r.id = u.role_id WHERE u.account_id = $1",
    );
    bound("SELECT * FROM users u LEFT JOIN roles r ON r.account_id = $1 AND r.id = u.role_id WHERE u.account_id = $1");
    bound("SELECT * FROM users u JOIN roles r USING (account_id, role_id) WHERE u.account_id = $1");
    bound("SELECT * FROM users u JOIN identities i ON i.id = u.identity_id WHERE u.account_id = $1");
    bound("SELECT * FROM identities i JOIN users u ON u.account_id = $1 AND u.identity_id = i.id");
    bound("SELECT * FROM json_each($2) AS j JOIN users u ON u.account_id = $1 AND u.id = j.value");
    wrong("SELECT * FROM users u JOIN roles r ON r.id = u.role_id WHERE u.account_id = $1");
    wrong("SELECT * FROM users u JOIN roles r ON r.account_id = u.account_id AND r.id = u.role_id");
    wrong("SELECT * FROM users u, roles r WHERE u.account_id = $1 AND r.id = u.role_id");
    wrong("SELECT * FROM identities i JOIN users u ON u.identity_id = i.id WHERE i.id = $1");
    wrong("SELECT * FROM users u JOIN roles r ON r.account_id = u.account_id OR r.shared WHERE u.account_id = $1");
}

#[test]
fn queries_inside_of_queries() {
    bound(
        "SELECT u.*, (SELECT COUNT(*) FROM user_systems s WHERE s.account_id = u.account_id AND s.user_id = u.id)
         FROM users u WHERE u.account_id = $1",
    );
    bound(
        "SELECT * FROM users WHERE account_id = $1 AND id IN (SELECT user_id FROM user_systems WHERE account_id = $1)",
    );
    bound(
        "WITH s AS (SELECT * FROM users WHERE account_id = $1) SELECT * FROM s JOIN roles r ON r.account_id = s.account_id",
    );
    bound("SELECT id FROM users WHERE account_id = $1 UNION ALL SELECT id FROM roles WHERE account_id = $1");
    bound("SELECT COUNT(*) FROM (SELECT 1 FROM users WHERE account_id = $1 LIMIT 10001) AS few");
    wrong("SELECT * FROM users WHERE account_id = $1 AND id IN (SELECT user_id FROM user_systems)");
    wrong("WITH s AS (SELECT * FROM users) SELECT * FROM s");
    wrong("SELECT id FROM users WHERE account_id = $1 UNION SELECT id FROM roles");
    wrong(
        "SELECT 1 FROM users u WHERE u.account_id = $1 AND EXISTS (SELECT 1 FROM roles r WHERE r.account_id = x.account_id)",
    );
    wrong("SELECT 1 FROM accounts a WHERE a.id = $1; DELETE FROM users");
}

#[test]
fn changes_that_read_other_tables() {
    bound(
        "UPDATE users SET n = (SELECT COUNT(*) FROM roles WHERE roles.account_id = users.account_id) WHERE account_id = $1",
    );
    bound(
        "WITH p AS (SELECT account_id, id FROM users WHERE account_id = $1) UPDATE users SET a = $2 FROM p WHERE users.account_id = p.account_id",
    );
    bound("DELETE FROM users WHERE account_id = $1 AND id = $2; DELETE FROM roles WHERE account_id = $1");
    wrong("UPDATE users SET a = r.a FROM roles r WHERE users.account_id = $1 AND r.id = users.role_id");
}

#[test]
fn inserts_begin_with_the_account() {
    bound("INSERT INTO users (account_id, id) VALUES ($1, $2)");
    bound(
        "INSERT INTO users (account_id, id) VALUES ($1, $2), ($1, $3) ON CONFLICT (account_id, id) DO UPDATE SET a = excluded.a WHERE users.a < $4",
    );
    bound("INSERT INTO users (account_id, id) SELECT $1, value FROM json_each($2) WHERE true ON CONFLICT DO NOTHING");
    bound("INSERT INTO users (account_id, id) SELECT account_id, id FROM roles WHERE account_id = $1");
    bound("INSERT INTO users (account_id, id) VALUES {rows}");
    bound("INSERT OR IGNORE INTO users (account_id, id) ");
    wrong("INSERT INTO users VALUES ($1, $2)");
    wrong("INSERT INTO users (id, account_id) VALUES ($1, $2)");
    wrong("INSERT INTO users (account_id, id) VALUES ($2, $1)");
    wrong("INSERT INTO users (account_id, id) VALUES ($1, $2), ($3, $4)");
    wrong("INSERT INTO users (account_id, id) SELECT $1, id FROM roles");
    wrong("INSERT INTO users (account_id, id) SELECT $2, $1");
}

#[test]
fn parts_of_statements_and_unknown_tables() {
    bound(" JOIN roles r ON r.account_id = $1 AND r.id = u.role_id");
    bound("SELECT 1 FROM {table} WHERE account_id = $1");
    bound(" JOIN roles r ON r.account_id = u.account_id AND r.id = u.role_id");
    bound(" AND EXISTS (SELECT 1 FROM user_systems s WHERE s.account_id = u.account_id AND s.user_id = u.id)");
    wrong(" AND EXISTS (SELECT 1 FROM user_systems s WHERE s.user_id = u.id)");
    wrong(" JOIN roles r ON r.id = u.role_id");
    wrong("SELECT 1 FROM {table} WHERE id = $1");
    wrong("select * from users where account_id = $1");
}

#[test]
fn other_texts_are_left_alone() {
    not_ours("SELECT * FROM accounts WHERE id = $1");
    not_ours("UPDATE accounts SET version = version + 1 WHERE id = $1");
    not_ours("users");
    not_ours("delete the users from the list");
    not_ours("the row is gone from users");
    not_ours("CREATE INDEX a ON users (account_id)");
    not_ours("");
}

#[test]
fn a_reason_makes_it_span_accounts() {
    let spans = |sql: &str| judge(sql, &tables());
    let reason = Binding::Spans("deleted for 30 days, any account".into());
    assert_eq!(spans("-- all accounts: deleted for 30 days, any account\nDELETE FROM users WHERE until < $1"), reason);
    assert_eq!(
        spans("DELETE FROM users /* all accounts: deleted for 30 days, any account */ WHERE until < $1"),
        reason
    );
    wrong("-- all accounts:\nDELETE FROM users");
    wrong("-- all accounts: deleted for 30 days DELETE FROM users");
}
