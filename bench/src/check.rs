//! The check API in batches of 100 over HTTP, and one decision in the library.

use std::hint::black_box;
use std::time::Duration;

use domain::access::Level;
use domain::access::catalog::Catalog;
use domain::access::decision::{Holder, Question, decide};
use domain::core::ids::{Id, SystemId};
use serde_json::json;

use crate::Outcome;
use crate::http::{Connection, load, median, processor_time, request};
use crate::site::Site;
use crate::watch::Watch;

const BATCH: usize = 100;

pub async fn run() -> Outcome {
    decision();
    batches().await
}

async fn batches() -> Outcome {
    let site = Site::start(1_000).await;
    let headers = [("cookie", site.cookie.as_str())];
    let requests: Vec<Vec<u8>> = (0..32)
        .map(|batch| {
            let checks: Vec<_> = (0..BATCH)
                .map(|number| {
                    let user = &site.users[(batch * BATCH + number * 7) % site.users.len()];
                    let system = &site.systems[number % site.systems.len()];
                    json!({ "user": user.id, "permission": "publish_production", "system": system })
                })
                .collect();
            request("POST", "/api/v1/check", &headers, &json!({ "account": "bench", "checks": checks }).to_string())
        })
        .collect();
    let mut connection = Connection::open(site.address).await;
    for request in &requests {
        assert_eq!(connection.ask(request).await.0, 200, "{}", connection.body());
    }
    let before = site.app.db.statements();
    let (mut wall, mut processor) = (Vec::new(), Vec::new());
    for _ in 0..5 {
        let start = processor_time();
        let load = load(site.address, 32, &requests, 200, Duration::from_secs(2)).await;
        assert_eq!(load.other, 0);
        let decisions = (load.good * BATCH) as f64;
        processor.push(decisions / (processor_time() - start).as_secs_f64());
        wall.push(decisions / load.took.as_secs_f64());
    }
    println!(
        "check: {:.0} decisions per second and core (at least 300000 wanted), client included; {:.0}/s in all",
        median(processor),
        median(wall)
    );
    println!("check: {} statements (none wanted)", site.app.db.statements() - before);
    Ok(())
}

fn decision() {
    let catalog = Catalog::shipped().unwrap();
    let role = catalog.roles().iter().find(|role| role.id.as_str() == "system_manager").unwrap();
    let entry = catalog.permission("content").unwrap();
    let mut systems: Vec<SystemId> = (0..1_000u128).map(|number| SystemId::from_uuid(uuid(number))).collect();
    systems.sort_unstable();
    let holder = Holder { levels: &role.levels, all_systems: false, systems: &systems };
    let rounds: Vec<f64> = (0..5)
        .map(|_| {
            let watch = Watch::start();
            let mut allowed = 0usize;
            const COUNT: usize = 5_000_000;
            for number in 0..COUNT {
                let system = SystemId::from_uuid(uuid((number as u128).wrapping_mul(7_919) % 2_000));
                let question = Question {
                    permission: entry.permission,
                    is_administrative: false,
                    level: Level::Edit,
                    system: Some(system),
                };
                allowed += usize::from(decide(black_box(holder), black_box(question)).is_allowed());
            }
            black_box(allowed);
            watch.elapsed().as_secs_f64() * 1e9 / COUNT as f64
        })
        .collect();
    println!("decision: {:.0} ns each, for a user of 1,000 systems (at most 200 wanted)", median(rounds));
}

fn uuid(number: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128(number)
}
