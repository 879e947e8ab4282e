//! Reading the people to invite from pasted text.

use domain::core::failure::Failure;
use domain::invitations::address_list::Pasted;
use domain::invitations::plan::{read_each, read_text};

use crate::core::app::App;
use crate::core::caller::Caller;
use crate::invitations::terms::INVITE;

/// Addresses as they were given.
#[derive(Debug)]
pub enum Given {
    /// One in each element.
    Each(Vec<String>),
    /// A text, and the chosen column of its table.
    Text(String, Option<usize>),
}

/// Reads addresses of whoever may invite. A text of megabytes takes a processor for a second, so it is not read on a thread that
/// answers others.
///
/// # Errors
/// The caller may not invite, or too much is being read already.
pub async fn read(app: &App, caller: &Caller, given: Given) -> Result<Pasted, Failure> {
    caller.check(INVITE)?;
    let read = move || match given {
        Given::Each(elements) => Pasted { people: read_each(&elements), columns: Vec::new() },
        Given::Text(text, column) => read_text(&text, column),
    };
    app.heavy_turns().run(caller.account()?, read).await
}
