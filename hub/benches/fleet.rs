//! A thousand game servers at once: agents on loopback against one hub's program.
//!
//! Each agent has its own keys, socket and evenings, and ships one stats file after the other, each in a batch of its
//! own, as soon as the last one is acknowledged. All begin at the same moment, which no league does.
//!
//! `SLOMIX_BENCH_AGENTS` says how many there are (1000), `SLOMIX_BENCH_ROUNDS` what each of them ships (6).

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::ToSpan;
use jiff::civil::date;
use slomix_hub::config::Config;
use slomix_hub::data_dir::DataDir;
use slomix_hub::link::system_clock;
use slomix_hub::serve::{agents, hub_keys};
use slomix_hub::store::Store;
use slomix_shared::identity::JoinToken;
use slomix_shared::sim::{Plan, play};
use slomix_shared::wire::AckOutcome;
use tokio::sync::{Barrier, Semaphore};
use tokio::task::JoinSet;

#[path = "../tests/it"]
#[expect(dead_code, unused_imports, unreachable_pub, reason = "the tests' stage has more on it than is measured")]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod it {
    pub(crate) mod fake_discord;
    pub(crate) mod link_agent;
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
    pub(crate) mod kernel;
    pub(crate) mod open_files;
    pub(crate) mod size;
    pub(crate) mod spread;
}

use fake_discord::FakeDiscord;
use it::e2e::hub::Hub;
use it::e2e::road::Road;
use it::link_agent::LinkAgent;
use measure::kernel;
use measure::size::size;
use measure::spread::Spread;

/// Joins under way at once, under the hub's own limit.
const JOINING: usize = 8;
/// Calls under way at once: the hub lets 32 of one address stand at its door, and here all have one.
const CALLING: usize = 12;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(run(size("SLOMIX_BENCH_AGENTS", 1_000), size("SLOMIX_BENCH_ROUNDS", 6)));
}

async fn run(agents: usize, rounds: usize) {
    measure::open_files::many_files();
    let folder = tempfile::tempdir().expect("a folder");
    let (fake, road) = (FakeDiscord::start().await, Road::open().await);
    let mut hub = Hub::new(folder.path().join("hub"), &fake);
    hub.post_nothing_old();
    let secrets = invites(&hub, agents).await;
    hub.serve(&road).await;
    let address = hub.link_address().await;
    let quiet = kernel::memory(hub.pid());
    println!("{agents} agents, {rounds} stats files each, one hub on loopback");
    println!("hub with nobody connected: {quiet}");

    let begun = Instant::now();
    let fleet = join(secrets, address).await;
    println!("joining, {JOINING} at once: {:.0} a second", agents as f64 / begun.elapsed().as_secs_f64());

    let (start, calling) = (Arc::new(Barrier::new(agents + 1)), Arc::new(Semaphore::new(CALLING)));
    let mut shipping = JoinSet::new();
    for (number, agent) in fleet.into_iter().enumerate() {
        shipping.spawn(ship(agent, number, rounds, address, Arc::clone(&start), Arc::clone(&calling)));
    }
    start.wait().await;
    println!("hub with all of them connected: {}", kernel::memory(hub.pid()));
    let busy = kernel::processor_seconds(hub.pid());
    start.wait().await;
    let begun = Instant::now();
    let mut acks = Spread::default();
    while let Some(times) = shipping.join_next().await {
        times.expect("an agent ships").into_iter().for_each(|time| acks.add(time));
    }
    let kept = begun.elapsed();
    derived(&hub, agents * rounds).await;
    let all = begun.elapsed();

    let rate = |took: Duration| (agents * rounds) as f64 / took.as_secs_f64();
    println!("{}", acks.line("batch sent -> durable ack read"));
    println!("kept and acknowledged: {:.0} rounds a second; derived too: {:.0}", rate(kept), rate(all));
    let busy = kernel::processor_seconds(hub.pid()) - busy;
    println!("the hub's processor time: {:.2} ms a round", busy * 1000.0 / (agents * rounds) as f64);
    println!("hub after that: {}", kernel::memory(hub.pid()));
    hub.stop().await;
}

/// One token for each, made before the hub serves.
async fn invites(hub: &Hub, count: usize) -> Vec<JoinToken> {
    let config = Config::load(Some(&hub.config()), |_| None).expect("the configuration is good");
    let data = DataDir::open(&hub.data()).expect("a data directory");
    let store = Store::open(&data.database()).await.expect("a database");
    let now_ms = system_clock()();
    let keys = hub_keys(&data, &store, now_ms).await.expect("keys");
    let mut tokens = Vec::new();
    for number in 0..count {
        let (name, address) = (format!("agent{number}"), Some("127.0.0.1:27999"));
        let token = agents::invite(&store, &keys, &config, &name, None, address, now_ms).await;
        tokens.push(token.expect("an invite"));
    }
    store.close().await;
    tokens
}

async fn join(tokens: Vec<JoinToken>, address: std::net::SocketAddr) -> Vec<LinkAgent> {
    let (mut joining, mut fleet) = (JoinSet::new(), Vec::new());
    for (number, mut token) in tokens.into_iter().enumerate() {
        if joining.len() == JOINING {
            fleet.extend(joining.join_next().await.transpose().expect("an agent joins"));
        }
        token.address = address.to_string();
        joining.spawn(async move { LinkAgent::join_as(&token, number as u64).await });
    }
    fleet.extend(joining.join_all().await);
    fleet
}

/// Connects, waits for all others, and ships. How long each batch took.
async fn ship(
    agent: LinkAgent,
    number: usize,
    rounds: usize,
    address: std::net::SocketAddr,
    start: Arc<Barrier>,
    calling: Arc<Semaphore>,
) -> Vec<Duration> {
    // One evening a day, so that every server has evenings of its own.
    let first = date(2020, 1, 1).at(20, 15, 0, 0) + (number as i64).days();
    let plan = Plan { maps_per_evening: rounds.div_ceil(2) as u32, ..Plan::new(number as u64, first) };
    let evening = play(&plan).expect("the plan can be played").next().expect("an evening");
    let files: Vec<_> = evening.rounds().filter_map(|round| round.stats.clone()).take(rounds).collect();
    let turn = calling.acquire().await;
    let link = agent.connect(address).await;
    drop(turn);
    start.wait().await;
    start.wait().await;
    let mut times = Vec::new();
    for (sequence, file) in (1..).zip(&files) {
        let sent = Instant::now();
        let outcome = link.ship(sequence, &[(file.name.as_str(), &file.bytes)]).await;
        times.push(sent.elapsed());
        assert_eq!(outcome, Some(vec![AckOutcome::Received]));
    }
    times
}

async fn derived(hub: &Hub, files: usize) {
    loop {
        let status = hub.status().await;
        let stored = status["dispositions"].as_array().into_iter().flatten();
        let stored: u64 = stored.filter_map(|line| line["files"].as_u64()).sum();
        if stored == files as u64 && status["waiting"] == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
