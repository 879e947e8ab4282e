//! Where the invitations of users stand, as a condition of the list and as its source.

use domain::users::invitation::InvitationState;

use super::selection::Selection;
use crate::SqlText;

/// Until when the latest link of the invitation `i` works that was not ended; -1 where there is none.
const LINK_UNTIL: &str = "COALESCE((SELECT MAX(l.expires_at) FROM links l WHERE l.account_id = $1 AND l.user_id = i.user_id \
     AND l.purpose = 'activation' AND l.ended_at IS NULL), -1)";

impl Selection {
    /// The same rule as `domain::users::invitation::state`, for the user `u`.
    pub(super) fn push_invitation(&self, text: &mut SqlText) {
        if self.filter.invitation.is_empty() {
            return;
        }
        text.push(
            " AND EXISTS (SELECT 1 FROM invitations i JOIN users p ON p.account_id = $1 AND p.id = i.user_id \
             WHERE i.account_id = $1 AND i.user_id = u.id AND i.state = 'pending' AND (",
        );
        for (place, state) in self.filter.invitation.iter().enumerate() {
            text.push(if place == 0 { "(" } else { " OR (" });
            self.push_state(text, *state);
            text.push(")");
        }
        text.push(") LIMIT 1 OFFSET 0)");
    }

    fn push_state(&self, text: &mut SqlText, state: InvitationState) {
        match state {
            InvitationState::Open | InvitationState::InviterUnauthorized => {
                text.push(LINK_UNTIL).push(" > ").bind(&self.now).push(" AND ");
                self.push_answered(text, state == InvitationState::Open);
            }
            InvitationState::Expired => {
                text.push("i.expires_at <= ").bind(&self.now).push(" AND ").push(LINK_UNTIL);
                text.push(" <= ").bind(&self.now);
            }
            InvitationState::LinkEnded => {
                text.push("i.expires_at > ").bind(&self.now).push(" AND ").push(LINK_UNTIL).push(" = -1");
            }
        }
    }

    /// Whether someone answers for the invitation `i` of `p`, or no one does.
    fn push_answered(&self, text: &mut SqlText, wanted: bool) {
        text.push(if wanted { "(" } else { "NOT (" });
        text.push(
            "i.lost_at IS NULL AND (i.invited_by = 'operator' OR EXISTS (SELECT 1 FROM users v WHERE v.account_id = $1 \
             AND v.id = i.invited_by AND v.status = 'active' AND (1 = 0",
        );
        for giving in &self.giving {
            text.push(" OR (v.role_id IN (").bind_all(&giving.holders);
            text.push(") AND p.role_id IN (").bind_all(&giving.given).push("))");
        }
        text.push("))))");
    }

    /// A superset of the users whose invitation is in one of the filtered states, taken from the indexes of expiry, of inviters who lost
    /// the right, and of revoked links.
    pub(super) fn push_invited(&self, text: &mut SqlText) {
        let pending = "SELECT i.user_id FROM invitations i WHERE i.account_id = $1 AND i.state = 'pending' AND ";
        for (place, state) in self.filter.invitation.iter().enumerate() {
            if place > 0 {
                text.push(" UNION ");
            }
            match state {
                InvitationState::Open => {
                    text.push(pending).push("i.expires_at > ").bind(&self.now);
                }
                InvitationState::Expired => {
                    text.push(pending).push("i.expires_at <= ").bind(&self.now);
                }
                InvitationState::InviterUnauthorized => {
                    text.push(pending).push("i.lost_at IS NOT NULL");
                }
                InvitationState::LinkEnded => {
                    text.push(
                        "SELECT l.user_id FROM links l WHERE l.account_id = $1 AND l.ended_as = 'revoked' \
                         AND l.purpose = 'activation'",
                    );
                }
            }
        }
    }
}
