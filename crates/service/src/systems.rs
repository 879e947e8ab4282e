//! Systems: the minimum that assignments need (create, list, rename).

use std::collections::HashMap;

use domain::access::{Level, Need, Permission};
use domain::activity::EventTarget;
use domain::activity::actions::{Action, TargetKind};
use domain::core::failure::{Failure, NoSuch, refuse};
use domain::core::ids::SystemId;
use domain::core::label::Label;
use domain::core::refusal::Kind;
use domain::core::search_text::search_key;
use domain::core::tag::tag;
use domain::systems::{Environment, EnvironmentKind, Platform, System, SystemNameTaken};
use serde_json::{Value, json};
use store::OnDuplicate;
use store::systems::{MOST_COUNTED, Systems};

use crate::core::app::App;
use crate::core::caller::Caller;
use crate::core::change::{Change, Touches};
use crate::core::cursor::{self, Seal};
use crate::core::draft::Draft;
use crate::core::entry::Entry;
use crate::core::view::View;
use crate::core::visibility::{SEE_PEOPLE, SEE_SYSTEMS, Visibility};

/// See systems: whoever may look at people or systems of the whole account sees all, anyone else their own.
pub const LIST: Need = Need::Member;
/// Make a system (SC-1).
pub const CREATE: Need = Need::account(Permission::SYSTEMS, Level::Edit);
/// Rename a system; a System Manager does it with the own ones (SY-8, SY-19).
pub const RENAME: Need = Need::systems(Permission::SYSTEMS, Level::Limited);

/// How many users have a system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UsersOfSystem {
    /// How many, at most [`MOST_COUNTED`].
    pub count: i64,
    /// False where there are more.
    pub is_exact: bool,
}

/// A system, with the number of its users for those who may look at people.
#[derive(Debug, Clone, PartialEq)]
pub struct ListedSystem {
    /// The system.
    pub system: System,
    /// Who has it; `None` for callers who may see neither people nor systems.
    pub users: Option<UsersOfSystem>,
}

/// Which systems, and which page of them.
#[derive(Debug, Default)]
pub struct SystemQuery {
    /// Text in the name, whatever its case; empty is all.
    pub q: String,
    /// How many; `None` is the usual page.
    pub limit: Option<i64>,
    /// Where to go on.
    pub cursor: Option<String>,
}

/// A page of the list.
#[derive(Debug, Clone, PartialEq)]
pub struct SystemPage {
    /// The systems.
    pub items: Vec<ListedSystem>,
    /// Cursor of the next page.
    pub next: Option<String>,
}

/// A page of the systems that the caller may know of, by name.
///
/// # Errors
/// 422 for a limit out of range or a cursor of another list.
pub async fn list(app: &App, caller: &Caller, query: &SystemQuery) -> Result<SystemPage, Failure> {
    let mut view = app.view(caller, LIST).await?;
    let limit = cursor::limit(query.limit)?;
    let seal = Seal::new(&app.key, &(view.account(), "systems", &query.q));
    let after = query.cursor.as_ref().map(|text| seal.read::<String>(text)).transpose()?;
    let one_more = i64::try_from(limit + 1).unwrap_or(i64::MAX);
    let visibility = Visibility::of(app, caller);
    let mut found = Systems::of(&mut view).page(&query.q, visibility.systems(), after.as_deref(), one_more).await?;
    let more = cursor::cut(&mut found, limit);
    let next = found.last().filter(|_| more).map(|last| seal.write(&search_key(&last.name)));
    Ok(SystemPage { items: counted(app, caller, &mut view, found).await?, next })
}

/// A system that the caller may know of.
///
/// # Errors
/// 404 when there is none.
pub async fn get(app: &App, caller: &Caller, id: SystemId) -> Result<ListedSystem, Failure> {
    let mut view = app.view(caller, LIST).await?;
    let visibility = Visibility::of(app, caller);
    let system =
        Systems::of(&mut view).find(id).await?.filter(|_| visibility.shows_system(id)).ok_or(NoSuch("system"))?;
    counted(app, caller, &mut view, vec![system]).await?.pop().ok_or_else(|| NoSuch("system").into())
}

/// Systems with the number of their users.
async fn counted(
    app: &App,
    caller: &Caller,
    view: &mut View,
    systems: Vec<System>,
) -> Result<Vec<ListedSystem>, Failure> {
    let levels = caller.levels();
    if !SEE_PEOPLE.met_by(&levels) && !SEE_SYSTEMS.met_by(&levels) {
        return Ok(systems.into_iter().map(|system| ListedSystem { system, users: None }).collect());
    }
    let ids: Vec<SystemId> = systems.iter().map(|system| system.id).collect();
    let counts: HashMap<SystemId, i64> =
        Systems::of(view).user_counts(&ids, app.clock.now()).await?.into_iter().collect();
    let users = |id: SystemId| {
        let count = counts.get(&id).copied().unwrap_or_default();
        UsersOfSystem { count: count.min(MOST_COUNTED), is_exact: count <= MOST_COUNTED }
    };
    Ok(systems.into_iter().map(|system| ListedSystem { users: Some(users(system.id)), system }).collect())
}

/// Makes a system with its Production and Test environments (SY-11).
///
/// # Errors
/// 409 for a name that another system has.
pub async fn create(app: &App, caller: &Caller, name: &Label, platform: Platform) -> Result<System, Failure> {
    let mut draft = app.draft(caller, CREATE).await?;
    check_name_is_free(&mut draft, None, name).await?;
    let system = new(&draft, name, platform);
    let Some(mut change) = draft.into_change() else { return Ok(system) };
    insert(&mut change, &system).await?;
    let after = json!({ "name": system.name, "platform": system.platform });
    change
        .commit(Entry::new(Action::SystemCreated, vec![system_target(&system, Value::Null, after)]), Touches::Account)
        .await?;
    Ok(system)
}

fn new(draft: &Draft<'_>, name: &Label, platform: Platform) -> System {
    System {
        id: draft.new_id(),
        name: name.to_string(),
        platform,
        created_at: draft.now(),
        deleted_at: None,
        version: 1,
    }
}

/// Adds a system within a change.
pub async fn add(change: &mut Change<'_>, name: &Label, platform: Platform) -> Result<System, Failure> {
    let system = new(change, name, platform);
    insert(change, &system).await?;
    Ok(system)
}

async fn insert(change: &mut Change<'_>, system: &System) -> Result<(), Failure> {
    Systems::of(change).insert(system).await.on_duplicate(|| SystemNameTaken(system.name.clone()))?;
    for (kind, name) in EnvironmentKind::BORN_WITH {
        let environment = Environment {
            id: change.new_id(),
            system_id: system.id,
            name: name.to_owned(),
            kind,
            created_at: system.created_at,
        };
        Systems::of(change).insert_environment(&environment).await?;
    }
    Ok(())
}

/// Renames a system. Where it is called so already, nothing is written.
///
/// # Errors
/// 404 for a system that the caller may not know of; 409 for a name that another system has; 412 for a stale `If-Match`.
pub async fn rename(app: &App, caller: &Caller, id: SystemId, name: Option<&Label>) -> Result<System, Failure> {
    let mut draft = app.draft(caller, RENAME).await?;
    let own = caller.limited_to(RENAME);
    let may_touch = own.is_none_or(|own| own.contains(&id));
    let before = Systems::of(&mut draft).find(id).await?.filter(|_| may_touch).ok_or(NoSuch("system"))?;
    caller.check_tag(&tag(before.id, before.version))?;
    let Some(name) = name.filter(|name| name.as_str() != before.name) else { return Ok(before) };
    check_name_is_free(&mut draft, Some(id), name).await?;
    // The ETag of a preview is that of what is still stored.
    let version = before.version + i64::from(!caller.dry_run);
    let after = System { name: name.to_string(), version, ..before.clone() };
    let Some(mut change) = draft.into_change() else { return Ok(after) };
    write_name(&mut change, &before, name).await?;
    let target = system_target(&after, json!({ "name": before.name }), json!({ "name": after.name }));
    change.commit(Entry::new(Action::SystemRenamed, vec![target]), Touches::People).await?;
    Ok(after)
}

/// Whether this name may be planned with, for a new system or for this one. It is held against the systems that the caller may know of,
/// so that no one finds out names by previewing; the change itself is refused for any system with the name, because names are unique.
async fn check_name_is_free(draft: &mut Draft<'_>, id: Option<SystemId>, name: &Label) -> Result<(), Failure> {
    let visibility = Visibility::of(draft.app(), draft.caller());
    let key = search_key(name.as_str());
    let is_taken = |system: &System| {
        Some(system.id) != id && visibility.shows_system(system.id) && search_key(&system.name) == key
    };
    match Systems::of(draft).list().await?.iter().any(is_taken) {
        true => Err(SystemNameTaken(name.to_string()).into()),
        false => Ok(()),
    }
}

async fn write_name(change: &mut Change<'_>, before: &System, name: &Label) -> Result<(), Failure> {
    let renamed = Systems::of(change).rename(before.id, before.version, name.as_str()).await;
    if renamed.on_duplicate(|| SystemNameTaken(name.to_string()))? {
        return Ok(());
    }
    let detail = "Someone else just changed this system. Reload and try again.";
    Err(refuse(Kind::Stale, "stale", detail))
}

/// A system as a target of an entry.
pub fn system_target(system: &System, before: Value, after: Value) -> EventTarget {
    Entry::target(TargetKind::System, &system.id, &system.name, before, after)
}
