//! The activity log of one account.

pub mod list;
pub(crate) mod log_visibility;
pub(crate) mod selection;
pub(crate) mod stretch;

use std::collections::HashSet;

use domain::activity::actions::Action;
use domain::activity::{Actor, ActorKind, Event, EventTarget, Origin};
use domain::core::ids::{AccountId, EventId};
use domain::core::search_text::label_search_key;
use domain::core::timestamp::Timestamp;

use crate::db::tenant::of_tenant;
use crate::{FromRow, Row, StoreError, ToValue, Tx, Value, record, text_column};

text_column!(Action, ActorKind);
record!(EventTarget { kind, id: "target_id", label, before: "before_json", after: "after_json" });

/// An entry without its targets, with its hash, as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredEvent {
    /// The entry; `targets` is empty.
    pub event: Event,
    /// The form in which it was hashed.
    pub format: i64,
    /// How many targets it has.
    pub target_count: i64,
    /// The hash written with it.
    pub hash: String,
}

impl FromRow for StoredEvent {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        let actor = Actor {
            kind: row.get("actor_kind")?,
            id: row.get("actor_id")?,
            label: row.get("actor_label")?,
            on_behalf_of: row.get("on_behalf_of")?,
        };
        let origin = Origin { ip: row.get("ip")?, session: row.get("session")?, request: row.get("request")? };
        let event = Event {
            seq: row.get("seq")?,
            id: row.get::<EventId>("id")?,
            at: row.get::<Timestamp>("at")?,
            action: row.get("action")?,
            actor,
            targets: Vec::new(),
            origin,
            reason: row.get("reason")?,
        };
        Ok(Self { event, format: row.get("format")?, target_count: row.get("target_count")?, hash: row.get("hash")? })
    }
}

/// The activity log of one account.
pub struct Events<'t> {
    pub(crate) tx: &'t mut Tx,
    pub(crate) account: AccountId,
}

of_tenant!(Events);

impl Events<'_> {
    /// Writes an entry with its targets, and the form in which it was hashed.
    pub async fn insert(&mut self, event: &Event, format: i64, hash: &str) -> Result<(), StoreError> {
        let target_count = i64::try_from(event.targets.len()).unwrap_or(i64::MAX);
        self.tx
            .sql(
                "INSERT INTO events (account_id, seq, format, id, at, action, actor_kind, actor_id, actor_label, on_behalf_of, ip, session, request, \
                 reason, target_count, hash, search_text, actor_search_text) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
            )
            .bind(&self.account)
            .bind(&event.seq)
            .bind(&format)
            .bind(&event.id)
            .bind(&event.at)
            .bind(&event.action)
            .bind(&event.actor.kind)
            .bind(&event.actor.id)
            .bind(&event.actor.label)
            .bind(&event.actor.on_behalf_of)
            .bind(&event.origin.ip)
            .bind(&event.origin.session)
            .bind(&event.origin.request)
            .bind(&event.reason)
            .bind(&target_count)
            .bind(hash)
            .bind(&search_text(event))
            .bind(&label_search_key(&event.actor.label))
            .run()
            .await?;
        let account = self.account;
        self.tx
            .insert_many(
                "INSERT INTO event_targets (account_id, seq, place, kind, target_id, label, before_json, after_json, search_text)",
                "",
                (0i64..).zip(&event.targets).map(|(place, target)| target_row(account, event.seq, place, target)),
            )
            .await?;
        Ok(())
    }

    /// The targets of an entry, from `place` on.
    pub async fn targets(&mut self, seq: i64, place: i64, limit: i64) -> Result<Vec<EventTarget>, StoreError> {
        self.tx
            .sql("SELECT * FROM event_targets WHERE account_id = $1 AND seq = $2 AND place >= $3 ORDER BY place LIMIT $4")
            .bind(&self.account)
            .bind(&seq)
            .bind(&place)
            .bind(&limit)
            .all()
            .await
    }

    /// The place of an entry outside those that the account counts, which no change has written.
    pub async fn uncounted(&mut self) -> Result<Option<i64>, StoreError> {
        let found = self
            .tx
            .sql(
                "SELECT e.seq FROM events e WHERE e.account_id = $1 AND e.seq NOT BETWEEN 1 AND \
                 (SELECT a.event_count FROM accounts a WHERE a.id = $1) ORDER BY e.seq LIMIT 1",
            )
            .bind(&self.account)
            .values()
            .await?;
        Ok(found.into_iter().next())
    }

    /// The first of these entries, which are complete and follow each other, whose texts for the search are not made of what it
    /// says.
    pub async fn found_wrongly(&mut self, events: &[StoredEvent]) -> Result<Option<i64>, StoreError> {
        let (Some(first), Some(last)) = (events.first(), events.last()) else { return Ok(None) };
        let (first, last) = (first.event.seq, last.event.seq);
        let text =
            "SELECT seq, search_text, actor_search_text FROM events WHERE account_id = $1 AND seq BETWEEN $2 AND $3";
        let of_events: Vec<(i64, String, String)> =
            self.tx.sql(text).bind(&self.account).bind(&first).bind(&last).all().await?;
        let text = "SELECT seq, place, search_text FROM event_targets WHERE account_id = $1 AND seq BETWEEN $2 AND $3";
        let of_targets: Vec<(i64, i64, String)> =
            self.tx.sql(text).bind(&self.account).bind(&first).bind(&last).all().await?;
        let of_events: HashSet<_> = of_events.into_iter().collect();
        let of_targets: HashSet<_> = of_targets.into_iter().collect();
        let is_right = |event: &Event| {
            let own = (event.seq, search_text(event), label_search_key(&event.actor.label));
            let mut targets = (0i64..).zip(&event.targets);
            of_events.contains(&own)
                && targets.all(|(place, it)| of_targets.contains(&(event.seq, place, label_search_key(&it.label))))
        };
        Ok(events.iter().map(|stored| &stored.event).find(|event| !is_right(event)).map(|event| event.seq))
    }

    /// Entries after `seq` in the order in which they were written, without their targets: for walking the chain.
    pub async fn after(&mut self, seq: i64, limit: i64) -> Result<Vec<StoredEvent>, StoreError> {
        self.tx
            .sql("SELECT * FROM events WHERE account_id = $1 AND seq > $2 ORDER BY seq LIMIT $3")
            .bind(&self.account)
            .bind(&seq)
            .bind(&limit)
            .all()
            .await
    }
}

/// The texts of an entry that a search looks into, each by itself: what is looked for is not found across two of them. Who
/// acted stands apart, because not every reader may know.
fn search_text(event: &Event) -> String {
    [&event.action, &event.reason].map(|text| label_search_key(text)).join("\n")
}

fn target_row(account: AccountId, seq: i64, place: i64, target: &EventTarget) -> [Value; 9] {
    [
        account.to_value(),
        seq.to_value(),
        place.to_value(),
        target.kind.to_value(),
        target.id.to_value(),
        target.label.to_value(),
        target.before.to_value(),
        target.after.to_value(),
        label_search_key(&target.label).to_value(),
    ]
}
