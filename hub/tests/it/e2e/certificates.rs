//! The agent's program renews its certificate while files travel, and is let in again after its host was off.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use serde_json::Value;
use slomix_hub::link::system_clock;
use slomix_hub::serve::Hub;
use slomix_shared::identity::JoinToken;

use super::agent::Agent;
use super::patience::eventually;
use super::program::{command, output};
use super::programs;
use crate::serve::{invite, start_with_certificates_for, status};

/// Short, so that it is renewed within the test.
const LIFE: Duration = Duration::from_secs(6);

/// Runs the hub's program beside the hub that serves.
async fn hub_says(data: &Path, arguments: &[&str]) -> String {
    output(command(&programs::hub()).arg("--data").arg(data).args(arguments)).await
}

/// How many files are kept, and with how many receipts.
async fn kept(hub: &Hub) -> (i64, i64) {
    let sql = "select (select count(*) from artifact), (select count(*) from receipt)";
    let row = hub.store().fetch("count", sql, vec![]).await.unwrap().remove(0);
    (row.int(0), row.int(1))
}

async fn wait_for_files(hub: &Hub, files: usize) {
    eventually("all files", async || match kept(hub).await {
        (there, _) if there == files as i64 => Ok(()),
        there => Err(format!("{there:?} of {files}")),
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_program_renews_its_certificate_and_is_let_in_again_after_a_long_time_off() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("hub");
    let hub = start_with_certificates_for(LIFE, &data).await;
    let token: JoinToken = invite(&hub, "vps").await;
    let mut agent = Agent::join(folder.path().join("game"), &token.to_string()).await;
    agent.start().await;
    let line = async || -> Value { status(&hub).await["agents"][0].clone() };
    let id = line().await["id"].clone();

    let (mut ends, mut files) = (BTreeSet::new(), 0);
    while ends.len() < 3 {
        std::fs::write(agent.gamestats().join(format!("file {files}")), files.to_string()).unwrap();
        files += 1;
        tokio::time::sleep(Duration::from_millis(20)).await;
        let line = line().await;
        if line["connected"] == true {
            ends.insert(line["certificate_ends_ms"].as_i64().unwrap());
        }
        assert!(files < 20_000, "it is never renewed: {line}\n{}", agent.said());
    }
    wait_for_files(&hub, files).await;
    assert_eq!(kept(&hub).await, (files as i64, files as i64), "each file came once");
    let own = agent.status().await;
    assert!(own["certificate_ends_at_ms"].as_i64() >= ends.first().copied(), "{own}");
    assert!(!agent.said().contains("no connection to the hub"), "{}", agent.said());

    // The host is off for longer than its certificate holds.
    agent.kill().await;
    let end = own["certificate_ends_at_ms"].as_i64().unwrap().max(*ends.last().unwrap());
    eventually("the end of the certificate", async || {
        let left = end + 2 * LIFE.as_millis() as i64 - system_clock()();
        if left < 0 { Ok(()) } else { Err(left) }
    })
    .await;
    std::fs::write(agent.gamestats().join("while away"), "x").unwrap();
    agent.start().await;
    eventually("the question", async || {
        let line = line().await;
        if line["readmission"].is_object() { Ok(()) } else { Err(line) }
    })
    .await;
    let list = hub_says(&data, &["agent", "list"]).await;
    assert!(list.contains("certificate ran out") && list.contains("slomix-hub agent approve vps"), "{list}");
    let listed: Value = serde_json::from_str(&hub_says(&data, &["agent", "list", "--json"]).await).unwrap();
    assert_eq!(listed[0]["readmission"]["address"], "127.0.0.1", "{listed}");
    let doctor = command(&programs::hub()).arg("--data").arg(&data).arg("doctor").output().await.unwrap();
    let doctor = String::from_utf8_lossy(&doctor.stdout).into_owned();
    assert!(doctor.contains("slomix-hub agent approve vps does that"), "{doctor}");
    let approved: Value = serde_json::from_str(&hub_says(&data, &["agent", "approve", "vps", "--json"]).await).unwrap();
    assert_eq!((&approved["name"], &approved["id"]), (&"vps".into(), &id));
    wait_for_files(&hub, files + 1).await;
    assert_eq!(kept(&hub).await.1, files as i64 + 1, "what was acknowledged before did not come again");
    let line = line().await;
    assert_eq!((&line["id"], &line["readmission"]), (&id, &Value::Null), "{line}");
    let listed: Value = serde_json::from_str(&hub_says(&data, &["agent", "list", "--json"]).await).unwrap();
    assert_eq!((&listed[0]["connected"], &listed[0]["connection"]["way"]), (&true.into(), &"udp".into()), "{listed}");
    let warned = |agent: &Agent| agent.said().matches("no connection to the hub").count();
    let before = warned(&agent);
    agent.stop().await;
    assert_eq!(warned(&agent), before, "an agent that is stopped has no trouble: {}", agent.said());
    hub.stop().await;
    let list = hub_says(&data, &["agent", "list"]).await;
    assert!(list.contains("Who is connected is not known: no hub serves") && !list.contains("not connected"), "{list}");
    let listed: Value = serde_json::from_str(&hub_says(&data, &["agent", "list", "--json"]).await).unwrap();
    assert!(listed[0]["connected"].is_null(), "{listed}");
}
