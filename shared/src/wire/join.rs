use std::fmt;

use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use super::{Message, PROTOCOL_VERSION, limits};
use crate::identity::{AgentId, KeyError, Purpose, Signature, SignatureError, SigningKey, VerifyingKey};

/// A new agent asks to be enrolled.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JoinRequest {
    /// [`PROTOCOL_VERSION`] of the agent.
    pub version: u16,
    /// The one-time secret from the join token.
    pub secret: ByteBuf,
    /// The certificate signing request of the agent's TLS key, DER.
    pub csr: ByteBuf,
    /// The public half of the agent's signing key, 32 bytes.
    pub signing_key: ByteBuf,
    /// Made by the signing key over secret and CSR: proof that the caller holds it.
    pub proof: Signature,
}

impl Message for JoinRequest {
    const TYPE: u8 = 5;
    const LIMIT: usize = limits::JOIN;
    const NAME: &'static str = "join request";
}

impl JoinRequest {
    /// Asks with the token's `secret` for a certificate for `csr_der`, and proves possession of `key`.
    pub fn new(secret: &[u8], csr_der: &[u8], key: &SigningKey) -> Self {
        Self {
            version: PROTOCOL_VERSION,
            secret: secret.to_vec().into(),
            csr: csr_der.to_vec().into(),
            signing_key: key.verifying_key().as_bytes().to_vec().into(),
            proof: key.sign(Purpose::Join, &proven_bytes(secret, csr_der)),
        }
    }

    /// The agent's signing key, once its proof of possession has been checked.
    pub fn proven_key(&self) -> Result<VerifyingKey, NotProven> {
        let key = VerifyingKey::from_slice(&self.signing_key)?;
        key.verify(Purpose::Join, &proven_bytes(&self.secret, &self.csr), &self.proof)?;
        Ok(key)
    }
}

/// The secret's length goes first, so that no bytes can move between the two parts.
fn proven_bytes(secret: &[u8], csr_der: &[u8]) -> Vec<u8> {
    [&(secret.len() as u64).to_be_bytes(), secret, csr_der].concat()
}

/// The caller does not hold the signing key that it names.
#[derive(Debug, thiserror::Error)]
pub enum NotProven {
    /// Not a key at all.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The proof does not fit.
    #[error("the proof of possession does not fit: {0}")]
    Signature(#[from] SignatureError),
}

impl fmt::Debug for JoinRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JoinRequest").field("version", &self.version).field("secret", &"…").finish_non_exhaustive()
    }
}

/// The hub's answer to a [`JoinRequest`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum JoinReply {
    /// The agent is enrolled.
    Joined(Joined),
    /// It is not.
    Refused {
        /// Why and what to do, in words for an admin.
        reason: String,
    },
    /// An answer that a later version added.
    #[serde(other)]
    Unrecognised,
}

impl Message for JoinReply {
    const TYPE: u8 = 6;
    const LIMIT: usize = limits::JOIN;
    const NAME: &'static str = "join reply";
}

/// What an enrolled agent gets to keep.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Joined {
    /// The agent's id, for ever.
    pub agent: AgentId,
    /// The name that the operator gave the agent.
    pub name: String,
    /// The key of the game server, in the hub's configuration, that the agent ships for.
    pub server: String,
    /// The certificate for the agent's TLS key, then the hub's authority. DER each.
    pub certificates: Vec<ByteBuf>,
    /// The public half of the hub's signing key, 32 bytes.
    #[serde(default)]
    pub hub_key: ByteBuf,
    /// The hub's clock when it answered, Unix milliseconds.
    #[serde(default)]
    pub clock_ms: Option<i64>,
}
