//! A pasted JSON text: objects are the rows of a table, and their keys its header.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::LazyLock;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::decoration::{LONGEST_LABEL, has_at_sign, is_blank, shown};
use super::header_words::{folded, words_of};
use super::labels;
use super::pasted::PastedAddress;
use super::word_lists::{LISTS_OF_PEOPLE, PERSONS};
use crate::core::email_address::{EmailAddress, EmailAddressError};

/// What a list of people is called.
static LISTS: LazyLock<HashSet<String>> =
    LazyLock::new(|| words_of(PERSONS).chain(words_of(LISTS_OF_PEOPLE)).collect());

/// Objects with more keys than this are no people.
const MOST_KEYS: usize = 100;

/// JSON with more than this many cells per value is not read as a table: mostly empty rows would make it far longer than the pasted text.
const MOST_EMPTY: usize = 10;

/// The table that a JSON text of objects is, one value in a cell, or its refusal where its values are no texts or a key stands in
/// an object twice. `None` for any other text.
pub(super) fn as_table(text: &str) -> Option<Result<String, PastedAddress>> {
    let begin = text.trim_start_matches(is_blank);
    let inner = begin.strip_prefix('[').map_or(begin, |inner| inner.trim_start_matches(is_blank));
    if !inner.strip_prefix('{')?.trim_start_matches(is_blank).starts_with('"') {
        return None;
    }
    let error = if has_at_sign(text) { EmailAddressError::SeveralAts } else { EmailAddressError::MissingAt };
    let refused = || PastedAddress { text: shown(text), name: None, address: Err(error) };
    Some(rows(begin).and_then(|rows| table(&rows)).ok_or_else(refused))
}

/// A value as it stands in a table: its text, or what is in it.
enum Value {
    Text(String),
    List(Vec<Value>),
    Object(Row),
}

/// Its keys differ: of two values of one key, no one knows which is meant.
type Row = Vec<(String, Value)>;

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Read)
    }
}

struct Read;

impl<'de> Visitor<'de> for Read {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Text(String::new()))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Text(value.to_string()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Text(value.to_string()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Text(value.to_string()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Text(value.to_string()))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Text(cell(value)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(value) = values.next_element()? {
            list.push(value);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut row: Row = Vec::new();
        while let Some((key, value)) = entries.next_entry::<String, Value>()? {
            // Someone who is a key is in no column.
            let is_person = EmailAddress::parse(&key).is_ok();
            if is_person || row.len() == MOST_KEYS || row.iter().any(|(other, _)| *other == key) {
                return Err(A::Error::custom("a person, a key twice, or too many"));
            }
            row.push((key, value));
        }
        Ok(Value::Object(row))
    }
}

/// The objects of a list, of a list in an object (`{"users": […]}`), or one after the other.
fn rows(text: &str) -> Option<Vec<Row>> {
    let mut rows = Vec::new();
    for value in serde_json::Deserializer::from_str(text).into_iter::<Value>() {
        let listed = match value.ok()? {
            Value::List(values) => values,
            Value::Object(row) => match rows_in(row) {
                Ok(values) if rows.is_empty() => values,
                // Beside other values it is one of them, and a list in it says something of that one.
                Ok(_) => return None,
                Err(row) => vec![Value::Object(row)],
            },
            Value::Text(_) => return None,
        };
        for value in listed {
            let Value::Object(row) = value else { return None };
            rows.push(row);
        }
    }
    Some(rows)
}

/// The list of an object that is called one of people, where no one else is in it; the object, where it is a row.
fn rows_in(mut row: Row) -> Result<Vec<Value>, Row> {
    let Some(only) = row.iter().position(|(_, value)| is_list_of_objects(value)) else { return Err(row) };
    let is_another = |(at, (key, value)): (usize, &(String, Value))| {
        if at == only { !is_of_people(key) } else { holds_address(value) || is_list_of_objects(value) }
    };
    if (0..).zip(&row).any(is_another) {
        return Err(row);
    }
    match row.swap_remove(only) {
        (_, Value::List(values)) => Ok(values),
        other => {
            row.push(other);
            Err(row)
        }
    }
}

fn holds_address(value: &Value) -> bool {
    match value {
        Value::Text(text) => has_at_sign(text),
        Value::List(values) => values.iter().any(holds_address),
        Value::Object(row) => row.iter().any(|(_, value)| holds_address(value)),
    }
}

/// `users`, `items`, and not `removed_users`.
fn is_of_people(key: &str) -> bool {
    key.len() <= LONGEST_LABEL && (labels::is_recipient(key) || folded(key).split(' ').all(|word| LISTS.contains(word)))
}

fn is_list_of_objects(value: &Value) -> bool {
    matches!(value, Value::List(values) if values.iter().any(|value| matches!(value, Value::Object(_))))
}

fn table(rows: &[Row]) -> Option<String> {
    let mut columns: HashMap<&str, usize> = HashMap::new();
    let mut header: Vec<String> = Vec::new();
    for (key, _) in rows.iter().flatten() {
        if !columns.contains_key(key.as_str()) {
            columns.insert(key, header.len());
            header.push(cell(key));
        }
    }
    let values: usize = rows.iter().map(Vec::len).sum();
    if header.len() > MOST_KEYS || header.len() * rows.len() > values * MOST_EMPTY {
        return None;
    }
    let mut lines = vec![header.join("\t")];
    for row in rows {
        let mut cells = vec![""; header.len()];
        for (key, value) in row {
            let Value::Text(text) = value else { return None };
            *columns.get(key.as_str()).and_then(|at| cells.get_mut(*at))? = text;
        }
        lines.push(cells.join("\t"));
    }
    Some(lines.join("\n"))
}

/// On one line, and in quotation marks where it has some.
fn cell(text: &str) -> String {
    let text = text.replace(|c: char| c.is_control() || super::records::is_line_break(c), " ");
    if text.contains(['"', '<', '\'']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}
