//! Who is who on the link: ids, keys, certificates, join tokens and signatures.
//!
//! | key | lives | proves |
//! |---|---|---|
//! | an agent's [`SigningKey`] | as long as the agent | who shipped a batch; the hub keeps the public half for ever |
//! | an agent's [`TlsKey`] | with the agent, its certificate is short-lived | which agent is calling now |
//! | the hub's [`Authority`] | as long as the hub | that a certificate is this hub's; agents pin it by [`CaPin`] |
//! | the hub's [`TlsKey`] | one run of the hub | that the callee is the hub; signed by the authority |
//! | the hub's [`SigningKey`] | as long as the hub | what the operator imported |
//!
//! An agent learns the pin from its [`JoinToken`], which the operator carries by hand, so no public authority and no
//! host name takes part in the trust between the two.
//!
//! Randomness and time come in as parameters: every key is made of 32 random bytes that the caller draws.

mod authority;
mod certificate;
mod client;
mod id;
mod pinned;
mod signing;
mod tls_key;
mod tls_pair;
mod token;

pub use authority::{AGENT_CERTIFICATE_LIFE, Authority, HUB_NAME};
pub use certificate::{
    CertificateError, agent_of, certificates_from_pem, certificates_to_pem, not_after_ms, not_before_ms,
};
pub use client::{join_client, link_client};
pub use id::{AgentId, BootId, Nonce, NotAnId};
pub use pinned::{CaPin, NotAPin, PinnedCa};
pub use signing::{KeyError, Purpose, Signature, SignatureError, SigningKey, VerifyingKey};
pub use tls_key::TlsKey;
pub use tls_pair::TlsPair;
pub use token::{JoinSecret, JoinToken, TokenError};

#[cfg(test)]
mod chain;
