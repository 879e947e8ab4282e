//! The program `portcullis`.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    server::commands::run(server::commands::Portcullis::parse())
}
