use std::io;

use serde::{Deserialize, Serialize};
use slomix_shared::identity::{AgentId, CaPin, SigningKey, TlsPair};

use super::{Home, HomeError};

pub(super) const SIGNING_KEY: &str = "signing.key";
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
    /// What the hub is known by; none where an earlier agent joined, which took that from the certificate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pin: Option<CaPin>,
}

/// An enrolment with all that proves it.
#[derive(Debug)]
pub struct Identity {
    /// Who this agent is.
    pub enrolment: Enrolment,
    /// Signs its batches.
    pub signing_key: SigningKey,
    /// What its hub is known by.
    pub pin: CaPin,
    /// Its certificate with the key, or why there is none: then the hub's operator lets it in again.
    pub tls: Result<TlsPair, HomeError>,
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

    /// Who this agent is, with its keys. Keys that others may read are refused, and so is a directory that they may
    /// enter. A certificate that is damaged or gone is no obstacle while it is known by which pin the hub is known.
    pub fn identity(&self) -> Result<Identity, HomeError> {
        let enrolment = self.enrolment()?;
        self.refuse_open()?;
        let (path, signing_key) = self.read_secret(SIGNING_KEY)?;
        let signing_key = SigningKey::from_pem(&signing_key).map_err(HomeError::key(&path))?;
        let tls = match self.tls_pair() {
            Err(exposed @ HomeError::Exposed { .. }) => return Err(exposed),
            // Somebody else's file is for the operator to give back.
            Err(HomeError::Io { source, path, action }) if source.kind() == io::ErrorKind::PermissionDenied => {
                return Err(HomeError::Io { action, path, source });
            }
            Ok(pair) if pair.agent() != enrolment.agent => Err(self.foreign_pair("it names another agent")),
            Ok(pair) if enrolment.pin.is_some_and(|pin| pin != pair.pin()) => {
                Err(self.foreign_pair("it is of another hub"))
            }
            tls => tls,
        };
        match (enrolment.pin, tls) {
            (Some(pin), tls) => Ok(Identity { enrolment, signing_key, pin, tls }),
            (None, Ok(pair)) => Ok(Identity { enrolment, signing_key, pin: pair.pin(), tls: Ok(pair) }),
            (None, Err(problem)) => Err(problem),
        }
    }

    /// Keeps what joining gave. The enrolment goes last, and one that was there goes first: without it nobody has
    /// joined, so no crash leaves the keys of one agent with the id of another.
    pub fn enrol(&self, enrolment: &Enrolment, signing_key: &SigningKey, pair: &TlsPair) -> Result<(), HomeError> {
        let signing_key = signing_key.to_pem().map_err(HomeError::key(&self.path().join(SIGNING_KEY)))?;
        self.remove(ENROLMENT)?;
        self.write(SIGNING_KEY, signing_key.as_bytes())?;
        self.keep_tls_pair(pair)?;
        self.keep_enrolment(enrolment)
    }

    /// Brings what an earlier agent kept into today's files. Needs the lock.
    pub fn modernise(&self, identity: &Identity) -> Result<(), HomeError> {
        if let Ok(pair) = &identity.tls
            && self.has_old_key()
        {
            self.keep_tls_pair(pair)?;
        }
        if identity.enrolment.pin.is_none() {
            self.keep_enrolment(&Enrolment { pin: Some(identity.pin), ..identity.enrolment.clone() })?;
        }
        Ok(())
    }

    fn keep_enrolment(&self, enrolment: &Enrolment) -> Result<(), HomeError> {
        let path = self.path().join(ENROLMENT);
        let text = toml::to_string(enrolment).map_err(|source| HomeError::Broken { path, source: source.into() })?;
        self.write(ENROLMENT, text.as_bytes())
    }
}
