//! A wall clock that is set an hour forward and back while the agent runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use slomix_agent::run::Clock;

use crate::agent::{ENDSTATS, Host, R1, R2, TRACK};
use crate::hub::Hub;

#[tokio::test]
async fn jumps_of_an_hour_lose_no_file_and_stop_no_timer() {
    let hub = Hub::start(1);
    let ahead_s = Arc::new(AtomicI64::new(0));
    let mut host = Host::joined(&hub).await;
    let ahead = Arc::clone(&ahead_s);
    host.clock = Clock::of(move || {
        let seconds = ahead.load(Ordering::Relaxed);
        let jump = Duration::from_secs(seconds.unsigned_abs());
        if seconds < 0 { SystemTime::now() - jump } else { SystemTime::now() + jump }
    });
    host.start();
    hub.wait_for_status("a first look", |status| status.rescans >= Some(1)).await;
    let mut names = Vec::new();
    for (number, jump_s) in [3_600, -3_600, 0, -7_200, 3_600].into_iter().enumerate() {
        ahead_s.store(jump_s, Ordering::Relaxed);
        // Ready at its close; after a quiet while; by a look alone, of a time that has passed and of one to come.
        host.write(&format!("{number}-{R1}"), b"closed");
        host.append(&format!("{number}-{ENDSTATS}"), b"quiet");
        for (name, aged) in [(R2, true), (TRACK, false)] {
            let (made, name) = (host.beside(&format!("{number}")), format!("{number}-{name}"));
            std::fs::write(&made, &name).unwrap();
            if aged {
                let modified = SystemTime::now() - Duration::from_mins(90);
                std::fs::File::options().write(true).open(&made).unwrap().set_modified(modified).unwrap();
            }
            std::fs::hard_link(&made, host.path(&name)).unwrap();
            std::fs::remove_file(&made).unwrap();
            names.push(name);
        }
        names.extend([format!("{number}-{R1}"), format!("{number}-{ENDSTATS}")]);
        hub.wait_for_files(names.len()).await;
        hub.wait_for_looks(2).await;
    }
    names.sort();
    let mut there = hub.names();
    there.sort();
    assert_eq!(there, names);

    // A file that waits is as old as it is, whatever the clock says.
    hub.go_away();
    host.wait_for_status("the outage", |status| !status.connected).await;
    host.write(R1, b"waits");
    host.wait_for_status("the wait", |status| status.unacked_files == 1).await;
    for jump_s in [-3_600, 7_200, 0] {
        ahead_s.store(jump_s, Ordering::Relaxed);
        host.write("another", jump_s.to_string().as_bytes());
        let young = |age: u64| age < 1_800_000;
        let what = format!("an age after {jump_s} s");
        host.wait_for_status(&what, |status| {
            (status.written_at_ms - crate::hub::now_ms() - jump_s * 1_000).abs() < 600_000
                && status.oldest_unacked_age_ms.is_some_and(young)
        })
        .await;
    }
    hub.come_back();
    hub.wait_for_files(names.len() + 4).await;
}

#[tokio::test]
async fn by_a_clock_that_is_days_ahead_a_certificate_is_renewed_once_and_not_over_and_over() {
    let hub = Hub::start(1);
    let mut host = Host::joined(&hub).await;
    // Where the certificate of a week is near its end.
    host.clock = Clock::of(|| SystemTime::now() + Duration::from_hours(6 * 24));
    host.start();
    while hub.certificates() < 2 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    for number in 0..20 {
        host.write(&format!("{number}-{R1}"), b"closed");
        hub.wait_for_files(number + 1).await;
    }
    host.wait_for_status("all acks", |status| status.known_files == 20).await;
    assert_eq!(hub.certificates(), 2, "the one that it joined with, and one more");
}

#[tokio::test]
async fn a_clock_that_is_not_the_hubs_is_told_where_the_agent_runs() {
    let hub = Hub::start(1);
    hub.manners(|manners| manners.clock_ahead_ms = Some(3_600_000));
    let mut host = Host::joined(&hub).await;
    host.start();
    let near = |ahead_ms: Option<i64>, wanted: i64| ahead_ms.is_some_and(|ahead_ms| (ahead_ms - wanted).abs() < 60_000);
    host.wait_for_status("an hour behind", |status| near(status.clock_ahead_ms, -3_600_000)).await;
    hub.manners(|manners| manners.clock_ahead_ms = Some(0));
    host.wait_for_status("the same time", |status| near(status.clock_ahead_ms, 0)).await;
    host.stop().await;
}
