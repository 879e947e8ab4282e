use std::fmt;

use askama::Template;

use crate::defuse;
use crate::error::RenderError;
use crate::letter::{Letter, Phrases};
use crate::{Locale, Message, ReplyTo};

/// A mail as it will be sent. Its `Debug` shows the subject only, for the rest holds the link.
#[derive(Clone, PartialEq, Eq)]
pub struct Rendered {
    /// One line.
    pub subject: String,
    /// A whole HTML page.
    pub html: String,
    /// The same content as plain text.
    pub text: String,
    /// Where answers go; nowhere when absent.
    pub reply_to: Option<String>,
}

impl fmt::Debug for Rendered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rendered").field("subject", &self.subject).finish_non_exhaustive()
    }
}

#[derive(Template)]
#[template(path = "letter.html")]
struct Html<'a> {
    letter: &'a Letter,
    phrases: &'a Phrases,
    footer: &'a str,
}

#[derive(Template)]
#[template(path = "letter.txt")]
struct Text<'a> {
    letter: &'a Letter,
    footer: &'a str,
}

/// Writes `message` in the language of `locale`. The foot of the mail says where answers go.
pub fn render(message: &Message, locale: Locale, reply_to: &ReplyTo) -> Result<Rendered, RenderError> {
    let letter = &message.letter(locale)?;
    let phrases = locale.phrases();
    let reply_to = message.reply_address(reply_to);
    let footer = &footer(phrases, reply_to.clone());
    Ok(Rendered {
        html: Html { letter, phrases, footer }.render()?,
        text: Text { letter, footer }.render()?,
        subject: letter.subject.clone(),
        reply_to,
    })
}

fn footer(phrases: &Phrases, reply_to: Option<String>) -> String {
    match reply_to {
        Some(mut address) => {
            defuse::address(&mut address);
            format!("{} {address}.", phrases.replies_go_to)
        }
        None => phrases.nobody_reads_replies.to_owned(),
    }
}
