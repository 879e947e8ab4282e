//! A file or folder that a comment or a page names is there.

use std::collections::BTreeSet;

use super::prose::Line;
use crate::finding::Finding;
use crate::sources::Tree;

/// Endings of files that are written by hand, so that a name with one of them is a file of ours.
const ENDINGS: [&str; 6] = [".rs", ".md", ".ts", ".tsx", ".sh", ".py"];

/// Everything that can be named.
#[derive(Debug)]
pub struct Places {
    /// Files and folders, relative to the workspace.
    all: BTreeSet<String>,
    /// Names with which a path of the repository begins: what lies at the top, and the crates.
    beginnings: BTreeSet<String>,
    /// Folders that are made and not kept.
    made: Vec<String>,
}

impl Places {
    /// The places of a tree.
    pub fn of(tree: &Tree) -> Self {
        let all: BTreeSet<String> = tree.files.iter().chain(&tree.folders).cloned().collect();
        let top = |folder: &&String| !folder.trim_start_matches("crates/").contains('/');
        let beginnings = tree.folders.iter().filter(top).map(|folder| last(folder).to_owned()).collect();
        Self { all, beginnings, made: tree.made.clone() }
    }

    /// Whether a place ends in these names: `core/ids.rs` is the file in `domain/src`.
    fn has(&self, named: &str) -> bool {
        let ends =
            |place: &String| place.strip_suffix(named).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'));
        self.all.iter().any(ends)
    }

    fn is_made(&self, named: &str) -> bool {
        self.made
            .iter()
            .any(|made| named.strip_prefix(made).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
    }

    /// Whether a word of prose is meant as a place of the repository.
    fn means(&self, word: &str) -> bool {
        let first = word.split('/').next().unwrap_or_default();
        let stem = ENDINGS.iter().find_map(|ending| last(word).strip_suffix(ending));
        let is_below = word.contains('/') && self.beginnings.contains(first);
        is_below || stem.is_some_and(|stem| !stem.is_empty())
    }
}

fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// What a line names and is not there.
pub fn check(line: &Line<'_>, places: &Places) -> Vec<Finding> {
    let named = words(line.text).filter(|word| places.means(word) && !places.has(word) && !places.is_made(word));
    // A link's target is a word, too.
    let lost: BTreeSet<String> = named.map(str::to_owned).chain(broken_links(line, places)).collect();
    lost.into_iter()
        .map(|word| {
            Finding::line(
                line.file,
                line.number,
                format!("{word} is not there: name the file or folder that it is now"),
            )
        })
        .collect()
}

/// Runs of characters that a path has, up to the first placeholder: of `pages/<capability>/` it is `pages`.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let is_end = |c: char| !(c.is_ascii_alphanumeric() || "_-./<>*{}…$".contains(c));
    text.split(is_end).map(concrete)
}

fn concrete(word: &str) -> &str {
    let word = word.trim_start_matches("../").trim_start_matches("./").trim_end_matches(['.', '…', '/']);
    match word.split_once(['<', '*', '{', '…', '$', '>', '}']) {
        Some((before, _)) => before.rsplit_once('/').map_or("", |(folder, _)| folder),
        None => word,
    }
}

/// Links of a page to a file that is not there, seen from the page.
fn broken_links(line: &Line<'_>, places: &Places) -> Vec<String> {
    let mut broken = Vec::new();
    if !line.file.ends_with(".md") {
        return broken;
    }
    for after in line.text.split("](").skip(1) {
        let target = after.split([')', '#', ' ']).next().unwrap_or_default();
        if target.is_empty() || target.contains(':') {
            continue;
        }
        if !places.all.contains(&from(line.file, target)) {
            broken.push(target.to_owned());
        }
    }
    broken
}

/// A target relative to the page that links to it.
fn from(page: &str, target: &str) -> String {
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            ".." => drop(parts.pop()),
            "." | "" => {}
            name => parts.push(name),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places() -> Places {
        let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Places::of(&Tree {
            files: set(&["crates/store/src/users/list.rs", "docs/a.md", "README.md"]),
            folders: set(&["crates", "crates/store", "crates/store/src", "crates/store/src/users", "docs"]),
            made: vec!["docs/pictures".to_owned()],
        })
    }

    fn said(file: &str, text: &str) -> Vec<String> {
        check(&Line { file, number: 2, text }, &places()).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_place_is_found_by_the_end_of_its_path() {
        assert_eq!(said("a.rs", "See `store/src/users/list.rs`, list.rs, `crates/store`, docs/a.md."), [""; 0]);
    }

    #[test]
    fn a_place_that_is_not_there_is_told() {
        assert_eq!(
            said("a.rs", "See `store/src/users.rs`."),
            ["a.rs:2: store/src/users.rs is not there: name the file or folder that it is now"]
        );
        assert_eq!(said("a.rs", "crates/web, gone.rs, docs/b/c.").len(), 3);
    }

    #[test]
    fn what_is_no_place_of_ours_is_not_looked_for() {
        assert_eq!(
            said("a.rs", "either/or, /api/docs, a.example/x, docs/pictures/a.png, e.g. this.is, `.rs`"),
            [""; 0]
        );
    }

    #[test]
    fn placeholders_stand_for_anything_in_a_folder_that_is_there() {
        assert_eq!(said("a.rs", "`store/src/<capability>/`, docs/*.md, docs/{a,b}"), [""; 0]);
        assert_eq!(said("a.rs", "`store/lib/<capability>/`").len(), 1);
    }

    #[test]
    fn links_are_followed_from_their_page() {
        assert_eq!(said("docs/a.md", "[x](../README.md) [y](a.md#part) [z](https://x.example/y) [top](#top)"), [""; 0]);
        assert_eq!(
            said("docs/a.md", "[x](README.md)"),
            ["docs/a.md:2: README.md is not there: name the file or folder that it is now"]
        );
    }
}
