//! How long the bot takes from a slash command to its whole answer, as Discord sees it: the program that is shipped, the
//! real client, and a Discord that speaks its protocol, on loopback. Behind a short history and behind a long one.
//!
//! A fresh answer is one that nobody asked for since something changed; a kept one was asked for a moment ago.
//!
//! `SLOMIX_BENCH_ANSWERS` says how often each is asked (100), `SLOMIX_BENCH_ROUNDS` how long the short history is (3,000),
//! `SLOMIX_BENCH_HISTORY` how long the long one (100,000), `TMPDIR` on which disk.

use std::process::Stdio;
use std::time::{Duration, Instant};

#[path = "../tests/it"]
#[expect(dead_code, unused_imports, unreachable_pub, reason = "the tests' stage has more on it than is measured")]
mod it {
    pub(crate) mod fake_discord;
    pub(crate) mod e2e {
        pub(crate) mod hub;
        pub(crate) mod patience;
        pub(crate) mod program;
        pub(crate) mod programs;
        pub(crate) mod road;
    }
}
use it::fake_discord;

mod measure {
    #[expect(dead_code, reason = "people ask about evenings; other benches are not about those")]
    pub(crate) mod played;
    pub(crate) mod size;
    pub(crate) mod spread;
}

use fake_discord::{Answer, CHANNEL, FakeDiscord};
use it::e2e::hub::Hub;
use it::e2e::road::Road;
use measure::size::size;
use measure::spread::Spread;

/// Who owns the hub, as its configuration says.
const OWNER: u64 = 301;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(run());
}

async fn run() {
    let times = size("SLOMIX_BENCH_ANSWERS", 100);
    for rounds in [size("SLOMIX_BENCH_ROUNDS", 3_000), size("SLOMIX_BENCH_HISTORY", 100_000)] {
        let begun = Instant::now();
        let mut asking = Asking::behind(rounds).await;
        println!("behind {rounds} rounds ({:.0} s to import them):", begun.elapsed().as_secs_f64());
        asking.tell(times).await;
        asking.hub.stop().await;
    }
}

/// A hub that has been told a history, and whoever asks it.
struct Asking {
    fake: FakeDiscord,
    hub: Hub,
    _road: Road,
    _folder: tempfile::TempDir,
    /// Nobody asks twice: the bot has people wait.
    person: u64,
}

/// A command and its options, by name.
type Command = (&'static str, Vec<(&'static str, String)>);

impl Asking {
    async fn behind(rounds: usize) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let stats = folder.path().join("gamestats");
        std::fs::create_dir(&stats).expect("a folder");
        for (name, content) in measure::played::long_evenings(rounds) {
            std::fs::write(stats.join(name), content).expect("a file can be written");
        }
        let (fake, road) = (FakeDiscord::start().await, Road::open().await);
        let mut hub = Hub::new(folder.path().join("hub"), &fake);
        // Longer than anything that a test waits for.
        let mut import = hub.command(&["import", stats.to_str().expect("a path in UTF-8")]);
        let done = import.stdout(Stdio::null()).stderr(Stdio::null()).status().await;
        assert!(done.expect("the hub can be started").success(), "the import failed");
        hub.serve(&road).await;
        fake.wait_for("the slash commands", |fake| (!fake.commands().is_empty()).then_some(())).await;
        fake.wait_for("a session", |fake| (fake.connections() > 0).then_some(())).await;
        Self { fake, hub, _road: road, _folder: folder, person: 1_000 }
    }

    async fn tell(&mut self, times: usize) {
        let players = self.choices("player stats", "player", "").await;
        let sessions = self.choices("session show", "session", "").await;
        let boards = self.choices("leaderboard", "board", "").await;
        let player = |at: usize| players[at % players.len()].clone();
        let board = |at: usize| ("board", boards[at % boards.len()].clone());
        self.measure("last_session", times, |_| ("session last", vec![])).await;
        let session = |at: usize| ("session", sessions[at % sessions.len()].clone());
        self.measure("session", times, |at| ("session show", vec![session(at)])).await;
        self.measure("stats", times, |at| ("player stats", vec![("player", player(at))])).await;
        self.measure("leaderboard", times, |at| ("leaderboard", vec![board(at)])).await;
        let season = |at| ("leaderboard", vec![board(at), ("over", "season".to_owned())]);
        self.measure("leaderboard of the season", times, season).await;
        let compare = |at| {
            let other = player(at + 1 + at / players.len());
            ("player compare", vec![("player1", player(at)), ("player2", other)])
        };
        self.measure("compare, with its picture", times, compare).await;
        let mut typed = Spread::default();
        for at in 0..times {
            let letter = char::from(b'a' + (at % 26) as u8).to_string();
            let begun = Instant::now();
            self.choices("player stats", "player", &letter).await;
            typed.add(begun.elapsed());
        }
        println!("  {}", typed.line("a player's name, completed"));
    }

    /// Asks so often, each time right after all answers were forgotten, and once more.
    async fn measure(&mut self, name: &str, times: usize, command: impl Fn(usize) -> Command) {
        let (mut fresh, mut kept) = (Spread::default(), Spread::default());
        for at in 0..times {
            let (path, options) = command(at);
            self.ask(OWNER, "admin cache_clear", &[]).await;
            fresh.add(self.asked_by_somebody(path, &options).await);
            kept.add(self.asked_by_somebody(path, &options).await);
        }
        println!("  {}", fresh.line(&format!("{name}, fresh")));
        println!("  {}", kept.line(&format!("{name}, kept")));
    }

    async fn asked_by_somebody(&mut self, path: &str, options: &[(&str, String)]) -> Duration {
        self.person += 1;
        let options: Vec<(&str, &str)> = options.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let begun = Instant::now();
        let answer = self.ask(self.person, path, &options).await;
        let took = begun.elapsed();
        assert!(!answer.embeds.is_empty(), "/{path} {options:?} was not answered: {answer:?}");
        took
    }

    async fn ask(&self, person: u64, path: &str, options: &[(&str, &str)]) -> Answer {
        let token = self.fake.slash(CHANNEL, person, path, options);
        self.fake.wait_for(path, |fake| fake.answers(&token).into_iter().next()).await
    }

    /// What is offered to somebody who typed `text`.
    async fn choices(&self, path: &str, option: &str, text: &str) -> Vec<String> {
        let token = self.fake.type_slash(CHANNEL, self.person, path, (option, text));
        let choices = self.fake.wait_for("choices", |fake| fake.choices(&token)).await;
        choices.iter().filter_map(|choice| choice["value"].as_str().map(str::to_owned)).collect()
    }
}
