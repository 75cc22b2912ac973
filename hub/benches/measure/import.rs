//! `slomix-hub import` as people run it.

use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use slomix_hub::data_dir::DataDir;
use slomix_hub::store::{Location, Store};
use tokio::process::Command;

use super::played::Played;

/// What an import came to.
pub(crate) struct Imported {
    pub(crate) rounds: u64,
    /// From the first file to the last row, as the program tells.
    pub(crate) seconds: f64,
    /// Bytes.
    pub(crate) most_resident: u64,
    /// Bytes of the database afterwards.
    pub(crate) bytes: u64,
}

/// Writes the files into a directory and has the program import them: into a file, or into the empty database behind
/// a URL.
pub(crate) async fn import(files: &[Played], url: Option<&str>) -> Imported {
    let folder = tempfile::tempdir().expect("a folder");
    let stats = folder.path().join("gamestats");
    std::fs::create_dir(&stats).expect("a folder");
    for (name, content) in files {
        std::fs::write(stats.join(name), content).expect("a file can be written");
    }
    let data = folder.path().join("data");
    let mut command = Command::new(env!("CARGO_BIN_EXE_slomix-hub"));
    command.arg("--data").arg(&data).arg("--json").arg("import").arg(&stats);
    command.envs(url.map(|url| ("SLOMIX_DATABASE_URL", url)));
    let child = command.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().expect("the hub can be started");
    let told = format!("/proc/{}/status", child.id().expect("it runs"));
    let mut done = std::pin::pin!(child.wait_with_output());
    let mut most_resident = 0;
    let output = loop {
        tokio::select! {
            output = &mut done => break output.expect("the hub ends"),
            () = tokio::time::sleep(Duration::from_millis(20)) => {
                most_resident = most_resident.max(peak(&told).unwrap_or_default());
            }
        }
    };
    assert!(output.status.success(), "the import failed");
    let summary: Value = serde_json::from_slice(&output.stdout).expect("a summary in JSON");
    let location = match url {
        Some(url) => Location::Server(url.parse().expect("a URL")),
        None => Location::File(DataDir::open(&data).expect("the data directory").database()),
    };
    let store = Store::at(&location).await.expect("the database");
    let bytes = store.bytes().await.expect("its size");
    store.close().await;
    Imported {
        rounds: summary["rounds"].as_u64().expect("a count"),
        seconds: summary["seconds"].as_f64().expect("a time"),
        most_resident,
        bytes,
    }
}

/// The most memory that a process has had resident so far.
fn peak(status: &str) -> Option<u64> {
    let text = std::fs::read_to_string(status).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse::<u64>().ok().map(|kib| kib * 1024)
}
