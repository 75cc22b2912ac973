//! The hub or the agent goes away and comes back.

use std::fs;

use slomix_agent::run::StatusFile;
use slomix_shared::artifact::ContentHash;
use slomix_shared::wire::ResetCode;

use crate::agent::{GAMETIME, Host, R1, R2, TRACK};
use crate::hub::Hub;

#[tokio::test]
async fn after_an_outage_newest_stats_go_first_and_telemetry_last() {
    let hub = Hub::start(1);
    let host = Host::running(&hub).await;
    hub.go_away();
    host.wait_for_status("the outage", |status| !status.connected).await;
    host.write_aged(TRACK, b"track", 500);
    host.write_aged(GAMETIME, b"{}", 400);
    host.write_aged("odd", b"odd", 450);
    host.write_aged(R1, b"one", 900);
    host.write_aged(R2, b"two", 300);
    host.wait_for_status("all to wait", |status| status.unacked_files == 5).await;
    hub.come_back();
    let kept = hub.wait_for_files(5).await;
    let names: Vec<_> = kept.iter().map(|kept| kept.entry.name.as_str()).collect();
    assert_eq!(names, [R2, R1, "odd", GAMETIME, TRACK]);
    host.wait_for_status("the end", |status| status.unacked_files == 0 && status.spool_bytes == 0).await;
    assert_eq!(host.copies(), 0);
}

#[tokio::test]
async fn files_that_the_game_server_cleans_away_meanwhile_arrive_all_the_same() {
    let hub = Hub::start(1);
    let mut host = Host::running(&hub).await;
    hub.go_away();
    host.wait_for_status("the outage", |status| !status.connected).await;
    host.write(R1, b"one");
    host.write(R2, b"two");
    host.wait_for_status("the copies", |status| status.copies == 2).await;
    fs::remove_file(host.path(R1)).unwrap();
    fs::remove_file(host.path(R2)).unwrap();
    // The copies outlive the agent, too.
    host.kill().await;
    host.start();
    hub.come_back();
    let kept = hub.wait_for_files(2).await;
    assert_eq!((kept[0].content.as_slice(), kept[1].content.as_slice()), (b"two".as_slice(), b"one".as_slice()));
    host.wait_for_status("an empty spool", |status| status.spool_bytes == 0 && status.known_files == 2).await;
    assert_eq!(host.copies(), 0);
}

#[tokio::test]
async fn what_lay_there_when_the_agent_started_is_as_safe_as_what_comes() {
    let hub = Hub::start(1);
    let mut host = Host::joined(&hub).await;
    hub.go_away();
    host.write(R1, b"one");
    host.write(R2, b"two");
    host.start();
    host.wait_for_status("the copies", |status| status.copies == 2).await;
    fs::remove_file(host.path(R1)).unwrap();
    fs::remove_file(host.path(R2)).unwrap();
    host.kill().await;
    host.start();
    hub.come_back();
    hub.wait_for_files(2).await;
    host.stop().await;
}

#[tokio::test]
async fn over_the_quota_telemetry_is_dropped_and_stats_are_kept() {
    let hub = Hub::start(1);
    let mut host = Host::joined(&hub).await;
    // One block of the disk.
    host.quota = 4096;
    host.start();
    hub.wait_for_status("a first status", |_| true).await;
    hub.go_away();
    host.wait_for_status("the outage", |status| !status.connected).await;
    host.write(TRACK, &[b't'; 90]);
    host.wait_for_status("the copy", |status| status.copies == 1).await;
    host.write(R1, &[b's'; 60]);
    let exchanged = |status: &StatusFile| status.copies == 1 && status.dropped_copies > 0;
    host.wait_for_status("the exchange", exchanged).await;
    fs::remove_file(host.path(TRACK)).unwrap();
    fs::remove_file(host.path(R1)).unwrap();
    // It is known before the hub is back, and over a restart.
    host.wait_for_status("the gap", |status| (status.lost_files, status.untold_files) == (1, 1)).await;
    host.kill().await;
    host.start();
    hub.come_back();
    let kept = hub.wait_for_files(1).await;
    assert_eq!(kept[0].entry.name, R1);
    let status = host.wait_for_status("the telling", |status| (status.lost_files, status.untold_files) == (1, 0)).await;
    assert_eq!((status.complaints[0].name.as_str(), status.complaints[0].what.as_str()), (TRACK, "lost"));
    let gaps = hub.gaps();
    assert_eq!((gaps.len(), gaps[0].name.as_str(), gaps[0].size), (1, TRACK, 90));
    assert_eq!(gaps[0].hash, Some(ContentHash::of(&[b't'; 90])));
    assert!(gaps[0].why.contains("for the quota, and it is gone"), "{}", gaps[0].why);

    // Somebody finds it.
    host.write(TRACK, &[b't'; 90]);
    hub.wait_for_files(2).await;
    let status = host.wait_for_status("the end of the gap", |status| status.lost_files == 0).await;
    assert_eq!((status.came_after_all, hub.gaps().len()), (1, 1));
}

#[tokio::test]
async fn a_hub_that_does_not_know_of_gaps_gets_the_files_and_is_told_once_it_does() {
    let hub = Hub::start(1);
    hub.manners(|manners| manners.no_gaps = Some(ResetCode::Unexpected));
    let mut host = Host::running(&hub).await;
    hub.go_away();
    host.wait_for_status("the outage", |status| !status.connected).await;
    host.pace.copy_after = std::time::Duration::from_hours(1);
    host.kill().await;
    host.start();
    host.wait_for_status("the start", |status| !status.connected && status.rescans > 0).await;
    host.write(R1, b"one");
    host.wait_for_status("the wait", |status| status.unacked_files == 1).await;
    fs::remove_file(host.path(R1)).unwrap();
    host.wait_for_status("the gap", |status| status.lost_files == 1).await;
    host.write(R2, b"two");
    hub.come_back();
    hub.wait_for_files(1).await;
    host.wait_for_status("the ack", |status| status.unacked_files == 0 && status.untold_files == 1).await;
    hub.manners(|manners| manners.no_gaps = None);
    host.stop().await;
    host.start();
    host.wait_for_status("the telling", |status| status.connected && status.untold_files == 0).await;
    assert_eq!(hub.gaps()[0].name, R1);
    // It is told once.
    host.stop().await;
    host.start();
    hub.wait_for_looks(2).await;
    assert_eq!(hub.gaps().len(), 1);
}

#[tokio::test]
async fn what_was_acknowledged_is_not_sent_again_after_a_kill() {
    let hub = Hub::start(1);
    let mut host = Host::running(&hub).await;
    host.write(R1, b"one");
    hub.wait_for_files(1).await;
    host.wait_for_status("the ack", |status| status.known_files == 1).await;
    host.kill().await;
    host.write(R2, b"two");
    host.start();
    hub.wait_for_files(2).await;
    hub.wait_for_looks(3).await;
    assert_eq!(hub.names(), [R1, R2]);
}

#[tokio::test]
async fn what_was_not_acknowledged_is_sent_again_after_a_kill() {
    let hub = Hub::start(1);
    hub.manners(|manners| manners.hold_acks = true);
    let mut host = Host::running(&hub).await;
    host.write(R1, b"one");
    hub.wait_for_batches(1).await;
    host.kill().await;
    hub.manners(|manners| manners.hold_acks = false);
    host.start();
    hub.wait_for_batches(2).await;
    let status = host.wait_for_status("the ack", |status| status.known_files == 1).await;
    assert_eq!(status.last_ack.as_deref(), Some(R1));
}

#[tokio::test]
async fn a_stop_waits_for_the_acks_under_way() {
    let hub = Hub::start(1);
    hub.manners(|manners| manners.hold_acks = true);
    let mut host = Host::running(&hub).await;
    host.write(R1, b"one");
    hub.wait_for_batches(1).await;
    let stopping = host.ask_to_stop();
    hub.manners(|manners| manners.hold_acks = false);
    stopping.await.unwrap().unwrap();
    let status = host.wait_for_status("the last word", |status| status.known_files == 1).await;
    assert!(!status.connected);
    host.start();
    host.write(R2, b"two");
    hub.wait_for_files(2).await;
    assert_eq!(hub.names(), [R1, R2]);
}

#[tokio::test]
async fn a_backlog_found_at_the_start_arrives_in_batches() {
    let hub = Hub::start(1);
    let mut host = Host::joined(&hub).await;
    for number in 0..150_u32 {
        let name = format!("2026-11-09-19{:02}{:02}-supply-round-1.txt", number / 60, number % 60);
        host.write_aged(&name, name.as_bytes(), 1000 - u64::from(number));
    }
    host.start();
    let kept = hub.wait_for_files(150).await;
    assert!(kept.is_sorted_by(|a, b| a.sequence != b.sequence || a.entry.name > b.entry.name), "newest first");
    let batches = kept.iter().map(|kept| kept.sequence).collect::<std::collections::BTreeSet<_>>();
    assert_eq!(batches.len(), 3, "64 files to a batch");
    let status = hub.wait_for_status("all known", |status| status.acked_files == Some(150)).await;
    assert_eq!(status.scan_found_missed, Some(0), "what lay there before the start was not missed");
}

#[tokio::test]
async fn a_file_that_was_never_seen_closed_is_found_and_counted() {
    let hub = Hub::start(1);
    let host = Host::running(&hub).await;
    // A link to a finished file is made without a writer: nothing is ever closed.
    fs::write(host.beside("finished"), "one").unwrap();
    fs::hard_link(host.beside("finished"), host.path(R1)).unwrap();
    let kept = hub.wait_for_files(1).await;
    assert_eq!((kept[0].content.as_slice(), kept[0].entry.closed_at_us), (b"one".as_slice(), None));
    hub.wait_for_status("the count", |status| status.scan_found_missed == Some(1)).await;
}
