use std::fmt;

use ed25519_dalek::Signer;
use ed25519_dalek::pkcs8::{DecodePrivateKey, DecodePublicKey, EncodePrivateKey, EncodePublicKey, KeypairBytes};
use serde::{Deserialize, Serialize};

/// What a signature is for. Each purpose has its own context string, so that a signature made for one can never pass
/// for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// An agent vouches for the header and manifest of a batch that it shipped.
    Batch,
    /// The hub vouches for the header and manifest of files that its operator imported.
    Import,
    /// A new agent proves that it holds the signing key it names when it joins.
    Join,
    /// An enrolled agent asks for a certificate for a fresh TLS key.
    Certificate,
}

impl Purpose {
    /// Never change these: signatures are kept for years.
    fn context(self) -> &'static [u8] {
        match self {
            Self::Batch => b"slomix/1 batch\0",
            Self::Import => b"slomix/1 import\0",
            Self::Join => b"slomix/1 join\0",
            Self::Certificate => b"slomix/1 certificate\0",
        }
    }

    /// What is put under the Ed25519 signature: the context string, then the BLAKE3 of the message (32 bytes).
    fn signed_bytes(self, message: &[u8]) -> Vec<u8> {
        [self.context(), blake3::hash(message).as_bytes()].concat()
    }
}

/// A key's text form could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// Not the PEM of an Ed25519 private key.
    #[error("this is not the PEM text of an Ed25519 private key (PKCS#8, `BEGIN PRIVATE KEY`)")]
    Private,
    /// Not the PEM of an Ed25519 public key, or a weak one.
    #[error("this is not an Ed25519 public key (32 bytes, or PEM with `BEGIN PUBLIC KEY`)")]
    Public,
    /// The encoder failed.
    #[error("the key could not be written as PEM")]
    Encode,
}

/// The signature does not fit message, purpose and key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the signature does not fit: other bytes, another key or another purpose")]
pub struct SignatureError;

/// A long-lived Ed25519 signing key. Printing it shows only the public half.
#[derive(Clone)]
pub struct SigningKey(ed25519_dalek::SigningKey);

impl SigningKey {
    /// Makes the key of 32 bytes that must come fresh from the system's random source.
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(ed25519_dalek::SigningKey::from_bytes(seed))
    }

    /// Reads the PKCS#8 PEM that [`Self::to_pem`] writes.
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        ed25519_dalek::SigningKey::from_pkcs8_pem(pem).map(Self).map_err(|_| KeyError::Private)
    }

    /// PKCS#8 PEM, as it is kept on disk. Secret.
    pub fn to_pem(&self) -> Result<String, KeyError> {
        pkcs8(self.0.as_bytes())
            .to_pkcs8_pem(ed25519_dalek::pkcs8::spki::der::pem::LineEnding::LF)
            .map(|pem| pem.to_string())
            .map_err(|_| KeyError::Encode)
    }

    /// The public half.
    pub fn verifying_key(&self) -> VerifyingKey {
        VerifyingKey(self.0.verifying_key())
    }

    /// Signs `message` for `purpose`.
    pub fn sign(&self, purpose: Purpose, message: &[u8]) -> Signature {
        Signature(self.0.sign(&purpose.signed_bytes(message)).to_bytes())
    }
}

/// The version-1 form without the public half: every reader takes it.
pub(super) fn pkcs8(seed: &[u8; 32]) -> KeypairBytes {
    KeypairBytes { secret_key: *seed, public_key: None }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey(secret, public {})", self.verifying_key())
    }
}

/// The public half of a [`SigningKey`].
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct VerifyingKey(ed25519_dalek::VerifyingKey);

impl VerifyingKey {
    /// Takes the 32 bytes of a public key; weak points are refused.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, KeyError> {
        let bytes: &[u8; 32] = bytes.try_into().map_err(|_| KeyError::Public)?;
        let key = ed25519_dalek::VerifyingKey::from_bytes(bytes).map_err(|_| KeyError::Public)?;
        if key.is_weak() { Err(KeyError::Public) } else { Ok(Self(key)) }
    }

    /// The 32 bytes of the key, as stored and sent.
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// Reads the PEM that [`Self::to_pem`] writes.
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        let key = ed25519_dalek::VerifyingKey::from_public_key_pem(pem).map_err(|_| KeyError::Public)?;
        Self::from_slice(key.as_bytes())
    }

    /// `SubjectPublicKeyInfo` PEM.
    pub fn to_pem(&self) -> Result<String, KeyError> {
        self.0.to_public_key_pem(ed25519_dalek::pkcs8::spki::der::pem::LineEnding::LF).map_err(|_| KeyError::Encode)
    }

    /// Checks strictly (no malleable signatures, no small-order keys) that `signature` was made over `message` for
    /// `purpose`.
    pub fn verify(&self, purpose: Purpose, message: &[u8], signature: &Signature) -> Result<(), SignatureError> {
        let signature = ed25519_dalek::Signature::from_bytes(&signature.0);
        self.0.verify_strict(&purpose.signed_bytes(message), &signature).map_err(|_| SignatureError)
    }
}

impl fmt::Display for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&data_encoding::HEXLOWER.encode(self.0.as_bytes()))
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifyingKey({self})")
    }
}

/// An Ed25519 signature: 64 bytes.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature(#[serde(with = "serde_bytes")] [u8; 64]);

impl Signature {
    /// Takes 64 bytes for a signature; any other length is none.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The 64 bytes, as stored and sent.
    pub fn as_bytes(&self) -> &[u8; 64] {
        &self.0
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signature({}…)", data_encoding::HEXLOWER.encode(&self.0[..4]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_holds_for_its_message_purpose_and_key_only() {
        let key = SigningKey::from_seed(&[7; 32]);
        let signature = key.sign(Purpose::Batch, b"head");
        let public = key.verifying_key();
        assert_eq!(public.verify(Purpose::Batch, b"head", &signature), Ok(()));
        assert_eq!(public.verify(Purpose::Batch, b"heaD", &signature), Err(SignatureError));
        assert_eq!(public.verify(Purpose::Import, b"head", &signature), Err(SignatureError));
        let other = SigningKey::from_seed(&[8; 32]).verifying_key();
        assert_eq!(other.verify(Purpose::Batch, b"head", &signature), Err(SignatureError));
    }

    #[test]
    fn pem_reads_back_and_debug_keeps_the_secret() {
        let key = SigningKey::from_seed(&[7; 32]);
        let pem = key.to_pem().unwrap();
        assert!(pem.starts_with("-----BEGIN PRIVATE KEY-----"), "{pem}");
        assert_eq!(SigningKey::from_pem(&pem).unwrap().verifying_key(), key.verifying_key());
        let public = key.verifying_key().to_pem().unwrap();
        assert_eq!(VerifyingKey::from_pem(&public).unwrap(), key.verifying_key());
        assert!(!format!("{key:?}").contains(&data_encoding::HEXLOWER.encode(&[7; 32])));
        assert!(SigningKey::from_pem(&public).is_err());
    }

    #[test]
    fn a_weak_public_key_is_refused() {
        assert!(VerifyingKey::from_slice(&[0; 32]).is_err());
        assert!(VerifyingKey::from_slice(&[1; 31]).is_err());
    }
}
