//! The activity log as it is read: filtered, page by page, in both directions.

use domain::event::EventTarget;
use domain::event_filter::EventFilter;
use domain::ids::{AccountId, SystemId, UserId};
use domain::system::GrantedSystem;
use domain::timestamp::{Seconds, Timestamp};

use crate::events::StoredEvent;
use crate::{FromRow, Row, SqlText, StoreError, Tx};

/// Up to here matches are counted (api.md).
const COUNTED_UP_TO: i64 = 10_000;

/// How far a search without an index looks in one request.
const LOOKS: i64 = 20_000;

/// How far apart the clocks of nodes may be, or one may be put back: entries stand in the order in which they were written,
/// which is nearly that of their times.
const CLOCKS_APART: Seconds = Seconds::hours(1);

/// Targets that are loaded at once.
const TARGETS_AT_ONCE: i64 = 5_000;

/// Which entries.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EventSelection {
    /// By what is in them.
    pub filter: EventFilter,
    /// What the reader may see; `None` is everything.
    pub sight: Option<Sight>,
}

/// The sight of a reader who is limited to own systems: what they did themselves, and what happened to these systems and
/// to the users who have them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sight {
    /// The reader.
    pub user: UserId,
    /// Their systems.
    pub systems: Vec<SystemId>,
    /// Who has them at this instant.
    pub now: Timestamp,
}

/// Which piece of the log, newest entries first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventWindow {
    /// Where the piece begins, itself excluded; `None` at the end of the log.
    pub from: Option<i64>,
    /// From older to newer entries.
    pub backward: bool,
    /// The most entries wanted.
    pub limit: i64,
}

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

impl FromRow for TargetOf {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok(Self { seq: row.get("seq")?, target: EventTarget::from_row(row)? })
    }
}

/// The activity log of one account, as it is read.
pub struct EventList<'t> {
    pub(crate) tx: &'t mut Tx,
    pub(crate) account: AccountId,
}

impl EventList<'_> {
    /// The entries of a window.
    pub async fn page(&mut self, selection: &EventSelection, window: &EventWindow) -> Result<EventPiece, StoreError> {
        let bounds = self.bounds(selection).await?;
        let stop = self.stop(selection, window, bounds).await?;
        let mut text = SqlText::new("SELECT e.* FROM events e WHERE e.account_id = ");
        text.bind(&self.account);
        selection.push(&mut text, bounds);
        if let Some(from) = window.from {
            text.push(if window.backward { " AND e.seq > " } else { " AND e.seq < " }).bind(&from);
        }
        if let Some(stop) = stop {
            text.push(if window.backward { " AND e.seq <= " } else { " AND e.seq >= " }).bind(&stop);
        }
        text.push(if window.backward { " ORDER BY e.seq LIMIT " } else { " ORDER BY e.seq DESC LIMIT " });
        text.bind(&(window.limit + 1));
        let mut events: Vec<StoredEvent> = self.tx.sql(text).all().await?;
        let full = i64::try_from(events.len()).is_ok_and(|found| found > window.limit);
        events.truncate(usize::try_from(window.limit).unwrap_or_default());
        let more = if full { events.last().map(|stored| stored.event.seq) } else { stop };
        if window.backward {
            events.reverse();
        }
        Ok(EventPiece { events, more })
    }

    /// How many entries there are, and whether that is all: counted up to 10,000, and as far as one request looks.
    pub async fn total(&mut self, selection: &EventSelection) -> Result<(i64, bool), StoreError> {
        let bounds = self.bounds(selection).await?;
        let newest = EventWindow { from: None, backward: false, limit: 0 };
        let stop = self.stop(selection, &newest, bounds).await?;
        let mut text = SqlText::new("SELECT COUNT(*) FROM (SELECT 1 FROM events e WHERE e.account_id = ");
        text.bind(&self.account);
        selection.push(&mut text, bounds);
        if let Some(stop) = stop {
            text.push(" AND e.seq >= ").bind(&stop);
        }
        text.push(" LIMIT ").bind(&(COUNTED_UP_TO + 1)).push(") AS found");
        let found: i64 = self.tx.sql(text).value().await?;
        Ok((found.min(COUNTED_UP_TO), found <= COUNTED_UP_TO && stop.is_none()))
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

    /// The last entry that a search without an index looks at; `None` when it comes to the end before.
    async fn stop(
        &mut self,
        selection: &EventSelection,
        window: &EventWindow,
        (first, last): (Option<i64>, Option<i64>),
    ) -> Result<Option<i64>, StoreError> {
        if !selection.is_slow() {
            return Ok(None);
        }
        let text = "SELECT COALESCE(MAX(seq), 0) FROM events WHERE account_id = $1";
        let newest: i64 = self.tx.sql(text).bind(&self.account).value().await?;
        let last = last.unwrap_or(newest).min(newest);
        Ok(if window.backward {
            let stop = window.from.unwrap_or(0).saturating_add(LOOKS);
            (stop < last).then_some(stop)
        } else {
            let stop = window.from.unwrap_or(i64::MAX).min(last.saturating_add(1)).saturating_sub(LOOKS);
            (stop > first.unwrap_or(1)).then_some(stop)
        })
    }

    /// The first targets of entries, three each; of a limited reader those they may see.
    pub async fn first_targets(
        &mut self,
        events: &[StoredEvent],
        sight: Option<&Sight>,
        most: i64,
    ) -> Result<Vec<TargetOf>, StoreError> {
        let mut found = Vec::new();
        let Some(sight) = sight else {
            return self.targets_before(events, most).await;
        };
        for stored in events.iter().filter(|stored| stored.target_count > 0) {
            let seq = stored.event.seq;
            let targets = self.targets(seq, 0, most, Some(sight)).await?;
            found.extend(targets.into_iter().map(|(_, target)| TargetOf { seq, target }));
        }
        Ok(found)
    }

    /// The targets of entries at the places before one, in their order.
    async fn targets_before(&mut self, events: &[StoredEvent], place: i64) -> Result<Vec<TargetOf>, StoreError> {
        let mut text = SqlText::new("SELECT t.* FROM event_targets t WHERE t.account_id = ");
        text.bind(&self.account).push(" AND t.place < ").bind(&place);
        text.push(" AND t.seq IN (").bind_all(events.iter().map(|stored| &stored.event.seq));
        text.push(") ORDER BY t.seq, t.place");
        self.tx.sql(text).all().await
    }

    /// The targets of an entry from a place on, with their places; of a limited reader those they may see.
    pub async fn targets(
        &mut self,
        seq: i64,
        place: i64,
        limit: i64,
        sight: Option<&Sight>,
    ) -> Result<Vec<(i64, EventTarget)>, StoreError> {
        let mut text = SqlText::new("SELECT t.* FROM event_targets t WHERE t.account_id = ");
        text.bind(&self.account).push(" AND t.seq = ").bind(&seq).push(" AND t.place >= ").bind(&place);
        if let Some(sight) = sight {
            text.push(" AND ");
            sight.push(&mut text);
        }
        text.push(" ORDER BY t.place LIMIT ").bind(&limit);
        let rows: Vec<Placed> = self.tx.sql(text).all().await?;
        Ok(rows.into_iter().map(|row| (row.place, row.target)).collect())
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

struct Placed {
    place: i64,
    target: EventTarget,
}

impl FromRow for Placed {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok(Self { place: row.get("place")?, target: EventTarget::from_row(row)? })
    }
}

impl EventSelection {
    /// Whether this selects every entry.
    pub fn is_everything(&self) -> bool {
        *self == Self::default()
    }

    /// Whether no index answers it, so that entries are read one after the other.
    fn is_slow(&self) -> bool {
        self.filter.needle().is_some() || self.sight.is_some()
    }

    /// Conditions on `e`.
    fn push(&self, text: &mut SqlText, (first, last): (Option<i64>, Option<i64>)) {
        if let Some(first) = first {
            text.push(" AND e.seq >= ").bind(&first);
        }
        if let Some(last) = last {
            text.push(" AND e.seq <= ").bind(&last);
        }
        let filter = &self.filter;
        if !filter.actions.is_empty() {
            text.push(" AND e.action IN (").bind_all(&filter.actions).push(")");
        }
        if let Some(actor) = &filter.actor {
            text.push(" AND e.actor_id = ").bind(actor);
        }
        if let Some(target) = &filter.target {
            text.push(" AND e.seq IN (SELECT t.seq FROM event_targets t WHERE t.account_id = $1 AND t.target_id = ");
            text.bind(target).push(")");
        }
        if let Some(from) = &filter.from {
            text.push(" AND e.at >= ").bind(from);
        }
        if let Some(to) = &filter.to {
            text.push(" AND e.at < ").bind(to);
        }
        self.push_text(text);
        if let Some(sight) = &self.sight {
            text.push(" AND (e.actor_id = ").bind(&sight.user);
            text.push(" OR EXISTS (SELECT 1 FROM event_targets t WHERE t.account_id = $1 AND t.seq = e.seq AND ");
            sight.push(text);
            text.push("))");
        }
    }

    fn push_text(&self, text: &mut SqlText) {
        let Some(needle) = self.filter.needle() else { return };
        text.push(" AND (e.search_text").contains(&needle);
        text.push(
            " OR EXISTS (SELECT 1 FROM event_targets t WHERE t.account_id = $1 AND t.seq = e.seq AND t.search_text",
        );
        text.contains(&needle).push("))");
    }
}

impl Sight {
    /// Whether the reader may see the target `t`.
    fn push(&self, text: &mut SqlText) {
        text.push("((t.kind = 'system' AND t.target_id IN (").bind_all(&self.systems);
        text.push(")) OR (t.kind = 'user' AND (t.target_id = ").bind(&self.user);
        text.push(
            " OR EXISTS (SELECT 1 FROM system_grants g WHERE g.account_id = $1 AND g.user_id = t.target_id AND g.system_id IN (",
        );
        text.bind_all(&GrantedSystem::giving(&self.systems)).push(") AND COALESCE(g.starts_at, 0) <= ").bind(&self.now);
        text.push(" AND COALESCE(g.ends_at, 9223372036854775807) > ").bind(&self.now);
        text.push(
            ") OR EXISTS (SELECT 1 FROM group_members m JOIN group_systems l ON l.account_id = m.account_id \
             AND l.group_id = m.group_id WHERE m.account_id = $1 AND m.user_id = t.target_id AND l.system_id IN (",
        );
        text.bind_all(&self.systems).push(") AND COALESCE(m.starts_at, 0) <= ").bind(&self.now);
        text.push(" AND COALESCE(m.ends_at, 9223372036854775807) > ").bind(&self.now);
        text.push(" AND COALESCE(l.starts_at, 0) <= ").bind(&self.now);
        text.push(" AND COALESCE(l.ends_at, 9223372036854775807) > ").bind(&self.now).push("))))");
    }
}
