use slomix_line::{ConnectionError, ReadError, ReadExactError, RecvStream, SendStream, WriteError};
use slomix_shared::wire::{self, FrameHeader, Message, ResetCode, WireError};

/// A message did not get across.
#[derive(Debug, thiserror::Error)]
pub enum FrameError {
    /// The other side reset or stopped the stream.
    #[error("the hub gave the stream up ({0:?})")]
    Reset(ResetCode),
    /// The connection is gone.
    #[error("the connection is gone")]
    Lost(#[source] ConnectionError),
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
            ReadError::Reset(code) => Self::Reset(code),
            ReadError::Lost(source) => Self::Lost(source),
            ReadError::Stopped => Self::Short,
        }
    }
}

impl From<ReadExactError> for FrameError {
    fn from(error: ReadExactError) -> Self {
        match error {
            ReadExactError::FinishedEarly => Self::Short,
            ReadExactError::Read(error) => error.into(),
        }
    }
}

impl From<WriteError> for FrameError {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Stopped(code) => Self::Reset(code),
            WriteError::Lost(source) => Self::Lost(source),
            WriteError::Finished => Self::Short,
        }
    }
}

/// Writes a frame as `wire::encode` made it and ends the stream.
pub(super) async fn write_frame(stream: &mut SendStream, frame: &[u8]) -> Result<(), FrameError> {
    stream.write_all(frame).await?;
    stream.finish();
    Ok(())
}

/// Writes one message and ends the stream.
pub async fn write_message<T: Message>(stream: &mut SendStream, message: &T) -> Result<(), FrameError> {
    write_frame(stream, &wire::encode(message)?).await
}

/// Reads one message. Its length is checked before anything is allocated.
pub async fn read_message<T: Message>(stream: &mut RecvStream) -> Result<T, FrameError> {
    let header = stream.read_exact(FrameHeader::LEN).await?;
    let header = header.first_chunk().ok_or(FrameError::Short)?;
    let header = FrameHeader::parse(header, T::LIMIT)?;
    let body = stream.read_exact(header.body_len()).await?;
    Ok(wire::decode(&header, &body)?)
}
