//! The whole line as people run it: the two programs, a watched directory, Discord at the other end.
//!
//! Two evenings are played while everything goes wrong that is not allowed to matter: halves come in the wrong order,
//! files twice, cut short or broken, Discord refuses, loses an answer or never gives one, and both programs are killed
//! with files under way. In the end every round is stored once and posted once, and nothing is missing.
//!
//! All waits are for a state, with a bound; nothing here measures time.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod admin;
#[expect(dead_code, reason = "some of it is for benches")]
mod agent;
mod asked;
mod certificates;
mod chaos;
mod control;
mod dump;
mod evenings;
mod gameserver;
#[expect(dead_code, reason = "some of it is for benches")]
mod hub;
mod kills;
mod offered_again;
mod old_copy;
mod oracle;
mod patience;
mod posts;
pub(crate) mod program;
pub(crate) mod programs;
mod road;
mod stage;
mod udp_game;
mod weather;

use std::collections::BTreeMap;
use std::time::Duration;

use slomix_shared::sim::Evening;

use crate::fake_discord::{CHANNEL, Call, Fault};
use dump::Dump;
use evenings::{FIRST, SECOND, beside, endstats, evenings, round, stats};
use patience::eventually;
use stage::Stage;

/// Everybody on the stage.
struct Evenings {
    played: Vec<Evening>,
    stage: Stage,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_evenings_arrive_whole_whatever_breaks() {
    let mut evenings = Evenings::begin().await;
    evenings.a_first_map_in_the_wrong_order().await;
    evenings.a_map_while_discord_is_unwell().await;
    evenings.the_hub_is_killed_while_a_post_is_under_way().await;
    evenings.the_agent_is_killed_while_the_hub_is_away().await;
    evenings.the_agent_is_killed_behind_a_file().await;
    evenings.stage.nothing_is_left_to_do().await;
    evenings.all_is_as_it_was_played().await;
}

impl Evenings {
    async fn begin() -> Self {
        Self { played: evenings(), stage: Stage::begin().await }
    }

    /// The second half comes first and is posted with match totals; meanwhile files come that cannot be read, and
    /// one that nothing reads yet.
    async fn a_first_map_in_the_wrong_order(&mut self) {
        let [first, second, cut] = [0, 1, 4].map(|number| round(&self.played, FIRST, number).clone());
        self.stage.game.play(stats(&second));
        self.stage.game.play(endstats(&second));
        self.stage.game.put(&beside(&second, 40, ".txt"), b"\x00\xfe\\no stats file, with a line feed\n\tat all\n");
        self.stage.game.put(&beside(&second, 2, "_engagements.txt"), b"# PROXIMITY_TRACKER_V6\n# map=supply\n");
        self.stage.game.put("gametime-supply-R1-1772825695.json", br#"{"meta":{},"payload":[]}"#);
        let whole = &stats(&cut).bytes;
        self.stage.game.put(&stats(&cut).name, &whole[..whole.len() * 2 / 3]);
        self.fates("three files in quarantine", |fates| quarantined(fates) == 3).await;
        self.messages("the second half, its map and its session", 3).await;
        let posts = self.stage.fake.messages(CHANNEL);
        let said = posts.iter().any(|post| format!("{:?}", post.embeds).contains("totals of both halves"));
        assert!(said, "a second half alone says what its numbers are: {posts:#?}");
        self.stage.game.play(stats(&first));
        self.stage.game.play(endstats(&first));
        self.messages("the first half", 4).await;
    }

    /// Discord refuses one message and loses the answer to the next; the file comes twice, and as a copy.
    async fn a_map_while_discord_is_unwell(&mut self) {
        let creates = |call: &Call| matches!(call, Call::CreateMessage(_));
        let retry_after = Duration::from_millis(300);
        self.stage.fake.fail_next(creates, Fault::RateLimited { retry_after, global: false });
        self.stage.fake.fail_next(creates, Fault::CutAfter);
        let first = round(&self.played, FIRST, 2).clone();
        self.stage.game.play(stats(&first));
        self.stage.game.play(stats(&first));
        self.stage.game.play(endstats(&first));
        self.stage.game.put(&beside(&first, 90, ".txt"), &stats(&first).bytes);
        self.fates("a copy", |fates| count(fates, "duplicate", "") == 1).await;
        self.messages("the first half of the second map", 5).await;
    }

    /// Discord has the message, its answer never comes, files arrive, and the hub is gone.
    async fn the_hub_is_killed_while_a_post_is_under_way(&mut self) {
        let creates = |call: &Call| matches!(call, Call::CreateMessage(_));
        let before = self.stage.fake.requests_of(creates).len();
        self.stage.fake.fail_next(creates, Fault::Slow(Duration::from_hours(1)));
        let [second, completed, last] = [3, 4, 5].map(|number| round(&self.played, FIRST, number).clone());
        self.stage.game.play(stats(&second));
        self.stage.fake.wait_for("a post", |fake| (fake.requests_of(creates).len() > before).then_some(())).await;
        self.stage.game.play(stats(&completed));
        self.stage.game.play(stats(&last));
        self.stage.hub.kill().await;
        // By the time a hub is started again Discord may have forgotten under which nonce it wrote.
        self.stage.fake.forget_nonces();
        for half in [&second, &completed, &last] {
            self.stage.game.play(endstats(half));
        }
    }

    async fn the_agent_is_killed_while_the_hub_is_away(&mut self) {
        let [first, second] = [0, 1].map(|number| round(&self.played, SECOND, number).clone());
        self.stage.game.play(stats(&first));
        self.stage.game.play(endstats(&first));
        eventually("files that wait for the hub", async || {
            let status = self.stage.agent.status().await;
            if status["unacked_files"].as_u64() > Some(0) { Ok(()) } else { Err(status) }
        })
        .await;
        self.stage.agent.kill().await;
        self.stage.game.play(stats(&second));
        self.stage.game.play(endstats(&second));
        self.stage.agent.start().await;
        self.stage.hub.serve(&self.stage.road).await;
        self.fates("eight rounds with their endstats", |fates| count(fates, "stored", "") == 16).await;
    }

    async fn the_agent_is_killed_behind_a_file(&mut self) {
        let [first, second, third, last] = [2, 3, 4, 5].map(|number| round(&self.played, SECOND, number).clone());
        self.stage.game.play(stats(&first));
        self.stage.game.play(endstats(&first));
        self.stage.game.play(stats(&second));
        self.stage.agent.kill().await;
        self.stage.game.play(endstats(&second));
        self.stage.game.play(stats(&third));
        self.stage.agent.start().await;
        self.stage.game.play(endstats(&third));
        self.stage.game.play(stats(&last));
        self.stage.game.play(endstats(&last));
    }

    async fn all_is_as_it_was_played(mut self) {
        self.stage.agent.stop().await;
        self.stage.hub.stop().await;
        let agent = self.stage.agent.status().await;
        assert_eq!((&agent["unacked_files"], &agent["complaint_count"]), (&0.into(), &0.into()), "{agent:#}");

        let said = self.stage.agent.said();
        assert!(!said.contains("ERROR"), "nothing went wrong that the agent calls an error:\n{said}");

        let text = self.stage.hub.run(&["dump"]).await;
        let dump = Dump::read(&text);
        oracle::check(&dump, &self.played);
        posts::check(&self.stage.fake.messages(CHANNEL), &self.played);
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
        let broken = self.stage.hub.ask(&["quarantine", "list"]).await;
        let broken = broken.as_array().unwrap();
        assert_eq!(broken.len(), 2, "the garbage and what a rule refuses: {broken:#?}");
        assert!(broken.iter().all(|file| !file["reason"].as_str().unwrap().is_empty()), "{broken:#?}");

        self.stage.hub.run(&["rebuild"]).await;
        assert_eq!(self.stage.hub.run(&["dump"]).await, text, "a rebuild changes nothing");
        self.stage.hub.run(&["verify"]).await;
    }

    async fn fates(&self, what: &str, holds: impl Fn(&BTreeMap<(String, String), usize>) -> bool) {
        eventually(what, async || {
            let status = self.stage.hub.status().await;
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
            let messages = self.stage.fake.messages(CHANNEL);
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
