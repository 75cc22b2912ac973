//! From the close of a stats file to the acknowledgement that the agent reads, and to the request that Discord gets.
//!
//! Real programs and a Discord that speaks its protocol, on loopback; one file after the other, each waiting until
//! the last one is done with, as on a game server. Beside them stands what one write to the disk costs here: most of
//! the first is that.
//!
//! `SLOMIX_BENCH_FILES` says how many files (200), `TMPDIR` on which disk.

use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

use jiff::civil::date;
use slomix_shared::sim::{Plan, SimFile, play};

#[path = "../tests/it"]
#[expect(dead_code, unused_imports, unreachable_pub, reason = "the tests' stage has more on it than is measured")]
mod it {
    pub(crate) mod fake_discord;
    pub(crate) mod e2e {
        pub(crate) mod agent;
        pub(crate) mod hub;
        pub(crate) mod patience;
        pub(crate) mod program;
        pub(crate) mod programs;
        pub(crate) mod road;
    }
}
use it::fake_discord;

mod measure {
    pub(crate) mod disk;
    pub(crate) mod size;
    pub(crate) mod spread;
}

use fake_discord::{Call, FakeDiscord};
use it::e2e::agent::Agent;
use it::e2e::hub::Hub;
use it::e2e::patience::eventually;
use it::e2e::road::Road;
use measure::disk::fsync;
use measure::spread::Spread;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(run());
}

async fn run() {
    let files = stats_files(measure::size::size("SLOMIX_BENCH_FILES", 200));
    let folder = tempfile::tempdir().expect("a folder");
    let disk = fsync(folder.path(), 200);

    let (fake, road) = (FakeDiscord::start().await, Road::open().await);
    let mut hub = Hub::new(folder.path().join("hub"), &fake);
    hub.serve(&road).await;
    let invite = hub.ask(&["agent", "invite", "bench", "--address", &road.address().to_string()]).await;
    let token = invite["token"].as_str().expect("an invite holds a token").to_owned();
    let mut agent = Agent::join(folder.path().join("game"), &token).await;
    agent.start().await;
    eventually("a connection", async || {
        let status = agent.status().await;
        if status["connected"] == true { Ok(()) } else { Err(status) }
    })
    .await;

    let (mut to_post, mut closed) = (Spread::default(), Vec::new());
    for (number, file) in files.iter().enumerate() {
        let (at, wall) = write_and_close(&agent.gamestats().join(&file.name), &file.bytes);
        closed.push((file.name.as_str(), wall));
        let posted = fake.wait_for("a post", |fake| posts(fake).get(number).copied()).await;
        to_post.add(posted.duration_since(at));
        // The session's message follows; a game server is quiet for minutes now.
        tokio::time::sleep(Duration::from_millis(120)).await;
    }
    agent.stop().await;
    hub.stop().await;
    let to_ack = acknowledgements(&agent.said(), &closed);
    let again = fsync(folder.path(), 200);

    println!("close of a stats file, {} files, two programs on loopback", files.len());
    println!("{}", disk.line("append 4 KiB + fdatasync, before"));
    println!("{}", again.line("append 4 KiB + fdatasync, after"));
    println!("{}", to_ack.line("close -> durable ack read by the agent"));
    println!("{}", to_post.line("close -> request received by Discord"));
    let floor = (disk.percentile(50) + again.percentile(50)) / 2;
    let ratio = |spread: &Spread| spread.percentile(50).as_secs_f64() / floor.as_secs_f64();
    println!("medians in writes to the disk: ack {:.1}, post {:.1}", ratio(&to_ack), ratio(&to_post));
    println!("before: polled every 60 s, so 30 s on average, and about 3 s of work");
}

fn stats_files(count: usize) -> Vec<SimFile> {
    let evenings = count.div_ceil(12) as u32;
    let plan = Plan { evenings, ..Plan::new(7, date(2026, 3, 6).at(20, 15, 0, 0)) };
    let evenings = play(&plan).expect("the plan can be played");
    let stats =
        evenings.flat_map(|evening| evening.rounds().filter_map(|round| round.stats.clone()).collect::<Vec<_>>());
    stats.take(count).collect()
}

/// The moment before the close, on both clocks.
fn write_and_close(path: &Path, bytes: &[u8]) -> (Instant, SystemTime) {
    use std::io::Write;
    let mut file = std::fs::File::create(path).expect("a file can be made");
    file.write_all(bytes).expect("a file can be written");
    let at = (Instant::now(), SystemTime::now());
    drop(file);
    at
}

/// When each round's message was asked for first.
fn posts(fake: &FakeDiscord) -> Vec<Instant> {
    let creates = fake.requests_of(|call| matches!(call, Call::CreateMessage(_)));
    let title = |json: &serde_json::Value| json["embeds"][0]["title"].as_str().unwrap_or_default().to_owned();
    // Beside them there are the session's message, one for each map, and digests.
    let of_round = |title: &str| title.contains(" R1: ") || title.contains(" R2: ");
    let rounds = creates.into_iter().filter(|request| of_round(&title(&request.json)));
    rounds.map(|request| request.at).collect()
}

/// From each close to the line in which the agent says that the hub has acknowledged the file.
fn acknowledgements(log: &str, closed: &[(&str, SystemTime)]) -> Spread {
    let mut spread = Spread::default();
    for (name, wall) in closed {
        let wanted = format!("file=\"{name}\"");
        let line = log.lines().find(|line| line.contains("acknowledged") && line.contains(&wanted));
        let line = line.unwrap_or_else(|| panic!("{name} was not acknowledged:\n{log}"));
        let at = line.split_whitespace().next().and_then(|time| time.parse::<jiff::Timestamp>().ok());
        let at = at.unwrap_or_else(|| panic!("a line of the log begins with the time: {line}"));
        let at = SystemTime::UNIX_EPOCH + Duration::from_micros(at.as_microsecond() as u64);
        spread.add(at.duration_since(*wall).expect("an acknowledgement follows the close"));
    }
    spread
}
