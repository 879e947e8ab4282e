//! The tag of a thing: what `ETag` says of it and `If-Match` names.

use std::fmt::Display;

/// The tag of one version of one thing, as `usr_01jgqm….7`. The id says of which thing and of what kind it is: addresses such as
/// `/me` mean another thing for everyone, and no tag passes for that of another.
pub fn tag(id: impl Display, version: impl Display) -> String {
    format!("{id}.{version}")
}

/// Whether a text has the form of a tag.
pub fn is_tag(text: &str) -> bool {
    let is_word = |part: &str, more: fn(u8) -> bool| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || more(byte))
    };
    text.split_once('.').is_some_and(|(id, version)| is_word(id, |byte| byte == b'_') && is_word(version, |_| false))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_names_the_thing_and_its_version() {
        assert_eq!(tag("usr_1", 7), "usr_1.7");
        assert_ne!(tag("usr_1", 7), tag("usr_2", 7));
        assert!(is_tag("usr_1.7") && is_tag("acc_1.c0ffee"));
        for other in ["", "7", "usr_1", "usr_1.", ".7", "usr_1.7.8", "Usr_1.7", "*", "yesterday"] {
            assert!(!is_tag(other), "{other}");
        }
    }
}
