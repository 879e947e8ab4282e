//! The real binary: what its commands answer, and what it does while its database is away.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a panic is how a test reports"
)]

mod commands;
mod development;
mod installation;
mod links;
mod nodes;
mod outage;
mod upgrade;
