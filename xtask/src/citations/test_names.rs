//! Names of tests begin with the ids of what they show, in small letters: `u29_x1_many_are_disabled`.

use std::collections::BTreeSet;

use super::ids::{Known, is_id, unknown};
use crate::finding::Finding;
use crate::sources::Source;

/// The ids that names of tests can begin with.
#[derive(Debug)]
pub struct Written {
    /// Each id as such names write it.
    forms: BTreeSet<String>,
    /// Letters of ids with a hyphen and of others without one (R1). Names have no hyphen, so the former keep an underscore.
    shared: BTreeSet<String>,
}

impl Written {
    /// The forms of these ids.
    pub fn of(known: &Known) -> Self {
        let plain: BTreeSet<&str> = known.ids().filter(|id| !id.contains('-')).map(letters).collect();
        let hyphenated = known.ids().filter(|id| id.contains('-')).map(letters);
        let shared: BTreeSet<String> =
            hyphenated.filter(|letters| plain.contains(letters)).map(str::to_lowercase).collect();
        let form = |id: &str| {
            let id = id.to_lowercase();
            id.replace('-', if shared.contains(letters(&id)) { "_" } else { "" })
        };
        let forms = known.ids().map(form).collect();
        Self { forms, shared }
    }

    /// What stands where ids stand: three in `u29_x1_r_1_many_are_disabled`.
    fn leading(&self, name: &str) -> Vec<String> {
        let mut parts = name.split('_').peekable();
        let mut ids = Vec::new();
        while let Some(part) = parts.next() {
            let is_number = |next: &&str| self.shared.contains(part) && next.parse::<u16>().is_ok();
            match parts.next_if(is_number) {
                Some(number) => ids.push(format!("{part}_{number}")),
                None if is_id(&part.to_uppercase()) && parts.peek().is_some() => ids.push(part.to_owned()),
                None => break,
            }
        }
        ids
    }
}

fn letters(id: &str) -> &str {
    id.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('-')
}

/// Ids in names of tests that the page does not explain. Nothing but a test has a name that begins like an id.
pub fn check(source: &Source, written: &Written) -> Vec<Finding> {
    if !source.path.ends_with(".rs") {
        return Vec::new();
    }
    let names = source.text.lines().enumerate().filter_map(|(at, line)| {
        let declared = line.trim_start().trim_start_matches("pub ").trim_start_matches("async ").strip_prefix("fn ")?;
        Some((at + 1, declared.split(['(', '<']).next()?))
    });
    let cited = names.flat_map(|(line, name)| written.leading(name).into_iter().map(move |id| (line, id)));
    cited
        .filter(|(_, id)| !written.forms.contains(id))
        .map(|(line, id)| Finding::line(&source.path, line, unknown(&id)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::ids::{PAGE, known};
    use super::*;

    fn said(name: &str) -> Vec<String> {
        let page = "- **U-29** Disable.\n- **R-1** Roles.\n- **R1** Rank.\n- **X1** Sessions.";
        let (known, _) = known(&Source { path: PAGE.into(), text: page.into() });
        let source = Source { path: "a.rs".into(), text: format!("#[test]\nasync fn {name}() {{") };
        check(&source, &Written::of(&known)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_leading_id_is_looked_up() {
        assert_eq!(said("u29_x1_many_are_disabled"), [""; 0]);
        assert_eq!(said("ipv6_is_an_address_with_x9_in_it").len(), 1, "it begins like an id");
        let findings = said("u29_x9_many_are_disabled");
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert!(findings[0].starts_with("a.rs:2: docs/requirements.md has no x9"), "{findings:?}");
    }

    #[test]
    fn letters_with_and_without_a_hyphen_are_told_apart() {
        assert_eq!(said("r_1_each_role_says_who_holds_it"), [""; 0]);
        assert_eq!(said("r1_nobody_gives_more"), [""; 0]);
        assert_eq!(said("r_2_each_role").len(), 1);
        assert_eq!(said("r2_nobody_gives_more").len(), 1);
    }

    #[test]
    fn other_names_are_left_alone() {
        assert_eq!(said("r_and_d"), [""; 0]);
        assert_eq!(said("x9"), [""; 0]);
        assert_eq!(said("a_whole_ipv6_site"), [""; 0]);
    }
}
