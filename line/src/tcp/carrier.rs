//! The task that carries bytes between the streams and the socket.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::{Instant, timeout, timeout_at};

use super::Limits;
use super::connection::Shared;
use super::handshake::reason;
use crate::ConnectionError;

/// What is read in one go. Bytes.
const GULP: usize = 16 * 1024;
/// A side that has closed reads on for so long. What came after would else make the system throw away the last words
/// that are on their way; and a side whose words nobody takes may still hear why.
pub(super) const LINGER: Duration = Duration::from_secs(1);

/// Carries until the connection is over.
pub(super) async fn carry<S: AsyncRead + AsyncWrite + Send>(stream: S, shared: Arc<Shared>, limits: Limits) {
    let (reader, writer) = tokio::io::split(stream);
    {
        let mut reading = std::pin::pin!(bring_in(reader, &shared, limits.idle));
        let mut writing = std::pin::pin!(send_out(writer, &shared, limits));
        let ended = tokio::select! {
            ended = &mut reading => ended,
            sent = &mut writing => match (sent, timeout(LINGER, &mut reading).await) {
                // What the other side said explains best why nothing can be sent.
                (Err(failed), heard) => heard.unwrap_or(failed),
                (Ok(()), _) => ConnectionError::ClosedHere,
            },
        };
        shared.mux().end(ended);
    }
    // The socket is closed by now.
    shared.mux().go();
    shared.tell();
}

/// Reads until the connection is over; why it is.
async fn bring_in(mut reader: impl AsyncRead + Unpin, shared: &Shared, idle: Duration) -> ConnectionError {
    let mut gulp = vec![0; GULP];
    let mut bytes = VecDeque::with_capacity(2 * GULP);
    loop {
        let read = match timeout(idle, reader.read(&mut gulp)).await {
            Err(_) => return ConnectionError::Silent,
            Ok(Err(error)) => return reason(&error),
            Ok(Ok(0)) => return ConnectionError::Other("the other side hung up without a word".to_owned()),
            Ok(Ok(read)) => read,
        };
        let mut mux = shared.mux();
        if mux.ended().is_some() {
            // Closed here: what still comes is for nobody.
            continue;
        }
        bytes.extend(&gulp[..read]);
        let taken = mux.take_in(&mut bytes);
        let ended = mux.ended().cloned();
        drop(mux);
        shared.tell();
        shared.outgoing.notify_one();
        if let Err(breach) = taken {
            return ConnectionError::Other(format!("the other side does not keep to the protocol: {breach}"));
        }
        if let Some(ended) = ended {
            return ended;
        }
    }
}

/// Sends until this side has closed the connection and said so.
async fn send_out(mut writer: impl AsyncWrite + Unpin, shared: &Shared, limits: Limits) -> Result<(), ConnectionError> {
    let mut out = Vec::new();
    let mut last_word = Instant::now();
    loop {
        out.clear();
        let ended = {
            let mut mux = shared.mux();
            mux.give_out(&mut out);
            mux.ended().is_some()
        };
        if out.is_empty() && !ended {
            // A busy hour is no reason to hold a buffer through the quiet ones.
            out = Vec::new();
            // From the last word on, not from when the other side was last heard, which wakes this up too.
            if timeout_at(last_word + limits.keep_alive, shared.outgoing.notified()).await.is_err() {
                shared.mux().ping();
            }
            continue;
        }
        // There is room for more to be written.
        shared.tell();
        let send = async {
            writer.write_all(&out).await?;
            writer.flush().await?;
            if ended { writer.shutdown().await } else { Ok(()) }
        };
        match timeout(limits.idle, send).await {
            Err(_) => return Err(ConnectionError::Silent),
            Ok(Err(error)) => return Err(reason(&error)),
            Ok(Ok(())) if ended => return Ok(()),
            Ok(Ok(())) => last_word = Instant::now(),
        }
    }
}

/// Reads what still comes, for a while, and throws it away.
pub(super) async fn linger(mut stream: impl AsyncRead + AsyncWrite + Unpin) {
    let rest = async {
        stream.shutdown().await?;
        let mut gulp = vec![0; 1024];
        while stream.read(&mut gulp).await? > 0 {}
        io::Result::Ok(())
    };
    let _ = timeout(LINGER, rest).await;
}
