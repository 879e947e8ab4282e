//! Effective access of a user with the path of every grant, and the check API.
