//! Selects users: the filter of the list, of its export, and of bulk actions "on everything I see".

use crate::access::role::RoleId;
use crate::core::ids::{GroupId, SystemId};
use crate::core::refusal::{FieldError, Params, params};
use crate::core::search_text::{person_search_key, search_key};
use crate::users::invitation::InvitationState;
use crate::users::{LoginMethod, User, UserStatus};

/// The longest text to search for.
pub const MAX_QUERY_CHARS: usize = 200;
/// The most values of one field.
pub const MAX_VALUES: usize = 100;

/// Which users of an account. A field that is empty does not filter; several values of one field are alternatives.
///
/// Reads from JSON (`{"q": "ana", "status": ["active"]}`) as it is, and from query parameters through [`FilterWords`].
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct UserFilter {
    /// Part of the name or of the address, whatever its case and accents (U-8).
    pub q: String,
    /// Where the user stands; when empty, everyone but the deleted.
    pub status: Vec<UserStatus>,
    /// The role.
    pub role: Vec<RoleId>,
    /// A system that the user has: directly, by a group, or because they have all.
    pub system: Vec<SystemId>,
    /// A group that the user is in.
    pub group: Vec<GroupId>,
    /// How the user signs in.
    pub login_method: Vec<LoginMethod>,
    /// Where the pending invitation of a provisioned user stands; whoever has none does not pass.
    pub invitation: Vec<InvitationState>,
}

impl UserFilter {
    /// The folded text to look for in the folded text of a user; `None` when every user has it.
    pub fn needle(&self) -> Option<String> {
        Some(search_key(&self.q)).filter(|needle| !needle.is_empty())
    }

    /// The statuses that pass.
    pub fn statuses(&self) -> Vec<UserStatus> {
        let is_meant = |status: &UserStatus| match self.status.is_empty() {
            true => *status != UserStatus::Deleted,
            false => self.status.contains(status),
        };
        let is_meant = |status: &UserStatus| {
            is_meant(status) && (self.invitation.is_empty() || *status == UserStatus::Provisioned)
        };
        UserStatus::ALL.iter().copied().filter(is_meant).collect()
    }

    /// Whether users of this status, role and login method pass: what the kept counts can tell.
    pub fn admits(&self, status: UserStatus, role: &RoleId, method: &LoginMethod) -> bool {
        self.statuses().contains(&status)
            && (self.role.is_empty() || self.role.contains(role))
            && (self.login_method.is_empty() || self.login_method.contains(method))
    }

    /// Whether a user passes, of whom `has` knows the systems, `is_in` the groups, and whose invitation stands so. What the
    /// database answers is held against this.
    pub fn matches(
        &self,
        user: &User,
        has: impl Fn(SystemId) -> bool,
        is_in: impl Fn(GroupId) -> bool,
        invitation: Option<InvitationState>,
    ) -> bool {
        let text = person_search_key(user.name.as_ref(), &user.email);
        self.admits(user.status, &user.role_id, &user.login_method)
            && self.needle().is_none_or(|needle| text.contains(&needle))
            && (self.system.is_empty() || self.system.iter().any(|system| has(*system)))
            && (self.group.is_empty() || self.group.iter().any(|group| is_in(*group)))
            && (self.invitation.is_empty() || invitation.is_some_and(|state| self.invitation.contains(&state)))
    }

    /// What is longer than it may be; `at` gives the pointer of a field.
    pub fn check(&self, at: impl Fn(&str) -> String) -> Vec<FieldError> {
        let lengths = [
            ("status", self.status.len()),
            ("role", self.role.len()),
            ("system", self.system.len()),
            ("group", self.group.len()),
            ("login_method", self.login_method.len()),
            ("invitation", self.invitation.len()),
        ];
        let mut errors: Vec<FieldError> = lengths
            .into_iter()
            .filter(|(_, length)| *length > MAX_VALUES)
            .map(|(name, length)| {
                too_long(
                    at(name),
                    MAX_VALUES,
                    format!(
                        "There are {length} values, but the limit is \
             {MAX_VALUES}."
                    ),
                )
            })
            .collect();
        if self.q.chars().count() > MAX_QUERY_CHARS {
            let detail = format!("The search text is longer than {MAX_QUERY_CHARS} characters. Shorten it.");
            errors.push(too_long(at("q"), MAX_QUERY_CHARS, detail));
        }
        // A NUL is in no name and no address, and PostgreSQL refuses the question.
        if self.q.contains('\0') {
            errors.push(FieldError {
                pointer: at("q"),
                code: "invalid_value".to_owned(),
                detail: "The search text contains a NUL character. Remove it.".to_owned(),
                params: Params::new(),
            });
        }
        errors
    }
}

fn too_long(pointer: String, max: usize, detail: String) -> FieldError {
    FieldError { pointer, code: "too_long".to_owned(), detail, params: params([("max", max.into())]) }
}

/// A filter as query parameters have it: each field one text, its values separated by commas.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FilterWords<'t> {
    /// See [`UserFilter::q`].
    pub q: Option<&'t str>,
    /// See [`UserFilter::status`].
    pub status: Option<&'t str>,
    /// See [`UserFilter::role`].
    pub role: Option<&'t str>,
    /// See [`UserFilter::system`].
    pub system: Option<&'t str>,
    /// See [`UserFilter::group`].
    pub group: Option<&'t str>,
    /// See [`UserFilter::login_method`].
    pub login_method: Option<&'t str>,
    /// See [`UserFilter::invitation`].
    pub invitation: Option<&'t str>,
}

impl FilterWords<'_> {
    /// The filter, or every field that cannot be read.
    ///
    /// # Errors
    /// One entry per field with a value that is none of its kind, or with too many of them.
    pub fn read(&self) -> Result<UserFilter, Vec<FieldError>> {
        let mut errors = Vec::new();
        let filter = UserFilter {
            q: self.q.unwrap_or_default().trim().to_owned(),
            status: values("status", self.status, "provisioned, active, inactive or deleted", &mut errors),
            role: values("role", self.role, "the key or id of a role", &mut errors),
            system: values("system", self.system, "the id of a system (sys_…)", &mut errors),
            group: values("group", self.group, "the id of a group (grp_…)", &mut errors),
            login_method: values("login_method", self.login_method, "password or sso:<connection>", &mut errors),
            invitation: values(
                "invitation",
                self.invitation,
                "open, expired, inviter_unauthorized or link_ended",
                &mut errors,
            ),
        };
        errors.extend(filter.check(str::to_owned));
        if errors.is_empty() { Ok(filter) } else { Err(errors) }
    }
}

fn values<T: std::str::FromStr>(name: &str, text: Option<&str>, wanted: &str, errors: &mut Vec<FieldError>) -> Vec<T> {
    let words = text.unwrap_or_default().split(',').map(str::trim).filter(|word| !word.is_empty());
    let mut found = Vec::new();
    for word in words {
        match word.parse() {
            Ok(value) => found.push(value),
            Err(_) => errors.push(FieldError {
                pointer: name.to_owned(),
                code: "invalid_parameter".to_owned(),
                detail: format!("The value `{}` isn't valid. Use {wanted}.", word.chars().take(60).collect::<String>()),
                params: Params::new(),
            }),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_separated_by_commas_and_blanks_around_them_do_not_matter() {
        let words = FilterWords { status: Some("active, inactive,"), role: Some("admin"), ..FilterWords::default() };
        let filter = words.read().unwrap();
        assert_eq!(filter.status, [UserStatus::Active, UserStatus::Inactive]);
        assert_eq!(filter.role, [RoleId::admin()]);
        assert!(filter.system.is_empty() && filter.login_method.is_empty() && filter.needle().is_none());
    }

    #[test]
    fn every_field_that_cannot_be_read_is_named() {
        let words = FilterWords { status: Some("activ"), system: Some("sys_1"), ..FilterWords::default() };
        let pointers: Vec<String> = words.read().unwrap_err().into_iter().map(|error| error.pointer).collect();
        assert_eq!(pointers, ["status", "system"]);
        let long = "x".repeat(MAX_QUERY_CHARS + 1);
        assert_eq!(FilterWords { q: Some(&long), ..FilterWords::default() }.read().unwrap_err()[0].code, "too_long");
    }

    #[test]
    fn without_a_status_everybody_but_the_deleted_is_meant() {
        assert_eq!(
            UserFilter::default().statuses(),
            [UserStatus::Provisioned, UserStatus::Active, UserStatus::Inactive]
        );
        let deleted = UserFilter { status: vec![UserStatus::Deleted], ..UserFilter::default() };
        assert!(deleted.admits(UserStatus::Deleted, &RoleId::admin(), &LoginMethod::Password));
    }

    #[test]
    fn only_provisioned_users_have_an_invitation() {
        let filter = UserFilter { invitation: vec![InvitationState::Expired], ..UserFilter::default() };
        assert_eq!(filter.statuses(), [UserStatus::Provisioned]);
        let active = UserFilter { status: vec![UserStatus::Active], ..filter };
        assert_eq!(active.statuses(), []);
        assert!(FilterWords { invitation: Some("dead"), ..FilterWords::default() }.read().is_err());
    }

    #[test]
    fn a_filter_reads_back_from_its_json_and_unknown_fields_are_refused() {
        let filter = UserFilter {
            q: "ana".to_owned(),
            login_method: vec![LoginMethod::Connection("okta".to_owned())],
            ..UserFilter::default()
        };
        let text = serde_json::to_string(&filter).unwrap();
        assert_eq!(serde_json::from_str::<UserFilter>(&text).unwrap(), filter);
        assert!(serde_json::from_str::<UserFilter>(r#"{"color": "blue"}"#).is_err());
    }
}
