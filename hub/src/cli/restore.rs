use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use serde::Serialize;

use crate::data_dir::{DataDir, Staging};
use crate::domain::DERIVATION;
use crate::link::HubKeys;
use crate::pipeline::backup::{Contents, check, identity};
use crate::pipeline::rebuild::{Rebuilt, rebuild};
use crate::pipeline::restore::fill;
use crate::pipeline::verify::signatures::{Signed, check_signatures};
use crate::pipeline::verify::{Verified, verify};
use crate::pipeline::{Announcer, Deriver};
use crate::reports::words::plural;
use crate::serve::admin::Step;
use crate::serve::settle_zones;
use crate::store::{Durability, Store};

use super::Place;
use super::backup::print_parts;
use super::paint::{GOOD, QUIET, painted};
use super::progress::Bars;
use super::setup::{self, clock};
use super::verify::print_findings;

mod server;

use server::Server;

#[derive(Debug, Args)]
#[command(after_help = "\
The backup is read to its end before anything is touched. The hub is made beside the old one, every content and every \
signature is checked, all numbers are derived anew, and only then it takes the old one's place. On a database of a \
server it is made in an empty one; with --force the hub that was there is moved into a schema of its own first, and put \
back if the restore fails. One that was broken off is run again the same way, and starts over. The exit code is 1 if \
anything was found unsound.\n
What agents shipped after the backup was made they do not ship again by themselves: !sync_all in Discord has them offer \
it, or import the gamestats directories of the game servers once more (slomix-hub import DIR). What is there already is \
not taken twice.\n
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
    /// The schema of a server's database in which the tables of the old hub are.
    tables_moved_aside: Option<String>,
}

pub(super) async fn run(place: &Place, args: RestoreArgs) -> anyhow::Result<u8> {
    let contents = check(&args.file)?;
    let stamp = jiff::Timestamp::now().strftime("%Y-%m-%d-%H%M%S").to_string();
    let directory = DataDir::open(&place.data)?;
    let mut server = match setup::config(place)?.database {
        Some(url) => Some(Server::take(&url, identity(&args.file)?, args.force).await?),
        None => None,
    };
    // Keys that a restore of the same backup has put in their place already are no other hub's.
    let staging = directory.stage(args.force || server.as_ref().is_some_and(|server| server.again))?;
    let bars = Bars::default();
    let made = make(place, &args, &staging, server.as_mut(), &stamp, &bars).await;
    bars.clear();
    let made = match made {
        Ok(made) => made,
        Err(error) => {
            let how = match server {
                Some(server) => server.give_up().await,
                None => "the backup could not be restored; nothing was touched".to_owned(),
            };
            staging.discard()?;
            return Err(error.context(how));
        }
    };
    let (derived, verified, signatures) = made;
    let settled = settle(staging, &stamp, server.as_ref()).await;
    let half = |server: &Server| server.half(server.aside.as_deref());
    let moved_aside = match (settled, &server) {
        (Err(error), Some(server)) => return Err(error.context(half(server))),
        (settled, _) => settled?,
    };
    let sound = verified.is_sound() && signatures.is_sound();
    let restored = Restored {
        file: args.file,
        data: place.data.clone(),
        backup: contents,
        derived,
        verified,
        signatures,
        moved_aside,
        tables_moved_aside: server.and_then(|server| server.aside),
    };
    if place.json {
        println!("{}", serde_json::to_string_pretty(&restored)?);
    } else {
        print(&restored)?;
    }
    Ok(u8::from(!sound))
}

/// Puts the hub in its place, the keys first: a server's database is whole when they are there.
async fn settle(staging: Staging, stamp: &str, server: Option<&Server>) -> anyhow::Result<Option<PathBuf>> {
    let moved_aside = staging.settle(stamp)?;
    if let Some(server) = server {
        server.finish().await?;
    }
    Ok(moved_aside)
}

/// The whole hub, in the staging directory, or on a server.
async fn make(
    place: &Place,
    args: &RestoreArgs,
    staging: &Staging,
    server: Option<&mut Server>,
    stamp: &str,
    bars: &Bars,
) -> anyhow::Result<(Rebuilt, Verified, Signed)> {
    let mut config = setup::config(place)?;
    let on_server = server.is_some();
    let store = match server {
        Some(server) => {
            server.make_room(stamp, clock()()).await?;
            server.store.clone()
        }
        None => Store::at(&config.location(staging.data())).await?,
    };
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
    if !on_server {
        store.close().await;
    }
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
    if let Some(schema) = &restored.tables_moved_aside {
        let tables = format!("the tables of the hub that was there are in the schema {schema}");
        anstream::println!("  {}", painted(QUIET, &tables));
    }
    print_findings(&restored.verified, &restored.signatures);
    anstream::println!(
        "What agents shipped after {made} they do not ship again by themselves: !sync_all in Discord has them offer it, or \
         import the gamestats directories of the game servers once more (slomix-hub import DIR); what is there already is \
         not taken twice"
    );
    Ok(())
}
