//! A migration that was released is never edited: `crates/store/migrations/checksums.txt` says how each of them reads.

use std::fmt::Write as _;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::finding::{Finding, Outcome};
use crate::sources::{Source, Sources};

const FOLDER: &str = "crates/store/migrations";
const CHECKSUMS: &str = "crates/store/migrations/checksums.txt";

/// Migrations that were edited or have no checksum yet, and checksums of what is gone.
pub fn check(sources: &Sources) -> Outcome<Vec<Finding>> {
    let migrations = sources.below(FOLDER, "sql")?;
    let checksums = sources.read(Path::new(CHECKSUMS))?;
    Ok(compare(&migrations, &checksums.text))
}

/// `checksums` is what `sha256sum *.sql` prints.
fn compare(migrations: &[Source], checksums: &str) -> Vec<Finding> {
    let known: Vec<(&str, &str)> = checksums.lines().filter_map(|line| line.split_once("  ")).collect();
    let mut findings = Vec::new();
    for migration in migrations {
        let name = name_of(&migration.path);
        let checksum = checksum(&migration.text);
        match known.iter().find(|(_, of)| *of == name) {
            Some((kept, _)) if *kept == checksum => {}
            Some(_) => findings.push(Finding::file(
                &migration.path,
                "was edited: databases have run it as it was, so undo that and write the change as a migration of its own",
            )),
            None => findings.push(Finding::file(
                CHECKSUMS,
                format!("has no line for a migration; add this one, and never edit the migration again:\n{checksum}  {name}"),
            )),
        }
    }
    let is_gone = |name: &str| !migrations.iter().any(|migration| name_of(&migration.path) == name);
    let gone = known.iter().filter(|(_, name)| is_gone(name));
    findings.extend(gone.map(|(_, name)| {
        Finding::file(
            CHECKSUMS,
            format!("names {name}, which is not there: a migration stays, whatever comes after it"),
        )
    }));
    findings
}

fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn checksum(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().fold(String::new(), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn migration(text: &str) -> Source {
        Source { path: format!("{FOLDER}/0001_first.sql"), text: text.to_owned() }
    }

    fn messages(migrations: &[Source], checksums: &str) -> Vec<String> {
        compare(migrations, checksums).into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn a_checksum_is_what_sha256sum_prints() {
        assert_eq!(checksum("a\n"), "87428fc522803d31065e7bce3cf03fe475096631e5e07bbd7a0fde60c4cf25c7");
    }

    #[test]
    fn an_edit_a_missing_line_and_a_migration_that_is_gone_are_found() {
        let line = format!("{}  0001_first.sql\n", checksum("CREATE TABLE a (id TEXT);\n"));
        let right = [migration("CREATE TABLE a (id TEXT);\n")];
        assert_eq!(messages(&right, &line), Vec::<String>::new());

        let edited = messages(&[migration("CREATE TABLE a (id TEXT PRIMARY KEY);\n")], &line);
        assert!(matches!(edited.as_slice(), [message] if message.starts_with("was edited")), "{edited:?}");
        let new = messages(&right, "");
        assert!(matches!(new.as_slice(), [message] if message.ends_with(line.trim_end())), "{new:?}");
        let gone = messages(&[], &line);
        assert!(matches!(gone.as_slice(), [message] if message.contains("0001_first.sql")), "{gone:?}");
    }
}
