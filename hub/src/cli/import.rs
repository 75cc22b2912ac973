use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::Args;
use serde::Serialize;
use slomix_shared::identity::Purpose;

use crate::archive::Archive;
use crate::config::Config;
use crate::data_dir::DataDir;
use crate::link::HubKeys;
use crate::pipeline::import::{Imported, Sign, collect, import};
use crate::pipeline::{Announcer, Deriver};
use crate::reports::words::plural;
use crate::serve::admin::serves;
use crate::serve::hub_keys;
use crate::store::{Store, StoreError, tables};

use super::paint::{BAD, GOOD, QUIET, painted};
use super::setup::{Writer, clock, config, reader};
use super::{Place, progress};

mod beside;

#[derive(Debug, Args)]
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
}

/// What an import came to.
#[derive(Debug, Serialize)]
struct Summary {
    server: String,
    files: usize,
    #[serde(flatten)]
    imported: Imported,
    dispositions: Vec<Disposition>,
    rounds: i64,
    maps: i64,
    sessions: i64,
    players: i64,
    seconds: f64,
    dry_run: bool,
}

#[derive(Debug, Serialize)]
struct Disposition {
    state: String,
    code: String,
    files: i64,
}

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
    let files = collect(&args.paths)?;
    let configured = config(place)?;
    let server = choose_server(&configured, args.server.as_deref())?;
    let summary = if args.dry_run {
        let scratch = std::env::temp_dir().join(format!("slomix-dry-run-{}", std::process::id()));
        std::fs::create_dir_all(&scratch).with_context(|| format!("{} cannot be made", scratch.display()))?;
        let store = Store::open(&scratch.join("hub.db")).await?;
        let deriver = Deriver::new(store.clone(), configured.rule_book(), Announcer::silent(), clock());
        let summary = bring_in(&deriver, &server, &files, &Nobody, true).await;
        store.close().await;
        std::fs::remove_dir_all(&scratch).with_context(|| format!("{} cannot be removed", scratch.display()))?;
        summary?
    } else if let data = DataDir::open(&place.data)?
        && serves(&data).await
    {
        let started = std::time::Instant::now();
        let imported = beside::bring_in(&data, &server, &files).await?;
        Summary::read(&reader(place).await?, &server, files.len(), imported, started, false).await?
    } else {
        let writer = Writer::open(place).await?;
        let keys = hub_keys(&writer.directory, writer.store(), clock()()).await?;
        bring_in(&writer.deriver, &server, &files, &Keys(keys), false).await?
    };
    if place.json {
        println!("{}", serde_json::to_string_pretty(&summary)?);
    } else {
        print(&summary);
    }
    Ok(0)
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
) -> anyhow::Result<Summary> {
    let started = std::time::Instant::now();
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
    loop {
        let driven = deriver.drive().await?;
        if driven.files == 0 {
            break;
        }
        deriving.inc(driven.files as u64);
    }
    deriving.finish_and_clear();
    Ok(Summary::read(&store, server, files.len(), imported, started, dry_run).await?)
}

impl Summary {
    async fn read(
        store: &Store,
        server: &str,
        files: usize,
        imported: Imported,
        started: std::time::Instant,
        dry_run: bool,
    ) -> Result<Self, StoreError> {
        let dispositions = store.dispositions().await?.into_iter();
        Ok(Self {
            server: server.to_owned(),
            files,
            imported,
            dispositions: dispositions.map(|((state, code), files)| Disposition { state, code, files }).collect(),
            rounds: store.count(tables::ROUND).await?,
            maps: store.count(tables::MAP_PLAY).await?,
            sessions: store.count(tables::SESSION).await?,
            players: store.count(tables::PLAYER).await?,
            seconds: started.elapsed().as_secs_f64(),
            dry_run,
        })
    }
}

fn print(summary: &Summary) {
    let done = if summary.dry_run { "Would keep" } else { "Kept" };
    let rate = summary.files as f64 / summary.seconds.max(0.001);
    anstream::println!(
        "{} {} of {} files for {} ({} were there already) in {:.1} s, {rate:.0} files/s",
        painted(GOOD, done),
        summary.imported.new,
        summary.files,
        summary.server,
        summary.imported.known,
        summary.seconds,
    );
    anstream::println!(
        "{} {} of {} in {} by {}",
        if summary.dry_run { "They would be" } else { "The hub now holds" },
        plural(summary.rounds, "round", "rounds"),
        plural(summary.maps, "map", "maps"),
        plural(summary.sessions, "session", "sessions"),
        plural(summary.players, "player", "players")
    );
    let mut trouble = false;
    for Disposition { state, code, files } in &summary.dispositions {
        let label = if code.is_empty() { state.clone() } else { format!("{state}, {code}") };
        let style = if state == "quarantined" { BAD } else { QUIET };
        trouble |= state == "quarantined";
        anstream::println!("  {files:>6}  {}", painted(style, &label));
    }
    for path in &summary.imported.too_large {
        anstream::println!("  {} over 8 MiB, left where it is: {path}", painted(BAD, "too large"));
    }
    for problem in &summary.imported.unreadable {
        anstream::println!("  {} {problem}", painted(BAD, "unreadable"));
    }
    if trouble && !summary.dry_run {
        anstream::println!("What is quarantined is kept, with its reason: slomix-hub quarantine list");
    }
}
