use slomix_shared::identity::{CertificateError, TlsKey, TlsPair, certificates_from_pem};

use super::{Home, HomeError};

const PAIR: &str = "tls.pem";
/// Where the key lay before it came into the same file as its certificate.
const OLD_KEY: &str = "tls.key";

impl Home {
    /// The agent's certificate with its key. Files that others may read are refused.
    pub(super) fn tls_pair(&self) -> Result<TlsPair, HomeError> {
        let (path, text) = self.read_secret(PAIR)?;
        let broken = HomeError::certificate(&path);
        match TlsPair::from_pem(&text) {
            Err(CertificateError::Key(_)) if self.has_old_key() => {
                let (key_path, key) = self.read_secret(OLD_KEY)?;
                let key = TlsKey::from_pem(&key).map_err(HomeError::key(&key_path))?;
                TlsPair::new(key, certificates_from_pem(&text).map_err(HomeError::certificate(&path))?).map_err(broken)
            }
            pair => pair.map_err(broken),
        }
    }

    /// Keeps a certificate with its key, in the place of the ones before: all of it or nothing.
    pub fn keep_tls_pair(&self, pair: &TlsPair) -> Result<(), HomeError> {
        let text = pair.to_pem().map_err(HomeError::certificate(&self.path().join(PAIR)))?;
        self.write(PAIR, text.as_bytes())?;
        // It belongs to no certificate any more, and is not looked at while the pair can be read.
        self.remove(OLD_KEY)
    }

    /// What is wrong with a pair that does not belong here.
    pub(super) fn foreign_pair(&self, what: &'static str) -> HomeError {
        HomeError::Broken { path: self.path().join(PAIR), source: what.into() }
    }

    /// Whether the key still lies beside its certificate.
    pub(super) fn has_old_key(&self) -> bool {
        self.path().join(OLD_KEY).exists()
    }

    /// The files that hold keys, as far as they are there.
    pub fn secrets(&self) -> Vec<std::path::PathBuf> {
        let names = [super::enrolment::SIGNING_KEY, PAIR, OLD_KEY];
        names.into_iter().map(|name| self.path().join(name)).filter(|path| path.exists()).collect()
    }
}
