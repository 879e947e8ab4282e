//! Names and addresses as people write them: what is taken, what is refused, and who is invited by a pasted table.

use std::cell::Cell;

use domain::core::email_address::EmailAddress;
use futures_util::future::join_all;
use mail::mails::AccessEnded;
use mail::sink::SmtpSink;
use mail::{Locale, Message, Smtp};
use serde_json::{Value, json};
use testing::{Chance, NewPerson, TestApp, both_engines};

const NAMES: [&str; 4] = ["Booking.com", "ASP.NET portal", "Draw.io", "shop.example.com"];

/// Who is invited, as `Ana Lopez = ana@x.example`, and what is refused, in question marks.
fn read(outcome: &Value) -> Vec<String> {
    let row = |row: &Value| match (row["email"].as_str(), row["name"].as_str()) {
        (Some(email), Some(name)) => format!("{name} = {email}"),
        (Some(email), None) => email.to_owned(),
        (None, _) => format!("?{}?", row["text"].as_str().unwrap()),
    };
    outcome["items"].as_array().unwrap().iter().map(row).collect()
}

async fn preview(app: &TestApp, text: &str) -> Vec<String> {
    let wish = json!({ "emails": text, "role_id": "builder" });
    read(&app.admin().post("/users?dry_run=true", wish).await.ok(200))
}

#[both_engines]
async fn things_and_people_may_be_called_what_they_are_called(app: TestApp) {
    for name in NAMES {
        app.admin().post("/systems", json!({ "name": name, "platform": "web" })).await.ok(201);
        app.admin().post("/views", json!({ "name": name, "query": "q=a" })).await.ok(201);
        assert_eq!(app.admin().patch("", json!({ "name": name })).await.ok(200)["account"]["name"], name);
    }
    assert_eq!(app.admin().patch("/me", json!({ "name": "St.John/Smith" })).await.ok(200)["name"], "St.John/Smith");
    let too_long = "x".repeat(101);
    for (path, body) in [
        ("/systems", json!({ "name": too_long, "platform": "web" })),
        ("/views", json!({ "name": too_long, "query": "" })),
    ] {
        let problem = app.admin().post(path, body).await.refused(422, "invalid_value");
        assert!(problem["detail"].as_str().unwrap().contains("at most 100 characters"), "{problem}");
    }
    for name in ["A\nB", "A\u{202E}B", "A\u{200B}B"] {
        app.admin().post("/systems", json!({ "name": name, "platform": "web" })).await.refused(422, "invalid_value");
    }
}

#[both_engines]
async fn i9_a_name_that_is_a_domain_links_nowhere_in_a_mail(app: TestApp) {
    app.admin().patch("", json!({ "name": "Booking.com" })).await.ok(200);
    app.admin().patch("/me", json!({ "name": "evil.example/login" })).await.ok(200);
    let wish = json!({ "emails": "St.John Smith www.evil.example <ana@x.example>", "role_id": "builder" });
    app.admin().post("/users", wish).await.ok(201);
    let mail = app.outbox().await.pop().unwrap();
    let message: Message = serde_json::from_str(&mail.message).unwrap();
    let mail = mail::render(
        &message.with_link("https://admin.example.test/a".to_owned()),
        Locale::En,
        &mail::ReplyTo::default(),
    )
    .unwrap();
    for part in [&mail.subject, &mail.text, &mail.html] {
        assert!(part.contains("Booking.\u{200A}com") && !part.contains("evil.example"), "{part}");
    }
}

#[both_engines]
async fn u11_a_pasted_table_is_read_row_by_row_and_its_names_are_kept(app: TestApp) {
    let table = "Vorname;Nachname;E-Mail;Abteilung\r\nAna;Lopez;ana@x.example;Sales\r\nBob;Smith;;IT\r\n\"Cleo\";\"O'Hara\";CLEO@X.example;\r\n";
    let rows = ["Ana Lopez = ana@x.example", "?Bob;Smith;;IT?", "Cleo O'Hara = cleo@x.example"];
    assert_eq!(preview(&app, table).await, rows);
    let wish = json!({ "emails": table, "role_id": "builder", "skip_invalid": true });
    assert_eq!(read(&app.admin().post("/users", wish).await.ok(201)), rows);
    let page = app.admin().get("/users?q=x.example&sort=email").await.ok(200);
    let names: Vec<&str> =
        page["items"].as_array().unwrap().iter().map(|user| user["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Ana Lopez", "Cleo O'Hara"]);
}

#[both_engines]
async fn u11_an_export_of_another_product_invites_each_person_once_by_their_own_address(app: TestApp) {
    let table = "First Name [Required],Last Name [Required],Email Address [Required],Recovery Email,Home Secondary Email,Manager Email\r\n\
            Ana,Lopez,ana@x.example,ana@private.example,home@private.example,boss@x.example\r\n\
            Bob,Ek,bob@x.example,,,boss@x.example\r\n";
    let outcome = app.admin().post("/users", json!({ "emails": table, "role_id": "builder" })).await.ok(201);
    assert_eq!(read(&outcome), ["Ana Lopez = ana@x.example", "Bob Ek = bob@x.example"]);
    assert_eq!(outcome["address_columns"], json!([]));
    assert_eq!(app.mails().await, ["activation -> ana@x.example", "activation -> bob@x.example"]);
}

#[both_engines]
async fn u11_where_nothing_tells_which_column_has_the_addresses_nobody_is_invited_before_somebody_chose(app: TestApp) {
    let table = "Zog;Blub;Kwak\r\nAna Lopez;boss@x.example;ana@x.example\r\nBob Ek;boss@x.example;bob@x.example\r\n";
    let wish = |column: Value| json!({ "emails": table, "role_id": "builder", "skip_invalid": true, "address_column": column });
    let preview = app.admin().post("/users?dry_run=true", wish(Value::Null)).await.ok(200);
    assert_eq!((&preview["items"][0]["verdict"], &preview["invited"]), (&json!("ambiguous_column"), &json!(0)));
    assert_eq!(
        preview["address_columns"],
        json!([
            { "column": 1, "name": "Blub", "examples": ["boss@x.example", "boss@x.example"] },
            { "column": 2, "name": "Kwak", "examples": ["ana@x.example", "bob@x.example"] },
        ])
    );
    for column in [Value::Null, json!(0), json!(9)] {
        let refused = app.admin().post("/users", wish(column)).await.refused(422, "ambiguous_column");
        assert!(refused["detail"].as_str().unwrap().contains("Choose the column"), "{refused}");
    }
    assert!(app.mails().await.is_empty());
    let outcome = app.admin().post("/users", wish(json!(2))).await.ok(201);
    assert_eq!(read(&outcome), ["Ana Lopez = ana@x.example", "Bob Ek = bob@x.example"]);
    assert_eq!(app.mails().await, ["activation -> ana@x.example", "activation -> bob@x.example"]);
}

#[both_engines]
async fn others_are_answered_while_long_lists_are_read(app: TestApp) {
    let wish = json!({ "emails": "Name: a, Email: a@b, ".repeat(20_000), "role_id": "builder" });
    let finished = Cell::new(0);
    let read = || async {
        app.admin().post("/users?dry_run=true", wish.clone()).await;
        finished.set(finished.get() + 1);
    };
    // More than there are threads that answer.
    let reading = join_all((0..8).map(|_| read()));
    let others = async {
        for _ in 0..20 {
            app.admin().get("/me").await.ok(200);
        }
        finished.get()
    };
    tokio::select! {
        _ = reading => panic!("all lists were read before others were answered"),
        finished = others => assert!(finished < 4, "{finished} lists were read before others were answered"),
    }
}

#[both_engines]
async fn u11_where_nobody_can_be_invited_leaving_the_others_out_is_no_advice(app: TestApp) {
    app.invite("ana@x.example", "builder").await;
    for (emails, skips, advice) in
        [("ana@x.example", true, false), ("ana@x.example", false, false), ("ana@x.example, bob@x.example", false, true)]
    {
        let wish = json!({ "emails": emails, "role_id": "builder", "skip_invalid": skips });
        let refused = app.admin().post("/users", wish).await.refused(409, "not_all_invited");
        assert_eq!(refused["detail"].as_str().unwrap().contains("skip_invalid"), advice, "{refused}");
    }
}

#[both_engines]
async fn u11_nobody_is_invited_by_a_piece_of_what_stands_in_brackets(app: TestApp) {
    let text = "Fred <fred space@corp.example>";
    assert_eq!(preview(&app, text).await, [format!("?{text}?")]);
    let wish = json!({ "emails": text, "role_id": "builder", "skip_invalid": true });
    app.admin().post("/users", wish).await.refused(422, "not_all_invited");
    assert!(app.mails().await.is_empty());
    assert_eq!(preview(&app, "To: Ana <ana@x.example>").await, ["Ana = ana@x.example"]);
    for around in
        ["ana@example.com،", "«ana@example.com»", "ana@example.com™", "[ana@example.com](mailto:ana@example.com)"]
    {
        assert_eq!(preview(&app, around).await, ["ana@example.com"], "{around}");
    }
    for wrong in ["ana@exam™ple.com", "अना@example.com", "ana@exam…"] {
        assert_eq!(preview(&app, wrong).await, [format!("?{wrong}?")]);
    }
    assert_eq!(preview(&app, "İBRAHİM@EXAMPLE.COM").await, ["ibrahim@example.com"]);
}

#[both_engines]
async fn a_person_at_an_international_domain_is_found_as_typed(app: TestApp) {
    let account = app.acme().await;
    let people = ["jorg@bücher.example", "ana@buecher.example"].map(|email| NewPerson::new(email, "builder"));
    app.add_people(account, &people).await;
    for typed in ["b%C3%BCcher", "jorg@B%C3%BCcher.example", "xn--bcher", "jorg@xn--bcher-kva.example"] {
        let page = app.admin().get(&format!("/users?q={typed}")).await.ok(200);
        assert_eq!(
            (&page["total"], &page["items"][0]["email"]),
            (&json!(1), &json!("jorg@xn--bcher-kva.example")),
            "{typed}"
        );
    }
}

#[both_engines]
async fn al2_the_log_is_searched_like_the_list_of_users(app: TestApp) {
    app.admin().post("/systems", json!({ "name": "Büro Łódź", "platform": "web" })).await.ok(201);
    app.invite("jorg@bücher.example", "builder").await;
    let spring = app.admin().with_header("portcullis-reason", "=?utf-8?q?x?=");
    spring.post("/systems", json!({ "name": "Other", "platform": "web" })).await.ok(201);
    let count =
        async |query: &str| app.admin().get(&format!("/events?q={query}")).await.ok(200)["total"].as_i64().unwrap();
    for typed in ["b%C3%BCro", "B%C3%9CRO", "buro", "lodz", "%C5%81%C3%93D%C5%B9"] {
        assert_eq!(count(typed).await, 1, "{typed}");
    }
    for typed in ["b%C3%BCcher.example", "BUCHER", "xn--bcher-kva"] {
        assert_eq!(count(typed).await, 1, "{typed}");
    }
    assert_eq!(count("system.created").await, 2);
    assert_eq!(count("no+such+text").await, 0);
}

/// Much of what is in addresses, and what is in none.
const LETTERS: &str =
    "aabbccddzz001199AZİıäñßſＡｚ中あ・हि\u{94d}อา\u{303}..--_+'!#$%&*/?^`{|}~=,;:()<>[]\"\\ ™®²①ﬁ،»•—\u{200b}";

/// Whatever is accepted as an address can be written to, also by a server without SMTPUTF8.
#[tokio::test]
async fn every_address_that_is_accepted_can_be_mailed_to() {
    let sink = SmtpSink::start().await.unwrap();
    let smtp = Smtp::new(&sink.config()).unwrap();
    let message = Message::from(AccessEnded { account_name: "Acme".to_owned() });
    let mail = mail::render(&message, Locale::En, &mail::ReplyTo::default()).unwrap();
    let mut chance = Chance::from_seed(22);
    let mut accepted = 0;
    for number in 0..20_000 {
        let local = chance.text(LETTERS, 6);
        let typed = format!("{local}@{}.{}", chance.text(LETTERS, 6), chance.text("abcéİ®中1-", 4));
        let Ok(address) = EmailAddress::parse(&typed) else { continue };
        accepted += 1;
        let id = format!("<{number}@id.example.com>");
        smtp.send(address.as_str(), &id, &mail).await.unwrap_or_else(|error| panic!("{typed} as {address}: {error}"));
    }
    assert!(accepted > 100, "{accepted}");
    assert_eq!(sink.mails().len(), accepted);
}
