//! The whole line as people run it: the two programs, a watched directory, Discord at the other end.
//!
//! Two evenings are played while everything goes wrong that is not allowed to matter: halves come in the wrong order,
//! files twice, cut short or broken, Discord refuses, loses an answer or never gives one, and both programs are killed
//! with files under way. In the end every round is stored once and posted once, and nothing is missing.
//!
//! All waits are for a state, with a bound; nothing here measures time.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod admin;
mod agent;
mod asked;
mod certificates;
mod chaos;
mod control;
mod dump;
mod evenings;
mod gameserver;
mod hub;
mod offered_again;
mod oracle;
mod patience;
mod posts;
pub(crate) mod program;
pub(crate) mod programs;
mod road;
mod udp_game;
mod weather;

use std::collections::BTreeMap;
use std::time::Duration;

use slomix_hub::store::Store;
use slomix_shared::artifact::{ContentHash, FileName};
use slomix_shared::sim::Evening;

use crate::fake_discord::{CHANNEL, Call, FakeDiscord, Fault};
use agent::Agent;
use dump::Dump;
use evenings::{FIRST, SECOND, beside, endstats, evenings, round, stats};
use gameserver::GameServer;
use hub::Hub;
use patience::eventually;
use road::Road;

/// Everybody on the stage.
struct Evenings {
    played: Vec<Evening>,
    fake: FakeDiscord,
    road: Road,
    hub: Hub,
    agent: Agent,
    game: GameServer,
    _folder: tempfile::TempDir,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_evenings_arrive_whole_whatever_breaks() {
    let mut evenings = Evenings::begin().await;
    evenings.a_first_map_in_the_wrong_order().await;
    evenings.a_map_while_discord_is_unwell().await;
    evenings.the_hub_is_killed_while_a_post_is_under_way().await;
    evenings.the_agent_is_killed_while_the_hub_is_away().await;
    evenings.the_agent_is_killed_behind_a_file().await;
    evenings.nothing_is_left_to_do().await;
    evenings.all_is_as_it_was_played().await;
}

impl Evenings {
    async fn begin() -> Self {
        Self::begin_on(Road::open().await, None).await
    }

    /// The same on another road, with an agent that has a configuration.
    async fn begin_on(road: Road, configuration: Option<&str>) -> Self {
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
        Self { played: evenings(), fake, road, hub, agent, game, _folder: folder }
    }

    /// The second half comes first and is posted with match totals; meanwhile files come that cannot be read, and
    /// one that nothing reads yet.
    async fn a_first_map_in_the_wrong_order(&mut self) {
        let [first, second, cut] = [0, 1, 4].map(|number| round(&self.played, FIRST, number).clone());
        self.game.play(stats(&second));
        self.game.play(endstats(&second));
        self.game.put(&beside(&second, 40, ".txt"), b"\x00\xfe\\no stats file, with a line feed\n\tat all\n");
        self.game.put(&beside(&second, 2, "_engagements.txt"), b"# PROXIMITY_TRACKER_V6\n# map=supply\n");
        self.game.put("gametime-supply-R1-1772825695.json", br#"{"meta":{},"payload":[]}"#);
        let whole = &stats(&cut).bytes;
        self.game.put(&stats(&cut).name, &whole[..whole.len() * 2 / 3]);
        self.fates("three files in quarantine", |fates| quarantined(fates) == 3).await;
        self.messages("the second half, its map and its session", 3).await;
        let posts = self.fake.messages(CHANNEL);
        let said = posts.iter().any(|post| format!("{:?}", post.embeds).contains("totals of both halves"));
        assert!(said, "a second half alone says what its numbers are: {posts:#?}");
        self.game.play(stats(&first));
        self.game.play(endstats(&first));
        self.messages("the first half", 4).await;
    }

    /// Discord refuses one message and loses the answer to the next; the file comes twice, and as a copy.
    async fn a_map_while_discord_is_unwell(&mut self) {
        let creates = |call: &Call| matches!(call, Call::CreateMessage(_));
        let retry_after = Duration::from_millis(300);
        self.fake.fail_next(creates, Fault::RateLimited { retry_after, global: false });
        self.fake.fail_next(creates, Fault::CutAfter);
        let first = round(&self.played, FIRST, 2).clone();
        self.game.play(stats(&first));
        self.game.play(stats(&first));
        self.game.play(endstats(&first));
        self.game.put(&beside(&first, 90, ".txt"), &stats(&first).bytes);
        self.fates("a copy", |fates| count(fates, "duplicate", "") == 1).await;
        self.messages("the first half of the second map", 5).await;
    }

    /// Discord has the message, its answer never comes, files arrive, and the hub is gone.
    async fn the_hub_is_killed_while_a_post_is_under_way(&mut self) {
        let creates = |call: &Call| matches!(call, Call::CreateMessage(_));
        let before = self.fake.requests_of(creates).len();
        self.fake.fail_next(creates, Fault::Slow(Duration::from_hours(1)));
        let [second, completed, last] = [3, 4, 5].map(|number| round(&self.played, FIRST, number).clone());
        self.game.play(stats(&second));
        self.fake.wait_for("a post", |fake| (fake.requests_of(creates).len() > before).then_some(())).await;
        self.game.play(stats(&completed));
        self.game.play(stats(&last));
        self.hub.kill().await;
        // By the time a hub is started again Discord may have forgotten under which nonce it wrote.
        self.fake.forget_nonces();
        for half in [&second, &completed, &last] {
            self.game.play(endstats(half));
        }
    }

    async fn the_agent_is_killed_while_the_hub_is_away(&mut self) {
        let [first, second] = [0, 1].map(|number| round(&self.played, SECOND, number).clone());
        self.game.play(stats(&first));
        self.game.play(endstats(&first));
        eventually("files that wait for the hub", async || {
            let status = self.agent.status().await;
            if status["unacked_files"].as_u64() > Some(0) { Ok(()) } else { Err(status) }
        })
        .await;
        self.agent.kill().await;
        self.game.play(stats(&second));
        self.game.play(endstats(&second));
        self.agent.start().await;
        self.hub.serve(&self.road).await;
        self.fates("eight rounds with their endstats", |fates| count(fates, "stored", "") == 16).await;
    }

    async fn the_agent_is_killed_behind_a_file(&mut self) {
        let [first, second, third, last] = [2, 3, 4, 5].map(|number| round(&self.played, SECOND, number).clone());
        self.game.play(stats(&first));
        self.game.play(endstats(&first));
        self.game.play(stats(&second));
        self.agent.kill().await;
        self.game.play(endstats(&second));
        self.game.play(stats(&third));
        self.agent.start().await;
        self.game.play(endstats(&third));
        self.game.play(stats(&last));
        self.game.play(endstats(&last));
    }

    /// Every file as it is in the end has been derived, everything is posted, and the agent has nothing left.
    async fn nothing_is_left_to_do(&mut self) {
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
        assert_eq!(status["trouble"], serde_json::Value::Null, "{status:#}");
    }

    async fn all_is_as_it_was_played(mut self) {
        self.agent.stop().await;
        self.hub.stop().await;
        let agent = self.agent.status().await;
        assert_eq!((&agent["unacked_files"], &agent["complaint_count"]), (&0.into(), &0.into()), "{agent:#}");

        let said = self.agent.said();
        assert!(!said.contains("ERROR"), "nothing went wrong that the agent calls an error:\n{said}");

        let text = self.hub.run(&["dump"]).await;
        let dump = Dump::read(&text);
        oracle::check(&dump, &self.played);
        posts::check(&self.fake.messages(CHANNEL), &self.played);
        let fates = dump.fates();
        let wanted = [("stored", "", 24), ("duplicate", "", 1), ("quarantined", "rejected", 1)];
        for (state, code, files) in wanted {
            assert_eq!(count(&fates, state, code), files, "{state} {code}: {fates:?}");
        }
        // The beginning that was completed later; a file that is written over in place may be read while it is cut to
        // nothing, and endstats, taken for finished after two seconds of quiet, before they are on a machine that stood
        // still for as long: more contents that others supersede.
        assert!(count(&fates, "superseded", "") >= 1, "the cut file's beginning gave way: {fates:?}");
        assert_eq!(count(&fates, "kept", ""), 1, "a file of engagements: {fates:?}");
        assert_eq!(count(&fates, "kept", "waiting"), 0, "every endstats file has found its round: {fates:?}");
        let broken = self.hub.ask(&["quarantine", "list"]).await;
        let broken = broken.as_array().unwrap();
        assert_eq!(broken.len(), 2, "the garbage and what a rule refuses: {broken:#?}");
        assert!(broken.iter().all(|file| !file["reason"].as_str().unwrap().is_empty()), "{broken:#?}");

        self.hub.run(&["rebuild"]).await;
        assert_eq!(self.hub.run(&["dump"]).await, text, "a rebuild changes nothing");
        self.hub.run(&["verify"]).await;
    }

    async fn fates(&self, what: &str, holds: impl Fn(&BTreeMap<(String, String), usize>) -> bool) {
        eventually(what, async || {
            let status = self.hub.status().await;
            let lines = status["dispositions"].as_array().unwrap();
            let fates = lines.iter().map(|line| {
                let word = |what: &str| line[what].as_str().unwrap().to_owned();
                ((word("state"), word("code")), line["files"].as_u64().unwrap() as usize)
            });
            if holds(&fates.collect()) { Ok(()) } else { Err(format!("{status:#}")) }
        })
        .await;
    }

    async fn messages(&self, what: &str, least: usize) {
        eventually(what, async || {
            let messages = self.fake.messages(CHANNEL);
            if messages.len() >= least { Ok(()) } else { Err(format!("{messages:#?}")) }
        })
        .await;
    }
}

fn count(fates: &BTreeMap<(String, String), usize>, state: &str, code: &str) -> usize {
    fates.get(&(state.to_owned(), code.to_owned())).copied().unwrap_or_default()
}

fn quarantined(fates: &BTreeMap<(String, String), usize>) -> usize {
    fates.iter().filter(|((state, _), _)| state == "quarantined").map(|(_, files)| files).sum()
}
