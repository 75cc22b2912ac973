//! What a decision is about, in words that people know.

use serde_json::{Map, Value, json};

use crate::domain::decisions::{Correction, RoundKey};
use crate::reports::handle;
use crate::store::decisions::{ACCEPT, DecisionRow};
use crate::store::{Store, StoreError};

/// The round and the players that a decision names.
#[derive(Debug, Clone, Default)]
pub(super) struct About {
    round: Option<Round>,
    /// Key and current name, in the order of the sentence; none for whom no round stands under that key.
    players: Vec<(String, Option<String>)>,
}

/// A round as it stands.
#[derive(Debug, Clone)]
struct Round {
    /// What the decision names.
    named: RoundKey,
    /// What that is now, where it is there: a copy is the round of the file that it is a copy of.
    now: Option<(RoundKey, String)>,
}

impl About {
    pub(super) async fn read(store: &Store, correction: &Correction) -> Result<Self, StoreError> {
        let named = match correction {
            Correction::Pin { server, file, .. } => RoundKey::of_file(server, file),
            _ => correction.round().cloned(),
        };
        let round = match named {
            Some(named) => Some(Round::read(store, named).await?),
            None => None,
        };
        let keys = match correction {
            Correction::Side { player, .. } | Correction::Team { player, .. } => vec![player],
            Correction::Merge { player, into } => vec![player, into],
            Correction::Split { guid, .. } => vec![guid],
            _ => Vec::new(),
        };
        let mut players = Vec::with_capacity(keys.len());
        for key in keys {
            let player = store.player_of_key(key).await?.filter(|player| player.key == *key);
            players.push((key.clone(), player.map(|player| player.name).filter(|name| !name.is_empty())));
        }
        Ok(Self { round, players })
    }

    /// What a correction says, with names beside keys and a handle for the round.
    pub(super) fn say(&self, correction: &Correction) -> String {
        let mut said = correction.to_string();
        let mut from = 0;
        for (key, name) in &self.players {
            let Some(at) = said[from..].find(key.as_str()).map(|at| from + at) else { continue };
            let shown = name.as_ref().map_or_else(|| key.clone(), |name| format!("{name} ({key})"));
            said.replace_range(at..at + key.len(), &shown);
            // What was put in is not taken for the next key.
            from = at + shown.len();
        }
        match (&self.round, correction) {
            (Some(round), Correction::Pin { server, file, .. }) => {
                let file = format!("{server}/{file}");
                said.replacen(&file, &format!("{file} ({})", round.short()), 1)
            }
            (Some(round), _) => said.replacen(&round.named.to_string(), &round.words(), 1),
            (None, _) => said,
        }
    }

    /// The round, as people call it; empty where there is none.
    pub(super) fn round(&self) -> String {
        self.round.as_ref().map(Round::words).unwrap_or_default()
    }

    /// `round` and `players`, for programs.
    pub(super) fn json(&self) -> Map<String, Value> {
        let players = self.players.iter().map(|(key, name)| json!({ "key": key, "name": name })).collect();
        let round = self.round.as_ref().map_or(Value::Null, Round::json);
        [("round".to_owned(), round), ("players".to_owned(), Value::Array(players))].into_iter().collect()
    }
}

impl Round {
    async fn read(store: &Store, named: RoundKey) -> Result<Self, StoreError> {
        let now = match store.round_of_key(&named).await? {
            Some(row) => {
                let key = RoundKey::of_file(&row.server, &row.file).unwrap_or_else(|| named.clone());
                Some((key, handle::of_round(store, &row).await?))
            }
            None => None,
        };
        Ok(Self { named, now })
    }

    fn words(&self) -> String {
        match &self.now {
            Some((key, handle)) => format!("{handle} ({})", key.words()),
            None => format!("{} ({}, not there now)", self.named, self.named.words()),
        }
    }

    /// Beside a file's name, which tells map and time.
    fn short(&self) -> String {
        match &self.now {
            Some((key, handle)) => format!("{handle}, {} R{}", key.map, key.number.number()),
            None => "no round now".to_owned(),
        }
    }

    fn json(&self) -> Value {
        let key = self.now.as_ref().map_or(&self.named, |(key, _)| key);
        json!({
            "key": self.named.to_string(),
            "key_now": self.now.as_ref().map(|(key, _)| key.to_string()),
            "handle": self.now.as_ref().map(|(_, handle)| handle),
            "date": key.stamp.date().to_string(),
            "time": key.stamp.civil().strftime("%H:%M:%S").to_string(),
            "map": key.map,
            "half": key.number.number(),
        })
    }
}

/// What a decision says, in a sentence and for programs. An artifact is told by its file's name.
pub(in crate::cli) async fn said(store: &Store, row: &DecisionRow) -> Result<(String, Map<String, Value>), StoreError> {
    if let Some(correction) = row.correction() {
        let about = About::read(store, &correction).await?;
        return Ok((about.say(&correction), about.json()));
    }
    let file = match row.target.parse() {
        Ok(artifact) => store.file_of(artifact).await?,
        Err(_) => None,
    };
    let more = [("file".to_owned(), json!(file))].into_iter().collect();
    let target = file.unwrap_or_else(|| row.target.clone());
    let said = match row.kind.as_str() {
        ACCEPT => format!("{target} is taken although the agent's rules refuse it"),
        kind => format!("{kind} {target} {}", row.value).trim_end().to_owned(),
    };
    Ok((said, more))
}
