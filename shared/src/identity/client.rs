use std::sync::Arc;

use rustls::ClientConfig;
use rustls::client::WantsClientCert;
use rustls::pki_types::CertificateDer;

use super::{CaPin, CertificateError, PinnedCa, TlsKey};
use crate::wire::{ALPN_JOIN, ALPN_LINK};

/// TLS for an agent that calls its hub: TLS 1.3 with ring, the hub known by `pin`, the agent by its certificate
/// `chain` for `key`. No 0-RTT. Ask for [`super::HUB_NAME`].
pub fn link_client(
    pin: CaPin,
    chain: Vec<CertificateDer<'static>>,
    key: &TlsKey,
) -> Result<ClientConfig, CertificateError> {
    let mut config = pinned(pin)?.with_client_auth_cert(chain, key.to_der()?)?;
    config.alpn_protocols = vec![ALPN_LINK.to_vec()];
    Ok(config)
}

/// TLS for joining: the hub known by the token's `pin`, the caller not at all.
pub fn join_client(pin: CaPin) -> Result<ClientConfig, CertificateError> {
    let mut config = pinned(pin)?.with_no_client_auth();
    config.alpn_protocols = vec![ALPN_JOIN.to_vec()];
    Ok(config)
}

fn pinned(pin: CaPin) -> Result<rustls::ConfigBuilder<ClientConfig, WantsClientCert>, CertificateError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    Ok(ClientConfig::builder_with_provider(provider.clone())
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(PinnedCa::new(pin, provider))))
}
