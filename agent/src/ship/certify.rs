use slomix_line::Connection;
use slomix_shared::identity::{AgentId, CaPin, CertificateError, SigningKey, TlsKey, TlsPair};
use slomix_shared::wire::{CertificateReply, CertificateRequest, ResetCode};

use super::frames::{FrameError, read_message, write_message};
use crate::join::{UnfitPair, check_pair};

/// Who asks for a certificate, and of which hub.
#[derive(Debug)]
pub struct Holder {
    /// The agent's id, which stays.
    pub agent: AgentId,
    /// Its long-lived key: whoever holds it is the agent.
    pub signing_key: SigningKey,
    /// What the hub is known by.
    pub pin: CaPin,
}

/// There is no new certificate. Each is tried again later.
#[derive(Debug, thiserror::Error)]
pub enum CertifyError {
    /// The operator has not decided yet.
    #[error("the hub's operator has to approve it")]
    Pending {
        /// Since when the hub knows of it, Unix milliseconds by its clock.
        since_ms: Option<i64>,
    },
    /// The hub is older than this message.
    #[error("the hub does not know how to renew certificates: update slomix-hub")]
    OlderHub,
    /// The hub said no.
    #[error("the hub refused: {0}")]
    Refused(String),
    /// The hub's answer is of a later version.
    #[error("the hub gave an answer that this agent does not know: update slomix-agent")]
    Unrecognised,
    /// The talk with the hub broke off.
    #[error("the hub broke off: {0}")]
    Talk(FrameError),
    /// No answer came in time.
    #[error("the hub does not answer")]
    Silent,
    /// No randomness.
    #[error("the system gives no random bytes")]
    Random,
    /// The connection gives nothing to tie the request to.
    #[error("the connection gives nothing to tie the request to")]
    Unbound,
    /// What the hub gave does not fit together.
    #[error(transparent)]
    Unfit(#[from] UnfitPair),
    /// The key or the request could not be made.
    #[error(transparent)]
    Made(#[from] CertificateError),
}

impl From<FrameError> for CertifyError {
    fn from(error: FrameError) -> Self {
        match error {
            // How a hub meets a first message that it does not know.
            FrameError::Reset(ResetCode::Unexpected) => Self::OlderHub,
            other => Self::Talk(other),
        }
    }
}

/// Asks over `connection` for a certificate for a key made of `fresh` random bytes.
pub(super) async fn certify(
    connection: &Connection,
    holder: &Holder,
    fresh: [u8; 32],
) -> Result<TlsPair, CertifyError> {
    let key = TlsKey::from_seed(&fresh);
    let binding = connection.binding().ok_or(CertifyError::Unbound)?;
    let request = CertificateRequest::new(holder.agent, &key.signing_request()?, &binding, &holder.signing_key);
    let (mut send, mut receive) = connection.open_bi().await.map_err(FrameError::Lost)?;
    match write_message(&mut send, &request).await {
        // A hub that does not read on says why in its answer.
        Ok(()) | Err(FrameError::Reset(_)) => {}
        Err(error) => return Err(error.into()),
    }
    match read_message::<CertificateReply>(&mut receive).await? {
        CertificateReply::Certified(certified) => {
            let chain = certified.certificates.iter().map(|der| der.to_vec().into()).collect();
            Ok(check_pair(key, chain, holder.agent, holder.pin)?)
        }
        CertificateReply::Pending { since_ms } => Err(CertifyError::Pending { since_ms }),
        CertificateReply::Refused { reason } => Err(CertifyError::Refused(reason)),
        CertificateReply::Unrecognised => Err(CertifyError::Unrecognised),
    }
}
