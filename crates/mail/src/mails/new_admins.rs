use serde::{Deserialize, Serialize};

use super::Mail;
use crate::RenderError;
use crate::defuse::{address, name};
use crate::letter::Letter;

/// To the admins: there are new ones (M7).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewAdmins {
    /// The account it holds in.
    pub account_name: String,
    /// The new admins, the first of them.
    pub named: Vec<String>,
    /// How many there are beside those.
    pub unnamed: usize,
    /// Who did it; `None` when the server did.
    pub by_email: Option<String>,
}

impl Mail for NewAdmins {
    fn defuse(&mut self) -> Result<(), RenderError> {
        name(&mut self.account_name);
        self.named.iter_mut().for_each(address);
        self.by_email.iter_mut().for_each(address);
        Ok(())
    }

    fn english(&self) -> Letter {
        let account = &self.account_name;
        let letter = match self.only_one() {
            Some(person) => Letter::new(format!("New admin at {account}"), "Hello,")
                .say(format!("{person} is now an admin of “{account}”.")),
            None => {
                let list = self.list("one other", "others");
                Letter::new(format!("New admins at {account}"), "Hello,")
                    .say(format!("{} people are now admins of “{account}”: {list}.", self.count()))
            }
        };
        self.with_who(
            letter.say("If you think this is a mistake, check the users and the activity log of the account."),
            "Made admin by",
        )
    }

    fn german(&self) -> Letter {
        let account = &self.account_name;
        let letter = match self.only_one() {
            Some(person) => Letter::new(format!("Neuer Admin bei {account}"), "Guten Tag,")
                .say(format!("{person} ist jetzt Admin von „{account}“.")),
            None => {
                let list = self.list("eine weitere Person", "weitere");
                Letter::new(format!("Neue Admins bei {account}"), "Guten Tag,")
                    .say(format!("{} Personen sind jetzt Admins von „{account}“: {list}.", self.count()))
            }
        };
        self.with_who(
            letter.say(
                "Wenn Sie das für einen Fehler halten, prüfen Sie die Benutzer und das Aktivitätsprotokoll des Kontos.",
            ),
            "Ernannt von",
        )
    }
}

impl NewAdmins {
    fn only_one(&self) -> Option<&String> {
        match (self.named.as_slice(), self.unnamed) {
            ([person], 0) => Some(person),
            (_, _) => None,
        }
    }

    fn count(&self) -> usize {
        self.named.len() + self.unnamed
    }

    fn list(&self, one_other: &str, others: &str) -> String {
        let named = self.named.join(", ");
        match self.unnamed {
            0 => named,
            1 => format!("{named}, {one_other}"),
            more => format!("{named}, {more} {others}"),
        }
    }

    fn with_who(&self, letter: Letter, label: &'static str) -> Letter {
        match &self.by_email {
            Some(by) => letter.fact(label, by),
            None => letter,
        }
    }
}
