//! One text of DDL for both engines: choosing blocks, splitting statements, and replacing what is called differently.

use crate::StoreError;
use crate::db::engine::Engine;

/// A statement as one engine understands it.
#[derive(Debug, PartialEq)]
pub(crate) struct Statement {
    pub(crate) text: String,
    /// From a `-- postgres trigram:` block: to be run when `pg_trgm` is there.
    pub(crate) trigram: bool,
}

/// The statements of a migration for `engine`.
pub(crate) fn statements(text: &str, engine: Engine) -> Result<Vec<Statement>, StoreError> {
    let mut found = Vec::new();
    for block in blocks(text)? {
        if !block.audience.includes(engine) {
            continue;
        }
        for statement in split(&block.text) {
            if contains_word(&statement, "DEFERRABLE") {
                // On SQLite it would fail the common commit of a group, and with it the innocent.
                return Err(StoreError::broken("a migration must not use DEFERRABLE constraints"));
            }
            found.push(Statement { text: rewrite(&statement, engine), trigram: block.audience == Audience::Trigram });
        }
    }
    Ok(found)
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Audience {
    Both,
    Sqlite,
    Postgres,
    Trigram,
}

impl Audience {
    fn includes(self, engine: Engine) -> bool {
        match self {
            Self::Both => true,
            Self::Sqlite => engine == Engine::Sqlite,
            Self::Postgres | Self::Trigram => engine == Engine::Postgres,
        }
    }
}

struct Block {
    audience: Audience,
    text: String,
}

/// Cuts the text at its markers: `-- sqlite:`, `-- postgres:` and `-- postgres trigram:` up to `-- end`.
fn blocks(text: &str) -> Result<Vec<Block>, StoreError> {
    let mut blocks = Vec::new();
    let mut current = Block { audience: Audience::Both, text: String::new() };
    for line in text.lines() {
        let next = match line.trim() {
            "-- sqlite:" => Audience::Sqlite,
            "-- postgres:" => Audience::Postgres,
            "-- postgres trigram:" => Audience::Trigram,
            "-- end" => Audience::Both,
            _ => {
                current.text.push_str(line);
                current.text.push('\n');
                continue;
            }
        };
        // Exactly one of the two is Both: a block opens outside of blocks, and only an open one ends.
        if (next == Audience::Both) == (current.audience == Audience::Both) {
            return Err(StoreError::Broken(format!("a migration has a misplaced marker: {line}")));
        }
        blocks.push(std::mem::replace(&mut current, Block { audience: next, text: String::new() }));
    }
    if current.audience != Audience::Both {
        return Err(StoreError::broken("a migration has a block without `-- end`"));
    }
    blocks.push(current);
    Ok(blocks)
}

/// Cuts at the semicolons between statements, not at those inside strings, comments, or the body of a trigger.
fn split(text: &str) -> Vec<String> {
    let mut statements = Vec::new();
    let mut current = String::new();
    let mut depth = 0_usize;
    for token in tokens(text) {
        if token.kind == Kind::Comment {
            continue;
        }
        if token.text == ";" && depth == 0 {
            statements.push(std::mem::take(&mut current));
            continue;
        }
        // Statements within a statement; CASE counts, because it is closed by END, too.
        if is_trigger(&current) {
            depth += usize::from(token.is_word("BEGIN") || token.is_word("CASE"));
            depth = depth.saturating_sub(usize::from(token.is_word("END")));
        }
        current.push_str(token.text);
    }
    statements.push(current);
    statements.iter().map(|statement| statement.trim().to_owned()).filter(|statement| !statement.is_empty()).collect()
}

fn is_trigger(statement: &str) -> bool {
    let mut words = statement.split_whitespace().map(str::to_ascii_uppercase).take(3);
    words.next().is_some_and(|word| word == "CREATE") && words.any(|word| word == "TRIGGER")
}

fn contains_word(statement: &str, wanted: &str) -> bool {
    tokens(statement).any(|token| token.is_word(wanted))
}

/// Translates a `CREATE TABLE` or `ALTER TABLE`; other statements are the same for both engines.
fn rewrite(statement: &str, engine: Engine) -> String {
    let mut words = statement.split_whitespace().map(str::to_ascii_uppercase);
    let (verb, object) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    if !matches!(verb.as_str(), "CREATE" | "ALTER") || object != "TABLE" {
        return statement.to_owned();
    }
    match engine {
        Engine::Postgres => replace_types(statement, postgres_type),
        Engine::Sqlite if verb == "CREATE" => format!("{} STRICT", replace_types(statement, sqlite_type)),
        Engine::Sqlite => replace_types(statement, sqlite_type),
    }
}

/// The byte order of SQLite, so that lists page alike whatever the locale of the server.
fn postgres_type(word: &str) -> Option<&'static str> {
    (word == "TEXT").then_some("TEXT COLLATE \"C\"")
}

/// STRICT tables know these types only.
fn sqlite_type(word: &str) -> Option<&'static str> {
    match word {
        "BIGINT" | "BOOLEAN" => Some("INTEGER"),
        "BYTEA" => Some("BLOB"),
        _ => None,
    }
}

fn replace_types(statement: &str, replacement: fn(&str) -> Option<&'static str>) -> String {
    let mut text = String::with_capacity(statement.len() + 64);
    let mut previous = "";
    for token in tokens(statement) {
        // CAST (… AS TEXT) names a type, too, but takes no collation.
        let translate = token.kind == Kind::Word && !previous.eq_ignore_ascii_case("AS");
        let translated = if translate { replacement(token.text) } else { None };
        text.push_str(translated.unwrap_or(token.text));
        if token.kind == Kind::Word {
            previous = token.text;
        }
    }
    text
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Word,
    Quoted,
    Comment,
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Token<'s> {
    kind: Kind,
    text: &'s str,
}

impl Token<'_> {
    fn is_word(self, word: &str) -> bool {
        self.kind == Kind::Word && self.text.eq_ignore_ascii_case(word)
    }
}

/// Cuts SQL into words, quoted things, comments and single characters; together they are the text again.
fn tokens(text: &str) -> impl Iterator<Item = Token<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (kind, length) = first_token(rest)?;
        let (text, tail) = rest.split_at_checked(length)?;
        rest = tail;
        Some(Token { kind, text })
    })
}

fn first_token(rest: &str) -> Option<(Kind, usize)> {
    let first = rest.chars().next()?;
    let up_to = |end: Option<usize>| end.unwrap_or(rest.len());
    Some(if rest.starts_with("--") {
        (Kind::Comment, up_to(rest.find('\n')))
    } else if rest.starts_with("/*") {
        (Kind::Comment, up_to(rest.find("*/").map(|end| end + 2)))
    } else if first == '\'' {
        (Kind::Quoted, up_to(second(rest, "'")))
    } else if first == '"' {
        (Kind::Quoted, up_to(second(rest, "\"")))
    } else if let Some(tag) = dollar_tag(rest) {
        (Kind::Quoted, up_to(second(rest, tag)))
    } else if is_part_of_word(first) {
        (Kind::Word, up_to(rest.find(|c| !is_part_of_word(c))))
    } else {
        (Kind::Other, first.len_utf8())
    })
}

fn is_part_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Where the second `quote` ends. A doubled quote inside a string reads as two strings in a row: cut at the same places.
fn second(rest: &str, quote: &str) -> Option<usize> {
    rest.match_indices(quote).nth(1).map(|(start, quote)| start + quote.len())
}

/// The `$name$` a PostgreSQL string begins with.
fn dollar_tag(rest: &str) -> Option<&str> {
    let inner = rest.strip_prefix('$')?;
    let end = inner.find('$')?;
    let is_tag = inner.get(..end)?.chars().all(is_part_of_word);
    if is_tag { rest.get(..end + 2) } else { None }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn texts(text: &str, engine: Engine) -> Vec<String> {
        statements(text, engine).unwrap().into_iter().map(|statement| statement.text).collect()
    }

    #[test]
    fn types_are_translated_in_tables_and_only_there() {
        let table =
            "CREATE TABLE t (a TEXT DEFAULT 'TEXT', b BIGINT CHECK (CAST(a AS TEXT) <> ''), c BOOLEAN, d BYTEA)";
        let postgres = "CREATE TABLE t (a TEXT COLLATE \"C\" DEFAULT 'TEXT', b BIGINT CHECK (CAST(a AS TEXT) <> ''), \
            c BOOLEAN, d BYTEA)";
        let sqlite = "CREATE TABLE t (a TEXT DEFAULT 'TEXT', b INTEGER CHECK (CAST(a AS TEXT) <> ''), c INTEGER, \
            d BLOB) STRICT";
        assert_eq!(texts(table, Engine::Postgres), [postgres]);
        assert_eq!(texts(table, Engine::Sqlite), [sqlite]);

        let column = "ALTER TABLE t ADD COLUMN e BOOLEAN";
        assert_eq!(texts(column, Engine::Sqlite), ["ALTER TABLE t ADD COLUMN e INTEGER"]);
        let index = "CREATE INDEX i ON t (CAST(b AS TEXT))";
        assert_eq!(texts(index, Engine::Postgres), [index]);
    }

    #[test]
    fn a_semicolon_inside_something_does_not_end_a_statement() {
        let text = "A 'it''s; fine' \"od;d\"; -- not; here\nB /* nor; here */ $x$ BEGIN; $$; END; $x$;;\n C";
        assert_eq!(texts(text, Engine::Postgres), ["A 'it''s; fine' \"od;d\"", "B  $x$ BEGIN; $$; END; $x$", "C"]);

        let trigger =
            "CREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE a SET b = CASE WHEN c THEN 1 END; DELETE FROM d; END";
        assert_eq!(texts(&format!("{trigger}; E"), Engine::Sqlite), [trigger, "E"]);
    }

    #[test]
    fn a_block_is_for_its_engine() {
        let text = "A;\n-- sqlite:\nB;\n-- end\n-- postgres:\nC;\n-- end\n  -- postgres trigram:\nD;\n-- end\nE;";
        assert_eq!(texts(text, Engine::Sqlite), ["A", "B", "E"]);
        let found = statements(text, Engine::Postgres).unwrap();
        let found: Vec<_> = found.iter().map(|statement| (statement.text.as_str(), statement.trigram)).collect();
        assert_eq!(found, [("A", false), ("C", false), ("D", true), ("E", false)]);
    }

    #[test]
    fn what_would_go_wrong_later_is_refused() {
        for text in [
            "-- sqlite:\nA;",
            "A;\n-- end",
            "-- sqlite:\n-- postgres:\n-- end",
            "CREATE TABLE t (a BIGINT REFERENCES b DEFERRABLE INITIALLY DEFERRED)",
        ] {
            assert!(statements(text, Engine::Sqlite).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn tokens_are_the_whole_text(text in "[a-zé$'\";*/ \n-]{0,40}") {
            prop_assert_eq!(tokens(&text).map(|token| token.text).collect::<String>(), text);
        }
    }
}
