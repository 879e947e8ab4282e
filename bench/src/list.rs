//! The list of users in accounts of 1,000, 100,000 and 1,000,000 people: every filter, order and kind of search, first page
//! and deepest, total included.
//!
//! `cargo run --release -p bench -- list [--people 1000,100000,1000000] [--rounds 200] [postgres://…]`

use domain::core::timestamp::Timestamp;
use domain::users::filter::{FilterWords, UserFilter};
use domain::users::order::UserOrder;
use store::accounts::KeptCounts;
use store::systems::Systems;
use store::users::list::{Position, Selection, UserList, Window};
use store::{DatabaseConfig, Db, InAccount, OpenAs};

use crate::Outcome;
use crate::people::{self, People};
use crate::watch::{Times, Watch, ms};

const LIMIT: usize = 50;

/// The orders of the list: by each column, some up and some down.
pub const ORDERS: &[&str] = &["email", "-name", "role", "-status", "last_login_at", "-created_at"];

/// What is asked.
struct Question {
    name: &'static str,
    words: FilterWords<'static>,
    /// Place of a system among those of the account.
    system: Option<usize>,
}

fn questions() -> Vec<Question> {
    let plain = |name, words| Question { name, words, system: None };
    let none = FilterWords::default;
    vec![
        plain("no filter", none()),
        plain("status=active", FilterWords { status: Some("active"), ..none() }),
        plain("status=deleted", FilterWords { status: Some("deleted"), ..none() }),
        plain("role=admin (0.1%)", FilterWords { role: Some("admin"), ..none() }),
        plain("role=builder,viewer", FilterWords { role: Some("builder,viewer"), ..none() }),
        plain("login_method=sso:entra (1%)", FilterWords { login_method: Some("sso:entra"), ..none() }),
        plain(
            "status+role+method",
            FilterWords { status: Some("inactive"), role: Some("analyst"), login_method: Some("sso:entra"), ..none() },
        ),
        Question { name: "system (10%)", words: none(), system: Some(3) },
        Question { name: "system (0.25%)", words: none(), system: Some(10) },
        plain("q=example.com (all)", FilterWords { q: Some("example.com"), ..none() }),
        plain("q=an (short, 40%)", FilterWords { q: Some("an"), ..none() }),
        plain("q=garcia (2%)", FilterWords { q: Some("garcia"), ..none() }),
        plain("q=jose garcia (0.05%)", FilterWords { q: Some("jose garcia"), ..none() }),
        plain("q=7777@ex (rare)", FilterWords { q: Some("7777@ex"), ..none() }),
        plain("q=nobody at all", FilterWords { q: Some("nobody at all"), ..none() }),
        Question {
            name: "q=garcia system (0.2%)",
            words: FilterWords { q: Some("garcia"), ..none() },
            system: Some(3),
        },
        plain("q=garcia status=deleted", FilterWords { q: Some("garcia"), status: Some("deleted"), ..none() }),
    ]
}

pub async fn run(words: &[&str]) -> Outcome {
    let after = |flag: &str| words.iter().position(|word| *word == flag).and_then(|at| words.get(at + 1)).copied();
    let sizes = after("--people").unwrap_or("1000,100000,1000000");
    let sizes: Vec<usize> = sizes.split(',').map(str::parse).collect::<Result<_, _>>()?;
    let rounds: usize = after("--rounds").unwrap_or("200").parse()?;
    let keep = after("--keep").map(std::path::PathBuf::from);
    let directory = tempfile::tempdir()?;
    let url = words.iter().find(|word| word.starts_with("postgres")).map(|url| (*url).to_owned());
    let path = keep.unwrap_or_else(|| directory.path().join("list.db"));
    let filled = path.exists() || after("--filled").is_some();
    let config = DatabaseConfig { url, path, durable: false, ..DatabaseConfig::default() };
    let db = Db::open(&config, OpenAs::Server).await?;
    println!("{:?}", db.engine());
    let mut accounts = Vec::new();
    for (number, size) in (1..).zip(&sizes) {
        let watch = Watch::start();
        let people = if filled { found(&db, number).await? } else { people::fill(&db, number, *size).await? };
        println!("{size} people in {:.1} s", watch.elapsed().as_secs_f64());
        accounts.push(people);
    }
    if !filled {
        settle(&db).await?;
    }
    measure(&db, &sizes, &accounts, rounds, after("--sort")).await?;
    db.close().await;
    Ok(())
}

async fn found(db: &Db, number: u128) -> Result<People, store::StoreError> {
    let account = domain::core::ids::Id::from_uuid(uuid::Uuid::from_u128(number));
    let mut tx = db.read().await?;
    let mut systems = Systems::of(&mut InAccount { tx: &mut tx, account }).list().await?;
    systems.sort_by_key(|system| system.name.trim_start_matches("System ").parse::<usize>().unwrap_or_default());
    Ok(People { account, systems: systems.into_iter().map(|system| system.id).collect() })
}

/// What the database does by itself some time after so many rows.
async fn settle(db: &Db) -> Outcome {
    let mut tx = db.write().await?;
    tx.sql("ANALYZE").run().await?;
    tx.commit().await?;
    Ok(())
}

async fn measure(db: &Db, sizes: &[usize], accounts: &[People], rounds: usize, sort: Option<&str>) -> Outcome {
    println!("median / p99 in ms of first page, deepest page, total; accounts of {sizes:?}");
    for question in questions() {
        for order in ORDERS.iter().copied() {
            if sort.is_some_and(|sort| sort != order) {
                continue;
            }
            let mut line = format!("{:28} {order:14}", question.name);
            for people in accounts {
                line += &one(db, people, &question, order.parse().map_err(|_| "order")?, rounds).await?;
            }
            println!("{line}");
        }
    }
    Ok(())
}

async fn one(
    db: &Db,
    people: &People,
    question: &Question,
    order: UserOrder,
    rounds: usize,
) -> Result<String, Box<dyn std::error::Error>> {
    let filter = question.words.read().map_err(|errors| format!("{errors:?}"))?;
    let selection = selection(db, filter, question.system.map(|place| people.systems[place]));
    let mut first = Window { order, from: None, backward: false, limit: LIMIT };
    let mut tx = db.read().await?;
    let counts = KeptCounts::of(&mut InAccount { tx: &mut tx, account: people.account }).all().await?;
    // The deepest page: forward from the place where the last one begins.
    let end = Window { backward: true, limit: LIMIT + 1, ..first.clone() };
    let (last, _) =
        UserList::of(&mut InAccount { tx: &mut tx, account: people.account }).page(&selection, &counts, &end).await?;
    let deep = Window { from: last.first().map(|user| Position::of(user, order.by)), ..first.clone() };
    let mut times = [Times::default(), Times::default(), Times::default()];
    let mut total = None;
    for _ in 0..rounds {
        for (window, times) in [&mut first, &mut deep.clone()].into_iter().zip(&mut times) {
            let watch = Watch::start();
            UserList::of(&mut InAccount { tx: &mut tx, account: people.account })
                .page(&selection, &counts, window)
                .await?;
            times.add(watch.elapsed());
        }
        let watch = Watch::start();
        total = Some(
            UserList::of(&mut InAccount { tx: &mut tx, account: people.account }).total(&selection, &counts).await?,
        );
        times[2].add(watch.elapsed());
    }
    let times: Vec<String> =
        times.iter().map(|t| format!("{}/{}", ms(t.percentile(50)), ms(t.percentile(99)))).collect();
    let total = total.map_or(0, |total| total.users);
    Ok(format!(" | {:>36} of {total:<7}", times.join("  ")))
}

fn selection(db: &Db, filter: UserFilter, system: Option<domain::core::ids::SystemId>) -> Selection {
    Selection {
        filter,
        systems: system.map(|system| vec![system]),
        giving: Vec::new(),
        now: Timestamp::from_micros(1_900_000_000_000_000),
        search: db.search_index(),
        effort: store::users::list::Effort::default(),
    }
}
