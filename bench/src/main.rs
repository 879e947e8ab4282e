//! What the server costs. `cargo run --release -p bench -- <measure> …`; results are in `docs/performance.md`.
//!
//! One module per measure; what several need is in [`http`], [`people`], [`site`] and [`watch`].

mod binary;
mod check;
mod http;
mod invite;
mod list;
mod me;
mod people;
mod sign_in;
mod site;
mod watch;

/// The one of the server.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Outcome = Result<(), Box<dyn std::error::Error>>;

#[tokio::main]
async fn main() -> Outcome {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["me"] => me::run().await,
        ["check"] => check::run().await,
        ["sign-in"] => sign_in::run().await,
        ["invite"] => invite::run().await,
        ["list", rest @ ..] => list::run(rest).await,
        ["binary", rest @ ..] => binary::run(rest).await,
        [] => {
            me::run().await?;
            check::run().await?;
            sign_in::run().await?;
            invite::run().await?;
            list::run(&[]).await?;
            binary::run(&[]).await
        }
        [other, ..] => {
            Err(format!("there is no measure {other}; there are: me, check, sign-in, invite, list, binary").into())
        }
    }
}
