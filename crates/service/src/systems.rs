//! Systems: create, list, rename.
