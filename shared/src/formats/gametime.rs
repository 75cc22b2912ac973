//! The round event `gametime-<map>-R<round>-<unix>.json`, as `stats_discord_webhook.lua` writes it at a round's end.
//!
//! A `meta` object holds the round's times, and `payload` the message that the script sent to Discord, whose one
//! embed has named text fields. Here stands what the file says; how far it can be believed is the hub's to judge. A
//! part that is missing or unreadable is none, and the others count.

mod text;

#[cfg(test)]
mod tests;

pub use text::text;

use serde_json::{Map, Value};

use crate::artifact::RoundNumber;
use crate::game::{FullGuid, Side};

/// No event is longer: the script's own are 3 to 6 KB.
const MAX_BYTES: usize = 256 * 1024;
/// The last second with ten digits, as many as the file's name has room for.
const LAST_UNIX: i64 = 9_999_999_999;
/// No count of seconds or pauses comes near this; beyond it a number is forged or broken.
const MOST: i64 = 10_000_000;

/// One round event.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Gametime {
    /// The map as the server spells it.
    pub map: Option<String>,
    /// The half; inverted where the round was cut off.
    pub round: Option<RoundNumber>,
    /// First frame in play, Unix seconds; later than that where the writer's clamp moved it.
    pub start_unix: Option<i64>,
    /// First frame of intermission, Unix seconds.
    pub end_unix: Option<i64>,
    /// Measured seconds of play without pauses.
    pub seconds: Option<i64>,
    /// The round's clock in seconds, rounded.
    pub limit_seconds: Option<i64>,
    /// Pauses that began; one that was open at the end is counted and not measured.
    pub pauses: Option<i64>,
    /// Seconds in pauses that ended.
    pub pause_seconds: Option<i64>,
    /// The side that won; none also where the engine names nobody.
    pub winner: Option<Side>,
    /// The side that defends.
    pub defender: Option<Side>,
    /// Why the round ended, as the script guesses.
    pub reason: EndReason,
    /// The side whose member last called a surrender vote, whether or not it passed.
    pub surrender_side: Option<Side>,
    /// Full GUIDs of those who were there at the end, with their names, sorted and each once.
    pub players: Vec<(FullGuid, String)>,
}

/// Why a round ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum EndReason {
    /// The attackers did it.
    Objective,
    /// A side gave up.
    Surrender,
    /// The clock ran out.
    TimeExpired,
    /// The event does not say, or in words that no known script uses.
    #[default]
    Unknown,
}

impl EndReason {
    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Objective => "objective",
            Self::Surrender => "surrender",
            Self::TimeExpired => "time_expired",
            Self::Unknown => "unknown",
        }
    }
}

/// Why a round event cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GametimeError {
    /// No bytes.
    #[error("the file is empty: the game server opened it and wrote nothing, or its disk was full")]
    Empty,
    /// More bytes than any event has.
    #[error("{0} bytes; a round event has at most 256 KiB")]
    TooLong(usize),
    /// No JSON.
    #[error("no JSON: {0}")]
    Json(String),
    /// JSON without the parts of an event.
    #[error("neither `meta` nor `payload` is there")]
    NoEvent,
}

impl GametimeError {
    /// A short stable name for counters and listings.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLong(_) => "too_long",
            Self::Json(_) => "invalid_json",
            Self::NoEvent => "no_event",
        }
    }
}

/// Reads a round event.
pub fn parse(bytes: &[u8]) -> Result<Gametime, GametimeError> {
    if bytes.is_empty() {
        return Err(GametimeError::Empty);
    }
    if bytes.len() > MAX_BYTES {
        return Err(GametimeError::TooLong(bytes.len()));
    }
    let (text, _) = text(bytes);
    let document: Value = serde_json::from_str(&text).map_err(|error| GametimeError::Json(error.to_string()))?;
    let nothing = Map::new();
    let meta = document.get("meta").and_then(Value::as_object);
    // An old variant has the message as text.
    let inner = document.get("payload").and_then(Value::as_str).and_then(|text| serde_json::from_str(text).ok());
    let payload: Option<&Value> = inner.as_ref().or_else(|| document.get("payload")).filter(|value| value.is_object());
    if meta.is_none() && payload.is_none() {
        return Err(GametimeError::NoEvent);
    }
    let source = Source { meta: meta.unwrap_or(&nothing), fields: payload.map(fields).unwrap_or_default() };
    Ok(source.event())
}

/// The embed's fields, in order.
fn fields(payload: &Value) -> Vec<(&str, &str)> {
    let fields = payload.pointer("/embeds/0/fields").and_then(Value::as_array);
    let fields = fields.into_iter().flatten();
    fields.filter_map(|field| Some((field.get("name")?.as_str()?, field.get("value")?.as_str()?))).collect()
}

struct Source<'a> {
    meta: &'a Map<String, Value>,
    fields: Vec<(&'a str, &'a str)>,
}

impl Source<'_> {
    fn event(&self) -> Gametime {
        let (count, seconds) = self.pauses();
        Gametime {
            map: self.meta.get("map").and_then(Value::as_str).or_else(|| self.field("Map")).map(str::to_owned),
            round: self.number("round", "Round").and_then(RoundNumber::from_number),
            start_unix: self.number("round_start_unix", "Lua_RoundStart").filter(|&unix| is_instant(unix)),
            end_unix: self.number("round_end_unix", "Lua_RoundEnd").filter(|&unix| is_instant(unix)),
            seconds: self.number("actual_duration_seconds", "Lua_Playtime").filter(|&count| is_count(count)),
            limit_seconds: self.field("Lua_Timelimit").and_then(minutes),
            pauses: self.meta_number("pause_count").or(count).filter(|&count| is_count(count)),
            pause_seconds: self.meta_number("pause_seconds").or(seconds).filter(|&count| is_count(count)),
            winner: self.side("Winner"),
            defender: self.side("Defender"),
            reason: match self.field("Lua_EndReason") {
                Some("objective") => EndReason::Objective,
                Some("surrender") => EndReason::Surrender,
                Some("time_expired") => EndReason::TimeExpired,
                _ => EndReason::Unknown,
            },
            surrender_side: self.side("Lua_SurrenderTeam"),
            players: self.players(),
        }
    }

    fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(own, _)| *own == name).map(|(_, value)| *value)
    }

    fn meta_number(&self, key: &str) -> Option<i64> {
        self.meta.get(key).and_then(Value::as_i64)
    }

    /// From the meta object, else the first word of the embed's field.
    fn number(&self, key: &str, field: &str) -> Option<i64> {
        let first_word = |text: &str| text.split(' ').next().and_then(|word| word.parse().ok());
        self.meta_number(key).or_else(|| self.field(field).and_then(first_word))
    }

    fn side(&self, field: &str) -> Option<Side> {
        self.field(field).and_then(|text| text.trim().parse().ok()).and_then(Side::from_number)
    }

    /// `2 (149 sec)`: count and seconds.
    fn pauses(&self) -> (Option<i64>, Option<i64>) {
        let told = self.field("Lua_Pauses").and_then(|text| text.split_once(" ("));
        let Some((count, rest)) = told else { return (None, None) };
        (count.parse().ok(), rest.strip_suffix(" sec)").and_then(|seconds| seconds.parse().ok()))
    }

    fn players(&self) -> Vec<(FullGuid, String)> {
        let rosters = ["Axis_JSON", "Allies_JSON"].into_iter().filter_map(|name| self.field(name));
        let rosters: Vec<Value> = rosters.filter_map(|text| serde_json::from_str(text).ok()).collect();
        let listed = rosters.iter().chain(self.meta.get("spawn_stats"));
        let mut players: Vec<(FullGuid, String)> = listed
            .filter_map(Value::as_array)
            .flatten()
            .filter_map(|one| {
                let guid = FullGuid::from_bytes(one.get("guid")?.as_str()?.as_bytes())?;
                Some((guid, one.get("name").and_then(Value::as_str).unwrap_or_default().to_owned()))
            })
            .collect();
        players.sort();
        players.dedup();
        players
    }
}

fn is_instant(unix: i64) -> bool {
    (1..=LAST_UNIX).contains(&unix)
}

fn is_count(count: i64) -> bool {
    (0..=MOST).contains(&count)
}

/// `6.217 min` or `10 min` in whole seconds, rounded.
fn minutes(text: &str) -> Option<i64> {
    let number = text.strip_suffix(" min")?;
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 6 || !digits(whole) || !digits(fraction) {
        return None;
    }
    let thousandths: i64 = format!("{whole}{fraction:0<3.3}").parse().ok()?;
    Some((thousandths * 60 + 500) / 1000)
}
