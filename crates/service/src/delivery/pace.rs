//! How fast mails leave, and what the operator was told of the mail server: the memory of one process.

use std::num::NonZeroU32;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::core::timestamp::{Seconds, Timestamp};

/// How long until the same trouble is logged again.
const TELL_AGAIN_AFTER: Seconds = Seconds::hours(1);

/// Remembers when the next mail may leave, and since when there is trouble.
#[derive(Debug, Default)]
pub struct MailPace {
    next: Mutex<Option<Timestamp>>,
    troubles: Mutex<Troubles>,
}

#[derive(Debug, Default)]
struct Troubles {
    told: Vec<(&'static str, Timestamp)>,
    is_over: bool,
}

impl MailPace {
    /// Takes a place among the mails of this minute, or says when there is one. Mails leave evenly, so that no minute has more
    /// than `per_minute`, wherever it is thought to begin.
    ///
    /// # Errors
    /// The instant from which on a mail may leave.
    pub fn take(&self, per_minute: Option<NonZeroU32>, now: Timestamp) -> Result<(), Timestamp> {
        let Some(per_minute) = per_minute else { return Ok(()) };
        let per_minute = i64::from(per_minute.get());
        // Rounded up: so many of them must not end before the minute does.
        let gap = (60_000_000 + per_minute - 1) / per_minute;
        let after_gap = Timestamp::from_micros(now.micros().saturating_add(gap));
        let mut next = lock(&self.next);
        match *next {
            // Farther away than that it is only where the clock was set back.
            Some(free_at) if now < free_at && free_at <= after_gap => Err(free_at),
            Some(_) | None => {
                *next = Some(after_gap);
                Ok(())
            }
        }
    }

    /// Whether to tell the operator of this kind of trouble now: once, and once an hour as long as it lasts.
    pub fn is_news(&self, code: &'static str, now: Timestamp) -> bool {
        let mut troubles = lock(&self.troubles);
        let is_known = troubles.told.iter().any(|(told, at)| *told == code && now < at.plus(TELL_AGAIN_AFTER));
        if !is_known {
            troubles.told.retain(|(told, _)| *told != code);
            troubles.told.push((code, now));
            troubles.is_over = false;
        }
        !is_known
    }

    /// A mail left. Whether that ends a trouble of which the operator was told.
    pub fn ends_trouble(&self) -> bool {
        let mut troubles = lock(&self.troubles);
        let ends = !troubles.told.is_empty() && !troubles.is_over;
        troubles.is_over = true;
        ends
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_minute_has_more_mails_than_it_may_and_none_is_wasted() {
        for per_minute in [1_u32, 7, 30, 600] {
            let (pace, limit) = (MailPace::default(), NonZeroU32::new(per_minute));
            let (mut now, mut left) = (Timestamp::from_micros(0), Vec::new());
            while left.len() < 1_300 {
                match pace.take(limit, now) {
                    Ok(()) => left.push(now),
                    Err(free_at) => now = free_at,
                }
            }
            let minute =
                |from: &Timestamp| left.iter().filter(|at| *at >= from && **at < from.plus(Seconds(60))).count();
            let most = left.iter().map(minute).max().unwrap();
            assert_eq!(most, usize::try_from(per_minute).unwrap());
        }
        assert_eq!(MailPace::default().take(None, Timestamp::from_micros(0)), Ok(()));
    }

    #[test]
    fn the_operator_is_told_once_of_each_trouble_and_again_every_hour() {
        let (pace, at) = (MailPace::default(), |minutes| Timestamp::from_micros(0).plus(Seconds::minutes(minutes)));
        assert!(!pace.ends_trouble(), "there was none");
        assert!(pace.is_news("away", at(0)));
        assert!(pace.is_news("refused", at(1)));
        assert!(!pace.is_news("away", at(59)));
        assert!(pace.is_news("away", at(60)));
        assert!(pace.ends_trouble() && !pace.ends_trouble());
        assert!(!pace.is_news("away", at(61)), "what comes and goes fills no log");
    }
}
