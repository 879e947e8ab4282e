//! How a rule says no: a kind (which decides the HTTP status), a stable code and a sentence that says what to do next.

use std::collections::BTreeMap;

use crate::core::timestamp::Seconds;

/// The values in the sentence of an error, by name: with the code, all that is needed to say it in another language.
pub type Params = BTreeMap<&'static str, serde_json::Value>;

/// Values with their names.
pub fn params<const N: usize>(named: [(&'static str, serde_json::Value); N]) -> Params {
    BTreeMap::from(named)
}

/// What kind of no; `web` maps each to one status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The values themselves do not fit (422).
    Invalid,
    /// It conflicts with a rule or with the state of things (409).
    Conflict,
    /// The caller is known but may not (403).
    Forbidden,
    /// There is no such thing here, or none that the caller may know of (404).
    Unknown,
    /// Sign in first, or again, or further (401).
    SignIn,
    /// What the caller saw has changed since (412).
    Stale,
    /// More than one request may carry (413).
    TooLarge,
    /// Too often; later is fine (429).
    TooOften,
}

/// An error that is a rule's answer, not a fault.
pub trait Rule: std::error::Error {
    /// The kind of refusal and its stable code.
    fn refusal(&self) -> (Kind, &'static str);

    /// After which time the same may be tried again, where it is a matter of time.
    fn retry_after(&self) -> Option<Seconds> {
        None
    }

    /// The values in its sentence.
    fn params(&self) -> Params {
        Params::new()
    }

    /// JSON pointer to the field of the request that it refuses, where it is about a single one.
    fn field(&self) -> Option<&'static str> {
        None
    }
}

/// One part of the request that was refused, where a request has many parts (fields, rows of a bulk action).
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FieldError {
    /// JSON pointer (RFC 6901) into the request body, or the name of a query parameter.
    pub pointer: String,
    /// Stable code.
    pub code: String,
    /// A sentence for a person.
    pub detail: String,
    /// The values in that sentence.
    pub params: Params,
}

impl FieldError {
    /// The same, seen from the whole of which `part` was checked.
    #[must_use]
    pub fn below(self, part: &str) -> Self {
        Self { pointer: format!("{part}{}", self.pointer), ..self }
    }
}
