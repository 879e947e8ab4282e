//! The activity log as it is read: filtered, page by page, in both directions.

use domain::activity::EventTarget;
use domain::core::ids::{AccountId, EventId};

use crate::activity::StoredEvent;
pub use crate::activity::log_visibility::{LogVisibility, SeenPeople};
use crate::activity::log_visibility::{Looked, SeenEvent};
pub use crate::activity::selection::{EventList, EventSelection, EventWindow};
use crate::activity::stretch::Stretch;
use crate::{FromRow, Row, SqlText, StoreError};

/// Up to here matches are counted (decision 12).
const COUNTED_UP_TO: i64 = 10_000;

/// Targets that are loaded at once.
const TARGETS_AT_ONCE: i64 = 5_000;

/// A piece of the log.
#[derive(Debug, Clone, PartialEq)]
pub struct EventPiece {
    /// The entries, newest first, without their targets.
    pub events: Vec<StoredEvent>,
    /// Where to go on in the direction of reading; `None` at the end. It may be before the limit is reached: then the search
    /// looked as far as one request may.
    pub more: Option<i64>,
}

/// A target with the entry it belongs to.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetOf {
    /// The entry.
    pub seq: i64,
    /// The target.
    pub target: EventTarget,
}

/// A target that a reader sees, with the entry it belongs to.
#[derive(Debug, Clone, PartialEq)]
pub struct SeenTarget {
    /// The entry.
    pub seq: i64,
    /// The target.
    pub target: EventTarget,
    /// How many targets of this entry the reader sees.
    pub seen: i64,
}

impl FromRow for SeenTarget {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok(Self { seq: row.get("seq")?, target: EventTarget::from_row(row)?, seen: row.get("seen")? })
    }
}

impl FromRow for TargetOf {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok(Self { seq: row.get("seq")?, target: EventTarget::from_row(row)? })
    }
}

impl EventList<'_> {
    /// The entries of a window.
    pub async fn page(&mut self, selection: &EventSelection, window: &EventWindow) -> Result<EventPiece, StoreError> {
        let stretch = self.stretch(selection, window).await?;
        let mut text = selection.entries(self.account, &stretch.looked());
        selection.push(&mut text, &stretch);
        text.push(if window.backward { " ORDER BY e.seq LIMIT " } else { " ORDER BY e.seq DESC LIMIT " });
        text.bind(&(window.limit + 1));
        let found: Vec<SeenEvent> = self.tx.sql(text).all().await?;
        let mut events: Vec<StoredEvent> = found.into_iter().map(SeenEvent::shown).collect();
        let full = i64::try_from(events.len()).is_ok_and(|found| found > window.limit);
        events.truncate(usize::try_from(window.limit).unwrap_or_default());
        let more = if full { events.last().map(|stored| stored.event.seq) } else { stretch.stop };
        if window.backward {
            events.reverse();
        }
        Ok(EventPiece { events, more })
    }

    /// The newest entries, at most so many, and how many there are as [`EventList::total`] counts them: what no index answers is
    /// looked for once for both.
    pub async fn newest(
        &mut self,
        selection: &EventSelection,
        limit: i64,
    ) -> Result<(EventPiece, (i64, bool)), StoreError> {
        let window = EventWindow { from: None, backward: false, limit };
        if !selection.is_slow() {
            return Ok((self.page(selection, &window).await?, self.total(selection).await?));
        }
        let stretch = self.stretch(selection, &window).await?;
        let mut text = selection.begin(self.account, &stretch.looked());
        text.push("SELECT e.seq FROM events e WHERE e.account_id = $1");
        selection.push(&mut text, &stretch);
        text.push(" ORDER BY e.seq DESC LIMIT ").bind(&(COUNTED_UP_TO + 1));
        let mut places: Vec<i64> = self.tx.sql(text).values().await?;
        let found = i64::try_from(places.len()).unwrap_or(i64::MAX);
        places.truncate(usize::try_from(limit).unwrap_or_default());
        let more = if found > limit { places.last().copied() } else { stretch.stop };
        let mut text = selection.entries(self.account, &Looked::At(places.clone()));
        text.push(" AND e.seq IN (").bind_all(&places).push(") ORDER BY e.seq DESC");
        let events: Vec<SeenEvent> = self.tx.sql(text).all().await?;
        let piece = EventPiece { events: events.into_iter().map(SeenEvent::shown).collect(), more };
        Ok((piece, (found.min(COUNTED_UP_TO), found <= COUNTED_UP_TO && stretch.stop.is_none())))
    }

    /// How many entries there are, and whether that is all: counted up to 10,000, and as far as one request looks.
    pub async fn total(&mut self, selection: &EventSelection) -> Result<(i64, bool), StoreError> {
        let newest = EventWindow { from: None, backward: false, limit: 0 };
        let stretch = self.stretch(selection, &newest).await?;
        let mut text = selection.begin(self.account, &stretch.looked());
        text.push("SELECT COUNT(*) FROM (SELECT 1 FROM events e WHERE e.account_id = $1");
        selection.push(&mut text, &stretch);
        text.push(" LIMIT ").bind(&(COUNTED_UP_TO + 1)).push(") AS found");
        let found: i64 = self.tx.sql(text).value().await?;
        Ok((found.min(COUNTED_UP_TO), found <= COUNTED_UP_TO && stretch.stop.is_none()))
    }

    /// An entry by its id, without its targets, if the reader may see it.
    pub async fn find(
        &mut self,
        id: EventId,
        sight: Option<&LogVisibility>,
    ) -> Result<Option<StoredEvent>, StoreError> {
        let selection = EventSelection { sight: sight.cloned(), ..EventSelection::default() };
        // An entry that is not there costs what a hidden one does.
        let place = if sight.is_some() { self.place_of(id).await? } else { None };
        let mut text = selection.entries(self.account, &Looked::At(place.into_iter().collect()));
        text.push(" AND e.id = ").bind(&id);
        if let Some(sight) = sight {
            text.push(" AND ");
            sight.push_entry(&mut text);
        }
        Ok(self.tx.sql(text).one::<SeenEvent>().await?.map(SeenEvent::shown))
    }

    /// The place of an entry in the log; `None` when there is none with this id.
    pub async fn place_of(&mut self, id: EventId) -> Result<Option<i64>, StoreError> {
        let text = "SELECT seq FROM events WHERE account_id = $1 AND id = $2";
        Ok(self.tx.sql(text).bind(&self.account).bind(&id).values::<i64>().await?.pop())
    }

    /// The id of the entry at a place, or of the nearest one after it.
    pub async fn id_at(&mut self, seq: i64) -> Result<Option<EventId>, StoreError> {
        let text = "SELECT id FROM events WHERE account_id = $1 AND seq >= $2 ORDER BY seq LIMIT 1";
        Ok(self.tx.sql(text).bind(&self.account).bind(&seq).values::<EventId>().await?.pop())
    }

    /// The first targets of entries, `most` of each.
    pub async fn first_targets(&mut self, events: &[StoredEvent], most: i64) -> Result<Vec<TargetOf>, StoreError> {
        self.targets_before(events, most).await
    }

    /// The first targets of entries that a reader sees, `most` of each, with how many there are of them.
    pub async fn first_seen_targets(
        &mut self,
        events: &[StoredEvent],
        sight: &LogVisibility,
        most: i64,
    ) -> Result<Vec<SeenTarget>, StoreError> {
        let looked = Looked::At(events.iter().map(|stored| stored.event.seq).collect());
        let mut text = sight.begin(self.account, &looked, "t.*");
        text.push(
            "SELECT * FROM (SELECT shown.*, ROW_NUMBER() OVER (PARTITION BY seq ORDER BY place) AS nth, \
             COUNT(*) OVER (PARTITION BY seq) AS seen FROM shown) AS ranked WHERE nth <= ",
        );
        text.bind(&most).push(" ORDER BY seq, place");
        self.tx.sql(text).all().await
    }

    /// How many targets of an entry a reader sees.
    pub async fn count_seen_targets(&mut self, seq: i64, sight: &LogVisibility) -> Result<i64, StoreError> {
        let mut text = sight.begin(self.account, &Looked::At(vec![seq]), "t.place");
        text.push("SELECT COUNT(*) FROM shown");
        self.tx.sql(text).value().await
    }

    /// The targets of entries at the places before one, in their order.
    async fn targets_before(&mut self, events: &[StoredEvent], place: i64) -> Result<Vec<TargetOf>, StoreError> {
        let mut text = SqlText::new("SELECT t.* FROM event_targets t WHERE t.account_id = ");
        text.bind(&self.account).push(" AND t.place < ").bind(&place);
        text.push(" AND t.seq IN (").bind_all(events.iter().map(|stored| &stored.event.seq));
        text.push(") ORDER BY t.seq, t.place");
        self.tx.sql(text).all().await
    }

    /// The targets of an entry, as many as `limit` after the first `skipped`; of a reader who does not see all those they see.
    pub async fn targets(
        &mut self,
        seq: i64,
        skipped: i64,
        limit: i64,
        sight: Option<&LogVisibility>,
    ) -> Result<Vec<EventTarget>, StoreError> {
        let text = match sight {
            // The places of all targets are 0, 1, 2 …
            None => {
                let mut text = SqlText::new("SELECT t.* FROM event_targets t WHERE t.account_id = $1 AND t.seq = ");
                text.bind_ahead(&self.account).bind(&seq).push(" AND t.place >= ").bind(&skipped);
                text.push(" ORDER BY t.place LIMIT ").bind(&limit);
                text
            }
            Some(sight) => {
                let mut text = sight.begin(self.account, &Looked::At(vec![seq]), "t.*");
                text.push("SELECT * FROM shown ORDER BY place LIMIT ").bind(&limit).push(" OFFSET ").bind(&skipped);
                text
            }
        };
        self.tx.sql(text).all().await
    }

    /// Completes the first entries with all their targets, as many entries as fit into memory together; at least one.
    pub async fn complete(&mut self, mut events: Vec<StoredEvent>) -> Result<Vec<StoredEvent>, StoreError> {
        let mut targets = 0;
        let fit = events.iter().take_while(|stored| {
            targets += stored.target_count;
            targets <= TARGETS_AT_ONCE
        });
        let fit = fit.count().max(1);
        events.truncate(fit);
        let mut found = self.targets_before(&events, i64::MAX).await?.into_iter().peekable();
        events.sort_by_key(|stored| stored.event.seq);
        for stored in &mut events {
            while let Some(next) = found.next_if(|next| next.seq == stored.event.seq) {
                stored.event.targets.push(next.target);
            }
        }
        Ok(events)
    }
}

impl EventSelection {
    /// Whether this selects every entry.
    pub fn is_everything(&self) -> bool {
        *self == Self::default()
    }

    /// Whether no index answers it, so that entries are read one after the other.
    pub(crate) fn is_slow(&self) -> bool {
        self.filter.needle().is_some() || self.sight.is_some()
    }

    /// The begin of a statement about these entries of an account, `$1`.
    fn begin(&self, account: AccountId, looked: &Looked) -> SqlText {
        match &self.sight {
            Some(sight) => sight.begin(account, looked, "t.seq, t.target_id, t.search_text"),
            None => {
                let mut text = SqlText::new("");
                text.bind_ahead(&account);
                text
            }
        }
    }

    /// The entries `e` of an account, each with whether the reader may see who acted; conditions follow.
    fn entries(&self, account: AccountId, looked: &Looked) -> SqlText {
        let mut text = self.begin(account, looked);
        text.push("SELECT e.*, CAST(CASE WHEN ");
        match &self.sight {
            Some(sight) => sight.push_actor(&mut text),
            None => {
                text.push("1 = 1");
            }
        }
        text.push(" THEN 1 ELSE 0 END AS BIGINT) AS shows_actor FROM events e WHERE e.account_id = $1");
        text
    }

    /// Conditions on `e`.
    fn push(&self, text: &mut SqlText, stretch: &Stretch) {
        if let Some(first) = stretch.first {
            text.push(" AND e.seq >= ").bind(&first);
        }
        if let Some(last) = stretch.last {
            text.push(" AND e.seq <= ").bind(&last);
        }
        let filter = &self.filter;
        if !filter.actions.is_empty() {
            text.push(" AND e.action IN (").bind_all(&filter.actions).push(")");
        }
        if let Some(actor) = &filter.actor {
            text.push(" AND e.actor_id = ").bind(actor);
            self.push_if_limited(text, LogVisibility::push_actor);
        }
        if let Some(target) = &filter.target {
            match self.sight {
                // `IS TRUE` keeps PostgreSQL from making a join of it, which may go through `shown` for each entry.
                Some(_) => text
                    .push(" AND (e.seq IN (SELECT seq FROM shown WHERE target_id = ")
                    .bind(target)
                    .push(")) IS TRUE"),
                None => {
                    text.push(
                        " AND e.seq IN (SELECT t.seq FROM event_targets t WHERE t.account_id = $1 AND t.target_id = ",
                    );
                    text.bind(target).push(")")
                }
            };
        }
        if let Some(from) = &filter.from {
            text.push(" AND e.at >= ").bind(from);
        }
        if let Some(to) = &filter.to {
            text.push(" AND e.at < ").bind(to);
        }
        self.push_text(text);
        self.push_if_limited(text, LogVisibility::push_entry);
    }

    /// One more condition where the reader does not see everything.
    fn push_if_limited(&self, text: &mut SqlText, condition: fn(&LogVisibility, &mut SqlText)) {
        if let Some(sight) = &self.sight {
            text.push(" AND ");
            condition(sight, text);
        }
    }

    fn push_text(&self, text: &mut SqlText) {
        let Some(needle) = self.filter.needle() else { return };
        text.push(" AND (e.search_text").contains(&needle);
        text.push(" OR (e.actor_search_text").contains(&needle);
        self.push_if_limited(text, LogVisibility::push_actor);
        match self.sight {
            Some(_) => text.push(") OR e.seq IN (SELECT seq FROM shown WHERE search_text").contains(&needle).push("))"),
            // A value and not EXISTS, for which PostgreSQL may read the targets of the whole log at once.
            None => {
                text.push(") OR (SELECT t.seq FROM event_targets t WHERE t.account_id = $1 AND t.seq = e.seq AND t.search_text");
                text.contains(&needle).push(" LIMIT 1) IS NOT NULL)")
            }
        };
    }
}
