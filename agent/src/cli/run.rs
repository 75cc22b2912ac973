use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use tokio::signal::unix::{SignalKind, signal};

use super::runtime;
use crate::config::Config;
use crate::home::Home;
use crate::run::{Clock, Pace, Settings, run as run_agent};

/// Runs the agent until SIGTERM or Ctrl-C.
pub(super) fn run(home: &Home, mut config: Config, stats_dirs: &[PathBuf]) -> anyhow::Result<ExitCode> {
    config.add_directories(stats_dirs);
    let identity = home.identity()?;
    let game = config.game()?;
    let settings = Settings {
        directories: once_each(&config.directories),
        hub: config.hub_address.unwrap_or_else(|| identity.enrolment.hub.clone()),
        quota: config.quota,
        rules: config.rules,
        fallback: config.fallback,
        game,
        pace: Pace::default(),
        clock: Clock::system(),
    };
    let runtime = runtime().context("cannot start")?;
    runtime.block_on(async {
        let mut terminate = signal(SignalKind::terminate()).context("cannot listen to SIGTERM")?;
        let mut interrupt = signal(SignalKind::interrupt()).context("cannot listen to Ctrl-C")?;
        let stop = async {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        };
        run_agent(home, identity, settings, stop).await?;
        Ok(ExitCode::SUCCESS)
    })
}

/// One directory under two names is watched once.
fn once_each(directories: &[PathBuf]) -> Vec<PathBuf> {
    let mut known: Vec<PathBuf> = Vec::new();
    let mut kept: Vec<PathBuf> = Vec::new();
    for directory in directories {
        let real = real_path(directory);
        if !known.contains(&real) {
            known.push(real);
            // Events name files by absolute paths; a relative one would never match them.
            kept.push(std::path::absolute(directory).unwrap_or_else(|_| directory.clone()));
        }
    }
    kept
}

/// A directory that is not there yet keeps the name it was given.
fn real_path(directory: &Path) -> PathBuf {
    directory.canonicalize().unwrap_or_else(|_| directory.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_under_two_names_is_watched_once() {
        let top = tempfile::tempdir().unwrap();
        let (real, link) = (top.path().join("real"), top.path().join("link"));
        std::fs::create_dir(&real).unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        let missing = top.path().join("missing");
        let given = [link.clone(), real.join("."), missing.clone(), missing.clone()];
        assert_eq!(once_each(&given), [link, missing]);
    }
}
