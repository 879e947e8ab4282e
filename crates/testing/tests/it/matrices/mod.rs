//! Security lines, generated from the description of the API: every route against everybody who must not pass.

mod anonymous;
mod credentials;
mod elsewhere;
mod events;
mod permissions;
mod previews;
mod ranks;
mod reach;
mod tenants;
mod two_halves;
