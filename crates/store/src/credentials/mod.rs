//! Mailed links, and who asked for one.

pub mod link_requests;
pub mod links;
