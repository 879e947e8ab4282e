//! Links that are followed while something else happens to them: used once, or dead, and nothing in between.

use std::ops::Range;

use domain::activity::Origin;
use domain::core::timestamp::Seconds;
use domain::credentials::link::LinkPurpose;
use domain::users::{User, UserStatus};
use service::core::app::App;
use service::core::caller::Caller;
use service::core::secrets::{LINK_PREFIX, Token};
use service::sign_in::Browser;
use service::users::pending;
use store::InAccount;
use store::users::Users;
use testing::{NewPerson, TestApp, both_engines};

use crate::races::{accept, both, code, counts_are_right, in_lanes, invited, rounds};

async fn status_of(app: &TestApp, user: &User) -> Option<UserStatus> {
    let mut tx = app.app.db.read().await.unwrap();
    let mut bound = InAccount { tx: &mut tx, account: user.account_id };
    Users::of(&mut bound).find(user.id).await.unwrap().map(|user| user.status)
}

/// Who accepts has a password to hash: whoever races against that does as much before, more or less, round by round.
async fn head_start(app: &App, round: usize) {
    for _ in 0..round % 4 {
        app.passwords.hash(round.to_string(), [7; 16]).await.unwrap();
        let mut tx = app.db.read().await.unwrap();
        tx.sql("SELECT COUNT(*) FROM accounts").value::<i64>().await.unwrap();
    }
}

/// Whether a link did not work: for this reason, or because what it was for was gone at the same moment.
fn is_dead(code: &str, reason: &str) -> bool {
    code == reason || code == "link_invalid"
}

async fn open_links(app: &TestApp, user: &User) -> i64 {
    let mut tx = app.app.db.read().await.unwrap();
    tx.sql("SELECT COUNT(*) FROM links WHERE user_id = $1 AND ended_at IS NULL").bind(&user.id).value().await.unwrap()
}

#[both_engines]
async fn i3_whoever_accepts_while_being_revoked_is_either_in_or_gone(app: TestApp) {
    let accepted: usize = in_lanes(&app, rounds(&app), async |account, rounds: Range<usize>| {
        let mut accepted = 0;
        for (round, (user, token)) in rounds.clone().zip(invited(&app, account, rounds).await) {
            let (other, id) = (app.app.clone(), user.id);
            let revoke = async move {
                head_start(&other, round).await;
                pending::revoke(&other, &Caller::operator(account), id).await
            };
            let (first, second) = both(accept(app.app.clone(), token.clone()), revoke).await;
            let status = status_of(&app, &user).await;
            match (code(&first), code(&second)) {
                ("ok", "wrong_status" | "not_found") => {
                    assert_eq!(status, Some(UserStatus::Active), "round {round}");
                    accepted += 1;
                }
                (dead, "ok") if is_dead(dead, "link_revoked") => assert_eq!(status, None, "round {round}"),
                other => panic!("round {round}: {other:?}"),
            }
            let reason = if first.is_ok() { "link_used" } else { "link_revoked" };
            assert_eq!(code(&accept(app.app.clone(), token).await), reason, "round {round}");
        }
        accepted
    })
    .await
    .into_iter()
    .sum();
    assert!(accepted > 0 && accepted < rounds(&app), "they never really met: {accepted}");
}

#[both_engines]
async fn i3_whoever_accepts_while_being_invited_anew_is_in_or_has_only_the_new_link(app: TestApp) {
    let account = app.new_account("race").await;
    app.add_person(account, NewPerson::new("admin@race.example", "admin")).await;
    for (round, (user, token)) in invited(&app, account, 0..rounds(&app) / 4).await.into_iter().enumerate() {
        let (other, id) = (app.app.clone(), user.id);
        let resend = async move {
            head_start(&other, round).await;
            pending::resend(&other, &Caller::operator(account), id).await
        };
        let (first, second) = both(accept(app.app.clone(), token.clone()), resend).await;
        let codes = (code(&first), code(&second));
        let is_replaced = is_dead(codes.0, "link_replaced") && codes.1 == "ok";
        assert!(codes == ("ok", "wrong_status") || is_replaced, "round {round}: {codes:?}");
        let reason = if first.is_ok() { "link_used" } else { "link_replaced" };
        assert_eq!(code(&accept(app.app.clone(), token).await), reason, "round {round}");
        let open = open_links(&app, &user).await;
        assert_eq!(open, i64::from(second.is_ok()), "round {round}");
    }
    counts_are_right(&app, account).await;
}

#[both_engines]
async fn i3_of_two_who_invite_anew_at_once_one_link_is_left(app: TestApp) {
    let account = app.new_account("race").await;
    for (round, (user, _)) in invited(&app, account, 0..rounds(&app) / 8).await.into_iter().enumerate() {
        let resend = || {
            let (app, id) = (app.app.clone(), user.id);
            async move { pending::resend(&app, &Caller::operator(account), id).await }
        };
        let (first, second) = both(resend(), resend()).await;
        let codes = [code(&first), code(&second)];
        assert!(
            codes.contains(&"ok") && codes.iter().all(|code| ["ok", "stale"].contains(code)),
            "round {round}: {codes:?}"
        );
        assert_eq!(open_links(&app, &user).await, 1, "round {round}");
    }
}

#[both_engines]
async fn i3_a_link_that_is_followed_twice_at_once_activates_once(app: TestApp) {
    in_lanes(&app, rounds(&app), async |account, rounds: Range<usize>| {
        for (round, (_, token)) in rounds.clone().zip(invited(&app, account, rounds.clone()).await) {
            let (second, again) = (app.app.clone(), token.clone());
            let second = async move {
                head_start(&second, round).await;
                accept(second, again).await
            };
            let (first, second) = both(accept(app.app.clone(), token), second).await;
            // The second one looked before the first, or after it, or in between: what it finds is dead, nothing else.
            let mut codes = [code(&first), code(&second)];
            codes.sort_unstable();
            assert!(is_dead(codes[0], "link_used") && codes[1] == "ok", "round {round}: {codes:?}");
        }
        let mut tx = app.app.db.read().await.unwrap();
        let told: Vec<i64> = tx
            .sql(
                "SELECT COUNT(*) FROM event_targets t JOIN events e ON e.account_id = t.account_id AND e.seq = t.seq \
                WHERE t.account_id = $1 AND e.action = 'user.activated' GROUP BY t.target_id",
            )
            .bind(&account)
            .values()
            .await
            .unwrap();
        assert_eq!(told, vec![1; rounds.len()]);
    })
    .await;
}

#[both_engines]
async fn i3_of_two_accounts_in_which_a_new_person_accepts_at_once_one_takes_the_password(app: TestApp) {
    let (one, two) = (app.new_account("race-one").await, app.new_account("race-two").await);
    let rounds = 0..rounds(&app) / 8;
    let pairs = invited(&app, one, rounds.clone()).await.into_iter().zip(invited(&app, two, rounds.clone()).await);
    let mut met = 0;
    for (round, ((_, first), (_, second))) in pairs.enumerate() {
        let other = app.app.clone();
        let (first, second) = both(accept(app.app.clone(), first), async move {
            head_start(&other, round).await;
            accept(other, second).await
        })
        .await;
        let mut codes = [code(&first), code(&second)];
        codes.sort_unstable();
        // Whoever looked when the password was there already was not asked for one.
        assert!([["ok", "stale"], ["field_not_allowed", "ok"]].contains(&codes), "round {round}: {codes:?}");
        met += usize::from(codes.contains(&"stale"));
    }
    assert!(met > 0, "they never really met");
    counts_are_right(&app, one).await;
    counts_are_right(&app, two).await;
}

#[both_engines]
async fn i3_a_link_to_a_new_password_works_once_however_many_follow_it_at_once(app: TestApp) {
    let account = app.new_account("race").await;
    let user = app.add_person(account, NewPerson::new("one@race.example", "admin")).await;
    for round in 0..rounds(&app) / 4 {
        let token = Token::read(LINK_PREFIX, &app.link_of(&user, LinkPurpose::PasswordReset).await).unwrap();
        let reset = |password: &str| {
            let (app, token, password) = (app.app.clone(), token.clone(), format!("{password} {round}!"));
            async move {
                service::credentials::password_resets::reset(&app, &token, &password, Origin::default(), nowhere())
                    .await
            }
        };
        let (first, second) = both(reset("correct battery"), reset("another battery")).await;
        let mut codes = [code(&first), code(&second)];
        codes.sort_unstable();
        assert!(is_dead(codes[0], "link_used") && codes[1] == "ok", "round {round}: {codes:?}");
    }
}

#[both_engines]
async fn x1_a_sign_in_with_the_old_password_that_meets_a_reset_does_not_survive_it(app: TestApp) {
    let account = app.new_account("race").await;
    let user = app.add_person(account, NewPerson::new("one@race.example", "admin")).await;
    let mut password = testing::ADMIN_PASSWORD.to_owned();
    let mut entered = 0;
    for round in 0..rounds(&app) / 4 {
        // What failed is forgotten, so that no pause keeps the sign-in away.
        app.pass(Seconds::hours(2));
        let token = Token::read(LINK_PREFIX, &app.link_of(&user, LinkPurpose::PasswordReset).await).unwrap();
        let (known, next) = (password.clone(), format!("correct battery {round}!"));
        let (enterer, resetter, email, new) = (app.app.clone(), app.app.clone(), user.email.clone(), next.clone());
        let (signed_in, reset) = both(
            async move {
                let browser = nowhere();
                service::sign_in::with_password(&enterer, &email, &known, Origin::default(), browser).await
            },
            async move {
                service::credentials::password_resets::reset(&resetter, &token, &new, Origin::default(), nowhere())
                    .await
            },
        )
        .await;
        assert_eq!(code(&reset), "ok", "round {round}");
        if let Ok(signed_in) = &signed_in {
            entered += 1;
            let alive = service::sign_in::authentication::address_of(&app.app, &signed_in.token).await.unwrap();
            assert!(alive.is_none(), "round {round}: a session by the old password lives on");
        }
        assert!(["ok", "invalid_credentials"].contains(&code(&signed_in)), "round {round}: {}", code(&signed_in));
        password = next;
    }
    assert!(entered < rounds(&app) / 4, "they never really met");
}

/// A browser that was never here.
fn nowhere() -> Browser {
    Browser { user_agent: String::new(), device: None, session: None }
}
