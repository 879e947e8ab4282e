use serde::{Deserialize, Serialize};

use super::Mail;
use crate::RenderError;
use crate::defuse::{check_link, moment};
use crate::letter::Letter;
use crate::words::{english, german};

/// The operator tries the mail server out.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Test {
    /// When it was sent.
    pub at: String,
    /// Where the installation is.
    pub link: String,
}

impl Mail for Test {
    fn defuse(&mut self) -> Result<(), RenderError> {
        moment(&mut self.at);
        check_link(&self.link)
    }

    fn english(&self) -> Letter {
        Letter::new("Portcullis can send email", "Hello,")
            .say("This is a test. The mail server accepted it, so invitations and password resets can be sent too.")
            .fact("Sent", english::date(&self.at))
            .button("Open Portcullis", &self.link)
    }

    fn german(&self) -> Letter {
        Letter::new("Portcullis kann E-Mails senden", "Guten Tag,")
            .say(
                "Dies ist ein Test. Der Mailserver hat ihn angenommen, also können auch Einladungen und Links zum \
                 Zurücksetzen des Passworts gesendet werden.",
            )
            .fact("Gesendet", german::date(&self.at))
            .button("Portcullis öffnen", &self.link)
    }
}
