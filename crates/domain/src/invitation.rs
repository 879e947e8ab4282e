//! Whether an invitation can still be accepted: what is shown as open must have a link that works (R5).

use crate::access::{Levels, Need};
use crate::role::Role;
use crate::timestamp::Timestamp;
use crate::user::{User, UserStatus};
use crate::words;

/// Where a pending invitation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum InvitationState {
    /// Its link works.
    Open,
    /// Its time is over.
    Expired,
    /// Whoever sent it may no longer invite to this role. Somebody else can send it again, and answers for it then.
    InviterLostRight,
    /// Its link was ended: by a deletion that was undone, a restored backup, or a new secret key.
    LinkEnded,
}

words!(InvitationState {
    Open = "open",
    Expired = "expired",
    InviterLostRight = "inviter_lost_right",
    LinkEnded = "link_ended",
});

/// Where an invitation stands at `now` whose time ends at `expires_at`. `link_until` is until when its latest link that was not
/// ended works; `is_answered_for` says whether whoever sent it may still give the role.
pub fn state(
    expires_at: Timestamp,
    link_until: Option<Timestamp>,
    is_answered_for: bool,
    now: Timestamp,
) -> InvitationState {
    match link_until {
        Some(until) if now < until && is_answered_for => InvitationState::Open,
        Some(until) if now < until => InvitationState::InviterLostRight,
        Some(_) => InvitationState::Expired,
        None if now >= expires_at => InvitationState::Expired,
        None => InvitationState::LinkEnded,
    }
}

/// Whether `inviter`, who holds `levels`, may still give `role`: asked when an invitation is shown and when it is accepted.
pub fn may_still_invite(invite: Need, inviter: &User, levels: &Levels, role: &Role) -> bool {
    inviter.status == UserStatus::Active && invite.met_by(levels) && role.levels.within(levels)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invitation_is_open_exactly_as_long_as_its_link_works_and_somebody_answers_for_it() {
        let at = Timestamp::from_micros;
        let end = at(100);
        for (link_until, answered, now, expected) in [
            (Some(end), true, 99, InvitationState::Open),
            (Some(end), true, 100, InvitationState::Expired),
            (Some(end), false, 99, InvitationState::InviterLostRight),
            (Some(end), false, 100, InvitationState::Expired),
            (None, true, 99, InvitationState::LinkEnded),
            (None, false, 99, InvitationState::LinkEnded),
            (None, true, 100, InvitationState::Expired),
        ] {
            assert_eq!(state(end, link_until, answered, at(now)), expected, "{link_until:?} {answered} {now}");
        }
    }
}
