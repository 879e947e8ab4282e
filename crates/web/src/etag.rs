//! Entity tags (RFC 9110 §8.8.3): each names one version of one thing.
//!
//! A proxy that compresses an answer writes `W/` before its tag; that is no other version to us.

use axum::http::{HeaderMap, HeaderValue, header};

/// The `ETag` that says `name`.
pub fn etag(name: &str) -> HeaderValue {
    HeaderValue::from_str(&format!("\"{name}\"")).unwrap_or_else(|_| HeaderValue::from_static("\"\""))
}

/// What a tag says.
pub fn name_of(tag: &str) -> &str {
    let tag = tag.trim();
    tag.strip_prefix("W/").unwrap_or(tag).trim_matches('"')
}

/// Whether the client has this version already and need not be sent it again (`If-None-Match`, §13.1.2).
pub fn is_known(headers: &HeaderMap, name: &str) -> bool {
    let lines = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|tag| name_of(tag) == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked_with(known: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::IF_NONE_MATCH, HeaderValue::from_static(known))])
    }

    #[test]
    fn a_version_is_known_by_its_tag_alone_in_a_list_or_weakened_by_a_proxy() {
        for known in ["\"a1\"", "W/\"a1\"", "\"b2\", \"a1\""] {
            assert!(is_known(&asked_with(known), "a1"), "{known}");
        }
        for other in ["\"a\"", "\"a11\"", "W/\"b2\"", "", "\"\""] {
            assert!(!is_known(&asked_with(other), "a1"), "{other}");
        }
        assert!(!is_known(&HeaderMap::new(), "a1"));
    }

    #[test]
    fn what_was_made_is_read_again() {
        assert_eq!(name_of(etag("17").to_str().unwrap()), "17");
    }
}
