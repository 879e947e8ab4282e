//! The mails, each in its own file: what it is made of, what makes that harmless, and what it says in each language. A new one is
//! a file of its kind's name and its line here.

mod access_ended;
mod activation;
mod new_admins;
mod no_password_here;
mod password_changed;
mod password_reset;
mod role_changed;
mod sign_in_from_new_device;
mod test;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::letter::Letter;
use crate::{Locale, RenderError};

/// One kind of mail.
trait Mail {
    /// Makes every text harmless: only so the languages see it.
    fn defuse(&mut self) -> Result<(), RenderError>;

    fn english(&self) -> Letter;

    fn german(&self) -> Letter;

    /// Takes its single-use link, where it has one: a queued mail is kept without.
    fn set_link(&mut self, _link: String) {}

    /// The address of the inviter, if there is one.
    fn inviter(&self) -> Option<&String> {
        None
    }
}

/// Makes one enum of the kinds of mail; each has the name of its file.
macro_rules! mails {
    ($($kind:ident: $mail:ident),* $(,)?) => {
        $(pub use $kind::$mail;)*

        /// A mail to one person, before it has a language: what an outbox row keeps as JSON.
        ///
        /// Times are RFC 3339 in UTC; links are complete. `Debug` names the kind only: links are secrets, the rest is about people.
        #[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "kind", rename_all = "snake_case")]
        #[expect(missing_docs, reason = "what each is for stands at its type")]
        pub enum Message { $($mail($mail)),* }

        impl Message {
            /// The names of all kinds, of which each [`Message::kind`] is one.
            pub const KINDS: &[&str] = &[$(stringify!($kind)),*];

            /// The name of this kind of mail, as in its JSON; safe to log.
            pub const fn kind(&self) -> &'static str {
                match self { $(Self::$mail(_) => stringify!($kind)),* }
            }

            fn mail(&self) -> &dyn Mail {
                match self { $(Self::$mail(mail) => mail),* }
            }

            fn mail_mut(&mut self) -> &mut dyn Mail {
                match self { $(Self::$mail(mail) => mail),* }
            }
        }

        $(impl From<$mail> for Message {
            fn from(mail: $mail) -> Self {
                Self::$mail(mail)
            }
        })*
    };
}

mails! {
    activation: Activation,
    password_reset: PasswordReset,
    no_password_here: NoPasswordHere,
    password_changed: PasswordChanged,
    sign_in_from_new_device: SignInFromNewDevice,
    access_ended: AccessEnded,
    role_changed: RoleChanged,
    new_admins: NewAdmins,
    test: Test,
}

/// Where answers to mails go.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum ReplyTo {
    /// Nowhere: the emails say that replies are not read.
    #[default]
    Nobody,
    /// To the inviter, if there is one.
    Inviter,
    /// To this address.
    Address(String),
}

impl Message {
    /// Where answers to this mail go.
    pub(crate) fn reply_address(&self, reply_to: &ReplyTo) -> Option<String> {
        match reply_to {
            ReplyTo::Address(address) => Some(address.clone()),
            ReplyTo::Inviter => self.mail().inviter().cloned(),
            ReplyTo::Nobody => None,
        }
    }

    /// The same message with its single-use link, for messages that have one: a queued message is kept without.
    #[must_use]
    pub fn with_link(mut self, link: String) -> Self {
        self.mail_mut().set_link(link);
        self
    }

    /// What it says in a language, with every text made harmless.
    pub(crate) fn letter(&self, locale: Locale) -> Result<Letter, RenderError> {
        let mut safe = self.clone();
        safe.mail_mut().defuse()?;
        Ok(match locale {
            Locale::En => safe.mail().english(),
            Locale::De => safe.mail().german(),
        })
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message").field("kind", &self.kind()).finish_non_exhaustive()
    }
}
