use std::sync::Arc;
use std::time::Duration;

use slomix_shared::wire::CloseCode;
use tracing::{info, warn};

use super::dial::{DialError, Dialled, connect, connect_tcp};

/// When and where the hub is called over TCP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fallback {
    /// After so many calls over UDP without an answer; 0 for never.
    pub after: u32,
    /// Where, `host:port`; none for where UDP is tried.
    pub address: Option<String>,
}

/// After how many calls over UDP without an answer TCP is tried, unless the operator says otherwise.
pub const TCP_AFTER: u32 = 3;

/// How long UDP may take to answer once TCP has.
const ONCE_MORE: Duration = Duration::from_secs(2);

impl Default for Fallback {
    fn default() -> Self {
        Self { after: TCP_AFTER, address: None }
    }
}

/// The two roads to a hub: UDP, and TCP where UDP gets no answer.
#[derive(Debug)]
pub struct Roads {
    fallback: Fallback,
    /// Calls over UDP in a row that nobody answered.
    unanswered: u32,
    by_tcp: bool,
}

impl Roads {
    /// Nothing has been tried yet.
    pub fn new(fallback: Fallback) -> Self {
        Self { fallback, unanswered: 0, by_tcp: false }
    }

    /// For whoever calls but once: TCP is tried at once where UDP gets no answer.
    pub fn for_one_call(fallback: &Fallback) -> Self {
        Self::new(Fallback { after: fallback.after.min(1), address: fallback.address.clone() })
    }

    /// Calls the hub at `address` (`host:port`) by the road that led there last, or by both.
    pub async fn travel(
        &mut self,
        address: &str,
        tls: rustls::ClientConfig,
        patience: Duration,
    ) -> Result<Dialled, DialError> {
        let tls = Arc::new(tls);
        let tcp_address = self.fallback.address.clone().unwrap_or_else(|| address.to_owned());
        let mut over_tcp = None;
        if self.by_tcp {
            match connect_tcp(&tcp_address, tls.clone(), patience).await {
                Err(error @ DialError::NoTcp { .. }) => over_tcp = Some(error),
                done => return done,
            }
            // That road is no better than the other.
            self.by_tcp = false;
        }
        let silence = match connect(address, tls.clone(), patience).await {
            Err(error) if error.is_silence() => error,
            answered => {
                self.unanswered = 0;
                return answered;
            }
        };
        self.unanswered = self.unanswered.saturating_add(1);
        if self.fallback.after == 0 || self.unanswered < self.fallback.after {
            return Err(silence);
        }
        let over_tcp = match over_tcp {
            Some(error) => Err(error),
            None => connect_tcp(&tcp_address, tls.clone(), patience).await,
        };
        match over_tcp {
            Err(DialError::NoTcp { reason, .. }) => {
                Err(DialError::Neither { address: address.to_owned(), tcp: reason })
            }
            Ok(dialled) => {
                // A hub that was away and has just come back is met on this road by chance.
                if let Ok(by_udp) = connect(address, tls, patience.min(ONCE_MORE)).await {
                    dialled.connection.close(CloseCode::Done);
                    self.unanswered = 0;
                    return Ok(by_udp);
                }
                self.by_tcp = true;
                warn!(
                    hub = address,
                    "UDP gets no answer from the hub, and TCP does: going on over TCP, and trying UDP now and then. Let \
                     the hub's UDP port through the firewalls"
                );
                Ok(dialled)
            }
            refused => refused,
        }
    }

    /// UDP leads to the hub again.
    pub(super) fn udp_works(&mut self) {
        info!("UDP gets through to the hub again: moving over to it");
        (self.by_tcp, self.unanswered) = (false, 0);
    }
}
