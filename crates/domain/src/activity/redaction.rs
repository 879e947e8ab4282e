//! What of an entry of the activity log a reader sees who does not see everyone and every system.

use serde_json::{Map, Value};

use crate::activity::{Event, EventTarget};
use crate::core::ids::{SessionId, SystemId, UserId};

impl Event {
    /// Takes out who acted, and from where.
    pub fn hide_actor(&mut self) {
        self.actor.id.clear();
        self.actor.label.clear();
        self.actor.on_behalf_of = None;
        self.origin.ip.clear();
        self.origin.session.clear();
    }
}

impl EventTarget {
    /// Takes out of before and after the systems that `shows_system` denies, other people's ids, ids of sessions, and fields that are alike then:
    /// what changed of them the reader does not see.
    pub fn redact(&mut self, shows_system: impl Fn(SystemId) -> bool, shows_user: impl Fn(UserId) -> bool) {
        let shows = |text: &str| match (text.parse::<SystemId>(), text.parse::<UserId>()) {
            (Ok(system), _) => shows_system(system),
            (_, Ok(user)) => shows_user(user),
            // Sessions are looked after by who sees everyone.
            (Err(_), Err(_)) => text.parse::<SessionId>().is_err(),
        };
        let (was, is) = (fields(&self.before), fields(&self.after));
        let (mut before, mut after) = (was.clone().map(|was| keep(was, &shows)), is.clone().map(|is| keep(is, &shows)));
        if let (Some(was), Some(is), Some(before), Some(after)) = (&was, &is, &mut before, &mut after) {
            let changed = |name: &String| was.get(name) != is.get(name);
            let hidden: Vec<String> =
                was.keys().filter(|name| changed(name) && before.get(*name) == after.get(*name)).cloned().collect();
            for name in hidden {
                before.remove(&name);
                after.remove(&name);
            }
        }
        write(&mut self.before, before);
        write(&mut self.after, after);
    }
}

fn fields(text: &str) -> Option<Map<String, Value>> {
    serde_json::from_str(text).ok()
}

fn write(text: &mut String, fields: Option<Map<String, Value>>) {
    if let Some(fields) = fields {
        *text = Value::Object(fields).to_string();
    }
}

fn keep(fields: Map<String, Value>, shows: &impl Fn(&str) -> bool) -> Map<String, Value> {
    fields.into_iter().filter_map(|(name, value)| Some((name, kept(value, shows)?))).collect()
}

fn kept(value: Value, shows: &impl Fn(&str) -> bool) -> Option<Value> {
    match value {
        Value::String(text) if !shows(&text) => None,
        Value::Array(items) => Some(items.into_iter().filter_map(|item| kept(item, shows)).collect()),
        Value::Object(fields) => Some(Value::Object(keep(fields, shows))),
        other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => Some(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::ids::Id;
    use serde_json::json;
    use uuid::Uuid;

    fn system(number: u128) -> SystemId {
        SystemId::from_uuid(Uuid::from_u128(number))
    }

    fn redacted(before: &Value, after: &Value) -> (Value, Value) {
        let text = |value: &Value| if value.is_null() { String::new() } else { value.to_string() };
        let mut target = EventTarget {
            kind: "user".to_owned(),
            id: "usr_1".to_owned(),
            label: "ana@acme.example".to_owned(),
            before: text(before),
            after: text(after),
        };
        target.redact(|id| id == system(1), |_| false);
        let read = |text: &str| serde_json::from_str(text).unwrap_or(Value::Null);
        (read(&target.before), read(&target.after))
    }

    #[test]
    fn systems_beyond_reach_are_taken_out_wherever_they_stand() {
        let (own, other) = (system(1).to_string(), system(2).to_string());
        let user = UserId::from_uuid(Uuid::from_u128(3)).to_string();
        let before =
            json!({ "name": "Ana", "systems": [other, own], "filter": { "system": [other] }, "invited_by": user });
        let after = json!({ "name": "Ann", "systems": [other], "filter": { "system": [own] }, "home": other });
        assert_eq!(
            redacted(&before, &after),
            (
                json!({ "name": "Ana", "systems": [own], "filter": { "system": [] } }),
                json!({ "name": "Ann", "systems": [], "filter": { "system": [own] } })
            )
        );
    }

    #[test]
    fn a_field_of_which_only_hidden_things_changed_is_taken_out() {
        let (own, other) = (system(1).to_string(), system(2).to_string());
        let before = json!({ "role_id": "builder", "systems": [own] });
        let after = json!({ "role_id": "analyst", "systems": [own, other] });
        assert_eq!(redacted(&before, &after), (json!({ "role_id": "builder" }), json!({ "role_id": "analyst" })));
    }

    #[test]
    fn what_is_new_or_gone_stays_so_and_other_texts_are_left() {
        let after = json!({ "systems": "all", "name": null, "sent_count": 2 });
        assert_eq!(redacted(&Value::Null, &after), (Value::Null, after.clone()));
        assert_eq!(redacted(&after, &Value::Null), (after.clone(), Value::Null));
    }
}
