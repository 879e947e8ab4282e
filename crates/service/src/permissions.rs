//! The catalog of permissions.
