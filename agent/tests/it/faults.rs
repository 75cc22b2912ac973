//! A hub that refuses, chokes, cannot store, keeps silent or is another one.

use std::time::Duration;

use slomix_shared::wire::VerdictOutcome;

use crate::agent::{GAMETIME, Host, R1, R2};
use crate::hub::Hub;

#[tokio::test]
async fn a_refused_file_is_remembered_and_not_sent_again() {
    let hub = Hub::start(1);
    hub.manners(|manners| manners.refuse = [R1.to_owned()].into());
    let mut host = Host::running(&hub).await;
    host.write(R1, b"one");
    let status = host.wait_for_status("the refusal", |status| status.complaint_count == 1).await;
    assert_eq!((status.complaints[0].what.as_str(), status.complaints[0].reason.as_str()), ("refused", "not here"));
    hub.manners(|manners| manners.refuse.clear());
    host.stop().await;
    host.start();
    host.write(R2, b"two");
    hub.wait_for_files(1).await;
    hub.wait_for_looks(3).await;
    assert_eq!(hub.names(), [R2]);
    assert_eq!(hub.wait_for_status("the count", |status| status.refused_files == Some(1)).await.unacked_files, Some(0));
}

#[tokio::test]
async fn a_file_that_the_hub_chokes_on_does_not_take_its_neighbours_with_it() {
    let hub = Hub::start(1);
    hub.manners(|manners| manners.choke_on = ["poison".to_owned()].into());
    let host = Host::running(&hub).await;
    hub.go_away();
    host.wait_for_status("the outage", |status| !status.connected).await;
    for name in ["before", "poison", "after", GAMETIME] {
        host.write(name, name.as_bytes());
    }
    host.wait_for_status("all to wait", |status| status.unacked_files == 4).await;
    hub.come_back();
    hub.wait_for_files(3).await;
    // The acks of the others come with later answers than the complaint.
    let status = host.wait_for_status("the verdict", |it| it.complaint_count == 1 && it.unacked_files == 0).await;
    assert_eq!(status.complaints[0].name, "poison");
}

#[tokio::test]
async fn a_hub_that_cannot_store_gets_the_files_later() {
    let hub = Hub::start(1);
    hub.manners(|manners| manners.cannot_store = 3);
    let host = Host::running(&hub).await;
    host.write(R1, b"one");
    hub.wait_for_files(1).await;
    assert_eq!(hub.batches(), 4);
    assert_eq!(host.wait_for_status("the ack", |status| status.known_files == 1).await.complaint_count, 0);
}

#[tokio::test]
async fn a_hub_that_gives_no_acks_is_called_anew() {
    let hub = Hub::start(1);
    hub.manners(|manners| manners.hold_acks = true);
    let mut host = Host::joined(&hub).await;
    host.pace.ack_patience = Duration::from_millis(200);
    host.start();
    host.write(R1, b"one");
    hub.wait_for_batches(3).await;
    hub.manners(|manners| manners.hold_acks = false);
    host.wait_for_status("the ack", |status| status.known_files == 1).await;
}

#[tokio::test]
async fn only_the_hub_that_was_joined_is_talked_to() {
    let ours = Hub::start(1);
    let mut host = Host::joined(&ours).await;
    let stranger = Hub::start(2);
    ours.yield_address_to(&stranger);
    host.write(R1, b"one");
    host.start();
    let refused = |problem: &str| problem.contains("Join again with a new token");
    host.wait_for_status("the refusal", |status| status.link_problem.as_deref().is_some_and(refused)).await;
    assert_eq!(stranger.batches(), 0);
    ours.yield_address_to(&ours);
    ours.wait_for_files(1).await;
}

#[tokio::test]
async fn a_rule_script_that_never_ends_holds_no_file_up() {
    let hub = Hub::start(1);
    let mut host = Host::joined(&hub).await;
    let rules = host.beside("rules");
    std::fs::create_dir(&rules).unwrap();
    let script = rules.join("gametime.lua");
    std::fs::write(&script, "return function() while true do pcall(function() while true do end end) end end").unwrap();
    host.rules = Some(rules);
    host.start();
    host.write(GAMETIME, b"{}");
    assert_eq!(hub.wait_for_files(1).await[0].entry.verdict, None);

    std::fs::write(&script, "return function() return { verdict = 'suspect', rules = { 'mine' } } end").unwrap();
    host.write(GAMETIME, b"{ }");
    let verdict = hub.wait_for_files(2).await[1].entry.verdict.clone().unwrap();
    assert_eq!((verdict.outcome, verdict.rules), (VerdictOutcome::Suspect, vec!["mine".to_owned()]));
}

#[tokio::test]
async fn a_second_agent_on_the_same_data_does_not_start() {
    let hub = Hub::start(1);
    let host = Host::running(&hub).await;
    assert!(host.home().is_in_use());
    assert!(host.home().lock().is_err());
}
