//! What a decision changed, in words and numbers that people know.

use serde_json::json;

use crate::cli::Place;
use crate::cli::paint::{GOOD, QUIET, painted};
use crate::domain::decisions::Correction;
use crate::reports::handle;
use crate::reports::session::{SessionReport, verdict};
use crate::reports::words::plural;
use crate::serve::admin::Corrected;
use crate::store::decisions::DecisionRow;
use crate::store::read::RoundRow;
use crate::store::{Store, StoreError};

/// How things stand around a decision.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Standing {
    /// The round that it names, as people call it.
    round: String,
    /// The session, as people call it.
    session: String,
    /// The score of each pair of teams in it.
    scores: Vec<(i64, i64)>,
    /// What the round's map came to.
    map: Option<(String, String)>,
}

impl Standing {
    pub(super) async fn read(store: &Store, correction: &Correction) -> Result<Self, StoreError> {
        let round = match correction {
            Correction::Pin { file, .. } => store.round_of_file(file).await?,
            _ => match correction.round().and_then(crate::domain::decisions::RoundKey::id) {
                Some(id) => store.round(id).await?,
                None => None,
            },
        };
        let Some(round) = round else { return Ok(Self::default()) };
        let Some(session) = store.session(round.session).await? else { return Ok(Self::default()) };
        let report = SessionReport::read(store, session).await?;
        let play = report.epochs.iter().flat_map(|epoch| &epoch.plays).find(|play| Some(play.id) == round.map_play);
        Ok(Self {
            round: round_words(store, &round).await?,
            session: report.handle.clone(),
            scores: report.epochs.iter().map(crate::reports::session::EpochReport::score).collect(),
            map: play.map(|play| (play.map.clone(), verdict(play))),
        })
    }

    fn score(&self) -> String {
        let scores: Vec<String> = self.scores.iter().map(|(a, b)| format!("{a}-{b}")).collect();
        scores.join(", then ")
    }
}

async fn round_words(store: &Store, round: &RoundRow) -> Result<String, StoreError> {
    Ok(format!("{} ({} R{})", handle::of_round(store, round).await?, round.map, round.number))
}

/// What a decision says. An artifact is told by its file's name.
pub(super) async fn said(store: &Store, row: &DecisionRow) -> Result<String, StoreError> {
    if let Some(correction) = row.correction() {
        return Ok(correction.to_string());
    }
    let file = match row.target.parse() {
        Ok(artifact) => store.file_of(artifact).await?,
        Err(_) => None,
    };
    let target = file.unwrap_or_else(|| row.target.clone());
    Ok(match row.kind.as_str() {
        crate::store::decisions::ACCEPT => format!("{target} is taken although the agent's rules refuse it"),
        kind => format!("{kind} {target} {}", row.value).trim_end().to_owned(),
    })
}

/// A sentence in which players have a name beside their key.
async fn with_names(store: &Store, mut said: String, correction: &Correction) -> Result<String, StoreError> {
    let keys = match correction {
        Correction::Side { player, .. } | Correction::Team { player, .. } => vec![player],
        Correction::Merge { player, into } => vec![player, into],
        Correction::Split { guid, .. } => vec![guid],
        _ => Vec::new(),
    };
    for key in keys {
        if let Some(player) = store.find_players(key).await?.into_iter().find(|player| player.key == *key) {
            said = said.replacen(key.as_str(), &format!("{} ({key})", player.name), 1);
        }
    }
    Ok(said)
}

pub(super) async fn print(
    place: &Place,
    store: &Store,
    corrected: &Corrected,
    made: Option<&Correction>,
    before: &Standing,
    after: &Standing,
) -> anyhow::Result<u8> {
    let Corrected { decision, rounds, sessions, kept_apart } = *corrected;
    if place.json {
        let scores = |standing: &Standing| -> Vec<serde_json::Value> {
            standing.scores.iter().map(|(a, b)| json!({ "a": a, "b": b })).collect()
        };
        let value = json!({
            "decision": store.decision(decision).await?, "says": made.map(ToString::to_string),
            "changed": { "rounds": rounds, "sessions": sessions, "kept_apart": kept_apart },
            "session": (!after.session.is_empty()).then_some(&after.session),
            "score_before": scores(before), "score": scores(after),
        });
        println!("{}", serde_json::to_string_pretty(&value)?);
        return Ok(0);
    }
    let word = if made.is_some() { "Decided" } else { "Undone" };
    let what = match made {
        None => format!("decision {decision}"),
        Some(Correction::Void { .. }) => format!("round {} no longer counts", after.round),
        Some(correction) => match correction.round() {
            // People know the round by its handle.
            Some(round) if !after.round.is_empty() => correction.to_string().replace(&round.to_string(), &after.round),
            _ => correction.to_string(),
        },
    };
    let what = match made {
        Some(correction) => with_names(store, what, correction).await?,
        None => what,
    };
    anstream::println!("{} {what}", painted(GOOD, &format!("{word}:")));
    if !after.session.is_empty() {
        if let (Some((map, old)), Some((_, new))) = (&before.map, &after.map)
            && old != new
        {
            anstream::println!("  {map}: {new}, was {old}");
        }
        let now = match (before.score(), after.score()) {
            (old, new) if old == new => format!("session {} stays {new}", after.session),
            (old, new) => format!("session {} is {new}, was {old}", after.session),
        };
        anstream::println!("  {now}");
    }
    let reach = match (rounds, sessions) {
        (0, 0) => "no numbers changed".to_owned(),
        (0, sessions) => format!("{} changed", plural(sessions as i64, "session", "sessions")),
        (rounds, sessions) => format!(
            "{} in {} changed",
            plural(rounds as i64, "round", "rounds"),
            plural(sessions as i64, "session", "sessions")
        ),
    };
    if kept_apart > 0 && matches!(made, Some(Correction::Merge { .. })) {
        anstream::println!(
            "  in {} both played at once: there they stay two, flagged merge_conflict",
            plural(kept_apart, "round", "rounds")
        );
    }
    let hint = if made.is_some() { format!("; undo: correct undo {decision} --reason …") } else { String::new() };
    anstream::println!("  {}", painted(QUIET, &format!("{reach}{hint}")));
    Ok(0)
}
