//! The integration tests: sentences about what a person or a program would see.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a panic is how a test reports"
)]
// One binary with a file per noun, so that it is linked once.

mod sign_in;
