use quinn::{ReadError, ReadExactError, RecvStream, SendStream, WriteError};
use slomix_shared::wire::{self, FrameHeader, Message, ResetCode, WireError};

/// A message did not get across.
#[derive(Debug, thiserror::Error)]
pub enum FrameError {
    /// The other side reset or stopped the stream.
    #[error("the hub gave the stream up ({0:?})")]
    Reset(ResetCode),
    /// The connection is gone.
    #[error("the connection is gone")]
    Lost(#[source] quinn::ConnectionError),
    /// The stream ended before the message did.
    #[error("the stream ended in the middle of a message")]
    Short,
    /// What came is no such message.
    #[error("the message cannot be read")]
    Wire(#[from] WireError),
}

impl From<ReadError> for FrameError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Reset(code) => Self::Reset(ResetCode::from_number(code.into_inner())),
            ReadError::ConnectionLost(source) => Self::Lost(source),
            _ => Self::Short,
        }
    }
}

impl From<ReadExactError> for FrameError {
    fn from(error: ReadExactError) -> Self {
        match error {
            ReadExactError::FinishedEarly(_) => Self::Short,
            ReadExactError::ReadError(error) => error.into(),
        }
    }
}

impl From<WriteError> for FrameError {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Stopped(code) => Self::Reset(ResetCode::from_number(code.into_inner())),
            WriteError::ConnectionLost(source) => Self::Lost(source),
            _ => Self::Short,
        }
    }
}

/// Writes a frame as `wire::encode` made it and ends the stream.
pub(super) async fn write_frame(stream: &mut SendStream, frame: &[u8]) -> Result<(), FrameError> {
    stream.write_all(frame).await?;
    stream.finish().map_err(|_| FrameError::Short)
}

/// Writes one message and ends the stream.
pub async fn write_message<T: Message>(stream: &mut SendStream, message: &T) -> Result<(), FrameError> {
    write_frame(stream, &wire::encode(message)?).await
}

/// Reads one message. Its length is checked before anything is allocated.
pub async fn read_message<T: Message>(stream: &mut RecvStream) -> Result<T, FrameError> {
    let mut header = [0; FrameHeader::LEN];
    stream.read_exact(&mut header).await?;
    let header = FrameHeader::parse(&header, T::LIMIT)?;
    let mut body = vec![0; header.body_len()];
    stream.read_exact(&mut body).await?;
    Ok(wire::decode(&header, &body)?)
}
