//! The newcomer's first look: a real hub, a real agent process and a game server that plays (or your own files),
//! all on loopback and in a directory of their own that is gone afterwards.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use clap::Args;
use tokio::signal::unix::{SignalKind, signal};

use crate::cli::paint::{GOOD, QUIET, STRONG, painted};
use crate::cli::posts::TerminalPosts;
use crate::cli::serve::faces;
use crate::config::Config;
use crate::data_dir::DataDir;
use crate::serve::{Hub, Parts, agents};

mod agent_process;
mod script;
mod stage;
mod summary;

use agent_process::AgentProcess;
use script::Script;
use stage::Stage;

/// What the demo plays.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Play the files of this directory instead of a simulated evening
    #[arg(long, value_name = "DIR")]
    stats_dir: Option<PathBuf>,
    /// How many evenings the simulated server plays
    #[arg(long, value_name = "N", default_value_t = 1, conflicts_with = "stats_dir")]
    evenings: u32,
    /// End when everything has been played; exit code 1 if the counts do not add up
    #[arg(long)]
    once: bool,
}

/// How long the last file may take to be derived.
const PATIENCE: Duration = Duration::from_mins(1);
/// No round is too old for a demo.
const ANY_AGE_HOURS: i64 = 24 * 366 * 100;

/// Plays; the answer is the exit code.
pub async fn run(args: DemoArgs) -> anyhow::Result<u8> {
    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    let script = match &args.stats_dir {
        Some(directory) => Script::of_directory(directory)?,
        None => Script::of_evenings(args.evenings)?,
    };
    let stage = Stage::build()?;
    let hub = start_hub(&stage).await?;
    let posts = TerminalPosts::start(hub.store().clone(), ANY_AGE_HOURS * 3_600_000, true);
    let mut events = hub.events();

    let address = hub.addresses().link.to_string();
    let now = jiff::Timestamp::now().as_millisecond();
    let config = demo_config()?;
    let token = agents::invite(hub.store(), hub.keys(), &config, "demo", None, Some(&address), now).await?;
    let mut agent = AgentProcess::join_and_run(&stage, &token.to_string()).await?;
    introduce(&stage, &hub, &script);

    let started = Instant::now();
    let playing = tokio::spawn(script.clone().play(stage.gamestats()));
    let finished = loop {
        tokio::select! {
            event = events.recv() => match event {
                Ok(event) => posts.take(event),
                Err(tokio::sync::broadcast::error::RecvError::Lagged(_)) => {}
                Err(error) => bail!("the hub stopped: {error}"),
            },
            () = tokio::time::sleep(Duration::from_millis(100)) => {}
            ended = agent.ended() => bail!("the agent ended ({ended}); its log:\n{}", agent.log()),
            _ = interrupted.recv() => break false,
            _ = terminated.recv() => break false,
        }
        if playing.is_finished() && script.is_derived(hub.store()).await? {
            break true;
        }
        if started.elapsed() > script.length() + PATIENCE {
            bail!("after {} s some files are still missing; the agent's log:\n{}", PATIENCE.as_secs(), agent.log());
        }
    };
    playing.abort();
    while let Ok(event) = events.try_recv() {
        posts.take(event);
    }
    let printed = posts.finish().await;
    let mut adds_up = true;
    if finished {
        let summary = summary::Summary::read(hub.store(), &script, &printed).await?;
        summary.print();
        adds_up = summary.adds_up();
        if !args.once {
            stay(&hub);
            tokio::select! {
                _ = interrupted.recv() => {}
                _ = terminated.recv() => {}
                ended = agent.ended() => anstream::println!("The agent ended ({ended})."),
            }
        }
    }
    agent.stop().await;
    hub.stop().await;
    Ok(u8::from(!adds_up))
}

fn demo_config() -> anyhow::Result<Config> {
    let mut config = Config::load(None, |_| None)?;
    // What an operator should know of a configuration is nothing to somebody who has none yet.
    config.notes.clear();
    let any_port = "127.0.0.1:0".parse().context("a loopback address")?;
    config.link.listen = any_port;
    // The usual ports where they are free, so that what the documentation says works here too.
    let free = |address: std::net::SocketAddr| std::net::TcpListener::bind(address).is_ok();
    config.http = if free(config.http) { config.http } else { any_port };
    config.admin = if free(config.admin) { config.admin } else { any_port };
    config.announce_hours = ANY_AGE_HOURS;
    Ok(config)
}

async fn start_hub(stage: &Stage) -> anyhow::Result<Hub> {
    let data = DataDir::open(&stage.hub_data())?;
    Ok(Hub::start(Parts::new(demo_config()?, data, faces())).await?)
}

/// What runs where, one line each.
fn introduce(stage: &Stage, hub: &Hub, script: &Script) {
    let at = hub.addresses();
    let line = |label: &str, text: String| {
        anstream::println!("{} {text}", painted(QUIET, &crate::reports::columns::left(label, 12)));
    };
    anstream::println!("{}", painted(STRONG, "Slomix demo"));
    line("game server", script.describe());
    line("agent", format!("watches {}", stage.gamestats().display()));
    line("hub", format!("takes batches over QUIC at {}, SQLite in {}", at.link, stage.hub_data().display()));
    line("status", format!("http://{}/status", at.admin));
    line("columns", "K kills, D deaths, DPM damage per minute, AC accuracy %, RV revives, * the best".to_owned());
    anstream::println!();
}

fn stay(hub: &Hub) {
    let at = hub.addresses();
    anstream::println!("\n{} Look around:", painted(GOOD, "Still running."));
    for url in [format!("{}/status", at.admin), format!("{}/metrics", at.admin), format!("{}/healthz", at.http)] {
        anstream::println!("  http://{url}");
    }
    anstream::println!("Ctrl-C ends it and removes all of it.");
}

/// What is written, in order; shared between the player and the one who counts.
type Files = Arc<Vec<script::Cue>>;
