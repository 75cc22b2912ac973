//! Who is who on the link: ids, keys, certificates, join tokens and signatures.
//!
//! An agent has two keys. Its *signing key* lives as long as the agent: it signs batches, and the hub keeps the public
//! half, so that any artifact can be verified again years later. Its *TLS key* only proves, to the hub of today, which
//! agent is calling; the certificate for it comes from the hub's own certificate authority and is short-lived.
//!
//! Randomness and time come in as parameters: every key is made of 32 random bytes that the caller draws.

mod id;
mod signing;

pub use id::{AgentId, BootId, NotAnId};
pub use signing::{KeyError, Purpose, Signature, SignatureError, SigningKey, VerifyingKey};
