//! The values of the configuration, read alike from the file and from the environment.

use std::net::SocketAddr;
use std::str::FromStr;

use jiff::tz::{TimeZone, db};
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, Visitor};

use crate::discord::config::Secret;
use crate::discord::id::NotAnId;
use crate::domain::input::SurrenderScope;
use crate::link::ListenTcp;
use crate::store::{BadUrl, DatabaseUrl};

/// Takes a text from the file; what else stands there is refused without showing it.
macro_rules! from_text {
    ($name:ident, $wanted:literal) => {
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                match Text::deserialize(deserializer)? {
                    Text(Some(text)) => text.parse().map_err(D::Error::custom),
                    Text(None) => Err(D::Error::custom(concat!("here belongs ", $wanted, ", in quotes"))),
                }
            }
        }
    };
}

/// An address to listen on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Address(pub(super) SocketAddr);

impl FromStr for Address {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.parse()
            .map(Self)
            .map_err(|_| format!("`{text}` is not an IP address with a port, as in 127.0.0.1:8080 or [::1]:8080"))
    }
}

from_text!(Address, "an IP address with a port");

/// Where agents are listened for over TCP: an address, or a word for the usual one or for none.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tcp(pub(super) ListenTcp);

impl FromStr for Tcp {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "true" => Ok(Self(ListenTcp::Beside)),
            "false" => Ok(Self(ListenTcp::Off)),
            text => text.parse().map(|address| Self(ListenTcp::At(address))).map_err(|_| {
                format!("`{text}` is neither true, false, nor an IP address with a port, as in 0.0.0.0:27999")
            }),
        }
    }
}

impl<'de> Deserialize<'de> for Tcp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match toml::Value::deserialize(deserializer)? {
            toml::Value::Boolean(on) => on.to_string().parse().map_err(D::Error::custom),
            toml::Value::String(text) => text.parse().map_err(D::Error::custom),
            _ => Err(D::Error::custom("here belongs true, false, or an IP address with a port in quotes")),
        }
    }
}

/// An address to call: `host`, or `host:port`.
#[derive(Debug, Clone)]
pub(super) struct HostPort(pub(super) String);

impl FromStr for HostPort {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (host, port) = split_port(text);
        let bare_v6 = host.contains(':') && !host.starts_with('[');
        let good_port = port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port != 0));
        if host.is_empty() || bare_v6 || !good_port || host.contains(['/', ' ', '@']) {
            return Err(format!(
                "`{text}` is not a host with a port, as in stats.example.org:27999 or [2001:db8::7]:27999"
            ));
        }
        Ok(Self(text.to_owned()))
    }
}

from_text!(HostPort, "a host with a port");

fn split_port(text: &str) -> (&str, Option<&str>) {
    match text.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (text, None),
    }
}

/// `address` with `port` added where it names none.
pub(super) fn with_port(address: &str, port: u16) -> String {
    match split_port(address) {
        (_, Some(_)) => address.to_owned(),
        (host, None) => format!("{host}:{port}"),
    }
}

/// A time zone by its IANA name.
#[derive(Debug, Clone)]
pub(super) struct Zone(pub(super) TimeZone);

impl FromStr for Zone {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.eq_ignore_ascii_case("utc") {
            return Ok(Self(TimeZone::UTC));
        }
        db().get(text).map(Self).map_err(|_| no_zone(text))
    }
}

from_text!(Zone, "a time zone such as Europe/Ljubljana");

fn no_zone(text: &str) -> String {
    let names: Vec<String> = db().available().map(|name| name.as_str().to_owned()).collect();
    if names.is_empty() {
        return format!("the time zone `{text}` is not known, since this machine has no time zones: install tzdata");
    }
    let likeness = |name: &String| strsim::jaro_winkler(&name.to_lowercase(), &text.to_lowercase());
    let nearest = names.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    let hint = match nearest.filter(|name| likeness(name) > 0.8) {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => "it is an IANA name such as Europe/Ljubljana (`timedatectl` on the game server tells it)".to_owned(),
    };
    format!("there is no time zone `{text}`; {hint}")
}

/// What a surrender concedes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scope(pub(super) SurrenderScope);

impl FromStr for Scope {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.to_lowercase().as_str() {
            "round" => Ok(Self(SurrenderScope::Round)),
            "map" => Ok(Self(SurrenderScope::Map)),
            _ => Err(format!("a surrender concedes the `round` or the `map`, not `{text}`")),
        }
    }
}

from_text!(Scope, "`round` or `map`");

/// The key of a server.
#[derive(Debug, Clone)]
pub(super) struct Key(pub(super) String);

impl FromStr for Key {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let allowed = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-');
        if (1..=32).contains(&text.len()) && text.bytes().all(allowed) {
            return Ok(Self(text.to_owned()));
        }
        Err(format!("`{text}` cannot be a server's key: take 1 to 32 of a-z, 0-9, `_` and `-`"))
    }
}

from_text!(Key, "a server's key");

/// A secret. Whatever stands in its place is never shown.
#[derive(Debug, Clone)]
pub(super) struct Tokened(pub(super) Secret);

impl FromStr for Tokened {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Ok(Self(Secret::new(text)))
    }
}

from_text!(Tokened, "the bot's token");

/// Where a database is. Whatever stands in its place may hold a password and is never shown.
#[derive(Debug, Clone)]
pub(super) struct Url(pub(super) DatabaseUrl);

impl FromStr for Url {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.parse().map(Self).map_err(|error: BadUrl| error.to_string())
    }
}

from_text!(Url, "the URL of a database");

/// A whole number above zero.
#[derive(Debug, Clone, Copy)]
pub(super) struct Whole(pub(super) i64);

impl Whole {
    fn new(number: i64) -> Result<Self, String> {
        // A century of hours: far beyond sense, far below overflow.
        if (1..=876_600).contains(&number) {
            return Ok(Self(number));
        }
        Err(format!("{number} is not a whole number from 1 to 876600"))
    }
}

impl FromStr for Whole {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.parse().map_err(|_| format!("`{text}` is not a whole number")).and_then(Self::new)
    }
}

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match toml::Value::deserialize(deserializer)? {
            toml::Value::Integer(number) => Self::new(number).map_err(D::Error::custom),
            _ => Err(D::Error::custom("here belongs a whole number, without quotes")),
        }
    }
}

/// One of Discord's ids in the file: they fit a TOML number, and many people quote them.
pub(super) fn id<'de, D: Deserializer<'de>, T: FromStr<Err = NotAnId>>(deserializer: D) -> Result<Option<T>, D::Error> {
    Id::deserialize(deserializer)?.read().map(Some).map_err(D::Error::custom)
}

/// Several of them.
pub(super) fn ids<'de, D: Deserializer<'de>, T: FromStr<Err = NotAnId>>(
    deserializer: D,
) -> Result<Option<Vec<T>>, D::Error> {
    let ids = Vec::<Id>::deserialize(deserializer)?;
    ids.into_iter().map(Id::read).collect::<Result<_, _>>().map(Some).map_err(D::Error::custom)
}

#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Id {
    Number(u64),
    Text(String),
    Other(IgnoredAny),
}

impl Id {
    fn read<T: FromStr<Err = NotAnId>>(self) -> Result<T, NotAnId> {
        match self {
            Self::Number(number) => number.to_string().parse(),
            Self::Text(text) => text.parse(),
            Self::Other(_) => "".parse(),
        }
    }
}

/// A text, or none where something else stands.
struct Text(Option<String>);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;

        impl Visitor<'_> for TextVisitor {
            type Value = Text;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a text in quotes")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Text, E> {
                Ok(Text(Some(text.to_owned())))
            }

            fn visit_i64<E: Error>(self, _: i64) -> Result<Text, E> {
                Ok(Text(None))
            }

            fn visit_f64<E: Error>(self, _: f64) -> Result<Text, E> {
                Ok(Text(None))
            }

            fn visit_bool<E: Error>(self, _: bool) -> Result<Text, E> {
                Ok(Text(None))
            }
        }

        deserializer.deserialize_any(TextVisitor)
    }
}
