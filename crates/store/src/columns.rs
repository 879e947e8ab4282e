//! Which domain types are columns, and how.

use domain::account::{AccountKind, AccountSettings};
use domain::email_address::EmailAddress;
use domain::event::ActorKind;
use domain::ids::{
    AccountId, ApiKeyId, EnvironmentId, EventId, GroupId, IdentityId, InvitationId, JobId, LinkId, OutboxId,
    SavedViewId, SessionId, SystemId, UserId,
};
use domain::job::JobState;
use domain::link::{LinkEnd, LinkPurpose};
use domain::logo::LogoKind;
use domain::mail_limits::Cause;
use domain::person_name::PersonName;
use domain::role::RoleId;
use domain::session::{Assurance, EndedBy, Lapse};
use domain::slug::Slug;
use domain::system::{EnvironmentKind, GrantSource, GrantedSystem, Platform};
use domain::timestamp::{Day, Timestamp};
use domain::user::{LoginMethod, UserStatus};

use crate::{Cell, FromValue, ToValue, Value, int_column, text_column};

text_column!(
    AccountId,
    AccountKind,
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

impl FromValue for AccountSettings {
    fn from_value(cell: Cell<'_>) -> Result<Self, String> {
        let text = String::from_value(cell)?;
        serde_json::from_str(&text).map_err(|error| error.to_string())
    }
}
