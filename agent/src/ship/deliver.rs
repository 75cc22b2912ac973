use std::time::Duration;

use quinn::Connection;
use slomix_shared::wire::{Ack, ResetCode};

use super::batch::Sealed;
use super::frames::{FrameError, read_message, write_frame};

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
    /// No ack came in time.
    #[error("no ack came within {} s", .0.as_secs())]
    Silent(Duration),
    /// What came back is no ack for this batch.
    #[error("the hub's answer is not an ack for this batch: {0}")]
    Answer(String),
}

/// Sends one batch on a stream of its own and waits for its ack.
pub async fn deliver(connection: &Connection, sealed: &Sealed, patience: Duration) -> Result<Ack, DeliverError> {
    let exchange = async {
        let (mut send, mut receive) = connection.open_bi().await.map_err(FrameError::Lost)?;
        // Refused only where the stream is gone, which the write tells.
        let _ = send.set_priority(sealed.priority);
        match write_frame(&mut send, &sealed.frame).await {
            // The hub may have stopped reading because it has answered already; only its reset says why.
            Ok(()) | Err(FrameError::Reset(_)) => read_message::<Ack>(&mut receive).await,
            Err(error) => Err(error),
        }
    };
    let ack = match tokio::time::timeout(patience, exchange).await {
        Err(_) => return Err(DeliverError::Silent(patience)),
        Ok(Err(FrameError::Lost(_))) => return Err(DeliverError::Lost),
        Ok(Err(FrameError::Reset(code))) => {
            return Err(match code {
                ResetCode::Malformed | ResetCode::TooLarge | ResetCode::Unexpected => DeliverError::Senseless(code),
                ResetCode::NotStored | ResetCode::TimedOut | ResetCode::Other(_) => DeliverError::NotStored,
            });
        }
        Ok(Err(error @ (FrameError::Short | FrameError::Wire(_)))) => {
            return Err(DeliverError::Answer(error.to_string()));
        }
        Ok(Ok(ack)) => ack,
    };
    let fits = ack.sequence == sealed.sequence
        && ack.items.len() == sealed.files.len()
        && ack.items.iter().zip(&sealed.files).all(|(item, (_, hash))| item.hash == *hash);
    if fits { Ok(ack) } else { Err(DeliverError::Answer("other files or another sequence".to_owned())) }
}
