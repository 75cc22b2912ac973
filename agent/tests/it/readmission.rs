//! Agents whose certificate has run out or is damaged, and the operator who lets them in again.

use std::fs;
use std::path::Path;
use std::time::Duration;

use slomix_agent::join::join;
use tokio::process::Command;

use crate::agent::{Host, R1, R2, manner};
use crate::hub::{Hub, Renewals, now_ms};

/// Waits until the certificate of a host has run out.
async fn run_out(host: &Host) {
    let ends = host.home().identity().unwrap().tls.unwrap().ends_at_ms();
    while now_ms() <= ends + 1_000 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn after_a_month_off_the_operator_lets_the_agent_in_and_it_goes_on_where_it_was() {
    let hub = Hub::start(1);
    hub.manners(|manners| {
        manners.certificate_life = Some(Duration::from_secs(5));
        manners.renewals = Renewals::Refused;
    });
    let mut host = Host::joined(&hub).await;
    host.start();
    host.write(R1, b"one");
    hub.wait_for_files(1).await;
    host.wait_for_status("the ack", |status| status.known_files == 1).await;
    host.stop().await;
    let id = host.home().identity().unwrap().enrolment.agent;
    run_out(&host).await;

    host.start();
    let status = host.wait_for_status("the question", |status| status.awaits_approval_since_ms.is_some()).await;
    assert!(!status.connected);
    let told = |problem: &Option<String>| problem.as_deref().is_some_and(|told| told.contains("agent approve vps1"));
    host.wait_for_status("the way out", |status| told(&status.link_problem)).await;
    host.write(R2, b"two");
    host.wait_for_status("a safe copy", |status| status.copies == 1).await;
    hub.manners(|manners| {
        manners.certificate_life = None;
        manners.approved = true;
    });
    hub.wait_for_files(2).await;
    let status = host.wait_for_status("all is well", |status| {
        status.connected && status.awaits_approval_since_ms.is_none() && status.known_files == 2
    });
    assert_eq!(status.await.link_problem, None);
    let identity = host.home().identity().unwrap();
    assert_eq!(identity.enrolment.agent, id);
    assert!(identity.tls.unwrap().ends_at_ms() > now_ms() + 86_400_000);
    hub.wait_for_looks(2).await;
    assert_eq!(hub.names(), [R1, R2], "what was acknowledged before is not sent again");
}

#[tokio::test]
async fn a_damaged_certificate_is_asked_for_again_and_ledger_and_spool_stay() {
    for damage in ["nothing", ""] {
        let hub = Hub::start(1);
        let mut host = Host::running(&hub).await;
        host.write(R1, b"one");
        hub.wait_for_files(1).await;
        host.wait_for_status("the ack", |status| status.known_files == 1).await;
        let id = host.home().identity().unwrap().enrolment.agent;
        host.stop().await;
        let path = host.home().path().join("tls.pem");
        if damage.is_empty() {
            fs::remove_file(&path).unwrap();
        } else {
            fs::write(&path, damage).unwrap();
        }
        host.write(R2, b"two");
        host.start();
        host.wait_for_status("the question", |status| status.awaits_approval_since_ms.is_some()).await;
        hub.manners(|manners| manners.approved = true);
        hub.wait_for_files(2).await;
        hub.wait_for_looks(2).await;
        assert_eq!(hub.names(), [R1, R2], "what was acknowledged is not sent again");
        assert_eq!(host.home().identity().unwrap().enrolment.agent, id);
        assert_eq!(hub.kept()[1].sequence, 1, "the first batch of this run");
    }
}

#[tokio::test]
async fn a_disk_that_does_not_take_the_new_certificate_keeps_nobody_out() {
    let hub = Hub::start(1);
    let mut host = Host::joined(&hub).await;
    let in_the_way = host.home().path().join("tls.pem.new");
    fs::create_dir_all(in_the_way.join("x")).unwrap();
    fs::remove_file(host.home().path().join("tls.pem")).unwrap();
    hub.manners(|manners| manners.approved = true);
    host.start();
    host.write(R1, b"one");
    hub.wait_for_files(1).await;
    let told = |problem: &Option<String>| problem.as_deref().is_some_and(|problem| problem.contains("tls.pem"));
    host.wait_for_status("the problem", |status| status.connected && told(&status.certificate_problem)).await;
    fs::remove_dir_all(&in_the_way).unwrap();
    host.wait_for_status("no problem", |status| status.certificate_problem.is_none()).await;
    host.home().identity().unwrap().tls.unwrap();
    assert_eq!((hub.asked(), hub.names()), (1, vec![R1.to_owned()]));
}

#[tokio::test]
async fn a_hub_that_knows_the_agent_no_more_says_so() {
    let hub = Hub::start(1);
    let mut host = Host::joined(&hub).await;
    fs::write(host.home().path().join("tls.pem"), "nothing").unwrap();
    let stranger = Hub::start(1);
    host.move_to(&stranger);
    host.start();
    let told = |problem: &Option<String>| problem.as_deref().is_some_and(|told| told.contains("does not know"));
    let status = host.wait_for_status("the refusal", |status| told(&status.link_problem)).await;
    assert_eq!(status.awaits_approval_since_ms, None);
    assert!(stranger.asked() > 0);
}

/// What the programs of an operator's shell show of it.
#[tokio::test]
async fn status_and_doctor_say_what_the_operator_has_to_do() {
    let hub = Hub::start(1);
    let host = Host::new(&hub);
    join(&host.home(), &hub.token().to_string(), manner(false)).await.unwrap();
    let data = host.home().path().display().to_string();
    let call = async |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_slomix-agent"));
        command.args(["--data", &data]).args(arguments).current_dir(Path::new(&data));
        let output = command.output().await.unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
    };
    let well = call(&["doctor"]).await;
    assert!(
        well.contains("the certificate ends in 6 days and was made") || well.contains("the certificate ends in 7 days"),
        "{well}"
    );
    fs::write(host.home().path().join("tls.pem"), "nothing").unwrap();
    let damaged = call(&["doctor"]).await;
    assert!(damaged.contains("damaged or gone") && damaged.contains("slomix-hub agent approve vps1"), "{damaged}");

    let dir = host.dir().display().to_string();
    let mut agent = Command::new(env!("CARGO_BIN_EXE_slomix-agent"));
    agent.args(["--data", &data, "run", "--stats-dir", &dir]).kill_on_drop(true);
    let mut agent = agent.spawn().unwrap();
    host.wait_for_status("the question", |status| status.awaits_approval_since_ms.is_some()).await;
    let waits = call(&["status"]).await;
    assert!(waits.contains("approval   awaited for") && waits.contains("slomix-hub agent approve vps1"), "{waits}");
    hub.manners(|manners| manners.approved = true);
    host.wait_for_status("the connection", |status| status.connected).await;
    let well = call(&["status"]).await;
    assert!(well.contains("identity   certificate ends in") && !well.contains("approval"), "{well}");
    agent.kill().await.unwrap();

    let mode = |mode| fs::set_permissions(host.home().path().join("signing.key"), mode).unwrap();
    mode(std::os::unix::fs::PermissionsExt::from_mode(0o644));
    let refused = call(&["run", "--stats-dir", &dir]).await;
    assert!(refused.contains("chmod 600") && refused.contains("signing.key"), "{refused}");
}
