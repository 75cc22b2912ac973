use rustls::pki_types::CertificateDer;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::FromDer;

use super::{AgentId, KeyError};

/// Every agent's certificate names it as `slomix://agent/<id>`.
pub(super) const AGENT_URI: &str = "slomix://agent/";

/// A certificate could not be made, read or trusted.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// The bytes are no certificate.
    #[error("this is not an X.509 certificate")]
    Malformed,
    /// The text holds no certificate.
    #[error("this text holds no PEM certificate (`BEGIN CERTIFICATE`)")]
    Pem,
    /// The certificate does not name exactly one agent.
    #[error("the certificate does not name one agent as {AGENT_URI}<id>")]
    NoAgent,
    /// A certificate was made for another key than the one beside it.
    #[error("the certificate does not belong to the key beside it")]
    OtherKey,
    /// A chain without the authority behind the leaf.
    #[error("the authority's certificate is missing behind the first one")]
    NoAuthority,
    /// The authority's certificate and key are not a pair.
    #[error("the authority's certificate does not belong to its key")]
    NotAPair,
    /// A key could not be used.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The signing request is malformed, or is not signed by the key it names.
    #[error("the certificate signing request is malformed or not signed by its own key")]
    Request(#[source] rcgen::Error),
    /// The time lies outside what a certificate can say.
    #[error("{0} ms is no time that a certificate can hold; check the clock")]
    Time(i64),
    /// rcgen could not make the certificate or the request.
    #[error("the certificate could not be made")]
    Make(#[source] rcgen::Error),
    /// rustls did not accept certificate, key or protocol settings.
    #[error("TLS did not accept the certificate or its key")]
    Tls(#[from] rustls::Error),
}

fn parse(der: &[u8]) -> Result<X509Certificate<'_>, CertificateError> {
    match X509Certificate::from_der(der) {
        Ok(([], certificate)) => Ok(certificate),
        _ => Err(CertificateError::Malformed),
    }
}

/// The agent that a certificate names. Says nothing about who signed it.
pub fn agent_of(der: &[u8]) -> Result<AgentId, CertificateError> {
    let certificate = parse(der)?;
    let names = certificate.subject_alternative_name().map_err(|_| CertificateError::Malformed)?;
    let mut ids = names.iter().flat_map(|names| &names.value.general_names).filter_map(|name| match name {
        GeneralName::URI(uri) => uri.strip_prefix(AGENT_URI)?.parse().ok(),
        _ => None,
    });
    match (ids.next(), ids.next()) {
        (Some(id), None) => Ok(id),
        _ => Err(CertificateError::NoAgent),
    }
}

/// The first instant at which a certificate holds, Unix milliseconds.
pub fn not_before_ms(der: &[u8]) -> Result<i64, CertificateError> {
    Ok(parse(der)?.validity().not_before.timestamp().saturating_mul(1_000))
}

/// The last instant at which a certificate holds, Unix milliseconds.
pub fn not_after_ms(der: &[u8]) -> Result<i64, CertificateError> {
    Ok(parse(der)?.validity().not_after.timestamp().saturating_mul(1_000))
}

/// A chain as PEM text, in the order given.
pub fn certificates_to_pem<'a>(chain: impl IntoIterator<Item = &'a CertificateDer<'static>>) -> String {
    let config = pem::EncodeConfig::new().set_line_ending(pem::LineEnding::LF);
    chain.into_iter().map(|der| pem::encode_config(&pem::Pem::new("CERTIFICATE", der.to_vec()), config)).collect()
}

/// The certificates in a PEM text, in its order; at least one.
pub fn certificates_from_pem(text: &str) -> Result<Vec<CertificateDer<'static>>, CertificateError> {
    let blocks = pem::parse_many(text).map_err(|_| CertificateError::Pem)?;
    let chain: Vec<_> = blocks
        .into_iter()
        .filter(|block| block.tag() == "CERTIFICATE")
        .map(|block| CertificateDer::from(block.into_contents()))
        .collect();
    if chain.is_empty() { Err(CertificateError::Pem) } else { Ok(chain) }
}
