use std::io::Write;

use anyhow::{Context, bail};
use clap::Subcommand;

use crate::store::Durability;
use crate::store::counts::Quarantined;
use crate::store::decisions::Decision;

use super::paint::{BAD, GOOD, QUIET, painted};
use super::setup::{Writer, clock};
use super::{Place, setup};

#[derive(Debug, Subcommand)]
pub(super) enum QuarantineCommand {
    /// List the files that could not be read, with reasons
    List,
    /// Print what a quarantined file holds
    Show {
        /// File name or artifact id, as `list` prints them
        file: String,
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
        QuarantineCommand::Show { file } => show(place, &file).await,
        QuarantineCommand::Retry { file, accept, reason } => retry(place, file.as_deref(), accept, reason).await,
    }
}

async fn list(place: &Place) -> anyhow::Result<u8> {
    let store = setup::reader(place).await?;
    let files = store.quarantined(1000).await?;
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
        anstream::println!("{}  {}", painted(BAD, &file.code), shown(&file.name));
        anstream::println!("    {}", file.reason);
        let came = when.strftime("%Y-%m-%d %H:%M UTC");
        let facts = format!("{} bytes, server {}, came {came}, id {}", file.size, file.server, file.artifact);
        anstream::println!("    {}", painted(QUIET, &facts));
    }
    anstream::println!("\nAll of it is kept. See one: slomix-hub quarantine show NAME; try again: quarantine retry");
    Ok(0)
}

/// A file's name without what steers a terminal.
fn shown(name: &str) -> String {
    name.chars().map(|c| if c.is_control() { '?' } else { c }).collect()
}

fn find<'a>(files: &'a [Quarantined], wanted: &str) -> anyhow::Result<&'a Quarantined> {
    let mut found = files.iter().filter(|file| file.name == wanted || file.artifact.to_string() == wanted);
    let first = found
        .next()
        .with_context(|| format!("no quarantined file is called {wanted}; slomix-hub quarantine list shows them"))?;
    if found.next().is_some() {
        bail!("several contents are called {wanted}: name one by its id, as quarantine list prints it");
    }
    Ok(first)
}

async fn show(place: &Place, wanted: &str) -> anyhow::Result<u8> {
    let store = setup::reader(place).await?;
    let files = store.quarantined(i64::MAX).await?;
    let file = find(&files, wanted)?;
    let content = store.content(file.artifact).await?.unwrap_or_default();
    if place.json {
        println!("{}", serde_json::to_string_pretty(file)?);
        return Ok(0);
    }
    anstream::eprintln!("{} {}: {}", painted(BAD, &file.code), file.name, file.reason);
    let shown: Vec<u8> = content
        .iter()
        .flat_map(|&byte| match byte {
            // What steers a terminal is shown, not obeyed.
            b'\n' | b'\t' | b' '..=b'~' => vec![byte],
            other => format!("\\x{other:02x}").into_bytes(),
        })
        .collect();
    std::io::stdout().lock().write_all(&shown)?;
    println!();
    Ok(0)
}

async fn retry(place: &Place, wanted: Option<&str>, accept: bool, reason: String) -> anyhow::Result<u8> {
    let writer = Writer::open(place).await?;
    let files = writer.store().quarantined(i64::MAX).await?;
    let chosen: Vec<&Quarantined> = match wanted {
        Some(wanted) => vec![find(&files, wanted)?],
        None => files.iter().collect(),
    };
    let mut tx = writer.store().begin(Durability::Full).await?;
    for file in &chosen {
        if accept {
            if file.code != "rejected" {
                bail!("{} was not refused by a rule ({}), so there is nothing to overrule", file.name, file.reason);
            }
            let decision = Decision {
                kind: "accept",
                target: file.artifact.to_string(),
                value: String::new(),
                author: "command line".to_owned(),
                reason: reason.clone(),
            };
            tx.decide(&decision, clock()()).await?;
        }
        tx.set_pending(file.artifact).await?;
    }
    tx.commit().await?;
    while writer.deriver.drive().await?.files > 0 {}
    let left = writer.store().quarantined(i64::MAX).await?;
    let still = chosen.iter().filter(|file| left.iter().any(|other| other.artifact == file.artifact)).count();
    let freed = chosen.len() - still;
    if place.json {
        println!("{}", serde_json::json!({ "tried": chosen.len(), "freed": freed, "still_quarantined": still }));
    } else {
        anstream::println!("Tried {} again: {freed} can be read now, {still} stay in quarantine", chosen.len());
    }
    Ok(0)
}
