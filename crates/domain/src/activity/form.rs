//! The forms in which entries of the activity log are hashed and exported (D8, decision 7).
//!
//! A form is frozen once it is released: its own structs, the order of their fields, its words and its times. Another field
//! of [`Event`] needs a form 2 beside this one, because every entry is hashed again in the form in which it was written.

use serde::Serialize;
use serde::ser::Error as _;
use sha2::{Digest, Sha256};

use crate::activity::Event;
use crate::core::hexadecimal::hexadecimal;
use crate::core::ids::AccountId;

/// The form in which new entries are written.
pub const CURRENT: i64 = 1;

/// An entry of this account in a form, as JSON without spaces: what is hashed, and what an export has to the byte.
///
/// # Errors
/// This version does not know the form.
pub fn bytes(format: i64, account: AccountId, event: &Event) -> Result<Vec<u8>, serde_json::Error> {
    match format {
        1 => serde_json::to_vec(&EventV1::new(account, event)),
        _ => Err(serde_json::Error::custom(format!("The entry format {format} is unknown."))),
    }
}

/// The hash of an entry, hexadecimal: SHA-256 over the hash of the entry before it (nothing before the first), a line feed,
/// and the entry's bytes.
pub fn hash(previous: &str, bytes: &[u8]) -> String {
    let mut digest = Sha256::new();
    digest.update(previous.as_bytes());
    digest.update(b"\n");
    digest.update(bytes);
    hexadecimal(&digest.finalize())
}

/// Form 1. Frozen: a change of anything here makes every log look altered.
#[derive(Serialize)]
struct EventV1<'e> {
    format: i64,
    account: String,
    seq: i64,
    id: String,
    at: String,
    action: &'e str,
    actor: ActorV1<'e>,
    targets: Vec<TargetV1<'e>>,
    origin: OriginV1<'e>,
    reason: &'e str,
}

#[derive(Serialize)]
struct ActorV1<'e> {
    kind: &'static str,
    id: &'e str,
    label: &'e str,
    on_behalf_of: Option<&'e str>,
}

#[derive(Serialize)]
struct TargetV1<'e> {
    kind: &'e str,
    id: &'e str,
    label: &'e str,
    before: &'e str,
    after: &'e str,
}

#[derive(Serialize)]
struct OriginV1<'e> {
    ip: &'e str,
    session: &'e str,
    request: &'e str,
}

impl<'e> EventV1<'e> {
    fn new(account: AccountId, event: &'e Event) -> Self {
        let Event { seq, id, at, action, actor, targets, origin, reason } = event;
        let targets = targets.iter().map(|target| TargetV1 {
            kind: &target.kind,
            id: &target.id,
            label: &target.label,
            before: &target.before,
            after: &target.after,
        });
        Self {
            format: 1,
            account: account.to_string(),
            seq: *seq,
            id: id.to_string(),
            at: at.to_string(),
            action,
            actor: ActorV1 {
                kind: actor.kind.word(),
                id: &actor.id,
                label: &actor.label,
                on_behalf_of: actor.on_behalf_of.as_deref(),
            },
            targets: targets.collect(),
            origin: OriginV1 { ip: &origin.ip, session: &origin.session, request: &origin.request },
            reason,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::activity::{Actor, ActorKind, EventTarget, Origin};
    use crate::core::ids::{EventId, Id};
    use crate::core::timestamp::Timestamp;
    use uuid::Uuid;

    const ACCOUNT: u128 = 0x0190_0000_0000_7000_8000_0000_0000_0001;

    /// The entry of this kind of actor, with a text that JSON has to escape and times with and without a fraction.
    fn entry(seq: i64, kind: ActorKind) -> Event {
        let target = EventTarget {
            kind: "user".to_owned(),
            id: "usr_1".to_owned(),
            label: "Zoë \"Z\" <zoe@example.com>".to_owned(),
            before: String::new(),
            after: "{\"name\":\"Zoë\"}".to_owned(),
        };
        Event {
            seq,
            id: EventId::from_uuid(Uuid::from_u128(ACCOUNT + u128::try_from(seq).unwrap())),
            at: Timestamp::from_micros(1_893_456_000_000_000 + (seq - 1) * 250_000),
            action: "user.changed".to_owned(),
            actor: Actor {
                kind,
                id: "usr_2".to_owned(),
                label: "ada@example.com".to_owned(),
                on_behalf_of: (seq == 2).then(|| "usr_3".to_owned()),
            },
            targets: if seq == 1 { vec![target.clone(), target] } else { Vec::new() },
            origin: Origin { ip: "2001:db8::1".to_owned(), session: String::new(), request: "req_1".to_owned() },
            reason: "tab\t, line\n, bell\u{7}, / and \u{2028}".to_owned(),
        }
    }

    /// If this fails, every log that was ever written would look altered: make a new form instead.
    #[test]
    fn d8_form_1_is_frozen_to_the_byte() {
        let account = AccountId::from_uuid(Uuid::from_u128(ACCOUNT));
        let first = String::from_utf8(bytes(1, account, &entry(1, ActorKind::User)).unwrap()).unwrap();
        let target = r#"{"kind":"user","id":"usr_1","label":"Zoë \"Z\" <zoe@example.com>","before":"","after":"{\"name\":\"Zoë\"}"}"#;
        let expected = [
            r#"{"format":1,"account":"acc_01j0000000e008000000000001","seq":1,"id":"evt_01j0000000e008000000000002","#,
            r#""at":"2030-01-01T00:00:00Z","action":"user.changed","actor":{"kind":"user","id":"usr_2","label":"ada@example.com","#,
            r#""on_behalf_of":null},"targets":["#,
            target,
            ",",
            target,
            r#"],"origin":{"ip":"2001:db8::1","session":"","request":"req_1"},"reason":"tab\t, line\n, bell\u0007, / and "#,
            "\u{2028}\"}",
        ];
        assert_eq!(first, expected.concat());
        let mut head = String::new();
        for (seq, kind) in (1..).zip(ActorKind::ALL) {
            head = hash(&head, &bytes(1, account, &entry(seq, *kind)).unwrap());
        }
        assert_eq!(head, "418b48a7d2e9c69c7ab336ac98d535b801ef7cd61845474de5de25512abfba70");
    }

    #[test]
    fn d8_a_form_of_a_later_version_is_refused_and_not_guessed() {
        let account = AccountId::from_uuid(Uuid::from_u128(ACCOUNT));
        for format in [0, 2, i64::MAX] {
            assert!(bytes(format, account, &entry(1, ActorKind::User)).is_err());
        }
    }
}
