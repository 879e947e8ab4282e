//! The integration tests: sentences about what a person or a program would see.
// One binary with a file per noun, so that it is linked once.

mod activations;
mod bad_input;
mod invitations;
mod matrix_anonymous;
mod matrix_events;
mod matrix_ranks;
mod matrix_tenants;
mod password_resets;
mod people;
mod sign_in;
mod user_status;
mod users;
