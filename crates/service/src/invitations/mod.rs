//! Inviting people: one to ten thousand in one change (U-10 to U-17).

pub mod activation;
mod identities;
pub mod mails;
pub mod pasting;
pub(crate) mod renewal;
pub(crate) mod states;
pub mod terms;

use std::collections::{HashMap, HashSet};

use domain::access::role::{Role, RoleId};
use domain::accounts::seats::{SeatSettings, SeatStart, Seats};
use domain::activity::EventTarget;
use domain::activity::actions::Action;
use domain::core::email_address::EmailAddress;
use domain::core::failure::{Failure, refuse_field, refuse_parts};
use domain::core::ids::{SystemId, UserId};
use domain::core::person_name::PersonName;
use domain::core::refusal::{FieldError, Kind, Params};
use domain::core::timestamp::Timestamp;
use domain::invitations;
use domain::invitations::address_list::PastedAddress;
use domain::invitations::plan::{InviteDecision, Known, MOST_ADDRESSES, TooManyAddresses};
use domain::systems::{GrantSource, GrantedSystem, SystemGrant};
use domain::users::User;
use serde_json::{Value, json};
use store::accounts::KeptCounts;
use store::invitations::{Invitation, Invitations};
use store::systems::{SystemGrants, Systems};
use store::users::Users;

use crate::core::app::App;
use crate::core::caller::Caller;
use crate::core::change::{Change, Touches, user_target};
use crate::core::draft::Draft;
use crate::core::entry::Entry;
use crate::core::roles;
use crate::invitations::identities::identities_of;
use crate::invitations::mails::{Notes, promise_activations};
use crate::invitations::terms::{INVITE, new_invitation, read_note};
use crate::outbox::limits::Room;

/// The most single assignments of systems that one call makes; `all` needs none.
const MOST_GRANTS: usize = 200_000;

/// The systems to assign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GivenSystems {
    /// Every system, future ones too.
    All,
    /// These.
    These(Vec<SystemId>),
}

/// Whom to invite, and with which role and systems.
#[derive(Debug, Clone)]
pub struct InviteInput {
    /// The addresses, as they were given.
    pub people: Vec<PastedAddress>,
    /// The name of the only person.
    pub name: Option<PersonName>,
    /// The role of all of them.
    pub role_id: RoleId,
    /// The systems of all of them.
    pub systems: GivenSystems,
    /// What the inviter wants to say in the mail.
    pub note: Option<String>,
    /// Take the good addresses and leave the others, instead of all or nothing.
    pub skip_invalid: bool,
}

impl InviteInput {
    /// The name that was given for the only person, or stood beside the address.
    fn name_of(&self, piece: &PastedAddress) -> Option<PersonName> {
        let pasted = || piece.name.as_deref().and_then(|name| PersonName::parse(name).ok());
        self.name.clone().or_else(pasted)
    }
}

/// The seats of the account before and after an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeatMeter {
    /// The limit, if there is one.
    pub limit: Option<u32>,
    /// Active users.
    pub members: u64,
    /// Users invited before this request.
    pub pending: u64,
    /// Users invited by this request.
    pub these: u64,
    /// Seats left after this call; `None` where nothing limits them.
    pub left: Option<u64>,
}

/// The result for one address.
#[derive(Debug, Clone)]
pub struct Row {
    /// The text as it was given, and the address in it.
    pub piece: PastedAddress,
    /// How the account will call the person.
    pub name: Option<PersonName>,
    /// What became of it.
    pub decision: InviteDecision,
    /// The new user.
    pub user: Option<UserId>,
}

/// The result for all addresses.
#[derive(Debug, Clone)]
pub struct InvitationResult {
    /// In the order of the list.
    pub rows: Vec<Row>,
    /// The seats.
    pub seats: SeatMeter,
}

/// Invites people and promises each a mail with a link. All or nothing, unless the wish says to skip what does not fit;
/// a preview gives the decisions even where the call itself would be refused.
///
/// # Errors
/// 409 or 422 with one entry per refused address; 422 for an unknown role or system; 403 for a role above one's own; 413
/// for more than [`MOST_ADDRESSES`].
pub async fn invite(app: &App, caller: &Caller, wish: InviteInput) -> Result<InvitationResult, Failure> {
    check_size(&wish)?;
    let wish = InviteInput { note: read_note(wish.note.as_deref())?, ..wish };
    let mut draft = app.draft(caller, INVITE).await?;
    let plan = plan(&mut draft, &wish).await?;
    let Some(mut change) = draft.into_change() else { return Ok(plan.result(&wish, &[])) };
    let users = carry_out(&mut change, &wish, &plan).await?;
    change.commit(Entry::new(Action::UserInvited, plan.targets(&users)), Touches::People).await?;
    Ok(plan.result(&wish, &users))
}

/// Invites people as a part of a change; gives what to say of each in the activity log.
pub(crate) async fn invite_in(change: &mut Change<'_>, wish: &InviteInput) -> Result<Vec<EventTarget>, Failure> {
    let plan = plan(change, wish).await?;
    let users = carry_out(change, wish, &plan).await?;
    Ok(plan.targets(&users))
}

/// What an invitation does.
struct Plan {
    role: Role,
    systems: Vec<GrantedSystem>,
    /// The rule of the account, and its seats as they are taken before.
    rule: SeatSettings,
    seats: Seats,
    /// One for each address.
    decisions: Vec<InviteDecision>,
}

impl Plan {
    fn invited(&self) -> usize {
        self.decisions.iter().filter(|decision| **decision == InviteDecision::Invited).count()
    }

    fn targets(&self, users: &[User]) -> Vec<EventTarget> {
        users.iter().map(|user| user_target(user, Value::Null, shown(user, &self.systems))).collect()
    }
}

async fn plan(draft: &mut Draft<'_>, wish: &InviteInput) -> Result<Plan, Failure> {
    let (app, caller) = (draft.app(), draft.caller());
    let role = roles::named(app, draft, &wish.role_id, "/role_id").await?;
    roles::check_may_give(caller, &role)?;
    let systems = known_systems(draft, &wish.systems).await?;
    let seats = KeptCounts::of(draft).seats().await?;
    let decisions = judge(draft, &wish.people, seats).await?;
    let plan = Plan { role, systems, rule: draft.account().settings.seats, seats, decisions };
    check_grants(&plan)?;
    Ok(plan)
}

/// Invites those whom the plan does not refuse, where the wish takes them without the others.
async fn carry_out(change: &mut Change<'_>, wish: &InviteInput, plan: &Plan) -> Result<Vec<User>, Failure> {
    check_decisions(wish, plan)?;
    let users = add_users(change, wish, plan).await?;
    add_invitations(change, &users, &plan.systems, wish.note.as_deref()).await?;
    promise_activations(change, &users, &Notes::Same(wish.note.as_deref())).await?;
    Ok(users)
}

/// What can be said without looking at the account.
fn check_size(wish: &InviteInput) -> Result<(), Failure> {
    let count = wish.people.len();
    if count > MOST_ADDRESSES {
        return Err(TooManyAddresses.into());
    }
    if count == 0 {
        return Err(refuse_field("/emails", "no_addresses", "No email addresses found. Enter at least one."));
    }
    if wish.name.is_some() && count > 1 {
        let detail = "A name can be given for one person only. Write several as Ana Lopez <ana@example.com>.";
        return Err(refuse_field("/name", "name_needs_single_address", detail));
    }
    Ok(())
}

/// What to grant, each once.
///
/// # Errors
/// 422 for each one that is not there; 413 where they are more than one call takes.
async fn known_systems(draft: &mut Draft<'_>, given: &GivenSystems) -> Result<Vec<GrantedSystem>, Failure> {
    let GivenSystems::These(wanted) = given else { return Ok(vec![GrantedSystem::All]) };
    let known: HashSet<SystemId> = Systems::of(draft).list().await?.into_iter().map(|system| system.id).collect();
    let unknown: Vec<FieldError> = wanted
        .iter()
        .enumerate()
        .filter(|(_, id)| !known.contains(id))
        .map(|(place, id)| FieldError {
            pointer: format!("/systems/{place}"),
            code: "unknown_system".to_owned(),
            detail: format!("The system {id} doesn't exist in this account. Choose one from the list of systems."),
            params: Params::new(),
        })
        .collect();
    if !unknown.is_empty() {
        let detail = "Some of the systems don't exist in this account. Choose from the list of systems.";
        return Err(refuse_parts(Kind::Invalid, "unknown_system", detail, unknown));
    }
    let mut seen = HashSet::new();
    Ok(wanted.iter().copied().filter(|id| seen.insert(*id)).map(GrantedSystem::One).collect())
}

/// What becomes of every address. Where the account is held, seats and memberships cannot change before the commit.
async fn judge(draft: &mut Draft<'_>, people: &[PastedAddress], seats: Seats) -> Result<Vec<InviteDecision>, Failure> {
    let addresses: Vec<EmailAddress> = people.iter().filter_map(|piece| piece.address.clone().ok()).collect();
    let members = Users::of(draft).find_all_by_email(&addresses).await?;
    let (app, caller) = (draft.app(), draft.caller());
    let Room { full: over_limit, left: mails_left } = Room::of(app, draft, caller, &addresses).await?;
    let rule = draft.account().settings.seats;
    let seats_left = match rule.counted_from {
        SeatStart::Invitation => rule.left(seats),
        SeatStart::Activation => None,
    };
    let known = Known {
        members: members.into_iter().map(|user| (user.email, user.status)).collect(),
        over_limit,
        seats_left,
        mails_left,
    };
    Ok(invitations::plan::plan(people, &known))
}

/// Refuses more single assignments than one call makes.
fn check_grants(plan: &Plan) -> Result<(), Failure> {
    if plan.invited().saturating_mul(plan.systems.len()) <= MOST_GRANTS {
        return Ok(());
    }
    let detail =
        format!("This would assign more than {MOST_GRANTS} individual systems. Split the list, or assign `all`.");
    Err(refuse_parts(Kind::TooLarge, "too_many_grants", detail, Vec::new()))
}

/// Refuses if no one, or not everyone, can be invited.
fn check_decisions(wish: &InviteInput, plan: &Plan) -> Result<(), Failure> {
    let (decisions, invited) = (&plan.decisions, plan.invited());
    let refused = decisions.len() - invited;
    if refused == 0 || (wish.skip_invalid && invited > 0) {
        return Ok(());
    }
    let refusals = || decisions.iter().filter(|decision| **decision != InviteDecision::Invited);
    let is_invalid = refusals().any(|decision| {
        matches!(decision, InviteDecision::NotAnAddress(_) | InviteDecision::UnclearColumn | InviteDecision::Duplicate)
    });
    let kind = if is_invalid { Kind::Invalid } else { Kind::Conflict };
    let are_all = |wanted: InviteDecision| refusals().all(|decision| *decision == wanted);
    let code = match () {
        () if are_all(InviteDecision::OutsideSeats) => "seat_limit",
        () if are_all(InviteDecision::UnclearColumn) => "ambiguous_column",
        () => "not_all_invited",
    };
    let detail = not_all_invited(decisions.len(), refused, code, wish.skip_invalid);
    Err(refuse_parts(kind, code, detail, invitations::plan::refusals(&wish.people, decisions)))
}

/// Why no one was invited, with what helps: to leave the others out only where there are some to be invited.
fn not_all_invited(count: usize, refused: usize, code: &str, skips: bool) -> String {
    let what = if refused == count {
        format!("None of the {count} addresses can be invited.")
    } else {
        format!("{refused} of {count} addresses can't be invited, so no invitations were sent.")
    };
    let help = match code {
        "ambiguous_column" => "Choose the column with the addresses (`address_column`).",
        "seat_limit" if refused == count => "Free a seat, or have the seat limit raised.",
        _ if refused == count || skips => "`errors` has the reason for each.",
        _ => "Correct the list, or send it with `skip_invalid` to invite the others.",
    };
    format!("{what} {help}")
}

/// Adds a provisioned user for every address that is to be invited.
async fn add_users(change: &mut Change<'_>, wish: &InviteInput, plan: &Plan) -> Result<Vec<User>, Failure> {
    let invited = |(piece, decision): (&PastedAddress, &InviteDecision)| {
        let address = piece.address.clone().ok().filter(|_| *decision == InviteDecision::Invited)?;
        Some((address, wish.name_of(piece)))
    };
    let people: Vec<(EmailAddress, Option<PersonName>)> =
        wish.people.iter().zip(&plan.decisions).filter_map(invited).collect();
    let addresses = people.iter().map(|(address, _)| address.clone()).collect();
    let identities = identities_of(change, addresses).await?;
    let mut users = Vec::with_capacity(people.len());
    for (address, name) in people {
        let Some(identity) = identities.get(&address) else { continue };
        // The name someone gave themselves is not shown to an account before they joined it.
        let user = change.new_user(identity, plan.role.id.clone());
        users.push(User { name, ..user });
    }
    Users::of(change).insert(&users).await?;
    users.iter().for_each(|user| change.count_in(user));
    Ok(users)
}

/// Adds the stored invitation of each user, and their systems.
async fn add_invitations(
    change: &mut Change<'_>,
    users: &[User],
    systems: &[GrantedSystem],
    note: Option<&str>,
) -> Result<(), Failure> {
    let (now, by) = (change.now(), change.caller().label_id());
    let invitations: Vec<Invitation> = users.iter().map(|user| new_invitation(change, user, note)).collect();
    let mut grants = Vec::with_capacity(users.len() * systems.len());
    for invitation in &invitations {
        grants.extend(systems.iter().map(|system| grant(invitation, *system, &by, now)));
    }
    Invitations::of(change).insert(&invitations).await?;
    Ok(SystemGrants::of(change).insert(&grants).await?)
}

fn grant(invitation: &Invitation, system_id: GrantedSystem, by: &str, at: Timestamp) -> SystemGrant {
    SystemGrant {
        user_id: invitation.user_id,
        system_id,
        source: GrantSource::Invitation,
        source_id: invitation.id.to_string(),
        role_id: None,
        granted_by: by.to_owned(),
        granted_at: at,
        starts_at: None,
        ends_at: None,
    }
}

/// What the log says about a new user.
pub(crate) fn shown(user: &User, systems: &[GrantedSystem]) -> Value {
    let systems = match systems {
        [GrantedSystem::All] => json!("all"),
        systems => json!(systems.iter().map(ToString::to_string).collect::<Vec<_>>()),
    };
    json!({ "name": user.name, "role_id": user.role_id, "systems": systems, "login_method": user.login_method })
}

impl Plan {
    /// What becomes of everyone; `users` are those who were added, no one in a preview.
    fn result(&self, wish: &InviteInput, users: &[User]) -> InvitationResult {
        let ids: HashMap<&EmailAddress, UserId> = users.iter().map(|user| (&user.email, user.id)).collect();
        let rows = wish.people.iter().zip(&self.decisions).map(|(piece, decision)| Row {
            user: piece
                .address
                .as_ref()
                .ok()
                .filter(|_| *decision == InviteDecision::Invited)
                .and_then(|address| ids.get(address).copied()),
            name: wish.name_of(piece),
            piece: piece.clone(),
            decision: *decision,
        });
        let these = u64::try_from(self.invited()).unwrap_or(u64::MAX);
        let after = Seats { pending: self.seats.pending + these, ..self.seats };
        let seats = SeatMeter {
            limit: self.rule.limit,
            members: self.seats.active,
            pending: self.seats.pending,
            these,
            left: self.rule.left(after),
        };
        InvitationResult { rows: rows.collect(), seats }
    }
}
