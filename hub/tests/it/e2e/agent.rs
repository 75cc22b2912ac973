//! The agent's program, and what it says of itself.

use std::path::PathBuf;

use serde_json::Value;

use super::program::{Program, command, output};
use super::programs;

/// A data directory of an agent that has joined, and the agent that runs on it when one does.
pub(crate) struct Agent {
    folder: PathBuf,
    running: Option<Program>,
    starts: usize,
}

impl Agent {
    /// Joins with a token.
    pub(crate) async fn join(folder: PathBuf, token: &str) -> Self {
        std::fs::create_dir_all(folder.join("gamestats")).expect("a fresh folder");
        let agent = Self { folder, running: None, starts: 0 };
        output(agent.command().args(["join", token])).await;
        agent
    }

    fn command(&self) -> tokio::process::Command {
        let mut command = command(&programs::agent());
        command.arg("--data").arg(self.data());
        if self.config().exists() {
            command.arg("--config").arg(self.config());
        }
        command
    }

    fn config(&self) -> PathBuf {
        self.folder.join("agent.toml")
    }

    /// Has it run with this configuration from the next start on.
    pub(crate) fn configure(&self, text: &str) {
        std::fs::write(self.config(), text).expect("a configuration can be written");
    }

    /// Its data directory.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// The directory that it watches.
    pub(crate) fn gamestats(&self) -> PathBuf {
        self.folder.join("gamestats")
    }

    /// Runs it.
    pub(crate) async fn start(&mut self) {
        self.starts += 1;
        let mut command = self.command();
        command.arg("run").arg("--stats-dir").arg(self.gamestats());
        let mut program = Program::start(command, self.folder.join(format!("agent-{}.log", self.starts)));
        program.hears("started").await;
        self.running = Some(program);
    }

    /// The process that runs.
    pub(crate) fn pid(&self) -> u32 {
        self.running.as_ref().expect("it runs").pid()
    }

    /// SIGKILL.
    pub(crate) async fn kill(&mut self) {
        self.running.take().expect("it runs").kill().await;
    }

    /// SIGTERM.
    pub(crate) async fn stop(&mut self) {
        let status = self.running.take().expect("it runs").stop().await;
        assert!(status.success(), "an agent that is asked to stop ends well, not with {status}:\n{}", self.said());
    }

    /// All that its last run said.
    pub(crate) fn said(&self) -> String {
        std::fs::read_to_string(self.folder.join(format!("agent-{}.log", self.starts))).unwrap_or_default()
    }

    /// What `slomix-agent status --json` says. Its exit code tells whether an agent runs, so it is not looked at.
    pub(crate) async fn status(&self) -> Value {
        let done = self.command().args(["status", "--json"]).output().await.expect("a command starts");
        let text = String::from_utf8_lossy(&done.stdout);
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
    }
}
