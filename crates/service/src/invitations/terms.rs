//! What every invitation has in common: who may send one, how long it holds, what its note may be.

use domain::access::{Level, Need, Permission};
use domain::core::failure::Failure;
use domain::core::timestamp::Timestamp;
use domain::invitations::personal_note;
use domain::users::User;
use store::invitations::Invitation;

use crate::core::draft::Draft;

/// Invite users.
pub const INVITE: Need = Need::account(Permission::USERS, Level::Edit);

/// What the inviter wants to say, as it will arrive.
///
/// # Errors
/// 422 at the field, with the limit that it is over.
pub(crate) fn read_note(note: Option<&str>) -> Result<Option<String>, Failure> {
    note.map_or(Ok(None), |note| Ok(personal_note::read(note)?))
}

/// A pending invitation of a user by the caller, not stored yet.
pub(crate) fn new_invitation(draft: &Draft<'_>, user: &User, note: Option<&str>) -> Invitation {
    let now = draft.now();
    Invitation {
        id: draft.new_id(),
        user_id: user.id,
        invited_by: draft.caller().label_id(),
        note: note.map(str::to_owned),
        sent_count: 1,
        created_at: now,
        last_sent_at: now,
        given_at: now,
        expires_at: expires_at(draft),
        lost_at: None,
    }
}

/// When an invitation of now ends.
pub(crate) fn expires_at(draft: &Draft<'_>) -> Timestamp {
    draft.now().plus(draft.account().settings.links.activation_seconds)
}
