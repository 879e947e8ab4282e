//! What a request says of the person behind it: whether they are there.

/// What a request says of the person behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// It is their input.
    Input,
    /// It is a page that stands open and refreshes itself: input only where the account chose so (SI-3).
    OpenPage,
    /// It says nothing: an answer that is still being written, or what a page loads by itself.
    None,
    /// A page of another site had the browser ask.
    Foreign,
    /// A read that the list of accounts also makes. It doesn't count as entering the account.
    Outside,
}
