//! The basis of every rule: ids, times, texts, and refusals.

pub mod csv_guard;
pub mod email_address;
pub(crate) mod email_address_error;
pub mod failure;
pub mod hexadecimal;
pub mod ids;
pub(crate) mod invisible;
pub mod label;
pub mod locale;
pub(crate) mod mail_domain;
pub mod merge_patch;
pub mod person_name;
pub mod range;
pub mod refusal;
pub mod responsible;
pub mod search_text;
pub mod slug;
pub mod strict_json;
pub mod tag;
pub mod timestamp;
pub mod words;
