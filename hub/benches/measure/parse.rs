//! Reading and deriving, without a database.

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::tz::TimeZone;
use slomix_hub::domain::block::{Mark, spans};
use slomix_hub::domain::derive::derive as derive_block;
use slomix_hub::domain::ids::artifact_id;
use slomix_hub::domain::input::{BlockFile, Rules};
use slomix_shared::artifact::{ContentHash, FileName, Kind};
use slomix_shared::formats::stats;

use super::played::Played;

/// How fast it went.
pub(crate) struct Rate {
    files: usize,
    bytes: usize,
    took: Duration,
}

impl Rate {
    pub(crate) fn line(&self, old: f64) -> String {
        let rate = self.files as f64 / self.took.as_secs_f64();
        let bytes = self.bytes as f64 / self.took.as_secs_f64() / 1024.0 / 1024.0;
        format!("{rate:.0} files/s ({bytes:.0} MiB/s), {:.0} times the {old} of before", rate / old)
    }
}

/// Reads the files again and again for about `length`.
pub(crate) fn parse(files: &[Played], length: Duration) -> Rate {
    let begun = Instant::now();
    let mut rate = Rate { files: 0, bytes: 0, took: Duration::ZERO };
    while rate.took < length {
        for (_, content) in files {
            let _ = black_box(stats::parse(black_box(content)));
            rate.bytes += content.len();
        }
        rate.files += files.len();
        rate.took = begun.elapsed();
    }
    rate
}

/// The files that real servers wrote, where they lie beside the checkout.
pub(crate) fn real_files() -> Option<Vec<Played>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/stats-real");
    let entries = std::fs::read_dir(folder).ok()?;
    let files: Vec<Played> = entries
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let name = path.file_name()?.to_str()?.to_owned();
            (FileName::kind_of(&name) == Kind::Stats).then(|| Some((name, std::fs::read(&path).ok()?)))?
        })
        .collect();
    (!files.is_empty()).then_some(files)
}

/// Rounds per second from read files to rows, block by block, as an import derives them.
pub(crate) fn derive(files: &[Played], length: Duration) -> f64 {
    let rules = Rules::new("main", TimeZone::get("Europe/Berlin").expect("the zone is known"));
    let read: Vec<BlockFile> = files.iter().filter_map(|(name, content)| block_file(name, content)).collect();
    let mut marks: Vec<Mark> =
        read.iter().map(|file| Mark { stamp: file.name.stamp, number: file.name.round }).collect();
    marks.sort_unstable();
    let blocks: Vec<Vec<BlockFile>> = spans(&marks)
        .into_iter()
        .map(|span| {
            let inside = read.iter().filter(|file| (span.first..=span.last).contains(&file.name.stamp));
            inside.cloned().collect()
        })
        .collect();
    let (begun, mut rounds) = (Instant::now(), 0);
    while begun.elapsed() < length {
        for block in &blocks {
            rounds += black_box(derive_block(black_box(block), &rules)).rounds.len();
        }
    }
    rounds as f64 / begun.elapsed().as_secs_f64()
}

fn block_file(name: &str, content: &[u8]) -> Option<BlockFile> {
    let Ok(FileName::Round(round)) = FileName::parse(name) else { return None };
    let hash = ContentHash::of(content);
    Some(BlockFile {
        damaged: false,
        artifact: artifact_id("main", Kind::Stats, name, &hash, round.stamp.seconds()),
        file_name: name.to_owned(),
        name: round,
        hash,
        content: content.into(),
        parsed: Arc::new(stats::parse(content)),
        copy_of: None,
        refused: None,
    })
}
