//! The way for agents whose UDP is blocked: TLS over TCP, with the same certificates and the same frames.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::endpoint::{HANDSHAKE, Hub, MOST_CONNECTIONS, greet, report};
use super::porch::Place;
use super::{Intake, Registry, settings};

/// Taking calls fails for want of file handles or memory: it is tried again after this long.
const SHORTAGE: Duration = Duration::from_millis(200);

pub(super) async fn accept<I: Intake, R: Registry>(
    listener: TcpListener,
    tls: Arc<rustls::ServerConfig>,
    hub: Arc<Hub<I, R>>,
    mut stop: watch::Receiver<bool>,
) {
    let mut callers = JoinSet::new();
    let stopped = stop.clone();
    loop {
        let called = tokio::select! {
            _ = stop.wait_for(|stop| *stop) => None,
            called = listener.accept() => Some(called),
            Some(done) = callers.join_next() => {
                report(done);
                continue;
            }
        };
        match called {
            None => break,
            Some(Ok((stream, from))) => {
                if callers.len() > MOST_CONNECTIONS {
                    hub.porch.turn_away();
                } else if let Some(place) = hub.porch.enter(from.ip()) {
                    callers.spawn(serve(hub.clone(), tls.clone(), (stream, from), place, stopped.clone()));
                }
            }
            Some(Err(error)) => {
                tracing::warn!(%error, "a call over TCP could not be taken");
                tokio::time::sleep(SHORTAGE).await;
            }
        }
    }
    drop(listener);
    while let Some(done) = callers.join_next().await {
        report(done);
    }
}

async fn serve<I: Intake, R: Registry>(
    hub: Arc<Hub<I, R>>,
    tls: Arc<rustls::ServerConfig>,
    (stream, address): (TcpStream, SocketAddr),
    place: Place,
    mut stop: watch::Receiver<bool>,
) {
    let handshake = tokio::time::timeout(HANDSHAKE, slomix_line::tcp::accept(stream, tls, settings::TCP));
    let connection = tokio::select! {
        _ = stop.wait_for(|stop| *stop) => return,
        connection = handshake => match connection {
            Ok(Ok(connection)) => connection,
            Ok(Err(error)) => return hub.strangers.failed(address, &error),
            Err(_) => return tracing::info!(%address, "a caller did not finish the handshake in time"),
        },
    };
    greet(hub, connection.clone(), place, stop).await;
    // Its last words are on their way.
    connection.gone().await;
}
