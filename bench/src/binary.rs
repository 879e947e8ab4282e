//! The binary as it is shipped: its size, how soon it is ready, what it keeps in memory, and how fast it loads the large demonstration.
//!
//! `cargo run --release -p bench -- binary [--people 1000000]`, after `make release`.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::net::TcpStream;

use crate::Outcome;
use crate::http::{Connection, median, request};
use crate::list::ORDERS;
use crate::watch::Watch;

const STARTS: usize = 7;
const ADMIN: &str = "admin@large.example";

/// Filters and searches of the list; each is asked for in every order, its first page and the next.
const LISTS: &[&str] = &[
    "",
    "&status=active",
    "&status=deleted",
    "&role=builder,viewer",
    "&login_method=password",
    "&system=SYSTEM",
    "&q=example",
    "&q=an",
    "&q=garcia",
    "&q=7777",
    "&q=nobody%20at%20all",
    "&q=an&system=SYSTEM",
];

pub async fn run(words: &[&str]) -> Outcome {
    let people = match words {
        [] => "1000000",
        ["--people", people] => people,
        _ => return Err("binary: there is only --people".into()),
    };
    let binary = std::env::current_exe()?.with_file_name("portcullis");
    let mebibytes = std::fs::metadata(&binary).map_err(|_| "build it first: make release")?.len() as f64 / 1_048_576.0;
    println!("binary: {mebibytes:.1} MiB (at most 40 wanted)");

    let directory = tempfile::tempdir()?;
    let watch = Watch::start();
    let made = command(&binary, directory.path(), 0).args(["demo", "--users", people, "--in-production"]).status()?;
    assert!(made.success());
    let took = watch.elapsed().as_secs_f64();
    println!("binary: a demonstration of {people} people in {took:.0} s (at most 120 for 1000000 wanted)");

    let mut starts = Vec::new();
    for _ in 0..STARTS {
        let watch = Watch::start();
        let _server = Server::start(&binary, directory.path()).await?;
        starts.push(watch.elapsed().as_secs_f64() * 1e3);
    }
    println!("binary: ready after {:.0} ms with that database (at most 100 wanted)", median(starts));

    let server = Server::start(&binary, directory.path()).await?;
    rest().await;
    println!("binary: {:.0} MiB resident at rest (at most 40 wanted)", server.resident()?);
    let asked = read_lists(server.address).await?;
    println!("binary: {:.0} MiB resident after {asked} pages of the list (at most 150 wanted)", server.resident()?);
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "at rest is who was asked for nothing for a while")]
async fn rest() {
    tokio::time::sleep(Duration::from_secs(3)).await;
}

fn command(binary: &Path, directory: &Path, port: u16) -> Command {
    let mut command = Command::new(binary);
    command.current_dir(directory).stdout(Stdio::null()).stderr(Stdio::null());
    command.env("PORTCULLIS__SERVER__LISTEN", format!("127.0.0.1:{port}"));
    command.env("PORTCULLIS__SERVER__PUBLIC_URL", "http://bench");
    command.env("PORTCULLIS__SECURITY__SECRET_KEY", "07".repeat(32));
    command.env("PORTCULLIS__LIMITS__REQUESTS_PER_MINUTE", "1000000");
    command
}

/// A server in a process of its own. It is killed in the end.
struct Server {
    child: Child,
    address: SocketAddr,
}

impl Server {
    /// Starts it, and waits until it is ready.
    async fn start(binary: &Path, directory: &Path) -> Result<Self, std::io::Error> {
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        let mut server = Self { child: command(binary, directory, address.port()).spawn()?, address };
        let mut try_again = tokio::time::interval(Duration::from_millis(1));
        while TcpStream::connect(address).await.is_err() {
            assert!(server.child.try_wait()?.is_none(), "the server ended instead of listening");
            try_again.tick().await;
        }
        let (mut connection, ready) = (Connection::open(address).await, request("GET", "/readyz", &[], ""));
        while connection.ask(&ready).await.0 != 200 {
            try_again.tick().await;
        }
        Ok(server)
    }

    /// Mebibytes of memory that it holds.
    fn resident(&self) -> Result<f64, Box<dyn std::error::Error>> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
        Ok(line.trim().trim_end_matches(" kB").parse::<f64>()? / 1024.0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Gone already is fine.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Asks for every list; how many pages there were.
async fn read_lists(address: SocketAddr) -> Result<usize, Box<dyn std::error::Error>> {
    let mut connection = Connection::open(address).await;
    let password = json!({ "email": ADMIN, "password": service::demo::account::PASSWORD }).to_string();
    connection.ask(&request("POST", "/api/v1/sign-in/password", &[], &password)).await;
    let cookie = connection.header("set-cookie").ok_or("not signed in")?;
    let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
    let mut asked = 0;
    let mut get = async |path: &str| {
        asked += 1;
        let path = format!("/api/v1/accounts/{}/{path}", service::demo::account::LARGE_SLUG);
        let (status, _) = connection.ask(&request("GET", &path, &[("cookie", &cookie)], "")).await;
        assert_eq!(status, 200, "{path}: {}", connection.body());
        serde_json::from_str::<Value>(&connection.body())
    };
    let systems = get("systems").await?;
    let system = systems.pointer("/items/0/id").and_then(Value::as_str).ok_or("no system")?;
    for list in LISTS {
        for order in ORDERS {
            let path = format!("users?limit=50&sort={order}{}", list.replace("SYSTEM", system));
            let page = get(&path).await?;
            if let Some(next) = page.pointer("/next_cursor").and_then(Value::as_str) {
                get(&format!("{path}&cursor={next}")).await?;
            }
        }
    }
    Ok(asked)
}
