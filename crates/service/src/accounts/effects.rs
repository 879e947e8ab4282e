//! Whom a change of an account's settings touches: what a preview shows and an answer repeats.

use domain::accounts::{Account, AccountSettings, SeatMode, Seats};
use domain::core::failure::Failure;
use domain::core::refusal::{Params, params};
use domain::core::timestamp::Timestamp;
use domain::sign_in::session::SessionLimits;
use domain::words;
use store::Tenant;
use store::sign_in::session_accounts::{SessionAccounts, SessionBounds};

use crate::core::change::Change;

/// What a change of settings does to people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EffectCode {
    /// Addresses with the old name stop working.
    AddressChanges,
    /// More seats are taken than there are.
    OverSeatLimit,
    /// Sessions end at once.
    SessionsEnd,
    /// It holds for passwords that are chosen from now on.
    NewPasswordsOnly,
    /// It holds for invitations that are sent from now on.
    NewActivationLinksOnly,
    /// It holds for links to a new password that are sent from now on.
    NewResetLinksOnly,
}

words!(EffectCode {
    AddressChanges = "address_changes",
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
    /// How many users it touches at once.
    pub users: u64,
    /// A sentence for the person who is about to do it.
    pub detail: String,
    /// The values in that sentence.
    pub params: Params,
}

/// Everything that the change does to people.
pub async fn effects_of(
    change: &mut Change<'_>,
    before: &Account,
    after: &Account,
    seats: Seats,
) -> Result<Vec<Effect>, Failure> {
    let mut effects = Vec::new();
    effects.extend(new_address(before, after, seats));
    effects.extend(too_few_seats(&before.settings, &after.settings, seats));
    effects.extend(sessions_that_end(change, &before.settings, &after.settings).await?);
    effects.extend(only_new_ones(&before.settings, &after.settings));
    Ok(effects)
}

fn new_address(before: &Account, after: &Account, seats: Seats) -> Option<Effect> {
    (before.slug != after.slug).then(|| Effect {
        code: EffectCode::AddressChanges,
        users: seats.active + seats.pending,
        detail: format!(
            "addresses with {} stop working at once and another account may take the name; those with {} or the account's id work",
            before.slug, after.slug
        ),
        params: params([("before", before.slug.to_string().into()), ("after", after.slug.to_string().into())]),
    })
}

fn too_few_seats(before: &AccountSettings, after: &AccountSettings, seats: Seats) -> Option<Effect> {
    let rules = |settings: &AccountSettings| (settings.seat_limit, settings.seat_mode, settings.seat_taken);
    let limit = after.seat_limit.filter(|_| rules(before) != rules(after))?;
    let taken = seats.taken(after.seat_taken);
    let over = taken.checked_sub(u64::from(limit)).filter(|over| *over > 0)?;
    let consequence = match after.seat_mode {
        SeatMode::Hard => "nobody loses access, but nobody new gets a seat until enough seats are free",
        SeatMode::Soft => "nobody loses access and nobody is refused; a banner says so",
    };
    Some(Effect {
        code: EffectCode::OverSeatLimit,
        users: over,
        detail: format!("{taken} seats are taken and the limit is {limit}: {consequence}"),
        params: params([("taken", taken.into()), ("limit", limit.into()), ("reason", after.seat_mode.word().into())]),
    })
}

async fn sessions_that_end(
    change: &mut Change<'_>,
    before: &AccountSettings,
    after: &AccountSettings,
) -> Result<Option<Effect>, Failure> {
    let (old, new) = (before.session_limits(), after.session_limits());
    if new.idle >= old.idle && new.lifetime >= old.lifetime {
        return Ok(None);
    }
    let (account, now) = (change.account().id, change.now());
    let (sessions, users) =
        SessionAccounts(change.tx()).count_ended_by(account, bounds(old, now), bounds(new, now), now).await?;
    Ok((sessions > 0).then(|| Effect {
        code: EffectCode::SessionsEnd,
        users: u64::try_from(users).unwrap_or_default(),
        detail: format!("{sessions} sessions of {users} people end in this account at once; they sign in again"),
        params: params([("sessions", sessions.into()), ("users", users.into())]),
    }))
}

const fn bounds(limits: SessionLimits, now: Timestamp) -> SessionBounds {
    SessionBounds { entered: now.minus(limits.lifetime), active: now.minus(limits.idle) }
}

fn only_new_ones(before: &AccountSettings, after: &AccountSettings) -> Vec<Effect> {
    let changes = [
        (
            before.password_policy != after.password_policy,
            EffectCode::NewPasswordsOnly,
            "the password rule holds for passwords chosen from now on; present ones stay as they are",
        ),
        (
            before.activation_link_seconds != after.activation_link_seconds,
            EffectCode::NewActivationLinksOnly,
            "links in invitations that were sent already keep their time; the new one holds from the next mail on",
        ),
        (
            before.password_reset_link_seconds != after.password_reset_link_seconds,
            EffectCode::NewResetLinksOnly,
            "links to choose a password that were sent already keep their time; the new one holds from the next mail on",
        ),
    ];
    let changed = changes.into_iter().filter(|(changed, _, _)| *changed);
    changed
        .map(|(_, code, detail)| Effect { code, users: 0, detail: detail.to_owned(), params: Params::new() })
        .collect()
}
