//! Databases for tests, made from a migrated template and gone afterwards.
