//! Cursors: where a page of a list goes on, opaque to clients.
//!
//! A cursor is a place, encrypted and bound to its list. So what comes back is a place that we wrote for this list, and no other:
//! a key of another type, a truncated or a changed one never reaches the database. And no one can read it: the place at which a
//! search stopped may be an entry that the reader does not see.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::core::failure::{Failure, refuse_field};
use domain::core::hexadecimal::hexadecimal;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::core::secrets::InstallationKey;

/// The mark of a list: account, filter and order.
pub fn mark(list: &impl Serialize) -> String {
    let mut hash = hexadecimal(&Sha256::digest(serde_json::to_vec(list).unwrap_or_default()));
    hash.truncate(16);
    hash
}

/// What makes and reads the cursors of one list.
pub struct Seal<'k> {
    key: &'k InstallationKey,
    mark: String,
}

impl<'k> Seal<'k> {
    /// Of the list with this account, filter and order. A cursor goes on only in the list it comes from.
    pub fn new(key: &'k InstallationKey, list: &impl Serialize) -> Self {
        Self { key, mark: mark(list) }
    }

    /// A cursor for a place.
    pub fn write(&self, place: &impl Serialize) -> String {
        let place = serde_json::to_vec(place).unwrap_or_default();
        URL_SAFE_NO_PAD.encode(self.key.cover(&self.context(), &place).unwrap_or_default())
    }

    /// The place of a cursor.
    ///
    /// # Errors
    /// 422 for what is no cursor of ours, or one of another list.
    pub fn read<T: DeserializeOwned>(&self, cursor: &str) -> Result<T, Failure> {
        let covered = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| broken())?;
        let place = self.key.uncover(&self.context(), covered).ok_or_else(broken)?;
        serde_json::from_slice(&place).map_err(|_| broken())
    }

    fn context(&self) -> String {
        format!("cursor:{}", self.mark)
    }
}

/// The refusal of a cursor that cannot be used.
pub(crate) fn broken() -> Failure {
    refuse_field(
        "cursor",
        "invalid_cursor",
        "This cursor doesn't match the list, its filter or its order. Start again without a cursor.",
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
        refuse_field(
            "limit",
            "out_of_range",
            format!(
                "The limit {wanted} isn't allowed. Use a value from 1 to \
         {MAX_LIMIT}."
            ),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key() -> InstallationKey {
        InstallationKey::new(&[7; 32])
    }

    proptest! {
        #[test]
        fn a_cursor_gives_back_its_place_and_any_other_text_is_refused(
            text: String, number: i64, position in 0usize..200, byte in 32u8..127, cut in 1usize..40,
        ) {
            let key = key();
            let seal = Seal::new(&key, &("acme", "users"));
            let cursor = seal.write(&(text.clone(), number));
            prop_assert_eq!(seal.read::<(String, i64)>(&cursor).unwrap(), (text.clone(), number));
            prop_assert!(Seal::new(&key, &("beta", "users")).read::<(String, i64)>(&cursor).is_err(), "another list");
            prop_assert!(Seal::new(&InstallationKey::new(&[8; 32]), &("acme", "users")).read::<(String, i64)>(&cursor).is_err());
            let mut changed = cursor.clone().into_bytes();
            let place = position % changed.len();
            changed[place] = byte;
            let changed = String::from_utf8(changed).unwrap();
            if changed != cursor {
                prop_assert!(seal.read::<(String, i64)>(&changed).is_err(), "{}", changed);
            }
            let beginning = cursor.get(..cursor.len() - cut.min(cursor.len())).unwrap();
            prop_assert!(seal.read::<(String, i64)>(beginning).is_err());
            // Whoever knows the form cannot make one: a place of another type, and one of ours behind something like a tag.
            for place in [format!("[{number},{number}]"), serde_json::to_string(&(text, number)).unwrap()] {
                let forged = URL_SAFE_NO_PAD.encode(format!("{}{}{place}", mark(&("acme", "users")), mark(&"")));
                prop_assert!(seal.read::<(String, i64)>(&forged).is_err());
            }
        }

        #[test]
        fn a_cursor_does_not_show_its_place(id in "evt_[0-9a-z]{26}") {
            let key = key();
            let cursor = Seal::new(&key, &("acme", "events")).write(&(true, id.clone()));
            let bytes = URL_SAFE_NO_PAD.decode(&cursor).unwrap();
            let shown = String::from_utf8_lossy(&bytes).into_owned();
            for part in (4..id.len() - 5).map(|from| id.get(from..from + 5).unwrap()) {
                prop_assert!(!shown.contains(part), "{} in {}", part, shown);
            }
            let other = Seal::new(&key, &("acme", "events")).write(&(true, id.replace(|c: char| c.is_ascii_digit(), "a")));
            prop_assert_eq!(other.len(), cursor.len(), "their length tells nothing");
        }
    }
}
