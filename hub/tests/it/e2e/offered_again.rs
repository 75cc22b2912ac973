//! What agents shipped after a backup is not in a hub restored from it, and they believe it safe. Asked for it, they
//! offer their files again.

use super::hub::Hub;
use super::*;
use crate::fake_discord::FakeDiscord;

/// Who owns the hub.
const OWNER: u64 = 301;

/// How many files the hub keeps.
async fn kept(hub: &Hub) -> i64 {
    let status = hub.status().await;
    status["archive"].as_array().into_iter().flatten().filter_map(|kept| kept["files"].as_i64()).sum()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_shipped_after_a_backup_comes_back_when_it_is_asked_for() {
    let Evenings { played, stage } = Evenings::begin().await;
    let Stage { fake, road, mut hub, mut agent, mut game, folder } = stage;
    let files = |number: usize| stats(round(&played, FIRST, number)).clone();
    let all_are_kept = async |hub: &Hub, wanted: i64| {
        eventually("files that are kept", async || match kept(hub).await {
            kept if kept == wanted => Ok(()),
            kept => Err(kept),
        })
        .await;
    };
    game.play(&files(0));
    all_are_kept(&hub, 1).await;
    let backup = folder.path().join("hub.backup");
    let backup = backup.to_str().unwrap();
    hub.run(&["backup", backup]).await;
    for number in 1..6 {
        game.play(&files(number));
    }
    all_are_kept(&hub, 6).await;
    hub.stop().await;
    hub.run(&["restore", backup, "--force"]).await;
    hub.serve(&road).await;
    eventually("the agent", async || {
        let status = hub.status().await;
        if status["agents"][0]["connected"] == true { Ok(()) } else { Err(status) }
    })
    .await;
    assert_eq!(kept(&hub).await, 1);

    eventually("the bot", async || {
        let status = hub.status().await;
        if status["discord"]["state"] == "ready" { Ok(()) } else { Err(status) }
    })
    .await;
    fake.wait_for("a gateway", |fake| (fake.connections() > 0).then_some(())).await;
    let asked = fake.say(CHANNEL, OWNER, "!sync_all");
    let done = |fake: &FakeDiscord| {
        let said = fake.messages(CHANNEL).into_iter().filter(|message| message.id > asked);
        said.into_iter()
            .find(|message| message.embeds.first().is_some_and(|embed| embed["title"] == "Asked for files again"))
    };
    let done = fake.wait_for("what came of it", done).await;
    let told = done.embeds[0]["description"].as_str().unwrap_or_default().to_owned();
    assert!(told.starts_with("5 files that the hub did not have."), "{told}");
    assert!(told.contains("vps: 6 files offered, nothing is left"), "{told}");
    all_are_kept(&hub, 6).await;
    agent.stop().await;
    eventually("the agent to be gone", async || {
        let status = hub.status().await;
        if status["agents"][0]["connected"] == false { Ok(()) } else { Err(status) }
    })
    .await;
    let said = hub.said();
    assert!(
        said.contains("an agent left") && !said.contains("nothing was heard"),
        "it says goodbye when it is stopped: {said}"
    );
    hub.stop().await;
}
