//! The logo of an account: an image that its people see in the console.

use domain::access::Need;
use domain::accounts::logo::look_at;
use domain::activity::actions::Action;
use domain::core::failure::{Failure, NoSuch};
use domain::core::hexadecimal::hexadecimal;
use domain::core::tag::tag;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
pub use store::accounts::logos::Logo;
use store::accounts::logos::Logos;

use crate::accounts::{self, account_target};
use crate::core::app::App;
use crate::core::caller::Caller;
use crate::core::change::Touches;
use crate::core::entry::Entry;

/// See the logo: everyone in the account.
pub const GET: Need = Need::Member;
/// Set or remove it: those who may change the settings.
pub const CHANGE: Need = accounts::CHANGE;

/// The logo.
///
/// # Errors
/// 404 where there is none.
pub async fn get(app: &App, caller: &Caller) -> Result<Logo, Failure> {
    let mut view = app.view(caller, GET).await?;
    Ok(Logos::of(&mut view).find().await?.ok_or(NoSuch("logo"))?)
}

/// Takes an image as the logo. Where it is the logo already, nothing is written.
///
/// # Errors
/// 413 for too many bytes; 422 for what is no image that is taken; 412 for a stale `If-Match`.
pub async fn set(app: &App, caller: &Caller, bytes: Vec<u8>) -> Result<Logo, Failure> {
    let mut draft = app.draft(caller, CHANGE).await?;
    let logo = Logo { kind: look_at(&bytes)?, tag: tag_of(&bytes), bytes };
    let before = Logos::of(&mut draft).find().await?;
    caller.check_tag(&before.as_ref().map_or_else(String::new, |logo| tag(draft.account().id, &logo.tag)))?;
    let is_new = before.as_ref() != Some(&logo);
    let Some(mut change) = draft.into_change().filter(|_| is_new) else { return Ok(logo) };
    Logos::of(&mut change).put(&logo).await?;
    let target = account_target(change.account(), shown(before.as_ref()), shown(Some(&logo)));
    change.commit(Entry::new(Action::AccountLogoChanged, vec![target]), Touches::People).await?;
    Ok(logo)
}

/// Removes the logo.
///
/// # Errors
/// 404 where there is none; 412 for a stale `If-Match`.
pub async fn remove(app: &App, caller: &Caller) -> Result<(), Failure> {
    let mut draft = app.draft(caller, CHANGE).await?;
    let before = Logos::of(&mut draft).find().await?.ok_or(NoSuch("logo"))?;
    caller.check_tag(&tag(draft.account().id, &before.tag))?;
    let Some(mut change) = draft.into_change() else { return Ok(()) };
    Logos::of(&mut change).remove().await?;
    let target = account_target(change.account(), shown(Some(&before)), shown(None));
    change.commit(Entry::new(Action::AccountLogoRemoved, vec![target]), Touches::People).await
}

fn tag_of(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes)).chars().take(24).collect()
}

/// What the activity log keeps of it: not the image.
fn shown(logo: Option<&Logo>) -> Value {
    json!({ "logo": logo.map(|logo| json!({ "kind": logo.kind.word(), "bytes": logo.bytes.len(), "tag": logo.tag })) })
}
