//! Whether an invitation can still be accepted: what is shown as open must have a link that works (R5).

use crate::access::role::Role;
use crate::access::{Levels, Need};
use crate::core::timestamp::{Seconds, Timestamp};
use crate::users::{User, UserStatus};
use crate::words;

/// Where a pending invitation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum InvitationState {
    /// Its link works.
    Open,
    /// Its time is over.
    Expired,
    /// Whoever sent it may no longer invite to this role. Someone else can send it again, and answers for it then.
    InviterUnauthorized,
    /// Its link was ended: by a deletion that was undone, a restored backup, or a new secret key.
    LinkEnded,
}

words!(InvitationState {
    Open = "open",
    Expired = "expired",
    InviterUnauthorized = "inviter_unauthorized",
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
        Some(until) if now < until => InvitationState::InviterUnauthorized,
        Some(_) => InvitationState::Expired,
        None if now >= expires_at => InvitationState::Expired,
        None => InvitationState::LinkEnded,
    }
}

/// How long after its inviter last sent an invitation anyone can have its link mailed to it anew by asking without any proof: whoever
/// forgot about it, or holds a link that expired. After that someone of the account has to send it again, or a stranger who asks
/// now and then would keep it alive for ever (P3, P22).
pub const RENEWABLE_FOR: Seconds = Seconds::days(30);

/// Until when a link works that someone asks for at `now` without any proof: as long as every other one, but not longer than
/// [`RENEWABLE_FOR`] after whoever answers for the invitation sent it at `given_at`. `None`: there is none anymore.
///
/// For example, sent on the 1st with links of 7 days: asked for on the 10th, one works until the 17th; asked for on the 28th, until
/// the 31st; on the 31st nothing is mailed.
pub fn renewed_until(given_at: Timestamp, lifetime: Seconds, now: Timestamp) -> Option<Timestamp> {
    let end = given_at.plus(lifetime.max(RENEWABLE_FOR));
    (now < end).then(|| now.plus(lifetime).min(end))
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
            (Some(end), false, 99, InvitationState::InviterUnauthorized),
            (Some(end), false, 100, InvitationState::Expired),
            (None, true, 99, InvitationState::LinkEnded),
            (None, false, 99, InvitationState::LinkEnded),
            (None, true, 100, InvitationState::Expired),
        ] {
            assert_eq!(state(end, link_until, answered, at(now)), expected, "{link_until:?} {answered} {now}");
        }
    }

    #[test]
    fn p3_who_asks_without_proof_prolongs_no_invitation_beyond_thirty_days_after_its_inviter_sent_it() {
        let day = |day: u32| Timestamp::from_micros(0).plus(Seconds::days(day));
        let week = Seconds::days(7);
        for (now, until) in [(0, Some(7)), (9, Some(16)), (27, Some(30)), (29, Some(30)), (30, None), (400, None)] {
            assert_eq!(renewed_until(day(0), week, day(now)), until.map(day), "{now}");
        }
        assert_eq!(renewed_until(day(5), week, day(30)), Some(day(35)), "counted from when it was last sent");
        let mut end = day(0);
        for asked in 0..1_000 {
            end = renewed_until(day(0), week, day(asked)).unwrap_or(end);
        }
        assert_eq!(end, day(30));
    }
}
