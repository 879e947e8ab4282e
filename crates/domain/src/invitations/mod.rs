//! Inviting people: who is meant, and what becomes of each.

pub mod address_list;
pub mod personal_note;
pub mod plan;
