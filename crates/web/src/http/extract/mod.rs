//! What handlers take out of a request, each refusing in the one form of errors.

mod caller;
mod json;
mod path;

pub use caller::{Anybody, Caller, Credentials, Onlooker, Origin};
pub use json::{BodyLimit, Json, JsonPatch, Whole};
pub use path::{Path, Query};
