//! One connected agent, from the handshake to the end of its connection.

use std::sync::Arc;
use std::time::Duration;

use slomix_line::{Connection, ConnectionError, RecvStream};
use slomix_shared::identity::AgentId;
use slomix_shared::wire::{AgentNotice, AgentStatus, CloseCode, HubNotice};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::batch::{self, Sender};
use super::caller::Shown;
use super::endpoint::Hub;
use super::frames;
use super::porch::Place;
use super::sequence::Sequences;
use super::settings::{BATCH_STREAMS, NOTICE_STREAMS};
use super::{AgentRecord, Intake, Registry, caller, old_copy};

/// A notice that an agent has no room for within this time is dropped.
const NOTICE_DELIVERY: Duration = Duration::from_secs(10);

/// An agent that moves over to another connection may open streams on the older one for so long, and has left it once
/// nothing is under way there for the shorter time.
const MOVING: Duration = Duration::from_secs(30);
const MOVED: Duration = Duration::from_secs(10);

/// Why a connection is served no more.
enum Ended {
    Left(ConnectionError),
    Stopping,
    /// The agent has another connection.
    Moved,
}

/// Serves a caller on the link. Without an admitted agent behind it, it is closed before it may open any stream.
pub(super) async fn serve<I: Intake, R: Registry>(
    hub: Arc<Hub<I, R>>,
    connection: Connection,
    place: Place,
    stop: watch::Receiver<bool>,
) {
    let address = connection.remote_address();
    let Some(shown) = caller::shown(&connection) else {
        tracing::warn!(%address, "a caller without a certificate of this hub is turned away");
        return connection.close(CloseCode::NoCertificate);
    };
    let id = shown.agent;
    match caller::admit(&*hub.registry, id).await {
        Ok(agent) => {
            drop(place);
            note_certificate(&*hub.registry, &agent, &shown).await;
            let (line, notices) = hub.connections.add(&agent, &shown, connection, (hub.clock)());
            let way = line.connection.way().word();
            tracing::info!(agent.id = %id, agent.name = agent.name, %address, way, "an agent connected");
            let from = Arc::new(Sender { line, agent, sequences: Sequences::default() });
            run(&hub, &from, notices, stop).await;
            hub.connections.remove(&from.line);
        }
        Err(why) => {
            tracing::warn!(agent.id = %id, %address, ?why, "an agent is turned away");
            connection.close(why);
        }
    }
}

/// The list of agents tells when each one's certificate ends. That is worth no outage.
async fn note_certificate(registry: &impl Registry, agent: &AgentRecord, shown: &Shown) {
    if agent.certificate_ends_at_ms == Some(shown.ends_at_ms) && agent.readmission.is_none() {
        return;
    }
    if let Err(error) = registry.note_certificate(agent.id, shown.ends_at_ms).await {
        tracing::warn!(agent.id = %agent.id, error = &error as &dyn std::error::Error, "cannot note a certificate");
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
    connection.set_max_bi_streams(BATCH_STREAMS);
    connection.set_max_uni_streams(NOTICE_STREAMS);
    let mut streams = JoinSet::new();
    let mut retirement = from.line.retirement();
    let mut retired_at = None;
    let ended = loop {
        // An agent that has moved over opens nothing more here, but for what was on the way.
        let open = retired_at.is_none_or(|at: Instant| at.elapsed() < MOVING);
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => break Ended::Stopping,
            _ = retirement.wait_for(|retired| *retired), if retired_at.is_none() => retired_at = Some(Instant::now()),
            () = tokio::time::sleep(MOVED), if retired_at.is_some() && streams.is_empty() => break Ended::Moved,
            opened = connection.accept_bi(), if open => match opened {
                Ok((answer, stream)) => {
                    let at_open = from.sequences.at_open();
                    streams.spawn(batch::serve(hub.clone(), from.clone(), at_open, answer, stream));
                }
                Err(error) => break Ended::Left(error),
            },
            opened = connection.accept_uni(), if open => match opened {
                Ok(stream) => { streams.spawn(take_notice(hub.clone(), from.clone(), stream)); }
                Err(error) => break Ended::Left(error),
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
        Ended::Left(error) => tracing::info!(agent.id = %id, agent.name = name, reason = %error, "an agent left"),
        Ended::Stopping => from.line.close(CloseCode::ShuttingDown),
        Ended::Moved => from.line.close(CloseCode::Replaced),
    }
}

fn report(id: AgentId, done: Result<(), tokio::task::JoinError>) {
    if let Err(error) = done {
        tracing::error!(agent.id = %id, %error, "serving a stream failed; its batch is not acknowledged");
    }
}

async fn take_notice<I: Intake, R: Registry>(hub: Arc<Hub<I, R>>, from: Arc<Sender>, mut stream: RecvStream) {
    let id = from.agent.id;
    match frames::read::<AgentNotice>(&mut stream).await {
        Ok(AgentNotice::Status(status)) => {
            let now_ms = (hub.clock)();
            from.line.tell(HubNotice::Clock { clock_ms: now_ms });
            if from.line.is_unexamined() {
                examine(&*hub.registry, &from, &status).await;
            }
            from.line.update(|about| about.status = Some((now_ms, *status)));
        }
        Ok(AgentNotice::Live(state)) => {
            hub.connections.live().hear(id, &from.agent.server, *state, (hub.clock)());
        }
        Ok(AgentNotice::Unrecognised) => tracing::debug!(agent.id = %id, "a notice of a newer agent is passed over"),
        Err(fault) => {
            tracing::debug!(agent.id = %id, error = %fault, "a notice did not arrive");
            stream.stop(fault.reset_code());
        }
    }
}

/// Finds out whether the agent runs on an old copy of its data directory. That is told, and nothing is refused for it.
async fn examine(registry: &impl Registry, from: &Sender, status: &AgentStatus) {
    let (id, name) = (from.agent.id, from.agent.name.as_str());
    match old_copy::forgotten(registry, &from.agent, status).await {
        Ok(batches) => {
            from.line.update(|about| about.forgotten_batches = Some(batches));
            if batches > 0 {
                tracing::warn!(
                    agent.id = %id, agent.name = name, batches,
                    "the agent does not know of batches that were acknowledged to it: an old copy of its data directory"
                );
            }
        }
        // Its next status is another occasion.
        Err(error) => {
            tracing::debug!(agent.id = %id, error = &error as &dyn std::error::Error, "cannot examine an agent");
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
