//! Authority, certificates and pin together.

use std::sync::Arc;
use std::time::Duration;

use rustls::client::danger::ServerCertVerifier;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};

use super::*;

const NOW_MS: i64 = 1_794_253_837_000;
const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

fn authority(seed: u8) -> Authority {
    Authority::create(TlsKey::from_seed(&[seed; 32]), NOW_MS).unwrap()
}

fn hub_chain(authority: &Authority) -> Vec<CertificateDer<'static>> {
    authority.issue_hub(&TlsKey::from_seed(&[9; 32]), NOW_MS).unwrap()
}

fn trusts(pin: CaPin, chain: &[CertificateDer<'_>], name: &'static str, at_ms: i64) -> Result<(), rustls::Error> {
    let verifier = PinnedCa::new(pin, Arc::new(rustls::crypto::ring::default_provider()));
    let at = UnixTime::since_unix_epoch(Duration::from_millis(at_ms as u64));
    let name = ServerName::try_from(name).unwrap();
    verifier.verify_server_cert(&chain[0], &chain[1..], &name, &[], at).map(|_| ())
}

#[test]
fn the_pinned_authority_is_trusted_and_no_other() {
    let (ours, theirs) = (authority(1), authority(2));
    let chain = hub_chain(&ours);
    assert_eq!(trusts(ours.pin(), &chain, HUB_NAME, NOW_MS), Ok(()));
    assert!(trusts(theirs.pin(), &chain, HUB_NAME, NOW_MS).is_err());
    assert!(trusts(ours.pin(), &chain[..1], HUB_NAME, NOW_MS).is_err(), "without the authority's certificate");
    assert!(trusts(ours.pin(), &chain, "other.slomix", NOW_MS).is_err());

    // A stranger may send our authority's certificate along, but has no leaf that it signed.
    let forged = [hub_chain(&theirs)[0].clone(), ours.certificate().clone()];
    assert!(trusts(ours.pin(), &forged, HUB_NAME, NOW_MS).is_err());
}

#[test]
fn a_slow_clock_is_no_fault_and_an_agent_is_no_hub() {
    let ours = authority(1);
    let later = ours.issue_hub(&TlsKey::from_seed(&[9; 32]), NOW_MS + 100 * DAY_MS).unwrap();
    assert_eq!(trusts(ours.pin(), &later, HUB_NAME, NOW_MS - HOUR_MS), Ok(()));
    assert!(trusts(ours.pin(), &later, HUB_NAME, NOW_MS - 2 * HOUR_MS).is_err());

    let request = TlsKey::from_seed(&[3; 32]).signing_request().unwrap();
    let agent = ours.issue_agent(&request, AgentId::from_bytes([4; 16]), NOW_MS, AGENT_CERTIFICATE_LIFE).unwrap();
    assert!(trusts(ours.pin(), &agent, HUB_NAME, NOW_MS).is_err());
}

#[test]
fn an_agents_certificate_names_it_and_holds_for_its_term() {
    let id = AgentId::from_bytes([4; 16]);
    let request = TlsKey::from_seed(&[3; 32]).signing_request().unwrap();
    let chain = authority(1).issue_agent(&request, id, NOW_MS, AGENT_CERTIFICATE_LIFE).unwrap();
    assert_eq!(agent_of(&chain[0]).unwrap(), id);
    assert_eq!(not_before_ms(&chain[0]).unwrap(), NOW_MS - HOUR_MS);
    assert_eq!(not_after_ms(&chain[0]).unwrap(), NOW_MS + 7 * DAY_MS);
    assert!(matches!(agent_of(&chain[1]), Err(CertificateError::NoAgent)));
    assert!(matches!(agent_of(b"no certificate"), Err(CertificateError::Malformed)));
}

#[test]
fn a_request_that_its_key_did_not_sign_gets_nothing() {
    let mut request = TlsKey::from_seed(&[3; 32]).signing_request().unwrap();
    let last = request.len() - 1;
    request[last] ^= 1;
    let refused = authority(1).issue_agent(&request, AgentId::from_bytes([4; 16]), NOW_MS, AGENT_CERTIFICATE_LIFE);
    assert!(matches!(refused, Err(CertificateError::Request(_))));
    let refused = authority(1).issue_agent(b"hello", AgentId::from_bytes([4; 16]), NOW_MS, AGENT_CERTIFICATE_LIFE);
    assert!(matches!(refused, Err(CertificateError::Request(_))));
}

#[test]
fn a_request_cannot_choose_its_own_name_or_make_an_authority() {
    let mut params = rcgen::CertificateParams::new(["hub.slomix".to_owned()]).unwrap();
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let request = params.serialize_request(&TlsKey::from_seed(&[3; 32]).pair().unwrap()).unwrap();
    let id = AgentId::from_bytes([4; 16]);
    let ours = authority(1);
    let chain = ours.issue_agent(request.der(), id, NOW_MS, AGENT_CERTIFICATE_LIFE).unwrap();
    assert_eq!(agent_of(&chain[0]).unwrap(), id);
    assert!(trusts(ours.pin(), &chain, HUB_NAME, NOW_MS).is_err());
}

#[test]
fn the_authority_comes_back_from_its_texts_and_only_as_a_pair() {
    let made = authority(1);
    let read = Authority::from_pem(&made.certificate_pem(), &made.key_pem().unwrap()).unwrap();
    assert_eq!(read.pin(), made.pin());
    assert_eq!(trusts(made.pin(), &hub_chain(&read), HUB_NAME, NOW_MS), Ok(()));
    let other = authority(2).key_pem().unwrap();
    assert!(matches!(Authority::from_pem(&made.certificate_pem(), &other), Err(CertificateError::NotAPair)));
    assert!(matches!(Authority::from_pem("nothing", &other), Err(CertificateError::Pem)));
}

#[test]
fn chains_come_back_from_pem() {
    let chain = hub_chain(&authority(1));
    let text = certificates_to_pem(&chain);
    assert_eq!(certificates_from_pem(&text).unwrap(), chain);
}

#[test]
fn two_certificates_for_one_key_have_their_own_serial_numbers() {
    let ours = authority(1);
    let request = TlsKey::from_seed(&[3; 32]).signing_request().unwrap();
    let serial = |now| {
        let chain = ours.issue_agent(&request, AgentId::from_bytes([4; 16]), now, AGENT_CERTIFICATE_LIFE).unwrap();
        x509_parser::parse_x509_certificate(&chain[0]).unwrap().1.raw_serial().to_vec()
    };
    assert_ne!(serial(NOW_MS), serial(NOW_MS + 1));
    assert_eq!(serial(NOW_MS).len(), 16);
}

#[test]
fn client_settings_are_accepted() {
    let ours = authority(1);
    let key = TlsKey::from_seed(&[3; 32]);
    let request = key.signing_request().unwrap();
    let chain = ours.issue_agent(&request, AgentId::from_bytes([4; 16]), NOW_MS, AGENT_CERTIFICATE_LIFE).unwrap();
    assert!(!link_client(ours.pin(), chain.clone(), &key).unwrap().enable_early_data);
    assert!(join_client(ours.pin()).is_ok());
    let other = TlsKey::from_seed(&[5; 32]);
    assert!(matches!(link_client(ours.pin(), chain, &other), Err(CertificateError::Tls(_))));
}
