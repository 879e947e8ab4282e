//! JSON: who is in it is invited, or all of it is refused.

use super::tests::seen;
use super::*;
use crate::core::email_address::EmailAddressError;

#[test]
fn json_is_read_by_its_keys_or_refused_as_a_whole() {
    for text in [
        r#"[{"name": "Ana Lopez", "email": "ana@x.example", "manager": "boss@x.example"}]"#,
        r#"{"name": "Ana Lopez", "email": "ana@x.example", "manager": "boss@x.example"}"#,
        "{\"name\": \"Ana Lopez\",\n \"email\": \"ana@x.example\",\n \"manager\": \"boss@x.example\"}\n",
        r#"{"users": [{"firstName": "Ana", "lastName": "Lopez", "email": "ana@x.example", "managerEmail": "boss@x.example"}], "total": 1}"#,
    ] {
        assert_eq!(seen(text), ["Ana Lopez = ana@x.example"], "{text}");
    }
    let lines = "{\"email\": \"ana@x.example\", \"active\": true}\n{\"email\": \"bob@x.example\", \"phone\": 1}";
    assert_eq!(seen(lines), ["ana@x.example", "bob@x.example"]);
    assert_eq!(seen(r#"[{"email": "ana@x.example"}]"#), ["ana@x.example"]);
    assert_eq!(
        seen(r#"[{"name": "<Ana> \"A\" \n Lopez", "email": "ana@x.example"}]"#),
        ["<Ana> \"A\" Lopez = ana@x.example"]
    );
    for text in [
        r#"[{"name": {"first": "Ana"}, "email": "ana@x.example"}]"#,
        r#"[{"name": "Ana", "email": "ana@x.example", "manager": "boss@x.example""#,
    ] {
        let found = parse(text);
        assert!(found.len() == 1 && found[0].address == Err(EmailAddressError::SeveralAts), "{found:?}");
    }
    for text in [
        r#"[{"email": "ana@x.example", "email": "boss@x.example"}]"#,
        r#"{"users": [{"email": "ana@x.example"}], "users": [{"email": "boss@x.example"}]}"#,
    ] {
        assert_eq!(seen(text), [format!("?{text}?")], "of two values of one key nobody knows which is meant");
    }
    let sparse: Vec<String> = (0..2_000).map(|n| format!("{{\"k{}\": \"a{n}@x.example\"}}", n % 90)).collect();
    assert_eq!(seen(&format!("[{}]", sparse.join(","))).len(), 1, "a table that is far longer than its text");
    let keys: Vec<String> = (0..101).map(|n| format!("\"k{n}\": \"a{n}@x.example\"")).collect();
    assert_eq!(seen(&format!("[{{{}}}]", keys.join(", "))).len(), 1);
    assert_eq!(seen(r#"["a@x.example", "b@x.example"]"#), ["a@x.example", "b@x.example"]);
}

#[test]
fn a_list_in_an_object_that_is_somebody_says_something_of_them_and_invites_nobody() {
    for text in [
        r#"{"email": "ana@x.example", "managers": [{"email": "boss@x.example"}]}"#,
        r#"[{"email": "ana@x.example", "managers": [{"email": "boss@x.example"}]}]"#,
        "{\"name\": \"Ana\", \"managers\": [{\"email\": \"boss@x.example\"}]}\n{\"name\": \"Bob\", \"managers\": []}",
        r#"{"userName": "ana@x.example", "emails": [{"value": "ana@home.example", "type": "home"}]}"#,
        r#"{"displayName": "Ana", "emails": [{"value": "ana@home.example", "type": "home"}]}"#,
    ] {
        assert_eq!(seen(text), [format!("?{text}?")], "{text}");
    }
    let listed = r#"{"total": 1, "users": [{"name": "Ana", "email": "ana@x.example"}]}"#;
    assert_eq!(seen(listed), ["Ana = ana@x.example"]);
}

#[test]
fn a_list_in_an_object_invites_only_if_it_is_called_one_of_people_and_nobody_else_is_in_it() {
    let ana = r#"[{"name": "Ana", "email": "ana@x.example"}]"#;
    for key in ["users", "members", "people", "participants", "value", "Resources", "items", "data", "mitarbeiter"] {
        let text = format!(r#"{{"@odata.context": "https://x.example/$metadata", "{key}": {ana}, "total": 1}}"#);
        assert_eq!(seen(&text), ["Ana = ana@x.example"], "{text}");
    }
    let refused = [
        format!(r#"{{"users": {ana}, "guests": ["bob@x.example"]}}"#),
        format!(r#"{{"users": {ana}, "guests": [{{"email": "bob@x.example"}}]}}"#),
        format!(r#"{{"users": {ana}, "guests": [{{"name": "Bob"}}]}}"#),
        format!(r#"{{"users": {ana}, "lead": {{"email": "bob@x.example"}}}}"#),
        format!(r#"{{"users": {ana}, "more": {{"users": [{{"email": "bob@x.example"}}]}}}}"#),
        format!(r#"{{"users": {ana}, "bob@x.example": 1}}"#),
        format!(r#"{{"users": {ana}, "owner": "bob@x.example"}}"#),
        format!(r#"{{"bob@x.example": {ana}}}"#),
        format!(r#"{{"do_not_invite": {ana}}}"#),
        format!(r#"{{"removed": {ana}}}"#),
        format!(r#"{{"removed_users": {ana}}}"#),
        format!(r#"{{"blockedUsers": {ana}}}"#),
        format!(r#"{{"employee": "Bob", "approvers": {ana}}}"#),
        format!(r#"{{"id": 7, "login": "bob", "reports_to": {ana}}}"#),
        r#"[{"ana@x.example": "boss@x.example"}]"#.to_owned(),
        r#"{"ana@x.example": {"role": "Builder"}}"#.to_owned(),
    ];
    for text in refused {
        assert_eq!(seen(&text), [format!("?{text}?")]);
    }
}
