//! Effective access.
