//! What someone may see of the activity log, as conditions on its entries and targets.
//!
//! The question is judged by the same conditions as the row: a filter by actor or target, and a text, find only what the
//! reader is shown.

use domain::core::ids::{AccountId, SystemId, UserId};
use domain::core::timestamp::Timestamp;
use domain::systems::GrantedSystem;

use crate::activity::StoredEvent;
use crate::{FromRow, Row, SqlText, StoreError};

/// Whose entries someone sees, beside their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SeenPeople {
    /// No one's.
    Nobody,
    /// Those of the users who have one of these systems.
    OfSystems(Vec<SystemId>),
    /// Everyone's.
    Everybody,
}

/// The sight of a reader who does not see the whole log: what they did themselves, and what happened to their systems and
/// to the people they see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogVisibility {
    /// The reader.
    pub user: UserId,
    /// The systems they see; `None` is every system.
    pub systems: Option<Vec<SystemId>>,
    /// The people they see.
    pub people: SeenPeople,
    /// Whether they see who did what is shown to them, whoever that was.
    pub sees_actors: bool,
    /// Who has which systems at this instant.
    pub now: Timestamp,
}

/// An entry with whether the reader may see who acted.
pub(crate) struct SeenEvent {
    stored: StoredEvent,
    shows_actor: bool,
}

impl FromRow for SeenEvent {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok(Self { stored: StoredEvent::from_row(row)?, shows_actor: row.get::<i64>("shows_actor")? == 1 })
    }
}

impl SeenEvent {
    /// The entry as the reader sees it.
    pub(crate) fn shown(mut self) -> StoredEvent {
        if !self.shows_actor {
            self.stored.event.hide_actor();
        }
        self.stored
    }
}

impl LogVisibility {
    /// The begin of a statement about entries of an account, `$1`: the tables `people`, of the users whom the reader sees among
    /// those that these entries name, and `shown`, of the targets that the reader sees, with these columns of `t`.
    ///
    /// Each is made once, by following what the entries name. As conditions on each entry, nested as they would be, PostgreSQL
    /// goes through everything that the account ever did for each of them.
    pub(crate) fn begin(&self, account: AccountId, looked: &Looked, columns: &'static str) -> SqlText {
        let mut text = SqlText::new("WITH ");
        text.bind_ahead(&account);
        if let Some(systems) = self.limits_people() {
            text.push(
                "named AS MATERIALIZED (SELECT t.target_id AS id FROM event_targets t WHERE t.account_id = $1 AND ",
            );
            looked.push(&mut text, "t.seq");
            text.push(" AND t.kind = 'user' UNION SELECT COALESCE(e.on_behalf_of, e.actor_id) FROM events e WHERE e.account_id = $1 AND ");
            looked.push(&mut text, "e.seq");
            text.push(
                "), people AS MATERIALIZED (SELECT u.id FROM named CROSS JOIN users u WHERE u.account_id = $1 AND u.id = named.id AND ",
            );
            self.push_user(&mut text, systems);
            text.push("), ");
        }
        text.push("shown AS MATERIALIZED (SELECT ")
            .push(columns)
            .push(" FROM event_targets t WHERE t.account_id = $1 AND ");
        looked.push(&mut text, "t.seq");
        text.push(" AND ");
        self.push_target(&mut text);
        text.push(") ");
        text
    }

    /// The systems whose users are all that the reader sees of people, where there are such.
    fn limits_people(&self) -> Option<&[SystemId]> {
        match &self.people {
            SeenPeople::OfSystems(systems) if !systems.is_empty() => Some(systems),
            SeenPeople::OfSystems(_) | SeenPeople::Nobody | SeenPeople::Everybody => None,
        }
    }

    /// Whether the reader may see the entry `e`: their own, or with a target that they see.
    pub(crate) fn push_entry(&self, text: &mut SqlText) {
        text.push("(e.actor_id = ").bind(&self.user).push(" OR e.on_behalf_of = ").bind(&self.user);
        text.push(" OR e.seq IN (SELECT seq FROM shown))");
    }

    /// Whether the reader may see who did the entry `e`: themselves, the operator, the server, or someone they see. A
    /// program is seen with its owner.
    pub(crate) fn push_actor(&self, text: &mut SqlText) {
        if self.sees_actors {
            text.push("1 = 1");
            return;
        }
        text.push(
            "(e.actor_kind = 'operator' OR (e.actor_kind = 'system' AND e.on_behalf_of IS NULL) OR e.actor_id = ",
        );
        text.bind(&self.user).push(" OR e.on_behalf_of = ").bind(&self.user);
        if self.limits_people().is_some() {
            text.push(" OR COALESCE(e.on_behalf_of, e.actor_id) IN (SELECT id FROM people)");
        }
        text.push(")");
    }

    /// Whether the reader may see the target `t`.
    fn push_target(&self, text: &mut SqlText) {
        text.push("((t.kind = 'system'");
        if let Some(systems) = &self.systems {
            text.push(" AND t.target_id IN (").bind_all(systems).push(")");
        }
        text.push(") OR (t.kind = 'user' AND (t.target_id = ").bind(&self.user);
        match &self.people {
            SeenPeople::Nobody => {}
            SeenPeople::Everybody => {
                text.push(" OR 1 = 1");
            }
            SeenPeople::OfSystems(_) => {
                if self.limits_people().is_some() {
                    text.push(" OR t.target_id IN (SELECT id FROM people)");
                }
            }
        }
        text.push(")");
        if let Some(systems) = &self.systems {
            push_is_not_about_others(text, systems);
        }
        text.push("))");
    }

    /// Whether the user `u` is not deleted and has one of these systems.
    fn push_user(&self, text: &mut SqlText, systems: &[SystemId]) {
        text.push("u.status <> 'deleted' AND (EXISTS (SELECT 1 FROM system_grants g WHERE g.account_id = $1 AND g.user_id = u.id AND g.system_id IN (");
        text.bind_all(&GrantedSystem::giving(systems)).push(")").holds("g", self.now);
        text.push(
            ") OR EXISTS (SELECT 1 FROM group_members m JOIN group_systems l ON l.account_id = m.account_id \
             AND l.group_id = m.group_id WHERE m.account_id = $1 AND m.user_id = u.id AND l.system_id IN (",
        );
        text.bind_all(systems).push(")").holds("m", self.now).holds("l", self.now).push("))");
    }
}

/// Which entries a statement looks at.
#[derive(Debug, Clone)]
pub(crate) enum Looked {
    /// Those from one place to another, both included.
    Between(i64, i64),
    /// Those at these places.
    At(Vec<i64>),
}

impl Looked {
    /// The condition on the place of an entry.
    fn push(&self, text: &mut SqlText, place: &'static str) {
        text.push(place);
        match self {
            Self::Between(first, last) => text.push(" BETWEEN ").bind(first).push(" AND ").bind(last),
            Self::At(places) => text.push(" IN (").bind_all(places).push(")"),
        };
    }
}

/// Leaves out what only gave someone, or took from them, systems that the reader does not see. The fields of a change are
/// written in the order of their names, so where `systems` comes first, nothing else changed.
fn push_is_not_about_others(text: &mut SqlText, systems: &[SystemId]) {
    text.push(
        " AND (t.before_json NOT LIKE '{\"systems\":%' OR t.after_json NOT LIKE '{\"systems\":%' \
         OR EXISTS (SELECT 1 FROM systems s WHERE s.account_id = $1 AND s.id IN (",
    );
    text.bind_all(systems);
    text.push(
        ") AND (t.before_json LIKE '%' || s.id || '%' AND t.after_json NOT LIKE '%' || s.id || '%' \
         OR t.before_json NOT LIKE '%' || s.id || '%' AND t.after_json LIKE '%' || s.id || '%')))",
    );
}
