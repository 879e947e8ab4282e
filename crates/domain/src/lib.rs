//! The rules of Portcullis as pure functions of values: types, permissions, the catalog, what may follow what.
//!
//! No I/O, no async, no clock: `now` is an argument like any other.

pub mod accent;
pub mod access;
pub mod account;
pub mod address_list;
mod breached_passwords;
pub mod catalog;
pub mod csv_guard;
pub mod decision;
pub mod delivery_trouble;
pub mod email_address;
mod email_address_error;
pub mod event;
pub mod event_actions;
pub mod event_filter;
pub mod event_form;
mod event_redaction;
pub mod identity;
pub mod ids;
pub mod invitation;
pub mod invitation_plan;
pub mod job;
pub mod label;
pub mod link;
pub mod locale;
pub mod logo;
mod mail_domain;
pub mod mail_limits;
pub mod password;
pub mod person_name;
pub mod personal_note;
pub mod refusal;
pub mod responsible;
pub mod role;
pub mod saved_view;
pub mod search_text;
pub mod session;
pub mod slug;
pub mod system;
pub mod timestamp;
pub mod user;
pub mod user_filter;
pub mod user_order;
pub mod words;
