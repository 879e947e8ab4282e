//! The sentences of a file: what a page says outside of its blocks of code, and what a source says in comments and in titles
//! of the console's tests.

use std::path::Path;

use crate::sources::Source;

/// A line of prose and where it stands.
#[derive(Debug, PartialEq, Eq)]
pub struct Line<'s> {
    /// The file, relative to the workspace.
    pub file: &'s str,
    /// The line, from 1.
    pub number: usize,
    /// What it says; a comment without its code.
    pub text: &'s str,
}

/// How a kind of file marks its comments.
enum Form {
    Page,
    Slashes,
    Mark(&'static str),
}

/// Whether a file has prose: it is a page, or a source whose comments are known.
pub fn is_text(file: &str) -> bool {
    form(file).is_some()
}

fn form(file: &str) -> Option<Form> {
    let path = Path::new(file);
    let extension = path.extension().or(path.file_name())?.to_str()?;
    match extension {
        "md" => Some(Form::Page),
        "rs" | "ts" | "tsx" | "mjs" | "js" | "css" => Some(Form::Slashes),
        "sql" => Some(Form::Mark("--")),
        "toml" | "sh" | "py" | "yml" | "service" | "run" | "Makefile" | "Dockerfile" => Some(Form::Mark("#")),
        _ => None,
    }
}

/// The prose of a file, in order.
pub fn lines(source: &Source) -> Vec<Line<'_>> {
    let numbered = source.text.lines().enumerate();
    let line = |(at, text)| Line { file: &source.path, number: at + 1, text };
    match form(&source.path) {
        Some(Form::Page) => outside_of_fences(numbered).map(line).collect(),
        Some(Form::Slashes) => {
            numbered.scan(false, |inside, (at, text)| Some((at, slashes(inside, text)))).map(line).collect()
        }
        Some(Form::Mark(mark)) => numbered.map(|(at, text)| (at, after(text, mark))).map(line).collect(),
        None => Vec::new(),
    }
}

fn outside_of_fences<'s>(lines: impl Iterator<Item = (usize, &'s str)>) -> impl Iterator<Item = (usize, &'s str)> {
    let mut is_code = false;
    lines.filter(move |(_, text)| {
        let is_fence = text.trim_start().starts_with("```");
        is_code ^= is_fence;
        !is_code && !is_fence
    })
}

/// The comment or the title of a test on a line in a language of `//` and `/* */`, where `inside` says whether it begins in a block.
fn slashes<'s>(inside: &mut bool, text: &'s str) -> &'s str {
    let block = if *inside { text } else { after(text, "/*") };
    *inside = (*inside || !block.is_empty()) && !block.contains("*/");
    let is_title = ["it(", "test(", "describe("].iter().any(|call| text.trim_start().starts_with(call));
    match (is_title, block.is_empty()) {
        (true, _) => text,
        (false, true) => after(text, "//"),
        (false, false) => block,
    }
}

/// What follows the mark of a comment, which stands at the beginning or after a space or a bracket; a web address has none.
fn after<'s>(text: &'s str, mark: &str) -> &'s str {
    let begins = |before: &str| before.chars().next_back().is_none_or(|c| c.is_whitespace() || "{(".contains(c));
    let found =
        text.match_indices(mark).find_map(|(at, _)| text.split_at_checked(at).filter(|(before, _)| begins(before)));
    found.and_then(|(_, comment)| comment.strip_prefix(mark)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(path: &str, text: &str) -> Vec<(usize, String)> {
        let source = Source { path: path.into(), text: text.into() };
        lines(&source)
            .iter()
            .map(|line| (line.number, line.text.trim().to_owned()))
            .filter(|(_, text)| !text.is_empty())
            .collect()
    }

    #[test]
    fn a_page_says_what_is_outside_of_its_code() {
        assert_eq!(said("a.md", "one\n```\ncode\n```\ntwo"), [(1, "one".to_owned()), (5, "two".to_owned())]);
    }

    #[test]
    fn a_source_says_what_is_in_comments() {
        assert_eq!(
            said("a.rs", "f(\"https://x\"); // one\n/* two\n three */ g()\nh(\"a/*b\") // four"),
            [(1, "one"), (2, "two"), (3, "three */ g()"), (4, "four")].map(|(at, text)| (at, text.to_owned()))
        );
        assert_eq!(said("a.tsx", "<p>{/* one */}</p>"), [(1, "one */}</p>".to_owned())]);
        assert_eq!(said("a.ts", "test('one', () => {"), [(1, "test('one', () => {".to_owned())]);
        assert_eq!(said("a.sql", "SELECT 1 -- one"), [(1, "one".to_owned())]);
        assert_eq!(said(".ci/run", "a=$# # one"), [(1, "one".to_owned())]);
        assert_eq!(said("a.png", "# one"), []);
    }
}
