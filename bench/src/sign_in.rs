//! Sign-ins with a password against what the machine can hash, and what everybody else feels of too many of them.

use std::time::Duration;

use serde_json::json;
use service::core::passwords::{HashCost, PasswordPool};

use crate::Outcome;
use crate::http::{load, median, request};
use crate::site::{PASSWORD, Site};
use crate::watch::{Watch, ms};

const ROUND: Duration = Duration::from_secs(4);

pub async fn run() -> Outcome {
    let cores = std::thread::available_parallelism()?.get();
    let site = Site::start(256).await;
    let sign_ins: Vec<Vec<u8>> = (0..256)
        .map(|number| {
            let source = format!("10.{}.{}.1", number / 200, number % 200);
            let body = json!({ "email": format!("person{number}@bench.example"), "password": PASSWORD }).to_string();
            request("POST", "/api/v1/sign-in/password", &[("x-forwarded-for", &source)], &body)
        })
        .collect();
    let me = vec![request("GET", "/api/v1/me", &[("cookie", &site.cookie)], "")];

    let (mut shares, mut rates) = (Vec::new(), Vec::new());
    for _ in 0..5 {
        let limit = limit(cores).await?;
        let load = load(site.address, cores * 4, &sign_ins, 201, ROUND).await;
        assert!(load.good > 0, "no sign-in succeeded, {} were refused", load.other);
        shares.push(load.rate() / limit);
        rates.push(load.rate());
    }
    println!("sign-in: {:.1}/s, {:.2} of the machine's limit (at least 0.90 wanted)", median(rates), median(shares));

    let (mut ratios, mut idle_times, mut busy_times) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..5 {
        let idle = load(site.address, 4, &me, 200, ROUND / 2).await.times.percentile(99);
        let address = site.address;
        let flood = {
            let sign_ins = sign_ins.clone();
            tokio::spawn(async move { load(address, cores * 40, &sign_ins, 201, ROUND).await })
        };
        let busy = load(site.address, 4, &me, 200, ROUND - Duration::from_millis(500)).await.times.percentile(99);
        let _ = flood.await?;
        ratios.push(busy.as_secs_f64() / idle.as_secs_f64());
        idle_times.push(idle.as_secs_f64());
        busy_times.push(busy.as_secs_f64());
    }
    let text = |times: Vec<f64>| ms(Duration::from_secs_f64(median(times)));
    println!(
        "sign-in: at ten times as many as can be served, 99 of 100 GET /me take {} ms, {:.1} times the idle {} ms (at most 3 wanted)",
        text(busy_times),
        median(ratios),
        text(idle_times)
    );
    Ok(())
}

/// Hashes per second that the machine can make at best: every core busy, as cores that share their parts are slower together.
async fn limit(cores: usize) -> Result<f64, Box<dyn std::error::Error>> {
    const COUNT: u32 = 40;
    let pool = PasswordPool::start(cores, HashCost::OWASP).map_err(|_| "no thread for hashing")?;
    let watch = Watch::start();
    let busy = (0..cores).map(|_| async {
        for _ in 0..COUNT {
            pool.hash(PASSWORD.to_owned(), [1; 16]).await.map_err(|_| "hashing failed")?;
        }
        Ok::<_, &str>(())
    });
    futures_util::future::try_join_all(busy).await?;
    Ok(cores as f64 * f64::from(COUNT) / watch.elapsed().as_secs_f64())
}
