//! The two cookies: the session, and the token that recognizes the browser at its next sign-in.

use axum::http::{HeaderMap, HeaderValue, header};
use service::core::secrets::{DEVICE_PREFIX, SESSION_PREFIX, Token};
use service::sign_in::{REMEMBER_BROWSERS, SignedIn};

const SESSION: &str = "__Host-portcullis";
const DEVICE: &str = "__Host-portcullis-device";
const ATTRIBUTES: &str = "Path=/; Secure; HttpOnly; SameSite=Lax";
const SESSION_MAX_AGE: u32 = 90 * 86_400;

/// The value of a cookie. Split as bytes: beside it stand the cookies of every application on the host, with whatever in them.
fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let value = headers
        .get_all(header::COOKIE)
        .iter()
        .flat_map(|line| line.as_bytes().split(|byte| *byte == b';'))
        .find_map(|pair| pair.trim_ascii().strip_prefix(name.as_bytes())?.strip_prefix(b"="))?;
    std::str::from_utf8(value).ok()
}

/// The text of the session cookie, whatever is in it.
pub fn session_text(headers: &HeaderMap) -> Option<&str> {
    cookie(headers, SESSION)
}

/// The token of the session cookie, if it has the form of one.
pub fn session(headers: &HeaderMap) -> Option<Token> {
    session_text(headers).and_then(|text| Token::read(SESSION_PREFIX, text))
}

/// The token of the device cookie, if it has the form of one.
pub fn device(headers: &HeaderMap) -> Option<Token> {
    cookie(headers, DEVICE).and_then(|text| Token::read(DEVICE_PREFIX, text))
}

/// The headers that sign a browser in.
pub fn set(signed_in: &SignedIn) -> [(header::HeaderName, HeaderValue); 2] {
    [set_one(SESSION, &signed_in.token, SESSION_MAX_AGE), set_device(&signed_in.device)]
}

/// The header by which a browser is recognized.
pub fn set_device(device: &Token) -> (header::HeaderName, HeaderValue) {
    set_one(DEVICE, device, REMEMBER_BROWSERS.0)
}

fn set_one(name: &str, token: &Token, max_age: u32) -> (header::HeaderName, HeaderValue) {
    let line = format!("{name}={}; {ATTRIBUTES}; Max-Age={max_age}", token.reveal());
    (header::SET_COOKIE, secret_header(&line))
}

/// The header that signs a browser out.
pub fn clear() -> (header::HeaderName, HeaderValue) {
    (header::SET_COOKIE, secret_header(&format!("{SESSION}=; {ATTRIBUTES}; Max-Age=0")))
}

fn secret_header(line: &str) -> HeaderValue {
    let mut value = HeaderValue::from_str(line).unwrap_or_else(|_| HeaderValue::from_static(""));
    value.set_sensitive(true);
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(lines: &[&[u8]]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(header::COOKIE, HeaderValue::from_bytes(line).unwrap());
        }
        headers
    }

    #[test]
    fn a_cookie_is_found_whatever_byte_stands_in_those_around_it() {
        for byte in (0x20_u8..=0xff).filter(|byte| !matches!(byte, b';' | 0x7f)) {
            let line = [b"before=", &[byte][..], b"; __Host-portcullis=mine;after=", &[byte]].concat();
            assert_eq!(session_text(&lines(&[&line])), Some("mine"), "{byte:#x}");
            assert_eq!(session_text(&lines(&[&[b'x', b'=', byte], &line])), Some("mine"), "{byte:#x} on another line");
        }
        assert_eq!(session_text(&lines(&["__Host-portcullis=m\u{e9}".as_bytes()])), Some("m\u{e9}"));
        assert_eq!(session_text(&lines(&[b"__Host-portcullis=m\xe9"])), None);
    }

    #[test]
    fn only_a_cookie_of_this_very_name_counts() {
        for line in ["", "__Host-portcullisx=a", "x__Host-portcullis=a", "__Host-portcullis", "a=__Host-portcullis=b"] {
            assert_eq!(session_text(&lines(&[line.as_bytes()])), None, "{line:?}");
        }
    }
}
