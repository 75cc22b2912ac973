use clap::Subcommand;

use crate::serve::admin::{Retried, Retry};

use super::paint::{BAD, GOOD, QUIET, painted};
use super::work::work;
use super::{Place, setup};

mod show;

/// Files that `list` names at most.
const MOST_LISTED: usize = 1000;

pub(super) const HELP: &str = "\
Every file that arrives is kept, also one that cannot be read: cut off, broken, misnamed, or refused by the rules that \
its agent runs. A complete copy that comes later takes its place by itself.\n
All of them again, after an update:     slomix-hub quarantine retry
One that a rule was wrong about:        slomix-hub quarantine retry NAME --accept --reason WHY";

#[derive(Debug, Subcommand)]
pub(super) enum QuarantineCommand {
    /// List the files that could not be read, with reasons
    List,
    /// Print how a quarantined file came and what it holds; what would steer a terminal is escaped
    Show {
        /// File name or artifact id, as `list` prints them
        file: String,
        /// Print every line; without it the first 20
        #[arg(long)]
        all: bool,
    },
    /// Try quarantined files again with this program's version
    Retry {
        /// File name or artifact id; all of them without one
        file: Option<String>,
        /// Take the file although the agent's rules refuse it (kept as a decision)
        #[arg(long, requires = "file")]
        accept: bool,
        /// Why, for the record
        #[arg(long, default_value = "")]
        reason: String,
    },
}

pub(super) async fn run(place: &Place, command: QuarantineCommand) -> anyhow::Result<u8> {
    match command {
        QuarantineCommand::List => list(place).await,
        QuarantineCommand::Show { file, all } => show::run(place, &file, all).await,
        QuarantineCommand::Retry { file, accept, reason } => retry(place, file, accept, reason).await,
    }
}

async fn list(place: &Place) -> anyhow::Result<u8> {
    let store = setup::reader(place).await?;
    let mut files = store.quarantined(MOST_LISTED as i64 + 1).await?;
    let more = files.len() > MOST_LISTED;
    files.truncate(MOST_LISTED);
    if place.json {
        println!("{}", serde_json::to_string_pretty(&files)?);
        return Ok(0);
    }
    if files.is_empty() {
        anstream::println!("{} every file could be read", painted(GOOD, "Nothing in quarantine:"));
        return Ok(0);
    }
    for file in &files {
        let when = jiff::Timestamp::from_millisecond(file.received_ms)?;
        anstream::println!("{}  {}", painted(BAD, &file.code), visible(&file.name));
        anstream::println!("    {}", file.reason);
        let came = when.strftime("%Y-%m-%d %H:%M UTC");
        let facts = format!("{} bytes, server {}, came {came}, id {}", file.size, file.server, file.artifact);
        anstream::println!("    {}", painted(QUIET, &facts));
    }
    if more {
        anstream::println!("\nThese are the newest {MOST_LISTED}; slomix-hub doctor counts all");
    }
    anstream::println!("\nAll of it is kept. See one: slomix-hub quarantine show NAME; try again: quarantine retry");
    Ok(0)
}

/// A name without what steers a terminal.
fn visible(name: &str) -> String {
    name.chars().map(|c| if c.is_control() { '?' } else { c }).collect()
}

async fn retry(place: &Place, file: Option<String>, accept: bool, reason: String) -> anyhow::Result<u8> {
    let retried = work(place, Retry { file, accept, reason }).await?;
    if place.json {
        println!("{}", serde_json::to_string_pretty(&retried)?);
        return Ok(0);
    }
    let Retried { tried, freed, still_quarantined, files } = &retried;
    for file in files.iter().filter(|file| file.state == "quarantined") {
        anstream::println!("{}  {}", painted(BAD, &file.code), visible(&file.name));
        anstream::println!("    {}", file.reason);
    }
    anstream::println!("Tried {tried} again: {freed} can be read now, {still_quarantined} stay in quarantine");
    Ok(0)
}
