//! Phrases that nothing we publish contains: no sentence of the server, no description of the API, no role or permission of the
//! catalog, no email, no page of the server, no help of the command line, no example of the configuration and none of the
//! documentation. The console's lint holds its texts against the same list.

use std::collections::BTreeMap;
use std::path::Path;
use std::str::FromStr;

use proc_macro2::{TokenStream, TokenTree};
use serde_json::Value;

use crate::citations::prose::{self, Line};
use crate::finding::{Finding, Outcome};
use crate::sources::{Source, Sources};
use crate::sql::literals::{self, Literal};

/// The phrases by language, each with what is said instead.
const LIST: &str = "docs/banned-phrases.json";

/// The configuration with every setting, as it is printed.
const EXAMPLE: &str = "crates/server/portcullis.example.toml";

/// Doc comments of these are the help of the command line.
const COMMANDS: &str = "crates/server/src/commands";

/// What people call columns of the tables they paste is data, in their words.
const DATA: &str = "/address_list/";

type Phrases = BTreeMap<String, String>;

/// Every place where a phrase of the list is.
pub fn check(sources: &Sources) -> Outcome<Vec<Finding>> {
    let phrases = phrases(&sources.read(Path::new(LIST))?.text)?;
    let mut findings = Vec::new();
    for source in sentences_of(sources)? {
        for literal in strings(&source.text).map_err(|broken| format!("{}: {broken}", source.path))? {
            findings.extend(found(&phrases, &source.path, Some(literal.line), &literal.text));
        }
    }
    for page in pages(sources)? {
        for Line { file, number, text } in prose::lines(&page) {
            findings.extend(found(&phrases, file, Some(number), text));
        }
    }
    for file in [
        sources.below("catalog", "toml")?,
        sources.below("crates/web/templates", "html")?,
        vec![sources.read(Path::new(EXAMPLE))?],
    ]
    .concat()
    {
        for (at, line) in file.text.lines().enumerate() {
            findings.extend(found(&phrases, &file.path, Some(at + 1), line));
        }
    }
    for file in sources.below(COMMANDS, "rs")? {
        for (at, line) in file.text.lines().enumerate().filter(|(_, line)| line.trim_start().starts_with("///")) {
            findings.extend(found(&phrases, &file.path, Some(at + 1), line));
        }
    }
    let description = sources.read(Path::new("openapi.json"))?;
    let mut texts = Vec::new();
    described(&serde_json::from_str(&description.text)?, &mut texts);
    findings.extend(texts.iter().flat_map(|text| found(&phrases, &description.path, None, text)));
    Ok(findings)
}

/// All languages together: what is wrong in one is no phrase of another.
fn phrases(list: &str) -> Outcome<Phrases> {
    let languages: BTreeMap<String, Phrases> = serde_json::from_str(list)?;
    Ok(languages.into_values().flatten().collect())
}

fn sentences_of(sources: &Sources) -> Outcome<Vec<Source>> {
    let mut found = Vec::new();
    for folder in sources.folders("crates")?.into_iter().filter(|folder| folder != "crates/testing") {
        found.extend(sources.below(&format!("{folder}/src"), "rs")?);
    }
    found.retain(|source| !source.path.contains(DATA) && !source.path.ends_with("tests.rs"));
    Ok(found)
}

fn pages(sources: &Sources) -> Outcome<Vec<Source>> {
    let mut found = sources.below("docs", "md")?;
    for file in sources.tree()?.files.iter().filter(|file| file.ends_with(".md") && !file.contains('/')) {
        found.push(sources.read(Path::new(file))?);
    }
    Ok(found)
}

/// The strings of a source that are sentences: its literals, and what its errors say.
fn strings(source: &str) -> Outcome<Vec<Literal>> {
    let mut found = literals::of(source).map_err(|broken| broken.to_string())?;
    errors(TokenStream::from_str(source).map_err(|broken| broken.to_string())?, &mut found);
    found.retain(|literal| literal.text.contains(' '));
    Ok(found)
}

/// What stands in `#[error("…")]`, wherever that is.
fn errors(stream: TokenStream, found: &mut Vec<Literal>) {
    let groups =
        stream.into_iter().filter_map(|tree| if let TokenTree::Group(group) = tree { Some(group) } else { None });
    for group in groups {
        let mut trees = group.stream().into_iter();
        match (trees.next(), trees.next()) {
            (Some(TokenTree::Ident(name)), Some(TokenTree::Group(said))) if name == "error" => {
                found.extend(said.stream().into_iter().find_map(|tree| literals::string(&tree)));
            }
            _ => errors(group.stream(), found),
        }
    }
}

/// The summaries and descriptions of the API.
fn described(part: &Value, found: &mut Vec<String>) {
    match part {
        Value::Object(fields) => {
            for (name, value) in fields {
                let text = value.as_str().filter(|_| name == "description" || name == "summary");
                found.extend(text.map(str::to_owned));
                described(value, found);
            }
        }
        Value::Array(several) => several.iter().for_each(|one| described(one, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn found(phrases: &Phrases, file: &str, line: Option<usize>, text: &str) -> Vec<Finding> {
    let banned = phrases.iter().filter(|(phrase, _)| says(text, phrase));
    let message = |(phrase, instead): (&String, &String)| format!("“{phrase}”: {instead} ({LIST})");
    banned.map(|found| Finding { file: file.to_owned(), line, message: message(found) }).collect()
}

/// Whether a text has a phrase at the beginning of a word, written as in the list or with a capital.
fn says(text: &str, phrase: &str) -> bool {
    let mut letters = phrase.chars();
    let capital: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
    let begins_word = |at: usize| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        before.is_none_or(|before| !before.is_alphanumeric() && !"_-".contains(before))
    };
    [phrase, &capital].iter().any(|form| text.match_indices(*form).any(|(at, _)| begins_word(at)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_is_found_at_the_beginning_of_a_word_and_with_a_capital() {
        assert!(says("Ask somebody.", "somebody") && says("Somebody else", "somebody"));
        assert!(says("it is mailed", "mailed") && !says("it is emailed", "mailed"));
        assert!(says("Your e-mail", "e-mail") && !says("Ihre E-Mail", "e-mail"));
        assert!(!says("under_at once", "at once") && !says("not-at once", "at once"));
    }

    #[test]
    fn sentences_are_looked_for_in_literals_and_in_errors_but_not_in_comments_and_tests() {
        let source = "/// somebody\n#[error(\"ask somebody\")]\nstruct S;\nconst A: &str = \"of everybody\";\nconst B: &str = \"nobody\";\n\
                      #[expect(x, reason = \"a b\")]\n#[cfg(test)]\nmod tests { const C: &str = \"at once\"; }";
        let texts: Vec<String> = strings(source).unwrap().into_iter().map(|literal| literal.text).collect();
        assert_eq!(texts, ["of everybody", "ask somebody"]);
    }

    #[test]
    fn the_description_is_read_to_its_leaves() {
        let mut texts = Vec::new();
        described(&serde_json::json!({ "paths": [{ "get": { "summary": "A", "description": "B" } }] }), &mut texts);
        texts.sort();
        assert_eq!(texts, ["A", "B"]);
    }
}
