//! Both programs, the way between them, the game that writes and the Discord that reads.

use slomix_hub::store::Store;
use slomix_shared::artifact::{ContentHash, FileName};

use super::agent::Agent;
use super::gameserver::GameServer;
use super::hub::Hub;
use super::patience::eventually;
use super::road::Road;
use crate::fake_discord::FakeDiscord;

/// A hub that serves, and an agent that has joined it and runs.
pub(super) struct Stage {
    pub(super) fake: FakeDiscord,
    pub(super) road: Road,
    pub(super) hub: Hub,
    pub(super) agent: Agent,
    pub(super) game: GameServer,
    pub(super) folder: tempfile::TempDir,
}

impl Stage {
    pub(super) async fn begin() -> Self {
        Self::begin_on(Road::open().await, None).await
    }

    /// The same on another road, with an agent that has a configuration.
    pub(super) async fn begin_on(road: Road, configuration: Option<&str>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let fake = FakeDiscord::start().await;
        let mut hub = Hub::new(folder.path().join("hub"), &fake);
        hub.serve(&road).await;
        let address = road.address().to_string();
        let invite = hub.ask(&["agent", "invite", "vps", "--address", &address]).await;
        let mut agent = Agent::join(folder.path().join("game"), invite["token"].as_str().unwrap()).await;
        if let Some(text) = configuration {
            agent.configure(text);
        }
        agent.start().await;
        let game = GameServer::new(agent.gamestats());
        Self { fake, road, hub, agent, game, folder }
    }

    /// Waits until every file as it is in the end has been derived, everything is posted, and the agent has nothing left.
    pub(super) async fn nothing_is_left_to_do(&self) {
        let store = Store::open(&self.hub.database()).await.unwrap();
        eventually("every file to be derived and every post to be sent", async || {
            for (name, content) in self.game.contents() {
                let (kind, hash) = (FileName::kind_of(name), ContentHash::of(content));
                if !store.has_fate(kind, name, &hash).await.unwrap() {
                    return Err(format!("{name} is not derived"));
                }
            }
            let waiting = store.pending_count().await.unwrap();
            let open = store.post_heads().await.unwrap();
            let agent = self.agent.status().await;
            let held = ["unacked_files", "settling_files"].map(|what| agent[what].as_u64());
            let done = waiting == 0 && open.is_empty() && held == [Some(0), Some(0)];
            if done { Ok(()) } else { Err(format!("{waiting} wait, posts {open:?}, agent {agent:#}")) }
        })
        .await;
        store.close().await;
        let status = self.hub.status().await;
        assert_eq!(status["posts"]["dead"], 0, "{status:#}");
        assert_eq!(status["obstacles"], serde_json::json!([]), "{status:#}");
    }
}
