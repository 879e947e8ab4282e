//! The installation as a whole.

mod housekeeping;
