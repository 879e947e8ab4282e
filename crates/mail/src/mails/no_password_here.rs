use serde::{Deserialize, Serialize};

use super::Mail;
use crate::RenderError;
use crate::defuse::{check_link, name};
use crate::letter::Letter;

/// A reset was requested for a person who signs in by SSO (LG-6), which is not available yet.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoPasswordHere {
    /// The account whose single sign-on the person uses.
    pub account_name: String,
    /// Where the person signs in.
    pub sign_in_link: String,
}

impl Mail for NoPasswordHere {
    fn defuse(&mut self) -> Result<(), RenderError> {
        name(&mut self.account_name);
        check_link(&self.sign_in_link)
    }

    fn english(&self) -> Letter {
        let account = &self.account_name;
        Letter::new(format!("How you sign in to {account}"), "Hello,")
            .say("Someone requested a password reset for this address.")
            .say(format!("You sign in to “{account}” with your organization’s single sign-on."))
            .say("There is no password to reset.")
            .button("Sign in", &self.sign_in_link)
            .close("Didn’t request this? You can ignore this email. Nothing has changed.")
    }

    fn german(&self) -> Letter {
        let account = &self.account_name;
        Letter::new(format!("So melden Sie sich bei {account} an"), "Guten Tag,")
            .say("Jemand hat angefordert, das Passwort für diese Adresse zurückzusetzen.")
            .say(format!("Sie melden sich bei „{account}“ über das Single Sign-on Ihrer Organisation an."))
            .say("Ein Passwort gibt es hier nicht.")
            .button("Anmelden", &self.sign_in_link)
            .close("Waren Sie das nicht? Dann können Sie diese E-Mail ignorieren. Es hat sich nichts geändert.")
    }
}
