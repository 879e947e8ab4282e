//! What every way to choose a password has in common.

use domain::email_address::EmailAddress;
use domain::password::PasswordPolicy;
use domain::refusal::{FieldError, Kind};

use crate::app::App;
use crate::failure::{Failure, refuse_parts};

/// 16 random bytes for a new password hash.
pub fn salt(app: &App) -> [u8; 16] {
    let mut salt = [0; 16];
    app.world.fill(&mut salt);
    salt
}

/// Refuses a password outside the rules, with every reason at once (U-18, decision 4).
///
/// # Errors
/// 422, one entry per reason at `pointer`.
pub fn check(policy: PasswordPolicy, password: &str, email: &EmailAddress, pointer: &str) -> Result<(), Failure> {
    let Err(reasons) = policy.check(password, email) else { return Ok(()) };
    let errors = reasons
        .iter()
        .map(|reason| FieldError {
            pointer: pointer.to_owned(),
            code: reason.code().to_owned(),
            detail: reason.to_string(),
        })
        .collect();
    Err(refuse_parts(
        Kind::Invalid,
        "password_refused",
        "this password does not fit the rules; choose another one",
        errors,
    ))
}
