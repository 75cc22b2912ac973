//! What the other side shows of itself: certificates, signing requests and keys, binary and as text.
#![no_main]

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use rustls::client::danger::ServerCertVerifier;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use slomix_fuzz::bounded;
use slomix_shared::identity::{
    AGENT_CERTIFICATE_LIFE, AgentId, Authority, CaPin, HUB_NAME, PinnedCa, SigningKey, TlsKey, TlsPair, VerifyingKey,
    agent_of, certificates_from_pem, certificates_to_pem, not_after_ms, not_before_ms,
};

/// A name in a certificate is two bytes and becomes a value of sixty.
const TIMES: usize = 96;
const NOW_MS: i64 = 1_794_253_837_000;

static AUTHORITY: LazyLock<Authority> =
    LazyLock::new(|| Authority::create(TlsKey::from_seed(&[1; 32]), NOW_MS).expect("an authority"));

fuzz_target!(|bytes: &[u8]| {
    LazyLock::force(&AUTHORITY);
    let _ = bounded(bytes.len(), TIMES, || agent_of(bytes));
    let _ = bounded(bytes.len(), TIMES, || (not_before_ms(bytes), not_after_ms(bytes)));
    let der = CertificateDer::from(bytes);
    let _ = bounded(bytes.len(), TIMES, || CaPin::of_certificate(&der));
    let _ = bounded(bytes.len(), TIMES, || {
        AUTHORITY.issue_agent(bytes, AgentId::from_bytes([4; 16]), NOW_MS, AGENT_CERTIFICATE_LIFE)
    });

    // A stranger's certificate, with our authority's beside it: trusted only if our authority signed it.
    let verifier = PinnedCa::new(AUTHORITY.pin(), Arc::new(rustls::crypto::ring::default_provider()));
    let name = ServerName::try_from(HUB_NAME).expect("a name");
    let at = UnixTime::since_unix_epoch(Duration::from_millis(NOW_MS as u64));
    let chain = [AUTHORITY.certificate().clone()];
    let trusted = bounded(bytes.len(), TIMES, || verifier.verify_server_cert(&der, &chain, &name, &[], at));
    assert!(trusted.is_err());

    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(chain) = bounded(text.len(), TIMES, || certificates_from_pem(text)) {
        assert_eq!(certificates_from_pem(&certificates_to_pem(&chain)).expect("what was written"), chain);
    }
    let _ = bounded(text.len(), TIMES, || SigningKey::from_pem(text));
    let _ = bounded(text.len(), TIMES, || TlsKey::from_pem(text));
    let _ = bounded(text.len(), TIMES, || TlsPair::from_pem(text));
    if let Ok(key) = bounded(text.len(), TIMES, || VerifyingKey::from_pem(text)) {
        let text = key.to_pem().expect("a key has a form");
        assert_eq!(VerifyingKey::from_pem(&text).expect("what was written"), key);
    }
});
