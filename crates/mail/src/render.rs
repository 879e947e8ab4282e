use std::fmt;

use askama::Template;

use crate::letter::{Letter, Phrases};
use crate::{Locale, Message};

/// A mail as it will be sent. Its `Debug` shows the subject only, for the rest holds the link.
#[derive(Clone, PartialEq, Eq)]
pub struct Rendered {
    /// One line.
    pub subject: String,
    /// A whole HTML page.
    pub html: String,
    /// The same content as plain text.
    pub text: String,
}

impl fmt::Debug for Rendered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rendered").field("subject", &self.subject).finish_non_exhaustive()
    }
}

/// Why a message could not become a mail.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The link is no web address; it is not repeated here, as it may be a secret.
    #[error("the link of this mail is not a complete http or https address")]
    Link,
    /// A layout failed.
    #[error("the mail could not be laid out")]
    Layout(#[from] askama::Error),
}

#[derive(Template)]
#[template(path = "letter.html")]
struct Html<'a> {
    letter: &'a Letter,
    phrases: &'a Phrases,
}

#[derive(Template)]
#[template(path = "letter.txt")]
struct Text<'a> {
    letter: &'a Letter,
    phrases: &'a Phrases,
}

/// Writes `message` in the language of `locale`.
pub fn render(message: &Message, locale: Locale) -> Result<Rendered, RenderError> {
    let letter = &locale.letter(&message.defused()?);
    let phrases = locale.phrases();
    Ok(Rendered {
        html: Html { letter, phrases }.render()?,
        text: Text { letter, phrases }.render()?,
        subject: letter.subject.clone(),
    })
}
