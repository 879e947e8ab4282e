//! The program `portcullis`: its commands, its configuration, and how the parts are put together.

pub mod commands;
mod complaint;
pub mod config;
mod descriptors;
mod serve;
mod telemetry;
mod wiring;

pub use complaint::Complaint;
