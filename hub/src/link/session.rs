//! One connected agent, from the handshake to the end of its connection.

use std::sync::Arc;
use std::time::Duration;

use quinn::{Connection, RecvStream, VarInt};
use slomix_shared::identity::AgentId;
use slomix_shared::wire::{AgentNotice, CloseCode, HubNotice};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::batch::{self, Sender};
use super::connections::close;
use super::endpoint::Hub;
use super::frames::{self, code};
use super::sequence::Sequences;
use super::settings::{BATCH_STREAMS, NOTICE_STREAMS};
use super::{Clock, Intake, Live, Registry, caller};

/// A notice that an agent has no room for within this time is dropped.
const NOTICE_DELIVERY: Duration = Duration::from_secs(10);

/// Serves a caller on the link. Without an admitted agent behind it, it is closed before it may open any stream.
pub(super) async fn serve<I: Intake, R: Registry>(
    hub: Arc<Hub<I, R>>,
    connection: Connection,
    stop: watch::Receiver<bool>,
) {
    let address = connection.remote_address();
    let Some(id) = caller::certified_agent(&connection) else {
        tracing::warn!(%address, "a caller without a certificate of this hub is turned away");
        return close(&connection, CloseCode::NoCertificate);
    };
    match caller::admit(&*hub.registry, id).await {
        Ok(agent) => {
            let (line, notices) = hub.connections.add(&agent, connection, (hub.clock)());
            tracing::info!(agent.id = %id, agent.name = agent.name, %address, "an agent connected");
            let from = Arc::new(Sender { line, agent, sequences: Sequences::default() });
            run(&hub, &from, notices, stop).await;
            hub.connections.remove(&from.line);
        }
        Err(why) => {
            tracing::warn!(agent.id = %id, %address, ?why, "an agent is turned away");
            close(&connection, why);
        }
    }
}

async fn run<I: Intake, R: Registry>(
    hub: &Arc<Hub<I, R>>,
    from: &Arc<Sender>,
    mut notices: tokio::sync::mpsc::Receiver<HubNotice>,
    mut stop: watch::Receiver<bool>,
) {
    let connection = &from.line.connection;
    let (id, name) = (from.agent.id, from.agent.name.as_str());
    connection.set_max_concurrent_bi_streams(VarInt::from_u32(BATCH_STREAMS));
    connection.set_max_concurrent_uni_streams(VarInt::from_u32(NOTICE_STREAMS));
    let mut streams = JoinSet::new();
    let ended = loop {
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => break None,
            opened = connection.accept_bi() => match opened {
                Ok((answer, stream)) => {
                    let at_open = from.sequences.at_open();
                    streams.spawn(batch::serve(hub.clone(), from.clone(), at_open, answer, stream));
                }
                Err(error) => break Some(error),
            },
            opened = connection.accept_uni() => match opened {
                Ok(stream) => { streams.spawn(take_notice(from.clone(), hub.connections.live(), hub.clock.clone(), stream)); }
                Err(error) => break Some(error),
            },
            Some(notice) = notices.recv() => { streams.spawn(send_notice(connection.clone(), id, notice)); }
            Some(done) = streams.join_next() => report(id, done),
        }
    };
    // What has begun ends by itself: an archive that is committing must not be cut off, and its ack is still due.
    while let Some(done) = streams.join_next().await {
        report(id, done);
    }
    match ended {
        Some(error) => tracing::info!(agent.id = %id, agent.name = name, reason = %error, "an agent left"),
        None => from.line.close(CloseCode::ShuttingDown),
    }
}

fn report(id: AgentId, done: Result<(), tokio::task::JoinError>) {
    if let Err(error) = done {
        tracing::error!(agent.id = %id, %error, "serving a stream failed; its batch is not acknowledged");
    }
}

async fn take_notice(from: Arc<Sender>, live: Arc<Live>, clock: Clock, mut stream: RecvStream) {
    let id = from.agent.id;
    match frames::read::<AgentNotice>(&mut stream).await {
        Ok(AgentNotice::Status(status)) => {
            let now_ms = clock();
            from.line.update(|about| about.status = Some((now_ms, *status)));
        }
        Ok(AgentNotice::Live(state)) => live.hear(id, &from.agent.server, *state, clock()),
        Ok(AgentNotice::Unrecognised) => tracing::debug!(agent.id = %id, "a notice of a newer agent is passed over"),
        Err(fault) => {
            tracing::debug!(agent.id = %id, error = %fault, "a notice did not arrive");
            let _ = stream.stop(code(fault.reset_code()));
        }
    }
}

async fn send_notice(connection: Connection, id: AgentId, notice: HubNotice) {
    let send = async {
        let mut stream = connection.open_uni().await.map_err(|error| error.to_string())?;
        frames::write(&mut stream, &notice).await.map_err(|error| error.to_string())
    };
    match tokio::time::timeout(NOTICE_DELIVERY, send).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::debug!(agent.id = %id, error, "a notice was lost"),
        Err(_) => tracing::debug!(agent.id = %id, "a notice was dropped: the agent has no room for it"),
    }
}
