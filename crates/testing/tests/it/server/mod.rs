//! The binary: commands, configuration, logs.

mod commands;
mod config;
mod logs;
