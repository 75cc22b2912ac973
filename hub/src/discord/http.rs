//! The HTTP client that serenity's calls go through.
//!
//! serenity's own rate limiter stays on in every case. Its `proxy` setting is of no use for pointing the hub
//! elsewhere: with the limiter on it is ignored. So `discord.com` is resolved to another address, and the authority
//! that vouches for that address is trusted.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use serenity::http::{Http, HttpBuilder};

use super::config::DiscordSettings;

/// The HTTP client could not be made; Discord stays off until the config is mended.
#[derive(Debug, thiserror::Error)]
pub(super) enum HttpSetupError {
    /// The authority's file cannot be read.
    #[error("api_ca_file {path} cannot be read ({source}): give the path of a PEM file that the hub may read")]
    ReadCa {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The authority's file holds no certificate.
    #[error("api_ca_file {path} holds no certificate: give a PEM file with the authority's certificate")]
    NoCa {
        /// The file.
        path: PathBuf,
    },
    /// TLS could not be set up.
    #[error("the HTTPS client for Discord could not be made ({0})")]
    Client(#[source] reqwest::Error),
}

/// Makes serenity's HTTP side from the settings. Reads `api_ca_file`.
pub(super) fn connect(settings: &DiscordSettings) -> Result<Http, HttpSetupError> {
    let mut client = reqwest::Client::builder()
        .use_rustls_tls()
        .connect_timeout(settings.request_timeout.min(Duration::from_secs(5)))
        .timeout(settings.request_timeout)
        // A round ends every ten minutes or so: a warm connection saves the post its handshakes.
        .pool_idle_timeout(Duration::from_mins(15))
        .tcp_keepalive(Duration::from_mins(1));
    if let Some(address) = settings.api_address {
        client = client.no_proxy().resolve("discord.com", address);
    }
    if let Some(path) = &settings.api_ca_file {
        let pem = fs::read(path).map_err(|source| HttpSetupError::ReadCa { path: path.clone(), source })?;
        // the parser takes a file without any certificate for an empty list
        let authorities = reqwest::Certificate::from_pem_bundle(&pem).unwrap_or_default();
        if authorities.is_empty() {
            return Err(HttpSetupError::NoCa { path: path.clone() });
        }
        client = authorities
            .into_iter()
            .fold(client.tls_built_in_root_certs(false), reqwest::ClientBuilder::add_root_certificate);
    }
    let client = client.build().map_err(HttpSetupError::Client)?;
    Ok(HttpBuilder::new(settings.token.expose()).client(client).build())
}
