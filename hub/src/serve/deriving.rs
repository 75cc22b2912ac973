//! Keeps the deriver running.

use std::time::Duration;

use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use crate::pipeline::Deriver;

/// Wait before deriving begins anew after a fault in the program.
const PAUSE: Duration = Duration::from_secs(5);

/// Running this long, it is over whatever broke it.
const RECOVERED: Duration = Duration::from_secs(2);

/// The deriver's task, and what keeps it from going on.
#[derive(Debug)]
pub(super) struct Deriving {
    task: JoinHandle<()>,
    stop: watch::Sender<bool>,
}

/// Why nothing is derived at the moment, if that is so.
#[derive(Debug, Clone)]
pub(super) struct Trouble {
    turns: watch::Receiver<Option<String>>,
    crash: watch::Receiver<Option<String>>,
}

impl Trouble {
    pub(super) fn now(&self) -> Option<String> {
        self.crash.borrow().clone().or_else(|| self.turns.borrow().clone())
    }
}

impl Deriving {
    /// Runs the deriver until it is told to stop, or until nothing more can be kept and all that was is derived.
    pub(super) fn start(deriver: Deriver, kept: watch::Receiver<u64>) -> (Self, Trouble) {
        let (stop, mut stopped) = watch::channel(false);
        let (crashed, crash) = watch::channel(None);
        let trouble = Trouble { turns: deriver.trouble(), crash };
        let task = tokio::spawn(async move {
            loop {
                // Ends with this task, if that is ended.
                let mut run = JoinSet::new();
                run.spawn(deriver.clone().run(kept.clone(), stopped.clone()));
                let ended = match tokio::time::timeout(RECOVERED, run.join_next()).await {
                    Ok(ended) => ended,
                    Err(_) => {
                        crashed.send_replace(None);
                        run.join_next().await
                    }
                };
                match ended {
                    Some(Ok(())) | None => return,
                    Some(Err(fault)) => {
                        tracing::error!("deriving broke off, which is a fault in the hub; it begins anew: {fault}");
                        crashed.send_replace(Some(format!("deriving broke off ({fault}) and begins anew")));
                    }
                }
                tokio::select! {
                    () = tokio::time::sleep(PAUSE) => {}
                    _ = stopped.wait_for(|stop| *stop) => return,
                }
            }
        });
        (Self { task, stop }, trouble)
    }

    /// Lets it finish what is kept for up to `grace`, then only the turn that it is in. What is left waits in the
    /// database for the next start.
    pub(super) async fn stop(mut self, grace: Duration) {
        if tokio::time::timeout(grace, &mut self.task).await.is_ok() {
            return;
        }
        self.stop.send_replace(true);
        if tokio::time::timeout(Duration::from_secs(1), &mut self.task).await.is_err() {
            tracing::warn!("deriving was in the middle of something; the next start does it again");
            self.task.abort();
        }
    }
}
