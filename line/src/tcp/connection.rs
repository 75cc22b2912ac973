use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rustls::pki_types::CertificateDer;
use slomix_shared::wire::CloseCode;
use tokio::sync::Notify;

use super::mux::Mux;
use super::stream::{RecvStream, SendStream};
use crate::ConnectionError;

/// What the handles and the task that carries the bytes share.
#[derive(Debug)]
pub(super) struct Shared {
    mux: Mutex<Mux>,
    /// Something is different for those who wait.
    changed: Notify,
    /// There may be something to send.
    pub(super) outgoing: Notify,
    pub(super) about: About,
}

/// What the handshake told.
#[derive(Debug)]
pub(super) struct About {
    pub(super) remote: SocketAddr,
    pub(super) alpn: Vec<u8>,
    pub(super) chain: Option<Vec<CertificateDer<'static>>>,
    pub(super) binding: [u8; 32],
    pub(super) rtt: Duration,
}

impl Shared {
    pub(super) fn new(mux: Mux, about: About) -> Self {
        Self { mux: Mutex::new(mux), changed: Notify::new(), outgoing: Notify::new(), about }
    }

    /// The streams. A panic elsewhere leaves them whole enough to end.
    pub(super) fn mux(&self) -> MutexGuard<'_, Mux> {
        self.mux.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets everybody who waits look again.
    pub(super) fn tell(&self) {
        self.changed.notify_waiters();
    }

    /// Waits until `look` finds something. Whatever it changes is sent.
    pub(super) async fn wait<T>(&self, mut look: impl FnMut(&mut Mux) -> Option<T>) -> T {
        loop {
            let mut changed = std::pin::pin!(self.changed.notified());
            // Before looking, so that no change between the two is missed.
            changed.as_mut().enable();
            if let Some(found) = look(&mut self.mux()) {
                self.outgoing.notify_one();
                return found;
            }
            changed.await;
        }
    }
}

/// The last of them closes the connection.
#[derive(Debug)]
pub(super) struct Handle(pub(super) Arc<Shared>);

impl Drop for Handle {
    fn drop(&mut self) {
        self.0.mux().close(CloseCode::Done);
        self.0.tell();
        self.0.outgoing.notify_one();
    }
}

/// A connection over TLS on TCP.
#[derive(Debug, Clone)]
pub struct Connection(pub(super) Arc<Handle>);

impl Connection {
    fn shared(&self) -> &Shared {
        &self.0.0
    }

    async fn open(&self, one_way: bool) -> Result<u32, ConnectionError> {
        self.shared()
            .wait(|mux| match mux.ended() {
                Some(ended) => Some(Err(ended.clone())),
                None => mux.open(one_way).map(Ok),
            })
            .await
    }

    async fn accept(&self, one_way: bool) -> Result<u32, ConnectionError> {
        self.shared()
            .wait(|mux| match mux.ended() {
                Some(ended) => Some(Err(ended.clone())),
                None => mux.accept(one_way).map(Ok),
            })
            .await
    }

    fn both(&self, id: u32) -> (SendStream, RecvStream) {
        (SendStream::new(&self.0, id), RecvStream::new(&self.0, id))
    }

    pub(crate) async fn open_bi(&self) -> Result<(SendStream, RecvStream), ConnectionError> {
        Ok(self.both(self.open(false).await?))
    }

    pub(crate) async fn open_uni(&self) -> Result<SendStream, ConnectionError> {
        Ok(SendStream::new(&self.0, self.open(true).await?))
    }

    pub(crate) async fn accept_bi(&self) -> Result<(SendStream, RecvStream), ConnectionError> {
        Ok(self.both(self.accept(false).await?))
    }

    pub(crate) async fn accept_uni(&self) -> Result<RecvStream, ConnectionError> {
        Ok(RecvStream::new(&self.0, self.accept(true).await?))
    }

    pub(crate) fn close(&self, why: CloseCode) {
        self.shared().mux().close(why);
        self.shared().tell();
        self.shared().outgoing.notify_one();
    }

    pub(crate) async fn closed(&self) -> ConnectionError {
        self.shared().wait(|mux| mux.ended().cloned()).await
    }

    pub(crate) async fn gone(&self) {
        self.shared().wait(|mux| mux.is_gone().then_some(())).await;
    }

    pub(crate) fn remote_address(&self) -> SocketAddr {
        self.shared().about.remote
    }

    pub(crate) fn stable_id(&self) -> usize {
        Arc::as_ptr(&self.0).addr()
    }

    pub(crate) fn grant_bi(&self, most: u32) {
        self.shared().mux().grant(false, most);
        self.shared().outgoing.notify_one();
    }

    pub(crate) fn grant_uni(&self, most: u32) {
        self.shared().mux().grant(true, most);
        self.shared().outgoing.notify_one();
    }

    pub(crate) fn alpn(&self) -> &[u8] {
        &self.shared().about.alpn
    }

    pub(crate) fn peer_chain(&self) -> Option<&[CertificateDer<'static>]> {
        self.shared().about.chain.as_deref()
    }

    pub(crate) fn binding(&self) -> [u8; 32] {
        self.shared().about.binding
    }

    pub(crate) fn rtt(&self) -> Duration {
        self.shared().about.rtt
    }
}
