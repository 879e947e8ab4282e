//! Mails leave the outbox.

mod limits;
mod mailbox;
mod turns;

use domain::activity::Origin;
use domain::activity::actions::Action;
use domain::core::ids::AccountId;
use domain::core::timestamp::Seconds;
use domain::users::User;
use mail::mails::PasswordReset;
use mail::sink::SmtpSink;
use mail::{Message, Smtp, Step};
use serde_json::{Value, json};
use service::core::caller::Caller;
use service::core::change::Touches;
use service::core::entry::Entry;
use service::delivery::transport::Transport;
use service::delivery::{Delivery, Takes, deliver_next, release_claims};
use store::Tenant;
use store::credentials::links::Links;
use store::outbox::queues::{Claim, MailQueues};
use store::users::Users;
use testing::{ADMIN_EMAIL, NewPerson, TestApp, both_engines};

fn to(sink: &SmtpSink) -> Transport {
    Transport::smtp(Smtp::new(&sink.config()).unwrap())
}

/// Promises a mail with a reset link to the admin, as an operation does.
async fn enqueue(app: &TestApp) -> User {
    let account = service::sign_in::authentication::resolve(&app.app, "acme").await.unwrap();
    let caller = Caller::system(account, Origin::default());
    let mut change = app.app.change_in(&caller, account).await.unwrap();
    let user = Users::of(&mut change).find_by_email(&ADMIN_EMAIL.parse().unwrap()).await.unwrap().unwrap();
    let link = change.new_link(domain::credentials::link::LinkPurpose::PasswordReset, &user, Seconds::hours(8));
    let now = change.now();
    Links(change.tx()).insert(std::slice::from_ref(&link), now).await.unwrap();
    let message = Message::from(PasswordReset {
        link: String::new(),
        expires_at: link.link.expires_at.to_string(),
        requested_by_admin: false,
    });
    let mail = change.new_mail(&user, &message, Some(link.link.id)).unwrap();
    change.mail(&[mail]).await.unwrap();
    let target = service::core::change::user_target(&user, Value::Null, Value::Null);
    change.commit(Entry::new(Action::AccountDemoFilled, vec![target]), Touches::Account).await.unwrap();
    user
}

/// How many notices of one kind an account promised.
async fn notices(app: &TestApp, account: AccountId, kind: &str) -> i64 {
    let mut tx = app.app.db.read().await.unwrap();
    let text = "SELECT COUNT(*) FROM outbox WHERE account_id = $1 AND kind = $2";
    tx.sql(text).bind(&account).bind(kind).value().await.unwrap()
}

async fn deliver(app: &TestApp, transport: &Transport) -> usize {
    worker::deliver_due(&app.app, transport).await.unwrap()
}

#[both_engines]
async fn a_promised_mail_leaves_once_with_a_link_below_the_public_address(app: TestApp) {
    let sink = SmtpSink::start().await.unwrap();
    let transport = to(&sink);
    enqueue(&app).await;
    assert_eq!((deliver(&app, &transport).await, deliver(&app, &transport).await), (1, 0));
    app.pass(Seconds::days(1));
    assert_eq!(deliver(&app, &transport).await, 0);
    let mails = sink.mails();
    assert_eq!((mails.len(), mails[0].to.as_str()), (1, ADMIN_EMAIL));
    assert!(mails[0].link().unwrap().starts_with("https://admin.example.test/reset-password/pcl_"), "{:?}", mails[0]);
    assert!(
        mails[0].message_id.starts_with("<out_") && mails[0].message_id.ends_with("@admin.example.test>"),
        "{}",
        mails[0].message_id
    );
}

#[both_engines]
async fn a_mail_that_is_not_taken_now_is_tried_again_later_with_the_same_message_id(app: TestApp) {
    let sink = SmtpSink::start().await.unwrap();
    let transport = to(&sink);
    enqueue(&app).await;
    sink.refuse_with("450 4.2.0 greylisted, come back");
    assert_eq!(deliver(&app, &transport).await, 0);
    sink.accept();
    assert_eq!(deliver(&app, &transport).await, 0, "not at once");
    app.pass(Seconds(30));
    assert_eq!(deliver(&app, &transport).await, 1);
    assert_eq!(sink.mails().len(), 1);
}

#[both_engines]
async fn a_mail_that_is_refused_for_good_is_given_up(app: TestApp) {
    let sink = SmtpSink::start().await.unwrap();
    let transport = to(&sink);
    enqueue(&app).await;
    sink.refuse_with("550 5.1.1 no such user");
    assert_eq!(deliver(&app, &transport).await, 0);
    sink.accept();
    app.pass(Seconds::days(3));
    assert_eq!((deliver(&app, &transport).await, sink.mails().len()), (0, 0));
    let given_up = app.signed_in(ADMIN_EMAIL).await.get("/emails?state=abandoned").await.ok(200);
    assert_eq!(
        (given_up["items"][0]["recipient"].as_str(), given_up["items"].as_array().unwrap().len()),
        (Some(ADMIN_EMAIL), 1)
    );
    assert!(given_up["items"][0]["error"].as_str().unwrap().contains("no such user"), "{given_up:#}");
}

#[both_engines]
async fn i5_what_became_of_mails_is_listed_in_pages_without_what_they_say(app: TestApp) {
    for _ in 0..3 {
        enqueue(&app).await;
    }
    let first = app.admin().get("/emails?limit=2").await.ok(200);
    let rest =
        app.admin().get(&format!("/emails?limit=2&cursor={}", first["next_cursor"].as_str().unwrap())).await.ok(200);
    let ids =
        |page: &Value| page["items"].as_array().unwrap().iter().map(|mail| mail["id"].clone()).collect::<Vec<_>>();
    assert_eq!((ids(&first).len(), ids(&rest).len(), rest["next_cursor"].is_null()), (2, 1, true));
    assert!(!ids(&first).contains(&ids(&rest)[0]) && !first.to_string().contains("pcl_"));
    app.invite("ana@example.com", "builder").await;
    let to_ana = app.admin().get("/emails?recipient=Ana@Example.com").await.ok(200);
    assert_eq!((ids(&to_ana).len(), &to_ana["items"][0]["kind"]), (1, &json!("invitation")));
    assert_eq!(ids(&app.admin().get("/emails?recipient=nobody@example.com").await.ok(200)).len(), 0);
    for query in ["limit=0", "limit=201", "state=lost", "recipient=nobody", "color=blue"] {
        assert_eq!(app.admin().get(&format!("/emails?{query}")).await.status.as_u16(), 422, "{query}");
    }
}

#[both_engines]
async fn while_the_mail_server_is_away_mails_wait_and_leave_when_it_is_back(app: TestApp) {
    let sink = SmtpSink::start().await.unwrap();
    let transport = to(&sink);
    enqueue(&app).await;
    enqueue(&app).await;
    sink.stop().await;
    for _ in 0..3 {
        assert_eq!(deliver(&app, &transport).await, 0);
        app.pass(Seconds::minutes(20));
    }
    sink.restart().await.unwrap();
    assert_eq!((deliver(&app, &transport).await, sink.mails().len()), (2, 2));
}

#[both_engines]
async fn what_is_not_said_of_the_recipient_waits_like_an_absent_server_and_says_why(app: TestApp) {
    let sink = SmtpSink::start().await.unwrap();
    let transport = to(&sink);
    enqueue(&app).await;
    for (step, reply, code) in [
        (Step::Sender, "550 5.7.60 SMTP; Client does not have permissions to send as this sender", "sender_refused"),
        (Step::Sender, "553 5.1.8 Sender address rejected", "sender_refused"),
        (Step::Recipient, "554 5.7.1 Relay access denied", "sender_refused"),
        (Step::Content, "550 5.4.5 Daily user sending limit exceeded", "sender_refused"),
        (Step::Sender, "452 4.3.1 Insufficient system storage", "server_unreachable"),
        (Step::Recipient, "552 5.2.2 mailbox full", "deferred"),
    ] {
        sink.refuse_at(step, reply);
        assert_eq!(deliver(&app, &transport).await, 0);
        let mails = app.admin().get("/emails?state=pending").await.ok(200);
        let mail = &mails["items"][0];
        assert_eq!(mail["error_code"], code, "{reply}");
        assert!(mail["error"].as_str().unwrap().contains(&reply[4..]), "{mail}");
        app.pass(Seconds::minutes(20));
    }
    sink.accept();
    assert_eq!((deliver(&app, &transport).await, sink.mails().len()), (1, 1));
    let sent = app.admin().get("/emails?state=sent").await.ok(200);
    assert_eq!((&sent["items"][0]["error_code"], &sent["items"][0]["error"]), (&Value::Null, &Value::Null));
}

#[both_engines]
async fn a_refusal_of_the_sender_is_given_up_after_four_days_as_an_absent_server_is(app: TestApp) {
    let sink = SmtpSink::start().await.unwrap();
    enqueue(&app).await;
    sink.refuse_at(Step::Sender, "550 5.7.60 no permission to send as this sender");
    deliver(&app, &to(&sink)).await;
    app.invite("ana@example.com", "builder").await;
    app.pass(Seconds::days(4));
    deliver(&app, &to(&sink)).await;
    let given_up = app.signed_in(ADMIN_EMAIL).await.get("/emails?state=abandoned").await.ok(200);
    assert_eq!(given_up["items"][0]["error_code"], "sender_refused", "{given_up:#}");
}

#[both_engines]
async fn no_more_mails_leave_within_a_minute_than_the_server_takes(app: TestApp) {
    let sink = SmtpSink::start().await.unwrap();
    let config = mail::SmtpConfig { per_minute: std::num::NonZeroU32::new(2), ..sink.config() };
    let transport = Transport::smtp(Smtp::new(&config).unwrap());
    for _ in 0..3 {
        enqueue(&app).await;
    }
    assert_eq!(deliver(&app, &transport).await, 1);
    app.pass(Seconds(29));
    assert_eq!(deliver(&app, &transport).await, 0);
    app.pass(Seconds(1));
    assert_eq!(deliver(&app, &transport).await, 1);
    app.pass(Seconds(30));
    assert_eq!((deliver(&app, &transport).await, sink.mails().len()), (1, 3));
}

#[both_engines]
async fn answers_to_an_invitation_go_to_the_inviter_where_the_operator_wants_it(app: TestApp) {
    let sink = SmtpSink::start().await.unwrap();
    let node = app.node_with(|parts| parts.settings.reply_to = mail::ReplyTo::Inviter).await;
    app.invite("ana@example.com", "builder").await;
    enqueue(&app).await;
    worker::deliver_due(&node.app, &to(&sink)).await.unwrap();
    let mut mails = sink.mails();
    mails.sort_by(|a, b| a.reply_to.cmp(&b.reply_to));
    let replies: Vec<_> = mails.iter().map(|mail| (mail.to.as_str(), mail.reply_to.as_str())).collect();
    assert_eq!(replies, [(ADMIN_EMAIL, ""), ("ana@example.com", ADMIN_EMAIL)]);
    assert!(mails[1].text.contains("Replies go to ada@acme.example."), "{:?}", mails[1]);
}

#[both_engines]
async fn a_mail_whose_link_ended_while_it_waited_does_not_leave(app: TestApp) {
    let sink = SmtpSink::start().await.unwrap();
    enqueue(&app).await;
    app.pass(Seconds::hours(9));
    assert_eq!((deliver(&app, &to(&sink)).await, sink.mails().len()), (0, 0));
}

#[both_engines]
async fn what_a_server_had_taken_when_it_died_leaves_after_its_lease_or_the_next_start(app: TestApp) {
    let sink = SmtpSink::start().await.unwrap();
    let transport = to(&sink);
    for restart in [false, true] {
        enqueue(&app).await;
        let mut tx = app.app.db.write().await.unwrap();
        let now = app.app.clock.now();
        let claim = Claim { worker: "dead", now, until: now.plus(Seconds::minutes(3)) };
        let queue = app.acme().await.to_string();
        let claimed = MailQueues(&mut tx).claim(&queue, Takes::Everything, claim).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!((claimed.is_some(), deliver(&app, &transport).await), (true, 0), "it is somebody else's");
        if restart {
            assert_eq!(release_claims(&app.app).await.unwrap(), 1);
        } else {
            app.pass(Seconds::minutes(3));
        }
        assert_eq!(deliver(&app, &transport).await, 1);
    }
}

#[both_engines]
async fn n35_a_mail_speaks_the_language_of_its_reader(app: TestApp) {
    let sink = SmtpSink::start().await.unwrap();
    app.admin().patch("/me", json!({ "locale": "de" })).await.ok(200);
    enqueue(&app).await;
    deliver(&app, &to(&sink)).await;
    assert!(sink.mails()[0].text.contains("Passwort"), "{:?}", sink.mails());
}

#[both_engines]
async fn i10_one_notice_is_sent_though_who_causes_it_may_cause_no_more_mails_today(app: TestApp) {
    let node = app.node_with(|parts| parts.settings.mail_limits.per_sender_day = 0).await;
    let admin = node.client();
    admin.set_cookie("__Host-portcullis", &app.admin().cookie("__Host-portcullis").unwrap());
    let account = app.acme().await;
    let people = ["a", "b", "c"].map(|name| NewPerson::new(&format!("{name}@acme.example"), "builder"));
    let users = app.add_people(account, &people).await;
    admin.patch(&format!("/users/{}", users[0].id), json!({ "role_id": "translator" })).await.ok(200);
    admin.delete(&format!("/users/{}", users[0].id)).await.ok(200);
    assert_eq!((notices(&app, account, "role_changed").await, notices(&app, account, "access_ended").await), (1, 1));
    let ids = [users[1].id, users[2].id];
    admin.post("/users/bulk", json!({ "action": "delete", "ids": ids })).await.ok(200);
    assert_eq!(notices(&app, account, "access_ended").await, 1, "many at once are not more than they may cause");
}

#[both_engines]
async fn i10_an_account_causes_no_more_mails_a_day_than_it_may_and_another_is_not_touched(app: TestApp) {
    let (acme, beta) = (app.acme().await, app.new_account("beta").await);
    let node = app.node_with(|parts| parts.settings.mail_limits.per_account_day = 4).await;
    let as_admin_of = async |account, slug, email: &str| {
        let person = app.add_person(account, NewPerson::new(email, "admin")).await;
        let admin = node.client();
        let cookie = app.browser_of(slug, &person).await.cookie("__Host-portcullis").unwrap();
        admin.set_cookie("__Host-portcullis", &cookie);
        admin.in_account(slug)
    };
    let one = as_admin_of(acme, "acme", "one@acme.example").await;
    let two = as_admin_of(acme, "acme", "two@acme.example").await;
    let there = as_admin_of(beta, "beta", "bea@beta.example").await;
    let invite = |emails: &str| json!({ "emails": emails, "role_id": "builder" });
    one.post("/users", invite("a@example.com b@example.com")).await.ok(201);
    let refused =
        two.post("/users", invite("c@example.com d@example.com e@example.com")).await.refused(409, "not_all_invited");
    assert_eq!(
        refused["errors"].as_array().unwrap().iter().map(|error| &error["code"]).collect::<Vec<_>>(),
        ["too_many_emails"]
    );
    two.post("/users", invite("c@example.com d@example.com")).await.ok(201);
    there.post("/users", invite("e@example.com")).await.ok(201);
    for _ in 0..2 {
        app.pass(Seconds::hours(13));
        two.get("/roles").await.ok(200);
    }
    two.post("/users", invite("e@example.com")).await.ok(201);
}

#[both_engines]
async fn i10_what_one_account_tells_somebody_leaves_what_another_tells_them(app: TestApp) {
    let (acme, beta) = (app.acme().await, app.new_account("beta").await);
    let here = app.add_person(acme, NewPerson::new("ana@example.com", "builder")).await;
    let there = app.add_person(beta, NewPerson::new("ana@example.com", "builder")).await;
    let admin = app.add_person(beta, NewPerson::new("bea@example.com", "admin")).await;
    for number in 0..12 {
        let role = if number % 2 == 0 { "translator" } else { "builder" };
        app.admin().patch(&format!("/users/{}", here.id), json!({ "role_id": role })).await.ok(200);
    }
    let elsewhere = app.browser_of("beta", &admin).await;
    elsewhere.patch(&format!("/users/{}", there.id), json!({ "role_id": "translator" })).await.ok(200);
    assert_eq!((notices(&app, acme, "role_changed").await, notices(&app, beta, "role_changed").await), (10, 1));
}

#[both_engines]
async fn a_mail_that_nobody_takes_for_four_days_is_given_up(app: TestApp) {
    let sink = SmtpSink::start().await.unwrap();
    let transport = to(&sink);
    app.invite("ana@example.com", "builder").await;
    sink.stop().await;
    let attempt = async || deliver_next(&app.app, &transport, "node").await.unwrap();
    for day in 0..4 {
        assert_eq!(attempt().await, Delivery::ServerAway, "day {day}");
        app.pass(Seconds::days(1));
    }
    assert_eq!(attempt().await, Delivery::Abandoned);
    sink.restart().await.unwrap();
    assert_eq!(attempt().await, Delivery::NothingDue);
    let given_up = app.signed_in(ADMIN_EMAIL).await.get("/emails?state=abandoned").await.ok(200);
    assert_eq!(
        (&given_up["items"][0]["recipient"], &given_up["items"][0]["attempts"]),
        (&json!("ana@example.com"), &json!(5))
    );
}
