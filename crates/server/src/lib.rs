//! The program `portcullis`: its commands, its configuration, and how the parts are put together.

mod cli_error;
pub mod commands;
pub mod config;
mod descriptors;
mod serve;
mod telemetry;
mod wiring;

pub use cli_error::CliError;
