use quinn::VarInt;
use slomix_shared::wire::ResetCode;

use crate::{ConnectionError, ReadError, ReadExactError, WriteError, tcp};

/// The writing end of a stream. Dropped, it ends the stream where that was neither ended nor reset.
#[derive(Debug)]
pub enum SendStream {
    /// QUIC.
    Quic(quinn::SendStream),
    /// TLS over TCP.
    Tcp(tcp::SendStream),
}

/// The reading end of a stream. Dropped, it tells the sender that nobody reads on.
#[derive(Debug)]
pub enum RecvStream {
    /// QUIC.
    Quic(quinn::RecvStream),
    /// TLS over TCP.
    Tcp(tcp::RecvStream),
}

fn number(code: ResetCode) -> VarInt {
    VarInt::from_u32(code.number())
}

impl SendStream {
    /// Writes all of it, as fast as the other side reads.
    pub async fn write_all(&mut self, bytes: &[u8]) -> Result<(), WriteError> {
        match self {
            Self::Quic(quic) => Ok(quic.write_all(bytes).await?),
            Self::Tcp(tcp) => tcp.write_all(bytes).await,
        }
    }

    /// Ends the stream behind what was written. Does nothing where it has ended.
    pub fn finish(&mut self) {
        match self {
            Self::Quic(quic) => drop(quic.finish()),
            Self::Tcp(tcp) => tcp.finish(),
        }
    }

    /// Gives the stream up. Does nothing where it has ended.
    pub fn reset(&mut self, code: ResetCode) {
        match self {
            Self::Quic(quic) => drop(quic.reset(number(code))),
            Self::Tcp(tcp) => tcp.reset(code),
        }
    }

    /// Waits until the other side has all of a stream that was ended (none), or wants no more of it (its code).
    pub async fn stopped(&mut self) -> Result<Option<ResetCode>, ConnectionError> {
        match self {
            Self::Quic(quic) => match quic.stopped().await {
                Ok(code) => Ok(code.map(|code| ResetCode::from_number(code.into_inner()))),
                Err(quinn::StoppedError::ConnectionLost(error)) => Err(error.into()),
                Err(quinn::StoppedError::ZeroRttRejected) => Ok(None),
            },
            Self::Tcp(tcp) => tcp.stopped().await,
        }
    }

    /// Among streams with something to send, those with a higher number come first. The usual one is 0.
    pub fn set_priority(&mut self, priority: i32) {
        match self {
            Self::Quic(quic) => drop(quic.set_priority(priority)),
            Self::Tcp(tcp) => tcp.set_priority(priority),
        }
    }
}

impl RecvStream {
    /// Waits for bytes and appends at most so many to `into`. False at the stream's end.
    pub async fn read(&mut self, into: &mut Vec<u8>, most: usize) -> Result<bool, ReadError> {
        match self {
            Self::Quic(quic) => {
                let chunk = quic.read_chunk(most, true).await?;
                Ok(chunk.is_some_and(|chunk| {
                    into.extend_from_slice(&chunk.bytes);
                    true
                }))
            }
            Self::Tcp(tcp) => tcp.read(into, most).await,
        }
    }

    /// Reads exactly so many bytes, all of which are allocated before.
    pub async fn read_exact(&mut self, bytes: usize) -> Result<Vec<u8>, ReadExactError> {
        let mut read = Vec::with_capacity(bytes);
        while read.len() < bytes {
            let missing = bytes - read.len();
            if !self.read(&mut read, missing).await? {
                return Err(ReadExactError::FinishedEarly);
            }
        }
        Ok(read)
    }

    /// Tells the sender that nothing more of the stream is read. Does nothing where it has ended.
    pub fn stop(&mut self, code: ResetCode) {
        match self {
            Self::Quic(quic) => drop(quic.stop(number(code))),
            Self::Tcp(tcp) => tcp.stop(code),
        }
    }
}
