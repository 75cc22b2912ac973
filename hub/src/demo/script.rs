//! What the game server writes, and when.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, bail};
use slomix_shared::artifact::{ContentHash, FileName, MAX_FILE_BYTES};
use slomix_shared::sim::{self, Accidents, Plan};

use super::Files;
use crate::store::{Store, StoreError};

/// Between two rounds of a simulated evening, in place of ten minutes.
const BETWEEN_ROUNDS: Duration = Duration::from_millis(400);
/// Between two files of a directory.
const BETWEEN_FILES: Duration = Duration::from_millis(15);

/// One write: a file is opened, written and closed.
#[derive(Debug, Clone)]
pub(super) struct Cue {
    name: String,
    bytes: Vec<u8>,
    append: bool,
    pause: Duration,
}

/// All writes of a demo.
#[derive(Debug, Clone)]
pub(super) struct Script {
    cues: Files,
    about: String,
}

impl Script {
    /// Simulated evenings.
    pub(super) fn of_evenings(evenings: u32) -> anyhow::Result<Self> {
        let mut plan = Plan::new(2003, jiff::civil::date(2026, 11, 9).at(20, 0, 0, 0));
        plan.evenings = evenings.max(1);
        // Everybody is called the same after a rename, which is real but no first impression.
        plan.accidents = Accidents {
            rename: 0.0,
            empty_file: 1.0,
            header_only: 1.0,
            cut_then_whole: 0.15,
            surrender: 0.1,
            reconnect_between: 0.02,
            ..Accidents::real()
        };
        let mut cues = Vec::new();
        for evening in sim::play(&plan)? {
            for write in evening.delivery() {
                let is_round = !write.append && write.name.contains("-round-") && !write.name.contains("endstats");
                cues.push(Cue {
                    name: write.name.to_owned(),
                    bytes: write.bytes.to_vec(),
                    append: write.append,
                    pause: if is_round { BETWEEN_ROUNDS } else { Duration::from_millis(2) },
                });
            }
        }
        let word = if plan.evenings == 1 { "an evening" } else { "evenings" };
        Ok(Self { cues: cues.into(), about: format!("simulated, plays {word} of 6v6 stopwatch, mishaps included") })
    }

    /// The files of a directory, in order of their names.
    pub(super) fn of_directory(directory: &Path) -> anyhow::Result<Self> {
        let mut paths: Vec<PathBuf> = Vec::new();
        let entries =
            std::fs::read_dir(directory).with_context(|| format!("{} cannot be read", directory.display()))?;
        for entry in entries {
            let entry = entry.with_context(|| format!("{} cannot be read", directory.display()))?;
            let hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
            if entry.file_type().is_ok_and(|kind| kind.is_file()) && !hidden {
                paths.push(entry.path());
            }
        }
        if paths.is_empty() {
            bail!("{} holds no files to play", directory.display());
        }
        paths.sort();
        let mut cues = Vec::with_capacity(paths.len());
        for path in paths {
            let bytes = std::fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))?;
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            cues.push(Cue { name, bytes, append: false, pause: BETWEEN_FILES });
        }
        let about = format!("plays the {} files of {}, one by one", cues.len(), directory.display());
        Ok(Self { cues: cues.into(), about })
    }

    pub(super) fn describe(&self) -> String {
        self.about.clone()
    }

    /// How long playing takes at least.
    pub(super) fn length(&self) -> Duration {
        self.cues.iter().map(|cue| cue.pause).sum()
    }

    /// Writes everything into the directory as the game would.
    pub(super) async fn play(self, directory: PathBuf) -> anyhow::Result<()> {
        for cue in self.cues.iter() {
            let path = directory.join(&cue.name);
            let mut file = OpenOptions::new()
                .create(true)
                .write(true)
                .append(cue.append)
                .truncate(!cue.append)
                .open(&path)
                .with_context(|| format!("{} cannot be written", path.display()))?;
            file.write_all(&cue.bytes)?;
            drop(file);
            tokio::time::sleep(cue.pause).await;
        }
        Ok(())
    }

    /// The content that every file has in the end, by name.
    pub(super) fn finals(&self) -> BTreeMap<&str, Vec<u8>> {
        let mut finals: BTreeMap<&str, Vec<u8>> = BTreeMap::new();
        for cue in self.cues.iter() {
            let content = finals.entry(&cue.name).or_default();
            if !cue.append {
                content.clear();
            }
            content.extend(&cue.bytes);
        }
        finals
    }

    /// Files that the agent leaves where they are.
    pub(super) fn too_large(&self) -> usize {
        self.finals().values().filter(|content| content.len() > MAX_FILE_BYTES).count()
    }

    /// Whether every file, as it is in the end, has been derived.
    pub(super) async fn is_derived(&self, store: &Store) -> Result<bool, StoreError> {
        for (name, content) in self.finals() {
            if content.len() > MAX_FILE_BYTES {
                continue;
            }
            let (kind, hash) = (FileName::kind_of(name), ContentHash::of(&content));
            if !store.has_fate(kind, name, &hash).await? {
                return Ok(false);
            }
        }
        Ok(store.pending_count().await? == 0)
    }
}
