//! A data directory on a disk that fills up.

use std::fs::{self, File};
use std::io::Write;

use crate::agent::{Host, R1, R2, TRACK};
use crate::hub::Hub;
use crate::small_disk::SmallDisk;

const FILES: usize = 200;

fn name(number: usize) -> String {
    format!("2026-11-09-20{:02}{:02}-supply-round-1.txt", number / 60, number % 60)
}

#[tokio::test]
async fn acks_are_recorded_on_a_full_disk_and_over_a_kill_there() {
    let hub = Hub::start(1);
    let mut host = Host::new(&hub);
    let Some(disk) = SmallDisk::at(host.home().path(), 4) else { return };
    host.join(&hub).await;
    host.start();
    hub.wait_for_status("a first look", |status| status.rescans >= Some(1)).await;
    host.wait_for_status("the ballast", |status| status.ballast).await;
    disk.fill();
    assert!(File::create(disk.path().join("room")).unwrap().write_all(b"x").is_err(), "the disk is full");

    for number in 0..FILES {
        host.write(&name(number), format!("{number}").as_bytes());
    }
    hub.wait_for_files(FILES).await;
    hub.wait_for_status("the acks", |status| status.acked_files == Some(FILES as u64)).await;
    hub.wait_for_looks(2).await;
    assert!(!host.home().places().ballast.exists(), "the ballast was let go");

    // What the ballast left is taken as well, and the agent starts there.
    disk.fill();
    host.kill().await;
    host.start();
    host.write(R1, b"on a full disk");
    hub.wait_for_files(FILES + 1).await;
    hub.wait_for_looks(3).await;
    assert_eq!(hub.kept().len(), FILES + 1, "nothing is sent twice");

    // Without room there are no copies, and what is cleaned away meanwhile is a gap.
    hub.go_away();
    host.wait_for_looks_alone().await;
    host.write(R2, b"two");
    host.write(TRACK, b"track");
    host.wait_for_looks_alone().await;
    fs::remove_file(host.path(TRACK)).unwrap();
    hub.come_back();
    hub.wait_for_files(FILES + 2).await;
    hub.wait_for_gaps(1).await;
    assert_eq!(hub.gaps()[0].name, TRACK);
    assert!(hub.gaps()[0].why.contains("No space left"), "{}", hub.gaps()[0].why);

    disk.free();
    host.wait_for_status("all is well", |status| !status.disk_full && status.ballast && status.unacked_files == 0)
        .await;
    host.kill().await;
    host.start();
    hub.wait_for_looks(2).await;
    assert_eq!(hub.kept().len(), FILES + 2, "what was remembered on the full disk is still known");
}
