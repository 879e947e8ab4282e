//! When a mail may leave to an address that gets much (I10). Nothing is refused here: what is too much waits its turn.

use crate::core::ids::AccountId;
use crate::core::timestamp::{Seconds, Timestamp};
use crate::words;

/// The span in which mails to one address are counted.
pub const SPAN: Seconds = Seconds::hours(1);

/// Who causes a mail. Limits are kept apart by it, so that none of them uses up the room of another (L4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cause {
    /// A user of the account, or what acts for one: an API key, a job.
    Account,
    /// Someone who proved nothing: a request from a browser that is not known.
    Stranger,
    /// The person themselves, the operator or the server.
    Trusted,
}

words!(Cause { Account = "account", Stranger = "stranger", Trusted = "trusted" });

/// Whether a mail of this kind comes before the others of its account: what people asked for themselves, and links to a new
/// password. An admin who invites thousands lets no one wait who cannot sign in.
pub fn is_urgent(cause: Cause, kind: &str) -> bool {
    cause != Cause::Account || kind == "password_reset"
}

/// A mail to an address that left or will leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Departure {
    /// The account it is about.
    pub account: Option<AccountId>,
    /// Who caused it.
    pub cause: Cause,
    /// When it left, or may.
    pub at: Timestamp,
}

/// When one more mail of this account and cause may leave, after those of the same that are on their way: at most `most` of them
/// within a [`SPAN`]. What others send to the address makes nothing wait: they cannot hold up what an account has to say, and it
/// cannot tell by a mail that waits what they sent (D2, L4). What people ask for without proof is about no account, so that all
/// of it has one room.
///
/// For example, with `most` = 10: another account sent ten mails to this address since noon. Ours leaves at once, the
/// eleventh one of ours when the first of ours is an hour old.
pub fn leaves_at(
    now: Timestamp,
    account: Option<AccountId>,
    cause: Cause,
    departures: &[Departure],
    most: usize,
) -> Timestamp {
    if cause == Cause::Trusted {
        return now;
    }
    let since = now.minus(SPAN);
    let is_own = |one: &&Departure| (one.account, one.cause) == (account, cause) && one.at > since;
    let mut own: Vec<&Departure> = departures.iter().filter(is_own).collect();
    own.sort_unstable_by_key(|one| std::cmp::Reverse(one.at));
    // The one that must be a whole span old before another may follow.
    let holds_up = own.get(most.max(1) - 1);
    holds_up.map_or(now, |one| one.at.plus(SPAN).max(now))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::ids::Id;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn account(number: u128) -> Option<AccountId> {
        Some(AccountId::from_uuid(Uuid::from_u128(number)))
    }

    fn minute(minute: i64) -> Timestamp {
        Timestamp::from_micros(1_000_000_000_000 + minute * 60_000_000)
    }

    #[test]
    fn i10_d2_what_an_account_sends_too_often_waits_and_what_others_send_makes_nothing_wait() {
        let others: Vec<Departure> =
            (0..10).map(|n| Departure { account: account(1), cause: Cause::Account, at: minute(n) }).collect();
        assert_eq!(leaves_at(minute(10), account(1), Cause::Account, &others, 10), minute(60));
        assert_eq!(leaves_at(minute(10), account(2), Cause::Account, &others, 10), minute(10));
        let ours = Departure { account: account(2), cause: Cause::Account, at: minute(10) };
        let all = [others.as_slice(), &[ours]].concat();
        assert_eq!(leaves_at(minute(11), account(2), Cause::Account, &all, 10), minute(11));
        assert_eq!(leaves_at(minute(11), account(1), Cause::Trusted, &all, 10), minute(11));
        assert_eq!(
            leaves_at(minute(69), account(1), Cause::Account, &all, 10),
            minute(69),
            "an hour later all is forgotten"
        );
        let asked = [Departure { account: None, cause: Cause::Stranger, at: minute(0) }];
        assert_eq!(
            leaves_at(minute(1), None, Cause::Stranger, &asked, 1),
            minute(60),
            "all that strangers ask for is one"
        );
    }

    #[test]
    fn what_people_ask_for_themselves_comes_before_what_an_account_sends() {
        for cause in [Cause::Stranger, Cause::Trusted] {
            assert!(is_urgent(cause, "activation") && is_urgent(cause, "password_reset"));
        }
        assert!(is_urgent(Cause::Account, "password_reset"));
        assert!(!is_urgent(Cause::Account, "activation") && !is_urgent(Cause::Account, "role_changed"));
    }

    proptest! {
        #[test]
        fn i10_d2_no_more_leave_within_an_hour_than_may_and_none_waits_for_others(
            asked in proptest::collection::vec((0i64..300, 0u128..4, any::<bool>()), 0..80), most in 1usize..12,
        ) {
            let asked: std::collections::BTreeSet<_> = asked.into_iter().collect();
            let mut departures: Vec<Departure> = Vec::new();
            for (at, number, is_account) in asked {
                let (now, cause) = (minute(at), if is_account { Cause::Account } else { Cause::Stranger });
                let due = leaves_at(now, account(number), cause, &departures, most);
                prop_assert!(due >= now);
                let own: Vec<Departure> =
                    departures.iter().filter(|one| (one.account, one.cause) == (account(number), cause)).copied().collect();
                prop_assert_eq!(due, leaves_at(now, account(number), cause, &own, most), "as if there were no others");
                let within = own.iter().filter(|one| one.at > due.minus(SPAN) && one.at <= due).count();
                prop_assert!(within < most, "{} of {}", within, most);
                departures.push(Departure { account: account(number), cause, at: due });
            }
        }
    }
}
