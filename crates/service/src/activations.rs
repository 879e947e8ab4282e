//! Accepting an invitation by its link.
