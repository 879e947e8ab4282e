use serde::{Deserialize, Serialize};

use super::Mail;
use crate::RenderError;
use crate::defuse::{check_link, device, moment, network_address};
use crate::letter::Letter;
use crate::words::{english, german};

/// A sign-in from a device not seen before (M7).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInFromNewDevice {
    /// When it happened.
    pub at: String,
    /// The address it came from.
    pub ip: String,
    /// What the browser called itself.
    pub user_agent: String,
    /// Where the person reviews their sessions.
    pub link: String,
}

impl Mail for SignInFromNewDevice {
    fn defuse(&mut self) -> Result<(), RenderError> {
        moment(&mut self.at);
        network_address(&mut self.ip);
        device(&mut self.user_agent);
        check_link(&self.link)
    }

    fn english(&self) -> Letter {
        Letter::new("New sign-in from an unknown device", "Hello,")
            .say("Someone signed in to your account from a device we haven’t seen before.")
            .fact("When", english::date(&self.at))
            .fact("IP address", &self.ip)
            .fact("Device", &self.user_agent)
            .say("If this was you, you don’t need to do anything. If not, end that session and change your password.")
            .button("Review my sessions", &self.link)
    }

    fn german(&self) -> Letter {
        Letter::new("Neue Anmeldung von einem unbekannten Gerät", "Guten Tag,")
            .say("Jemand hat sich mit Ihrem Konto auf einem Gerät angemeldet, das wir noch nicht kennen.")
            .fact("Wann", german::date(&self.at))
            .fact("IP-Adresse", &self.ip)
            .fact("Gerät", &self.user_agent)
            .say(
                "Wenn Sie das waren, müssen Sie nichts tun. Wenn nicht, beenden Sie die Sitzung und ändern Sie Ihr \
                 Passwort.",
            )
            .button("Meine Sitzungen prüfen", &self.link)
    }
}
