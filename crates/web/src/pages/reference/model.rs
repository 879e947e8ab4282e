//! What the reference shows of the OpenAPI document.

use serde_json::{Map, Value};

use super::example::{self, referred};
use crate::pages::prose::Prose;

/// Operations with the same tag.
pub struct Group {
    /// The tag.
    pub name: String,
    /// Its operations.
    pub operations: Vec<OperationDoc>,
}

/// One operation.
pub struct OperationDoc {
    /// Its `operationId`.
    pub id: String,
    /// `GET`, `POST` …
    pub method: String,
    /// The same in lower case, for the color.
    pub class: String,
    /// With `{names}`.
    pub path: String,
    /// One line.
    pub summary: String,
    /// More lines.
    pub description: Prose,
    /// Whom it is for, in words.
    pub need: String,
    /// What is in the path, the query and headers.
    pub parameters: Vec<ParameterDoc>,
    /// What is sent.
    pub body: Option<ShapeDoc>,
    /// What comes back.
    pub responses: Vec<ResponseDoc>,
    /// The call on a command line.
    pub curl: String,
}

/// A parameter.
pub struct ParameterDoc {
    /// The parameter's name.
    pub name: String,
    /// `path`, `query` or `header`.
    pub place: String,
    /// Whether it must be there.
    pub required: bool,
    /// The parameter's type.
    pub shape: ShapeDoc,
    /// What it does.
    pub description: Prose,
}

/// A type in words, with the schema to look at.
#[derive(Clone)]
pub struct ShapeDoc {
    /// `array of`, `string` …
    pub words: String,
    /// The schema's name.
    pub schema: Option<String>,
}

/// The result of a check.
pub struct ResponseDoc {
    /// `200`, `404` …
    pub status: String,
    /// What it means.
    pub description: Prose,
    /// Its media type.
    pub media: String,
    /// Its shape.
    pub shape: Option<ShapeDoc>,
}

/// A schema.
pub struct SchemaDoc {
    /// The schema's name.
    pub name: String,
    /// What it is.
    pub description: Prose,
    /// Its words, where it is an enumeration; else its own type.
    pub words: String,
    /// Its fields.
    pub fields: Vec<FieldDoc>,
}

/// A field.
pub struct FieldDoc {
    /// The field's name.
    pub name: String,
    /// Whether it must be there.
    pub required: bool,
    /// The field's type.
    pub shape: ShapeDoc,
    /// What it means.
    pub description: Prose,
}

fn text(value: &Value, name: &str) -> String {
    value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn object<'v>(value: &'v Value, pointer: &str) -> impl Iterator<Item = (&'v String, &'v Value)> {
    value.pointer(pointer).and_then(Value::as_object).into_iter().flat_map(Map::iter)
}

fn list<'v>(value: &'v Value, name: &str) -> impl Iterator<Item = &'v Value> {
    value.get(name).and_then(Value::as_array).into_iter().flatten()
}

/// The operations by their tags, in the order of the document.
pub fn groups(document: &Value) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (path, methods) in object(document, "/paths") {
        for (method, operation) in methods.as_object().into_iter().flat_map(Map::iter) {
            let tag = list(operation, "tags").next().and_then(Value::as_str).unwrap_or("other").to_owned();
            let documented = operation_doc(document, path, method, operation);
            match groups.iter_mut().find(|group| group.name == tag) {
                Some(group) => group.operations.push(documented),
                None => groups.push(Group { name: tag, operations: vec![documented] }),
            }
        }
    }
    groups.sort_by(|a, b| a.name.cmp(&b.name));
    groups
}

fn operation_doc(document: &Value, path: &str, method: &str, operation: &Value) -> OperationDoc {
    let body = operation.pointer("/requestBody/content").and_then(Value::as_object);
    let body = body.and_then(|content| content.iter().next());
    OperationDoc {
        id: text(operation, "operationId"),
        method: method.to_uppercase(),
        class: method.to_lowercase(),
        path: path.to_owned(),
        summary: text(operation, "summary").trim_end_matches('.').to_owned(),
        description: Prose::of(&text(operation, "description")),
        need: need(operation),
        parameters: list(operation, "parameters").map(|one| parameter(document, one)).collect(),
        body: body.and_then(|(_, media)| media.get("schema")).map(shape),
        responses: object(operation, "/responses")
            .map(|(status, response)| answer(document, status, response))
            .collect(),
        curl: curl(document, path, method, body),
    }
}

fn need(operation: &Value) -> String {
    let Some(need) = operation.get("x-permission") else { return String::new() };
    let (permission, level) = (text(need, "permission"), text(need, "level"));
    match text(need, "scope").as_str() {
        "public" => "Anyone, signed in or not.".to_owned(),
        "self" => "The signed-in person, about themselves.".to_owned(),
        "member" => "Any user of the account.".to_owned(),
        "account" => format!("{permission}: {level}, in the whole account."),
        "system" => {
            format!("{permission}: {level}, at least for own systems. Shows and changes only what is in them.")
        }
        other => other.to_owned(),
    }
}

fn parameter(document: &Value, parameter: &Value) -> ParameterDoc {
    let parameter = resolved(document, parameter);
    let said = parameter.get("description").or_else(|| parameter.pointer("/schema/description"));
    ParameterDoc {
        name: text(parameter, "name"),
        place: text(parameter, "in"),
        required: parameter.get("required").and_then(Value::as_bool).unwrap_or_default(),
        shape: parameter.get("schema").map_or_else(|| plain("text"), shape),
        description: Prose::of(said.and_then(Value::as_str).unwrap_or_default()),
    }
}

fn answer(document: &Value, status: &str, response: &Value) -> ResponseDoc {
    let response = resolved(document, response);
    let content = response.get("content").and_then(Value::as_object).and_then(|content| content.iter().next());
    ResponseDoc {
        status: status.to_owned(),
        description: Prose::of(&text(response, "description")),
        media: content.map(|(media, _)| media.clone()).unwrap_or_default(),
        shape: content.and_then(|(_, media)| media.get("schema")).map(shape),
    }
}

/// What a reference within the document leads to, or the thing itself.
fn resolved<'d>(document: &'d Value, part: &'d Value) -> &'d Value {
    let pointer = part.get("$ref").and_then(Value::as_str).and_then(|place| place.strip_prefix('#'));
    pointer.and_then(|pointer| document.pointer(pointer)).unwrap_or(part)
}

fn plain(words: &str) -> ShapeDoc {
    ShapeDoc { words: words.to_owned(), schema: None }
}

/// A type in words.
fn shape(schema: &Value) -> ShapeDoc {
    if let Some(name) = referred(schema) {
        return ShapeDoc { words: String::new(), schema: Some(name.to_owned()) };
    }
    if let Some(items) = schema.get("items") {
        let of = shape(items);
        return ShapeDoc { words: format!("array of {}", of.words), schema: of.schema };
    }
    let choices: Vec<ShapeDoc> =
        ["oneOf", "anyOf", "allOf"].into_iter().flat_map(|name| list(schema, name)).map(shape).collect();
    if !choices.is_empty() {
        let words: Vec<String> = choices.iter().map(|it| it.words.clone()).filter(|words| !words.is_empty()).collect();
        return ShapeDoc { words: words.join(" or "), schema: choices.into_iter().find_map(|it| it.schema) };
    }
    if schema.get("enum").is_some() {
        return plain(&enumeration(schema));
    }
    let format = schema.get("format").and_then(Value::as_str).map(|format| format!(" ({format})")).unwrap_or_default();
    plain(&format!("{}{format}", types(schema)))
}

fn types(schema: &Value) -> String {
    match schema.get("type") {
        Some(Value::String(one)) => one.clone(),
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" or "),
        _ => "anything".to_owned(),
    }
}

fn enumeration(schema: &Value) -> String {
    list(schema, "enum")
        .map(|word| word.as_str().map_or_else(|| word.to_string(), str::to_owned))
        .collect::<Vec<_>>()
        .join(" · ")
}

/// All schemas, by name.
pub fn schemas(document: &Value) -> Vec<SchemaDoc> {
    object(document, "/components/schemas").map(|(name, schema)| schema_doc(name, schema)).collect()
}

fn schema_doc(name: &str, schema: &Value) -> SchemaDoc {
    let parts: Vec<&Value> =
        std::iter::once(schema).chain(["allOf", "oneOf"].into_iter().flat_map(|kind| list(schema, kind))).collect();
    let fields: Vec<FieldDoc> = parts.into_iter().flat_map(fields).collect();
    SchemaDoc {
        name: name.to_owned(),
        description: Prose::of(&text(schema, "description")),
        words: if fields.is_empty() { shape(schema).words } else { String::new() },
        fields,
    }
}

fn fields(schema: &Value) -> Vec<FieldDoc> {
    let required: Vec<&str> = list(schema, "required").filter_map(Value::as_str).collect();
    let field = |(name, field): (&String, &Value)| FieldDoc {
        name: name.clone(),
        required: required.contains(&name.as_str()),
        shape: shape(field),
        description: Prose::of(&text(field, "description")),
    };
    object(schema, "/properties").map(field).collect()
}

fn curl(document: &Value, path: &str, method: &str, body: Option<(&String, &Value)>) -> String {
    let method = method.to_uppercase();
    let verb = if method == "GET" { String::new() } else { format!(" -X {method}") };
    let path = path.replace('{', "$").replace('}', "");
    let Some((kind, media)) = body else { return format!("curl{verb} -b cookies \"$SERVER{path}\"") };
    let data = match media.get("schema").filter(|_| kind == "application/json") {
        Some(schema) => {
            let example = serde_json::to_string_pretty(&example::of(document, schema, 0)).unwrap_or_default();
            format!("-d '{example}'")
        }
        None => "--data-binary @file".to_owned(),
    };
    format!("curl{verb} -b cookies \"$SERVER{path}\" \\\n  -H 'content-type: {kind}' {data}")
}
