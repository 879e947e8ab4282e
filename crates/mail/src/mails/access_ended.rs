use serde::{Deserialize, Serialize};

use super::Mail;
use crate::RenderError;
use crate::defuse::name;
use crate::letter::Letter;

/// The person is no longer a user of the account (M7).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessEnded {
    /// The account they left.
    pub account_name: String,
}

impl Mail for AccessEnded {
    fn defuse(&mut self) -> Result<(), RenderError> {
        name(&mut self.account_name);
        Ok(())
    }

    fn english(&self) -> Letter {
        let account = &self.account_name;
        Letter::new(format!("Your access to {account} has ended"), "Hello,")
            .say(format!("You no longer have access to “{account}”."))
            .say("If you think this is a mistake, contact an admin of that account.")
    }

    fn german(&self) -> Letter {
        let account = &self.account_name;
        Letter::new(format!("Ihr Zugriff auf {account} ist beendet"), "Guten Tag,")
            .say(format!("Sie haben keinen Zugriff mehr auf „{account}“."))
            .say("Wenn Sie das für einen Fehler halten, wenden Sie sich an einen Admin dieses Kontos.")
    }
}
