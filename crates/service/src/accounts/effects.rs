//! Whom a change of an account's settings touches: what a preview shows and an answer repeats.

use domain::accounts::Account;
use domain::accounts::seats::{SeatMode, Seats};
use domain::accounts::settings::AccountSettings;
use domain::core::failure::Failure;
use domain::core::refusal::{Params, params};
use domain::core::timestamp::Timestamp;
use domain::sign_in::session::SessionSettings;
use domain::words;
use store::Tenant;
use store::sign_in::session_accounts::{SessionAccounts, SessionBounds};

use crate::core::draft::Draft;

/// What a change of settings does to people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EffectCode {
    /// Addresses with the old name stop working.
    SlugChanges,
    /// More seats are taken than there are.
    OverSeatLimit,
    /// Sessions end immediately.
    SessionsEnd,
    /// It holds for passwords that are chosen from now on.
    NewPasswordsOnly,
    /// It holds for invitations that are sent from now on.
    NewActivationLinksOnly,
    /// It holds for links to a new password that are sent from now on.
    NewResetLinksOnly,
}

words!(EffectCode {
    SlugChanges = "slug_changes",
    OverSeatLimit = "over_seat_limit",
    SessionsEnd = "sessions_end",
    NewPasswordsOnly = "new_passwords_only",
    NewActivationLinksOnly = "new_activation_links_only",
    NewResetLinksOnly = "new_reset_links_only",
});

/// One thing that a change of settings does to people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    /// What.
    pub code: EffectCode,
    /// Number of users affected immediately.
    pub users: u64,
    /// A sentence for the person who is about to do it.
    pub detail: String,
    /// The values in that sentence.
    pub params: Params,
}

/// Everything that the change does to people.
pub async fn effects_of(
    draft: &mut Draft<'_>,
    before: &Account,
    after: &Account,
    seats: Seats,
) -> Result<Vec<Effect>, Failure> {
    let mut effects = Vec::new();
    effects.extend(new_address(before, after, seats));
    effects.extend(too_few_seats(&before.settings, &after.settings, seats));
    effects.extend(sessions_that_end(draft, &before.settings, &after.settings).await?);
    effects.extend(only_new_ones(&before.settings, &after.settings));
    Ok(effects)
}

fn new_address(before: &Account, after: &Account, seats: Seats) -> Option<Effect> {
    (before.slug != after.slug).then(|| Effect {
        code: EffectCode::SlugChanges,
        users: seats.active + seats.pending,
        detail: format!(
            "Links with {} stop working immediately, and another account can take the name. Use links with {} or the \
             account's id.",
            before.slug, after.slug
        ),
        params: params([("before", before.slug.to_string().into()), ("after", after.slug.to_string().into())]),
    })
}

fn too_few_seats(before: &AccountSettings, after: &AccountSettings, seats: Seats) -> Option<Effect> {
    let rule = after.seats;
    let limit = rule.limit.filter(|_| rule != before.seats)?;
    let taken = rule.taken(seats);
    let over = taken.checked_sub(u64::from(limit)).filter(|over| *over > 0)?;
    let consequence = match rule.mode {
        SeatMode::Hard => "No one loses access, but no one can be added until enough seats are free.",
        SeatMode::Soft => "No one loses access and invitations still work. A banner shows a warning.",
    };
    Some(Effect {
        code: EffectCode::OverSeatLimit,
        users: over,
        detail: format!("{taken} seats are taken, but the limit is {limit}. {consequence}"),
        params: params([("taken", taken.into()), ("limit", limit.into()), ("reason", rule.mode.word().into())]),
    })
}

async fn sessions_that_end(
    draft: &mut Draft<'_>,
    before: &AccountSettings,
    after: &AccountSettings,
) -> Result<Option<Effect>, Failure> {
    let (old, new) = (before.sessions, after.sessions);
    if new.idle_timeout_seconds >= old.idle_timeout_seconds && new.max_length_seconds >= old.max_length_seconds {
        return Ok(None);
    }
    let (account, now) = (draft.account().id, draft.now());
    let (sessions, users) =
        SessionAccounts(draft.tx()).count_ended_by(account, bounds(old, now), bounds(new, now), now).await?;
    Ok((sessions > 0).then(|| Effect {
        code: EffectCode::SessionsEnd,
        users: u64::try_from(users).unwrap_or_default(),
        detail: format!(
            "{sessions} sessions of {users} users in this account end immediately. They must sign in \
         again."
        ),
        params: params([("sessions", sessions.into()), ("users", users.into())]),
    }))
}

const fn bounds(limits: SessionSettings, now: Timestamp) -> SessionBounds {
    SessionBounds { entered: now.minus(limits.max_length_seconds), active: now.minus(limits.idle_timeout_seconds) }
}

fn only_new_ones(before: &AccountSettings, after: &AccountSettings) -> Vec<Effect> {
    let changes = [
        (
            before.passwords != after.passwords,
            EffectCode::NewPasswordsOnly,
            "Applies to new passwords. Existing passwords remain valid.",
        ),
        (
            before.links.activation_seconds != after.links.activation_seconds,
            EffectCode::NewActivationLinksOnly,
            "Invitations already sent keep their expiry. The new one applies from the next email.",
        ),
        (
            before.links.password_reset_seconds != after.links.password_reset_seconds,
            EffectCode::NewResetLinksOnly,
            "Password reset links already sent keep their expiry. The new one applies from the next email.",
        ),
    ];
    let changed = changes.into_iter().filter(|(changed, _, _)| *changed);
    changed
        .map(|(_, code, detail)| Effect { code, users: 0, detail: detail.to_owned(), params: Params::new() })
        .collect()
}
