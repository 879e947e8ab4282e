//! What a change says about itself in the activity log.

use std::fmt::Display;

use domain::activity::actions::{Action, TargetKind};
use domain::activity::{Actor, EventTarget};
use serde_json::{Map, Value};

/// An entry of the activity log before it has its place in the chain.
#[derive(Debug, Clone)]
pub struct Entry {
    pub(crate) action: Action,
    pub(crate) targets: Vec<EventTarget>,
    pub(crate) actor: Option<Actor>,
    pub(crate) names_session: bool,
}

impl Entry {
    /// What happened, to whom or what.
    pub fn new(action: Action, targets: Vec<EventTarget>) -> Self {
        Self { action, targets, actor: None, names_session: true }
    }

    /// The same without the session of the request.
    #[must_use]
    pub fn without_session(self) -> Self {
        Self { names_session: false, ..self }
    }

    /// The same, done by someone who became known only during the change (a person who just signed in).
    #[must_use]
    pub fn by(mut self, actor: Actor) -> Self {
        self.actor = Some(actor);
        self
    }

    /// One thing that was changed, with the changed fields before and after (`Value::Null` where it is new or gone).
    pub fn target(kind: TargetKind, id: &impl Display, label: &str, before: Value, after: Value) -> EventTarget {
        EventTarget {
            kind: kind.to_string(),
            id: id.to_string(),
            label: label.to_owned(),
            before: text(&before),
            after: text(&after),
        }
    }
}

/// The fields in which two JSON objects differ, before and after: what an entry tells of a change.
pub fn difference(before: &Value, after: &Value) -> (Value, Value) {
    let (Value::Object(old), Value::Object(new)) = (before, after) else { return (before.clone(), after.clone()) };
    let (mut was, mut is) = (Map::new(), Map::new());
    for (name, value) in new {
        let earlier = old.get(name).unwrap_or(&Value::Null);
        if earlier != value {
            let (earlier, value) = difference(earlier, value);
            was.insert(name.clone(), earlier);
            is.insert(name.clone(), value);
        }
    }
    (Value::Object(was), Value::Object(is))
}

fn text(value: &Value) -> String {
    if value.is_null() { String::new() } else { value.to_string() }
}
