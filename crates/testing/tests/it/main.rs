//! The integration tests: sentences about what a person or a program would see.
// One binary with a file per noun, so that it is linked once.

mod access;
mod accounts;
mod activations;
mod api_keys;
mod bad_input;
mod bulk;
mod check;
mod commands;
mod config;
mod hostile;
mod housekeeping;
mod invitations;
mod jobs;
mod link_races;
mod logs;
mod mail;
mod mailbox;
mod matrix_anonymous;
mod matrix_credentials;
mod matrix_events;
mod matrix_permissions;
mod matrix_ranks;
mod matrix_tenants;
mod password_resets;
mod people;
mod races;
mod recount;
mod revocation;
mod roles;
mod sign_in;
mod systems;
mod user_list;
mod user_list_pages;
mod user_status;
mod users;
