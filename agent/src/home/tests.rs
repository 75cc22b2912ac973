use slomix_shared::identity::{AgentId, Authority, SigningKey, TlsKey};

use super::*;

fn identity() -> Identity {
    let authority = Authority::create(TlsKey::from_seed(&[1; 32]), 1_800_000_000_000).unwrap();
    let (agent, tls_key) = (AgentId::from_bytes([4; 16]), TlsKey::from_seed(&[3; 32]));
    let request = tls_key.signing_request().unwrap();
    Identity {
        enrolment: Enrolment {
            agent,
            name: "vps1".to_owned(),
            server: "main".to_owned(),
            hub: "127.0.0.1:27999".to_owned(),
            joined_at_ms: 1_800_000_000_000,
        },
        signing_key: SigningKey::from_seed(&[2; 32]),
        chain: authority.issue_agent(&request, agent, 1_800_000_000_000).unwrap(),
        tls_key,
        pin: authority.pin(),
    }
}

#[test]
fn what_joining_gave_is_kept_closed_to_others() {
    let top = tempfile::tempdir().unwrap();
    let home = Home::at(&top.path().join("data"));
    let _lock = home.lock().unwrap();
    assert!(matches!(home.identity(), Err(HomeError::NotJoined(_))));
    home.enrol(&identity()).unwrap();
    let read = home.identity().unwrap();
    assert_eq!((read.enrolment, read.pin, read.chain), (identity().enrolment, identity().pin, identity().chain));
    assert_eq!(read.signing_key.verifying_key(), identity().signing_key.verifying_key());

    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(home.path()), 0o700);
    for name in ["signing.key", "tls.key", "tls.pem", "enrolment.toml", "agent.lock"] {
        assert_eq!(mode(&home.path().join(name)), 0o600, "{name}");
    }
}

#[test]
fn a_key_that_others_may_read_is_refused() {
    let top = tempfile::tempdir().unwrap();
    let home = Home::at(top.path());
    home.enrol(&identity()).unwrap();
    let key = top.path().join("tls.key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o640)).unwrap();
    assert!(matches!(home.identity(), Err(HomeError::Exposed { mode: 0o640, .. })));
}

#[test]
fn a_broken_file_says_which() {
    let top = tempfile::tempdir().unwrap();
    let home = Home::at(top.path());
    home.enrol(&identity()).unwrap();
    fs::write(top.path().join("tls.pem"), "nothing").unwrap();
    assert!(home.identity().unwrap_err().to_string().contains("tls.pem"));
}

#[test]
fn one_process_at_a_time() {
    let top = tempfile::tempdir().unwrap();
    let home = Home::at(top.path());
    assert!(!home.is_in_use());
    let lock = home.lock().unwrap();
    assert!(home.is_in_use());
    assert!(matches!(home.lock(), Err(HomeError::Locked(_))));
    drop(lock);
    assert!(!home.is_in_use());
    home.lock().unwrap();
}
