//! The string literals of a Rust source, outside of attributes, comments and `#[cfg(test)]` items.

use std::str::FromStr;

use proc_macro2::{Delimiter, LexError, Literal as RustLiteral, TokenStream, TokenTree};

/// A string literal.
#[derive(Debug, PartialEq)]
pub struct Literal {
    /// Where it begins.
    pub line: usize,
    /// Its value: escapes resolved, raw or not.
    pub text: String,
}

/// All of them, also those inside of macro calls.
pub fn of(source: &str) -> Result<Vec<Literal>, LexError> {
    let mut found = Vec::new();
    collect(TokenStream::from_str(source)?, &mut found);
    Ok(found)
}

fn collect(stream: TokenStream, found: &mut Vec<Literal>) {
    let mut trees = stream.into_iter().peekable();
    while let Some(tree) = trees.next() {
        match tree {
            TokenTree::Literal(literal) => found.extend(string(literal)),
            TokenTree::Group(group) => collect(group.stream(), found),
            TokenTree::Punct(mark) if mark.as_char() == '#' => {
                trees.next_if(|tree| matches!(tree, TokenTree::Punct(mark) if mark.as_char() == '!'));
                let attribute = trees.next_if(|tree| is_group(tree, Delimiter::Bracket));
                if attribute.is_some_and(|tree| is_test_only(&tree)) {
                    // The item ends with its braces or, without any, with its semicolon.
                    for tree in trees.by_ref() {
                        if is_group(&tree, Delimiter::Brace)
                            || matches!(&tree, TokenTree::Punct(mark) if mark.as_char() == ';')
                        {
                            break;
                        }
                    }
                }
            }
            TokenTree::Punct(_) | TokenTree::Ident(_) => {}
        }
    }
}

fn is_group(tree: &TokenTree, delimiter: Delimiter) -> bool {
    matches!(tree, TokenTree::Group(group) if group.delimiter() == delimiter)
}

fn is_test_only(attribute: &TokenTree) -> bool {
    let text: String = attribute.to_string().split_whitespace().collect();
    text == "[cfg(test)]"
}

fn string(literal: RustLiteral) -> Option<Literal> {
    let line = literal.span().start().line;
    if let syn::Lit::Str(text) = syn::Lit::new(literal) { Some(Literal { line, text: text.value() }) } else { None }
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
}
