//! Keeps the deriver running.

use std::time::Duration;

use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use crate::pipeline::Deriver;

/// How a fault in the program is met.
#[derive(Debug, Clone, Copy)]
pub(super) struct Recovery {
    /// Wait before deriving begins anew.
    pub(super) pause: Duration,
    /// Running this long, it is over whatever broke it.
    pub(super) settled: Duration,
}

impl Default for Recovery {
    fn default() -> Self {
        Self { pause: Duration::from_secs(5), settled: Duration::from_secs(2) }
    }
}

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
    pub(super) fn start(deriver: Deriver, kept: watch::Receiver<u64>, recovery: Recovery) -> (Self, Trouble) {
        let (stop, mut stopped) = watch::channel(false);
        let (crashed, crash) = watch::channel(None);
        let trouble = Trouble { turns: deriver.trouble(), crash };
        let task = tokio::spawn(async move {
            loop {
                // Ends with this task, if that is ended.
                let mut run = JoinSet::new();
                run.spawn(deriver.clone().run(kept.clone(), stopped.clone()));
                let ended = if let Ok(soon) = tokio::time::timeout(recovery.settled, run.join_next()).await {
                    soon
                } else {
                    crashed.send_replace(None);
                    run.join_next().await
                };
                match ended {
                    Some(Ok(())) | None => return,
                    Some(Err(fault)) => {
                        tracing::error!("deriving broke off, which is a fault in the hub; it begins anew: {fault}");
                        crashed.send_replace(Some(format!("deriving broke off ({fault}) and begins anew")));
                    }
                }
                tokio::select! {
                    () = tokio::time::sleep(recovery.pause) => {}
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use jiff::tz::TimeZone;

    use super::*;
    use crate::archive::{Archive, Clock, Delivery};
    use crate::domain::input::Rules;
    use crate::pipeline::Announcer;
    use crate::store::Store;
    use crate::store::archive::{Arrival, Envelope};

    fn delivery(name: &str) -> Delivery {
        let arrival = Arrival::of_file(name, b"not much".to_vec(), 0);
        let envelope = Envelope::import("", 1, 0);
        Delivery { server: "main".to_owned(), envelope, arrivals: vec![arrival] }
    }

    #[tokio::test]
    async fn a_fault_is_shown_and_deriving_goes_on_when_it_is_gone() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("slomix.db")).await.unwrap();
        let clock: Clock = Arc::new(|| 0);
        let broken = Arc::new(AtomicBool::new(true));
        let seen = broken.clone();
        let rules = Arc::new(move |server: &str| {
            assert!(!seen.load(Ordering::Relaxed), "a fault in the rules");
            Rules::new(server, TimeZone::UTC)
        });
        let (archive, _writing) = Archive::start(store.clone(), clock.clone());
        let deriver = Deriver::new(store.clone(), rules, Announcer::silent(), clock);
        let soon = Recovery { pause: Duration::from_millis(5), settled: Duration::from_millis(200) };
        let (deriving, mut trouble) = Deriving::start(deriver, archive.kept(), soon);

        archive.receive(delivery("2026-03-06-201500-supply-round-1.txt")).await.unwrap();
        trouble.crash.wait_for(Option::is_some).await.unwrap();
        assert!(trouble.now().unwrap().contains("a fault in the rules"), "{:?}", trouble.now());
        assert_eq!(store.pending_count().await.unwrap(), 1, "what broke it still waits");
        broken.store(false, Ordering::Relaxed);
        trouble.crash.wait_for(Option::is_none).await.unwrap();
        assert_eq!((store.pending_count().await.unwrap(), trouble.now()), (0, None));
        deriving.stop(Duration::ZERO).await;
    }
}
