use std::fmt;

use rcgen::{
    BasicConstraints, CertificateParams, CertificateSigningRequestParams, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose, PublicKeyData, SanType, SerialNumber,
};
use rustls::pki_types::{CertificateDer, CertificateSigningRequestDer};
use time::{Duration, OffsetDateTime};

use super::certificate::{AGENT_URI, certificates_from_pem, certificates_to_pem, not_before_ms};
use super::{AgentId, CaPin, CertificateError, TlsKey};

/// The name in the hub's certificate and the one that agents ask for, wherever the hub is reached: they know it by
/// its authority, not by a host name.
pub const HUB_NAME: &str = "hub.slomix";
/// How long an agent's certificate holds: it is renewed over the link, so a week will do.
pub const AGENT_CERTIFICATE_LIFE: std::time::Duration = std::time::Duration::from_hours(7 * 24);
/// Game hosts' clocks are wrong by up to this much without anybody noticing.
pub(super) const BACKDATE: Duration = Duration::hours(1);
/// Pinned by every agent, so its end would mean that all join again.
const AUTHORITY_LIFE: Duration = Duration::days(30 * 365);

/// The hub's own certificate authority: it signs the hub's certificate and those of the agents, nothing else.
pub struct Authority {
    certificate: CertificateDer<'static>,
    key: TlsKey,
    pin: CaPin,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    /// Makes a new authority for a fresh `key` at `now_ms`, Unix milliseconds.
    pub fn create(key: TlsKey, now_ms: i64) -> Result<Self, CertificateError> {
        let pair = key.pair()?;
        let mut params = params_for(now_ms, AUTHORITY_LIFE, "Slomix hub authority", &pair)?;
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let certificate = params.self_signed(&pair).map_err(CertificateError::Make)?.der().clone();
        Self::of(certificate, key)
    }

    /// Takes up an authority from its PEM texts, which must belong together.
    pub fn from_pem(certificate: &str, key: &str) -> Result<Self, CertificateError> {
        let certificate = certificates_from_pem(certificate)?.swap_remove(0);
        Self::of(certificate, TlsKey::from_pem(key)?)
    }

    fn of(certificate: CertificateDer<'static>, key: TlsKey) -> Result<Self, CertificateError> {
        let pair = key.pair()?;
        let pin = CaPin::of_certificate(&certificate)?;
        if pin != CaPin::of_public_key(&pair.subject_public_key_info()) {
            return Err(CertificateError::NotAPair);
        }
        let issuer = Issuer::from_ca_cert_der(&certificate, pair).map_err(CertificateError::Make)?;
        Ok(Self { certificate, key, pin, issuer })
    }

    /// The authority's certificate as PEM.
    pub fn certificate_pem(&self) -> String {
        certificates_to_pem([&self.certificate])
    }

    /// The authority's private key as PEM. Secret.
    pub fn key_pem(&self) -> Result<String, CertificateError> {
        Ok(self.key.to_pem()?)
    }

    /// The authority's certificate.
    pub fn certificate(&self) -> &CertificateDer<'static> {
        &self.certificate
    }

    /// What agents know the authority by.
    pub fn pin(&self) -> CaPin {
        self.pin
    }

    /// The certificate chain of the hub itself for `key`, made at `now_ms`: good for [`HUB_NAME`] and for serving.
    ///
    /// It holds from the authority's first day, since an agent whose clock is slow has no other fault, and for ten
    /// years: the key is made anew at each start of the hub, so a shorter life would protect nothing.
    pub fn issue_hub(&self, key: &TlsKey, now_ms: i64) -> Result<Vec<CertificateDer<'static>>, CertificateError> {
        let pair = key.pair()?;
        let mut params = params_for(now_ms, Duration::days(3_650), "Slomix hub", &pair)?;
        params.not_before = instant(not_before_ms(&self.certificate)?)?.min(params.not_before);
        params.subject_alt_names = vec![SanType::DnsName(HUB_NAME.try_into().map_err(CertificateError::Make)?)];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.use_authority_key_identifier_extension = true;
        let leaf = params.signed_by(&pair, &self.issuer).map_err(CertificateError::Make)?;
        Ok(vec![leaf.der().clone(), self.certificate.clone()])
    }

    /// The certificate chain of `agent` for the key that `request` (DER) names, made at `now_ms`: good for calling
    /// the hub for `life` ([`AGENT_CERTIFICATE_LIFE`], in whole seconds). The request must be signed by its own key;
    /// whatever else it asks for is ignored.
    pub fn issue_agent(
        &self,
        request: &[u8],
        agent: AgentId,
        now_ms: i64,
        life: std::time::Duration,
    ) -> Result<Vec<CertificateDer<'static>>, CertificateError> {
        let request = CertificateSigningRequestParams::from_der(&CertificateSigningRequestDer::from(request))
            .map_err(CertificateError::Request)?;
        let life = Duration::try_from(life).map_err(|_| CertificateError::Time(now_ms))?;
        let mut params = params_for(now_ms, life, &agent.to_string(), &request.public_key)?;
        let uri = format!("{AGENT_URI}{agent}");
        params.subject_alt_names = vec![SanType::URI(uri.try_into().map_err(CertificateError::Make)?)];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.use_authority_key_identifier_extension = true;
        let leaf = params.signed_by(&request.public_key, &self.issuer).map_err(CertificateError::Make)?;
        Ok(vec![leaf.der().clone(), self.certificate.clone()])
    }
}

impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authority").field("pin", &self.pin).finish_non_exhaustive()
    }
}

fn instant(ms: i64) -> Result<OffsetDateTime, CertificateError> {
    OffsetDateTime::from_unix_timestamp(ms.div_euclid(1_000)).map_err(|_| CertificateError::Time(ms))
}

/// What all our certificates share: who, from when to when, and a serial number that no other has.
fn params_for(
    now_ms: i64,
    life: Duration,
    name: &str,
    key: &impl PublicKeyData,
) -> Result<CertificateParams, CertificateError> {
    let now = instant(now_ms)?;
    let mut params = CertificateParams::default();
    params.not_before = now.checked_sub(BACKDATE).ok_or(CertificateError::Time(now_ms))?;
    params.not_after = now.checked_add(life).ok_or(CertificateError::Time(now_ms))?;
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    let mut hasher = blake3::Hasher::new();
    hasher.update(&now_ms.to_be_bytes()).update(&key.subject_public_key_info());
    let mut serial = [0; 16];
    serial.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    // Positive and never shortened: the first byte lies in 0x40 to 0x7f.
    serial[0] = serial[0] & 0x3f | 0x40;
    params.serial_number = Some(SerialNumber::from_slice(&serial));
    Ok(params)
}
