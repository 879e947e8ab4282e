//! What happens to each address of an invitation, before anything is written (U-10, U-11, P7, P8).

use std::collections::{HashMap, HashSet};

use crate::core::email_address::{EmailAddress, EmailAddressError};
use crate::core::refusal::{FieldError, Kind, Params, Rule, params};
use crate::invitations::address_list::{self, Pasted, PastedAddress};
use crate::users::UserStatus;

/// The most people that one call invites.
pub const MOST_ADDRESSES: usize = 10_000;

/// More addresses than one call takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("This list has more than {MOST_ADDRESSES} addresses, the limit for one request. Split the list.")]
pub struct TooManyAddresses;

impl Rule for TooManyAddresses {
    fn refusal(&self) -> (Kind, &'static str) {
        (Kind::TooLarge, "too_many_addresses")
    }
}

/// What becomes of one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum InviteDecision {
    /// The person is invited.
    Invited,
    /// The address stands in the list before.
    Duplicate,
    /// The person is a user of the account, active or disabled.
    AlreadyUser,
    /// The person has an invitation that is still open.
    AlreadyInvited,
    /// The person was a user, was deleted, and can be restored.
    DeletedUser,
    /// There is no address in this text.
    NotAnAddress(EmailAddressError),
    /// No column of its table says that it has the people's own addresses, and someone has to choose one.
    UnclearColumn,
    /// No seat is left for the person.
    OutsideSeats,
    /// The address, or the one who invites, has had as much mail as is allowed (I10).
    TooManyMails,
}

impl InviteDecision {
    /// Every word for one.
    pub const CODES: [&str; 9] = [
        "invited",
        "duplicate",
        "already_user",
        "already_invited",
        "deleted_user",
        "invalid_email",
        "ambiguous_column",
        "no_seat_available",
        "too_many_emails",
    ];

    /// The stable word for it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Duplicate => "duplicate",
            Self::AlreadyUser => "already_user",
            Self::AlreadyInvited => "already_invited",
            Self::DeletedUser => "deleted_user",
            Self::NotAnAddress(_) => "invalid_email",
            Self::UnclearColumn => "ambiguous_column",
            Self::OutsideSeats => "no_seat_available",
            Self::TooManyMails => "too_many_emails",
        }
    }

    /// The values in its sentence: `reason`, where it is no address.
    pub fn params(self) -> Params {
        match self {
            Self::NotAnAddress(error) => params([("reason", error.reason().into())]),
            Self::Invited
            | Self::Duplicate
            | Self::AlreadyUser
            | Self::AlreadyInvited
            | Self::DeletedUser
            | Self::UnclearColumn
            | Self::OutsideSeats
            | Self::TooManyMails => Params::new(),
        }
    }

    /// Why the person is not invited, and what to do about it; `None` when they are.
    pub fn why_not(self) -> Option<String> {
        let reason = match self {
            Self::Invited => return None,
            Self::Duplicate => "Already listed above. Remove it here.",
            Self::AlreadyUser => "Already a member of the account. Edit their profile instead.",
            Self::AlreadyInvited => "Already invited. Resend the invitation instead.",
            Self::DeletedUser => "This user was deleted. Restore the user instead.",
            Self::NotAnAddress(error) => return Some(error.to_string()),
            Self::UnclearColumn => return Some(EmailAddressError::UnclearColumn.to_string()),
            Self::OutsideSeats => "No seat is available. Free one, or have the seat limit raised.",
            Self::TooManyMails => {
                "Too many emails were sent recently, to this address or by you or your account. Try again later."
            }
        };
        Some(reason.to_owned())
    }
}

/// What is known about the addresses and the room that is left, at one moment under the account's lock.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Where those of the addresses stand that belong to the account.
    pub members: HashMap<EmailAddress, UserStatus>,
    /// Addresses that had as much mail as one may get.
    pub over_limit: HashSet<EmailAddress>,
    /// How many seats are left; `None` is no limit.
    pub seats_left: Option<u64>,
    /// How many mails the one who invites may still cause; `None` is no limit.
    pub mails_left: Option<u64>,
}

/// Says what becomes of each address, in order: the first ones get the room that is left.
pub fn plan(list: &[PastedAddress], known: &Known) -> Vec<InviteDecision> {
    let mut seen = HashSet::with_capacity(list.len());
    let mut invited = 0;
    list.iter()
        .map(|piece| match &piece.address {
            Err(EmailAddressError::UnclearColumn) => InviteDecision::UnclearColumn,
            Err(error) => InviteDecision::NotAnAddress(*error),
            Ok(address) if !seen.insert(address) => InviteDecision::Duplicate,
            Ok(address) => {
                let decision = known.decision(address, invited);
                invited += u64::from(decision == InviteDecision::Invited);
                decision
            }
        })
        .collect()
}

impl Known {
    /// What becomes of an address after `invited` others.
    fn decision(&self, address: &EmailAddress, invited: u64) -> InviteDecision {
        let is_full = |room: Option<u64>| room.is_some_and(|room| invited >= room);
        match self.members.get(address) {
            Some(UserStatus::Active | UserStatus::Inactive) => InviteDecision::AlreadyUser,
            Some(UserStatus::Provisioned) => InviteDecision::AlreadyInvited,
            Some(UserStatus::Deleted) => InviteDecision::DeletedUser,
            None if self.over_limit.contains(address) || is_full(self.mails_left) => InviteDecision::TooManyMails,
            None if is_full(self.seats_left) => InviteDecision::OutsideSeats,
            None => InviteDecision::Invited,
        }
    }
}

/// One address more than a call takes is enough to know that they are too many; the rest is not read.
const MOST_READ: usize = MOST_ADDRESSES + 1;

/// Reads the addresses of a pasted text, with the column that someone chose where its table does not say which one has them.
pub fn read_text(text: &str, column: Option<usize>) -> Pasted {
    address_list::read(text, column, MOST_READ)
}

/// Reads each element of a list as one address, alone or as `Name <ana@example.com>`.
pub fn read_each(elements: &[String]) -> Vec<PastedAddress> {
    elements.iter().take(MOST_READ).map(|element| read_one(element)).collect()
}

fn read_one(element: &str) -> PastedAddress {
    let mut pieces = address_list::parse_first(element, 2);
    match (pieces.pop(), pieces.is_empty()) {
        (Some(piece), true) => piece,
        _ => PastedAddress {
            text: element.trim().chars().take(address_list::MAX_SHOWN).collect(),
            name: None,
            address: EmailAddress::parse(element),
        },
    }
}

/// One entry for each address that is not invited, by its place in the list.
pub fn refusals(list: &[PastedAddress], decisions: &[InviteDecision]) -> Vec<FieldError> {
    let rows = list.iter().zip(decisions).enumerate();
    rows.filter_map(|(place, (piece, decision))| {
        let detail = format!("`{}`: {}", piece.text, decision.why_not()?);
        Some(FieldError {
            pointer: format!("/emails/{place}"),
            code: decision.code().to_owned(),
            detail,
            params: decision.params(),
        })
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn address(number: u8) -> EmailAddress {
        EmailAddress::parse(&format!("p{number}@example.com")).unwrap()
    }

    fn list(numbers: &[Option<u8>]) -> Vec<PastedAddress> {
        let texts: Vec<String> =
            numbers.iter().map(|number| number.map_or("nobody".to_owned(), |n| address(n).to_string())).collect();
        read_each(&texts)
    }

    fn known() -> impl Strategy<Value = Known> {
        let status = (0..4usize).prop_map(|place| UserStatus::ALL[place]);
        let members = proptest::collection::hash_map((0u8..12).prop_map(address), status, 0..6);
        let over_limit = proptest::collection::hash_set((0u8..12).prop_map(address), 0..4);
        let room = || proptest::option::of(0u64..8);
        (members, over_limit, room(), room()).prop_map(|(members, over_limit, seats_left, mails_left)| Known {
            members,
            over_limit,
            seats_left,
            mails_left,
        })
    }

    proptest! {
        #[test]
        fn d10_an_address_is_invited_once_when_it_is_nobodys_and_never_beyond_the_room(
            numbers in proptest::collection::vec(proptest::option::weighted(0.9, 0u8..12), 0..30), known in known(),
        ) {
            let list = list(&numbers);
            let decisions = plan(&list, &known);
            prop_assert_eq!(decisions.len(), list.len());
            let invited: Vec<_> = list.iter().zip(&decisions)
                .filter(|(_, decision)| **decision == InviteDecision::Invited)
                .map(|(piece, _)| piece.address.clone().unwrap()).collect();
            let distinct: HashSet<_> = invited.iter().collect();
            prop_assert_eq!(distinct.len(), invited.len());
            prop_assert!(invited.iter().all(|one| !known.members.contains_key(one) && !known.over_limit.contains(one)));
            let count = invited.len() as u64;
            prop_assert!(known.seats_left.is_none_or(|left| count <= left) && known.mails_left.is_none_or(|left| count <= left));
        }

        #[test]
        fn u11_nobody_is_left_out_while_there_is_room(numbers in proptest::collection::vec(proptest::option::of(0u8..40), 0..30)) {
            let list = list(&numbers);
            let decisions = plan(&list, &Known::default());
            let distinct: HashSet<_> = numbers.iter().flatten().collect();
            prop_assert_eq!(decisions.iter().filter(|decision| **decision == InviteDecision::Invited).count(), distinct.len());
            let refused = refusals(&list, &decisions).len();
            prop_assert_eq!(refused, list.len() - distinct.len());
        }
    }

    #[test]
    fn each_decision_says_why_and_where() {
        let texts = ["ana@example.com", "Ana <ANA@example.com>", "a@b.com c@d.com", "  "].map(str::to_owned);
        let list = read_each(&texts);
        let decisions = plan(&list, &Known::default());
        assert_eq!(
            decisions,
            [
                InviteDecision::Invited,
                InviteDecision::Duplicate,
                InviteDecision::NotAnAddress(EmailAddressError::Space),
                InviteDecision::NotAnAddress(EmailAddressError::Empty)
            ]
        );
        let refusals = refusals(&list, &decisions);
        let parts: Vec<_> = refusals.iter().map(|part| (part.pointer.as_str(), part.code.as_str())).collect();
        assert_eq!(parts, [("/emails/1", "duplicate"), ("/emails/2", "invalid_email"), ("/emails/3", "invalid_email")]);
    }
}
