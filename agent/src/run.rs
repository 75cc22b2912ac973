//! The agent at work: one thread that waits for the kernel, the hub and the clock, and hands whatever may take long
//! (reading, copying, judging, syncing) to one other.

mod agent;
mod game;
mod line;
mod report;
mod watchman;
mod work;

use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

pub use game::GameLine;
pub(crate) use game::not_here;
pub use report::{Complaint, Directory, Mended, StatusFile, read_status};

use crate::gameserver::GameSettings;
use crate::home::{Home, HomeError, Identity};
use crate::ship::Fallback;
use crate::watch::WatchError;

/// What the agent is to do.
#[derive(Debug)]
pub struct Settings {
    /// Watched directories.
    pub directories: Vec<PathBuf>,
    /// Where the hub answers, `host:port`.
    pub hub: String,
    /// Most that safe copies may take. Bytes.
    pub quota: u64,
    /// Rule scripts over those that come with the agent.
    pub rules: Option<PathBuf>,
    /// When and where the hub is called over TCP.
    pub fallback: Fallback,
    /// The game server on this host.
    pub game: Option<GameSettings>,
    /// How fast it does things.
    pub pace: Pace,
    /// What time it is.
    pub clock: Clock,
}

/// The agent's waits. The defaults are what operators get; tests are in more of a hurry.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Endstats is finished after this long without a close, a found file after this long without a change.
    pub quiet: Duration,
    /// Between two looks through the directories.
    pub look_every: Duration,
    /// The status file follows what happens after this long.
    pub status_after: Duration,
    /// How long the hub may be away before files are copied into the spool.
    pub copy_after: Duration,
    /// First and longest wait between two calls to the hub.
    pub call_again: (Duration, Duration),
    /// First and longest wait between two questions whether the hub's operator has let this agent in again.
    pub ask_again: (Duration, Duration),
    /// First and longest wait between two tries to renew the certificate.
    pub renew_again: (Duration, Duration),
    /// First and longest wait between two tries whether UDP gets through, on a connection over TCP.
    pub udp_again: (Duration, Duration),
    /// How long the hub may take to answer a call.
    pub call_patience: Duration,
    /// How long the hub may take to acknowledge a batch, at first; doubled while it stays silent.
    pub ack_patience: Duration,
    /// How long what is under way may take when the agent is asked to stop.
    pub stop_patience: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            quiet: Duration::from_secs(2),
            look_every: Duration::from_mins(1),
            status_after: Duration::from_secs(1),
            copy_after: Duration::from_secs(2),
            call_again: (Duration::from_millis(250), Duration::from_secs(30)),
            ask_again: (Duration::from_secs(2), Duration::from_mins(1)),
            renew_again: (Duration::from_mins(1), Duration::from_hours(1)),
            udp_again: (Duration::from_mins(1), Duration::from_mins(10)),
            call_patience: Duration::from_secs(10),
            ack_patience: Duration::from_secs(20),
            stop_patience: Duration::from_secs(5),
        }
    }
}

/// The agent could not start.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// Nothing to do.
    #[error(
        "no directory to watch: name one with --stats-dir DIR, or set watch.gamestats, watch.gametimes or \
         watch.proximity in the configuration file"
    )]
    NoDirectory,
    /// The data directory.
    #[error(transparent)]
    Home(#[from] HomeError),
    /// The kernel's watch.
    #[error(transparent)]
    Watch(#[from] WatchError),
    /// No randomness.
    #[error("the system gives no random bytes")]
    Random,
}

/// The machine's clocks. The wall clock may jump; nothing waits for it.
#[derive(Clone)]
pub struct Clock {
    wall: Arc<dyn Fn() -> SystemTime + Send + Sync>,
    began: Instant,
    began_ms: i64,
}

impl Clock {
    /// The system's own.
    pub fn system() -> Self {
        Self::of(SystemTime::now)
    }

    /// Another wall clock.
    pub fn of(wall: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        let began_ms = unix_ms(wall());
        Self { wall: Arc::new(wall), began: Instant::now(), began_ms }
    }

    fn read(&self) -> Moment {
        let now = Instant::now();
        let steady_ms = self.began_ms + now.duration_since(self.began).as_millis() as i64;
        Moment { now, wall: (self.wall)(), steady_ms }
    }
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Clock").finish_non_exhaustive()
    }
}

/// All clocks at one moment.
#[derive(Debug, Clone, Copy)]
struct Moment {
    now: Instant,
    wall: SystemTime,
    /// What the wall clock said when this run began, and the time since: for ages, whatever the wall clock does.
    steady_ms: i64,
}

impl Moment {
    /// Unix milliseconds.
    fn ms(self) -> i64 {
        unix_ms(self.wall)
    }
}

fn unix_ms(wall: SystemTime) -> i64 {
    wall.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64)
}

/// Runs the agent until `stop` is done, then finishes what is under way. Holds the data directory's lock meanwhile.
pub async fn run(
    home: &Home,
    identity: Identity,
    settings: Settings,
    stop: impl Future<Output = ()>,
) -> Result<(), RunError> {
    if settings.directories.is_empty() {
        return Err(RunError::NoDirectory);
    }
    let _lock = home.lock()?;
    if let Err(problem) = home.modernise(&identity) {
        // Nothing depends on it: the next start tries again.
        tracing::warn!(reason = %problem, "cannot put the key and its certificate into one file yet");
    }
    let mut agent = agent::Agent::start(home, identity, settings)?;
    tokio::pin!(stop);
    agent.work(stop).await;
    agent.finish().await;
    Ok(())
}
