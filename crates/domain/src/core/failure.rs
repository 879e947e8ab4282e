//! The two ways in which an operation does not succeed: a rule refused it, or something is broken.

use std::fmt;

use crate::core::refusal::{FieldError, Kind, Params, Rule};
use crate::core::timestamp::Seconds;

/// A rule's no, as the caller will read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Which kind of no.
    pub kind: Kind,
    /// Stable code.
    pub code: &'static str,
    /// What happened, why, what to do next.
    pub detail: String,
    /// The parts that were refused, where the request has parts.
    pub errors: Vec<FieldError>,
    /// The values in that sentence.
    pub params: Params,
    /// After which time the same may be tried again, where it is a matter of time.
    pub retry_after: Option<Seconds>,
}

impl Refusal {
    /// A no that no time heals.
    pub fn new(kind: Kind, code: &'static str, detail: String, errors: Vec<FieldError>) -> Self {
        Self { kind, code, detail, errors, params: Params::new(), retry_after: None }
    }
}

/// Why an operation did not happen. Nothing of it was kept, unless it is uncertain.
#[derive(Debug)]
pub enum Failure {
    /// A rule refused it.
    Refused(Box<Refusal>),
    /// The database or the hashing pool cannot serve right now; trying again later is right.
    Unavailable(String),
    /// A question takes the database longer than it may. Asked in the same way again, it would so again.
    TooSlow(String),
    /// It was done completely or not at all, and it is unknown which.
    Uncertain(String),
    /// A fault: everything goes to the log, nothing out.
    Broken(Box<dyn std::error::Error + Send + Sync>),
}

impl Failure {
    /// The same, with the time after which another try makes sense.
    #[must_use]
    pub fn retry_after(mut self, pause: impl Into<Option<Seconds>>) -> Self {
        if let Self::Refused(refusal) = &mut self {
            refusal.retry_after = pause.into();
        }
        self
    }
}

/// The short way to refuse.
pub fn refuse(kind: Kind, code: &'static str, detail: impl Into<String>) -> Failure {
    Failure::Refused(Box::new(Refusal::new(kind, code, detail.into(), Vec::new())))
}

/// Refuses with one entry per part; `detail` sums them up.
pub fn refuse_parts(kind: Kind, code: &'static str, detail: impl Into<String>, errors: Vec<FieldError>) -> Failure {
    Failure::Refused(Box::new(Refusal::new(kind, code, detail.into(), errors)))
}

/// Refuses one field of the request.
pub fn refuse_field(pointer: &str, code: &'static str, detail: impl Into<String>) -> Failure {
    let detail = detail.into();
    let error = field_error(pointer, code, &detail);
    refuse_parts(Kind::Invalid, code, detail, vec![error])
}

fn field_error(pointer: &str, code: &str, detail: &str) -> FieldError {
    FieldError { pointer: pointer.to_owned(), code: code.to_owned(), detail: detail.to_owned(), params: Params::new() }
}

/// Someone else changed the user at this very moment.
pub fn stale() -> Failure {
    refuse(Kind::Stale, "stale", "Someone else just changed this user. Reload and try again.")
}

/// There is no such thing, or none that the caller may know of: the same answer for both (T1).
#[derive(Debug, Clone, Copy)]
pub struct NoSuch(pub &'static str);

impl fmt::Display for NoSuch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "This {} doesn't exist. It may have been removed, or the address is wrong.", self.0)
    }
}

impl std::error::Error for NoSuch {}

impl Rule for NoSuch {
    fn refusal(&self) -> (Kind, &'static str) {
        (Kind::Unknown, "not_found")
    }
}

/// A rule's own error as a failure.
pub fn refused_by(rule: &impl Rule) -> Failure {
    let (kind, code) = rule.refusal();
    let detail = rule.to_string();
    let params = rule.params();
    let error = |pointer| FieldError { params: params.clone(), ..field_error(pointer, code, &detail) };
    let errors = rule.field().map(error).into_iter().collect();
    let refusal = Refusal { params, retry_after: rule.retry_after(), ..Refusal::new(kind, code, detail, errors) };
    Failure::Refused(Box::new(refusal))
}

/// Lets `?` carry the errors of rules out of an operation.
impl<R: Rule> From<R> for Failure {
    fn from(error: R) -> Self {
        refused_by(&error)
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::Broken(Box::new(error))
    }
}
