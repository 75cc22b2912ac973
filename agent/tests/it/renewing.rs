//! Certificates that are renewed while files travel.

use std::collections::BTreeSet;
use std::fs;
use std::time::Duration;

use crate::agent::{Host, R1, R2};
use crate::hub::{Hub, Renewals, now_ms};

/// Short, so that it is renewed within the test.
const LIFE: Duration = Duration::from_secs(3);

/// A hub whose certificates are short-lived.
fn hub(renewals: Renewals) -> Hub {
    let hub = Hub::start(1);
    hub.manners(|manners| {
        manners.certificate_life = Some(LIFE);
        manners.renewals = renewals;
    });
    hub
}

#[tokio::test]
async fn renewing_loses_no_batch_and_doubles_none_and_needs_no_restart() {
    let hub = hub(Renewals::Issued);
    let mut host = Host::running(&hub).await;
    let boot = host.wait_for_status("a status", |status| status.connected).await.boot;
    let first = host.home().identity().unwrap().tls.unwrap();
    let mut written = 0;
    while hub.certificates() < 3 {
        host.write(&format!("file {written}"), written.to_string().as_bytes());
        written += 1;
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    host.write(R1, b"the last one");
    let kept = hub.wait_for_files(written + 1).await;
    host.wait_for_status("all acks", |status| status.known_files == written as u64 + 1).await;
    assert_eq!(hub.kept().len(), written + 1, "nothing came twice");
    let names: BTreeSet<_> = kept.iter().map(|kept| kept.entry.name.as_str()).collect();
    assert_eq!(names.len(), written + 1);
    let status = host.wait_for_status("the renewed certificate", |status| {
        status.certificate_issued_at_ms > Some(first.issued_at_ms()) && status.connected
    });
    let status = status.await;
    assert_eq!((status.boot, status.certificate_problem), (boot, None));
    host.stop().await;
    let now = host.home().identity().unwrap().tls.unwrap();
    assert!(now.ends_at_ms() > first.ends_at_ms());
    assert_ne!(now.key().to_pem().unwrap(), first.key().to_pem().unwrap(), "a fresh key each time");
    assert_eq!(hub.asked(), 0, "the operator has nothing to do with it");
}

#[tokio::test]
async fn what_is_under_way_while_the_agent_moves_over_is_acknowledged_where_it_was_sent() {
    let hub = hub(Renewals::Issued);
    hub.manners(|manners| manners.hold_acks = true);
    let host = Host::running(&hub).await;
    host.write(R1, b"one");
    hub.wait_for_batches(1).await;
    hub.wait_for_certificates(2).await;
    host.write(R2, b"two");
    hub.wait_for_batches(2).await;
    hub.manners(|manners| manners.hold_acks = false);
    host.wait_for_status("both acks", |status| status.known_files == 2 && status.unacked_files == 0).await;
    assert_eq!(hub.names(), [R1, R2], "neither was sent again");
}

/// An older hub, one that refuses, whose answers are lost, or that gives a certificate of no use.
#[tokio::test]
async fn what_keeps_a_certificate_from_being_renewed_is_told_and_is_no_outage() {
    for (renewals, told) in [
        (Renewals::Unknown, "update slomix-hub"),
        (Renewals::Refused, "not today"),
        (Renewals::Lost, "does not answer"),
        (Renewals::OfAnother, "names another agent"),
    ] {
        let hub = hub(renewals);
        let mut host = Host::joined(&hub).await;
        host.pace.call_patience = Duration::from_millis(300);
        host.start();
        hub.wait_for_renewals(2).await;
        let problem = |problem: &Option<String>| problem.as_deref().is_some_and(|problem| problem.contains(told));
        host.wait_for_status(told, |status| problem(&status.certificate_problem)).await;
        // The certificate runs out, and what is connected stays so.
        let ends = host.home().identity().unwrap().tls.unwrap().ends_at_ms();
        while now_ms() <= ends + 1_000 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        host.write(R1, &vec![b'x'; 2_000_000]);
        hub.wait_for_files(1).await;
        assert_eq!(hub.certificates(), 1);

        hub.manners(|manners| manners.renewals = Renewals::Issued);
        hub.wait_for_certificates(2).await;
        host.wait_for_status("no problem", |status| status.certificate_problem.is_none() && status.connected).await;
        host.write(R2, b"two");
        hub.wait_for_files(2).await;
        assert_eq!(hub.names(), [R1, R2]);
    }
}

#[tokio::test]
async fn a_disk_that_does_not_take_the_new_certificate_stops_nothing() {
    let hub = hub(Renewals::Issued);
    let host = Host::joined(&hub).await;
    let before = fs::read(host.home().path().join("tls.pem")).unwrap();
    // Nothing can be written where the new file goes.
    let in_the_way = host.home().path().join("tls.pem.new");
    fs::create_dir_all(in_the_way.join("x")).unwrap();
    let mut host = host;
    host.start();
    hub.wait_for_certificates(2).await;
    let told = |problem: &Option<String>| problem.as_deref().is_some_and(|problem| problem.contains("tls.pem"));
    host.wait_for_status("the problem", |status| told(&status.certificate_problem)).await;
    assert_eq!(fs::read(host.home().path().join("tls.pem")).unwrap(), before, "the old pair is whole");
    host.write(R1, b"one");
    hub.wait_for_files(1).await;
    fs::remove_dir_all(&in_the_way).unwrap();
    host.wait_for_status("no problem", |status| status.certificate_problem.is_none()).await;
    assert_ne!(fs::read(host.home().path().join("tls.pem")).unwrap(), before);
    host.home().identity().unwrap().tls.unwrap();
}
