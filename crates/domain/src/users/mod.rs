//! A user: an identity's membership in one account, and what may happen to it in which state.

pub mod filter;
pub mod invitation;
pub mod order;
pub mod saved_view;

use std::fmt;
use std::str::FromStr;

use crate::access::role::RoleId;
use crate::core::email_address::EmailAddress;
use crate::core::ids::{AccountId, IdentityId, UserId};
use crate::core::person_name::PersonName;
use crate::core::refusal::{Kind, Params, Rule, params};
use crate::core::timestamp::{Seconds, Timestamp};
use crate::core::words::schema_of_pattern;
use crate::sign_in::identity::Identity;
use crate::{serde_by_text, words};

/// How long a deleted user can be restored (P2).
pub const RESTORABLE_FOR: Seconds = Seconds::days(30);

/// Where a user stands (P2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UserStatus {
    /// Invited, has not activated yet.
    Provisioned,
    /// Can sign in.
    Active,
    /// Disabled; keeps everything but the access.
    Inactive,
    /// Deleted, restorable for [`RESTORABLE_FOR`].
    Deleted,
}

words!(UserStatus { Provisioned = "provisioned", Active = "active", Inactive = "inactive", Deleted = "deleted" });

/// How a user proves who they are in this account (LG-1, LG-2).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum LoginMethod {
    /// With the password of the identity.
    Password,
    /// Through the SSO connection of this name.
    Connection(String),
}

impl fmt::Display for LoginMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Password => f.write_str("password"),
            Self::Connection(id) => write!(f, "sso:{id}"),
        }
    }
}

/// A text that is no login method.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("This isn't a login method. Use password or sso:<connection>.")]
pub struct NotALoginMethod;

impl FromStr for LoginMethod {
    type Err = NotALoginMethod;
    fn from_str(text: &str) -> Result<Self, NotALoginMethod> {
        match (text, text.strip_prefix("sso:")) {
            ("password", _) => Ok(Self::Password),
            (_, Some(id)) if !id.is_empty() => Ok(Self::Connection(id.to_owned())),
            _ => Err(NotALoginMethod),
        }
    }
}

serde_by_text!(LoginMethod);

impl utoipa::PartialSchema for LoginMethod {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        schema_of_pattern("^(password|sso:[^,]+)$", "password")
    }
}

impl utoipa::ToSchema for LoginMethod {}

/// An identity's membership in one account (OM-4).
#[derive(Debug, Clone, PartialEq)]
pub struct User {
    /// The user's id.
    pub id: UserId,
    /// The account it is a member of.
    pub account_id: AccountId,
    /// The person.
    pub identity_id: IdentityId,
    /// The person's address; never changed by an admin (U-26).
    pub email: EmailAddress,
    /// How the account calls the person; empty until they activate, unless the inviter gave one.
    pub name: Option<PersonName>,
    /// The one role (U-14).
    pub role_id: RoleId,
    /// The user's status.
    pub status: UserStatus,
    /// How the person signs in here.
    pub login_method: LoginMethod,
    /// The person's name at the identity provider; `None` means the e-mail (U-15).
    pub sso_id: Option<String>,
    /// When the user was invited or made.
    pub created_at: Timestamp,
    /// When the person accepted.
    pub activated_at: Option<Timestamp>,
    /// The latest sign-in; `None` shows as "N/A" (U-4).
    pub last_login_at: Option<Timestamp>,
    /// Credentials made before this instant do not work in this account (P9).
    pub credentials_valid_from: Timestamp,
    /// When the user was deleted.
    pub deleted_at: Option<Timestamp>,
    /// What a restore returns to.
    pub status_before_deletion: Option<UserStatus>,
    /// Counts the changes; the `ETag`.
    pub version: i64,
}

/// An action on a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UserAct {
    /// Send the activation mail again (U-22).
    Resend,
    /// Take the invitation back (N-10).
    Revoke,
    /// Send the mail to choose a new password (U-23).
    ResetPassword,
    /// Change name, role or systems (U-25).
    Edit,
    /// End the access, keep the rest (U-29, U-35).
    Disable,
    /// Give the access back (U-31).
    Enable,
    /// Delete, restorable for 30 days (U-34).
    Delete,
    /// Undo a deletion.
    Restore,
}

/// Why an action on a user is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UserError {
    /// The act needs another status.
    #[error("You can't {act}. The user is {found}, but must be {needed}.")]
    WrongStatus {
        /// What was wanted.
        act: &'static str,
        /// Its word, for whoever says it in another language.
        word: &'static str,
        /// Statuses that permit it.
        needed: &'static str,
        /// The status found.
        found: UserStatus,
    },
    /// A bulk selection holds several statuses (U-30).
    #[error(
        "The selection includes users whose status doesn't allow this, so nothing was changed. Remove them from \
         the selection."
    )]
    MixedStatuses,
    /// P5, U-33.
    #[error("At least one admin must stay active. Make someone else an admin first.")]
    LastAdmin,
    /// U-26.
    #[error("A user's email address can't be changed. Invite the new address and delete this user.")]
    EmailImmutable,
    /// The password of a user who has none can't be reset.
    #[error("This user signs in with SSO and has no password here.")]
    NoPassword,
    /// The 30 days are over.
    #[error("This user was deleted more than 30 days ago and can't be restored. Invite them again.")]
    RestoreTooLate,
    /// A single system cannot be removed from a user who has all systems.
    #[error("This user has access to all systems, so a single one can't be removed. Assign individual systems first.")]
    HasAllSystems,
    /// A person may not end their own access by the admin's door.
    #[error("You can't do this to yourself. Ask another admin, so that you don't lock yourself out by mistake.")]
    Oneself,
}

impl Rule for UserError {
    fn refusal(&self) -> (Kind, &'static str) {
        match self {
            Self::WrongStatus { .. } => (Kind::Conflict, "wrong_status"),
            Self::MixedStatuses => (Kind::Conflict, "mixed_statuses"),
            Self::LastAdmin => (Kind::Conflict, "last_admin"),
            Self::EmailImmutable => (Kind::Conflict, "email_immutable"),
            Self::NoPassword => (Kind::Conflict, "no_password"),
            Self::RestoreTooLate => (Kind::Conflict, "restore_window_expired"),
            Self::HasAllSystems => (Kind::Conflict, "has_all_systems"),
            Self::Oneself => (Kind::Conflict, "cannot_target_self"),
        }
    }

    fn params(&self) -> Params {
        match self {
            Self::WrongStatus { word, found, .. } => {
                params([("reason", (*word).into()), ("found", found.word().into())])
            }
            Self::MixedStatuses
            | Self::LastAdmin
            | Self::EmailImmutable
            | Self::NoPassword
            | Self::RestoreTooLate
            | Self::HasAllSystems
            | Self::Oneself => Params::new(),
        }
    }
}

words!(UserAct {
    Resend = "resend",
    Revoke = "revoke",
    ResetPassword = "reset_password",
    Edit = "edit",
    Disable = "disable",
    Enable = "enable",
    Delete = "delete",
    Restore = "restore",
});

impl UserAct {
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Resend => ("resend the invitation", "provisioned"),
            Self::Revoke => ("revoke the invitation", "provisioned"),
            Self::ResetPassword => ("reset the password", "active"),
            Self::Edit => ("edit the user", "provisioned, active or inactive"),
            Self::Disable => ("disable the user", "active"),
            Self::Enable => ("enable the user", "inactive"),
            Self::Delete => ("delete the user", "provisioned, active or inactive"),
            Self::Restore => ("restore the user", "deleted"),
        }
    }

    const fn permitted_from(self, status: UserStatus) -> bool {
        use UserStatus::{Active, Deleted, Inactive, Provisioned};
        match self {
            Self::Resend | Self::Revoke => matches!(status, Provisioned),
            Self::ResetPassword | Self::Disable => matches!(status, Active),
            Self::Enable => matches!(status, Inactive),
            Self::Edit | Self::Delete => matches!(status, Provisioned | Active | Inactive),
            Self::Restore => matches!(status, Deleted),
        }
    }
}

impl User {
    /// Someone who is to become a user of this account, with all that they do not have yet.
    pub fn provisioned(
        id: UserId,
        account_id: AccountId,
        identity: &Identity,
        role_id: RoleId,
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            account_id,
            identity_id: identity.id,
            email: identity.email.clone(),
            name: identity.name.clone(),
            role_id,
            status: UserStatus::Provisioned,
            login_method: LoginMethod::Password,
            sso_id: None,
            created_at: now,
            activated_at: None,
            last_login_at: None,
            credentials_valid_from: now,
            deleted_at: None,
            status_before_deletion: None,
            version: 1,
        }
    }

    /// Whether the status permits `act` (P2), and for a restore whether it is still possible at `now`.
    pub fn check(&self, act: UserAct, now: Timestamp) -> Result<(), UserError> {
        if !act.permitted_from(self.status) {
            let word = act.word();
            let (act, needed) = act.words();
            return Err(UserError::WrongStatus { act, word, needed, found: self.status });
        }
        match (act, &self.login_method, self.deleted_at) {
            (UserAct::ResetPassword, LoginMethod::Connection(_), _) => Err(UserError::NoPassword),
            (UserAct::Restore, _, Some(at)) if now >= at.plus(RESTORABLE_FOR) => Err(UserError::RestoreTooLate),
            _ => Ok(()),
        }
    }

    /// The name to call the person by: the name, or the address where there is none.
    pub fn label(&self) -> String {
        self.name.as_ref().map_or_else(|| self.email.to_string(), |name| format!("{name} <{}>", self.email))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::ids::Id;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn user(status: UserStatus) -> User {
        let at = Timestamp::from_micros(0);
        User {
            id: UserId::from_uuid(Uuid::nil()),
            account_id: AccountId::from_uuid(Uuid::nil()),
            identity_id: IdentityId::from_uuid(Uuid::nil()),
            email: EmailAddress::parse("ana@example.com").unwrap(),
            name: None,
            role_id: RoleId::admin(),
            status,
            login_method: LoginMethod::Password,
            sso_id: None,
            created_at: at,
            activated_at: None,
            last_login_at: None,
            credentials_valid_from: at,
            deleted_at: (status == UserStatus::Deleted).then_some(at),
            status_before_deletion: None,
            version: 1,
        }
    }

    proptest! {
        #[test]
        fn every_act_is_permitted_exactly_from_the_statuses_of_the_state_machine(s in 0..4usize, a in 0..8usize) {
            let (status, act) = (UserStatus::ALL[s], UserAct::ALL[a]);
            let permitted = user(status).check(act, Timestamp::from_micros(1)).is_ok();
            let expected: &[UserStatus] = match act {
                UserAct::Resend | UserAct::Revoke => &[UserStatus::Provisioned],
                UserAct::ResetPassword | UserAct::Disable => &[UserStatus::Active],
                UserAct::Enable => &[UserStatus::Inactive],
                UserAct::Edit | UserAct::Delete => &[UserStatus::Provisioned, UserStatus::Active, UserStatus::Inactive],
                UserAct::Restore => &[UserStatus::Deleted],
            };
            prop_assert_eq!(permitted, expected.contains(&status));
        }
    }

    #[test]
    fn a_deleted_user_can_be_restored_until_the_thirty_days_are_over() {
        let deleted = user(UserStatus::Deleted);
        let end = Timestamp::from_micros(0).plus(RESTORABLE_FOR);
        assert_eq!(deleted.check(UserAct::Restore, end.minus(Seconds(1))), Ok(()));
        assert_eq!(deleted.check(UserAct::Restore, end), Err(UserError::RestoreTooLate));
    }

    #[test]
    fn nobody_resets_the_password_of_a_person_who_signs_in_by_sso() {
        let by_sso = User { login_method: LoginMethod::Connection("okta".into()), ..user(UserStatus::Active) };
        assert_eq!(by_sso.check(UserAct::ResetPassword, Timestamp::from_micros(0)), Err(UserError::NoPassword));
    }
}
