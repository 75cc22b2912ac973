use std::path::PathBuf;

use clap::Args;

use crate::data_dir::DataDir;
use crate::link::HubKeys;
use crate::pipeline::backup::{BackedUp, Part, backup};
use crate::reports::words::{plural, size};

use super::paint::{BAD, GOOD, QUIET, painted};
use super::setup::{self, clock};
use super::{Place, progress};

#[derive(Debug, Args)]
#[command(after_help = "\
Works beside a hub that serves. The file holds every received file, every decision, the posts and the hub's \
private keys: keep it as safe as those. Numbers are not in it, since restore makes them again; the configuration is \
not either. The exit code is 1 if a received file was found damaged; it is named, and the backup is made all the same.\n
Every night:  slomix-hub backup /backups/slomix-$(date +%F).backup
Put it back:  slomix-hub restore FILE")]
pub(super) struct BackupArgs {
    /// The file to be made; nothing is ever written over
    file: PathBuf,
}

pub(super) async fn run(place: &Place, args: BackupArgs) -> anyhow::Result<u8> {
    let store = setup::reader(place).await?;
    let keys = HubKeys::read_files(DataDir::open(&place.data)?.path())?;
    let bar = progress::bar(store.artifact_count().await? as u64, "files");
    let made = backup(&store, keys, &args.file, clock()(), |done| bar.set_position(done as u64)).await?;
    bar.finish_and_clear();
    store.close().await;
    if place.json {
        println!("{}", serde_json::to_string_pretty(&made)?);
    } else {
        print(&made);
    }
    Ok(u8::from(!made.damaged.is_empty()))
}

fn print(made: &BackedUp) {
    anstream::println!("{} {} ({})", painted(GOOD, "Backed up to"), made.file.display(), size(made.bytes));
    print_parts(&made.parts);
    if !made.parts.iter().any(|part| part.name == "keys") {
        anstream::println!("  {}", painted(QUIET, "no keys: this hub has none yet"));
    }
    for name in &made.damaged {
        anstream::println!(
            "{} {name}: what is kept of it is not what arrived, and so it is in the backup",
            painted(BAD, "damaged")
        );
    }
    anstream::println!("It holds the hub's private keys: keep it as safe as those. slomix-hub restore puts it back");
}

/// What is in a backup, a line.
pub(super) fn print_parts(parts: &[Part]) {
    let of = |name: &str| parts.iter().find(|part| part.name == name).map_or(0, |part| part.count as i64);
    let said = [
        plural(of("artifact"), "file", "files"),
        plural(of("batch"), "batch", "batches"),
        plural(of("agent"), "agent", "agents"),
        plural(of("decision"), "decision", "decisions"),
        plural(of("post"), "post", "posts"),
        plural(of("keys"), "key file", "key files"),
    ];
    anstream::println!("  {}", said.join(", "));
}
