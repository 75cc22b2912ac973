use std::fmt;

use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey, KeypairBytes};
use rcgen::{CertificateParams, DistinguishedName, KeyPair, PublicKeyData};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use super::signing::pkcs8;
use super::{CertificateError, KeyError};

/// The private key behind a certificate: Ed25519, like the signing key, but a key of its own. Printing it shows
/// nothing.
pub struct TlsKey {
    seed: [u8; 32],
}

impl TlsKey {
    /// Makes the key of 32 bytes that must come fresh from the system's random source.
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self { seed: *seed }
    }

    /// Reads the PKCS#8 PEM that [`Self::to_pem`] writes; certificates may stand beside it.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        let mut blocks = pem::parse_many(text).map_err(|_| KeyError::Private)?;
        blocks.retain(|block| block.tag() == "PRIVATE KEY");
        let [block] = blocks.as_slice() else { return Err(KeyError::Private) };
        let pair = KeypairBytes::from_pkcs8_der(block.contents()).map_err(|_| KeyError::Private)?;
        Ok(Self { seed: pair.secret_key })
    }

    /// PKCS#8 PEM, as it is kept on disk. Secret.
    pub fn to_pem(&self) -> Result<String, KeyError> {
        pkcs8(&self.seed)
            .to_pkcs8_pem(ed25519_dalek::pkcs8::spki::der::pem::LineEnding::LF)
            .map(|pem| pem.to_string())
            .map_err(|_| KeyError::Encode)
    }

    /// PKCS#8 DER, as TLS takes it. Secret.
    pub fn to_der(&self) -> Result<PrivateKeyDer<'static>, KeyError> {
        let document = pkcs8(&self.seed).to_pkcs8_der().map_err(|_| KeyError::Encode)?;
        Ok(PrivatePkcs8KeyDer::from(document.as_bytes().to_vec()).into())
    }

    /// A certificate signing request, DER. It asks for nothing but a certificate for this key: which agent it is for
    /// is the hub's to say.
    pub fn signing_request(&self) -> Result<Vec<u8>, CertificateError> {
        let mut params = CertificateParams::default();
        params.distinguished_name = DistinguishedName::new();
        let request = params.serialize_request(&self.pair()?).map_err(CertificateError::Make)?;
        Ok(request.der().to_vec())
    }

    /// The public half, as `SubjectPublicKeyInfo` DER.
    pub(super) fn public_key(&self) -> Result<Vec<u8>, CertificateError> {
        Ok(self.pair()?.subject_public_key_info())
    }

    pub(super) fn pair(&self) -> Result<KeyPair, CertificateError> {
        KeyPair::try_from(&self.to_der()?).map_err(CertificateError::Make)
    }
}

impl fmt::Debug for TlsKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TlsKey(secret)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pem_reads_back_and_debug_keeps_the_secret() {
        let key = TlsKey::from_seed(&[7; 32]);
        assert_eq!(TlsKey::from_pem(&key.to_pem().unwrap()).unwrap().seed, key.seed);
        assert_eq!(format!("{key:?}"), "TlsKey(secret)");
        assert!(TlsKey::from_pem("-----BEGIN PRIVATE KEY-----\nMAo=\n-----END PRIVATE KEY-----\n").is_err());
    }
}
