use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::Args;
use serde::Serialize;

use crate::data_dir::{DataDir, Staging};
use crate::domain::DERIVATION;
use crate::link::HubKeys;
use crate::pipeline::backup::{Contents, check};
use crate::pipeline::rebuild::{Rebuilt, rebuild};
use crate::pipeline::restore::fill;
use crate::pipeline::verify::signatures::{Signed, check_signatures};
use crate::pipeline::verify::{Verified, verify};
use crate::pipeline::{Announcer, Deriver};
use crate::reports::words::plural;
use crate::serve::admin::Step;
use crate::serve::settle_zones;
use crate::store::{Durability, Location, Store};

use super::Place;
use super::backup::print_parts;
use super::paint::{GOOD, QUIET, painted};
use super::progress::Bars;
use super::setup::{self, clock};
use super::verify::print_findings;

#[derive(Debug, Args)]
#[command(after_help = "\
The backup is read to its end before anything is touched. The hub is made beside the old one, every content and every \
signature is checked, all numbers are derived anew, and only then it takes the old one's place. The exit code is 1 if \
anything was found unsound.\n
On a new host:                slomix-hub restore FILE, then slomix-hub serve
Only to look into a backup:   slomix-hub --data /tmp/look restore FILE
In place of a broken hub:     stop it, then slomix-hub restore FILE --force")]
pub(super) struct RestoreArgs {
    /// A file that `slomix-hub backup` made
    file: PathBuf,
    /// Take the place of the hub that is there; its database and keys are moved aside, never removed
    #[arg(long)]
    force: bool,
}

/// What a restore came to.
#[derive(Debug, Serialize)]
struct Restored {
    file: PathBuf,
    data: PathBuf,
    backup: Contents,
    derived: Rebuilt,
    verified: Verified,
    signatures: Signed,
    moved_aside: Option<PathBuf>,
}

pub(super) async fn run(place: &Place, args: RestoreArgs) -> anyhow::Result<u8> {
    let contents = check(&args.file)?;
    let staging = DataDir::open(&place.data)?.stage(args.force)?;
    let bars = Bars::default();
    let made = make(place, &args, &staging, &bars).await;
    bars.clear();
    let made = match made {
        Ok(made) => made,
        Err(error) => {
            staging.discard()?;
            return Err(error.context("the backup could not be restored; nothing was touched"));
        }
    };
    let (derived, verified, signatures) = made;
    let stamp = jiff::Timestamp::now().strftime("%Y-%m-%d-%H%M%S").to_string();
    let moved_aside = staging.settle(&stamp)?;
    let sound = verified.is_sound() && signatures.is_sound();
    let restored = Restored {
        file: args.file,
        data: place.data.clone(),
        backup: contents,
        derived,
        verified,
        signatures,
        moved_aside,
    };
    if place.json {
        println!("{}", serde_json::to_string_pretty(&restored)?);
    } else {
        print(&restored)?;
    }
    Ok(u8::from(!sound))
}

/// The whole hub, in the staging directory.
async fn make(
    place: &Place,
    args: &RestoreArgs,
    staging: &Staging,
    bars: &Bars,
) -> anyhow::Result<(Rebuilt, Verified, Signed)> {
    let mut config = setup::config(place)?;
    let location = config.location(staging.data());
    let store = Store::at(&location).await?;
    if let Location::Server(_) = &location {
        store.hold().await?;
        if !store.is_unused().await? {
            bail!("{} holds a hub already: restore into an empty database", store.name());
        }
        let mut tx = store.begin(Durability::Full).await?;
        tx.disown().await?;
        tx.commit().await?;
    }
    store.expect_derivation(DERIVATION).await?;
    let filled = fill(&store, &args.file, |done| bars.show(&Step::of("files put back", done, done))).await?;
    let key = if filled.keys.is_empty() {
        None
    } else {
        HubKeys::write_files(staging.data().path(), &filled.keys)?;
        HubKeys::public_signing_key(staging.data().path()).context("the keys in the backup cannot be used")?
    };
    settle_zones(&mut config, &store, clock()()).await?;
    let deriver = Deriver::new(store.clone(), config.rule_book(), Announcer::silent(), clock());
    let rebuilt = rebuild(&deriver, |done, all| bars.show(&Step::of("blocks derived", done, all))).await?;
    let mut tx = store.begin(Durability::Full).await?;
    tx.unqueue_all().await?;
    tx.commit().await?;
    let files = store.artifact_count().await? as usize;
    let verified = verify(&store, |done| bars.show(&Step::of("files checked", done, files))).await?;
    let batches = filled.contents.parts.iter().find(|part| part.name == "batch").map_or(0, |part| part.count as usize);
    let signatures = check_signatures(&store, key.as_ref(), |done| {
        bars.show(&Step::of("signatures checked", done, batches));
    })
    .await?;
    store.close().await;
    Ok((rebuilt, verified, signatures))
}

fn print(restored: &Restored) -> anyhow::Result<()> {
    let made = jiff::Timestamp::from_millisecond(restored.backup.head.made_ms)?.strftime("%Y-%m-%d %H:%M UTC");
    anstream::println!(
        "{} {} from the backup of {made}, made by slomix-hub {}",
        painted(GOOD, "Restored"),
        restored.data.display(),
        restored.backup.head.program
    );
    print_parts(&restored.backup.parts);
    anstream::println!("  {} derived anew", plural(restored.derived.blocks as i64, "block", "blocks"));
    if let Some(aside) = &restored.moved_aside {
        anstream::println!("  {}", painted(QUIET, &format!("the hub that was there is in {}", aside.display())));
    }
    print_findings(&restored.verified, &restored.signatures);
    Ok(())
}
