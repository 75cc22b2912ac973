//! One running program, its log, and three ways to end it.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::process::{Child, Command};
use tokio::time::timeout;

use super::patience::{PATIENCE, eventually};

/// A program that runs in the background. It is killed when this is dropped.
pub(crate) struct Program {
    child: Child,
    log: PathBuf,
}

/// A command in an environment that holds nothing of the machine's own settings.
pub(crate) fn command(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.env_clear().stdin(Stdio::null()).kill_on_drop(true);
    for name in ["PATH", "HOME", "TMPDIR"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command
}

/// Runs a command to its end; what it printed, if its exit code is 0.
pub(crate) async fn output(command: &mut Command) -> String {
    let done = timeout(PATIENCE, command.output()).await.expect("a command ends").expect("a command starts");
    let printed = String::from_utf8_lossy(&done.stdout).into_owned();
    let complaint = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{command:?} ended with {}:\n{complaint}\n{printed}", done.status);
    printed
}

impl Program {
    /// Starts `command`; all that it says goes to `log`.
    pub(crate) fn start(mut command: Command, log: PathBuf) -> Self {
        let file = File::create(&log).expect("a log can be written");
        let child = command
            .stdout(Stdio::from(file.try_clone().expect("a file has more than one handle")))
            .stderr(Stdio::from(file))
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?}: {error}"));
        Self { child, log }
    }

    /// Its number.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id().expect("it runs")
    }

    /// All that it said.
    pub(crate) fn said(&self) -> String {
        String::from_utf8_lossy(&std::fs::read(&self.log).unwrap_or_default()).into_owned()
    }

    /// Waits until it says `words` and gives what follows them in the line.
    pub(crate) async fn hears(&mut self, words: &str) -> String {
        eventually(words, async || {
            if let Some(status) = self.child.try_wait().expect("a child can be asked") {
                panic!("it ended with {status}");
            }
            let said = self.said();
            // Its last line may be under way.
            let whole = said.rsplit_once('\n').map_or("", |(whole, _)| whole);
            let line = whole.lines().find_map(|line| line.split_once(words));
            line.map(|(_, rest)| rest.to_owned()).ok_or(said)
        })
        .await
    }

    /// SIGKILL: nothing in it has a chance to do anything.
    pub(crate) async fn kill(mut self) {
        self.child.kill().await.expect("a child can be killed");
    }

    /// SIGTERM, and waits for its end.
    pub(crate) async fn stop(mut self) -> ExitStatus {
        let pid = self.child.id().and_then(|id| rustix::process::Pid::from_raw(id.cast_signed()));
        let pid = pid.unwrap_or_else(|| panic!("it has ended by itself:\n{}", self.said()));
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).expect("a child can be asked to stop");
        let ended = timeout(Duration::from_secs(20), self.child.wait()).await;
        let Ok(status) = ended else { panic!("it did not stop when asked:\n{}", self.said()) };
        status.expect("a child can be waited for")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("--- {}\n{}", self.log.display(), self.said());
        }
    }
}
