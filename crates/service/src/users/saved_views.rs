//! Views of the list of users that people save for themselves: they follow the person to every browser.

use domain::access::Need;
use domain::activity::actions::{Action, TargetKind};
use domain::core::failure::{Failure, NoSuch, refuse_field};
use domain::core::ids::UserId;
use domain::core::label::Label;
use domain::core::search_text::search_key;
use domain::users::saved_view::{LONGEST_QUERY, MOST, SavedView, SavedViewError, SavedViewId, is_query};
use serde_json::{Value, json};
use store::OnDuplicate;
use store::users::saved_views::SavedViews;

use crate::core::app::App;
use crate::core::caller::Caller;
use crate::core::change::Touches;
use crate::core::entry::Entry;
use crate::users;

/// Save views of a list that one may see.
pub const OWN: Need = users::list::LIST;

fn owner(caller: &Caller) -> Result<UserId, Failure> {
    Ok(caller.principal().ok_or(NoSuch("person"))?.user_id)
}

/// The caller's views, by name.
pub async fn list(app: &App, caller: &Caller) -> Result<Vec<SavedView>, Failure> {
    let mut view = app.view(caller, OWN).await?;
    Ok(SavedViews::of(&mut view).of_user(owner(caller)?).await?)
}

/// Saves a view.
///
/// # Errors
/// 422 for what is no query of an address; 409 for a name that the caller has already, or for one view too many.
pub async fn save(app: &App, caller: &Caller, name: &Label, query: &str) -> Result<SavedView, Failure> {
    let mut draft = app.draft(caller, OWN).await?;
    let owner = owner(caller)?;
    if !is_query(query) {
        let detail = format!("This isn't a valid query string. Use at most {LONGEST_QUERY} ASCII characters.");
        return Err(refuse_field("/query", "invalid_query", detail));
    }
    let present = SavedViews::of(&mut draft).of_user(owner).await?;
    if present.len() >= MOST {
        return Err(SavedViewError::TooMany.into());
    }
    let view =
        SavedView { id: draft.new_id(), name: name.to_string(), query: query.to_owned(), created_at: draft.now() };
    let taken = || SavedViewError::NameTaken(view.name.clone());
    if present.iter().any(|other| search_key(&other.name) == search_key(&view.name)) {
        return Err(taken().into());
    }
    let Some(mut change) = draft.into_change() else { return Ok(view) };
    SavedViews::of(&mut change).insert(owner, &view).await.on_duplicate(taken)?;
    let target = Entry::target(TargetKind::View, &view.id, &view.name, Value::Null, json!({ "query": view.query }));
    change.commit(Entry::new(Action::ViewSaved, vec![target]), Touches::People).await?;
    Ok(view)
}

/// Deletes one of the caller's views.
///
/// # Errors
/// 404 when it is not theirs.
pub async fn delete(app: &App, caller: &Caller, id: SavedViewId) -> Result<(), Failure> {
    let mut draft = app.draft(caller, OWN).await?;
    let owner = owner(caller)?;
    let view = SavedViews::of(&mut draft).find(owner, id).await?.ok_or(NoSuch("view"))?;
    let Some(mut change) = draft.into_change() else { return Ok(()) };
    SavedViews::of(&mut change).remove(owner, id).await?;
    let target = Entry::target(TargetKind::View, &view.id, &view.name, json!({ "query": view.query }), Value::Null);
    change.commit(Entry::new(Action::ViewDeleted, vec![target]), Touches::People).await
}
