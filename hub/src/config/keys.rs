//! Keys that mean nothing, with the line and the key that was probably meant.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::ConfigError;
use super::file::Place;

/// Each section with its keys; the first is the file itself.
pub(super) const SECTIONS: &[(&str, &[&str])] = &[
    ("", &["server", "database", "link", "http", "admin", "discord", "announce", "sessions"]),
    ("server", &["key", "name", "zone", "channel"]),
    ("database", &["url", "url_file"]),
    ("link", &["listen", "tcp", "public_address"]),
    ("http", &["listen"]),
    ("admin", &["listen"]),
    (
        "discord",
        &[
            "token",
            "token_file",
            "channel",
            "command_channels",
            "admin_channels",
            "owner",
            "admin_roles",
            "moderator_roles",
            "api_address",
            "api_ca_file",
        ],
    ),
    ("announce", &["hours", "maps", "digests"]),
    ("sessions", &["gap_minutes", "match_window_minutes", "filler_maps", "surrender_scope"]),
];

/// Spelled this much alike (0 to 1), a key is offered instead of another.
const ALIKE: f64 = 0.6;

/// Refuses the first key that no section knows.
pub(super) fn check(file: &DeTable<'_>, place: &Place<'_>) -> Result<(), ConfigError> {
    check_section("", file, place)?;
    for (section, value) in file {
        let tables: Vec<&DeTable<'_>> = match value.get_ref() {
            DeValue::Table(table) => vec![table],
            DeValue::Array(array) => array.iter().filter_map(|value| value.get_ref().as_table()).collect(),
            _ => Vec::new(),
        };
        for table in tables {
            check_section(section.get_ref(), table, place)?;
        }
    }
    Ok(())
}

fn check_section(section: &str, table: &DeTable<'_>, place: &Place<'_>) -> Result<(), ConfigError> {
    let known = known(section);
    match table.keys().find(|key| !known.contains(&key.get_ref().as_ref())) {
        Some(key) => Err(unknown(section, key, known, place)),
        None => Ok(()),
    }
}

fn known(section: &str) -> &'static [&'static str] {
    SECTIONS.iter().find(|(name, _)| *name == section).map_or(&[], |(_, keys)| keys)
}

fn unknown(
    section: &str,
    key: &Spanned<std::borrow::Cow<'_, str>>,
    known: &[&'static str],
    place: &Place<'_>,
) -> ConfigError {
    let text = key.get_ref().to_string();
    let likeness = |candidate: &str| strsim::jaro_winkler(candidate, &text);
    let nearest = known.iter().copied().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    let section = match section {
        "" => "the configuration file".to_owned(),
        "server" => "[[server]]".to_owned(),
        section => format!("[{section}]"),
    };
    ConfigError::UnknownKey {
        place: place.of(key.span().start),
        nearest: nearest.filter(|nearest| likeness(nearest) > ALIKE).map(str::to_owned),
        key: text,
        section,
        known: known.to_vec(),
    }
}
