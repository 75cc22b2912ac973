mod sending;
mod stopping;

use std::collections::{HashSet, VecDeque};
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use slomix_line::{Connection, SendStream};
use slomix_shared::identity::BootId;
use slomix_shared::wire::{AgentNotice, HubNotice};
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, JoinSet};
use tracing::{debug, error, info, warn};

use super::game::Game;
use super::line::Line;
use super::report::{self, Reporter};
use super::watchman::Watchman;
use super::work::{self, Done};
use super::{Moment, Pace, RunError, Settings};
use crate::home::{Home, Identity};
use crate::ship::{
    Backoff, CertificateState, Delivered, Holder, LinkEvent, LinkPace, Machine, Sender, Target, keep_link,
    write_message,
};
use crate::spool::{Copies, Damage, FileKey, Lane, Ledger};
use crate::validate::{Limits, Rules};
use crate::watch::{Settle, Signal};

const DISK_AGAIN: Duration = Duration::from_secs(30);

/// The one task that all happens in.
pub(super) struct Agent {
    pace: Pace,
    line: Line,
    watchman: Watchman,
    reporter: Reporter,
    game: Game,
    sender: Arc<Sender>,
    rules: Arc<Mutex<Rules>>,
    link: Option<Connection>,
    link_events: mpsc::Receiver<LinkEvent>,
    link_task: JoinHandle<()>,
    jobs: JoinSet<Done>,
    deliveries: JoinSet<Delivered>,
    /// The lanes of the batches that are being made or sent.
    under_way: Vec<Lane>,
    copying: bool,
    /// Files that shall have no safe copy: there is no room, or copying failed.
    uncopyable: HashSet<FileKey>,
    ack_patience: Duration,
    pause: Backoff,
    times: Times,
    /// The hub asked for files again, and the directories are being looked through for it.
    offering: bool,
    /// Whether files waited for the hub's word when it was last told how things stand.
    told_of_waiting: bool,
}

/// When what is due. None: not at all.
struct Times {
    paused_until: Option<Instant>,
    away_since: Option<Instant>,
    sync: Option<Instant>,
    disk: Option<Instant>,
    status: Option<Instant>,
}

impl Agent {
    pub(super) fn start(home: &Home, identity: Identity, settings: Settings) -> Result<Self, RunError> {
        let at = Moment::take();
        let (ledger, damage) = Ledger::open(&home.ledger())?;
        tell(&damage);
        let copies = Copies::open(&home.spool(), settings.quota)?;
        let mut boot = [0; 16];
        getrandom::fill(&mut boot).map_err(|_| RunError::Random)?;
        let boot = BootId::from_bytes(boot);
        let pace = settings.pace;
        let (events, link_events) = mpsc::channel(16);
        let holder =
            Holder { agent: identity.enrolment.agent, signing_key: identity.signing_key.clone(), pin: identity.pin };
        let target = Target {
            address: settings.hub.clone(),
            name: identity.enrolment.name.clone(),
            holder,
            patience: pace.call_patience,
            fallback: settings.fallback,
        };
        let backoff = |(first, longest)| Backoff::new(first, longest);
        let waits = LinkPace {
            call: backoff(pace.call_again),
            ask: backoff(pace.ask_again),
            renew: backoff(pace.renew_again),
            udp: backoff(pace.udp_again),
        };
        let pair = identity.tls.inspect_err(|problem| {
            warn!(reason = %problem, "this agent's certificate cannot be used: the hub's operator is asked for another");
        });
        let link_task = tokio::spawn(keep_link(target, machine(home), pair.ok(), waits, events));
        info!(agent = %identity.enrolment.agent, name = identity.enrolment.name, known = ledger.len(), "started");
        Ok(Self {
            pace,
            line: Line::new(Settle::new(pace.quiet), ledger, copies, at),
            watchman: Watchman::start(&settings.directories, pace.look_every, at)?,
            reporter: Reporter {
                path: home.status(),
                boot: boot.to_string(),
                hub: settings.hub,
                started_at_ms: at.ms(),
                name: identity.enrolment.name,
                certificate: CertificateState::default(),
                link_problem: None,
                connected: false,
                way: None,
                quarantined: VecDeque::new(),
                offered_again: 0,
            },
            game: Game::start(home, settings.game),
            sender: Arc::new(Sender::new(identity.enrolment.agent, boot, identity.signing_key)),
            rules: Arc::new(Mutex::new(Rules::new(settings.rules, Limits::default()))),
            link: None,
            link_events,
            link_task,
            jobs: JoinSet::new(),
            deliveries: JoinSet::new(),
            under_way: Vec::new(),
            copying: false,
            uncopyable: HashSet::new(),
            ack_patience: pace.ack_patience,
            pause: backoff(pace.call_again),
            offering: false,
            told_of_waiting: false,
            times: Times { paused_until: None, away_since: Some(at.now), sync: None, disk: None, status: Some(at.now) },
        })
    }

    /// Works until `stop` is done.
    pub(super) async fn work(&mut self, mut stop: Pin<&mut impl Future<Output = ()>>) {
        loop {
            self.tick(Moment::take());
            let wake = self.next_wake();
            tokio::select! {
                signal = self.watchman.watch.next() => self.hear(signal, Moment::take()),
                Some(event) = self.link_events.recv() => self.link_changed(event, Moment::take()),
                Some(Ok(delivered)) = self.deliveries.join_next() => self.delivered(delivered, Moment::take()),
                Some(done) = self.jobs.join_next() => self.finished(done, Moment::take()),
                () = self.game.changed() => self.changed(Moment::take()),
                () = sleep_until(wake) => {}
                () = &mut stop => break,
            }
        }
        info!("stopping");
    }

    fn hear(&mut self, signal: Signal, at: Moment) {
        match signal {
            Signal::Closed { path, at: closed } => {
                self.watchman.closed(&path);
                self.line.closed(path, closed, &self.watchman.watch, at);
            }
            other => self.watchman.hear(&other, at),
        }
        self.changed(at);
    }

    /// Does whatever is due.
    fn tick(&mut self, at: Moment) {
        let due = |time: Option<Instant>| time.is_some_and(|time| time <= at.now);
        self.line.settle_due(&self.watchman.watch, at);
        for (directory, look) in self.watchman.due(at) {
            self.jobs.spawn_blocking(move || work::look(&directory, look));
        }
        if due(self.times.disk) {
            self.times.disk = None;
            self.uncopyable.clear();
            let written = self.line.ledger.write();
            self.line.disk(written.map_err(|problem| problem.to_string()));
        }
        if self.line.tally.disk_full && self.times.disk.is_none() {
            self.times.disk = Some(at.now + DISK_AGAIN);
        }
        if due(self.times.sync) {
            self.times.sync = None;
            if let Some(file) = self.line.ledger.to_sync() {
                self.jobs.spawn_blocking(move || work::sync(&file));
            }
        }
        if due(self.times.paused_until) {
            self.times.paused_until = None;
        }
        if self.offering && self.watchman.is_settled_in() && self.line.settle.is_empty() {
            self.offering = false;
            self.reporter.offered_again += 1;
            self.report_to_hub(at);
        }
        self.pump(at);
        self.copy(at);
        if due(self.times.status) {
            self.times.status = None;
            self.write_status(at);
        }
    }

    fn next_wake(&self) -> Option<Instant> {
        let times = &self.times;
        let copy = times.away_since.map(|since| since + self.pace.copy_after).filter(|_| !self.copying);
        let copy = copy.filter(|copy| *copy > Instant::now());
        [times.paused_until, times.sync, times.disk, times.status, copy, self.line.settle.next_due()]
            .into_iter()
            .chain([self.watchman.next_due()])
            .flatten()
            .min()
    }

    /// Something is different: the status file follows soon.
    fn changed(&mut self, at: Moment) {
        self.times.status.get_or_insert(at.now + self.pace.status_after);
    }

    fn finished(&mut self, done: Result<Done, tokio::task::JoinError>, at: Moment) {
        match done {
            Ok(done) => self.done(done, at),
            // A defect: its files stay where they are and travel after the next start.
            Err(problem) => error!(error = %problem, "a task of the agent broke off"),
        }
    }

    fn done(&mut self, done: Done, at: Moment) {
        match done {
            Done::Looked { directory, look, found } => {
                if let Some(files) = self.watchman.looked(&directory, found, at) {
                    self.line.looked(&directory, &files, look, &self.watchman.watch, at);
                    if self.watchman.present().is_some_and(|present| self.line.ledger.is_mostly_stale(present)) {
                        let directories = self.watchman.paths();
                        self.jobs.spawn_blocking(move || work::present(&directories));
                    }
                }
            }
            Done::Present(present) => {
                if let Some(present) = present {
                    self.line.compact(&present);
                }
            }
            Done::Built(built) => self.built(built, at),
            Done::Copied { plan, result } => {
                self.copying = false;
                match result {
                    Ok(()) => self.line.copied(&plan),
                    Err(problem) => {
                        self.uncopyable.insert(FileKey::from(&plan.file));
                        if matches!(problem, crate::spool::CopyError::DiskFull(_)) {
                            self.line.disk(Err(problem.to_string()));
                        } else {
                            debug!(error = %problem, "no safe copy");
                        }
                    }
                }
            }
            Done::Synced(result) => self.line.disk(result.map_err(|problem| problem.to_string())),
        }
        self.changed(at);
    }

    /// While the hub is away, makes a safe copy of what has become ready meanwhile, one after the other.
    fn copy(&mut self, at: Moment) {
        let away = self.times.away_since.is_some_and(|since| since + self.pace.copy_after <= at.now);
        while away && !self.copying && !self.line.tally.disk_full {
            match self.line.plan_copy(&self.uncopyable) {
                None => break,
                Some(Ok(plan)) => {
                    self.copying = true;
                    self.jobs.spawn_blocking(move || work::copy(plan));
                }
                Some(Err(key)) => {
                    self.uncopyable.insert(key);
                }
            }
        }
    }

    fn link_changed(&mut self, event: LinkEvent, at: Moment) {
        match event {
            LinkEvent::Up { connection, stream } => {
                self.reporter.way = Some(connection.way());
                self.game.link(Some(connection.clone()));
                // What is under way on an older one keeps that open for as long as it takes.
                self.link = Some(connection);
                self.times.away_since = None;
                self.times.paused_until = None;
                self.uncopyable.clear();
                self.line.release_held();
                self.reporter.connected = true;
                self.reporter.link_problem = None;
                self.report_on(stream, at);
            }
            LinkEvent::Down(reason) => {
                self.game.link(None);
                self.link = None;
                self.times.away_since.get_or_insert(at.now);
                self.reporter.connected = false;
                self.reporter.way = None;
                self.reporter.link_problem = Some(reason);
            }
            LinkEvent::Certificate(state) => self.reporter.certificate = state,
            LinkEvent::Notice(HubNotice::Outcomes { files }) => self.reporter.told(files),
            LinkEvent::Notice(HubNotice::OfferAgain { since_ms }) => self.offer_again(since_ms),
            LinkEvent::Notice(HubNotice::Unrecognised) => {
                debug!("the hub told something that this agent does not know");
            }
        }
        self.changed(at);
    }

    /// The hub may have lost what it acknowledged: whatever lies in the directories is sent again. It tells what it
    /// holds already.
    fn offer_again(&mut self, since_ms: Option<i64>) {
        match self.line.ledger.forget_taken(since_ms.unwrap_or(i64::MIN)) {
            Ok(files) => info!(files, "the hub asks for files again"),
            Err(problem) => warn!(error = %problem, "the hub asks for files again, and the ledger cannot be written"),
        }
        self.watchman.look_again();
        self.offering = true;
    }

    fn write_status(&mut self, at: Moment) {
        let mut status = self.reporter.status(&self.line, self.watchman.directories(), at);
        status.game_server = self.game.line(at);
        if let Err(problem) = self.reporter.write(&status) {
            self.line.disk(Err(problem.to_string()));
        }
        // That everything arrived is news too.
        let all_arrived = self.told_of_waiting && self.line.unacked() == 0;
        if self.watchman.report_is_due(at) || all_arrived {
            self.report_to_hub(at);
        }
    }

    /// May be lost, so nobody waits for it.
    fn report_to_hub(&mut self, at: Moment) {
        let Some(link) = self.link.clone() else { return };
        let notice = self.notice(at);
        tokio::spawn(async move {
            let Ok(stream) = link.open_uni().await else { return };
            report(stream, notice).await;
        });
    }

    /// The same on a stream that is open already.
    fn report_on(&mut self, stream: SendStream, at: Moment) {
        let notice = self.notice(at);
        tokio::spawn(report(stream, notice));
    }

    fn notice(&mut self, at: Moment) -> AgentNotice {
        self.told_of_waiting = self.line.unacked() > 0;
        let status = self.reporter.status(&self.line, self.watchman.directories(), at);
        let (acked, refused) = self.line.ledger.counts();
        AgentNotice::Status(Box::new(report::for_hub(status, refused, acked, at)))
    }
}

async fn report(mut stream: SendStream, notice: AgentNotice) {
    if let Err(problem) = write_message(&mut stream, &notice).await {
        debug!(error = %problem, "a status report was lost");
    }
}

/// The clock, the randomness and the data directory of this machine.
fn machine(home: &Home) -> Machine {
    let home = home.clone();
    let random = || {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).ok().map(|()| bytes)
    };
    Machine {
        now_ms: Box::new(|| Moment::take().ms()),
        random: Box::new(random),
        keep: Arc::new(move |pair| home.keep_tls_pair(pair)),
    }
}

async fn sleep_until(wake: Option<Instant>) {
    match wake {
        Some(wake) => tokio::time::sleep_until(wake.into()).await,
        None => std::future::pending().await,
    }
}

fn tell(damage: &[Damage]) {
    for damage in damage {
        match damage {
            Damage::TornTail(bytes) => warn!(bytes, "the end of the ledger was torn off and is cut"),
            Damage::Entries(count) => warn!(count, "entries of the ledger were damaged; their files are sent again"),
            Damage::SetAside(path) => {
                warn!(path = %path.display(), "the ledger could not be read and is set aside; all files are sent again");
            }
        }
    }
}
