//! The agent's certificate: kept, renewed, and asked for again where it is lost or has run out.

use std::sync::Arc;
use std::time::{Duration, Instant};

use slomix_line::{Connection, SendStream, Way};
use slomix_shared::identity::{TlsPair, join_client, link_client};
use slomix_shared::wire::CloseCode;
use tracing::{debug, info, warn};

use super::backoff::Backoff;
use super::certify::{CertifyError, Holder, certify};
use super::dial::{DialError, Dialled, connect};
use super::link::CertificateState;
use super::renewal::Renewal;
use super::roads::{Fallback, Roads};
use crate::home::HomeError;

/// A certificate that was made so shortly ago, or a quarter of its life ago, is not renewed again, whatever this host's
/// clock says of its age.
const HARDLY_OLD: Duration = Duration::from_hours(1);

/// Which hub, and who calls.
#[derive(Debug)]
pub struct Target {
    /// `host:port`.
    pub address: String,
    /// The name that the operator gave this agent.
    pub name: String,
    /// Who calls whom.
    pub holder: Holder,
    /// How long to wait for an answer to a call, and to a request for a certificate.
    pub patience: Duration,
    /// Where UDP gets no answer.
    pub fallback: Fallback,
}

/// Puts a certificate with its key where it is found at the next start.
type Keep = dyn Fn(&TlsPair) -> Result<(), HomeError> + Send + Sync;

/// What the link needs of the machine that it runs on.
pub struct Machine {
    /// The wall clock, Unix milliseconds.
    pub now_ms: Box<dyn Fn() -> i64 + Send + Sync>,
    /// Random bytes; none where the system gives none.
    pub random: Box<dyn Fn() -> Option<[u8; 32]> + Send + Sync>,
    /// Keeps a certificate with its key.
    pub keep: Arc<Keep>,
}

impl Machine {
    /// A random byte, to spread what agents do; without a source of randomness the middle will do.
    pub(super) fn spread(&self) -> u8 {
        (self.random)().map_or(128, |bytes| bytes[0])
    }
}

/// A connection on which the hub has let this agent in. Its last handle closes it, once what is under way has come to
/// its end.
pub(super) struct Line {
    pub(super) connection: Connection,
    _dialled: Dialled,
}

/// What came of trying to renew a certificate.
#[derive(Default)]
pub(super) struct Renewed {
    /// A connection with the new one, and a first stream on it.
    pub(super) moved: Option<(Line, SendStream)>,
    /// Why there is something left to do.
    pub(super) problem: Option<String>,
}

/// The agent's certificate and all that is done for it.
pub(super) struct Keeper {
    pub(super) target: Arc<Target>,
    roads: Roads,
    pub(super) machine: Machine,
    pair: Option<Arc<TlsPair>>,
    /// The pair is younger than the connection.
    unused: bool,
    /// The pair is not on the disk.
    unstored: bool,
    /// When it was renewed, in this run.
    renewed: Option<Instant>,
    pub(super) problem: Option<String>,
    awaits_approval_since_ms: Option<i64>,
    renew_again: Backoff,
}

impl Keeper {
    pub(super) fn new(target: Target, machine: Machine, pair: Option<TlsPair>, renew_again: Backoff) -> Self {
        let pair = pair.map(Arc::new);
        Self {
            roads: Roads::new(target.fallback.clone()),
            target: Arc::new(target),
            machine,
            pair,
            unused: false,
            unstored: false,
            renewed: None,
            problem: None,
            awaits_approval_since_ms: None,
            renew_again,
        }
    }

    pub(super) fn has_certificate(&self) -> bool {
        self.pair.is_some()
    }

    /// How things stand, for people.
    pub(super) fn state(&self) -> CertificateState {
        CertificateState {
            issued_at_ms: self.pair.as_ref().map(|pair| pair.issued_at_ms()),
            ends_at_ms: self.pair.as_ref().map(|pair| pair.ends_at_ms()),
            problem: self.problem.clone(),
            awaits_approval_since_ms: self.awaits_approval_since_ms,
        }
    }

    /// What is left to do for the certificate on a connection that has just come up: to renew it when it is time, or to
    /// try soon once more to keep it.
    pub(super) fn work_ahead(&self) -> Renewal {
        let mut renewal = self.renewal();
        if self.unstored {
            renewal.failed((self.machine.now_ms)(), self.machine.spread());
        } else if let (Some(at), Some(pair)) = (self.renewed, &self.pair) {
            let life = Duration::from_millis((pair.ends_at_ms() - pair.issued_at_ms()).max(0).cast_unsigned());
            let rest = HARDLY_OLD.min(life / 4).saturating_sub(at.elapsed());
            renewal.not_before((self.machine.now_ms)().saturating_add(rest.as_millis() as i64));
        }
        renewal
    }

    /// When the certificate is to be renewed.
    pub(super) fn renewal(&self) -> Renewal {
        let (issued, ends) = self.pair.as_ref().map_or((0, 0), |pair| (pair.issued_at_ms(), pair.ends_at_ms()));
        Renewal::of(issued, ends, self.machine.spread(), self.renew_again.clone())
    }

    fn tls(&self) -> Result<rustls::ClientConfig, DialError> {
        let pair = self.pair.as_ref().ok_or_else(|| DialError::Settings("there is no certificate".into()))?;
        let tls = link_client(self.target.holder.pin, pair.chain().to_vec(), pair.key());
        tls.map_err(|error| DialError::Settings(error.into()))
    }

    /// Calls the hub with the certificate that there is.
    pub(super) async fn call(&mut self) -> Result<(Line, SendStream), DialError> {
        let tls = self.tls()?;
        let Target { address, patience, .. } = &*self.target;
        let dialled = self.roads.travel(address, tls, *patience).await?;
        let let_in = let_in(dialled, address, *patience).await?;
        self.unused = false;
        // It may have been the clocks alone.
        self.awaits_approval_since_ms = None;
        Ok(let_in)
    }

    /// On a connection over TCP, tries now and then whether UDP leads to the hub again, until it does. On any other it
    /// never comes to an end.
    pub(super) fn try_udp(
        &self,
        way: Way,
        mut waits: Backoff,
    ) -> impl Future<Output = (Line, SendStream)> + Send + use<> {
        let (target, tls, spread) = (Arc::clone(&self.target), self.tls(), self.machine.spread());
        async move {
            let (Way::Tcp, Ok(tls)) = (way, tls) else { return std::future::pending().await };
            loop {
                tokio::time::sleep(waits.wait(spread)).await;
                let Target { address, patience, .. } = &*target;
                let called = match connect(address, Arc::new(tls.clone()), *patience).await {
                    Ok(dialled) => let_in(dialled, address, *patience).await,
                    Err(error) => Err(error),
                };
                match called {
                    Ok(called) => return called,
                    Err(error) => debug!(%error, "UDP does not get through yet"),
                }
            }
        }
    }

    /// That was so.
    pub(super) fn udp_works(&mut self) {
        self.roads.udp_works();
    }

    /// Gets a new certificate over `connection`, keeps it, and opens a connection with it beside that one. Whatever of
    /// it fails is tried again the next time, and what was done is not done again.
    pub(super) async fn renew(&mut self, connection: &Connection) -> Renewed {
        let ahead = (self.unused || self.unstored) && !self.renewal().is_due((self.machine.now_ms)());
        if !ahead {
            match self.certify(connection).await {
                Ok(pair) => self.take(pair, true),
                Err(error) => return Renewed { problem: Some(error.to_string()), moved: None },
            }
        }
        let unstored = self.store().await.err();
        if !self.unused {
            return Renewed { problem: unstored, moved: None };
        }
        match self.call().await {
            Ok(moved) => Renewed { moved: Some(moved), problem: unstored },
            Err(error) => Renewed { moved: None, problem: Some(error.to_string()) },
        }
    }

    /// Asks the hub's operator for a new certificate. Err is why there is none yet, in words.
    pub(super) async fn ask_operator(&mut self) -> Result<(), String> {
        let target = Arc::clone(&self.target);
        let Target { address, holder, patience, name, .. } = &*target;
        let tls = join_client(holder.pin).map_err(|error| error.to_string())?;
        let dialled = self.roads.travel(address, tls, *patience).await.map_err(|error| error.to_string())?;
        let asked = self.certify(&dialled.connection).await;
        dialled.connection.close(CloseCode::Done);
        match asked {
            Ok(pair) => {
                info!(hub = address, "the hub let this agent in again");
                self.take(pair, false);
                self.awaits_approval_since_ms = None;
                self.problem = self.store().await.err();
                Ok(())
            }
            Err(CertifyError::Pending { since_ms }) => {
                let problem = format!(
                    "this agent's certificate is lost or has run out, and the hub's operator has to let it in again: \
                     slomix-hub agent approve {name}"
                );
                self.awaits_approval_since_ms = since_ms.or_else(|| Some((self.machine.now_ms)()));
                Err(problem)
            }
            Err(error) => {
                self.awaits_approval_since_ms = None;
                let more = match error {
                    CertifyError::OlderHub => ", or join again with a new token",
                    _ => "",
                };
                Err(format!("this agent's certificate is lost or has run out, and {error}{more}"))
            }
        }
    }

    async fn certify(&self, connection: &Connection) -> Result<TlsPair, CertifyError> {
        let seed = (self.machine.random)().ok_or(CertifyError::Random)?;
        let asked = certify(connection, &self.target.holder, seed);
        tokio::time::timeout(self.target.patience, asked).await.unwrap_or(Err(CertifyError::Silent))
    }

    fn take(&mut self, pair: TlsPair, unused: bool) {
        self.pair = Some(Arc::new(pair));
        (self.unused, self.unstored) = (unused, true);
        self.renewed = Some(Instant::now());
    }

    /// Puts the certificate on the disk, on the other thread. Until that works it holds for this run alone.
    async fn store(&mut self) -> Result<(), String> {
        let Some(pair) = self.pair.clone().filter(|_| self.unstored) else { return Ok(()) };
        let keep = Arc::clone(&self.machine.keep);
        let kept = tokio::task::spawn_blocking(move || keep(&pair)).await;
        let kept = kept.map_err(|error| error.to_string()).and_then(|kept| {
            kept.map_err(|error| match std::error::Error::source(&error) {
                Some(cause) => format!("{error}: {cause}"),
                None => error.to_string(),
            })
        });
        match &kept {
            Ok(()) => self.unstored = false,
            Err(reason) => warn!(reason, "the new certificate is used, and cannot be kept for the next start yet"),
        }
        kept
    }
}

/// Waits until the hub has let this agent in: TLS lets a caller go on before the hub has looked at its certificate and
/// its list of agents, and streams are what the hub gives to those it lets in.
async fn let_in(dialled: Dialled, address: &str, patience: Duration) -> Result<(Line, SendStream), DialError> {
    let connection = dialled.connection.clone();
    match tokio::time::timeout(patience, connection.open_uni()).await {
        Ok(Ok(stream)) => Ok((Line { connection, _dialled: dialled }, stream)),
        Ok(Err(source)) => Err(DialError::refused(address, source)),
        Err(_) => Err(DialError::Silent { address: address.to_owned() }),
    }
}
