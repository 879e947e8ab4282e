//! `/api/docs`: the description of the API as a page, made on this server from the same source as the OpenAPI file.

mod example;
mod model;

use std::sync::OnceLock;

use askama::Template;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use self::model::{Group, SchemaDoc};
use crate::pages::prose::Prose;

#[derive(Template)]
#[template(path = "reference.html")]
struct Reference {
    title: String,
    paragraphs: Vec<Prose>,
    groups: Vec<Group>,
    schemas: Vec<SchemaDoc>,
}

/// The page, made when it is first looked at.
pub fn page() -> Response {
    static PAGE: OnceLock<String> = OnceLock::new();
    let text = PAGE.get_or_init(|| written().unwrap_or_default());
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], text.as_str()).into_response()
}

fn written() -> Option<String> {
    let document = serde_json::to_value(crate::description()).ok()?;
    let info = document.get("info")?;
    let text = |name: &str| info.get(name).and_then(Value::as_str).unwrap_or_default();
    let reference = Reference {
        title: text("title").to_owned(),
        paragraphs: text("description").split("\n\n").map(Prose::of).collect(),
        groups: model::groups(&document),
        schemas: model::schemas(&document),
    };
    reference.render().inspect_err(|error| tracing::error!(%error, "The reference couldn't be rendered.")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_and_every_shape_is_on_the_page() {
        let document = serde_json::to_value(crate::description()).unwrap();
        let page = written().unwrap();
        for methods in document["paths"].as_object().unwrap().values() {
            for operation in methods.as_object().unwrap().values() {
                let id = operation["operationId"].as_str().unwrap();
                assert!(page.contains(&format!("id=\"{id}\"")), "{id}");
            }
        }
        for name in document["components"]["schemas"].as_object().unwrap().keys() {
            assert!(page.contains(&format!("id=\"schema-{name}\"")), "{name}");
        }
        assert!(
            !page.contains("<script") && !page.contains("http://") && !page.contains("src="),
            "nothing from outside"
        );
    }
}
