//! Which entries of the activity log somebody means: the filter of the list and of its export.

use crate::core::refusal::{FieldError, Params};
use crate::core::search_text::search_key;
use crate::core::timestamp::Timestamp;

/// The longest text of a field.
const LONGEST: usize = 200;
/// The most actions.
const MOST_ACTIONS: usize = 50;

/// Which entries of a log. A field that is empty or absent does not filter.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct EventFilter {
    /// Part of the action, the actor's email address, the reason or a target's name, ignoring case and accents.
    pub q: String,
    /// Any of these actions.
    pub actions: Vec<String>,
    /// Id of the user or API key that acted.
    pub actor: Option<String>,
    /// Id of the target.
    pub target: Option<String>,
    /// Not earlier.
    pub from: Option<Timestamp>,
    /// Earlier.
    pub to: Option<Timestamp>,
}

impl EventFilter {
    /// The folded text to look for in the folded texts of an entry; `None` when every entry has it.
    pub fn needle(&self) -> Option<String> {
        Some(search_key(&self.q)).filter(|needle| !needle.is_empty())
    }

    /// Refuses the first field that no entry could match, whatever is in the log.
    ///
    /// # Errors
    /// The field, by the name of its query parameter.
    pub fn check(&self) -> Result<(), FieldError> {
        let is_bad = |text: &str| text.chars().count() > LONGEST || text.contains('\0');
        let texts = [("q", Some(&self.q)), ("actor", self.actor.as_ref()), ("target", self.target.as_ref())];
        if let Some((name, _)) = texts.into_iter().find(|(_, text)| text.is_some_and(|text| is_bad(text))) {
            return Err(refused(
                name,
                format!(
                    "The value of `{name}` has more than {LONGEST} characters or contains a \
             NUL character."
                ),
            ));
        }
        if self.actions.len() > MOST_ACTIONS || self.actions.iter().any(|action| is_bad(action)) {
            return Err(refused("action", format!("The parameter `action` accepts at most {MOST_ACTIONS} actions.")));
        }
        if self.from.zip(self.to).is_some_and(|(from, to)| to < from) {
            let detail = "The end of the range, `to`, is before its start, `from`. Swap them.".to_owned();
            return Err(FieldError { code: "invalid_date_range".to_owned(), ..refused("to", detail) });
        }
        Ok(())
    }
}

fn refused(name: &str, detail: String) -> FieldError {
    FieldError { pointer: name.to_owned(), code: "invalid_parameter".to_owned(), detail, params: Params::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_entry_can_have_is_refused_by_the_name_of_its_parameter() {
        let none = EventFilter::default;
        let at = |micros| Some(Timestamp::from_micros(micros));
        assert_eq!(none().check(), Ok(()));
        assert_eq!(EventFilter { from: at(1), to: at(1), ..none() }.check(), Ok(()));
        let long = "x".repeat(LONGEST + 1);
        for (filter, name) in [
            (EventFilter { q: long.clone(), ..none() }, "q"),
            (EventFilter { actor: Some("a\0".to_owned()), ..none() }, "actor"),
            (EventFilter { target: Some(long.clone()), ..none() }, "target"),
            (EventFilter { actions: vec![long], ..none() }, "action"),
            (EventFilter { actions: vec!["a".to_owned(); MOST_ACTIONS + 1], ..none() }, "action"),
            (EventFilter { from: at(2), to: at(1), ..none() }, "to"),
        ] {
            assert_eq!(filter.check().unwrap_err().pointer, name);
        }
    }
}
