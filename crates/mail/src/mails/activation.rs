use serde::{Deserialize, Serialize};

use super::Mail;
use crate::RenderError;
use crate::defuse::{address, check_link, moment, name, note};
use crate::letter::Letter;
use crate::words::{english, german};

/// Someone is invited and has to activate (M1). The same mail to everyone, whether they have a sign-in already or not: who
/// invites learns nothing of that, and what the preview shows is what is sent.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activation {
    /// The account the person is invited to.
    pub account_name: String,
    /// Shown only together with `inviter_email`.
    pub inviter_name: Option<String>,
    /// The verified address of the user who invites.
    pub inviter_email: Option<String>,
    /// How to greet the person.
    pub person_name: Option<String>,
    /// Where the person activates.
    pub link: String,
    /// When the link ends.
    pub expires_at: String,
    /// What the inviter wants to say; may have several lines and paragraphs.
    pub personal_note: Option<String>,
}

impl Mail for Activation {
    fn defuse(&mut self) -> Result<(), RenderError> {
        name(&mut self.account_name);
        self.inviter_name.iter_mut().for_each(name);
        self.inviter_email.iter_mut().for_each(address);
        self.person_name.iter_mut().for_each(name);
        moment(&mut self.expires_at);
        self.personal_note.iter_mut().for_each(note);
        check_link(&self.link)
    }

    fn english(&self) -> Letter {
        let account = &self.account_name;
        let invited = match self.who_invites() {
            Some(inviter) => format!("{inviter} invited you to “{account}”."),
            None => format!("You have been invited to “{account}”."),
        };
        let note_title = match &self.inviter_email {
            Some(email) => format!("Message from {email}:"),
            None => "Message for you:".to_owned(),
        };
        Letter::new(format!("Activate your account at {account}"), self.greeting("Hello"))
            .say(invited)
            .say("Activate your account to join. If you already have a password, you keep it.")
            .quote(note_title, self.personal_note.as_ref())
            .button("Activate my account", &self.link)
            .close(english::works_once(&self.expires_at))
            .close("Didn’t expect this? You can ignore this email.")
    }

    fn german(&self) -> Letter {
        let account = &self.account_name;
        let invited = match self.who_invites() {
            Some(inviter) => format!("{inviter} hat Sie zu „{account}“ eingeladen."),
            None => format!("Sie wurden zu „{account}“ eingeladen."),
        };
        let note_title = match &self.inviter_email {
            Some(email) => format!("Nachricht von {email}:"),
            None => "Nachricht für Sie:".to_owned(),
        };
        Letter::new(format!("Aktivieren Sie Ihr Konto bei {account}"), self.greeting("Guten Tag"))
            .say(invited)
            .say("Aktivieren Sie Ihr Konto, um beizutreten. Wenn Sie bereits ein Passwort haben, behalten Sie es.")
            .quote(note_title, self.personal_note.as_ref())
            .button("Mein Konto aktivieren", &self.link)
            .close(german::works_once(&self.expires_at))
            .close("Haben Sie das nicht erwartet? Dann können Sie diese E-Mail ignorieren.")
    }

    fn set_link(&mut self, link: String) {
        self.link = link;
    }

    fn inviter(&self) -> Option<&String> {
        self.inviter_email.as_ref()
    }
}

impl Activation {
    fn greeting(&self, hello: &str) -> String {
        match self.person_name.as_ref().filter(|name| !name.is_empty()) {
            Some(name) => format!("{hello} {name},"),
            None => format!("{hello},"),
        }
    }

    /// The verified address, with the name only beside it (I9).
    fn who_invites(&self) -> Option<String> {
        let email = self.inviter_email.as_ref()?;
        Some(match self.inviter_name.as_ref().filter(|name| !name.is_empty()) {
            Some(name) => format!("{name} ({email})"),
            None => email.clone(),
        })
    }
}
