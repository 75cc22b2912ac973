use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use super::list::at_most;
use super::{Message, PROTOCOL_VERSION, limits};
use crate::identity::{AgentId, Purpose, Signature, SignatureError, SigningKey, VerifyingKey};

/// What both ends take from TLS, with the ALPN as context, to tie a request to one connection (RFC 5705, 32 bytes).
pub const CERTIFICATE_BINDING: &[u8] = b"EXPORTER-slomix-certificate";

/// An enrolled agent asks for a certificate for a fresh TLS key.
///
/// Over the link the connection's own certificate says who asks, and the hub issues at once. Over `slomix-join/1` an
/// agent asks whose certificate has run out or is lost, and the hub's operator decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateRequest {
    /// [`PROTOCOL_VERSION`] of the agent.
    pub version: u16,
    /// Who asks.
    pub agent: AgentId,
    /// The certificate signing request of the new TLS key, DER.
    pub csr: ByteBuf,
    /// Made by the agent's long-lived signing key over the connection's binding, the id and the CSR. On any other
    /// connection it proves nothing, so that it cannot be used again.
    pub proof: Signature,
}

impl Message for CertificateRequest {
    const TYPE: u8 = 16;
    const LIMIT: usize = limits::JOIN;
    const NAME: &'static str = "certificate request";
}

impl CertificateRequest {
    /// Asks for a certificate for `csr_der`. `binding` is what the connection gives for [`CERTIFICATE_BINDING`].
    pub fn new(agent: AgentId, csr_der: &[u8], binding: &[u8; 32], key: &SigningKey) -> Self {
        Self {
            version: PROTOCOL_VERSION,
            agent,
            csr: csr_der.to_vec().into(),
            proof: key.sign(Purpose::Certificate, &proven_bytes(binding, agent, csr_der)),
        }
    }

    /// Checks that the holder of `key` made this request for this connection.
    pub fn verify(&self, binding: &[u8; 32], key: &VerifyingKey) -> Result<(), SignatureError> {
        key.verify(Purpose::Certificate, &proven_bytes(binding, self.agent, &self.csr), &self.proof)
    }
}

/// Binding and id are of fixed length, so no bytes can move between the parts.
fn proven_bytes(binding: &[u8; 32], agent: AgentId, csr_der: &[u8]) -> Vec<u8> {
    [&binding[..], agent.as_bytes(), csr_der].concat()
}

/// The hub's answer to a [`CertificateRequest`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum CertificateReply {
    /// Here it is.
    Certified(Certified),
    /// The hub's operator has to approve it first: ask again later.
    Pending {
        /// When the agent first asked, Unix milliseconds by the hub's clock.
        #[serde(default)]
        since_ms: Option<i64>,
    },
    /// There is none.
    Refused {
        /// Why and what to do, in words for an admin.
        reason: String,
    },
    /// An answer that a later version added.
    #[serde(other)]
    Unrecognised,
}

impl Message for CertificateReply {
    const TYPE: u8 = 17;
    const LIMIT: usize = limits::JOIN;
    const NAME: &'static str = "certificate reply";
}

/// A certificate for the key of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certified {
    /// The certificate, then the hub's authority. DER each.
    #[serde(deserialize_with = "at_most::<{ limits::CHAIN }, _, _>")]
    pub certificates: Vec<ByteBuf>,
    /// The hub's clock when it answered, Unix milliseconds.
    #[serde(default)]
    pub clock_ms: Option<i64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_holds_on_its_own_connection_for_its_own_key_and_agent() {
        let key = SigningKey::from_seed(&[7; 32]);
        let agent = AgentId::from_bytes([1; 16]);
        let request = CertificateRequest::new(agent, b"csr", &[9; 32], &key);
        let public = key.verifying_key();
        assert_eq!(request.verify(&[9; 32], &public), Ok(()));
        assert_eq!(request.verify(&[8; 32], &public), Err(SignatureError), "replayed on another connection");
        let other = SigningKey::from_seed(&[8; 32]).verifying_key();
        assert_eq!(request.verify(&[9; 32], &other), Err(SignatureError));
        let swapped = CertificateRequest { csr: b"CSR".to_vec().into(), ..request.clone() };
        assert_eq!(swapped.verify(&[9; 32], &public), Err(SignatureError));
        let renamed = CertificateRequest { agent: AgentId::from_bytes([2; 16]), ..request };
        assert_eq!(renamed.verify(&[9; 32], &public), Err(SignatureError));
    }
}
