//! What every request goes through, whatever it asks for.

mod bad_input;
mod bodies;
mod connections;
mod cross_site;
mod headers;
mod hostile;
mod idempotency;
mod parameters;
mod problems;
mod rate_limits;
mod routes;
