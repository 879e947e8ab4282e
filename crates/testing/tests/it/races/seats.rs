//! The last seat, and two who want it.

use std::ops::Range;

use domain::accounts::seats::SeatStart;
use domain::core::ids::AccountId;
use service::core::caller::Caller;
use service::invitations;
use testing::{NewPerson, TestApp, both_engines};

use super::{ACTIVE, accept, both, caller, code, count, counts_are_right, in_lanes, invited, person_of, rounds, wish};

const TAKEN: &str = "SELECT COUNT(*) FROM users WHERE account_id = $1 AND status IN ('active', 'provisioned')";

async fn set_seats(app: &TestApp, account: AccountId, limit: i64, counted_from: SeatStart) {
    let mut tx = app.app.db.write().await.unwrap();
    let mut found = store::accounts::Accounts(&mut tx).find(account).await.unwrap().unwrap();
    found.settings.seats.limit = Some(u32::try_from(limit).unwrap());
    found.settings.seats.counted_from = counted_from;
    store::accounts::Accounts(&mut tx).update(account, &found.name, &found.slug, &found.settings).await.unwrap();
    tx.commit().await.unwrap();
}

#[both_engines]
async fn d10_two_who_accept_at_the_last_seat_take_one(app: TestApp) {
    in_lanes(&app, rounds(&app), async |account, rounds: Range<usize>| {
        let mut people =
            invited(&app, account, 2 * rounds.start..2 * rounds.end).await.into_iter().map(|(_, token)| token);
        for round in rounds {
            let (one, two) = (people.next().unwrap(), people.next().unwrap());
            let limit = count(&app, account, ACTIVE).await + 1;
            set_seats(&app, account, limit, SeatStart::Activation).await;
            let (first, second) =
                both(accept(app.app.clone(), one.clone()), accept(app.app.clone(), two.clone())).await;
            let mut codes = [code(&first), code(&second)];
            codes.sort_unstable();
            assert_eq!(codes, ["ok", "seat_limit"], "round {round}");
            assert_eq!(count(&app, account, ACTIVE).await, limit, "round {round}");
            if round % 50 == 0 {
                set_seats(&app, account, limit + 1, SeatStart::Activation).await;
                let waiting = if first.is_ok() { two } else { one };
                assert_eq!(
                    code(&accept(app.app.clone(), waiting).await),
                    "ok",
                    "the link of the one who waits still works"
                );
            }
        }
    })
    .await;
}

#[both_engines]
async fn d10_two_who_invite_at_the_last_seat_take_one(app: TestApp) {
    let account = app.new_account("race").await;
    let people = [NewPerson::new("one@race.example", "admin"), NewPerson::new("two@race.example", "admin")];
    let admins = app.add_people(account, &people).await;
    let callers = [person_of(&app, &admins[0]).await, person_of(&app, &admins[1]).await];
    for round in 0..rounds(&app) / 4 {
        let limit = count(&app, account, TAKEN).await + 1;
        set_seats(&app, account, limit, SeatStart::Invitation).await;
        let (one, two) = (caller(&app, &admins[0], &callers[0]).await, caller(&app, &admins[1], &callers[1]).await);
        let invite = |by: Caller, name: &str| {
            let (app, wish) = (app.app.clone(), wish(format!("{name}{round}@race.example")));
            async move { invitations::invite(&app, &by, wish).await.map(drop) }
        };
        let (first, second) = both(invite(one, "a"), invite(two, "b")).await;
        let mut codes = [code(&first), code(&second)];
        codes.sort_unstable();
        assert_eq!(codes, ["ok", "seat_limit"], "round {round}");
        assert_eq!(count(&app, account, TAKEN).await, limit, "round {round}");
    }
    counts_are_right(&app, account).await;
}
