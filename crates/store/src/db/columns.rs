//! How what many tables have becomes a column. A type of one noun says so in the file of the noun, beside its `record!`.

use domain::access::role::RoleId;
use domain::accounts::settings::{AccountSettings, AccountSettingsPatch};
use domain::core::email_address::EmailAddress;
use domain::core::ids::{
    AccountId, ApiKeyId, EventId, GroupId, IdentityId, InvitationId, JobId, LinkId, OutboxId, SessionId, SystemId,
    UserId,
};
use domain::core::person_name::PersonName;
use domain::core::refusal::FieldError;
use domain::core::slug::Slug;
use domain::core::timestamp::{Day, Timestamp};

use crate::{Cell, FromValue, ToValue, Value, int_column, text_column};

text_column!(
    AccountId,
    ApiKeyId,
    EmailAddress,
    EventId,
    GroupId,
    IdentityId,
    InvitationId,
    JobId,
    LinkId,
    OutboxId,
    PersonName,
    RoleId,
    SessionId,
    Slug,
    SystemId,
    UserId,
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
