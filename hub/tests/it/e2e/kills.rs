//! Evenings during which hub and agent are killed again and again.
//!
//! Each run has a number, and everything that is left to chance in it follows from that. `SLOMIX_KILL_RUNS` says how
//! many there are and `SLOMIX_KILL_SEED` which is the first: a run that failed is repeated by its number.

use std::time::Duration;

use jiff::civil::date;
use slomix_shared::sim::{Evening, FileWrite, Plan, play};
use tokio::time::sleep;

use super::dump::Dump;
use super::stage::Stage;
use super::{oracle, posts};
use crate::fake_discord::CHANNEL;

/// Chance that comes out the same for the same number (splitmix64).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    async fn pause(&mut self, most_ms: u64) {
        sleep(Duration::from_millis(self.below(most_ms))).await;
    }
}

/// A number that the environment may give.
pub(super) fn number(name: &str, default: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name} is a number, not {text}")),
        Err(_) => default,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_killed_whenever_nothing_is_lost_doubled_or_posted_twice() {
    let first = number("SLOMIX_KILL_SEED", 1);
    for seed in first..first + number("SLOMIX_KILL_RUNS", 3) {
        println!("run {seed}");
        Run::begin(seed).await.play_out().await;
    }
}

struct Run {
    seed: u64,
    evening: Evening,
    stage: Stage,
}

impl Run {
    async fn begin(seed: u64) -> Self {
        let plan =
            Plan { maps_per_evening: 2, players_per_side: 2, ..Plan::new(seed, date(2026, 3, 6).at(20, 15, 0, 0)) };
        let evening = play(&plan).expect("the plan can be played").next().expect("there is one evening");
        Self { seed, evening, stage: Stage::begin().await }
    }

    async fn play_out(mut self) {
        self.chaos().await;
        // What the agent took for acknowledged and the hub does not have would never come.
        self.stage.nothing_is_left_to_do().await;
        self.stage.agent.stop().await;
        self.stage.hub.stop().await;
        let dump = Dump::read(&self.stage.hub.run(&["dump"]).await);
        let evenings = std::slice::from_ref(&self.evening);
        oracle::check(&dump, evenings);
        posts::check(&self.stage.fake.messages(CHANNEL), evenings);
        let stored = dump.fates().get(&("stored".to_owned(), String::new())).copied();
        let files = self.stage.game.contents().len();
        assert_eq!(stored, Some(files), "run {}: every file is stored once: {:?}", self.seed, dump.fates());
        self.stage.hub.run(&["verify"]).await;
    }

    /// Files appear, and meanwhile programs are killed and started.
    async fn chaos(&mut self) {
        let writes: Vec<FileWrite<'_>> = {
            let files = self.evening.rounds().flat_map(|round| round.stats.iter().chain(&round.endstats));
            files.flat_map(|file| file.writes().collect::<Vec<_>>()).collect()
        };
        let (mut pauses, mut kills) = (Chance(self.seed), Chance(!self.seed));
        let Stage { game, hub, agent, road, .. } = &mut self.stage;
        let played = async move {
            for write in &writes {
                game.write(write);
                pauses.pause(40).await;
            }
        };
        let killed = async move {
            for _ in 0..2 + kills.below(4) {
                kills.pause(700).await;
                match kills.below(3) {
                    0 => {
                        agent.kill().await;
                        kills.pause(200).await;
                        agent.start().await;
                    }
                    1 => {
                        hub.kill().await;
                        kills.pause(200).await;
                        hub.serve(road).await;
                    }
                    _ => {
                        hub.kill().await;
                        kills.pause(100).await;
                        agent.kill().await;
                        agent.start().await;
                        kills.pause(100).await;
                        hub.serve(road).await;
                    }
                }
            }
        };
        tokio::join!(played, killed);
    }
}
