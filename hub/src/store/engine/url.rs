//! How a server is named.

use std::fmt;
use std::str::FromStr;

use sqlx::ConnectOptions;
use sqlx::postgres::{PgConnectOptions, PgSslMode};

/// Where a PostgreSQL database is and who calls there. Neither `Debug` nor `Display` shows the password.
///
/// What the URL leaves out is looked for where every PostgreSQL client looks: `PGPASSWORD`, `~/.pgpass` and the like.
#[derive(Clone)]
pub struct DatabaseUrl {
    options: PgConnectOptions,
}

/// A text that is no such URL; it is not shown, since it may hold a password.
#[derive(Debug, Clone, thiserror::Error)]
#[error("this is not the URL of a database, as in postgres://user:password@host:5432/database{}", .0)]
pub struct BadUrl(String);

/// A database by its parts, as in operators' environments.
#[derive(Clone, Default)]
#[expect(missing_docs, reason = "each is what its name says")]
pub struct DatabaseParts<'a> {
    pub host: &'a str,
    pub port: u16,
    pub database: &'a str,
    pub user: &'a str,
    pub password: Option<&'a str>,
    pub ssl_mode: Option<&'a str>,
    pub ssl_root_cert: Option<&'a str>,
    pub ssl_cert: Option<&'a str>,
    pub ssl_key: Option<&'a str>,
}

impl DatabaseUrl {
    /// Takes a database by its parts. A host that begins with `/` is the directory of a Unix socket.
    pub fn from_parts(parts: &DatabaseParts<'_>) -> Result<Self, BadUrl> {
        let mut options =
            PgConnectOptions::new().host(parts.host).port(parts.port).username(parts.user).database(parts.database);
        if let Some(password) = parts.password {
            options = options.password(password);
        }
        if let Some(mode) = parts.ssl_mode {
            let mode: PgSslMode = mode.parse().map_err(|_| BadUrl(format!(": `{mode}` is no TLS mode")))?;
            options = options.ssl_mode(mode);
        }
        if let Some(file) = parts.ssl_root_cert {
            options = options.ssl_root_cert(file);
        }
        if let Some(file) = parts.ssl_cert {
            options = options.ssl_client_cert(file);
        }
        if let Some(file) = parts.ssl_key {
            options = options.ssl_client_key(file);
        }
        Ok(Self { options })
    }

    pub(super) fn options(&self) -> PgConnectOptions {
        self.options.clone().application_name("slomix-hub").statement_cache_capacity(256).log_statements(QUIET)
    }
}

/// Statements are told by the store itself.
const QUIET: tracing::log::LevelFilter = tracing::log::LevelFilter::Off;
