//! Schemas that no type gives by itself.

use std::marker::PhantomData;

use utoipa::openapi::schema::{Object, ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// The schema of a text that is one of these words.
pub fn one_of(words: impl Iterator<Item = impl Into<serde_json::Value>>, description: &str) -> Schema {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words)).description(Some(description)).into()
}

/// Several values of a kind as one text, separated by commas; empty is none. Only for the description of the API.
pub struct ListOf<T>(PhantomData<T>);

impl<T: PartialSchema> PartialSchema for ListOf<T> {
    fn schema() -> RefOr<Schema> {
        let one = match T::schema() {
            RefOr::T(Schema::Object(object)) => pattern_of(&object),
            RefOr::T(_) | RefOr::Ref(_) => None,
        };
        let list = one.map(|one| format!("^(({one})( *, *({one}))*)?$"));
        RefOr::T(ObjectBuilder::new().schema_type(Type::String).pattern(list).into())
    }
}

impl<T: PartialSchema> ToSchema for ListOf<T> {}

/// What a text of this schema looks like, without the marks of its beginning and its end.
fn pattern_of(text: &Object) -> Option<String> {
    let words = text.enum_values.as_ref().map(|words| {
        let words: Vec<&str> = words.iter().filter_map(serde_json::Value::as_str).collect();
        words.join("|").replace('.', "\\.")
    });
    words.or_else(|| Some(text.pattern.as_ref()?.trim_start_matches('^').trim_end_matches('$').to_owned()))
}
