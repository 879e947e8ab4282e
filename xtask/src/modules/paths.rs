//! The paths that a file writes: what it imports, what it names, which modules are inside it.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};

/// A path and the line where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Its segments as they are written, `crate`, `super` and `*` among them.
    pub segments: Vec<String>,
    /// The modules inside of the file, in which it stands.
    pub inside: Vec<String>,
    /// The line, from 1.
    pub line: usize,
}

/// One name that a `use` brings in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// What it brings in.
    pub path: Written,
    /// Under which name.
    pub name: String,
    /// Whether others may import it from here.
    pub is_public: bool,
}

/// What a file writes, tests left out.
#[derive(Debug, Default)]
pub struct Paths {
    /// What it imports.
    pub imports: Vec<Import>,
    /// What it names, other than in imports.
    pub named: Vec<Written>,
}

/// Reads the paths of a file.
pub fn read(tokens: TokenStream) -> Paths {
    let mut paths = Paths::default();
    walk(tokens, &[], &mut paths);
    paths
}

fn walk(tokens: TokenStream, inside: &[String], paths: &mut Paths) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let (mut at, mut is_test, mut is_public) = (0, false, false);
    while let Some(token) = tokens.get(at) {
        match token {
            TokenTree::Punct(punct) if punct.as_char() == '#' => {
                let group = tokens.get(at + 1).and_then(bracketed);
                is_test |= group.as_ref().is_some_and(|group| group.to_string().replace(' ', "") == "cfg(test)");
                at += if group.is_some() { 2 } else { 1 };
                continue;
            }
            TokenTree::Ident(word) if word == "pub" => {
                is_public = true;
                at += 1;
                continue;
            }
            TokenTree::Ident(word) if is_test && starts_item(word) => {
                at = end_of_item(&tokens, at);
            }
            TokenTree::Ident(word) if word == "use" && !is_punct(tokens.get(at + 1), '<') => {
                let end = end_of_item(&tokens, at);
                imports(tokens.get(at + 1..end).unwrap_or_default(), is_public, inside, paths);
                at = end;
            }
            TokenTree::Ident(word) if word == "mod" => {
                let name = tokens.get(at + 1).map(ToString::to_string).unwrap_or_default();
                if let Some(TokenTree::Group(body)) = tokens.get(at + 2) {
                    walk(body.stream(), &[inside, &[name]].concat(), paths);
                }
                at += 2;
            }
            TokenTree::Ident(word) => at = path(&tokens, at, word, inside, paths),
            TokenTree::Group(group) => walk(group.stream(), inside, paths),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
        // `pub(crate) use`, `pub(super) mod`: what is in parentheses belongs to `pub`.
        is_public &= matches!(token, TokenTree::Group(_));
        is_test = false;
        at += 1;
    }
}

fn bracketed(token: &TokenTree) -> Option<TokenStream> {
    let TokenTree::Group(group) = token else { return None };
    (group.delimiter() == Delimiter::Bracket).then(|| group.stream())
}

fn starts_item(word: &Ident) -> bool {
    ["mod", "use", "fn", "async", "const", "impl", "struct", "enum", "static", "type", "trait"]
        .iter()
        .any(|item| word == item)
}

/// The place of the token with which an item ends.
fn end_of_item(tokens: &[TokenTree], from: usize) -> usize {
    let ends = |token: &TokenTree| match token {
        TokenTree::Punct(punct) => punct.as_char() == ';',
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace && !is_in_use(tokens, from),
        TokenTree::Ident(_) | TokenTree::Literal(_) => false,
    };
    tokens.iter().skip(from).position(ends).map_or(tokens.len(), |length| from + length)
}

/// The braces of `use a::{b, c};` do not end it.
fn is_in_use(tokens: &[TokenTree], from: usize) -> bool {
    matches!(tokens.get(from), Some(TokenTree::Ident(word)) if word == "use")
}

fn is_punct(token: Option<&TokenTree>, wanted: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == wanted)
}

/// Notes the path that begins here, where there is one; gives the place of its last token.
fn path(tokens: &[TokenTree], begin: usize, first: &Ident, inside: &[String], paths: &mut Paths) -> usize {
    let mut segments = vec![first.to_string()];
    let mut at = begin;
    while is_punct(tokens.get(at + 1), ':') && is_punct(tokens.get(at + 2), ':') {
        let Some(TokenTree::Ident(next)) = tokens.get(at + 3) else { break };
        segments.push(next.to_string());
        at += 3;
    }
    let before = begin.checked_sub(1).and_then(|before| tokens.get(before));
    let is_part_of_another = is_punct(before, '.') || is_punct(before, ':') && is_global(tokens, begin);
    if segments.len() > 1 && !is_part_of_another {
        paths.named.push(Written { segments, inside: inside.to_vec(), line: first.span().start().line });
    }
    at
}

/// Whether `::` stands before it: it is of another crate, or of a type.
fn is_global(tokens: &[TokenTree], begin: usize) -> bool {
    begin.checked_sub(2).is_some_and(|before| is_punct(tokens.get(before), ':'))
}

fn imports(tree: &[TokenTree], is_public: bool, inside: &[String], paths: &mut Paths) {
    let line = tree.first().map_or(0, |token| token.span().start().line);
    let mut leaves = Vec::new();
    flatten(tree, &[], &mut leaves);
    for (segments, alias) in leaves {
        let name = alias.or_else(|| segments.last().cloned()).unwrap_or_default();
        let path = Written { segments, inside: inside.to_vec(), line };
        paths.imports.push(Import { path, name, is_public });
    }
}

/// `a::{b, c as d, e::*}` as its leaves.
fn flatten(tree: &[TokenTree], before: &[String], leaves: &mut Vec<(Vec<String>, Option<String>)>) {
    let mut segments = before.to_vec();
    let (mut alias, mut is_alias) = (None, false);
    for token in tree {
        match token {
            TokenTree::Ident(word) if word == "as" => is_alias = true,
            TokenTree::Ident(word) if is_alias => alias = Some(word.to_string()),
            // `use a::{self}` brings in `a`.
            TokenTree::Ident(word) if word == "self" && !segments.is_empty() => {}
            TokenTree::Ident(word) => segments.push(word.to_string()),
            TokenTree::Punct(punct) if punct.as_char() == '*' => segments.push("*".to_owned()),
            TokenTree::Group(group) => {
                let parts: Vec<TokenTree> = group.stream().into_iter().collect();
                for part in parts.split(|token| is_punct(Some(token), ',')).filter(|part| !part.is_empty()) {
                    flatten(part, &segments, leaves);
                }
                return;
            }
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
    leaves.push((segments, alias));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Paths {
        read(text.parse().unwrap())
    }

    fn named(text: &str) -> Vec<String> {
        read_text(text).named.into_iter().map(|path| path.segments.join("::")).collect()
    }

    #[test]
    fn every_leaf_of_an_import_is_found() {
        let paths = read_text("pub(crate) use crate::a::{self, b::C as D, e::*};\nuse std::fmt;");
        let found: Vec<_> = paths
            .imports
            .iter()
            .map(|import| (import.path.segments.join("::"), import.name.as_str(), import.is_public))
            .collect();
        assert_eq!(
            found,
            [
                ("crate::a".to_owned(), "a", true),
                ("crate::a::b::C".to_owned(), "D", true),
                ("crate::a::e::*".to_owned(), "*", true),
                ("std::fmt".to_owned(), "fmt", false),
            ]
        );
    }

    #[test]
    fn paths_are_found_in_types_calls_and_macros_but_not_in_tests() {
        assert_eq!(
            named("fn f(x: crate::a::B) { c::d(x.parse::<e::F>()); json!(g::H) }"),
            ["crate::a::B", "c::d", "e::F", "g::H"]
        );
        assert_eq!(
            named("#[cfg(test)] mod tests { fn f() { a::b() } } #[cfg(test)] fn g() { c::d() } fn h() { e::f() }"),
            ["e::f"]
        );
        assert_eq!(named("fn f() { <A as B>::c(); a.b::<C>() }"), [""; 0]);
    }

    #[test]
    fn a_path_knows_the_module_inside_of_the_file() {
        let paths = read_text("mod inner { use super::X; fn f() { super::y::z() } }");
        assert_eq!(paths.imports.first().unwrap().path.inside, ["inner"]);
        assert_eq!(paths.named.first().unwrap().inside, ["inner"]);
    }
}
