//! What the agent does beside shipping: the game server.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use slomix_line::Connection;
use slomix_shared::wire::AgentNotice;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tracing::{debug, warn};

use super::Moment;
use crate::control::{Audit, Desk, Gate, serve};
use crate::gameserver::{GameClient, GameSettings, Job, Seen, Tail, UdpRoad, Watcher};
use crate::home::Home;
use crate::ship::write_message;

/// Requests of the hub that may wait for the game server.
const WAITING: usize = 4;
/// A notice that the hub has no room for within this time is dropped; the next one says more.
const DELIVERY: Duration = Duration::from_secs(5);

/// The game server, as `slomix-agent status` shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GameLine {
    /// Where it is.
    pub address: String,
    /// Whether it answered the last time.
    pub answers: Option<bool>,
    /// How long before this was written it last answered, in milliseconds.
    pub answered_age_ms: Option<u64>,
    /// Its map.
    pub map: Option<String>,
    /// How many are on it.
    pub players: Option<usize>,
    /// Why it cannot be asked.
    pub problem: Option<String>,
    /// Why nothing can be done at its console.
    pub console_problem: Option<String>,
}

/// The tasks around the game server.
pub(super) struct Game {
    address: Option<SocketAddr>,
    link: watch::Sender<Option<Connection>>,
    seen: watch::Receiver<Seen>,
    _tasks: JoinSet<()>,
}

impl Game {
    /// Starts to watch the game server, if there is one, and to answer the hub. A game server that cannot be watched
    /// keeps nothing from being shipped.
    pub(super) fn start(home: &Home, settings: Option<GameSettings>) -> Self {
        let (link, linked) = watch::channel(None);
        let (told, seen) = watch::channel(Seen::default());
        let mut tasks = JoinSet::new();
        let audit = Audit::at(home.control_log());
        let may = settings.as_ref().map(|settings| (settings.allow.clone(), settings.commands.clone()));
        let (allow, commands) = may.unwrap_or_default();
        let gate = Gate::new(allow, commands, audit.recent(now_ms()));
        let address = settings.as_ref().map(|settings| settings.address);
        let jobs = match settings {
            None => Err("this agent has no game server: set gameserver.address in its configuration".to_owned()),
            Some(settings) => {
                tasks.spawn(tell(linked.clone(), seen.clone()));
                watch_over(settings, told, &mut tasks)
            }
        };
        tasks.spawn(serve(linked, Arc::new(Desk::new(gate, audit, jobs, now_ms))));
        Self { address, link, seen, _tasks: tasks }
    }

    /// There is a connection to the hub, or none.
    pub(super) fn link(&self, connection: Option<Connection>) {
        self.link.send_replace(connection);
    }

    /// Waits until something else is known of the game server.
    pub(super) async fn changed(&mut self) {
        if self.seen.changed().await.is_err() {
            // Nobody watches one.
            std::future::pending::<()>().await;
        }
    }

    pub(super) fn line(&self, at: Moment) -> Option<GameLine> {
        let address = self.address?;
        let seen = self.seen.borrow();
        Some(GameLine {
            address: address.to_string(),
            answers: seen.answers,
            answered_age_ms: seen.answered.map(|then| at.now.saturating_duration_since(then).as_millis() as u64),
            map: seen.map().map(str::to_owned),
            players: seen.status.as_ref().map(|status| status.players.len()),
            problem: seen.problem.clone(),
            console_problem: seen.console_problem.clone(),
        })
    }
}

/// Starts the task that talks to the game server; else why that cannot be.
fn watch_over(
    settings: GameSettings,
    told: watch::Sender<Seen>,
    tasks: &mut JoinSet<()>,
) -> Result<mpsc::Sender<Job>, String> {
    let GameSettings { address, password, log, pace, .. } = settings;
    let road = match UdpRoad::open(address) {
        Ok(road) => road,
        Err(problem) => {
            let problem = not_here(address, &problem);
            warn!("{problem}");
            told.send_modify(|seen| seen.problem = Some(problem.clone()));
            return Err(problem);
        }
    };
    let mut seed = [0; 8];
    // Without randomness marks are still different from one another.
    let _ = getrandom::fill(&mut seed);
    let client = GameClient::new(road, password, pace, u64::from_le_bytes(seed));
    let (jobs, waiting) = mpsc::channel(WAITING);
    let log = log.map(|path| Tail::new(&path));
    tasks.spawn(Watcher::new(client, log, pace, told).watch(waiting));
    Ok(jobs)
}

/// Why a game server's socket could not be opened, and what to do.
pub(crate) fn not_here(address: SocketAddr, problem: &std::io::Error) -> String {
    format!(
        "the game server at {address} cannot be asked ({problem}): gameserver.address must be an address of this host, \
         since the password travels in clear text"
    )
}

/// Tells the hub what is seen, whenever that changes and whenever there is a new connection.
async fn tell(mut link: watch::Receiver<Option<Connection>>, mut seen: watch::Receiver<Seen>) {
    let mut watched = true;
    loop {
        tokio::select! {
            changed = seen.changed(), if watched => watched = changed.is_ok(),
            changed = link.changed() => if changed.is_err() {
                return;
            },
        }
        let connection = link.borrow_and_update().clone();
        let live = {
            let seen = seen.borrow_and_update();
            let told = seen.answers.is_some() || seen.problem.is_some();
            told.then(|| seen.live(std::time::Instant::now()))
        };
        let (Some(connection), Some(live)) = (connection, live) else { continue };
        let notice = AgentNotice::Live(Box::new(live));
        let send = async {
            let Ok(mut stream) = connection.open_uni().await else { return };
            if let Err(problem) = write_message(&mut stream, &notice).await {
                debug!(error = %problem, "the hub did not hear of the game server");
            }
        };
        if tokio::time::timeout(DELIVERY, send).await.is_err() {
            debug!("the hub has no room for news of the game server");
        }
    }
}

/// Unix milliseconds.
fn now_ms() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64)
}
