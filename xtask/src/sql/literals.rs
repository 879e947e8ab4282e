//! The statements of a Rust source: its string literals, outside of attributes, comments and `#[cfg(test)]` items.
//!
//! A statement that is put together by `SqlText::new("…")`, `push("…")`, `bind(value)` and `bind_all(values)` is one: an
//! account that is bound reads as `$1`, and any other value as `$0`.

use std::str::FromStr;

use proc_macro2::{Delimiter, Group, LexError, TokenStream, TokenTree};

/// A string literal, or a statement of several.
#[derive(Debug, PartialEq)]
pub struct Literal {
    /// Where it begins.
    pub line: usize,
    /// Its value: escapes resolved, raw or not.
    pub text: String,
    /// Whether the first value bound to it is an account, where that can be seen.
    pub account_first: Option<bool>,
}

/// All of them, also those inside of macro calls.
pub fn of(source: &str) -> Result<Vec<Literal>, LexError> {
    let mut reader = Reader::default();
    reader.level(TokenStream::from_str(source)?);
    Ok(reader.found)
}

/// A statement that grows.
struct Builder {
    name: String,
    line: usize,
    text: String,
}

#[derive(Default)]
struct Reader {
    found: Vec<Literal>,
    builders: Vec<Builder>,
    /// The builder that the current expression calls, by its place.
    current: Option<usize>,
}

impl Reader {
    /// What stands between two braces or parentheses. Builders that begin here end here.
    fn level(&mut self, stream: TokenStream) {
        let (outer, current) = (self.builders.len(), self.current);
        let trees: Vec<TokenTree> = stream.into_iter().collect();
        let mut at = 0;
        while let Some(tree) = trees.get(at) {
            let before = trees.get(..at).unwrap_or_default();
            let after = trees.get(at + 1..).unwrap_or_default();
            at += 1;
            match tree {
                TokenTree::Literal(_) => self.found.extend(string(tree)),
                TokenTree::Group(group) => self.group(group, before, after),
                TokenTree::Punct(mark) if mark.as_char() == '#' => at += attribute(after),
                TokenTree::Punct(mark) if mark.as_char() == ';' => self.current = None,
                TokenTree::Punct(_) => {}
                TokenTree::Ident(name) => {
                    let builder = self.builders.iter().rposition(|builder| name == &builder.name);
                    self.current = builder.or(self.current);
                }
            }
        }
        for builder in self.builders.drain(outer..) {
            self.found.push(Literal { line: builder.line, text: builder.text, account_first: None });
        }
        self.current = current;
    }

    fn group(&mut self, group: &Group, before: &[TokenTree], after: &[TokenTree]) {
        let first = group.stream().into_iter().next();
        let text = first.as_ref().and_then(string);
        let current = self.current.and_then(|at| self.builders.get_mut(at));
        match (called(before), current, text) {
            (Some(Call::New), _, Some(text)) => {
                let name = let_name(before).unwrap_or_default();
                self.builders.push(Builder { name, line: text.line, text: text.text });
                self.current = Some(self.builders.len() - 1);
            }
            (Some(Call::Method(name)), Some(builder), Some(text)) if name == "push" => {
                builder.text.push_str(&text.text)
            }
            (Some(Call::Method(name)), Some(builder), None) if name == "push" => {
                builder.text.push_str("{part}");
                self.level(group.stream());
            }
            (Some(Call::Method(name)), Some(builder), _) if name == "bind" => {
                builder.text.push_str(if is_account(group) { "$1" } else { "$0" });
            }
            (Some(Call::Method(name)), Some(builder), _) if name == "bind_all" => builder.text.push_str("$0"),
            (Some(Call::Method(name)), _, Some(text)) if name == "sql" => {
                self.found.push(Literal { account_first: first_bind(after).map(is_account), ..text });
            }
            _ => self.level(group.stream()),
        }
    }
}

enum Call {
    New,
    Method(String),
}

/// What is called with the parentheses that follow.
fn called(before: &[TokenTree]) -> Option<Call> {
    match before {
        [.., kind, colon, _, function]
            if is_mark(colon, ':') && kind.to_string() == "SqlText" && function.to_string() == "new" =>
        {
            Some(Call::New)
        }
        [.., dot, TokenTree::Ident(name)] if is_mark(dot, '.') => Some(Call::Method(name.to_string())),
        _ => None,
    }
}

/// `let [mut] name = [crate::]SqlText::new`
fn let_name(before: &[TokenTree]) -> Option<String> {
    let equals = before.iter().rposition(|tree| is_mark(tree, '='))?;
    before.get(equals.checked_sub(1)?).map(ToString::to_string)
}

/// The value of `.bind(value)` when that is what follows.
fn first_bind(after: &[TokenTree]) -> Option<&Group> {
    match after {
        [dot, TokenTree::Ident(name), TokenTree::Group(group), ..] if is_mark(dot, '.') && name == "bind" => {
            Some(group)
        }
        _ => None,
    }
}

/// `&self.account`, `account`, `&user.account_id` …
fn is_account(value: &Group) -> bool {
    let last = value.stream().into_iter().filter(|tree| !matches!(tree, TokenTree::Group(_))).last();
    last.is_some_and(|last| ["account", "account_id"].contains(&last.to_string().as_str()))
}

/// How many trees after `#` belong to an attribute, with its item when that is for tests only.
fn attribute(after: &[TokenTree]) -> usize {
    let inner = usize::from(after.first().is_some_and(|tree| is_mark(tree, '!')));
    let Some(TokenTree::Group(group)) = after.get(inner).filter(|tree| is_group(tree, Delimiter::Bracket)) else {
        return 0;
    };
    let text: String = group.to_string().split_whitespace().collect();
    let item = after.get(inner + 1..).filter(|_| text == "[cfg(test)]").unwrap_or_default();
    // The item ends with its braces or, without any, with its semicolon.
    let end = item.iter().position(|tree| is_group(tree, Delimiter::Brace) || is_mark(tree, ';'));
    inner + 1 + end.map_or(0, |end| end + 1)
}

fn is_group(tree: &TokenTree, delimiter: Delimiter) -> bool {
    matches!(tree, TokenTree::Group(group) if group.delimiter() == delimiter)
}

fn is_mark(tree: &TokenTree, character: char) -> bool {
    matches!(tree, TokenTree::Punct(mark) if mark.as_char() == character)
}

/// The literal that a tree is, where it is a string.
pub fn string(tree: &TokenTree) -> Option<Literal> {
    let TokenTree::Literal(literal) = tree else { return None };
    let line = literal.span().start().line;
    let syn::Lit::Str(text) = syn::Lit::new(literal.clone()) else { return None };
    Some(Literal { line, text: text.value(), account_first: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(source: &str) -> Vec<String> {
        of(source).unwrap().into_iter().map(|literal| literal.text).collect()
    }

    #[test]
    fn plain_raw_and_continued_literals_are_read() {
        let source = "const A: &str = \"one \\\n    two\";\nconst B: &str = r#\"three \"3\"\"#;\nconst C: char = '\"';";
        assert_eq!(texts(source), ["one two", "three \"3\""]);
        assert_eq!(of(source).unwrap().last().unwrap().line, 3);
    }

    #[test]
    fn literals_inside_of_macros_are_read() {
        assert_eq!(texts("fn f() { x(format!(\"SELECT {columns}\", columns = A)) }"), ["SELECT {columns}"]);
    }

    #[test]
    fn comments_attributes_and_tests_are_not() {
        let source = "//! \"a\"\n#![doc = \"b\"]\n/// \"c\"\n#[serde(rename = \"d\")]\nstruct S;\n\
            #[cfg(test)]\nmod tests { const E: &str = \"e\"; }\n#[cfg(test)] mod more;\nconst F: &str = \"f\";";
        assert_eq!(texts(source), ["f"]);
    }

    #[test]
    fn a_statement_in_pieces_is_one() {
        let source = r#"fn f() {
            let mut text = SqlText::new("SELECT * FROM users WHERE account_id = ");
            text.bind(&self.account).push(" AND id IN (").bind_all(chunk).push(")");
            if late { text.push(" AND at < ").bind(&now); }
            text.push(if down { " DESC" } else { " ASC" });
            self.tx.sql(text).bind(&other).all().await?;
        }"#;
        let whole = "SELECT * FROM users WHERE account_id = $1 AND id IN ($0) AND at < $0{part}";
        assert_eq!(texts(source), [" DESC", " ASC", whole]);
    }

    #[test]
    fn two_statements_grow_side_by_side() {
        let source = r#"fn f() {
            let mut a = SqlText::new("A");
            let mut b = crate::SqlText::new("B");
            a.push("1").bind(&account);
            b.push("2").bind(&x);
            other.push("C");
        } fn g() { text.push("D").bind(&y); }"#;
        assert_eq!(texts(source), ["C", "A1$1", "B2$0", "D"]);
    }

    #[test]
    fn the_first_value_is_seen() {
        let first = |source: &str| of(source).unwrap().first().unwrap().account_first;
        assert_eq!(first("fn f() { tx.sql(\"A\").bind(&self.account).bind(&id) }"), Some(true));
        assert_eq!(first("fn f() { tx.sql(\"A\").bind(&user.account_id.to_text()) }"), Some(false));
        assert_eq!(first("fn f() { tx.sql(\"A\").bind(&id) }"), Some(false));
        assert_eq!(first("fn f() { tx.sql(\"A\").all() }"), None);
    }
}
