//! Writes every kind of picture, drawn from a made-up evening, into a directory: `charts DIRECTORY`.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::Context;

#[path = "../src/charts/sample.rs"]
mod sample;

/// What the sample calls the crate's own.
mod reports {
    pub(crate) use slomix_hub::reports::plot;
}

fn main() -> anyhow::Result<()> {
    let directory = PathBuf::from(std::env::args_os().nth(1).context("name the directory to write into")?);
    std::fs::create_dir_all(&directory)?;
    for (name, plot) in sample::all() {
        let start = Instant::now();
        let svg = slomix_hub::charts::svg(&plot);
        let drawn = start.elapsed();
        let png = slomix_hub::charts::png(&svg)?;
        println!("{name:20} svg {drawn:>9.1?}  with png {:>9.1?}  {:>4} KB", start.elapsed(), png.len() / 1024);
        std::fs::write(directory.join(name).with_extension("svg"), svg)?;
        std::fs::write(directory.join(name).with_extension("png"), png)?;
    }
    Ok(())
}
