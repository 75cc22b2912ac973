//! An agent whose data directory is put back to an old copy sends again what it has forgotten, and the hub tells of it.

use std::path::Path;

use super::*;

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    std::fs::set_permissions(to, std::fs::metadata(from).unwrap().permissions()).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let place = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &place);
        } else {
            std::fs::copy(entry.path(), place).unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_copy_of_an_agent_is_told_of_and_costs_nothing() {
    let Evenings { played, mut stage } = Evenings::begin().await;
    let files = |number: usize| stats(round(&played, FIRST, number)).clone();
    stage.game.play(&files(0));
    stage.nothing_is_left_to_do().await;
    stage.agent.stop().await;
    let (data, old) = (stage.agent.data(), stage.folder.path().join("old"));
    copy(&data, &old);

    stage.agent.start().await;
    for number in 1..6 {
        stage.game.play(&files(number));
        stage.nothing_is_left_to_do().await;
    }
    stage.agent.stop().await;
    std::fs::remove_dir_all(&data).unwrap();
    std::fs::rename(&old, &data).unwrap();
    stage.agent.start().await;
    let agent = eventually("the hub's word of it", async || {
        let status = stage.hub.status().await;
        let agent = status["agents"][0].clone();
        if agent["forgotten_batches"] == 5 { Ok(agent) } else { Err(status) }
    })
    .await;
    assert_eq!(agent["connected"], true, "it is not turned away: {agent:#}");
    assert!(stage.hub.said().contains("an old copy of its data directory"), "{}", stage.hub.said());
    eventually("the agent to know again what it had forgotten", async || {
        let status = stage.agent.status().await;
        if status["known_files"] == 6 { Ok(()) } else { Err(status) }
    })
    .await;
    stage.nothing_is_left_to_do().await;

    // Its next start remembers all that this run sent.
    stage.agent.stop().await;
    stage.agent.start().await;
    eventually("an agent that is as it should be", async || {
        let status = stage.hub.status().await;
        let agent = &status["agents"][0];
        let told = agent["told_ms"].is_number() && agent["connected"] == true;
        if told && agent["forgotten_batches"] == 0 { Ok(()) } else { Err(status) }
    })
    .await;
    stage.agent.stop().await;
    stage.hub.stop().await;
    let dump = Dump::read(&stage.hub.run(&["dump"]).await);
    assert_eq!(dump.fates().get(&("stored".to_owned(), String::new())), Some(&6), "{:?}", dump.fates());
}
