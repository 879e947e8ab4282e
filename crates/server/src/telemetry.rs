//! What the server tells about itself, on standard error: text on a terminal, one JSON object per line otherwise.
//!
//! Secrets have types whose `Debug` does not show them, and addresses with tokens are logged without (D7).

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::config::{Log, LogFormat};

/// Starts telling.
pub fn start(log: &Log) {
    let lines = tracing_subscriber::fmt().with_env_filter(EnvFilter::new(&log.filter)).with_writer(std::io::stderr);
    let as_text = match log.format {
        LogFormat::Auto => std::io::stderr().is_terminal(),
        LogFormat::Text => true,
        LogFormat::Json => false,
    };
    // Fails only when it was started before, which is as good.
    let _ = if as_text {
        lines.with_ansi(std::io::stderr().is_terminal()).compact().try_init()
    } else {
        lines.json().flatten_event(true).with_span_list(false).try_init()
    };
}
