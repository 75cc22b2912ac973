use std::fmt;

use rustls::pki_types::CertificateDer;
use rustls::server::ParsedCertificate;

use super::authority::BACKDATE;
use super::certificate::{agent_of, certificates_from_pem, certificates_to_pem, not_after_ms, not_before_ms};
use super::{AgentId, CaPin, CertificateError, TlsKey};

/// An agent's certificate with the key behind it. They are kept in one text, so that neither is ever there without
/// the other, whatever happens to the machine while they are renewed. Printing it does not show the key.
pub struct TlsPair {
    key: TlsKey,
    chain: Vec<CertificateDer<'static>>,
    agent: AgentId,
    pin: CaPin,
    issued_at_ms: i64,
    ends_at_ms: i64,
}

impl TlsPair {
    /// Puts together what belongs together: `chain` is the agent's certificate for `key`, then the hub's authority.
    /// Whether that authority signed it is not looked at; the hub does that.
    pub fn new(key: TlsKey, chain: Vec<CertificateDer<'static>>) -> Result<Self, CertificateError> {
        let [leaf, .., authority] = chain.as_slice() else { return Err(CertificateError::NoAuthority) };
        let parsed = ParsedCertificate::try_from(leaf).map_err(|_| CertificateError::Malformed)?;
        if parsed.subject_public_key_info().as_ref() != key.public_key()?.as_slice() {
            return Err(CertificateError::OtherKey);
        }
        Ok(Self {
            agent: agent_of(leaf)?,
            pin: CaPin::of_certificate(authority)?,
            issued_at_ms: not_before_ms(leaf)?.saturating_add(BACKDATE.whole_milliseconds() as i64),
            ends_at_ms: not_after_ms(leaf)?,
            key,
            chain,
        })
    }

    /// Reads what [`Self::to_pem`] writes.
    pub fn from_pem(text: &str) -> Result<Self, CertificateError> {
        Self::new(TlsKey::from_pem(text)?, certificates_from_pem(text)?)
    }

    /// Key and certificates in one text. Secret.
    pub fn to_pem(&self) -> Result<String, CertificateError> {
        Ok(self.key.to_pem()? + &certificates_to_pem(&self.chain))
    }

    /// The key behind the certificate.
    pub fn key(&self) -> &TlsKey {
        &self.key
    }

    /// The agent's certificate, then the hub's authority.
    pub fn chain(&self) -> &[CertificateDer<'static>] {
        &self.chain
    }

    /// The agent that the certificate names.
    pub fn agent(&self) -> AgentId {
        self.agent
    }

    /// What the authority behind the certificate is known by.
    pub fn pin(&self) -> CaPin {
        self.pin
    }

    /// When the hub made the certificate, Unix milliseconds by its clock: an hour after the certificate begins.
    pub fn issued_at_ms(&self) -> i64 {
        self.issued_at_ms
    }

    /// The last moment of the certificate, Unix milliseconds.
    pub fn ends_at_ms(&self) -> i64 {
        self.ends_at_ms
    }
}

impl fmt::Debug for TlsPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { agent, pin, issued_at_ms, ends_at_ms, .. } = self;
        f.debug_struct("TlsPair")
            .field("agent", agent)
            .field("pin", pin)
            .field("issued_at_ms", issued_at_ms)
            .field("ends_at_ms", ends_at_ms)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::Authority;
    use super::*;

    const NOW_MS: i64 = 1_794_253_837_000;

    fn chain(key: &TlsKey) -> Vec<CertificateDer<'static>> {
        let authority = Authority::create(TlsKey::from_seed(&[1; 32]), NOW_MS).unwrap();
        let life = Duration::from_mins(1);
        authority.issue_agent(&key.signing_request().unwrap(), AgentId::from_bytes([4; 16]), NOW_MS, life).unwrap()
    }

    #[test]
    fn one_text_holds_key_and_chain_and_says_when_they_end() {
        let key = TlsKey::from_seed(&[3; 32]);
        let pair = TlsPair::new(TlsKey::from_seed(&[3; 32]), chain(&key)).unwrap();
        let read = TlsPair::from_pem(&pair.to_pem().unwrap()).unwrap();
        assert_eq!(read.chain(), chain(&key));
        assert_eq!(read.key().to_pem().unwrap(), key.to_pem().unwrap());
        assert_eq!((read.agent(), read.pin()), (AgentId::from_bytes([4; 16]), pair.pin()));
        assert_eq!((read.issued_at_ms(), read.ends_at_ms()), (NOW_MS, NOW_MS + 60_000));
        assert!(!format!("{read:?}").contains("PRIVATE"));
    }

    #[test]
    fn half_a_pair_is_none() {
        let key = TlsKey::from_seed(&[3; 32]);
        let whole = TlsPair::new(TlsKey::from_seed(&[3; 32]), chain(&key)).unwrap().to_pem().unwrap();
        // Cut anywhere, as by a disk that lost its end.
        for cut in 0..whole.len() - 1 {
            assert!(TlsPair::from_pem(&whole[..cut]).is_err(), "{cut} bytes of {}", whole.len());
        }
        let other = TlsPair::new(TlsKey::from_seed(&[5; 32]), chain(&key));
        assert!(matches!(other, Err(CertificateError::OtherKey)));
        let leaf = TlsPair::new(TlsKey::from_seed(&[3; 32]), chain(&key)[..1].to_vec());
        assert!(matches!(leaf, Err(CertificateError::NoAuthority)));
    }
}
