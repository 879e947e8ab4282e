//! Selects entries of the activity log: the filter of the list and of its export.

use crate::activity::actions::Action;
use crate::core::refusal::{FieldError, Params};
use crate::core::search_text::search_key;
use crate::core::timestamp::Timestamp;

/// The longest text of a field.
const LONGEST: usize = 200;

/// Which entries of a log. A field that is empty or absent does not filter.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct EventFilter {
    /// Part of the action, the actor's email address, the reason or a target's name, ignoring case and accents.
    pub q: String,
    /// Any of these actions.
    pub actions: Vec<Action>,
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
        if self.from.zip(self.to).is_some_and(|(from, to)| to < from) {
            let detail = "The end of the range, `to`, is before its start, `from`. Swap them.".to_owned();
            return Err(FieldError { code: "invalid_date_range".to_owned(), ..refused("to", detail) });
        }
        Ok(())
    }
}

/// The actions that a text names, separated by commas, each once.
///
/// # Errors
/// One of them is none.
pub fn actions_in(text: &str) -> Result<Vec<Action>, FieldError> {
    let mut found = Vec::new();
    for word in text.split(',').map(str::trim).filter(|word| !word.is_empty()) {
        let detail =
            "The parameter `action` takes actions of the activity log such as `user.disabled`, separated by commas.";
        let action = word.parse().map_err(|_| refused("action", detail.to_owned()))?;
        if !found.contains(&action) {
            found.push(action);
        }
    }
    Ok(found)
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
            (EventFilter { from: at(2), to: at(1), ..none() }, "to"),
        ] {
            assert_eq!(filter.check().unwrap_err().pointer, name);
        }
        assert_eq!(
            actions_in("user.disabled, user.enabled,,user.disabled"),
            Ok(vec![Action::UserDisabled, Action::UserEnabled])
        );
        assert_eq!(actions_in("user.disabled,user").unwrap_err().pointer, "action");
    }
}
