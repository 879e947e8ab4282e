//! How much of the activity log one request looks at.
//!
//! What no index answers is looked for among the entries one after the other, so each request has a stretch of them: the next
//! begins where it stopped.

use domain::core::timestamp::Seconds;

use crate::StoreError;
use crate::activity::log_visibility::Looked;
use crate::activity::selection::{EventList, EventSelection, EventWindow};

/// How far a search without an index looks in one request.
const LOOKS: i64 = 10_000;

/// How many targets it looks at. A reader who does not see the whole log waits for no more than these.
const LOOKS_AT_TARGETS: i64 = 30_000;

/// How far apart the clocks of nodes may be, or one may be put back: entries stand in the order in which they were written,
/// which is nearly that of their times.
const CLOCKS_APART: Seconds = Seconds::hours(1);

/// Entries next to each other that one request looks at.
pub(crate) struct Stretch {
    /// The earliest; `None` is the first of the log.
    pub(crate) first: Option<i64>,
    /// The latest; `None` is the end of the log.
    pub(crate) last: Option<i64>,
    /// The last one in the direction of reading, where the search would have to look further; `None` where there is nothing more.
    pub(crate) stop: Option<i64>,
}

impl Stretch {
    /// As what a statement looks at.
    pub(crate) fn looked(&self) -> Looked {
        Looked::Between(self.first.unwrap_or(1), self.last.unwrap_or(i64::MAX))
    }
}

impl EventList<'_> {
    /// The entries that a window lets one request look at.
    pub(crate) async fn stretch(
        &mut self,
        selection: &EventSelection,
        window: &EventWindow,
    ) -> Result<Stretch, StoreError> {
        let (mut first, mut last) = self.bounds(selection).await?;
        match window.from {
            Some(from) if window.backward => first = first.max(Some(from.saturating_add(1))),
            Some(from) => last = Some(last.unwrap_or(i64::MAX).min(from.saturating_sub(1))),
            None => {}
        }
        if !selection.is_slow() {
            return Ok(Stretch { first, last, stop: None });
        }
        let text = "SELECT COALESCE(MAX(seq), 0) FROM events WHERE account_id = $1";
        let newest: i64 = self.tx.sql(text).bind(&self.account).value().await?;
        let (oldest, newest) = (first.unwrap_or(1), last.unwrap_or(newest).min(newest));
        if window.backward {
            let last = newest.min(oldest.saturating_add(LOOKS - 1));
            let last = self.crowd(oldest, last, true).await?.map_or(last, |crowd| oldest.max(crowd - 1));
            return Ok(Stretch { first: Some(oldest), last: Some(last), stop: (last < newest).then_some(last) });
        }
        let first = oldest.max(newest.saturating_sub(LOOKS - 1));
        let first = self.crowd(first, newest, false).await?.map_or(first, |crowd| newest.min(crowd + 1));
        Ok(Stretch { first: Some(first), last: Some(newest), stop: (first > oldest).then_some(first) })
    }

    /// The entry at which one request has looked at as many targets as it may; `None` where there are less. A bulk change is one
    /// entry with up to 100,000 of them.
    async fn crowd(&mut self, first: i64, last: i64, backward: bool) -> Result<Option<i64>, StoreError> {
        let text = if backward {
            "SELECT seq FROM (SELECT seq, SUM(target_count) OVER (ORDER BY seq) AS targets FROM events \
             WHERE account_id = $1 AND seq BETWEEN $2 AND $3) AS counted WHERE targets > $4 ORDER BY seq LIMIT 1"
        } else {
            "SELECT seq FROM (SELECT seq, SUM(target_count) OVER (ORDER BY seq DESC) AS targets FROM events \
             WHERE account_id = $1 AND seq BETWEEN $2 AND $3) AS counted WHERE targets > $4 ORDER BY seq DESC LIMIT 1"
        };
        let found = self.tx.sql(text).bind(&self.account).bind(&first).bind(&last).bind(&LOOKS_AT_TARGETS);
        Ok(found.values().await?.pop())
    }

    /// Places between which all entries of the times are: after what is surely earlier, before what is surely later.
    async fn bounds(&mut self, selection: &EventSelection) -> Result<(Option<i64>, Option<i64>), StoreError> {
        let (mut first, mut last) = (None, None);
        if let Some(from) = &selection.filter.from {
            let text =
                "SELECT seq + 1 FROM events WHERE account_id = $1 AND at < $2 ORDER BY at DESC, seq DESC LIMIT 1";
            first = self.tx.sql(text).bind(&self.account).bind(&from.minus(CLOCKS_APART)).values::<i64>().await?.pop();
        }
        if let Some(to) = &selection.filter.to {
            let text = "SELECT seq - 1 FROM events WHERE account_id = $1 AND at >= $2 ORDER BY at, seq LIMIT 1";
            last = self.tx.sql(text).bind(&self.account).bind(&to.plus(CLOCKS_APART)).values::<i64>().await?.pop();
        }
        Ok((first, last))
    }
}
