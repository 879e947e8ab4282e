//! What a mail server may do instead of an answer.

/// What a mail server does instead of an answer.
#[derive(Debug, Clone)]
pub enum Misbehavior {
    /// Keeps the connection and says nothing.
    Silence,
    /// Closes the connection.
    HangUp,
    /// Says this, in bytes of any kind.
    Says(Vec<u8>),
    /// Begins an answer of many lines that never ends.
    Endless,
    /// Writes this again and again, as fast as it can.
    Flood(Vec<u8>),
}
