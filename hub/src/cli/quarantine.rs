use clap::Subcommand;

use crate::reports::columns::fold;
use crate::reports::words::plural;
use crate::serve::admin::{Retried, RetriedFile, Retry};

use super::paint::{BAD, GOOD, QUIET, painted, terminal};
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
    List {
        /// Instead those that could be read and belong to no round, or to one that cannot take them
        #[arg(long)]
        kept: bool,
    },
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
        QuarantineCommand::List { kept } => list(place, kept).await,
        QuarantineCommand::Show { file, all } => show::run(place, &file, all).await,
        QuarantineCommand::Retry { file, accept, reason } => retry(place, file, accept, reason).await,
    }
}

async fn list(place: &Place, kept: bool) -> anyhow::Result<u8> {
    let store = setup::reader(place).await?;
    let most = MOST_LISTED as i64 + 1;
    let mut files = if kept { store.kept_aside(most).await? } else { store.quarantined(most).await? };
    let more = files.len() > MOST_LISTED;
    files.truncate(MOST_LISTED);
    if place.json {
        println!("{}", serde_json::to_string_pretty(&files)?);
        return Ok(0);
    }
    if files.is_empty() && kept {
        anstream::println!("{} every paper has its round", painted(GOOD, "Nothing is kept aside:"));
        return Ok(0);
    }
    if files.is_empty() {
        anstream::println!("{} every file could be read", painted(GOOD, "Nothing in quarantine:"));
        return Ok(0);
    }
    for file in &files {
        let when = jiff::Timestamp::from_millisecond(file.received_ms)?;
        let style = if kept { QUIET } else { BAD };
        anstream::println!("{}  {}", painted(style, &file.code), visible(&file.name));
        let reason = visible(&file.reason);
        let reason = terminal().map_or_else(|| vec![reason.clone()], |width| fold(&reason, width.saturating_sub(4)));
        for line in &reason {
            anstream::println!("    {line}");
        }
        let came = when.strftime("%Y-%m-%d %H:%M UTC");
        let size = plural(file.size, "byte", "bytes");
        let facts = format!("{size}, server {}, came {came}, id {}", file.server, file.artifact);
        anstream::println!("    {}", painted(QUIET, &facts));
    }
    if more {
        anstream::println!("\nThese are the newest {MOST_LISTED}; slomix-hub doctor counts all");
    }
    if kept {
        anstream::println!("\nWhat waits is taken as soon as its round comes: nothing is to be done");
        return Ok(0);
    }
    anstream::println!("\nAll of it is kept. See one: slomix-hub quarantine show NAME; try again: quarantine retry");
    Ok(0)
}

/// A name without what steers a terminal.
fn visible(name: &str) -> String {
    name.chars().map(|c| if c.is_control() { '?' } else { c }).collect()
}

async fn retry(place: &Place, file: Option<String>, accept: bool, reason: String) -> anyhow::Result<u8> {
    setup::expect_hub(place)?;
    let retried = work(place, Retry { file, accept, reason }).await?;
    if place.json {
        println!("{}", serde_json::to_string_pretty(&retried)?);
        return Ok(0);
    }
    anstream::println!("{}", told(&retried).join("\n"));
    Ok(0)
}

/// What became of each file, and the counts in the end.
fn told(retried: &Retried) -> Vec<String> {
    if retried.tried == 0 {
        return vec![format!("{} no file was read anew", painted(GOOD, "Nothing in quarantine:"))];
    }
    let mut lines = Vec::new();
    for file in &retried.files {
        let (style, word, what) = match file.state.as_str() {
            "quarantined" => (BAD, file.code.as_str(), visible(&file.reason)),
            state => (GOOD, state, became(file)),
        };
        lines.push(format!("{}  {}", painted(style, word), visible(&file.name)));
        lines.push(format!("    {what}"));
    }
    let files = plural(retried.tried as i64, "file", "files");
    let counts = retried.became.iter().map(|(state, count)| match state.as_str() {
        "quarantined" => format!("{count} in quarantine still"),
        other => format!("{count} {other}"),
    });
    lines.push(format!("Read {files} anew: {}", counts.collect::<Vec<_>>().join(", ")));
    lines
}

/// What a file that is not in quarantine any more came to.
fn became(file: &RetriedFile) -> String {
    match (file.state.as_str(), &file.round) {
        ("stored", Some(round)) => format!("its numbers are in: slomix-hub show round {round}"),
        ("stored", None) => "stored with the round that it tells of".to_owned(),
        (_, _) if !file.reason.is_empty() => visible(&file.reason),
        _ => "nothing is in its way any more".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn file(name: &str, state: &str, code: &str, reason: &str, round: Option<&str>) -> RetriedFile {
        let text = str::to_owned;
        RetriedFile {
            artifact: "1".to_owned(),
            name: text(name),
            state: text(state),
            code: text(code),
            reason: text(reason),
            round: round.map(text),
        }
    }

    #[test]
    fn a_retry_says_what_became_of_every_file() {
        let files = vec![
            file("2026-03-06-200000-supply-round-1.txt", "stored", "", "", Some("2026-03-06a.1")),
            file("2026-03-06-200000-supply-round-1-endstats.txt", "stored", "", "", None),
            file("2026-03-06-201000-supply-round-2.txt", "superseded", "", "another content of this name counts", None),
            file("2026-03-06-202000-radar-round-1.txt", "duplicate", "", "the same round as 2026.txt", None),
            file("2026-03-06-203000-radar-round-2.txt", "quarantined", "truncated", "the last line is cut off", None),
        ];
        let became = [("stored", 2), ("superseded", 1), ("duplicate", 1), ("quarantined", 1)];
        let became: BTreeMap<String, usize> = became.map(|(state, count)| (state.to_owned(), count)).into();
        let all = Retried { tried: 5, freed: 4, still_quarantined: 1, became, files };
        let none = Retried { tried: 0, freed: 0, still_quarantined: 0, became: BTreeMap::new(), files: Vec::new() };
        let text = [told(&all), told(&none)].concat().join("\n");
        insta::assert_snapshot!(anstream::adapter::strip_str(&text).to_string());
    }
}
