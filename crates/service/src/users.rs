//! Users: invite, look, change.
