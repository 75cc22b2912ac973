use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, bail};
use clap::Args;
use slomix_shared::identity::Purpose;

use crate::archive::Archive;
use crate::config::Config;
use crate::data_dir::DataDir;
use crate::link::HubKeys;
use crate::pipeline::import::{Sign, collect, import};
use crate::pipeline::{Announcer, Deriver};
use crate::serve::admin::serves;
use crate::serve::hub_keys;
use crate::store::{Store, StoreError};

use super::paint::{BAD, painted};
use super::setup::{Writer, clock, config, reader};
use super::{Place, progress};

mod beside;
mod left_out;
mod report;

use left_out::LeftOut;
use report::{Before, Summary};

/// What is said of an import that a fault ended.
const BROKEN_OFF: &str =
    "the import broke off; what was kept stays, and the same command goes on from there and loses nothing";

/// The exit code of a command that Ctrl-C ended.
const INTERRUPTED: u8 = 130;

#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(super) struct ImportArgs {
    /// Directories or files, as copied from a game server's gamestats
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Which configured server they come from; needed when there are several
    #[arg(long, value_name = "KEY")]
    server: Option<String>,
    /// Only say what would become of the files
    #[arg(long)]
    dry_run: bool,
    /// Name every round without its other half and every file in quarantine, however many there are
    #[arg(long)]
    all: bool,
}

const HELP: &str = "\
What is there already is left alone, so the same import can be given again at any time. A path that is not there, a file \
that may not be read or is over 8 MiB, and a link or pipe in a directory keep nothing else out; they are named in the \
end, and the exit code is 1. A link that is given as PATH is followed. Folders in a directory are looked through too, and \
every file there is kept: what is none of the game's scripts lands in quarantine.";

struct Keys(HubKeys);

impl Sign for Keys {
    fn sign(&self, head: &[u8]) -> Vec<u8> {
        self.0.signing_key.sign(Purpose::Import, head).as_bytes().to_vec()
    }
}

/// Signs what is not kept.
struct Nobody;

impl Sign for Nobody {
    fn sign(&self, _head: &[u8]) -> Vec<u8> {
        Vec::new()
    }
}

pub(super) async fn run(place: &Place, args: ImportArgs) -> anyhow::Result<u8> {
    let found = collect(&args.paths);
    if found.missing.len() == args.paths.len() {
        bail!("nothing is imported, since there is no {}", found.missing.join(", no "));
    }
    if found.files.is_empty() {
        let paths: Vec<String> = args.paths.iter().map(|path| path.display().to_string()).collect();
        let left_out = LeftOut::of(&found).lines().into_iter().map(|line| format!("\n  {line}"));
        bail!("nothing is imported, since there are no files in {}{}", paths.join(", "), left_out.collect::<String>());
    }
    let configured = config(place)?;
    let server = choose_server(&configured, args.server.as_deref())?;
    let work = async {
        let mut summary = if args.dry_run {
            try_out(place, &configured, &server, &found.files).await?
        } else {
            keep(place, &configured, &server, &found.files).await?
        };
        summary.left_out.found(&found);
        anyhow::Ok(summary)
    };
    let summary = tokio::select! {
        summary = work => summary?,
        _ = tokio::signal::ctrl_c() => {
            let words = if args.dry_run { "nothing was kept" } else { "what was kept stays; the same command goes on from there" };
            anstream::eprintln!("\n{} {words}", painted(BAD, "Interrupted:"));
            return Ok(INTERRUPTED);
        }
    };
    if place.json {
        println!("{}", serde_json::to_string_pretty(&summary)?);
    } else {
        summary.print(args.all);
    }
    Ok(u8::from(!summary.is_whole()))
}

/// Keeps the files, through the hub that serves if one does.
async fn keep(place: &Place, config: &Config, server: &str, files: &[PathBuf]) -> anyhow::Result<Summary> {
    let data = DataDir::open(&place.data)?;
    if serves(&data).await {
        let store = reader(place).await?;
        let before = Before::read(config, &store, server).await?;
        let started = Instant::now();
        let imported = beside::bring_in(&data, server, files).await.context(BROKEN_OFF)?;
        let seconds = started.elapsed().as_secs_f64();
        return Ok(Summary::read(&store, server, files, imported, seconds, false, &before).await?);
    }
    let writer = Writer::open(place).await?;
    writer.warn_of_zones();
    let before = Before::read(config, writer.store(), server).await?;
    let keys = hub_keys(&writer.directory, writer.store(), clock()()).await?;
    let summary = bring_in(&writer.deriver, server, files, &Keys(keys), false, &before).await.context(BROKEN_OFF)?;
    // The log of a file, which has grown with all that came in, is folded into it.
    writer.store().close().await;
    Ok(summary)
}

/// What would become of the files, told by a hub that is thrown away.
async fn try_out(place: &Place, config: &Config, server: &str, files: &[PathBuf]) -> anyhow::Result<Summary> {
    let scratch = Scratch::new()?;
    let store = Store::open(&scratch.0.join("hub.db")).await?;
    let deriver = Deriver::new(store.clone(), config.rule_book(), Announcer::silent(), clock());
    let before = Before::read(config, &store, server).await?;
    let mut summary = bring_in(&deriver, server, files, &Nobody, true, &before).await?;
    if let Ok(hub) = reader(place).await {
        summary.known(held_by(&hub, &store).await?);
    }
    store.close().await;
    Ok(summary)
}

/// How many of the artifacts of `scratch` a hub holds.
async fn held_by(hub: &Store, scratch: &Store) -> Result<usize, StoreError> {
    let (mut held, mut after) = (0, i64::MIN);
    loop {
        let heads = scratch.artifacts_after(after, 500).await?;
        let Some(last) = heads.last() else { return Ok(held) };
        after = last.id;
        for head in heads {
            held += usize::from(hub.file_of(head.id).await?.is_some());
        }
    }
}

/// A directory that is gone when this is, however the command ends short of being killed.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> anyhow::Result<Self> {
        let path = std::env::temp_dir().join(format!("slomix-dry-run-{}", std::process::id()));
        std::fs::create_dir_all(&path).with_context(|| format!("{} cannot be made", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!("{} cannot be removed: {error}", self.0.display());
        }
    }
}

/// The server that files are said to come from; the only one configured if nothing is said.
fn choose_server(config: &Config, wanted: Option<&str>) -> anyhow::Result<String> {
    let keys: Vec<&str> = config.servers.iter().map(|server| server.key.as_str()).collect();
    match (wanted, keys.as_slice()) {
        (Some(wanted), _) if config.server(wanted).is_some() => Ok(wanted.to_owned()),
        (Some(wanted), keys) => bail!("no server is called {wanted}; configured: {}", keys.join(", ")),
        (None, [only]) => Ok((*only).to_owned()),
        (None, keys) => bail!("say with --server which server the files come from: {}", keys.join(", ")),
    }
}

async fn bring_in(
    deriver: &Deriver,
    server: &str,
    files: &[PathBuf],
    signer: &dyn Sign,
    dry_run: bool,
    before: &Before,
) -> anyhow::Result<Summary> {
    let started = Instant::now();
    let store = deriver.store().clone();
    let (archive, writer) = Archive::start(store.clone(), clock());
    let now = clock();
    let bar = progress::bar(files.len() as u64, "files kept");
    let imported = import(
        &archive,
        server,
        files,
        signer,
        || now(),
        |done, path| {
            bar.set_position(done as u64);
            bar.set_message(path.file_name().unwrap_or_default().to_string_lossy().into_owned());
        },
    )
    .await?;
    bar.finish_and_clear();
    drop(archive);
    writer.await?;

    let waiting = store.pending_count().await?;
    let deriving = progress::bar(waiting as u64, "files derived");
    deriver.drive_all(|done| deriving.set_position(done as u64)).await?;
    deriving.finish_and_clear();
    let seconds = started.elapsed().as_secs_f64();
    Ok(Summary::read(&store, server, files, imported, seconds, dry_run, before).await?)
}
