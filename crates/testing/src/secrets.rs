//! Finds secrets where none may be (I5, D7): in answers, events, mails that wait, logs.

use service::core::secrets::{API_KEY_PREFIX, DEVICE_PREFIX, LINK_PREFIX, SESSION_PREFIX};

const SECRET_LENGTH: usize = 43;

/// The first token of a session, browser, link or API key in a text.
pub fn find(text: &str) -> Option<String> {
    let is_part = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    [SESSION_PREFIX, DEVICE_PREFIX, LINK_PREFIX, API_KEY_PREFIX].into_iter().find_map(|prefix| {
        text.split(prefix).skip(1).find_map(|rest| {
            let secret: String = rest.chars().take_while(is_part).collect();
            (secret.len() >= SECRET_LENGTH).then(|| format!("{prefix}{secret}"))
        })
    })
}

/// Panics when there is a token in a text.
pub fn assert_none(what: &str, text: &str) {
    if let Some(token) = find(text) {
        panic!("{what} has a secret in it: {token}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_found_wherever_it_stands_and_an_id_is_none() {
        let token = service::core::secrets::Token::new(LINK_PREFIX, &[7; 32]);
        assert_eq!(
            find(&format!("see https://a.example/activate/{}.", token.reveal())).as_deref(),
            Some(token.reveal())
        );
        assert_eq!(find("ses_01jd8p3kx5v9q2w7n4t6y8r0zz pcl_short"), None);
    }
}
