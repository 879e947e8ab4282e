//! Typed identifiers: a three-letter prefix and a UUIDv7 in Crockford base 32 (`usr_01jd…`), so that the text of an id says
//! what it names and sorts by the time it was made.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const ENCODED_LENGTH: usize = 26;
/// A UUIDv7 for the examples of the API description.
pub(crate) const EXAMPLE: u128 = 0x0190_1c63_7e00_7abc_8def_0123_4567_89ab;

/// A text that is not an id of the expected kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("This isn't a valid id. It must be {prefix}_ followed by 26 letters and digits.")]
pub struct NotAnId {
    pub(crate) prefix: &'static str,
}

/// What all typed ids have in common; lets one function serve every kind.
pub trait Id: Sized + Copy + fmt::Display + FromStr<Err = NotAnId> {
    /// The letters in front of the underscore.
    const PREFIX: &'static str;
    /// The id for a given UUID (version 7 wherever Portcullis makes one).
    fn from_uuid(uuid: Uuid) -> Self;
}

pub(crate) fn encode(uuid: Uuid) -> [u8; ENCODED_LENGTH] {
    let mut rest = uuid.as_u128();
    let mut text = [b'0'; ENCODED_LENGTH];
    for slot in text.iter_mut().rev() {
        let digit = usize::try_from(rest & 31).unwrap_or_default();
        *slot = ALPHABET.get(digit).copied().unwrap_or(b'0');
        rest >>= 5;
    }
    text
}

pub(crate) fn decode(text: &str) -> Option<Uuid> {
    if text.len() != ENCODED_LENGTH {
        return None;
    }
    let mut value: u128 = 0;
    for (position, byte) in text.bytes().enumerate() {
        let digit = ALPHABET.iter().position(|letter| *letter == byte)?;
        if position == 0 && digit > 7 {
            return None;
        }
        value = (value << 5) | u128::try_from(digit).ok()?;
    }
    Some(Uuid::from_u128(value))
}

/// Makes types of ids. What one capability alone knows by id has it in its own file; here is what several know.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(uuid::Uuid);

        impl $crate::core::ids::Id for $name {
            const PREFIX: &'static str = $prefix;
            fn from_uuid(uuid: uuid::Uuid) -> Self {
                Self(uuid)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!($prefix, "_"))?;
                f.write_str(std::str::from_utf8(&$crate::core::ids::encode(self.0)).unwrap_or_default())
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(self, f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::core::ids::NotAnId;
            fn from_str(text: &str) -> Result<Self, $crate::core::ids::NotAnId> {
                text.strip_prefix(concat!($prefix, "_"))
                    .and_then($crate::core::ids::decode)
                    .map(Self)
                    .ok_or($crate::core::ids::NotAnId { prefix: $prefix })
            }
        }

        $crate::serde_by_text!($name);

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                let example = <Self as $crate::core::ids::Id>::from_uuid(uuid::Uuid::from_u128($crate::core::ids::EXAMPLE));
                $crate::core::words::schema_of_pattern(concat!("^", $prefix, "_[0-7][0-9a-hjkmnp-tv-z]{25}$"), example.to_string())
            }
        }

        impl utoipa::ToSchema for $name {}
    )*};
}
pub(crate) use ids;

ids! {
    /// A customer tenant.
    AccountId = "acc";
    /// A person's sign-in, one in the whole installation.
    IdentityId = "idn";
    /// An identity's membership in one account.
    UserId = "usr";
    /// One guided application of an account.
    SystemId = "sys";
    /// A publish target inside a system.
    EnvironmentId = "env";
    /// A named set of users.
    GroupId = "grp";
    /// A custom role (predefined roles are named by their key, see [`crate::access::role::RoleId`]).
    CustomRoleId = "rol";
    /// A stored invitation.
    InvitationId = "inv";
    /// A single-use link that was mailed or printed.
    LinkId = "lnk";
    /// A signed-in browser or client.
    SessionId = "ses";
    /// An entry of the activity log.
    EventId = "evt";
    /// A mail waiting to be sent, or sent.
    OutboxId = "out";
    /// A long-running piece of work.
    JobId = "job";
    /// A key of a program.
    ApiKeyId = "key";
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_id_reads_back_from_its_text_and_sorts_like_its_uuid(a: u128, b: u128) {
            let (a, b) = (UserId::from_uuid(Uuid::from_u128(a)), UserId::from_uuid(Uuid::from_u128(b)));
            prop_assert_eq!(a.to_string().parse::<UserId>(), Ok(a));
            prop_assert_eq!(a.cmp(&b), a.to_string().cmp(&b.to_string()));
        }
    }

    #[test]
    fn an_id_of_another_kind_or_spelling_is_refused() {
        let user = UserId::from_uuid(Uuid::from_u128(7)).to_string();
        assert!(user.parse::<SystemId>().is_err());
        assert!(user.to_uppercase().parse::<UserId>().is_err());
        assert!(format!("{user}0").parse::<UserId>().is_err());
        assert!("usr_8zzzzzzzzzzzzzzzzzzzzzzzzz".parse::<UserId>().is_err());
    }
}
