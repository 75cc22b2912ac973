use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use slomix_line::Connection;
use slomix_shared::artifact::ContentHash;
use slomix_shared::identity::{AgentId, BootId, SigningKey};
use slomix_shared::wire::{Ack, ResetCode, WireError};

use super::batch::{Loaded, seal};
use super::frames::{FrameError, read_message, write_frame};
use crate::spool::{Lane, Pending};

/// Who ships, and how far it has counted.
#[derive(Debug)]
pub struct Sender {
    agent: AgentId,
    boot: BootId,
    key: SigningKey,
    sequence: AtomicU64,
}

impl Sender {
    /// A run of an agent that has sent nothing yet.
    pub fn new(agent: AgentId, boot: BootId, key: SigningKey) -> Self {
        Self { agent, boot, key, sequence: AtomicU64::new(0) }
    }

    fn next_sequence(&self) -> u64 {
        self.sequence.fetch_add(1, Ordering::Relaxed) + 1
    }
}

/// A batch that was not acknowledged. Its files stay.
#[derive(Debug, thiserror::Error)]
pub enum DeliverError {
    /// The connection is gone; the next one takes the batch.
    #[error("the connection ended before the ack")]
    Lost,
    /// The hub could not keep it now (its disk is full, its database down): later.
    #[error("the hub cannot keep files now")]
    NotStored,
    /// The hub cannot make sense of it: sending the same bytes again will not help.
    #[error("the hub refused the batch as a whole ({0:?})")]
    Senseless(ResetCode),
    /// The files cannot be put into one batch.
    #[error("the files cannot be put into one batch")]
    Unsealed(#[source] WireError),
    /// No ack came in time.
    #[error("no ack came within {} s", .0.as_secs())]
    Silent(Duration),
    /// What came back is no ack for this batch.
    #[error("the hub's answer is not an ack for this batch: {0}")]
    Answer(String),
}

/// Files whose batch has come to its end, one way or the other.
#[derive(Debug)]
pub struct Delivered {
    /// Their lane.
    pub lane: Lane,
    /// The connection that it went over, by its number in this process.
    pub line: usize,
    /// The files with their hashes, in the order of the ack.
    pub files: Vec<(Pending, ContentHash)>,
    /// The hub's word.
    pub result: Result<Ack, DeliverError>,
}

/// Content up to which sealing takes less time than handing it to another thread. Bytes.
const SEAL_HERE: usize = 64 * 1024;

/// Sends files as one batch on a stream of its own and waits for the ack. `created_at_ms` in Unix milliseconds.
pub async fn deliver(
    connection: Connection,
    sender: Arc<Sender>,
    loaded: Vec<Loaded>,
    created_at_ms: i64,
    patience: Duration,
) -> Delivered {
    let lane = loaded.first().map_or(Lane::Telemetry, |file| Lane::of(file.pending.file.kind));
    let files: Vec<_> = loaded.iter().map(|file| (file.pending.clone(), file.hash)).collect();
    let exchange = exchange(&connection, sender, lane, loaded, created_at_ms);
    let result = match tokio::time::timeout(patience, exchange).await {
        Err(_) => Err(DeliverError::Silent(patience)),
        Ok(Err(error)) => Err(error),
        Ok(Ok((sequence, ack))) => check(sequence, ack, &files),
    };
    Delivered { lane, line: connection.stable_id(), files, result }
}

async fn exchange(
    connection: &Connection,
    sender: Arc<Sender>,
    lane: Lane,
    loaded: Vec<Loaded>,
    created_at_ms: i64,
) -> Result<(u64, Ack), DeliverError> {
    let (mut send, mut receive) = connection.open_bi().await.map_err(FrameError::Lost)?;
    // Taken without waiting in between, so that streams are opened in the order of their sequences.
    let sequence = sender.next_sequence();
    send.set_priority(match lane {
        Lane::Stats => 2,
        Lane::Events => 1,
        Lane::Telemetry => 0,
    });
    let size: usize = loaded.iter().map(|file| file.content.len()).sum();
    let seal = move || seal(sender.agent, sender.boot, &sender.key, sequence, created_at_ms, loaded);
    let sealed = if size <= SEAL_HERE {
        seal()
    } else {
        // Cancelled only when the agent ends; else it broke off over one of the files, which going alone will show.
        tokio::task::spawn_blocking(seal).await.map_err(|broken| {
            if broken.is_panic() { DeliverError::Senseless(ResetCode::Malformed) } else { DeliverError::Lost }
        })?
    };
    let frame = sealed.map_err(DeliverError::Unsealed)?;
    match write_frame(&mut send, &frame).await {
        // The hub may have stopped reading because it has answered already; only its reset says why.
        Ok(()) | Err(FrameError::Reset(_)) => {}
        Err(error) => return Err(error.into()),
    }
    drop(frame);
    Ok((sequence, read_message::<Ack>(&mut receive).await?))
}

impl From<FrameError> for DeliverError {
    fn from(error: FrameError) -> Self {
        match error {
            FrameError::Lost(_) => Self::Lost,
            FrameError::Reset(code) => match code {
                ResetCode::Malformed | ResetCode::TooLarge | ResetCode::Unexpected => Self::Senseless(code),
                ResetCode::NotStored | ResetCode::TimedOut | ResetCode::Other(_) => Self::NotStored,
            },
            FrameError::Short | FrameError::Wire(_) => Self::Answer(error.to_string()),
        }
    }
}

fn check(sequence: u64, ack: Ack, files: &[(Pending, ContentHash)]) -> Result<Ack, DeliverError> {
    let fits = ack.sequence == sequence
        && ack.items.len() == files.len()
        && ack.items.iter().zip(files).all(|(item, (_, hash))| item.hash == *hash);
    if fits { Ok(ack) } else { Err(DeliverError::Answer("other files or another sequence".to_owned())) }
}
