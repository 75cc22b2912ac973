//! Whatever somebody does to the data directory: the agent mends it, says so, and goes on.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use slomix_agent::run::StatusFile;

use crate::agent::{Host, R1, R2, TRACK};
use crate::hub::Hub;

fn mended(words: &str) -> impl Fn(&StatusFile) -> bool {
    move |status| status.mended.iter().any(|mended| mended.what.contains(words))
}

#[tokio::test]
async fn a_ledger_that_is_deleted_while_the_agent_runs_forgets_nothing() {
    let hub = Hub::start(1);
    let mut host = Host::running(&hub).await;
    host.write(R1, b"one");
    hub.wait_for_files(1).await;
    host.wait_for_status("the ack", |status| status.known_files == 1).await;
    fs::remove_file(host.home().ledger()).unwrap();
    host.wait_for_status("the mending", mended("written anew from memory")).await;
    host.kill().await;
    host.start();
    host.write(R2, b"two");
    hub.wait_for_files(2).await;
    hub.wait_for_looks(3).await;
    assert_eq!(hub.names(), [R1, R2]);
}

#[tokio::test]
async fn whatever_lies_in_the_places_of_ledger_and_spool_the_agent_starts_and_ships() {
    let hub = Hub::start(1);
    let mut host = Host::joined(&hub).await;
    for (earlier, rubbish) in ["directories", "files", "links", "torn files"].into_iter().enumerate() {
        let places = host.home().places();
        let all = [places.ledger, places.copies, places.ballast, host.home().status()];
        for path in &all {
            let _ = fs::remove_file(path).or_else(|_| fs::remove_dir_all(path));
            match rubbish {
                "directories" => {
                    fs::create_dir(path).unwrap();
                    fs::write(path.join("0000000000000005-7-rubbish"), "rubbish").unwrap();
                }
                "files" => fs::write(path, "rubbish").unwrap(),
                "links" => std::os::unix::fs::symlink(host.beside("nowhere"), path).unwrap(),
                _ => fs::write(path, b"SLXLEDG\x01\x10\x00\x00\x00torn").unwrap(),
            }
        }
        host.start();
        host.wait_for_status(rubbish, |status| status.connected && !status.mended.is_empty() && status.ballast).await;
        host.write(&format!("file {rubbish}"), rubbish.as_bytes());
        let what = format!("{rubbish}, shipped");
        host.wait_for_status(&what, |status| status.unacked_files == 0 && status.known_files == earlier as u64 + 1)
            .await;
        host.stop().await;
    }
    assert!(!host.beside("nowhere").exists());
    let mut names = hub.names();
    names.sort();
    names.dedup();
    assert_eq!(names, ["file directories", "file files", "file links", "file torn files"]);
}

#[tokio::test]
async fn a_spool_that_is_removed_is_filled_again_from_what_still_lies_there() {
    let hub = Hub::start(1);
    let host = Host::running(&hub).await;
    hub.go_away();
    host.wait_for_status("the outage", |status| !status.connected).await;
    host.write(R1, b"one");
    host.write(TRACK, b"track");
    host.wait_for_status("the copies", |status| status.copies == 2).await;
    fs::remove_file(host.path(TRACK)).unwrap();
    fs::remove_dir_all(host.home().spool()).unwrap();
    let again = |status: &StatusFile| status.copies == 1 && status.lost_files == 1;
    host.wait_for_status("the copy of what is there, and the gap", again).await;
    fs::remove_file(host.path(R1)).unwrap();
    hub.come_back();
    assert_eq!(hub.wait_for_files(1).await[0].content, b"one");
    host.wait_for_status("the telling", |status| status.untold_files == 0).await;
    assert!(hub.gaps()[0].why.contains("removed from the spool"), "{:?}", hub.gaps());
}

#[tokio::test]
async fn a_damaged_copy_is_set_aside_and_its_original_or_a_gap_goes_in_its_place() {
    let hub = Hub::start(1);
    let mut host = Host::running(&hub).await;
    hub.go_away();
    host.wait_for_status("the outage", |status| !status.connected).await;
    for name in [R1, R2] {
        host.write(name, name.as_bytes());
    }
    host.wait_for_status("the copies", |status| status.copies == 2).await;
    fs::remove_file(host.path(R2)).unwrap();
    for copy in fs::read_dir(host.home().spool()).unwrap() {
        let path = copy.unwrap().path();
        let mut bytes = fs::read(&path).unwrap();
        *bytes.last_mut().unwrap() ^= 4;
        fs::write(&path, bytes).unwrap();
    }
    // One is noticed when it is read, the other would be after a restart, too.
    host.kill().await;
    host.start();
    hub.come_back();
    assert_eq!(hub.wait_for_files(1).await[0].entry.name, R1);
    let told = |status: &StatusFile| (status.lost_files, status.untold_files, status.set_aside) == (1, 0, 2);
    host.wait_for_status("the gap", told).await;
    assert_eq!((hub.gaps()[0].name.as_str(), hub.names().len()), (R2, 1));
}

#[tokio::test]
async fn files_that_this_user_may_not_use_are_told_with_the_fix() {
    let hub = Hub::start(1);
    let mut host = Host::running(&hub).await;
    host.write(R1, b"one");
    hub.wait_for_files(1).await;
    host.stop().await;
    fs::set_permissions(host.home().ledger(), fs::Permissions::from_mode(0o000)).unwrap();
    let locked = fs::File::open(host.home().ledger()).is_err();
    host.start();
    if locked {
        let status = host.wait_for_status("the mending", mended("chown -R")).await;
        assert_eq!(status.known_files, 0);
    }
    host.write(R2, b"two");
    hub.wait_for_files(2).await;
    host.wait_for_status("all known", |status| status.known_files == 2).await;
}
