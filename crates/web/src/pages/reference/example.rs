//! Examples made from schemas.

use serde_json::{Map, Value, json};

/// Schemas refer to each other at most so deep before an example stops.
const DEEPEST: usize = 6;

/// An example for a schema: its own, or one made from its type.
pub fn of(document: &Value, schema: &Value, depth: usize) -> Value {
    let given = schema.get("example").or_else(|| schema.pointer("/examples/0")).or_else(|| schema.pointer("/enum/0"));
    if let Some(given) = given {
        return given.clone();
    }
    if depth > DEEPEST {
        return Value::Null;
    }
    if let Some(named) = referred(schema) {
        let named = document.pointer("/components/schemas").and_then(|schemas| schemas.get(named));
        return named.map_or(Value::Null, |schema| of(document, schema, depth + 1));
    }
    if let Some(items) = schema.get("items") {
        return json!([of(document, items, depth + 1)]);
    }
    if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
        return made_of(document, schema, properties, depth);
    }
    let is_something = |choice: &&Value| choice.get("type").and_then(Value::as_str) != Some("null");
    let choices = ["oneOf", "anyOf", "allOf"].into_iter().filter_map(|kind| schema.get(kind)?.as_array());
    match choices.flatten().find(is_something) {
        Some(choice) => of(document, choice, depth + 1),
        None => simple(schema),
    }
}

/// What must be there; where nothing must, everything that may.
fn made_of(document: &Value, schema: &Value, properties: &Map<String, Value>, depth: usize) -> Value {
    let required: Vec<&str> =
        schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let shown = properties.iter().filter(|(name, _)| required.is_empty() || required.contains(&name.as_str()));
    Value::Object(shown.map(|(name, field)| (name.clone(), of(document, field, depth + 1))).collect())
}

fn simple(schema: &Value) -> Value {
    let kind = match schema.get("type") {
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).find(|kind| *kind != "null"),
        Some(one) => one.as_str(),
        None => None,
    };
    match (kind, schema.get("format").and_then(Value::as_str)) {
        (Some("integer" | "number"), _) => json!(1),
        (Some("boolean"), _) => json!(true),
        (Some("object"), _) => json!({}),
        (Some("string"), Some("email")) => json!("ana@example.com"),
        (Some("string"), Some("password")) => json!("…"),
        (Some("string"), Some("date-time")) => json!("2030-01-31T12:00:00Z"),
        (Some("string"), _) => json!("text"),
        _ => Value::Null,
    }
}

/// The name of the schema that a reference points at.
pub fn referred(schema: &Value) -> Option<&str> {
    schema.get("$ref")?.as_str()?.strip_prefix("#/components/schemas/")
}
