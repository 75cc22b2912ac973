//! HTTP: what the hub says of itself, and where the pages will be.
//!
//! Two listeners, so that what names hosts cannot leak to the outside: [`health`] and [`live`] on `[http]`, [`admin`] on
//! `[admin]`.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::serve::ServeError;

mod accept;
pub mod admin;
pub mod health;
pub mod live;
mod status_text;

/// How long requests under way may take when the hub stops.
const GRACE: Duration = Duration::from_millis(500);

/// An address that is listened on and not served yet.
#[derive(Debug)]
pub(crate) struct Bound {
    listener: TcpListener,
    address: SocketAddr,
}

/// A running HTTP listener.
#[derive(Debug)]
pub(crate) struct Listener {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Listener {
    /// Takes the address (port 0: any free one) that `section` of the configuration names.
    pub(crate) async fn bind(section: &'static str, address: SocketAddr) -> Result<Bound, ServeError> {
        let failed = |source| ServeError::listen(section, address, source);
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        Ok(Bound { listener, address })
    }

    /// Takes no new requests, and lets those under way end for a moment.
    pub(crate) async fn stop(mut self) {
        self.stop.send_replace(true);
        if tokio::time::timeout(GRACE, &mut self.task).await.is_err() {
            self.task.abort();
        }
    }
}

impl Bound {
    /// The address, with the real port.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers with these routes.
    pub(crate) fn serve(self, routes: Router) -> Listener {
        let (stop, stopped) = watch::channel(false);
        Listener { stop, task: tokio::spawn(accept::run(self.listener, routes, accept::HEAD, stopped)) }
    }
}
