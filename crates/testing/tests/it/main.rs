//! The integration tests: sentences about what a person or a program would see.
// One binary with a file per noun, so that it is linked once.

mod accounts;
mod activity;
mod api_keys;
mod bulk;
mod check;
mod credentials;
mod exports;
mod http;
mod installation;
mod invitations;
mod jobs;
mod link_requests;
mod matrices;
mod outbox;
mod pages;
mod people;
mod races;
mod roles;
mod server;
mod sign_in;
mod statistics;
mod systems;
mod users;
