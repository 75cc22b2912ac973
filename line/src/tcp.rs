//! The way over TCP: TLS 1.3, and many streams on it.

mod carrier;
mod connection;
mod handshake;
mod mux;
mod record;
#[cfg(feature = "fuzz")]
pub mod stranger;
mod stream;

pub use connection::Connection;
pub use handshake::{accept, dial};
pub use stream::{RecvStream, SendStream};

use std::time::Duration;

/// What one side lets the other have.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Streams both ways at a time.
    pub bi: u32,
    /// Streams one way at a time.
    pub uni: u32,
    /// Bytes of one stream that may lie unread here.
    pub window: u32,
    /// Without a byte for this long the connection counts as lost.
    pub idle: Duration,
    /// A side that has nothing to say for this long says so.
    pub keep_alive: Duration,
}

#[cfg(test)]
mod mux_tests;
#[cfg(test)]
mod tests;
