//! Sessions: how long they last, where they open what, what ends them.

mod expiry;
mod revocation;
mod several_accounts;
mod two_accounts;
