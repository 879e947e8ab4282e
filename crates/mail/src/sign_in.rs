//! How we sign in at a mail server (RFC 4954).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Who signs in, with which password.
pub(crate) struct Credentials {
    pub(crate) username: String,
    pub(crate) password: String,
}

/// A way to sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mechanism {
    /// Name and password at once (RFC 4616).
    Plain,
    /// One after the other, each when it is asked for; for servers that know nothing better.
    Login,
}

impl Mechanism {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Plain => "PLAIN",
            Self::Login => "LOGIN",
        }
    }
}

impl Credentials {
    /// What is said, line by line, as long as the server asks for more. Of `AUTH PLAIN` the second line is for servers that ask for what
    /// the first one said already.
    pub(crate) fn lines(&self, mechanism: Mechanism) -> Vec<String> {
        let Self { username, password } = self;
        match mechanism {
            Mechanism::Plain => {
                let both = STANDARD.encode(format!("\0{username}\0{password}"));
                vec![format!("AUTH PLAIN {both}"), both]
            }
            Mechanism::Login => vec!["AUTH LOGIN".to_owned(), STANDARD.encode(username), STANDARD.encode(password)],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_and_password_are_said_as_each_way_wants_them() {
        let ours = Credentials { username: "ana".to_owned(), password: "m\u{fc}ll\r\n".to_owned() };
        assert_eq!(ours.lines(Mechanism::Plain)[0], "AUTH PLAIN AGFuYQBtw7xsbA0K");
        assert_eq!(ours.lines(Mechanism::Login), ["AUTH LOGIN", "YW5h", "bcO8bGwNCg=="]);
    }
}
