//! Which domain types are columns, and how.

use domain::access::role::RoleId;
use domain::accounts::AccountKind;
use domain::accounts::logo::LogoKind;
use domain::accounts::settings::{AccountSettings, AccountSettingsPatch};
use domain::activity::ActorKind;
use domain::activity::actions::Action;
use domain::core::email_address::EmailAddress;
use domain::core::ids::{
    AccountId, ApiKeyId, EnvironmentId, EventId, GroupId, IdentityId, InvitationId, JobId, LinkId, OutboxId,
    SavedViewId, SessionId, SystemId, UserId,
};
use domain::core::person_name::PersonName;
use domain::core::refusal::FieldError;
use domain::core::slug::Slug;
use domain::core::timestamp::{Day, Timestamp};
use domain::credentials::link::{LinkEnd, LinkPurpose};
use domain::jobs::JobState;
use domain::outbox::limits::Cause;
use domain::sign_in::session::{Assurance, EndedBy, Lapse};
use domain::systems::{EnvironmentKind, GrantSource, GrantedSystem, Platform};
use domain::users::{LoginMethod, UserStatus};

use crate::{Cell, FromValue, ToValue, Value, int_column, text_column};

text_column!(
    AccountId,
    AccountKind,
    Action,
    ActorKind,
    ApiKeyId,
    Assurance,
    Cause,
    EmailAddress,
    EndedBy,
    EnvironmentId,
    EnvironmentKind,
    EventId,
    GrantSource,
    GrantedSystem,
    GroupId,
    IdentityId,
    InvitationId,
    JobId,
    JobState,
    Lapse,
    LinkEnd,
    LinkId,
    LinkPurpose,
    LoginMethod,
    LogoKind,
    OutboxId,
    PersonName,
    Platform,
    RoleId,
    SavedViewId,
    SessionId,
    Slug,
    SystemId,
    UserId,
    UserStatus,
);
int_column!(Day, Timestamp);

impl ToValue for AccountSettings {
    fn to_value(&self) -> Value {
        Value::Text(Some(serde_json::to_string(self).unwrap_or_default()))
    }

    fn null() -> Value {
        Value::Text(None)
    }
}

/// A setting that is younger than what is stored has its default there.
impl FromValue for AccountSettings {
    fn from_value(cell: Cell<'_>) -> Result<Self, String> {
        let text = String::from_value(cell)?;
        let stored: AccountSettingsPatch = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        let refused = |error: FieldError| format!("{}: {}", error.pointer, error.detail);
        stored.applied_to(&Self::default()).map_err(refused)
    }
}
