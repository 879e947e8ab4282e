use serde::{Deserialize, Serialize};

use super::Mail;
use crate::RenderError;
use crate::defuse::name;
use crate::letter::Letter;

/// The person has another role (M7).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleChanged {
    /// The account it holds in.
    pub account_name: String,
    /// The new role.
    pub role_name: String,
}

impl Mail for RoleChanged {
    fn defuse(&mut self) -> Result<(), RenderError> {
        name(&mut self.account_name);
        name(&mut self.role_name);
        Ok(())
    }

    fn english(&self) -> Letter {
        let Self { account_name: account, role_name: role } = self;
        Letter::new(format!("Your role at {account} has changed"), "Hello,")
            .say(format!("Your role at “{account}” is now “{role}”."))
            .say("If you think this is a mistake, contact an admin of that account.")
    }

    fn german(&self) -> Letter {
        let Self { account_name: account, role_name: role } = self;
        Letter::new(format!("Ihre Rolle bei {account} hat sich geändert"), "Guten Tag,")
            .say(format!("Ihre Rolle bei „{account}“ ist jetzt „{role}“."))
            .say("Wenn Sie das für einen Fehler halten, wenden Sie sich an einen Admin dieses Kontos.")
    }
}
