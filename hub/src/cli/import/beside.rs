//! An import while a hub serves: the files go to it through its socket, in deliveries that fit a request.

use std::path::PathBuf;

use crate::data_dir::DataDir;
use crate::pipeline::import::{Imported, read};
use crate::serve::admin::{CallError, Keep, SentFile, Settle, Step, call};

use super::super::progress::Bars;
use super::super::setup::clock;

/// Files in one delivery.
const MOST_FILES: usize = 200;
/// Bytes in one delivery; a single file may have more.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// A delivery that is being filled.
struct Filling<'a> {
    data: &'a DataDir,
    keep: Keep,
    bytes: usize,
    imported: Imported,
}

/// Brings the files in and has them derived.
pub(super) async fn bring_in(data: &DataDir, server: &str, files: &[PathBuf]) -> anyhow::Result<Imported> {
    let keep =
        Keep { server: server.to_owned(), boot: format!("import-{}", clock()()), sequence: 0, files: Vec::new() };
    let mut filling = Filling { data, keep, bytes: 0, imported: Imported::default() };
    let bars = Bars::default();
    for (index, path) in files.iter().enumerate() {
        match read(path) {
            Ok(Some(arrival)) => {
                if filling.bytes + arrival.content.len() > MOST_BYTES || filling.keep.files.len() >= MOST_FILES {
                    filling.send().await?;
                }
                filling.bytes += arrival.content.len();
                filling.keep.files.push(SentFile::from(&arrival));
                filling.imported.artifacts.push(arrival.artifact_id(server));
            }
            Ok(None) => filling.imported.too_large.push(path.display().to_string()),
            Err(error) => filling.imported.unreadable.push(format!("{}: {error}", path.display())),
        }
        let now = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        bars.show(&Step { now, ..Step::of("files kept", index + 1, files.len()) });
    }
    filling.send().await?;
    call(data, &Settle {}, &|step| bars.show(&step)).await?;
    bars.clear();
    Ok(filling.imported)
}

impl Filling<'_> {
    async fn send(&mut self) -> Result<(), CallError> {
        if self.keep.files.is_empty() {
            return Ok(());
        }
        self.keep.sequence += 1;
        let kept = call(self.data, &self.keep, &|_| {}).await?;
        self.imported.new += kept.new;
        self.imported.known += kept.known;
        self.keep.files.clear();
        self.bytes = 0;
        Ok(())
    }
}
