//! Disabling, enabling, deleting, restoring and purging users; the rule of the last admin.
