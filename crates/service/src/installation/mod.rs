//! The installation as a whole: set up, kept clean, restored, recovered.

pub mod account_creation;
pub mod housekeeping;
pub mod key_replacement;
pub mod recovery;
pub mod restoration;
pub mod setup;
