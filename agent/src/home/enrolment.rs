use std::io;

use rustls::pki_types::CertificateDer;
use serde::{Deserialize, Serialize};
use slomix_shared::identity::{
    AgentId, CaPin, SigningKey, TlsKey, certificates_from_pem, certificates_to_pem, not_after_ms,
};

use super::{Home, HomeError, refuse_exposed};

const SIGNING_KEY: &str = "signing.key";
const TLS_KEY: &str = "tls.key";
const CERTIFICATES: &str = "tls.pem";
const ENROLMENT: &str = "enrolment.toml";

/// What joining gave this agent, without its keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolment {
    /// The agent's id, for ever.
    pub agent: AgentId,
    /// What the operator called it.
    pub name: String,
    /// The key of the game server that it ships for.
    pub server: String,
    /// Where the hub answers, `host:port`.
    pub hub: String,
    /// When it joined, Unix milliseconds.
    pub joined_at_ms: i64,
}

/// An enrolment with all that proves it.
#[derive(Debug)]
pub struct Identity {
    /// Who this agent is.
    pub enrolment: Enrolment,
    /// Signs its batches.
    pub signing_key: SigningKey,
    /// Behind its certificate.
    pub tls_key: TlsKey,
    /// Its certificate, then the hub's authority.
    pub chain: Vec<CertificateDer<'static>>,
    /// What its hub is known by.
    pub pin: CaPin,
}

impl Identity {
    /// The last moment of the agent's certificate, Unix milliseconds.
    pub fn expires_at_ms(&self) -> Option<i64> {
        self.chain.first().and_then(|leaf| not_after_ms(leaf).ok())
    }
}

impl Home {
    /// Who this agent is, if it has joined.
    pub fn enrolment(&self) -> Result<Enrolment, HomeError> {
        let (path, text) = match self.read(ENROLMENT) {
            Err(HomeError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
                return Err(HomeError::NotJoined(self.path().to_owned()));
            }
            other => other?,
        };
        toml::from_str(&text).map_err(|source| HomeError::Broken { path, source: source.into() })
    }

    /// Who this agent is, with its keys. Keys that others may read are refused.
    pub fn identity(&self) -> Result<Identity, HomeError> {
        let enrolment = self.enrolment()?;
        let (signing_path, signing_key) = self.read(SIGNING_KEY)?;
        let (tls_path, tls_key) = self.read(TLS_KEY)?;
        let (chain_path, chain) = self.read(CERTIFICATES)?;
        refuse_exposed(&signing_path)?;
        refuse_exposed(&tls_path)?;
        let chain = certificates_from_pem(&chain).map_err(HomeError::certificate(&chain_path))?;
        let authority = chain.last().map(CaPin::of_certificate);
        let no_authority = || HomeError::Broken { path: chain_path.clone(), source: "no authority in it".into() };
        Ok(Identity {
            enrolment,
            signing_key: SigningKey::from_pem(&signing_key).map_err(HomeError::key(&signing_path))?,
            tls_key: TlsKey::from_pem(&tls_key).map_err(HomeError::key(&tls_path))?,
            pin: authority.ok_or_else(no_authority)?.map_err(HomeError::certificate(&chain_path))?,
            chain,
        })
    }

    /// Keeps what joining gave. The enrolment goes last: without it nobody has joined.
    pub fn enrol(&self, identity: &Identity) -> Result<(), HomeError> {
        let key_error = HomeError::key;
        let signing_key = identity.signing_key.to_pem().map_err(key_error(&self.path().join(SIGNING_KEY)))?;
        let tls_key = identity.tls_key.to_pem().map_err(key_error(&self.path().join(TLS_KEY)))?;
        let path = self.path().join(ENROLMENT);
        let enrolment =
            toml::to_string(&identity.enrolment).map_err(|source| HomeError::Broken { path, source: source.into() })?;
        self.write(SIGNING_KEY, signing_key.as_bytes())?;
        self.write(TLS_KEY, tls_key.as_bytes())?;
        self.write(CERTIFICATES, certificates_to_pem(&identity.chain).as_bytes())?;
        self.write(ENROLMENT, enrolment.as_bytes())
    }

    /// The files that only their owner may read, for `doctor`.
    pub fn secrets(&self) -> [std::path::PathBuf; 2] {
        [self.path().join(SIGNING_KEY), self.path().join(TLS_KEY)]
    }
}
