//! An agent in a hurry, its directories, and a game server that writes into them.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use slomix_agent::gameserver::GameSettings;
use slomix_agent::home::Home;
use slomix_agent::join::{Manner, join};
use slomix_agent::run::{Clock, Pace, RunError, Settings, StatusFile, read_status, run};
use slomix_agent::ship::Fallback;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::hub::{Hub, now_ms};

pub(crate) const R1: &str = "2026-11-09-195037-supply-round-1.txt";
pub(crate) const R2: &str = "2026-11-09-200312-supply-round-2.txt";
pub(crate) const ENDSTATS: &str = "2026-11-09-200310-supply-round-2-endstats.txt";
pub(crate) const GAMETIME: &str = "gametime-supply-R2-1794250724.json";
pub(crate) const TRACK: &str = "2026-11-09-200309-supply-round-2_engagements.txt";

pub(crate) fn manner(force: bool) -> Manner {
    Manner { force, now_ms: now_ms(), patience: Duration::from_secs(2), fallback: Fallback::default() }
}

/// Everything on the game server's machine.
pub(crate) struct Host {
    top: tempfile::TempDir,
    hub: String,
    pub(crate) pace: Pace,
    pub(crate) clock: Clock,
    pub(crate) quota: u64,
    pub(crate) rules: Option<PathBuf>,
    pub(crate) fallback: Fallback,
    pub(crate) game: Option<GameSettings>,
    running: Option<Running>,
}

struct Running {
    task: JoinHandle<Result<(), RunError>>,
    stop: oneshot::Sender<()>,
}

impl Host {
    /// A machine whose agent has joined `hub` and does not run yet.
    pub(crate) async fn joined(hub: &Hub) -> Self {
        let host = Self::new(hub);
        host.join(hub).await;
        host
    }

    pub(crate) async fn join(&self, hub: &Hub) {
        hub.manners(|manners| manners.token_used = false);
        join(&self.home(), &hub.token().to_string(), manner(false)).await.unwrap();
    }

    /// A machine whose agent runs, has connected and has looked through its directory.
    pub(crate) async fn running(hub: &Hub) -> Self {
        let mut host = Self::joined(hub).await;
        host.start();
        hub.wait_for_status("a first look", |status| status.rescans >= Some(1)).await;
        host
    }

    pub(crate) fn new(hub: &Hub) -> Self {
        let top = tempfile::tempdir().unwrap();
        fs::create_dir(top.path().join("gamestats")).unwrap();
        let pace = Pace {
            quiet: Duration::from_millis(300),
            look_every: Duration::from_millis(200),
            status_after: Duration::from_millis(20),
            copy_after: Duration::ZERO,
            call_patience: Duration::from_secs(1),
            call_again: (Duration::from_millis(20), Duration::from_millis(100)),
            ask_again: (Duration::from_millis(20), Duration::from_millis(100)),
            renew_again: (Duration::from_millis(50), Duration::from_millis(200)),
            udp_again: (Duration::from_millis(50), Duration::from_millis(200)),
            ..Pace::default()
        };
        Self {
            top,
            hub: hub.address(),
            pace,
            clock: Clock::system(),
            quota: 1024 * 1024,
            rules: None,
            fallback: Fallback::default(),
            game: None,
            running: None,
        }
    }

    pub(crate) fn home(&self) -> Home {
        Home::at(&self.top.path().join("data"))
    }

    pub(crate) fn dir(&self) -> PathBuf {
        self.top.path().join("gamestats")
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir().join(name)
    }

    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.top.path().join(name)
    }

    /// The agent will call another hub.
    pub(crate) fn move_to(&mut self, hub: &Hub) {
        self.hub = hub.address();
    }

    pub(crate) fn start(&mut self) {
        let settings = Settings {
            directories: vec![self.dir()],
            hub: self.hub.clone(),
            quota: self.quota,
            rules: self.rules.clone(),
            fallback: self.fallback.clone(),
            game: self.game.clone(),
            pace: self.pace,
            clock: self.clock.clone(),
        };
        let (stop, stopped) = oneshot::channel();
        let home = self.home();
        let task = tokio::spawn(async move {
            let identity = home.identity()?;
            let stopped = async { drop(stopped.await) };
            run(&home, identity, settings, stopped).await
        });
        self.running = Some(Running { task, stop });
    }

    /// Asks the agent to stop, as SIGTERM does, without waiting for it.
    pub(crate) fn ask_to_stop(&mut self) -> JoinHandle<Result<(), RunError>> {
        let running = self.running.take().unwrap();
        running.stop.send(()).unwrap();
        running.task
    }

    pub(crate) async fn stop(&mut self) {
        self.ask_to_stop().await.unwrap().unwrap();
    }

    /// Ends the agent wherever it is.
    pub(crate) async fn kill(&mut self) {
        let running = self.running.take().unwrap();
        running.task.abort();
        assert!(running.task.await.unwrap_err().is_cancelled());
    }

    /// Opens, writes and closes a file under its final name, as the game's scripts do.
    pub(crate) fn write(&self, name: &str, content: &[u8]) {
        fs::write(self.path(name), content).unwrap();
    }

    /// Lies in the directory as if written `seconds` ago.
    pub(crate) fn write_aged(&self, name: &str, content: &[u8], seconds: u64) {
        self.write(name, content);
        let modified = SystemTime::now() - Duration::from_secs(seconds);
        File::options().write(true).open(self.path(name)).unwrap().set_modified(modified).unwrap();
    }

    /// One of the many times that endstats is opened, written to and closed.
    pub(crate) fn append(&self, name: &str, content: &[u8]) {
        File::options().append(true).create(true).open(self.path(name)).unwrap().write_all(content).unwrap();
    }

    /// Waits until the status file says something that `holds`.
    pub(crate) async fn wait_for_status(&self, what: &str, holds: impl Fn(&StatusFile) -> bool) -> StatusFile {
        let mut last = None;
        for _ in 0..1500 {
            if let Ok(status) = read_status(&self.home().status()) {
                if holds(&status) {
                    return status;
                }
                last = Some(status);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("waited in vain for {what}: {last:?}");
    }

    /// Waits for two more looks of an agent that the hub hears nothing of and that cannot write its status: no shorter than
    /// they take.
    pub(crate) async fn wait_for_looks_alone(&self) {
        tokio::time::sleep(self.pace.look_every * 4).await;
    }

    pub(crate) fn copies(&self) -> usize {
        count_files(&self.home().spool())
    }
}

fn count_files(folder: &Path) -> usize {
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| if path.is_dir() { count_files(&path) } else { 1 })
        .sum()
}
