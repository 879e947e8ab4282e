//! The same act on many users at once: all or nothing, with a verdict per row (U-30).
