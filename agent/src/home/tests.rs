use std::time::Duration;

use rustls::pki_types::CertificateDer;
use slomix_shared::identity::{AgentId, Authority, SigningKey, TlsKey, TlsPair, certificates_to_pem};

use super::*;

const NOW_MS: i64 = 1_800_000_000_000;
const AGENT: AgentId = AgentId::from_bytes([4; 16]);

fn chain(seed: u8, agent: AgentId, authority: u8) -> Vec<CertificateDer<'static>> {
    let authority = Authority::create(TlsKey::from_seed(&[authority; 32]), NOW_MS).unwrap();
    let request = TlsKey::from_seed(&[seed; 32]).signing_request().unwrap();
    authority.issue_agent(&request, agent, NOW_MS, Duration::from_hours(1)).unwrap()
}

fn pair(seed: u8) -> TlsPair {
    TlsPair::new(TlsKey::from_seed(&[seed; 32]), chain(seed, AGENT, 1)).unwrap()
}

fn enrolment() -> Enrolment {
    Enrolment {
        agent: AGENT,
        name: "vps1".to_owned(),
        server: "main".to_owned(),
        hub: "127.0.0.1:27999".to_owned(),
        joined_at_ms: NOW_MS,
        pin: Some(pair(3).pin()),
    }
}

fn signing_key() -> SigningKey {
    SigningKey::from_seed(&[2; 32])
}

/// A home whose agent has joined.
struct Joined {
    top: tempfile::TempDir,
    home: Home,
}

impl Joined {
    fn new() -> Self {
        let top = tempfile::tempdir().unwrap();
        let home = Home::at(&top.path().join("data"));
        drop(home.lock().unwrap());
        home.enrol(&enrolment(), &signing_key(), &pair(3)).unwrap();
        Self { top, home }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// Writes a file closed to others, whatever was there.
    fn write(&self, name: &str, text: &str) {
        let _ = fs::remove_file(self.path(name));
        private_file().create_new(true).open(self.path(name)).unwrap().write_all(text.as_bytes()).unwrap();
    }

    /// As an earlier agent left it: the key beside its certificate, and no pin in the enrolment.
    fn as_before(&self) {
        self.write("tls.key", &TlsKey::from_seed(&[3; 32]).to_pem().unwrap());
        self.write("tls.pem", &certificates_to_pem(&chain(3, AGENT, 1)));
        let text = fs::read_to_string(self.path("enrolment.toml")).unwrap();
        let without: Vec<_> = text.lines().filter(|line| !line.starts_with("pin")).collect();
        assert_eq!(without.len() + 1, text.lines().count());
        self.write("enrolment.toml", &without.join("\n"));
    }

    /// The key in use, if there is a usable pair.
    fn key(&self) -> Option<String> {
        let identity = self.home.identity().unwrap();
        assert_eq!(identity.pin, pair(3).pin());
        identity.tls.ok().map(|pair| pair.key().to_pem().unwrap())
    }
}

fn key_of(seed: u8) -> String {
    TlsKey::from_seed(&[seed; 32]).to_pem().unwrap()
}

#[test]
fn what_joining_gave_is_kept_closed_to_others() {
    let top = tempfile::tempdir().unwrap();
    let home = Home::at(&top.path().join("data"));
    let _lock = home.lock().unwrap();
    assert!(matches!(home.identity(), Err(HomeError::NotJoined(_))));
    home.enrol(&enrolment(), &signing_key(), &pair(3)).unwrap();
    let read = home.identity().unwrap();
    assert_eq!((read.enrolment, read.pin), (enrolment(), pair(3).pin()));
    assert_eq!(read.tls.unwrap().chain(), chain(3, AGENT, 1));
    assert_eq!(read.signing_key.verifying_key(), signing_key().verifying_key());

    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(home.path()), 0o700);
    for name in ["signing.key", "tls.pem", "enrolment.toml", "agent.lock"] {
        assert_eq!(mode(&home.path().join(name)), 0o600, "{name}");
    }
}

#[test]
fn every_key_that_others_may_read_is_refused_with_the_fix() {
    let joined = Joined::new();
    joined.as_before();
    for name in ["signing.key", "tls.pem", "tls.key"] {
        let path = joined.path(name);
        for mode in [0o640, 0o604, 0o620] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let refused = joined.home.identity().unwrap_err();
            assert!(matches!(&refused, HomeError::Exposed { mode: found, .. } if *found == mode), "{refused}");
            assert!(refused.to_string().contains(&format!("chmod 600 {}", path.display())), "{refused}");
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        joined.home.identity().unwrap();
    }
}

#[test]
fn a_directory_that_others_may_enter_is_refused_with_the_fix() {
    let joined = Joined::new();
    let path = joined.home.path();
    fs::set_permissions(path, fs::Permissions::from_mode(0o750)).unwrap();
    for refused in [joined.home.identity().unwrap_err(), joined.home.lock().unwrap_err()] {
        assert!(refused.to_string().contains(&format!("chmod 700 {}", path.display())), "{refused}");
    }
    fs::set_permissions(path, fs::Permissions::from_mode(0o700)).unwrap();
    joined.home.identity().unwrap();
    drop(joined.home.lock().unwrap());
}

#[test]
fn a_broken_file_says_which() {
    let joined = Joined::new();
    joined.write("signing.key", "nothing");
    assert!(joined.home.identity().unwrap_err().to_string().contains("signing.key"));
}

#[test]
fn a_certificate_that_is_damaged_or_gone_leaves_the_agent_who_it_is() {
    let joined = Joined::new();
    let whole = pair(3).to_pem().unwrap();
    let (key, certificates) = whole.split_at(whole.find("-----BEGIN CERTIFICATE").unwrap());
    let of_another = TlsPair::new(TlsKey::from_seed(&[3; 32]), chain(3, AgentId::from_bytes([5; 16]), 1)).unwrap();
    let of_another_hub = TlsPair::new(TlsKey::from_seed(&[3; 32]), chain(3, AGENT, 9)).unwrap();
    let (of_another, of_another_hub) = (of_another.to_pem().unwrap(), of_another_hub.to_pem().unwrap());
    for damaged in ["", "nothing", key, certificates, &whole[..whole.len() / 2], &of_another, &of_another_hub] {
        joined.write("tls.pem", damaged);
        assert_eq!(joined.key(), None, "{damaged}");
    }
    fs::remove_file(joined.path("tls.pem")).unwrap();
    assert_eq!(joined.key(), None);
    joined.home.keep_tls_pair(&pair(6)).unwrap();
    assert_eq!(joined.key(), Some(key_of(6)));
}

/// What a crash leaves while a pair is replaced: the file beside cut anywhere, or whole and not renamed yet, or renamed
/// with the old key still there.
#[test]
fn a_crash_at_any_point_of_a_renewal_leaves_one_pair_or_the_other() {
    let joined = Joined::new();
    let new = pair(6).to_pem().unwrap();
    for cut in (0..=new.len()).step_by(7).chain([new.len()]) {
        joined.write("tls.pem.new", &new[..cut]);
        assert_eq!(joined.key(), Some(key_of(3)), "cut at {cut}");
    }
    joined.home.keep_tls_pair(&pair(6)).unwrap();
    assert_eq!(joined.key(), Some(key_of(6)));
    assert!(!joined.path("tls.pem.new").exists());

    joined.as_before();
    assert_eq!(joined.key(), Some(key_of(3)));
    fs::write(joined.path("tls.pem.new"), &new).unwrap();
    assert_eq!(joined.key(), Some(key_of(3)));
    joined.write("tls.pem", &new);
    assert_eq!(joined.key(), Some(key_of(6)), "the old key beside it is of no more use");
}

#[test]
fn what_an_earlier_agent_kept_is_read_and_put_into_one_file() {
    let joined = Joined::new();
    joined.as_before();
    let identity = joined.home.identity().unwrap();
    assert_eq!((identity.enrolment.pin, identity.pin), (None, pair(3).pin()));
    joined.home.modernise(&identity).unwrap();
    assert!(!joined.path("tls.key").exists());
    assert_eq!(joined.home.identity().unwrap().enrolment, enrolment());
    assert_eq!(joined.key(), Some(key_of(3)));
    let untouched = fs::metadata(joined.path("tls.pem")).unwrap().modified().unwrap();
    joined.home.modernise(&joined.home.identity().unwrap()).unwrap();
    assert_eq!(fs::metadata(joined.path("tls.pem")).unwrap().modified().unwrap(), untouched);
}

#[test]
fn without_certificate_and_pin_nobody_is_asked_for_a_new_one() {
    let joined = Joined::new();
    joined.as_before();
    joined.write("tls.pem", "nothing");
    // Any hub could give it a certificate then.
    assert!(joined.home.identity().unwrap_err().to_string().contains("tls.pem"));
}

#[test]
fn a_crash_while_joining_anew_leaves_no_mixture() {
    let joined = Joined::new();
    let other = Enrolment { agent: AgentId::from_bytes([5; 16]), ..enrolment() };
    // The certificate cannot be written: somebody put a directory into its place.
    fs::remove_file(joined.path("tls.pem")).unwrap();
    fs::create_dir_all(joined.path("tls.pem/x")).unwrap();
    let broken = joined.home.enrol(&other, &SigningKey::from_seed(&[9; 32]), &pair(6));
    assert!(matches!(broken, Err(HomeError::Io { .. })));
    assert!(matches!(joined.home.identity(), Err(HomeError::NotJoined(_))));
    assert!(joined.top.path().exists());
}

#[test]
fn one_process_at_a_time() {
    let top = tempfile::tempdir().unwrap();
    let home = Home::at(&top.path().join("data"));
    assert!(!home.is_in_use());
    let lock = home.lock().unwrap();
    assert!(home.is_in_use());
    assert!(matches!(home.lock(), Err(HomeError::Locked(_))));
    drop(lock);
    assert!(!home.is_in_use());
    home.lock().unwrap();
}
