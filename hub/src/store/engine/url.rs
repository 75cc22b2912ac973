//! How a server is named.

mod spelt_out;

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use sqlx::postgres::{PgConnectOptions, PgSslMode};

/// Where a PostgreSQL database is and who calls there. Neither `Debug` nor `Display` shows the password.
///
/// What it leaves out is looked for where every PostgreSQL client looks: `PGPASSWORD`, `~/.pgpass` and the like.
#[derive(Clone)]
pub struct DatabaseUrl {
    options: Arc<PgConnectOptions>,
}

/// The parameters that a URL can have: the driver would log any other one together with its value.
const PARAMETERS: [&str; 12] = [
    "sslmode",
    "sslrootcert",
    "sslcert",
    "sslkey",
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "password",
    "application_name",
    "options",
];

/// A text that names no database. It is not shown, since it may hold a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadUrl {
    /// Not a URL of PostgreSQL.
    #[error("this is not the URL of a database, as in postgres://user:password@localhost:5432/slomix{0}")]
    NotAUrl(&'static str),
    /// A parameter behind the `?` that nothing reads. Its value may be a mistyped password, so only the name is told.
    #[error("the database's URL has a parameter that nothing reads: {0}; it can have {known}", known = PARAMETERS.join(", "))]
    Parameter(String),
    /// The TLS mode is none.
    #[error("`{0}` is no TLS mode: take disable, prefer, require, verify-ca or verify-full")]
    SslMode(String),
}

/// A database by its parts.
#[derive(Clone, Default)]
pub struct DatabaseParts<'a> {
    /// A name, an address, or the directory of a Unix socket, which begins with `/`.
    pub host: &'a str,
    /// TCP port, or the number in the socket's name.
    pub port: u16,
    /// The database.
    pub database: &'a str,
    /// The role to be.
    pub user: &'a str,
    /// Its password, if it needs one.
    pub password: Option<&'a str>,
    /// `disable`, `prefer`, `require`, `verify-ca` or `verify-full`.
    pub ssl_mode: Option<&'a str>,
    /// PEM file with the authority that vouches for the server.
    pub ssl_root_cert: Option<&'a str>,
    /// PEM files with the client's own certificate and its key.
    pub ssl_identity: Option<(&'a str, &'a str)>,
}

impl DatabaseUrl {
    /// Takes a database by its parts.
    pub fn from_parts(parts: &DatabaseParts<'_>) -> Result<Self, BadUrl> {
        let mut options =
            PgConnectOptions::new().host(parts.host).port(parts.port).username(parts.user).database(parts.database);
        if let Some(password) = parts.password {
            options = options.password(password);
        }
        if let Some(mode) = parts.ssl_mode {
            options = options.ssl_mode(mode.parse().map_err(|_| BadUrl::SslMode(mode.to_owned()))?);
        }
        if let Some(file) = parts.ssl_root_cert {
            options = options.ssl_root_cert(file);
        }
        if let Some((cert, key)) = parts.ssl_identity {
            options = options.ssl_client_cert(cert).ssl_client_key(key);
        }
        Ok(Self { options: Arc::new(options) })
    }

    pub(super) fn options(&self) -> PgConnectOptions {
        PgConnectOptions::clone(&self.options).application_name("slomix-hub").statement_cache_capacity(256)
    }

    /// The database's own name; by PostgreSQL's custom that of the user where nothing else is said.
    pub(super) fn database(&self) -> &str {
        self.options.get_database().unwrap_or(self.options.get_username())
    }

    pub(super) fn user(&self) -> &str {
        self.options.get_username()
    }

    pub(super) fn wants_tls(&self) -> bool {
        !matches!(self.options.get_ssl_mode(), PgSslMode::Disable | PgSslMode::Allow | PgSslMode::Prefer)
    }
}

impl FromStr for DatabaseUrl {
    type Err = BadUrl;

    fn from_str(text: &str) -> Result<Self, BadUrl> {
        let text = text.trim();
        if !["postgres://", "postgresql://"].iter().any(|scheme| text.starts_with(scheme)) {
            return Err(BadUrl::NotAUrl(""));
        }
        let parameters = text.split_once('?').map_or("", |(_, parameters)| parameters);
        for parameter in parameters.split('&').filter(|parameter| !parameter.is_empty()) {
            let name = parameter.split('=').next().unwrap_or_default();
            if !PARAMETERS.contains(&name) {
                return Err(BadUrl::Parameter(name.chars().take(32).collect()));
            }
        }
        let hint = ": write what is special in a user's name or a password as %40 for @, %3A for :, %2F for /";
        let url = spelt_out::spelt_out(text).ok_or(BadUrl::NotAUrl(hint))?;
        url.parse().map(|options| Self { options: Arc::new(options) }).map_err(|_| BadUrl::NotAUrl(hint))
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = match self.options.get_socket() {
            Some(socket) => socket.display().to_string(),
            None => self.options.get_host().to_owned(),
        };
        write!(f, "postgres://{}@{host}:{}/{}", self.user(), self.options.get_port(), self.database())
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        let url: DatabaseUrl = "postgres://stats:h%40sh@db.example.org/slomix?sslmode=require".parse().unwrap();
        assert_eq!(url.to_string(), "postgres://stats@db.example.org:5432/slomix");
        assert_eq!(format!("{url:?}"), "DatabaseUrl(postgres://stats@db.example.org:5432/slomix)");
        assert!(url.wants_tls());
        for bad in ["mysql://u:hush@h/d", "hush", "postgres://u:hush@h:port/d", "postgres://u:hu/sh@h/d"] {
            let said = bad.parse::<DatabaseUrl>().unwrap_err().to_string();
            assert!(said.contains("not the URL of a database") && !said.contains(bad), "{said}");
        }
    }

    #[test]
    fn a_parameter_that_nothing_reads_is_refused_by_its_name() {
        let refused = "postgres://u@h/d?sslmode=require&passwrod=hush".parse::<DatabaseUrl>().unwrap_err();
        assert_eq!(refused, BadUrl::Parameter("passwrod".to_owned()));
        assert!(!refused.to_string().contains("hush"), "{refused}");
    }

    #[test]
    fn sockets_and_hosts_are_found_where_libpq_finds_them() {
        let (at_socket, at_host) = ("postgres://u@/var/run/postgresql:5432/d", "postgres://u@db.example.org:5432/d");
        for (url, place) in [
            ("postgres:///d?host=/var/run/postgresql&user=u", at_socket),
            ("postgresql:///d?user=u&host=%2Fvar%2Frun%2fpostgresql", at_socket),
            ("postgres://u@/d?host=/var/run/postgresql", at_socket),
            ("postgres://u:hush@/d?host=/var/run/postgresql", at_socket),
            ("postgres://u@%2Fvar%2Frun%2Fpostgresql/d", at_socket),
            ("postgres://u@%2fvar%2frun%2fpostgresql:5432/d", at_socket),
            ("postgres://u@elsewhere/d?host=/var/run/postgresql", at_socket),
            ("postgres://u@%2Ftmp/d?host=/var/run/postgresql", at_socket),
            ("postgres://u@/?host=/var/run/postgresql&dbname=d", at_socket),
            ("postgres://u@%2Fvar%2Frun%2Fpostgresql/d?host=db.example.org", at_host),
            ("postgres://u@/d?host=db.example.org", at_host),
            ("postgres://u@:5432/d?host=db.example.org", at_host),
            ("postgres://u@db.example.org/d?host=", at_host),
            ("postgres://u@:5433/d?host=/run/pg", "postgres://u@/run/pg:5433/d"),
            ("postgres://u@/d?host=/run/pg&port=5433", "postgres://u@/run/pg:5433/d"),
            ("postgres://u@[::1]:5433/d", "postgres://u@[::1]:5433/d"),
        ] {
            assert_eq!(url.parse::<DatabaseUrl>().unwrap().to_string(), place, "{url}");
        }
        let nowhere = "postgres://u@/d".parse::<DatabaseUrl>().unwrap();
        assert_eq!(
            nowhere.options.get_host(),
            PgConnectOptions::new_without_pgpass().get_host(),
            "as for every client"
        );
    }

    #[test]
    fn a_plus_is_a_plus_and_a_slash_in_a_password_is_told_of() {
        let url: DatabaseUrl = "postgres:///d?user=a+b%2Bc&host=/run/pg".parse().unwrap();
        assert_eq!(url.user(), "a+b+c");
        let refused = "postgres://u:12/sh@h/d".parse::<DatabaseUrl>().unwrap_err();
        assert!(matches!(refused, BadUrl::NotAUrl(hint) if !hint.is_empty()), "{refused}");
    }

    #[test]
    fn parts_name_the_same_as_a_url() {
        let parts =
            DatabaseParts { host: "10.0.0.7", port: 5433, database: "d", user: "u", ..DatabaseParts::default() };
        assert_eq!(DatabaseUrl::from_parts(&parts).unwrap().to_string(), "postgres://u@10.0.0.7:5433/d");
        let parts = DatabaseParts { host: "/run/postgresql", ..parts };
        let socket = DatabaseUrl::from_parts(&parts).unwrap().to_string();
        assert_eq!(socket, "postgres://u@/run/postgresql:5433/d");
        let parts = DatabaseParts { ssl_mode: Some("sometimes"), ..parts };
        assert_eq!(DatabaseUrl::from_parts(&parts).unwrap_err(), BadUrl::SslMode("sometimes".to_owned()));
    }
}
