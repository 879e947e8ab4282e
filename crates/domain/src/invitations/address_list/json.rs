//! A pasted JSON text: objects are the rows of a table, and their keys its header.

use serde_json::{Map, Value};

use super::PastedAddress;
use super::decoration::{has_at_sign, is_blank, shown};
use crate::core::email_address::EmailAddressError;

/// Objects with more keys than this are no people, and their table would be longer than their text without end.
const MOST_KEYS: usize = 100;

/// The table that a JSON text of objects is, one value in a cell, or its refusal where its values are no texts. `None` for any
/// other text.
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

/// The objects of a list, of a list in an object (`{"users": […]}`), or one after the other.
fn rows(text: &str) -> Option<Vec<Map<String, Value>>> {
    let mut rows = Vec::new();
    for value in serde_json::Deserializer::from_str(text).into_iter::<Value>() {
        let listed = match value.ok()? {
            Value::Array(values) => values,
            Value::Object(object) => match object.values().find(|value| is_list_of_objects(value)) {
                Some(Value::Array(values))
                    if object.values().filter(|value| is_list_of_objects(value)).count() == 1 =>
                {
                    values.clone()
                }
                _ => vec![Value::Object(object)],
            },
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => return None,
        };
        for value in listed {
            let Value::Object(row) = value else { return None };
            rows.push(row);
        }
    }
    Some(rows)
}

fn is_list_of_objects(value: &Value) -> bool {
    value.as_array().is_some_and(|values| values.iter().any(Value::is_object))
}

fn table(rows: &[Map<String, Value>]) -> Option<String> {
    let mut header: Vec<&str> = Vec::new();
    for key in rows.iter().flat_map(Map::keys) {
        if !header.contains(&key.as_str()) {
            header.push(key);
        }
        if header.len() > MOST_KEYS {
            return None;
        }
    }
    let line = |row: &Map<String, Value>| -> Option<String> {
        let cells: Option<Vec<String>> =
            header.iter().map(|key| row.get(*key).map_or(Some(String::new()), text)).collect();
        Some(cells?.join("\t"))
    };
    let head: Vec<String> = header.iter().map(|key| cell(key)).collect();
    let lines: Option<Vec<String>> = rows.iter().map(line).collect();
    Some(format!("{}\n{}", head.join("\t"), lines?.join("\n")))
}

/// The text of a cell; `None` where a value has values itself.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some(String::new()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::String(text) => Some(cell(text)),
        Value::Array(_) | Value::Object(_) => None,
    }
}

/// On one line, and in quotation marks where it has some.
fn cell(text: &str) -> String {
    let text = text.replace(|c: char| c.is_control() || super::records::is_line_break(c), " ");
    if text.contains(['"', '<', '\'']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}
