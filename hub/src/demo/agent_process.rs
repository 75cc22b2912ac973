use std::fs::File;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context, bail};
use tokio::process::{Child, Command};

use super::stage::Stage;

/// How long the agent may take to stop by itself.
const GRACE: Duration = Duration::from_secs(8);

/// A running agent, the program that lies beside this one.
pub(super) struct AgentProcess {
    child: Child,
    log: PathBuf,
}

impl AgentProcess {
    pub(super) async fn join_and_run(stage: &Stage, token: &str) -> anyhow::Result<Self> {
        let program = sibling()?;
        let data = stage.agent_data();
        let joined = Command::new(&program)
            .args(["join", token, "--data"])
            .arg(&data)
            .stdin(Stdio::null())
            .output()
            .await
            .with_context(|| format!("{} could not be started", program.display()))?;
        if !joined.status.success() {
            bail!("the agent could not join the hub: {}", String::from_utf8_lossy(&joined.stderr).trim());
        }
        let log = File::create(stage.agent_log()).context("the agent's log cannot be written")?;
        let child = Command::new(&program)
            .arg("run")
            .arg("--stats-dir")
            .arg(stage.gamestats())
            .arg("--data")
            .arg(&data)
            .stdin(Stdio::null())
            .stdout(Stdio::from(log.try_clone().context("the agent's log")?))
            .stderr(Stdio::from(log))
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("{} could not be started", program.display()))?;
        Ok(Self { child, log: stage.agent_log() })
    }

    /// Resolves if the agent ends by itself.
    pub(super) async fn ended(&mut self) -> String {
        self.child.wait().await.map_or_else(|error| error.to_string(), |status: ExitStatus| status.to_string())
    }

    pub(super) fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Asks it to stop and waits; ends it if it does not.
    pub(super) async fn stop(mut self) {
        let asked = self
            .child
            .id()
            .and_then(|id| rustix::process::Pid::from_raw(id.cast_signed()))
            .is_some_and(|pid| rustix::process::kill_process(pid, rustix::process::Signal::TERM).is_ok());
        if !asked || tokio::time::timeout(GRACE, self.child.wait()).await.is_err() {
            // It is gone already, or hangs; in a demo nothing is lost by it.
            let _ = self.child.kill().await;
        }
    }
}

fn sibling() -> anyhow::Result<PathBuf> {
    let own = std::env::current_exe().context("where this program lies")?;
    let program = own.with_file_name("slomix-agent");
    if !program.exists() {
        bail!(
            "the demo needs the agent beside the hub, but {} is not there; cargo build --release makes both",
            program.display()
        );
    }
    Ok(program)
}
