use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use slomix_shared::identity::{Authority, CertificateError, SigningKey, TlsKey, VerifyingKey};

use super::KeyFileError;

/// What makes this hub this hub: its authority and its signing key.
///
/// They lie in `keys/` in the data directory (0700): `authority.pem`, `authority.key` and `signing.key` (0600). They
/// belong into every backup: without `authority.key` all agents have to join again. The hub's own TLS key is made
/// anew at every start and never written.
#[derive(Debug)]
pub struct HubKeys {
    /// Signs the certificates of the hub and of its agents.
    pub authority: Authority,
    /// Signs what the operator imports.
    pub signing_key: SigningKey,
}

/// Everything in the directory.
const FILES: [&str; 3] = ["authority.pem", "authority.key", "signing.key"];

impl HubKeys {
    /// The files without which agents do not know this hub, and imports cannot be verified: the authority's key and
    /// the signing key.
    pub fn files(data_dir: &Path) -> [PathBuf; 2] {
        let dir = data_dir.join("keys");
        [dir.join("authority.key"), dir.join("signing.key")]
    }

    /// The public half of the signing key; none where the hub has no keys yet. Nothing is made.
    pub fn public_signing_key(data_dir: &Path) -> Result<Option<VerifyingKey>, KeyFileError> {
        let path = data_dir.join("keys/signing.key");
        let pem = read_private(&path)?;
        let key = pem.map(|pem| SigningKey::from_pem(&pem)).transpose();
        Ok(key.map_err(|source| KeyFileError::Key { path, source })?.map(|key| key.verifying_key()))
    }

    /// Refuses a directory of keys that other users may look into, as starting does.
    pub fn check_directory(data_dir: &Path) -> Result<(), KeyFileError> {
        let dir = data_dir.join("keys");
        if dir.exists() { check_private(&dir, 0o700) } else { Ok(()) }
    }

    /// The files as they lie, by name, for a backup; those that are not there are left out. Secret.
    pub fn read_files(data_dir: &Path) -> Result<Vec<(String, String)>, KeyFileError> {
        let dir = data_dir.join("keys");
        let mut files = Vec::new();
        for name in FILES {
            if let Some(text) = read_private(&dir.join(name))? {
                files.push((name.to_owned(), text));
            }
        }
        Ok(files)
    }

    /// Puts files back that [`Self::read_files`] gave. Names that no key file has are refused.
    pub fn write_files(data_dir: &Path, files: &[(String, String)]) -> Result<(), KeyFileError> {
        let dir = data_dir.join("keys");
        DirBuilder::new().mode(0o700).create(&dir).map_err(|source| io_error("make the directory", &dir, source))?;
        for (name, text) in files {
            if !FILES.contains(&name.as_str()) {
                let source = io::Error::new(io::ErrorKind::InvalidInput, "no key file is called that");
                return Err(io_error("put back", &dir.join(name), source));
            }
            write_private(&dir.join(name), text)?;
        }
        sync_dir(data_dir)
    }

    /// Takes up the keys in `data_dir`, and makes those that were never made. Refuses files that other users could
    /// read.
    pub fn load_or_make(data_dir: &Path, now_ms: i64) -> Result<Self, KeyFileError> {
        let dir = data_dir.join("keys");
        fs::create_dir_all(data_dir).map_err(|source| io_error("make the data directory", data_dir, source))?;
        match DirBuilder::new().mode(0o700).create(&dir) {
            Ok(()) => sync_dir(data_dir)?,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => check_private(&dir, 0o700)?,
            Err(source) => return Err(io_error("make the directory", &dir, source)),
        }
        Ok(Self { authority: authority(&dir, now_ms)?, signing_key: signing_key(&dir)? })
    }
}

fn authority(dir: &Path, now_ms: i64) -> Result<Authority, KeyFileError> {
    let (certificate_path, key_path) = (dir.join("authority.pem"), dir.join("authority.key"));
    let fault = |source: CertificateError| KeyFileError::Authority { path: certificate_path.clone(), source };
    let key = match (read_private(&key_path)?, read_private(&certificate_path)?) {
        (Some(key), Some(certificate)) => return Authority::from_pem(&certificate, &key).map_err(fault),
        (None, Some(_)) => {
            return Err(KeyFileError::Missing { missing: key_path, present: certificate_path });
        }
        // A crash between the two files below. Agents pin the key, so another certificate for it serves as well.
        (Some(key), None) => {
            TlsKey::from_pem(&key).map_err(|source| KeyFileError::Key { path: key_path.clone(), source })?
        }
        (None, None) => {
            let key = TlsKey::from_seed(&random().ok_or(KeyFileError::NoRandom)?);
            write_private(&key_path, &key.to_pem().map_err(|source| fault(source.into()))?)?;
            key
        }
    };
    let authority = Authority::create(key, now_ms).map_err(fault)?;
    write_private(&certificate_path, &authority.certificate_pem())?;
    tracing::info!(path = %certificate_path.display(), pin = %authority.pin(), "made the hub's authority");
    Ok(authority)
}

fn signing_key(dir: &Path) -> Result<SigningKey, KeyFileError> {
    let path = dir.join("signing.key");
    let fault = |source| KeyFileError::Key { path: path.clone(), source };
    if let Some(pem) = read_private(&path)? {
        return SigningKey::from_pem(&pem).map_err(fault);
    }
    let key = SigningKey::from_seed(&random().ok_or(KeyFileError::NoRandom)?);
    write_private(&path, &key.to_pem().map_err(fault)?)?;
    Ok(key)
}

/// Fresh bytes from the system's random source.
pub(super) fn random<const N: usize>() -> Option<[u8; N]> {
    let mut bytes = [0; N];
    rustls::crypto::ring::default_provider().secure_random.fill(&mut bytes).ok()?;
    Some(bytes)
}

fn io_error(action: &'static str, path: &Path, source: io::Error) -> KeyFileError {
    KeyFileError::Io { action, path: path.to_owned(), source }
}

/// The path itself, not what a link points to, must be ours alone.
fn check_private(path: &Path, wanted: u32) -> Result<(), KeyFileError> {
    let found = fs::symlink_metadata(path).map_err(|source| io_error("look at", path, source))?;
    let (right_type, name) = match wanted {
        0o700 => (found.is_dir(), "directory"),
        _ => (found.is_file(), "plain file"),
    };
    if !right_type {
        return Err(KeyFileError::NotA { path: path.to_owned(), wanted: name });
    }
    let mode = found.permissions().mode() & 0o777;
    let others = mode & 0o077;
    if others == 0 { Ok(()) } else { Err(KeyFileError::Open { path: path.to_owned(), mode, wanted }) }
}

fn read_private(path: &Path) -> Result<Option<String>, KeyFileError> {
    match check_private(path, 0o600) {
        Err(KeyFileError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
        Ok(()) => fs::read_to_string(path).map(Some).map_err(|source| io_error("read", path, source)),
    }
}

/// Written beside, synced and renamed, so that a crash leaves the whole file or none.
fn write_private(path: &Path, text: &str) -> Result<(), KeyFileError> {
    let beside: PathBuf = path.with_extension("new");
    let write = || -> io::Result<()> {
        match fs::remove_file(&beside) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&beside, path)
    };
    write().map_err(|source| io_error("write", path, source))?;
    path.parent().map_or(Ok(()), sync_dir)
}

fn sync_dir(dir: &Path) -> Result<(), KeyFileError> {
    File::open(dir).and_then(|dir| dir.sync_all()).map_err(|source| io_error("sync", dir, source))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW_MS: i64 = 1_794_253_837_000;

    fn load(dir: &Path) -> Result<HubKeys, KeyFileError> {
        HubKeys::load_or_make(dir, NOW_MS)
    }

    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn keys_are_made_once_and_closed_to_others() {
        let data = tempfile::tempdir().unwrap();
        let dir = data.path().join("hub");
        let made = load(&dir).unwrap();
        let again = load(&dir).unwrap();
        assert_eq!(again.authority.pin(), made.authority.pin());
        assert_eq!(again.signing_key.verifying_key(), made.signing_key.verifying_key());
        let mode_of = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode_of(&dir.join("keys")), 0o700);
        let files: Vec<_> = fs::read_dir(dir.join("keys")).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert_eq!(files.len(), 3, "{files:?}");
        assert!(files.iter().all(|file| mode_of(file) == 0o600));
    }

    #[test]
    fn looser_modes_are_refused_with_the_fix() {
        let data = tempfile::tempdir().unwrap();
        load(data.path()).unwrap();
        let dir = data.path().join("keys");
        for name in FILES {
            let key = dir.join(name);
            for mode in [0o640, 0o604, 0o620] {
                set_mode(&key, mode);
                let message = load(data.path()).unwrap_err().to_string();
                assert!(message.ends_with(&format!("chmod 600 {}", key.display())), "{message}");
                HubKeys::read_files(data.path()).unwrap_err();
            }
            set_mode(&key, 0o600);
            load(data.path()).unwrap();
        }
        set_mode(&dir, 0o750);
        let message = load(data.path()).unwrap_err().to_string();
        assert!(message.ends_with(&format!("chmod 700 {}", dir.display())), "{message}");
        set_mode(&dir, 0o700);
        load(data.path()).unwrap();
    }

    #[test]
    fn an_authority_is_never_quietly_made_anew() {
        let data = tempfile::tempdir().unwrap();
        let pin = load(data.path()).unwrap().authority.pin();
        let (certificate, key) = (data.path().join("keys/authority.pem"), data.path().join("keys/authority.key"));
        // As after a crash between the two files: same key, so the agents' pin still holds.
        fs::remove_file(&certificate).unwrap();
        assert_eq!(load(data.path()).unwrap().authority.pin(), pin);
        fs::rename(&key, data.path().join("elsewhere")).unwrap();
        assert!(matches!(load(data.path()), Err(KeyFileError::Missing { missing, .. }) if missing == key));
        fs::write(&key, "").unwrap();
        set_mode(&key, 0o600);
        assert!(matches!(load(data.path()), Err(KeyFileError::Authority { .. })));
        fs::remove_file(&key).unwrap();
        std::os::unix::fs::symlink(data.path().join("elsewhere"), &key).unwrap();
        assert!(matches!(load(data.path()), Err(KeyFileError::NotA { .. })));
    }
}
