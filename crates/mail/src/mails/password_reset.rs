use serde::{Deserialize, Serialize};

use super::Mail;
use crate::RenderError;
use crate::defuse::{check_link, moment};
use crate::letter::Letter;
use crate::words::{english, german};

/// A link to choose a new password (M2, LG-5).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordReset {
    /// Where the person chooses the new password.
    pub link: String,
    /// When the link ends.
    pub expires_at: String,
    /// Whether an admin asked, not the person.
    pub requested_by_admin: bool,
}

impl Mail for PasswordReset {
    fn defuse(&mut self) -> Result<(), RenderError> {
        moment(&mut self.expires_at);
        check_link(&self.link)
    }

    fn english(&self) -> Letter {
        let (who, surprise) = if self.requested_by_admin {
            ("An admin has asked you to choose a new password.", "Didn’t expect this? Check with an admin first.")
        } else {
            (
                "Someone requested a password reset for your account.",
                "Didn’t request this? You can ignore this email. Your password stays the same.",
            )
        };
        Letter::new("Account password reset", "Hello,")
            .say(who)
            .button("Choose a new password", &self.link)
            .close(english::works_once(&self.expires_at))
            .close(surprise)
    }

    fn german(&self) -> Letter {
        let (who, surprise) = if self.requested_by_admin {
            (
                "Ein Admin bittet Sie, ein neues Passwort zu wählen.",
                "Haben Sie das nicht erwartet? Dann fragen Sie zuerst einen Admin.",
            )
        } else {
            (
                "Jemand hat angefordert, Ihr Passwort zurückzusetzen.",
                "Waren Sie das nicht? Dann können Sie diese E-Mail ignorieren. Ihr Passwort bleibt unverändert.",
            )
        };
        Letter::new("Passwort zurücksetzen", "Guten Tag,")
            .say(who)
            .button("Neues Passwort wählen", &self.link)
            .close(german::works_once(&self.expires_at))
            .close(surprise)
    }

    fn set_link(&mut self, link: String) {
        self.link = link;
    }
}
