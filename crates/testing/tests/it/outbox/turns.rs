//! Whose mail is next: nobody waits for what another account sends (L4).

use std::collections::BTreeSet;
use std::num::NonZeroU32;
use std::time::Duration;

use domain::core::timestamp::Seconds;
use mail::sink::{Misbehavior, SmtpSink};
use mail::{Smtp, SmtpConfig, Step};
use serde_json::json;
use service::delivery::claims::{name_of_node, say_alive};
use service::delivery::lanes::LANES;
use service::delivery::transport::Transport;
use service::delivery::{Delivery, Takes, deliver_next};
use store::outbox::queues::{Claim, MailQueues};
use testing::{Client, NewPerson, TestApp, both_engines};
use tokio::sync::watch;

const BEA: &str = "bea@beta.example";
const STRANGERS: [&str; 5] = ["a@acme.example", "b@acme.example", "c@acme.example", "d@acme.example", "e@acme.example"];

fn to(config: &SmtpConfig) -> Transport {
    Transport::smtp(Smtp::new(config).unwrap())
}

/// Invites so many people with a note.
async fn invite_many(admin: &Client, count: usize, domain: &str) {
    let emails: Vec<String> = (0..count).map(|number| format!("p{number:05}@{domain}")).collect();
    let body = json!({ "emails": emails, "role_id": "builder", "message": "You have won a prize" });
    admin.post("/users", body).await.ok(201);
}

/// The admin of another account, and their browser.
async fn beta(app: &TestApp) -> Client {
    let account = app.new_account("beta").await;
    let bea = app.add_person(account, NewPerson::new(BEA, "admin")).await;
    app.browser_of("beta", &bea).await
}

fn recipients(sink: &SmtpSink) -> Vec<String> {
    sink.mails().into_iter().map(|mail| mail.to).collect()
}

#[both_engines]
async fn l4_what_the_server_refuses_of_one_account_holds_up_no_other_and_soon_only_itself(app: TestApp) {
    let sink = SmtpSink::start().await.unwrap();
    let transport = to(&sink.config());
    beta(&app).await;
    invite_many(app.admin(), 500, "example.com").await;
    app.forgot(&app.stranger(), BEA).await;
    sink.refuse_mails_that_say("prize", "554 5.7.1 Message rejected as spam");
    let mut outcomes = Vec::new();
    for _ in 0..2 {
        outcomes.push(deliver_next(&app.app, &transport, "node").await.unwrap());
    }
    assert!(outcomes.contains(&Delivery::Sent) && outcomes.contains(&Delivery::Postponed), "{outcomes:?}");
    assert_eq!(recipients(&sink), [BEA]);
    for _ in 0..2 {
        assert_eq!(deliver_next(&app.app, &transport, "node").await.unwrap(), Delivery::Postponed);
    }
    assert_eq!(
        deliver_next(&app.app, &transport, "node").await.unwrap(),
        Delivery::NothingDue,
        "three refusals are enough"
    );
    // What people of this account ask for themselves goes on.
    app.forgot(&app.stranger(), testing::ADMIN_EMAIL).await;
    assert_eq!(deliver_next(&app.app, &transport, "node").await.unwrap(), Delivery::Sent);
    let tried: Vec<_> =
        app.outbox().await.into_iter().filter(|mail| mail.kind == "activation" && mail.attempts > 0).collect();
    assert_eq!(tried.len(), 3);
    let waiting = app.admin().get(&format!("/emails?state=pending&recipient={}", tried[0].recipient)).await.ok(200);
    assert_eq!(
        (&waiting["items"][0]["error_code"], &waiting["items"][0]["attempts"]),
        (&json!("sender_refused"), &json!(1))
    );
    // Each further refusal has it wait for longer, and the first mail that is taken ends that.
    app.pass(Seconds(20));
    assert_eq!(deliver_next(&app.app, &transport, "node").await.unwrap(), Delivery::Postponed);
    assert_eq!(deliver_next(&app.app, &transport, "node").await.unwrap(), Delivery::NothingDue);
    sink.accept();
    app.pass(Seconds::minutes(20));
    assert_eq!(worker::deliver_due(&app.app, &transport).await.unwrap(), 500);
}

#[both_engines]
async fn l4_the_running_worker_sends_a_reset_link_while_hundreds_of_mails_of_another_account_are_refused(app: TestApp) {
    let sink = SmtpSink::start().await.unwrap();
    beta(&app).await;
    invite_many(app.admin(), 500, "example.com").await;
    sink.refuse_mails_that_say("prize", "554 5.7.1 Message rejected as spam");
    let (stop, stopped) = watch::channel(false);
    let worker = tokio::spawn(worker::run(app.app.clone(), Some(to(&sink.config())), stopped));
    app.stranger().post("/password-resets", json!({ "email": BEA })).await.ok(202);
    assert_eq!(sink.wait_for(1).await.len(), 1);
    assert_eq!(recipients(&sink), [BEA]);
    stop.send(true).unwrap();
    worker.await.unwrap();
}

#[both_engines]
async fn l4_where_few_mails_may_leave_in_a_minute_accounts_take_turns(app: TestApp) {
    let sink = SmtpSink::start().await.unwrap();
    let transport = to(&SmtpConfig { per_minute: NonZeroU32::new(2), ..sink.config() });
    let bea = beta(&app).await;
    invite_many(app.admin(), 500, "example.com").await;
    invite_many(&bea, 2, "beta.example").await;
    app.forgot(&app.stranger(), BEA).await;
    for _ in 0..8 {
        worker::deliver_due(&app.app, &transport).await.unwrap();
        app.pass(Seconds(30));
    }
    let found = recipients(&sink);
    let queue = |recipient: &String| match recipient.as_str() {
        BEA => "nobody's: she asked for it herself",
        invited if invited.ends_with("@beta.example") => "beta",
        _ => "alpha",
    };
    let queues: Vec<&str> = found.iter().map(queue).collect();
    let among = |places: &[&'static str]| places.iter().copied().collect::<BTreeSet<_>>();
    assert_eq!(queues.len(), 8, "{found:?}");
    assert_eq!(among(&queues[..3]).len(), 3, "one turn each: {found:?}");
    assert_eq!(among(&queues[3..5]), among(&["alpha", "beta"]), "one turn each: {found:?}");
    assert!(queues[5..].iter().all(|queue| *queue == "alpha"), "the others have none left: {found:?}");
}

#[both_engines]
async fn l4_slow_answers_to_many_invitations_hold_up_no_reset_link(app: TestApp) {
    let sink = SmtpSink::start().await.unwrap();
    invite_many(app.admin(), 20, "example.com").await;
    sink.answer_after(Duration::from_secs(4));
    let (stop, stopped) = watch::channel(false);
    let worker = tokio::spawn(worker::run(app.app.clone(), Some(to(&sink.config())), stopped));
    assert_eq!(sink.wait_for(2).await.len(), 2, "as many lanes as one account may hold have one");
    app.stranger().post("/password-resets", json!({ "email": testing::ADMIN_EMAIL })).await.ok(202);
    assert_eq!(sink.wait_for(3).await[2].to, testing::ADMIN_EMAIL);
    stop.send(true).unwrap();
    worker.await.unwrap();
}

#[both_engines]
async fn a_mail_that_the_server_looks_at_for_long_is_sent_once_and_by_nobody_else(app: TestApp) {
    let sink = SmtpSink::start().await.unwrap();
    let config = SmtpConfig { timeout_seconds: 1, ..sink.config() };
    app.invite("ana@example.com", "builder").await;
    sink.answer_after(Duration::from_millis(2_500));
    let (first, transport) = (app.app.clone(), to(&config));
    let sending = tokio::spawn(async move { deliver_next(&first, &transport, "first").await });
    assert_eq!(sink.wait_for(1).await.len(), 1);
    app.pass(Seconds::minutes(12));
    let other = app.another_node().await;
    assert_eq!(deliver_next(&other.app, &to(&config), "other").await.unwrap(), Delivery::NothingDue);
    assert_eq!(sending.await.unwrap().unwrap(), Delivery::Sent);
    app.pass(Seconds::days(1));
    assert_eq!(worker::deliver_due(&app.app, &to(&config)).await.unwrap(), 0);
    assert_eq!(sink.mails().len(), 1);
}

#[both_engines]
async fn l4_refused_mails_stop_no_lane_though_the_server_never_answers_the_goodbye(app: TestApp) {
    let sink = SmtpSink::start().await.unwrap();
    let bea = beta(&app).await;
    invite_many(app.admin(), 6, "example.com").await;
    sink.refuse_mails_that_say("prize", "554 5.7.1 Message rejected as spam");
    sink.ignore_goodbyes();
    let (stop, stopped) = watch::channel(false);
    let worker = tokio::spawn(worker::run(app.app.clone(), Some(to(&sink.config())), stopped));
    let refused = async {
        while app.outbox().await.iter().filter(|mail| mail.kind == "activation" && mail.attempts > 0).count() < 3 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), refused).await.expect("three are tried");
    bea.post("/users", json!({ "emails": "p@beta.example", "role_id": "builder" })).await.ok(201);
    assert_eq!(sink.wait_for(1).await.len(), 1, "a lane is free for mails that are not urgent");
    assert_eq!(recipients(&sink), ["p@beta.example"]);
    stop.send(true).unwrap();
    worker.await.unwrap();
}

#[both_engines]
async fn l4_mails_of_one_account_that_hang_leave_a_lane_to_the_others(app: TestApp) {
    let sink = SmtpSink::start().await.unwrap();
    let bea = beta(&app).await;
    invite_many(app.admin(), 20, "example.com").await;
    sink.misbehave_at(Step::Content, "@example.com", Misbehavior::Silence);
    let (stop, stopped) = watch::channel(false);
    let worker = tokio::spawn(worker::run(app.app.clone(), Some(to(&sink.config())), stopped));
    let tried = async || {
        app.outbox()
            .await
            .iter()
            .filter(|mail| mail.recipient.as_str().ends_with("@example.com") && mail.attempts > 0)
            .count()
    };
    let hang = async {
        while tried().await < 2 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), hang).await.expect("two hang");
    invite_many(&bea, 3, "beta.example").await;
    assert_eq!(sink.wait_for(3).await.len(), 3);
    assert_eq!(tried().await, 2, "as many lanes as one account may hold");
    stop.send(true).unwrap();
    worker.abort();
}

#[both_engines]
async fn l4_a_reset_link_has_a_lane_though_mails_of_several_accounts_hang_on_all_others(app: TestApp) {
    let sink = SmtpSink::start().await.unwrap();
    let bea = beta(&app).await;
    invite_many(app.admin(), 20, "example.com").await;
    invite_many(&bea, 20, "example.com").await;
    sink.misbehave_at(Step::Content, "@example.com", Misbehavior::Silence);
    let (stop, stopped) = watch::channel(false);
    let worker = tokio::spawn(worker::run(app.app.clone(), Some(to(&sink.config())), stopped));
    let hang = async {
        while app.outbox().await.iter().filter(|mail| mail.attempts > 0).count() < LANES {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), hang).await.expect("every lane has a mail that hangs");
    app.stranger().post("/password-resets", json!({ "email": testing::ADMIN_EMAIL })).await.ok(202);
    assert_eq!(sink.wait_for(1).await.len(), 1);
    assert_eq!(recipients(&sink), [testing::ADMIN_EMAIL]);
    stop.send(true).unwrap();
    worker.abort();
}

#[both_engines]
async fn l4_refused_links_to_a_new_password_hold_up_no_invitation_of_their_account(app: TestApp) {
    let sink = SmtpSink::start().await.unwrap();
    let transport = to(&sink.config());
    let account = app.acme().await;
    sink.refuse_at(Step::Recipient, "550 5.7.1 Relaying denied");
    for email in &STRANGERS[..3] {
        let user = app.add_person(account, NewPerson::new(email, "builder")).await;
        app.admin().post(&format!("/users/{}/reset-password", user.id), json!({})).await.ok(202);
        assert_eq!(deliver_next(&app.app, &transport, "node").await.unwrap(), Delivery::Postponed);
    }
    sink.accept();
    invite_many(app.admin(), 1, "example.com").await;
    assert_eq!(deliver_next(&app.app, &transport, "node").await.unwrap(), Delivery::Sent);
    assert_eq!(recipients(&sink), ["p00000@example.com"]);
}

#[both_engines]
async fn l4_what_breaks_off_at_one_mail_pauses_nobody_and_soon_its_account(app: TestApp) {
    let sink = SmtpSink::start().await.unwrap();
    let config = SmtpConfig { timeout_seconds: 1, ..sink.config() };
    let transport = to(&config);
    let bea = beta(&app).await;
    invite_many(app.admin(), 20, "example.com").await;
    let attempt = async || deliver_next(&app.app, &transport, "node").await.unwrap();
    for how in [Misbehavior::Silence, Misbehavior::Says(b"421 4.3.2 closing".to_vec()), Misbehavior::HangUp] {
        sink.misbehave_at(Step::Recipient, "@example.com", how.clone());
        assert_eq!(attempt().await, Delivery::Postponed, "{how:?}");
    }
    assert_eq!(attempt().await, Delivery::NothingDue, "three are enough");
    let waiting = app.admin().get("/emails?state=pending").await.ok(200);
    let tried: Vec<_> = waiting["items"].as_array().unwrap().iter().filter(|mail| mail["attempts"] == 1).collect();
    assert!(tried.len() == 3 && tried.iter().all(|mail| mail["error_code"] == "deferred"), "{tried:?}");
    invite_many(&bea, 1, "beta.example").await;
    assert_eq!(attempt().await, Delivery::Sent);
    sink.accept();
    app.pass(Seconds::minutes(20));
    assert_eq!(worker::deliver_due(&app.app, &transport).await.unwrap(), 20);
}

#[both_engines]
async fn a_server_that_breaks_off_at_the_mails_of_several_accounts_in_a_row_is_away(app: TestApp) {
    let sink = SmtpSink::start().await.unwrap();
    let transport = to(&sink.config());
    let bea = beta(&app).await;
    let account = app.new_account("gamma").await;
    let gus = app.add_person(account, NewPerson::new("gus@gamma.example", "admin")).await;
    let gus = app.browser_of("gamma", &gus).await;
    for (admin, domain) in [(app.admin(), "example.com"), (&bea, "beta.example"), (&gus, "gamma.example")] {
        invite_many(admin, 2, domain).await;
    }
    sink.refuse_at(Step::Recipient, "421 4.3.2 shutting down");
    let attempt = async || deliver_next(&app.app, &transport, "node").await.unwrap();
    assert_eq!((attempt().await, attempt().await), (Delivery::Postponed, Delivery::Postponed));
    assert_eq!((attempt().await, attempt().await), (Delivery::ServerAway, Delivery::ServerAway));
    let waiting = gus.get("/emails?state=pending").await.ok(200);
    let codes: Vec<_> = waiting["items"].as_array().unwrap().iter().map(|mail| &mail["error_code"]).collect();
    assert!(codes.contains(&&json!("server_unreachable")), "{codes:?}");
    // Whatever else it says of a mail shows that it is there.
    sink.accept();
    assert_eq!(attempt().await, Delivery::Sent);
    sink.refuse_at(Step::Recipient, "421 4.3.2 shutting down");
    assert_eq!(attempt().await, Delivery::Postponed);
}

#[both_engines]
async fn l4_what_is_asked_for_in_a_known_browser_leaves_before_all_that_strangers_ask_for(app: TestApp) {
    let sink = SmtpSink::start().await.unwrap();
    let transport = to(&SmtpConfig { per_minute: NonZeroU32::new(2), ..sink.config() });
    let ana = app.member("ana@example.com", "builder").await;
    worker::deliver_due(&app.app, &transport).await.unwrap();
    sink.clear();
    let account = app.acme().await;
    let people: Vec<NewPerson> = STRANGERS.iter().map(|email| NewPerson::new(email, "builder")).collect();
    app.add_people(account, &people).await;
    for email in STRANGERS {
        app.forgot(&app.stranger(), email).await;
    }
    invite_many(app.admin(), 5, "example.com").await;
    app.forgot(&ana, "ana@example.com").await;
    app.pass(Seconds(30));
    assert_eq!(worker::deliver_due(&app.app, &transport).await.unwrap(), 1);
    assert_eq!(recipients(&sink), ["ana@example.com"]);
}

#[both_engines]
async fn what_a_node_was_sending_when_it_was_killed_leaves_by_another_one_soon(app: TestApp) {
    let sink = SmtpSink::start().await.unwrap();
    let transport = to(&sink.config());
    app.forgot(&app.stranger(), testing::ADMIN_EMAIL).await;
    say_alive(&app.app, "killed", None).await.unwrap();
    let mut tx = app.app.db.write().await.unwrap();
    let (now, worker) = (app.app.clock.now(), format!("{}/3", name_of_node("killed")));
    let claim = Claim { worker: &worker, now, until: now.plus(Seconds::minutes(13)) };
    assert!(MailQueues(&mut tx).claim("installation", Takes::UrgentOnly, claim).await.unwrap().is_some());
    tx.commit().await.unwrap();
    let attempt = async || deliver_next(&app.app, &transport, "node").await.unwrap();
    // The other one says that it lives, every twenty seconds.
    let mut last = say_alive(&app.app, "other", None).await.unwrap();
    for _ in 0..4 {
        app.pass(Seconds(20));
        last = say_alive(&app.app, "other", Some(last)).await.unwrap();
        assert_eq!(attempt().await, Delivery::NothingDue, "it is still somebody's");
    }
    app.pass(Seconds(20));
    assert_eq!(attempt().await, Delivery::NothingDue);
    // Whoever comes back after a while does not know yet who lives.
    say_alive(&app.app, "third", None).await.unwrap();
    assert_eq!(attempt().await, Delivery::NothingDue);
    say_alive(&app.app, "other", Some(last)).await.unwrap();
    assert_eq!(attempt().await, Delivery::Sent);
}
