//! Keeps every byte that arrives before anything looks inside it.
//!
//! One task writes. What queued while it committed goes into its next transaction, without a timer, so that a burst
//! costs one flush to the disk and a lone file waits for nobody. A delivery is answered only after the commit.

pub(crate) mod intake;

pub use intake::{ArchiveIntake, BATCHES, FILES, KEEP_FAILURES, KEEP_SECONDS};

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;

use crate::store::archive::{Arrival, Envelope, IMPORT, pack};
use crate::store::{Store, StoreError};

/// Most deliveries in one transaction.
const MOST_TOGETHER: usize = 256;

/// One batch to be kept.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// The game server's key.
    pub server: String,
    /// Whence and how it came.
    pub envelope: Envelope,
    /// The files.
    pub arrivals: Vec<Arrival>,
}

/// Why a delivery could not be kept. The sender keeps it and tries again.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ArchiveError {
    /// Nothing can be kept now, as the store says with what to do: the disk is full, or the database is away.
    #[error("{0}")]
    Outage(String),
    /// The database refused or failed.
    #[error("the archive could not keep a batch: {0}")]
    Store(String),
    /// The sender was revoked while its batch waited.
    #[error("the agent was revoked before its batch was kept")]
    Revoked,
    /// The hub stops.
    #[error("the hub is stopping")]
    Stopping,
}

struct Request {
    server: String,
    envelope: Envelope,
    /// The files with their contents packed.
    arrivals: Vec<(Arrival, Vec<u8>)>,
    answer: oneshot::Sender<Answer>,
}

/// The way into the archive.
#[derive(Debug, Clone)]
pub struct Archive {
    queue: mpsc::Sender<Request>,
    kept: watch::Receiver<u64>,
}

/// The wall clock in Unix milliseconds, as a parameter.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

impl Archive {
    /// Starts the writing task; it ends when the last handle is gone.
    pub fn start(store: Store, clock: Clock) -> (Self, JoinHandle<()>) {
        let (queue, requests) = mpsc::channel(MOST_TOGETHER);
        let (counter, kept) = watch::channel(0);
        let task = tokio::spawn(write(store, clock, requests, counter));
        (Self { queue, kept }, task)
    }

    /// Keeps a delivery; for each file whether its content is new. Resolves when that is on the disk.
    pub async fn receive(&self, delivery: Delivery) -> Result<Vec<bool>, ArchiveError> {
        let (answer, kept) = oneshot::channel();
        let Delivery { server, envelope, arrivals } = delivery;
        // Packed by whoever brings the files, so that the writing task does nothing but write.
        let arrivals = arrivals
            .into_iter()
            .map(|arrival| {
                let packed = pack(&arrival.content);
                (arrival, packed)
            })
            .collect();
        let request = Request { server, envelope, arrivals, answer };
        self.queue.send(request).await.map_err(|_| ArchiveError::Stopping)?;
        kept.await.map_err(|_| ArchiveError::Stopping)?
    }

    /// Changes whenever something was kept.
    pub fn kept(&self) -> watch::Receiver<u64> {
        self.kept.clone()
    }
}

async fn write(store: Store, clock: Clock, mut requests: mpsc::Receiver<Request>, counter: watch::Sender<u64>) {
    let mut together = Vec::with_capacity(MOST_TOGETHER);
    while requests.recv_many(&mut together, MOST_TOGETHER).await > 0 {
        match keep_all(&store, &together, clock()).await {
            Ok(answers) => {
                // Deriving starts before the senders are told: the posts are what people wait for.
                counter.send_modify(|count| *count += 1);
                for (request, answer) in together.drain(..).zip(answers) {
                    let _ = request.answer.send(answer);
                }
            }
            Err(error) => {
                let text = error.to_string();
                let error = if error.is_outage() { ArchiveError::Outage(text) } else { ArchiveError::Store(text) };
                for request in together.drain(..) {
                    let _ = request.answer.send(Err(error.clone()));
                }
            }
        }
    }
}

/// What came of one request.
type Answer = Result<Vec<bool>, ArchiveError>;

async fn keep_all(store: &Store, requests: &[Request], now_ms: i64) -> Result<Vec<Answer>, StoreError> {
    store.check_in_place()?;
    let mut tx = store.begin(crate::store::Durability::Full).await?;
    let mut answers = Vec::with_capacity(requests.len());
    let mut revoked = BTreeMap::new();
    for Request { server, envelope, arrivals, .. } in requests {
        // Looked up in the transaction that keeps the batch: once somebody was told of a revocation, nothing more of
        // that agent is kept, however far its batch had come.
        let sender = envelope.agent.as_str();
        if sender != IMPORT && !revoked.contains_key(sender) {
            revoked.insert(sender, tx.is_revoked(sender).await?);
        }
        if revoked.get(sender) == Some(&true) {
            answers.push(Err(ArchiveError::Revoked));
            continue;
        }
        let new = tx.keep(server, envelope, arrivals, now_ms).await?;
        for ((arrival, packed), _) in arrivals.iter().zip(&new).filter(|(_, new)| !**new) {
            if tx.heal(server, arrival, packed).await? {
                tracing::warn!("what was kept of {} was damaged; it came again and is whole now", arrival.name);
            }
        }
        answers.push(Ok(new));
    }
    tx.commit().await?;
    store.check_in_place()?;
    Ok(answers)
}
