//! The folders of a crate, one for each capability, and which of them may know which.
//!
//! A capability that needs another one gets it here, in the same commit: the table is the picture of the crate. Everyone may know
//! the folder at the bottom ([`BOTTOM`]).

use std::collections::{BTreeMap, BTreeSet};

use super::graph::{Graph, Place};
use crate::finding::Finding;

/// What every folder of its crate may know.
const BOTTOM: [&str; 3] = ["core", "db", "http"];

/// A folder and whom it may know besides.
type Row = (&'static str, &'static [&'static str]);

/// The crates that have folders, from the bottom up.
const CRATES: [(&str, &[Row]); 4] = [("domain", DOMAIN), ("store", STORE), ("service", SERVICE), ("web", WEB)];

const DOMAIN: &[Row] = &[
    ("systems", &["access"]),
    ("users", &["access", "sign_in"]),
    ("accounts", &["credentials", "sign_in", "users"]),
    ("invitations", &["users"]),
];

const STORE: &[Row] = &[("users", &["accounts"])];

const SERVICE: &[Row] = &[
    ("sign_in", &["outbox"]),
    ("credentials", &["outbox", "sign_in"]),
    ("export_file", &["sign_in"]),
    ("activity", &["export_file"]),
    ("invitations", &["credentials", "outbox", "sign_in"]),
    ("me", &["credentials"]),
    ("delivery", &["invitations"]),
    ("link_requests", &["credentials", "invitations", "sign_in"]),
    ("users", &["check", "credentials", "export_file", "invitations", "outbox"]),
    ("installation", &["accounts", "activity", "credentials", "invitations", "link_requests", "sign_in"]),
    ("jobs", &["users"]),
    ("roles", &["users"]),
    ("bulk", &["invitations", "jobs", "outbox", "users"]),
    ("demo", &["accounts", "credentials", "installation", "invitations", "systems"]),
];

const WEB: &[Row] = &[
    ("rest::invitations", &["rest::sign_in", "rest::users"]),
    ("rest::bulk", &["rest::jobs", "rest::users"]),
    ("rest::credentials", &["rest::invitations", "rest::sign_in"]),
    ("rest::installation", &["rest::invitations", "rest::sign_in"]),
    ("rest::me", &["rest::roles", "rest::sign_in"]),
    ("rest::statistics", &["rest::users"]),
    ("rest", &["openapi"]),
    ("pages", &["rest"]),
    ("router", &["pages", "rest"]),
];

/// What is known between folders without being declared, and what is declared and not known.
pub fn check(name: &str, graph: &Graph) -> Vec<Finding> {
    let Some((_, rows)) = CRATES.iter().find(|(known, _)| *known == name) else { return Vec::new() };
    against(name, rows, graph)
}

fn against(name: &str, rows: &[Row], graph: &Graph) -> Vec<Finding> {
    let found = edges(graph);
    let allowed: BTreeSet<(&str, &str)> =
        rows.iter().flat_map(|(from, may_know)| may_know.iter().map(move |to| (*from, *to))).collect();
    let undeclared = found.iter().filter(|((from, to), _)| !allowed.contains(&(from, to)));
    let mut findings: Vec<Finding> = undeclared
        .map(|((from, to), place)| {
            let message = format!(
                "`{from}` of {name} must not know `{to}`: take it out, or, if the capability really stands on the other, declare it in \
                 xtask/src/modules/folders.rs"
            );
            Finding::line(&place.file, place.line, message)
        })
        .collect();
    let unused = allowed.iter().filter(|(from, to)| !found.contains_key(&((*from).to_owned(), (*to).to_owned())));
    findings.extend(unused.map(|(from, to)| {
        let message = format!("`{from}` of {name} does not know `{to}` any more: take it out of the table");
        Finding::file("xtask/src/modules/folders.rs", message)
    }));
    findings
}

/// Which folder knows which, other than the one at the bottom, and the first place where it does.
fn edges(graph: &Graph) -> BTreeMap<(String, String), &Place> {
    let mut edges = BTreeMap::new();
    for (module, known) in &graph.knows {
        for (other, place) in known {
            let (from, to) = (folder(module), folder(other));
            // A folder knows what is in it: `rest` has the routes of every capability below it.
            let is_within = from == to
                || to.starts_with(&format!("{from}::"))
                || BOTTOM.contains(&to.as_str()) && !BOTTOM.contains(&from.as_str());
            if !from.is_empty() && !is_within {
                edges.entry((from, to)).or_insert(place);
            }
        }
    }
    edges
}

/// The first part of a module's path; of the routes also the second, which is the capability.
fn folder(module: &str) -> String {
    let length = if module.starts_with("rest::") { 2 } else { 1 };
    module.split("::").take(length).collect::<Vec<_>>().join("::")
}

#[cfg(test)]
mod tests {
    use super::super::graph::tests::graph_of;
    use super::*;

    #[test]
    fn folders_know_the_bottom_and_what_is_declared_and_nothing_else() {
        let graph = graph_of(&[
            ("core/ids.rs", ""),
            ("users/mod.rs", "use crate::core::ids::Id; use crate::roles::Role;"),
            ("roles/mod.rs", "use crate::core::ids::Id;"),
        ]);
        assert_eq!(against("x", &[("users", &["roles"])], &graph), []);
        let said: Vec<String> =
            against("x", &[("roles", &["users"])], &graph).iter().map(ToString::to_string).collect();
        assert!(said[0].starts_with("src/users/mod.rs:1: `users` of x must not know `roles`"), "{said:?}");
        assert!(said[1].contains("`roles` of x does not know `users` any more"), "{said:?}");
    }

    #[test]
    fn the_bottom_knows_no_capability() {
        let graph = graph_of(&[("core/ids.rs", "use crate::users::User;"), ("users/mod.rs", "struct User;")]);
        assert_eq!(against("x", &[], &graph).len(), 1);
    }
}
