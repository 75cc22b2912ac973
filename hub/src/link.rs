//! The hub's end of the link: where agents join and ship to, over QUIC, or over TLS on TCP where UDP is blocked.
//!
//! | ALPN | who may call | what they may do |
//! |---|---|---|
//! | `slomix/1` | a certificate of our authority that names an enrolled agent that is not revoked | ship batches, renew its certificate, send notices, get notices |
//! | `slomix-join/1` | anybody | one [`JoinRequest`](slomix_shared::wire::JoinRequest) with a one-time secret, or one [`CertificateRequest`](slomix_shared::wire::CertificateRequest) under the signing key of an enrolled agent, which waits for the operator |
//!
//! A new connection may open no stream at all until it has shown who it is, so nothing of a stranger's is read.
//! Enrolment and revocation are looked up when an agent connects, again with every batch, and once more by the archive
//! in the transaction that keeps it. A certificate is looked at when an agent connects: one that runs out meanwhile
//! cuts nothing off. An agent that comes with a renewed one finds its older connection open until what is under way
//! there is done.
//!
//! The link knows the archive as an [`Intake`] and the list of agents as a [`Registry`]. A batch is acknowledged when
//! the intake has returned, which means that the archive has committed; if it fails, the stream is reset with
//! [`ResetCode::NotStored`](slomix_shared::wire::ResetCode::NotStored) and the agent keeps the batch.

mod batch;
mod caller;
mod certify;
mod connections;
mod control;
mod endpoint;
mod error;
mod frames;
mod intake;
mod invite;
mod join;
mod keys;
mod listen;
mod live;
mod old_copy;
mod over_tcp;
mod porch;
mod rate;
mod registry;
mod sequence;
mod session;
mod settings;
mod sparing;

pub use connections::{ConnectedAgent, Connections};
pub use control::{AskError, new_nonce};
pub use endpoint::Link;
pub use error::{KeyFileError, LinkError};
pub use intake::{Intake, IntakeError};
pub use invite::{INVITE_MINUTES, InviteError, invite};
pub use keys::HubKeys;
pub use listen::{Listen, ListenTcp};
pub use live::{Change, Heard, Live};
pub use porch::Porch;
pub(crate) use porch::network;
pub use registry::{AgentRecord, Enrolment, Invite, NewAgent, Readmission, Registry, RegistryError};

use std::sync::Arc;

/// The time, as Unix milliseconds.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// The system's clock.
pub fn system_clock() -> Clock {
    Arc::new(|| jiff::Timestamp::now().as_millisecond())
}

#[cfg(test)]
mod tests;
