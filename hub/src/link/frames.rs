//! Frames on streams.

use std::time::Duration;

use slomix_line::{ReadError, RecvStream, SendStream, WriteError};
use slomix_shared::wire::{
    Batch, CertificateRequest, FrameHeader, GapReport, Message, ResetCode, WireError, decode, encode,
};

/// A sender that delivers nothing for this long has stopped.
const STALL: Duration = Duration::from_secs(30);
/// What is allocated for a body before any of it has come.
const FIRST_CHUNK: usize = 64 * 1024;

/// A message did not arrive or did not leave.
#[derive(Debug, thiserror::Error)]
pub(super) enum FrameFault {
    #[error(transparent)]
    Wire(#[from] WireError),
    #[error("the stream ended within the message")]
    EndedEarly,
    #[error("nothing came for {} s", STALL.as_secs())]
    Stalled,
    #[error("the stream broke: {0}")]
    Read(#[from] ReadError),
    #[error("the stream broke: {0}")]
    Write(#[from] WriteError),
}

impl FrameFault {
    /// What the sender is told.
    pub(super) fn reset_code(&self) -> ResetCode {
        match self {
            Self::Wire(WireError::TooLarge { .. } | WireError::Ratio { .. }) => ResetCode::TooLarge,
            Self::Wire(WireError::WrongMessage { .. } | WireError::Version { .. }) => ResetCode::Unexpected,
            Self::Stalled => ResetCode::TimedOut,
            Self::Wire(_) | Self::EndedEarly | Self::Read(_) | Self::Write(_) => ResetCode::Malformed,
        }
    }
}

/// Either of two messages that may stand first on a stream.
pub(super) enum Either<A, B> {
    First(A),
    Second(B),
}

/// Reads the one message on a stream, up to the stream's end.
pub(super) async fn read<T: Message>(stream: &mut RecvStream) -> Result<T, FrameFault> {
    let (header, body) = frame(stream, |_| T::LIMIT, &[T::TYPE], async |_| {}).await?;
    Ok(decode(&header, &body)?)
}

/// Reads the one message on a stream where two may stand.
pub(super) async fn read_either<A: Message, B: Message>(stream: &mut RecvStream) -> Result<Either<A, B>, FrameFault> {
    let limit = |message| if message == B::TYPE { B::LIMIT } else { A::LIMIT };
    let (header, body) = frame(stream, limit, &[A::TYPE, B::TYPE], async |_| {}).await?;
    if header.message() == B::TYPE {
        Ok(Either::Second(decode(&header, &body)?))
    } else {
        Ok(Either::First(decode(&header, &body)?))
    }
}

/// What an agent asks on a stream of its own.
pub(super) enum Asked {
    Keep(Batch),
    Certify(CertificateRequest),
    Note(GapReport),
}

/// Reads the one message on a stream that an agent opened. Its length is told to `wait` before anything of it is
/// allocated, and it is read when that is done.
pub(super) async fn read_asked(stream: &mut RecvStream, wait: impl AsyncFnOnce(usize)) -> Result<Asked, FrameFault> {
    let limit = |message| match message {
        CertificateRequest::TYPE => CertificateRequest::LIMIT,
        GapReport::TYPE => GapReport::LIMIT,
        _ => Batch::LIMIT,
    };
    let (header, body) = frame(stream, limit, &[Batch::TYPE, CertificateRequest::TYPE, GapReport::TYPE], wait).await?;
    Ok(match header.message() {
        CertificateRequest::TYPE => Asked::Certify(decode(&header, &body)?),
        GapReport::TYPE => Asked::Note(decode(&header, &body)?),
        _ => Asked::Keep(decode(&header, &body)?),
    })
}

/// Reads one frame up to the stream's end, of one of the `wanted` messages, each within its own limit.
async fn frame(
    stream: &mut RecvStream,
    limit: impl Fn(u8) -> usize,
    wanted: &[u8],
    wait: impl AsyncFnOnce(usize),
) -> Result<(FrameHeader, Vec<u8>), FrameFault> {
    let mut bytes = Vec::with_capacity(FrameHeader::LEN);
    let mut expected = FrameHeader::LEN;
    let (mut header, mut wait) = (None, Some(wait));
    loop {
        // One byte more than is needed shows the stream's end, or what follows the message.
        let most = expected - bytes.len() + 1;
        let more = tokio::time::timeout(STALL, stream.read(&mut bytes, most));
        if !more.await.map_err(|_| FrameFault::Stalled)?? {
            break;
        }
        if header.is_none()
            && let Some((first, rest)) = bytes.split_first_chunk()
        {
            let read = FrameHeader::parse(first, limit(first[0]))?;
            if !wanted.contains(&read.message()) {
                return Err(WireError::WrongMessage { found: read.message(), expected: wanted[0] }.into());
            }
            expected = read.body_len();
            if let Some(wait) = wait.take() {
                wait(expected).await;
            }
            let mut body = Vec::with_capacity(expected.min(FIRST_CHUNK).max(rest.len()));
            body.extend_from_slice(rest);
            (header, bytes) = (Some(read), body);
        }
        if bytes.len() > expected {
            return Err(WireError::Trailing(bytes.len() - expected).into());
        }
    }
    match header {
        Some(header) if bytes.len() == expected => Ok((header, bytes)),
        _ => Err(FrameFault::EndedEarly),
    }
}

/// Writes one message and ends the stream.
pub(super) async fn write<T: Message>(stream: &mut SendStream, message: &T) -> Result<(), FrameFault> {
    stream.write_all(&encode(message)?).await?;
    stream.finish();
    Ok(())
}
