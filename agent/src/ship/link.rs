use std::time::{Duration, Instant};

use slomix_line::{Connection, ConnectionError, SendStream};
use slomix_shared::identity::TlsPair;
use slomix_shared::wire::{CloseCode, HubNotice};
use tokio::sync::mpsc;
use tracing::{debug, info, warn};

use super::backoff::Backoff;
use super::dial::{DialError, certificate_ran_out, close_code, explain_close};
use super::frames::read_message;
use super::keeper::{Keeper, Line, Machine, Target};

/// A hub that said that it stops is expected back within this time: that nobody answers meanwhile is no trouble.
const BACK_SOON: Duration = Duration::from_mins(1);
/// A connection that lasted for this long was a good one.
const LASTING: Duration = Duration::from_secs(5);

/// What happens on the link.
#[derive(Debug)]
pub enum LinkEvent {
    /// The hub has let this agent in on a connection. Where there is one already, this one takes its place, and what is
    /// under way on that comes to its end.
    Up {
        /// The connection.
        connection: Connection,
        /// A first stream on it, to say how things stand.
        stream: SendStream,
    },
    /// There is no connection, for this reason.
    Down(String),
    /// The hub told something.
    Notice(HubNotice),
    /// Something is new about this agent's certificate.
    Certificate(CertificateState),
}

/// How it stands with an agent's certificate.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CertificateState {
    /// When the hub made it, Unix milliseconds by its clock; none where there is no certificate.
    pub issued_at_ms: Option<i64>,
    /// Its last moment, Unix milliseconds.
    pub ends_at_ms: Option<i64>,
    /// Why it could not be renewed or kept yet.
    pub problem: Option<String>,
    /// Since when the hub's operator has to let this agent in again.
    pub awaits_approval_since_ms: Option<i64>,
}

/// The link's waits, the first and the longest each.
#[derive(Debug, Clone)]
pub struct LinkPace {
    /// Between two calls.
    pub call: Backoff,
    /// Between two questions whether the operator has decided.
    pub ask: Backoff,
    /// Between two tries to renew a certificate.
    pub renew: Backoff,
    /// Between two tries whether UDP gets through, on a connection over TCP.
    pub udp: Backoff,
}

/// Nobody listens to what happens any more: the agent stops.
struct Unheard;

/// Why there is no connection.
enum Ended {
    /// For this reason, of this weight.
    Because { reason: String, weight: Weight },
    /// There is no certificate that lets this agent in.
    NoCertificate,
}

/// How much of an end somebody has to hear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Weight {
    /// This agent closed the connection itself.
    Own,
    /// The hub said that it stops.
    Orderly,
    /// It may pass.
    Trouble,
    /// A person has to do something about it.
    NeedsAPerson,
}

/// Keeps a connection to the hub, for ever: until nobody listens to `events` any more. `pair` is the certificate that
/// there is; it is renewed, and a lost one asked for, as the need arises.
pub async fn keep_link(
    target: Target,
    machine: Machine,
    pair: Option<TlsPair>,
    pace: LinkPace,
    events: mpsc::Sender<LinkEvent>,
) {
    let keeper = Keeper::new(target, machine, pair, pace.renew.clone());
    let mut link =
        Link { keeper, pace, events, told: String::new(), stopped: None, told_state: CertificateState::default() };
    // Ends only when nobody listens.
    let Err(Unheard) = link.keep().await;
}

struct Link {
    keeper: Keeper,
    pace: LinkPace,
    events: mpsc::Sender<LinkEvent>,
    /// The reason that was last told.
    told: String,
    /// When the hub last said that it stops, while it has not been there again.
    stopped: Option<Instant>,
    told_state: CertificateState,
}

impl Link {
    async fn keep(&mut self) -> Result<std::convert::Infallible, Unheard> {
        loop {
            self.tell_state().await?;
            let mut ended = if self.keeper.has_certificate() { self.session().await? } else { Ended::NoCertificate };
            let mut asking = false;
            if matches!(ended, Ended::NoCertificate) {
                match self.keeper.ask_operator().await {
                    Ok(()) => {
                        self.pace.ask.reset();
                        tokio::time::sleep(self.pace.call.wait(self.keeper.machine.spread())).await;
                        continue;
                    }
                    Err(reason) => ended = Ended::Because { reason, weight: Weight::Trouble },
                }
                asking = true;
                self.tell_state().await?;
            }
            if let Ended::Because { reason, weight } = ended {
                if weight == Weight::NeedsAPerson {
                    self.pace.call.exhaust();
                }
                self.tell(&reason, weight);
                self.send(LinkEvent::Down(reason)).await?;
            }
            let backoff = if asking { &mut self.pace.ask } else { &mut self.pace.call };
            let wait = backoff.wait(self.keeper.machine.spread());
            debug!(wait_ms = wait.as_millis(), "waiting before the next call");
            tokio::time::sleep(wait).await;
        }
    }

    /// The log hears of each reason once.
    fn tell(&mut self, reason: &str, weight: Weight) {
        let hub = &self.keeper.target.address;
        if weight == Weight::Orderly {
            self.stopped = Some(Instant::now());
        }
        let expected = weight == Weight::Trouble && self.stopped.is_some_and(|at| at.elapsed() < BACK_SOON);
        if weight == Weight::Own || expected {
            debug!(hub, reason, "no connection to the hub");
            return;
        }
        if self.told == reason {
            return;
        }
        if weight == Weight::Orderly {
            info!(hub, "the hub is shutting down; files wait here until it is back");
        } else {
            warn!(hub, reason, "no connection to the hub, trying again; files wait here");
        }
        reason.clone_into(&mut self.told);
    }

    async fn send(&self, event: LinkEvent) -> Result<(), Unheard> {
        self.events.send(event).await.map_err(|_| Unheard)
    }

    /// Tells what is new about the certificate.
    async fn tell_state(&mut self) -> Result<(), Unheard> {
        let state = self.keeper.state();
        if self.told_state == state {
            return Ok(());
        }
        self.told_state = state.clone();
        self.send(LinkEvent::Certificate(state)).await
    }

    /// One call, and what follows while the hub stays.
    async fn session(&mut self) -> Result<Ended, Unheard> {
        let (mut line, stream) = match self.keeper.call().await {
            Ok(called) => called,
            Err(DialError::Refused { source, .. }) => return Ok(ended(&source)),
            Err(error) => return Ok(Ended::Because { reason: error.to_string(), weight: Weight::Trouble }),
        };
        info!(hub = self.keeper.target.address, way = line.connection.way().word(), "connected");
        self.stopped = None;
        self.send(LinkEvent::Up { connection: line.connection.clone(), stream }).await?;
        self.tell_state().await?;
        let since = Instant::now();
        let reason = self.stay(&mut line).await?;
        // A hub that lets agents in and closes at once is not called more often for that.
        if since.elapsed() >= LASTING {
            self.pace.call.reset();
            self.told.clear();
        }
        Ok(ended(&reason))
    }

    /// Passes on what the hub tells, and renews the certificate when it is time, until the connection ends. It may be
    /// another one then than the one it was: a renewed certificate has a connection of its own.
    async fn stay(&mut self, line: &mut Line) -> Result<ConnectionError, Unheard> {
        let mut renewal = self.keeper.work_ahead();
        let mut by_udp = Box::pin(self.keeper.try_udp(line.connection.way(), self.pace.udp.clone()));
        loop {
            let wait = renewal.wait((self.keeper.machine.now_ms)());
            tokio::select! {
                stream = line.connection.accept_uni() => {
                    let mut stream = match stream {
                        Ok(stream) => stream,
                        Err(ended) => return Ok(ended),
                    };
                    let read = read_message::<HubNotice>(&mut stream);
                    match tokio::time::timeout(self.keeper.target.patience, read).await {
                        Ok(Ok(notice)) => self.send(LinkEvent::Notice(notice)).await?,
                        Ok(Err(error)) => debug!(%error, "a notice from the hub was lost"),
                        Err(_) => debug!("a notice from the hub did not come to its end"),
                    }
                    continue;
                }
                (next, stream) = &mut by_udp => {
                    self.keeper.udp_works();
                    *line = next;
                    by_udp = Box::pin(self.keeper.try_udp(line.connection.way(), self.pace.udp.clone()));
                    self.send(LinkEvent::Up { connection: line.connection.clone(), stream }).await?;
                    continue;
                }
                () = tokio::time::sleep(wait) => {}
            }
            if !renewal.is_due((self.keeper.machine.now_ms)()) {
                continue;
            }
            let renewed = self.keeper.renew(&line.connection).await;
            if let Some((next, stream)) = renewed.moved {
                info!(hub = self.keeper.target.address, "renewed the certificate and moved over");
                *line = next;
                by_udp = Box::pin(self.keeper.try_udp(line.connection.way(), self.pace.udp.clone()));
                self.send(LinkEvent::Up { connection: line.connection.clone(), stream }).await?;
            }
            match &renewed.problem {
                None => renewal = self.keeper.work_ahead(),
                Some(reason) => {
                    if self.keeper.problem != renewed.problem {
                        warn!(
                            hub = self.keeper.target.address,
                            reason, "the certificate is not renewed yet, trying again"
                        );
                    }
                    renewal.failed((self.keeper.machine.now_ms)(), self.keeper.machine.spread());
                }
            }
            self.keeper.problem = renewed.problem;
            self.tell_state().await?;
        }
    }
}

/// What a connection's end means.
fn ended(reason: &ConnectionError) -> Ended {
    if certificate_ran_out(reason) {
        return Ended::NoCertificate;
    }
    let weight = match (close_code(reason), reason) {
        (Some(CloseCode::NoCertificate | CloseCode::NotEnrolled | CloseCode::Revoked | CloseCode::Replaced), _) => {
            Weight::NeedsAPerson
        }
        (Some(CloseCode::ShuttingDown), _) => Weight::Orderly,
        (_, ConnectionError::ClosedHere) => Weight::Own,
        _ => Weight::Trouble,
    };
    Ended::Because { reason: explain_close(reason), weight }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_orderly_end_is_no_trouble() {
        let weight = |reason: ConnectionError| match ended(&reason) {
            Ended::Because { weight, .. } => weight,
            Ended::NoCertificate => panic!("{reason}"),
        };
        assert_eq!(weight(ConnectionError::Closed(CloseCode::ShuttingDown)), Weight::Orderly);
        assert_eq!(weight(ConnectionError::ClosedHere), Weight::Own);
        assert_eq!(weight(ConnectionError::Closed(CloseCode::Revoked)), Weight::NeedsAPerson);
        assert_eq!(weight(ConnectionError::Closed(CloseCode::Busy)), Weight::Trouble);
        assert_eq!(weight(ConnectionError::Silent), Weight::Trouble);
    }
}
