//! Inviting people, and sending or withdrawing an invitation.
