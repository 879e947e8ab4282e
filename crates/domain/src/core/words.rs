//! What types have in common that are written as text: words for the values of an enum, serde by that text, and the schema
//! by which the API description tells clients of it.

use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};

#[doc(hidden)]
pub use {serde, utoipa};

/// A text that names no value of its kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown word")]
pub struct UnknownWord;

/// Gives every value of an enum its word, on the wire, in the database and in the API description alike.
#[macro_export]
macro_rules! words {
    ($name:ident { $($variant:ident = $word:literal),* $(,)? }) => {
        impl $name {
            /// Every value, in its order.
            pub const ALL: &[Self] = &[$(Self::$variant),*];
            /// The word for it in the database and on the wire.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.word())
            }
        }
        impl std::str::FromStr for $name {
            type Err = $crate::core::words::UnknownWord;
            fn from_str(text: &str) -> Result<Self, $crate::core::words::UnknownWord> {
                match text { $($word => Ok(Self::$variant),)* _ => Err($crate::core::words::UnknownWord) }
            }
        }
        impl $crate::core::words::serde::Serialize for $name {
            fn serialize<S: $crate::core::words::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.word())
            }
        }
        impl<'de> $crate::core::words::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::core::words::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str> as $crate::core::words::serde::Deserialize>::deserialize(deserializer)?;
                let unknown = |_| $crate::core::words::serde::de::Error::unknown_variant(&text, &[$($word),*]);
                text.parse().map_err(unknown)
            }
        }
        impl $crate::core::words::utoipa::PartialSchema for $name {
            fn schema() -> $crate::core::words::utoipa::openapi::RefOr<$crate::core::words::utoipa::openapi::schema::Schema> {
                $crate::core::words::schema_of_words([$($word),*])
            }
        }
        impl $crate::core::words::utoipa::ToSchema for $name {}
    };
}

/// The schema of a text that is one of these words.
pub fn schema_of_words(words: impl IntoIterator<Item = impl Into<serde_json::Value>>) -> RefOr<Schema> {
    RefOr::T(Schema::Object(ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words)).build()))
}

/// The schema of a text of a format that JSON Schema knows.
pub(crate) fn schema_of_format(format: KnownFormat, example: &str) -> RefOr<Schema> {
    let text = ObjectBuilder::new().schema_type(Type::String).format(Some(SchemaFormat::KnownFormat(format)));
    RefOr::T(Schema::Object(text.examples([example]).build()))
}

/// The schema of a text that matches a regular expression (ECMA-262, as JSON Schema has it).
pub(crate) fn schema_of_pattern(pattern: impl Into<String>, example: impl Into<serde_json::Value>) -> RefOr<Schema> {
    let text = ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern)).examples([example.into()]);
    RefOr::T(Schema::Object(text.build()))
}

/// The schema of a name: one line with something to see in it, of at most this many characters.
pub(crate) fn schema_of_name(longest: usize, example: &str) -> RefOr<Schema> {
    let text = ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(longest));
    RefOr::T(Schema::Object(text.pattern(Some(NAME)).examples([example]).build()))
}

/// No control character and none that hides text or turns it around, and one that is neither space nor mark. The joiners that
/// some scripts need are not told apart here from those that hide something.
const NAME: &str = concat!(
    r"^[^\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]*",
    r"[^\u0000-\u0020\u007f-\u00a0\u00ad\u0300-\u036f\u061c\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufe00-\ufe0f\ufeff]",
    r"[^\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]*$",
);

/// Lets serde write types by `Display` and read them by `FromStr`.
#[macro_export]
macro_rules! serde_by_text {
    ($($name:ty),+ $(,)?) => {$(
        impl $crate::core::words::serde::Serialize for $name {
            fn serialize<S: $crate::core::words::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> $crate::core::words::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::core::words::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str> as $crate::core::words::serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err($crate::core::words::serde::de::Error::custom)
            }
        }
    )+};
}
