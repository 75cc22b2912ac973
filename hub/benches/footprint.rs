//! What the agent's program takes from the machine that the game server runs on.
//!
//! At rest beside a hub, connected and with one file shipped; then started with a backlog. Both programs are real, on
//! loopback. Memory as the kernel tells it.
//!
//! `SLOMIX_BENCH_BACKLOG` says how many files wait (10000), `SLOMIX_BENCH_IDLE` how many seconds it rests (60).

use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

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
    pub(crate) mod kernel;
    #[expect(dead_code, reason = "other benches play other files")]
    pub(crate) mod played;
    pub(crate) mod size;
}

use fake_discord::FakeDiscord;
use it::e2e::agent::Agent;
use it::e2e::hub::Hub;
use it::e2e::programs;
use it::e2e::road::Road;
use measure::kernel;
use measure::played::long_evenings;
use measure::size::size;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(run(size("SLOMIX_BENCH_BACKLOG", 10_000), size("SLOMIX_BENCH_IDLE", 60)));
}

async fn run(backlog: usize, idle: usize) {
    let folder = tempfile::tempdir().expect("a folder");
    let (fake, road) = (FakeDiscord::start().await, Road::open().await);
    let mut hub = Hub::new(folder.path().join("hub"), &fake);
    hub.post_nothing_old();
    hub.serve(&road).await;
    let invite = hub.ask(&["agent", "invite", "bench", "--address", &road.address().to_string()]).await;
    let token = invite["token"].as_str().expect("an invite holds a token").to_owned();
    let mut agent = Agent::join(folder.path().join("game"), &token).await;
    let program = std::fs::metadata(programs::agent()).expect("the agent's program is built").len();
    println!("the program: {:.2} MB", program as f64 / 1e6);

    let files = long_evenings(backlog + 1);
    let bytes: usize = files[1..].iter().map(|(_, content)| content.len()).sum();
    std::fs::write(agent.gamestats().join(&files[0].0), &files[0].1).expect("a file can be written");
    agent.start().await;
    kept(&hub, 1).await;
    tokio::time::sleep(Duration::from_secs(5)).await;
    let before = kernel::processor_seconds(agent.pid());
    tokio::time::sleep(Duration::from_secs(idle as u64)).await;
    let took = kernel::processor_seconds(agent.pid()) - before;
    println!("at rest: {}", kernel::memory(agent.pid()));
    println!("at rest for {idle} s: {took:.2} s of a processor, {:.3} %", took / idle.max(1) as f64 * 100.0);
    agent.stop().await;

    for (name, content) in &files[1..] {
        write_long_ago(&agent.gamestats().join(name), content);
    }
    let batches = batches(&hub).await;
    let begun = Instant::now();
    agent.start().await;
    let started = begun.elapsed();
    kept(&hub, 2).await;
    let first = begun.elapsed();
    kept(&hub, backlog + 1).await;
    let all = begun.elapsed();
    let shipped = self::batches(&hub).await - batches;
    println!(
        "started with {backlog} files in wait: {:.2} s until it says so, {:.2} s to the first files kept",
        started.as_secs_f64(),
        first.as_secs_f64()
    );
    let rate = |count: f64| count / all.as_secs_f64();
    println!(
        "all kept after {:.1} s: {:.0} files, {:.1} batches and {:.2} MB a second",
        all.as_secs_f64(),
        rate(backlog as f64),
        rate(shipped),
        rate(bytes as f64 / 1e6)
    );
    println!("behind the backlog: {}", kernel::memory(agent.pid()));
    agent.stop().await;
    hub.stop().await;
}

/// A file that nobody can be writing still.
fn write_long_ago(path: &Path, bytes: &[u8]) {
    std::fs::write(path, bytes).expect("a file can be written");
    let file = std::fs::File::options().write(true).open(path).expect("the file is there");
    file.set_modified(SystemTime::now() - Duration::from_hours(1)).expect("a file's time can be set");
}

/// Waits until the hub has kept so many files.
async fn kept(hub: &Hub, files: usize) {
    loop {
        let status = hub.status().await;
        let kept: u64 =
            status["archive"].as_array().into_iter().flatten().filter_map(|line| line["files"].as_u64()).sum();
        if kept >= files as u64 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Batches that the hub has kept since it started.
async fn batches(hub: &Hub) -> f64 {
    let metrics = hub.metrics().await;
    let line = metrics.lines().find(|line| line.starts_with("slomix_hub_batches_total"));
    line.and_then(|line| line.rsplit(' ').next()).and_then(|count| count.parse().ok()).unwrap_or_default()
}
