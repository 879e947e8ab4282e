use serde::{Deserialize, Serialize};

use super::Mail;
use crate::RenderError;
use crate::defuse::{check_link, moment};
use crate::letter::Letter;
use crate::words::{english, german};

/// The person's password is a new one (M7).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordChanged {
    /// When it was changed.
    pub changed_at: String,
    /// Where the person secures their sign-in.
    pub link: String,
}

impl Mail for PasswordChanged {
    fn defuse(&mut self) -> Result<(), RenderError> {
        moment(&mut self.changed_at);
        check_link(&self.link)
    }

    fn english(&self) -> Letter {
        Letter::new("Your password was changed", "Hello,")
            .say(format!("Your password was changed on {}.", english::date(&self.changed_at)))
            .say("If this was you, you don’t need to do anything. If not, reset your password immediately.")
            .button("Reset my password", &self.link)
    }

    fn german(&self) -> Letter {
        Letter::new("Ihr Passwort wurde geändert", "Guten Tag,")
            .say(format!("Ihr Passwort wurde am {} geändert.", german::date(&self.changed_at)))
            .say("Wenn Sie das waren, müssen Sie nichts tun. Wenn nicht, setzen Sie sofort Ihr Passwort zurück.")
            .button("Mein Passwort zurücksetzen", &self.link)
    }
}
