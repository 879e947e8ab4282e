//! Dependencies between our crates point one way, and some libraries belong to one crate.

use std::process::Command;

use serde_json::Value;

use crate::finding::{Finding, Outcome};
use crate::sources::Sources;

/// Which of ours each crate may know, directly. A new crate gets a row.
const MAY_KNOW: [(&str, &[&str]); 14] = [
    ("domain", &[]),
    ("scim", &[]),
    ("saml", &[]),
    ("oidc", &[]),
    ("mail", &[]),
    ("store", &["domain"]),
    ("service", &["store", "domain", "scim", "saml", "oidc", "mail"]),
    ("web", &["service", "domain", "scim", "saml", "oidc", "mail"]),
    ("worker", &["service", "store", "domain", "scim", "saml", "oidc", "mail"]),
    ("server", &["web", "worker", "service", "store", "domain", "scim", "saml", "oidc", "mail"]),
    ("testing-macros", &[]),
    (
        "testing",
        &["testing-macros", "server", "web", "worker", "service", "store", "domain", "scim", "saml", "oidc", "mail"],
    ),
    ("bench", &["testing", "server", "web", "worker", "service", "store", "domain", "scim", "saml", "oidc", "mail"]),
    ("xtask", &["web"]),
];

/// Libraries that belong to one crate, by name or by the start of it.
const BELONGS_TO: [(&str, &str); 2] = [("sqlx", "store"), ("axum", "web")];

/// Test code may look at anything.
const LOOKS_EVERYWHERE: [&str; 2] = ["testing", "bench"];

/// One crate of the workspace.
#[derive(Debug)]
pub struct Member {
    name: String,
    manifest: String,
    ours: Vec<String>,
    others: Vec<String>,
}

/// The crates of the workspace, as cargo sees them.
pub fn read(sources: &Sources) -> Outcome<Vec<Member>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .current_dir(&sources.root)
        .output()?;
    if !output.status.success() {
        return Err(format!("cargo metadata: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    members(&serde_json::from_slice(&output.stdout)?)
}

fn members(metadata: &Value) -> Outcome<Vec<Member>> {
    let packages = metadata.get("packages").and_then(Value::as_array).ok_or("cargo metadata names no packages")?;
    packages
        .iter()
        .map(|package| member(package).ok_or_else(|| "cargo metadata: a package is cut short".into()))
        .collect()
}

fn member(package: &Value) -> Option<Member> {
    let manifest = package.get("manifest_path")?.as_str()?.replace('\\', "/");
    let folder = manifest.strip_suffix("/Cargo.toml")?;
    let mut member =
        Member { name: last_part(folder), manifest: tail_of(folder), ours: Vec::new(), others: Vec::new() };
    for dependency in package.get("dependencies")?.as_array()? {
        match dependency.get("path").and_then(Value::as_str) {
            Some(path) => member.ours.push(last_part(&path.replace('\\', "/"))),
            None => member.others.push(dependency.get("name")?.as_str()?.to_owned()),
        }
    }
    Some(member)
}

/// The folder's own name, which is the name we know a crate by.
fn last_part(folder: &str) -> String {
    folder.rsplit('/').next().unwrap_or(folder).to_owned()
}

fn tail_of(folder: &str) -> String {
    let name = last_part(folder);
    let within = if folder.ends_with(&format!("/crates/{name}")) { "crates/" } else { "" };
    format!("{within}{name}/Cargo.toml")
}

/// What points the wrong way.
pub fn check(members: &[Member]) -> Vec<Finding> {
    members.iter().flat_map(|member| wrong_ways(member).into_iter().chain(foreign_property(member))).collect()
}

fn wrong_ways(member: &Member) -> Vec<Finding> {
    let Some((_, may_know)) = MAY_KNOW.iter().find(|(name, _)| *name == member.name) else {
        return vec![Finding::file(
            &member.manifest,
            "a new crate needs a row in xtask/src/direction.rs: whom may it know?",
        )];
    };
    let wrong = member.ours.iter().filter(|other| **other != member.name && !may_know.contains(&other.as_str()));
    wrong
        .map(|other| {
            Finding::file(&member.manifest, format!("{} must not know {other} (ARCHITECTURE.md)", member.name))
        })
        .collect()
}

fn foreign_property(member: &Member) -> Vec<Finding> {
    if LOOKS_EVERYWHERE.contains(&member.name.as_str()) {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for library in &member.others {
        let owner = BELONGS_TO.iter().find(|(start, _)| {
            library.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
        });
        if let Some((_, owner)) = owner.filter(|(_, owner)| *owner != member.name) {
            findings.push(Finding::file(&member.manifest, format!("only {owner} uses {library}")));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn crate_with(name: &str, ours: &[&str], others: &[&str]) -> Member {
        let strings = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Member {
            name: name.into(),
            manifest: format!("crates/{name}/Cargo.toml"),
            ours: strings(ours),
            others: strings(others),
        }
    }

    fn said(member: Member) -> Vec<String> {
        check(&[member]).iter().map(Finding::to_string).collect()
    }

    #[test]
    fn downwards_is_fine() {
        assert!(said(crate_with("service", &["store", "domain", "mail"], &["tokio"])).is_empty());
        assert!(said(crate_with("store", &["domain"], &["sqlx"])).is_empty());
        assert!(said(crate_with("web", &["service"], &["axum", "axum-extra"])).is_empty());
    }

    #[test]
    fn upwards_is_not() {
        assert_eq!(
            said(crate_with("domain", &["store"], &[])),
            ["crates/domain/Cargo.toml: domain must not know store (ARCHITECTURE.md)"]
        );
        assert_eq!(said(crate_with("mail", &["domain"], &[])).len(), 1);
        assert_eq!(said(crate_with("web", &["store"], &[])).len(), 1);
    }

    #[test]
    fn sqlx_and_axum_have_one_owner() {
        assert_eq!(said(crate_with("service", &[], &["sqlx"])), ["crates/service/Cargo.toml: only store uses sqlx"]);
        assert_eq!(said(crate_with("server", &[], &["axum-server", "sqlx-core"])).len(), 2);
        assert!(said(crate_with("testing", &["server"], &["axum", "sqlx"])).is_empty());
        assert!(said(crate_with("service", &[], &["axumatic"])).is_empty());
    }

    #[test]
    fn a_crate_without_a_row_is_asked_for_one() {
        assert!(said(crate_with("helpers", &[], &[])).concat().contains("needs a row"));
    }

    #[test]
    fn cargo_metadata_is_understood() {
        let metadata = json!({ "packages": [{
            "name": "store",
            "manifest_path": "/home/me/portcullis/crates/store/Cargo.toml",
            "dependencies": [
                { "name": "domain", "path": "/home/me/portcullis/crates/domain" },
                { "name": "sqlx", "source": "registry" },
            ],
        }] });
        let members = members(&metadata).unwrap();
        let store = members.first().unwrap();
        assert_eq!((store.name.as_str(), store.manifest.as_str()), ("store", "crates/store/Cargo.toml"));
        assert_eq!(
            (store.ours.as_slice(), store.others.as_slice()),
            (&["domain".to_owned()][..], &["sqlx".to_owned()][..])
        );
    }
}
