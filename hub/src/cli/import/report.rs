//! What an import came to, in numbers and in the names of what needs a look.

use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;

use serde::Serialize;
use slomix_shared::artifact::FileName;

use crate::cli::paint::{BAD, GOOD, QUIET, painted, width};
use crate::cli::zones::{waiting_for_zone, zone_is_told};
use crate::config::Config;
use crate::pipeline::import::Imported;
use crate::reports::columns::fold;
use crate::reports::words::plural;
use crate::store::counts::{Quarantined, Superseded};
use crate::store::read::Unpaired;
use crate::store::{Store, StoreError, tables};

use super::left_out::{LeftOut, visible};

/// Files that a list names at most unless all are asked for; a few more are named all the same.
const MOST_NAMED: usize = 15;
/// So many more are no reason to leave any out.
const A_FEW: usize = 5;

/// What an import came to. Rounds, maps, sessions and players are the whole hub's.
#[derive(Debug, Serialize)]
pub(super) struct Summary {
    server: String,
    files: usize,
    kinds: BTreeMap<&'static str, usize>,
    /// Files kept for the first time.
    new: usize,
    /// Files that the hub held already.
    known: usize,
    #[serde(flatten)]
    pub(super) left_out: LeftOut,
    /// What became of the files imported.
    dispositions: Vec<Disposition>,
    rounds: i64,
    maps: i64,
    sessions: i64,
    players: i64,
    /// Of the files imported, those that cannot be read.
    quarantined: Vec<Quarantined>,
    /// Contents that count no more, or never did, since another content of the same file name does; as far as this
    /// import made it so.
    superseded: Vec<Superseded>,
    /// What keeps round events waiting, with what to do; none where nothing does.
    zone_missing: Option<String>,
    /// Of the files imported, the rounds that did not find their other half.
    unpaired: Vec<Unpaired>,
    seconds: f64,
    dry_run: bool,
}

#[derive(Debug, Serialize)]
struct Disposition {
    state: String,
    code: String,
    files: i64,
}

impl Summary {
    pub(super) async fn read(
        store: &Store,
        server: &str,
        files: &[PathBuf],
        imported: Imported,
        seconds: f64,
        dry_run: bool,
        before: &Before,
    ) -> Result<Self, StoreError> {
        let mut names: HashSet<String> = HashSet::with_capacity(files.len());
        let mut kinds: BTreeMap<&'static str, usize> = BTreeMap::new();
        for name in files.iter().filter_map(|path| path.file_name()) {
            let name = name.to_string_lossy().into_owned();
            *kinds.entry(FileName::kind_of(&name).as_str()).or_default() += 1;
            names.insert(name);
        }
        let quarantined = store.quarantined_among(&imported.artifacts).await?;
        let unpaired = store.unpaired(&imported.artifacts).await?;
        let mut superseded = store.superseded(server).await?;
        superseded.retain(|file| names.contains(&file.name) && !before.superseded.contains(&file.artifact));
        let dispositions = store.dispositions_among(&imported.artifacts).await?.into_iter();
        Ok(Self {
            server: server.to_owned(),
            files: files.len(),
            kinds,
            new: imported.new,
            known: imported.known,
            left_out: LeftOut::from(imported),
            dispositions: dispositions.map(|((state, code), files)| Disposition { state, code, files }).collect(),
            rounds: store.count(tables::ROUND).await?,
            maps: store.count(tables::MAP_PLAY).await?,
            sessions: store.count(tables::SESSION).await?,
            players: store.count(tables::PLAYER).await?,
            quarantined,
            superseded,
            zone_missing: if before.zone_told { None } else { waiting_for_zone(store, server).await? },
            unpaired,
            seconds,
            dry_run,
        })
    }

    /// Moves files that the hub holds already from those that would be new.
    pub(super) fn known(&mut self, known: usize) {
        self.new -= known.min(self.new);
        self.known += known;
    }

    /// Whether everything that was named could be taken.
    pub(super) fn is_whole(&self) -> bool {
        self.left_out.count() == 0
    }

    /// `all` names every file in the lists.
    pub(super) fn print(&self, all: bool) {
        let done = if self.dry_run { "Would keep" } else { "Kept" };
        let rate = self.files as f64 / self.seconds.max(0.001);
        anstream::println!(
            "{} {} of {} for {} in {:.1} s, {rate:.0} files/s",
            painted(GOOD, done),
            self.new,
            plural(self.files as i64, "file", "files"),
            self.server,
            self.seconds,
        );
        if self.known > 0 {
            let known = plural(self.known as i64, "file was", "files were");
            anstream::println!("{known} there already");
        }
        let kinds: Vec<String> = self.kinds.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
        anstream::println!("  {}", painted(QUIET, &kinds.join(" · ")));
        for Disposition { state, code, files } in &self.dispositions {
            let label = if code.is_empty() { state.clone() } else { format!("{state}, {code}") };
            let style = if state == "quarantined" { BAD } else { QUIET };
            anstream::println!("  {files:>6}  {}", painted(style, &label));
        }
        anstream::println!(
            "{} {} of {} in {} by {}",
            if self.dry_run { "They would be" } else { "The hub now holds" },
            plural(self.rounds, "round", "rounds"),
            plural(self.maps, "map", "maps"),
            plural(self.sessions, "session", "sessions"),
            plural(self.players, "player", "players")
        );
        self.print_unpaired(all);
        self.print_quarantined(all);
        self.print_superseded(all);
        if let Some(why) = &self.zone_missing {
            let lines = fold(&format!("Attention: {why}"), width()).join("\n");
            anstream::println!("\n{}", lines.replacen("Attention:", &painted(BAD, "Attention:"), 1));
        }
        // Where the eye rests last.
        self.left_out.print(self.dry_run);
    }

    fn print_unpaired(&self, all: bool) {
        if self.unpaired.is_empty() {
            return;
        }
        let count = plural(self.unpaired.len() as i64, "round", "rounds");
        anstream::println!("\n{count} without the other half; each counts for what it can tell:");
        for round in self.unpaired.iter().take(named(self.unpaired.len(), all)) {
            anstream::println!("  {}  {}", painted(QUIET, &format!("{:<14}", round.status)), visible(&round.file));
            anstream::println!("                  {}", painted(QUIET, round.reason));
        }
        more(self.unpaired.len(), all);
        if self.dry_run {
            anstream::println!("  Told from these files alone: a half that the hub holds already is not seen here");
        }
    }

    fn print_superseded(&self, all: bool) {
        if self.superseded.is_empty() {
            return;
        }
        let count = plural(self.superseded.len() as i64, "content", "contents");
        let fate = if self.dry_run { "would be superseded" } else { "superseded" };
        anstream::println!("\n{count} {fate} by another one of the same file name:");
        for file in self.superseded.iter().take(named(self.superseded.len(), all)) {
            anstream::println!("  {} {}", visible(&file.name), painted(QUIET, &format!("{} bytes", file.size)));
        }
        more(self.superseded.len(), all);
        if !self.dry_run {
            anstream::println!("  Which contents a stats file has, and to choose: slomix-hub correct pin FILE");
        }
    }

    fn print_quarantined(&self, all: bool) {
        if self.quarantined.is_empty() {
            return;
        }
        let count = plural(self.quarantined.len() as i64, "file", "files");
        let fate = if self.dry_run { "would be quarantined" } else { "in quarantine, kept with the reason" };
        anstream::println!("\n{count} {fate}:");
        for file in self.quarantined.iter().take(named(self.quarantined.len(), all)) {
            anstream::println!("  {}  {}", painted(BAD, &format!("{:<14}", file.code)), visible(&file.name));
            anstream::println!("                  {}", painted(QUIET, &visible(&file.reason)));
        }
        more(self.quarantined.len(), all);
        if !self.dry_run {
            anstream::println!("  Whatever is in quarantine: slomix-hub quarantine list");
        }
    }
}

/// What was so before an import.
#[derive(Debug, Default)]
pub(super) struct Before {
    /// Contents that were superseded.
    superseded: HashSet<i64>,
    /// Whether the server's zone is told.
    zone_told: bool,
}

impl Before {
    pub(super) async fn read(config: &Config, store: &Store, server: &str) -> Result<Self, StoreError> {
        let superseded = store.superseded(server).await?.into_iter().map(|file| file.artifact).collect();
        Ok(Self { superseded, zone_told: zone_is_told(config, store, server).await? })
    }
}

/// How many of a list are named.
fn named(count: usize, all: bool) -> usize {
    if all || count <= MOST_NAMED + A_FEW { count } else { MOST_NAMED }
}

fn more(count: usize, all: bool) {
    let left = count - named(count, all);
    if left > 0 {
        anstream::println!("  and {left} more; --all names them");
    }
}
