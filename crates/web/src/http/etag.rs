//! Entity tags (RFC 9110 §8.8.3): each names one version of one thing.
//!
//! A proxy that compresses an answer writes `W/` before its tag; that is no other version to us.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

/// The `ETag` that says `name`.
pub fn etag(name: &str) -> HeaderValue {
    HeaderValue::from_str(&format!("\"{name}\"")).unwrap_or_else(|_| HeaderValue::from_static("\"\""))
}

/// The versions that a condition of a request names.
#[derive(Debug, PartialEq, Eq)]
pub enum Versions {
    /// `*`: whichever there is.
    Any,
    /// Those whose tags say this. A text that is no tag of ours is the name of no version.
    Named(Vec<String>),
}

impl Versions {
    /// Of `If-Match` or `If-None-Match` (§13.1); `None` where the request has no such condition.
    pub fn of(headers: &HeaderMap, condition: &HeaderName) -> Option<Self> {
        let text = |line: &HeaderValue| String::from_utf8_lossy(line.as_bytes()).into_owned();
        let lines: Vec<String> = headers.get_all(condition).iter().map(text).collect();
        let tags: Vec<&str> = lines.iter().flat_map(|line| line.split(',')).map(str::trim).collect();
        if tags.is_empty() {
            return None;
        }
        // Before the quotes are taken off: `"*"` is a tag.
        if tags.contains(&"*") {
            return Some(Self::Any);
        }
        Some(Self::Named(tags.into_iter().map(|tag| name_of(tag).to_owned()).collect()))
    }
}

fn name_of(tag: &str) -> &str {
    tag.strip_prefix("W/").unwrap_or(tag).trim_matches('"')
}

/// Whether the client has this version already and need not be sent it again (`If-None-Match`).
pub fn is_known(headers: &HeaderMap, name: &str) -> bool {
    match Versions::of(headers, &header::IF_NONE_MATCH) {
        Some(Versions::Any) => true,
        Some(Versions::Named(names)) => names.iter().any(|known| known == name),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked_with(known: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::IF_NONE_MATCH, HeaderValue::from_static(known))])
    }

    #[test]
    fn a_version_is_known_by_its_tag_alone_in_a_list_or_weakened_by_a_proxy() {
        for known in ["\"a1\"", "W/\"a1\"", "\"b2\", \"a1\"", "*"] {
            assert!(is_known(&asked_with(known), "a1"), "{known}");
        }
        for other in ["\"a\"", "\"a11\"", "W/\"b2\"", "", "\"\"", "\"*\""] {
            assert!(!is_known(&asked_with(other), "a1"), "{other}");
        }
        assert!(!is_known(&HeaderMap::new(), "a1"));
    }

    #[test]
    fn what_was_made_is_read_again_alone_in_a_list_and_on_several_lines() {
        let sent = |lines: &[HeaderValue]| {
            let mut all = HeaderMap::new();
            for line in lines {
                all.append(header::IF_MATCH, line.clone());
            }
            Versions::of(&all, &header::IF_MATCH)
        };
        let named = |names: &[&str]| Some(Versions::Named(names.iter().map(|name| (*name).to_owned()).collect()));
        assert_eq!(sent(&[]), None);
        assert_eq!(sent(&[etag("17")]), named(&["17"]));
        assert_eq!(sent(&[etag("5"), HeaderValue::from_static("W/\"6\" , \"7\"")]), named(&["5", "6", "7"]));
        assert_eq!(sent(&[HeaderValue::from_static("*")]), Some(Versions::Any));
        assert_eq!(sent(&[HeaderValue::from_static("\"*\"")]), named(&["*"]), "in quotes it is a tag");
    }
}
