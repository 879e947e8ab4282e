//! The program `portcullis`.

use std::process::ExitCode;

use clap::Parser;
use mimalloc::MiMalloc;

/// Requests are answered on one thread and their memory freed on another, where the allocator of the system waits for locks.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    server::commands::run(server::commands::Portcullis::parse())
}
