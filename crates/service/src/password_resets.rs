//! Choosing a new password: by mail, by an admin's request, by oneself.
