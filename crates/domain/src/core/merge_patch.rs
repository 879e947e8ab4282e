//! Changing a value by naming only what becomes different (RFC 7396).

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use utoipa::openapi::schema::{Object, Schema};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

use crate::core::refusal::FieldError;
use crate::core::strict_json;

/// What to change about a `T` that is written as a JSON object: `{"sessions": {"renew_while_open": true}}` changes one field of one
/// of its parts. Every field of a `T` is always written, so that taking one away means `null`, and its type says whether it can be.
pub struct MergePatch<T> {
    /// An object.
    changes: Value,
    of: PhantomData<fn() -> T>,
}

impl<T> Default for MergePatch<T> {
    fn default() -> Self {
        Self { changes: Map::new().into(), of: PhantomData }
    }
}

impl<T> Clone for MergePatch<T> {
    fn clone(&self) -> Self {
        Self { changes: self.changes.clone(), of: PhantomData }
    }
}

impl<T> fmt::Debug for MergePatch<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.changes, f)
    }
}

impl<'de, T> Deserialize<'de> for MergePatch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // A map of serde_json's own would take `null` for an empty one.
        let changes = BTreeMap::<String, Value>::deserialize(deserializer)?;
        Ok(Self { changes: Value::Object(changes.into_iter().collect()), of: PhantomData })
    }
}

impl<T: Serialize + DeserializeOwned> MergePatch<T> {
    /// What `before` becomes.
    ///
    /// # Errors
    /// The first change that does not fit: a field that a `T` does not have, or a value that its field cannot have.
    pub fn applied_to(&self, before: &T) -> Result<T, FieldError> {
        let mut value = serde_json::to_value(before).map_err(|error| strict_json::misfit(&error, String::new()))?;
        merge(&mut value, &self.changes);
        strict_json::read(value)
    }
}

fn merge(value: &mut Value, patch: &Value) {
    match (value, patch) {
        (Value::Object(fields), Value::Object(changes)) => {
            for (name, change) in changes {
                merge(fields.entry(name).or_insert(Value::Null), change);
            }
        }
        (value, patch) => *value = patch.clone(),
    }
}

/// The schema of a `T` in which nothing is required, neither in it nor in its parts.
impl<T: ToSchema> PartialSchema for MergePatch<T> {
    fn schema() -> RefOr<Schema> {
        let mut parts = Vec::new();
        T::schemas(&mut parts);
        partial(T::schema(), &parts.into_iter().collect())
    }
}

impl<T: ToSchema> ToSchema for MergePatch<T> {
    fn name() -> std::borrow::Cow<'static, str> {
        format!("{}Patch", T::name()).into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        T::schemas(schemas);
    }
}

fn partial(schema: RefOr<Schema>, parts: &BTreeMap<String, RefOr<Schema>>) -> RefOr<Schema> {
    match schema {
        RefOr::T(Schema::Object(object)) => RefOr::T(Schema::Object(partial_object(object, parts))),
        RefOr::Ref(reference) => match part_of(&reference, parts) {
            Some(object) => {
                let mut object = partial_object(object.clone(), parts);
                if !reference.description.is_empty() {
                    object.description = Some(reference.description);
                }
                RefOr::T(Schema::Object(object))
            }
            None => RefOr::Ref(reference),
        },
        RefOr::T(other) => RefOr::T(other),
    }
}

fn partial_object(mut object: Object, parts: &BTreeMap<String, RefOr<Schema>>) -> Object {
    object.required.clear();
    object.properties = object.properties.into_iter().map(|(name, schema)| (name, partial(schema, parts))).collect();
    object
}

/// The part with fields of its own that is referred to.
fn part_of<'p>(reference: &Ref, parts: &'p BTreeMap<String, RefOr<Schema>>) -> Option<&'p Object> {
    match parts.get(reference.ref_location.rsplit('/').next()?)? {
        RefOr::T(Schema::Object(object)) if !object.properties.is_empty() => Some(object),
        RefOr::T(_) | RefOr::Ref(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
    #[serde(deny_unknown_fields)]
    struct Lamp {
        name: String,
        bulb: Bulb,
    }

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
    #[serde(deny_unknown_fields)]
    struct Bulb {
        watts: u8,
        color: Option<String>,
    }

    fn changed(patch: Value) -> Result<Value, (String, String)> {
        let lamp = Lamp { name: "desk".to_owned(), bulb: Bulb { watts: 40, color: Some("warm".to_owned()) } };
        let patch: MergePatch<Lamp> = serde_json::from_value(patch).unwrap();
        let after = patch.applied_to(&lamp).map_err(|error| (error.pointer, error.code))?;
        Ok(serde_json::to_value(after).unwrap())
    }

    #[test]
    fn what_is_named_changes_and_everything_else_stays() {
        let bulb = |bulb: Value| json!({ "name": "desk", "bulb": bulb });
        assert_eq!(changed(json!({})), Ok(bulb(json!({ "watts": 40, "color": "warm" }))));
        let patch = json!({ "bulb": { "watts": 60 } });
        assert_eq!(changed(patch), Ok(bulb(json!({ "watts": 60, "color": "warm" }))));
        let patch = json!({ "bulb": { "color": null } });
        assert_eq!(changed(patch), Ok(bulb(json!({ "watts": 40, "color": null }))));
    }

    #[test]
    fn what_does_not_fit_is_named_by_its_pointer() {
        for (patch, pointer, code) in [
            (json!({ "bulb": { "watts": null } }), "/bulb/watts", "invalid_value"),
            (json!({ "bulb": { "watts": 256 } }), "/bulb/watts", "invalid_value"),
            (json!({ "bulb": { "watts": { "max": 5 } } }), "/bulb/watts", "invalid_value"),
            (json!({ "bulb": null }), "/bulb", "invalid_value"),
            (json!({ "bulb": [60, null] }), "/bulb", "invalid_value"),
            (json!({ "bulb": { "volts": null } }), "/bulb/volts", "unknown_field"),
            (json!({ "shade": 1 }), "/shade", "unknown_field"),
        ] {
            assert_eq!(changed(patch.clone()), Err((pointer.to_owned(), code.to_owned())), "{patch}");
        }
    }

    #[test]
    fn its_schema_is_that_of_the_value_with_nothing_required() {
        let schema = serde_json::to_value(MergePatch::<Lamp>::schema()).unwrap();
        assert_eq!(schema.pointer("/properties/bulb/properties/watts/type"), Some(&json!("integer")));
        assert_eq!(schema.pointer("/properties/bulb/additionalProperties"), Some(&json!(false)));
        assert!(!schema.to_string().contains("required"), "{schema}");
        assert_eq!(MergePatch::<Lamp>::name(), "LampPatch");
    }
}
