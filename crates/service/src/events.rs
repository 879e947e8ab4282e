//! The activity log: list, details, export, verify.
