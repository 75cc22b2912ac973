mod copying;
mod gaps;
mod reporting;
mod sending;
mod stopping;

use std::collections::{HashSet, VecDeque};
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use slomix_line::Connection;
use slomix_shared::identity::BootId;
use slomix_shared::wire::HubNotice;
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, JoinSet};
use tracing::{debug, error, info, warn};

use super::game::Game;
use super::line::Line;
use super::report::Reporter;
use super::watchman::Watchman;
use super::work::{self, Done};
use super::{Clock, Moment, Pace, RunError, Settings};
use crate::home::{Home, Identity};
use crate::ship::{
    Backoff, CertificateState, Delivered, Holder, LinkEvent, LinkPace, Machine, Sender, Target, keep_link,
};
use crate::spool::{FileKey, Lane, Spool, SystemDisk};
use crate::validate::{Limits, Rules};
use crate::watch::{Look, Settle, Signal};
use gaps::Told;

const DISK_AGAIN: Duration = Duration::from_secs(30);

/// The one task that all happens in.
pub(super) struct Agent {
    pace: Pace,
    clock: Clock,
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
    /// Gaps that the hub is being told of: at most one telling at a time.
    tellings: JoinSet<Told>,
    /// The lanes of the batches that are being made or sent.
    under_way: Vec<Lane>,
    copying: bool,
    /// Files that could not be copied now.
    uncopyable: HashSet<FileKey>,
    /// Files for which the spool has no room while the hub is away.
    no_room: HashSet<FileKey>,
    ack_patience: Duration,
    pause: Backoff,
    times: Times,
    /// The hub asked for files again, and the directories are being looked through for it.
    offering: bool,
    /// Whether files waited for the hub's word when it was last told how things stand.
    told_of_waiting: bool,
    /// How many files and directories could not be read when it was.
    told_of_troubles: usize,
}

/// When what is due. None: not at all.
struct Times {
    paused_until: Option<Instant>,
    away_since: Option<Instant>,
    sync: Option<Instant>,
    disk: Option<Instant>,
    status: Option<Instant>,
    /// Gaps that could not be told are told again.
    tell: Option<Instant>,
}

impl Agent {
    pub(super) fn start(home: &Home, identity: Identity, settings: Settings) -> Result<Self, RunError> {
        let clock = settings.clock;
        let at = clock.read();
        let spool = Spool::open(Arc::new(SystemDisk), &home.places(), settings.quota, at.ms());
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
        let link_task = tokio::spawn(keep_link(target, machine(home, &clock), pair.ok(), waits, events));
        let (known, began_after) = (spool.ledger.len(), spool.ledger.last_batch());
        info!(agent = %identity.enrolment.agent, name = identity.enrolment.name, known, "started");
        Ok(Self {
            pace,
            clock,
            line: Line::new(Settle::new(pace.quiet), spool),
            watchman: Watchman::start(&settings.directories, pace.look_every, at)?,
            reporter: Reporter {
                path: home.status(),
                boot,
                began_after,
                clock_ahead_ms: None,
                delivery_problem: None,
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
            tellings: JoinSet::new(),
            under_way: Vec::new(),
            copying: false,
            uncopyable: HashSet::new(),
            no_room: HashSet::new(),
            ack_patience: pace.ack_patience,
            pause: backoff(pace.call_again),
            offering: false,
            told_of_waiting: false,
            told_of_troubles: 0,
            times: Times {
                paused_until: None,
                away_since: Some(at.now),
                sync: None,
                disk: None,
                status: Some(at.now),
                tell: None,
            },
        })
    }

    /// Works until `stop` is done.
    pub(super) async fn work(&mut self, mut stop: Pin<&mut impl Future<Output = ()>>) {
        loop {
            self.tick(self.clock.read());
            let wake = self.next_wake();
            tokio::select! {
                signal = self.watchman.watch.next() => self.hear(signal, self.clock.read()),
                Some(event) = self.link_events.recv() => self.link_changed(event, self.clock.read()),
                Some(Ok(delivered)) = self.deliveries.join_next() => self.delivered(delivered, self.clock.read()),
                Some(done) = self.jobs.join_next() => self.finished(done, self.clock.read()),
                Some(told) = self.tellings.join_next() => self.told(told, self.clock.read()),
                () = self.game.changed() => self.changed(self.clock.read()),
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
            self.line.spool.tend(at.ms());
            self.line.spool.release_held(at.ms());
        }
        if (self.line.spool.disk_problem().is_some() || !self.uncopyable.is_empty()) && self.times.disk.is_none() {
            self.times.disk = Some(at.now + DISK_AGAIN);
        }
        if due(self.times.sync) {
            self.times.sync = None;
            if let Some(file) = self.line.spool.ledger.to_sync() {
                self.jobs.spawn_blocking(move || work::sync(&*file));
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
        self.tell_gaps(at);
        if due(self.times.status) {
            self.times.status = None;
            self.write_status(at);
        }
    }

    fn next_wake(&self) -> Option<Instant> {
        let times = &self.times;
        let copy = times.away_since.map(|since| since + self.pace.copy_after).filter(|_| !self.copying);
        let copy = copy.filter(|copy| *copy > Instant::now());
        let tell = times.tell.filter(|_| self.link.is_some());
        [times.paused_until, times.sync, times.disk, times.status, tell, copy, self.line.settle.next_due()]
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
                    if look == Look::Periodic {
                        self.line.spool.tend(at.ms());
                    }
                    self.look_for_missing();
                }
            }
            Done::Present(present) => {
                if let Some(present) = present {
                    self.line.spool.all_present(&present, at.ms());
                    self.line.compact_if_stale(&present);
                }
            }
            Done::Built(built) => self.built(built, at),
            Done::Packed { file, result } => self.packed(&file, result, at),
            Done::Copied { packed, result } => self.copied(&packed, result, at),
            Done::Synced(result) => {
                if result.is_err() {
                    self.line.spool.ledger.sync_failed();
                }
                self.line.spool.disk_said(result);
            }
        }
        self.changed(at);
    }

    /// Finds out, where it is not known, whether files are gone, or the ledger is mostly about such.
    fn look_for_missing(&mut self) {
        let Some(present) = self.watchman.present() else { return };
        if self.line.spool.misses() || self.line.spool.ledger.is_mostly_stale(present) {
            let directories = self.watchman.paths();
            self.jobs.spawn_blocking(move || work::present(&directories));
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
                self.no_room.clear();
                self.line.spool.release_held(at.ms());
                self.times.tell = None;
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
            LinkEvent::Notice(HubNotice::Clock { clock_ms }) => self.reporter.hub_clock(clock_ms, at),
            LinkEvent::Notice(HubNotice::Unrecognised) => {
                debug!("the hub told something that this agent does not know");
            }
        }
        self.changed(at);
    }

    /// The hub may have lost what it acknowledged: whatever lies in the directories is sent again. It tells what it
    /// holds already.
    fn offer_again(&mut self, since_ms: Option<i64>) {
        match self.line.spool.ledger.forget_taken(since_ms.unwrap_or(i64::MIN)) {
            Ok(files) => info!(files, "the hub asks for files again"),
            Err(problem) => warn!(error = %problem, "the hub asks for files again, and the ledger cannot be written"),
        }
        self.watchman.look_again();
        self.offering = true;
    }
}

/// The clock, the randomness and the data directory of this machine.
fn machine(home: &Home, clock: &Clock) -> Machine {
    let (home, clock) = (home.clone(), clock.clone());
    let random = || {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).ok().map(|()| bytes)
    };
    Machine {
        now_ms: Box::new(move || clock.read().ms()),
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
