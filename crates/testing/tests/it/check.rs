//! The check API.
