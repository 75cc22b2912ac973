//! What the agent takes for a finished file.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::symlink;
use std::time::Duration;

use slomix_shared::artifact::Kind;
use slomix_shared::wire::{AgentStatus, VerdictOutcome};

use crate::agent::{ENDSTATS, GAMETIME, Host, R1, R2};
use crate::hub::Hub;

#[tokio::test]
async fn a_closed_file_is_at_the_hub_with_all_that_is_known_of_it() {
    let hub = Hub::start(1);
    let host = Host::running(&hub).await;
    host.write(R1, b"header\nplayer\n");
    let kept = hub.wait_for_files(1).await;
    assert_eq!((kept[0].entry.name.as_str(), kept[0].entry.kind), (R1, Kind::Stats));
    assert_eq!(kept[0].content, b"header\nplayer\n");
    assert_eq!(kept[0].entry.verdict, None);
    let modified = fs::metadata(host.path(R1)).unwrap().modified().unwrap();
    let modified = modified.duration_since(std::time::UNIX_EPOCH).unwrap();
    assert_eq!(kept[0].entry.modified_at_ms, modified.as_millis() as i64);
    assert!(kept[0].entry.closed_at_us.unwrap() >= modified.as_micros() as i64 - 1_000_000);

    host.write(GAMETIME, b"{}");
    let kept = hub.wait_for_files(2).await;
    let verdict = kept[1].entry.verdict.as_ref().unwrap();
    assert_eq!((verdict.outcome, verdict.rules.as_slice()), (VerdictOutcome::Reject, ["S2".to_owned()].as_slice()));
    let status = hub.wait_for_status("both known", |status| status.acked_files == Some(2)).await;
    assert_eq!(status.scan_found_missed, Some(0));
}

#[tokio::test]
async fn a_half_written_file_stays_however_long_its_writer_pauses() {
    let hub = Hub::start(1);
    let host = Host::running(&hub).await;
    let mut writer = File::create(host.path(R1)).unwrap();
    writer.write_all(b"header\n").unwrap();
    writer.sync_all().unwrap();
    hub.wait_for_looks(8).await;
    assert_eq!(hub.names(), [] as [&str; 0]);
    writer.write_all(b"player\n").unwrap();
    drop(writer);
    let kept = hub.wait_for_files(1).await;
    assert_eq!(kept[0].content, b"header\nplayer\n");
    hub.wait_for_looks(2).await;
    assert_eq!(hub.names(), [R1]);
}

#[tokio::test]
async fn a_file_moved_into_place_is_finished() {
    let hub = Hub::start(1);
    let host = Host::running(&hub).await;
    fs::write(host.beside("elsewhere"), "moved").unwrap();
    fs::rename(host.beside("elsewhere"), host.path(R1)).unwrap();
    let kept = hub.wait_for_files(1).await;
    assert_eq!((kept[0].content.as_slice(), kept[0].entry.closed_at_us.is_some()), (b"moved".as_slice(), true));
}

#[tokio::test]
async fn a_file_written_again_travels_again_and_one_only_touched_does_not() {
    let hub = Hub::start(1);
    let host = Host::running(&hub).await;
    host.write(R1, b"one");
    hub.wait_for_files(1).await;
    host.write(R1, b"two");
    assert_eq!(hub.wait_for_files(2).await[1].content, b"two");
    host.wait_for_status("both acks", |status| status.known_files == 2).await;
    host.write(R1, b"two");
    host.write(R2, b"last");
    hub.wait_for_files(3).await;
    hub.wait_for_looks(3).await;
    assert_eq!(hub.names(), [R1, R1, R2]);
}

#[tokio::test]
async fn endstats_travels_once_after_its_last_close() {
    let hub = Hub::start(1);
    let host = Host::running(&hub).await;
    let mut whole = Vec::new();
    for line in 0..13 {
        let line = format!("Award {line}\tPlayer\t1\n").into_bytes();
        host.append(ENDSTATS, &line);
        whole.extend(line);
    }
    let kept = hub.wait_for_files(1).await;
    assert_eq!((kept[0].entry.kind, kept[0].content.as_slice()), (Kind::Endstats, whole.as_slice()));
    hub.wait_for_looks(3).await;
    assert_eq!(hub.names(), [ENDSTATS]);
}

#[tokio::test]
async fn no_close_of_endstats_is_taken_for_the_last_one_before_it_is_quiet() {
    let hub = Hub::start(1);
    let mut host = Host::joined(&hub).await;
    host.pace.quiet = Duration::from_hours(1);
    host.start();
    hub.wait_for_status("a first look", |status| status.rescans >= Some(1)).await;
    for (count, name) in [R1, R2].into_iter().enumerate() {
        host.append(ENDSTATS, b"Award\tPlayer\t1\n");
        host.write(name, b"a later close");
        hub.wait_for_files(count + 1).await;
    }
    hub.wait_for_looks(2).await;
    assert_eq!(hub.names(), [R1, R2]);
    host.wait_for_status("the wait", |status| status.settling_files == 1).await;
}

#[tokio::test]
async fn a_directory_that_is_removed_and_made_again_is_watched_again() {
    let hub = Hub::start(1);
    let host = Host::running(&hub).await;
    host.write(R1, b"one");
    hub.wait_for_files(1).await;
    fs::remove_dir_all(host.dir()).unwrap();
    host.wait_for_status("the loss", |status| status.directories[0].problem.is_some()).await;
    fs::create_dir(host.dir()).unwrap();
    host.wait_for_status("the return", |status| status.directories[0].problem.is_none()).await;
    host.write(R2, b"two");
    let kept = hub.wait_for_files(2).await;
    assert_eq!((kept[1].entry.name.as_str(), kept[1].entry.closed_at_us.is_some()), (R2, true));
}

#[tokio::test]
async fn the_hub_hears_at_once_of_a_directory_that_is_lost_and_of_its_return() {
    let hub = Hub::start(1);
    let mut host = Host::joined(&hub).await;
    // By the clock alone it would hear of it in an hour.
    host.pace.look_every = Duration::from_hours(1);
    host.start();
    let is_lost = |status: &AgentStatus| status.watched.first().map(|watched| watched.problem.is_some());
    hub.wait_for_status("a first look", |status| is_lost(status) == Some(false)).await;
    fs::remove_dir_all(host.dir()).unwrap();
    hub.wait_for_status("the loss", |status| is_lost(status) == Some(true)).await;
    fs::create_dir(host.dir()).unwrap();
    hub.wait_for_status("the return", |status| is_lost(status) == Some(false)).await;
    host.stop().await;
}

#[tokio::test]
async fn a_directory_replaced_by_another_is_watched_again() {
    let hub = Hub::start(1);
    let host = Host::running(&hub).await;
    fs::rename(host.dir(), host.beside("old")).unwrap();
    fs::create_dir(host.dir()).unwrap();
    host.write(R1, b"one");
    assert_eq!(hub.wait_for_files(1).await[0].entry.name, R1);
    fs::write(host.beside("old").join(R2), "not here any more").unwrap();
    hub.wait_for_looks(3).await;
    assert_eq!(hub.names(), [R1]);
}

#[tokio::test]
async fn a_directory_that_comes_later_is_looked_through() {
    let hub = Hub::start(1);
    let mut host = Host::joined(&hub).await;
    fs::remove_dir(host.dir()).unwrap();
    host.start();
    host.wait_for_status("the lack", |status| status.directories[0].problem.is_some()).await;
    fs::create_dir(host.beside("made")).unwrap();
    fs::write(host.beside("made").join(R1), "one").unwrap();
    fs::rename(host.beside("made"), host.dir()).unwrap();
    assert_eq!(hub.wait_for_files(1).await[0].entry.name, R1);
}

#[tokio::test]
async fn odd_files_travel_and_what_is_no_file_does_not() {
    let hub = Hub::start(1);
    let host = Host::running(&hub).await;
    fs::write(host.beside("secret"), "not for the hub").unwrap();
    symlink(host.beside("secret"), host.path("2026-11-09-195037-link-round-1.txt")).unwrap();
    fs::create_dir(host.path("folder")).unwrap();
    host.write(".hidden", b"x");
    host.write("no known name", b"");
    host.write(R1, b"last");
    hub.wait_for_files(2).await;
    hub.wait_for_looks(3).await;
    let mut names = hub.names();
    names.sort();
    assert_eq!(names, [R1, "no known name"]);
    let kept = hub.kept();
    let odd = kept.iter().find(|kept| kept.entry.name != R1).unwrap();
    assert_eq!((odd.entry.kind, odd.content.len()), (Kind::Unrecognised, 0));
}

#[tokio::test]
async fn a_file_over_the_cap_stays_and_is_listed() {
    let hub = Hub::start(1);
    let host = Host::running(&hub).await;
    let file = File::create(host.path(R1)).unwrap();
    file.set_len(8 * 1024 * 1024 + 1).unwrap();
    drop(file);
    let status = host.wait_for_status("the listing", |status| !status.oversize.is_empty()).await;
    assert_eq!(status.oversize.get(&host.path(R1)), Some(&(8 * 1024 * 1024 + 1)));
    host.write(R2, b"last");
    hub.wait_for_files(1).await;
    assert_eq!(hub.names(), [R2]);
    fs::remove_file(host.path(R1)).unwrap();
    host.wait_for_status("the unlisting", |status| status.oversize.is_empty()).await;
}

const FLOOD: usize = 20_000;

/// More events than are kept waiting, for certain: the agent does not come to its turn while the files are written.
/// Whatever is lost, a look finds the rest.
#[tokio::test]
async fn a_flood_of_files_that_overflows_arrives_whole_and_once() {
    let hub = Hub::start(1);
    let host = Host::running(&hub).await;
    for number in 0..FLOOD {
        host.write(&format!("file {number}"), number.to_string().as_bytes());
    }
    for part in 1..=20 {
        hub.wait_for_files(FLOOD / 20 * part).await;
    }
    hub.wait_for_looks(2).await;
    let status = host.wait_for_status("the overflow", |status| status.overflows > 0).await;
    assert_eq!(status.lost_files, 0);
    let mut names = hub.names();
    names.sort();
    names.dedup();
    assert_eq!((names.len(), hub.kept().len()), (FLOOD, FLOOD));
}
