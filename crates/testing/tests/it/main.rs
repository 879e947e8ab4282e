//! The integration tests: sentences about what a person or a program would see.
// One binary with a file per noun, so that it is linked once.

mod sign_in;
