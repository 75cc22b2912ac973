use std::time::{Duration, Instant};

use slomix_shared::wire::{ControlAnswer, GameStatus, Intent};
use tokio::sync::{mpsc, oneshot, watch};
use tracing::{debug, info, warn};

use super::{GameClient, GameError, GamePace, Road, RoundTeller, Seen, Tail, log_event};
use crate::control::perform;

/// Something that is to be done at the game server.
#[derive(Debug)]
pub struct Job {
    /// What.
    pub intent: Intent,
    /// When it is too late to begin.
    pub deadline: Instant,
    /// Hears what came of it.
    pub answer: oneshot::Sender<ControlAnswer>,
}

/// The one that talks to the game server: looks at it now and then, reads its log, and does what it is told, one after
/// the other.
#[derive(Debug)]
pub struct Watcher<R> {
    /// The way to it.
    pub client: GameClient<R>,
    /// Maps that it has, and when it said so.
    pub maps: Option<(Instant, Vec<String>)>,
    pace: GamePace,
    log: Option<Tail>,
    log_problem: Option<String>,
    teller: RoundTeller,
    seen: watch::Sender<Seen>,
    next_look: Instant,
    /// When it is tried whether the console takes the password.
    next_knock: Option<Instant>,
}

/// Between two tries of a password that the console does not take: somebody may mend that on the game server.
const KNOCK_AGAIN: Duration = Duration::from_mins(5);

impl<R: Road> Watcher<R> {
    /// Watches over `client`, and tells `seen` what it sees.
    pub fn new(client: GameClient<R>, log: Option<Tail>, pace: GamePace, seen: watch::Sender<Seen>) -> Self {
        let next_look = client.now();
        let teller = RoundTeller::default();
        Self { client, maps: None, pace, log, log_problem: None, teller, seen, next_look, next_knock: None }
    }

    /// Works until nobody can tell it anything any more.
    pub async fn watch(mut self, mut jobs: mpsc::Receiver<Job>) {
        loop {
            self.look_around().await;
            let read_log = self.log.is_some().then(|| self.client.now() + self.pace.read_log);
            let wake = [read_log, self.next_knock].into_iter().flatten().fold(self.next_look, Instant::min);
            tokio::select! {
                job = jobs.recv() => match job {
                    Some(job) => self.carry_out(job).await,
                    None => return,
                },
                () = tokio::time::sleep_until(wake.into()) => {}
            }
        }
    }

    /// Whatever is due without anybody asking for it.
    pub(super) async fn look_around(&mut self) {
        self.read_log();
        if self.next_look <= self.client.now() {
            // Silence is seen, and told; there is nothing else to do about it.
            self.look().await.ok();
        }
        if self.next_knock.is_some_and(|next| next <= self.client.now()) {
            self.next_knock = None;
            let knocked = self.client.knock().await;
            self.console_took(knocked.as_ref().err());
        }
    }

    /// The console took something, or did not for this reason.
    pub(crate) fn console_took(&mut self, not: Option<&GameError>) {
        let problem = match not {
            None => None,
            Some(closed @ (GameError::BadPassword | GameError::NoPasswordThere)) => Some(closed.to_string()),
            // That says nothing of the password.
            Some(_) => return,
        };
        self.next_knock = problem.is_some().then(|| self.client.now() + KNOCK_AGAIN);
        let changed = self.seen.send_if_modified(|seen| {
            let changed = seen.console_problem != problem;
            seen.console_problem.clone_from(&problem);
            changed
        });
        match problem {
            Some(problem) if changed => warn!(problem, "nothing can be done at the game server"),
            None if changed => info!("the game server takes the password again"),
            _ => {}
        }
    }

    async fn carry_out(&mut self, job: Job) {
        let answer = if job.deadline <= self.client.now() {
            ControlAnswer::refused("its time was up before it was its turn")
        } else {
            perform(self, &job.intent).await
        };
        // Whoever asked may be gone.
        let _ = job.answer.send(answer);
    }

    /// Asks the server how it is, and remembers what it says.
    pub async fn look(&mut self) -> Result<GameStatus, GameError> {
        let answer = self.client.status().await;
        let now = self.client.now();
        if let Err(GameError::Io(problem)) = &answer {
            debug!(%problem, "the game server cannot be asked");
        }
        let before = self.seen.borrow().answers;
        self.seen.send_modify(|seen| {
            seen.answers = Some(answer.is_ok());
            if let Ok(status) = &answer {
                seen.answered = Some(now);
                seen.status = Some(status.clone());
                seen.log_map = None;
                seen.problem = None;
            }
            if let Err(problem) = &answer {
                seen.problem = Some(problem.to_string());
            }
        });
        if answer.is_ok() && before != Some(true) && self.client.has_password() {
            self.next_knock = Some(now);
        }
        match (&answer, before) {
            (Ok(status), None | Some(false)) => info!(map = status.map, "the game server answers"),
            (Err(problem), None | Some(true)) => info!(%problem, "no answer from the game server"),
            _ => {}
        }
        self.next_look = now + self.wait(now);
        answer
    }

    /// How long until the next look.
    fn wait(&self, now: Instant) -> std::time::Duration {
        let seen = self.seen.borrow();
        let often = match (seen.answers, &seen.status, seen.answered) {
            (Some(true), Some(status), _) => !status.players.is_empty(),
            (_, Some(_), Some(answered)) => now.saturating_duration_since(answered) < self.pace.loading,
            _ => false,
        };
        if often { self.pace.look } else { self.pace.look_idle }
    }

    fn read_log(&mut self) {
        let Some(log) = &mut self.log else { return };
        let lines = match log.read() {
            Ok(lines) => lines,
            Err(problem) => {
                let problem = problem.to_string();
                if self.log_problem.as_ref() != Some(&problem) {
                    warn!(problem, "the game's log cannot be read");
                    self.log_problem = Some(problem);
                }
                return;
            }
        };
        self.log_problem = None;
        let now = self.client.now();
        let (before, map_before) = (self.teller.round(), self.teller.map().map(str::to_owned));
        let mut old = true;
        for (line, is_old) in lines {
            if let Some(event) = log_event(&line) {
                self.teller.hear(event, (!is_old).then_some(now));
                old &= is_old;
            }
        }
        let round = self.teller.round();
        let map = self.teller.map().map(str::to_owned).filter(|map| !old && map_before.as_ref() != Some(map));
        if round == before && map.is_none() {
            return;
        }
        // A change of the map comes with people who connect anew: who is there is worth a look.
        if map.is_some() {
            self.next_look = self.next_look.min(now + self.pace.look);
        }
        self.seen.send_modify(|seen| {
            seen.round = round;
            if map.is_some() {
                seen.log_map = map;
            }
        });
    }
}
