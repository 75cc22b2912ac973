//! What travels between agent and hub.
//!
//! Every message is one *frame* on its own stream, of QUIC, or of TLS over TCP where UDP is blocked:
//!
//! | bytes | meaning |
//! |---|---|
//! | 1 | which message, [`Message::TYPE`] |
//! | 1 | codec: 0 plain, 1 zstd |
//! | 4 | length of the body that follows, big endian |
//! | 4 | length of the body after decompression, big endian |
//! | … | the body: `MessagePack` with named fields |
//!
//! | stream | first | then |
//! |---|---|---|
//! | agent opens, both ways, `slomix/1` | [`Batch`] | the hub's [`Ack`], once the archive has committed |
//! | agent opens, both ways, `slomix/1` | [`CertificateRequest`] | the hub's [`CertificateReply`] |
//! | agent opens, both ways, `slomix/1` | [`GapReport`] | the hub's [`GapReply`] |
//! | agent opens, one way, `slomix/1` | [`AgentNotice`] | |
//! | hub opens, one way, `slomix/1` | [`HubNotice`] | |
//! | hub opens, both ways, `slomix/1` | [`ControlRequest`] | the agent's [`ControlReply`] |
//! | agent opens, both ways, `slomix-join/1` | [`JoinRequest`] | the hub's [`JoinReply`] |
//! | or | [`CertificateRequest`] | the hub's [`CertificateReply`] |
//!
//! Whoever sends a message ends its side of the stream behind it; the receiver reads up to that end. An agent opens
//! the streams of its batches in the order of their sequences, and a batch that it sends again takes a new sequence.
//! Streams are reset with a [`ResetCode`] and connections closed with a [`CloseCode`].
//!
//! One-way messages may be lost; batches may not: without an ack the agent keeps everything and sends it again.
//!
//! **How messages change.** Fields are named and unknown ones ignored; a field added later carries
//! `#[serde(default)]`; an enum carries a variant for what a later version adds. So either side may be the older one.
//! What version 1 looks like is kept as golden bytes beside the tests.

mod ack;
mod batch;
mod certificate;
mod code;
mod control;
mod error;
mod frame;
mod gap;
mod join;
pub mod limits;
mod list;
mod live;
mod notice;
mod seal;
mod status;

pub use ack::{Ack, AckItem, AckOutcome};
pub use batch::{BatchHead, ManifestEntry, Verdict, VerdictOutcome};
pub use certificate::{CERTIFICATE_BINDING, CertificateReply, CertificateRequest, Certified};
pub use code::{CloseCode, ResetCode};
pub use control::{
    ControlAnswer, ControlReply, ControlRequest, GameStatus, Intent, LONGEST_DEADLINE_MS, MOST_TEXT, Seat,
};
pub use error::WireError;
pub use frame::{FrameHeader, Message, decode, encode};
pub use gap::{Gap, GapReply, GapReport};
pub use join::{JoinReply, JoinRequest, Joined, NotProven};
pub use live::{GamePlayer, GameTeam, LiveRound, LiveState, RoundPhase};
pub use notice::{FileOutcome, FileState, HubNotice};
pub use seal::{Batch, OpenBatch, OpenFile, verify_head};
pub use status::{AgentNotice, AgentStatus, BatchMark, CLOCKS_AGREE_MS, LeftBehind, MOST_LEFT_BEHIND, WatchedDir};

/// The version of every message here; it changes only when an older peer could not understand a newer one.
pub const PROTOCOL_VERSION: u16 = 1;
/// The ALPN of the link proper, which needs a client certificate of the hub's own authority.
pub const ALPN_LINK: &[u8] = b"slomix/1";
/// The ALPN of joining, which needs a one-time secret and no certificate.
pub const ALPN_JOIN: &[u8] = b"slomix-join/1";

#[cfg(test)]
mod golden;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod specimen;
