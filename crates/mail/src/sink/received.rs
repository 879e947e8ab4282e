use std::fmt;

use mail_parser::MessageParser;

/// One mail as the server got it, taken apart.
#[derive(Clone)]
pub struct ReceivedMail {
    /// Who it was delivered to; several are joined by `, `.
    pub to: String,
    /// The address it was delivered from.
    pub from: String,
    /// The subject, decoded.
    pub subject: String,
    /// The plain text part, decoded, with `\n` line ends.
    pub text: String,
    /// The HTML part, decoded.
    pub html: String,
    /// Who answers go to, as the mail says it; empty when it does not.
    pub reply_to: String,
    /// How the client introduced itself.
    pub helo: String,
    /// The Message-ID with its brackets.
    pub message_id: String,
    /// Who signed in to send it, as `username:password`.
    pub login: Option<String>,
    /// The mail as it came over the wire.
    pub raw: String,
}

impl ReceivedMail {
    pub(super) fn parse(helo: String, from: String, to: &[String], login: Option<String>, raw: &[u8]) -> Self {
        let mail = MessageParser::default().parse(raw).unwrap_or_default();
        Self {
            to: to.join(", "),
            from,
            subject: mail.subject().unwrap_or_default().to_owned(),
            text: mail.body_text(0).unwrap_or_default().replace("\r\n", "\n"),
            html: mail.body_html(0).unwrap_or_default().into_owned(),
            reply_to: mail.header_raw("Reply-To").unwrap_or_default().trim().to_owned(),
            helo,
            message_id: mail.header_raw("Message-ID").unwrap_or_default().trim().to_owned(),
            login,
            raw: String::from_utf8_lossy(raw).into_owned(),
        }
    }

    /// The first web address in the plain text.
    pub fn link(&self) -> Option<&str> {
        let is_link = |word: &&str| word.starts_with("https://") || word.starts_with("http://");
        self.text.split_whitespace().find(is_link)
    }
}

impl fmt::Debug for ReceivedMail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} to {}\n{}", self.subject, self.to, self.text)
    }
}
