//! Cursors: where a page of a list goes on, opaque to clients.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::event::hexadecimal;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::failure::{Failure, refuse_field};

/// The mark of a list: account, filter and order. A cursor goes on only in the list it comes from.
pub fn seal(list: &impl Serialize) -> String {
    let mut hash = hexadecimal(&Sha256::digest(serde_json::to_vec(list).unwrap_or_default()));
    hash.truncate(16);
    hash
}

/// A cursor for a place in the list of this seal.
pub fn write(seal: &str, place: &impl Serialize) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(&(seal, place)).unwrap_or_default())
}

/// The place of a cursor.
///
/// # Errors
/// 422 for what is no cursor, or one of another list.
pub fn read<T: DeserializeOwned>(seal: &str, cursor: &str) -> Result<T, Failure> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| broken())?;
    let (of, place): (String, T) = serde_json::from_slice(&bytes).map_err(|_| broken())?;
    if of == seal { Ok(place) } else { Err(broken()) }
}

/// The refusal of a cursor that cannot be used.
pub(crate) fn broken() -> Failure {
    refuse_field(
        "cursor",
        "invalid_cursor",
        "this cursor does not belong to this list with this filter and order; begin again without a cursor",
    )
}

/// The most entries of a page, where an operation does not say otherwise (D12).
pub const MAX_LIMIT: usize = 200;
/// The entries of a page when the request does not say.
pub const DEFAULT_LIMIT: usize = 50;

/// Cuts to a page what was read with one entry more than that; whether there was one.
pub fn cut<T>(found: &mut Vec<T>, limit: usize) -> bool {
    let more = found.len() > limit;
    found.truncate(limit);
    more
}

/// How many entries a page is to have.
///
/// # Errors
/// 422 outside 1 to [`MAX_LIMIT`].
pub fn limit(wanted: Option<i64>) -> Result<usize, Failure> {
    let Some(wanted) = wanted else { return Ok(DEFAULT_LIMIT) };
    usize::try_from(wanted).ok().filter(|limit| (1..=MAX_LIMIT).contains(limit)).ok_or_else(|| {
        refuse_field("limit", "out_of_range", format!("limit is {wanted}; a page has 1 to {MAX_LIMIT} entries"))
    })
}
