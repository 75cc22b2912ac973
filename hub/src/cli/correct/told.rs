//! What a decision changed, in words and numbers that people know.

use serde_json::{Map, Value, json};

use crate::cli::Place;
use crate::cli::paint::{GOOD, QUIET, painted};
use crate::domain::decisions::{Correction, RoundKey};
use crate::reports::session::{SessionReport, verdict};
use crate::reports::words::plural;
use crate::serve::admin::Corrected;
use crate::store::{Store, StoreError};

/// How things stand around a decision.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Standing {
    /// The session, as people call it.
    session: String,
    /// The score of each pair of teams in it.
    scores: Vec<(i64, i64)>,
    /// What the round's map came to.
    map: Option<(String, String)>,
}

impl Standing {
    pub(super) async fn read(store: &Store, correction: &Correction) -> Result<Self, StoreError> {
        let key = match correction {
            Correction::Pin { server, file, .. } => RoundKey::of_file(server, file),
            _ => correction.round().cloned(),
        };
        let round = match key {
            Some(key) => store.round_of_key(&key).await?,
            None => None,
        };
        let Some(round) = round else { return Ok(Self::default()) };
        let Some(session) = store.session(round.session).await? else { return Ok(Self::default()) };
        let report = SessionReport::read(store, session).await?;
        let play = report.epochs.iter().flat_map(|epoch| &epoch.plays).find(|play| Some(play.id) == round.map_play);
        Ok(Self {
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

/// A decision that was made or undone.
pub(super) struct Deed<'a> {
    /// The correction, where it is one.
    pub(super) correction: Option<&'a Correction>,
    /// Whether it was undone.
    pub(super) undone: bool,
    /// What it says.
    pub(super) says: String,
    /// What it is about, for programs.
    pub(super) about: Map<String, Value>,
    /// What it replaces or overrides, a sentence each.
    pub(super) replaces: Vec<String>,
}

pub(super) async fn print(
    place: &Place,
    store: &Store,
    corrected: &Corrected,
    deed: &Deed<'_>,
    before: &Standing,
    after: &Standing,
) -> anyhow::Result<u8> {
    let Corrected { decision, rounds, sessions, kept_apart } = *corrected;
    if place.json {
        let scores = |standing: &Standing| -> Vec<Value> {
            standing.scores.iter().map(|(a, b)| json!({ "a": a, "b": b })).collect()
        };
        let mut value = json!({
            "decision": store.decision(decision).await?, "says": deed.says, "undone": deed.undone,
            "replaces": deed.replaces,
            "changed": { "rounds": rounds, "sessions": sessions, "kept_apart": kept_apart },
            "session": (!after.session.is_empty()).then_some(&after.session),
            "score_before": scores(before), "score": scores(after),
        });
        if let Value::Object(fields) = &mut value {
            fields.extend(deed.about.clone());
        }
        println!("{}", serde_json::to_string_pretty(&value)?);
        return Ok(0);
    }
    if deed.undone {
        anstream::println!("{}", painted(QUIET, &format!("It no longer holds that {}", deed.says)));
        anstream::println!("{} decision {decision}", painted(GOOD, "Undone:"));
    } else {
        anstream::println!("{} {}", painted(GOOD, "Decided:"), deed.says);
    }
    for line in &deed.replaces {
        anstream::println!("  {line}");
    }
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
        (rounds, 0) => format!("{} changed", plural(rounds as i64, "round", "rounds")),
        (rounds, sessions) => format!(
            "{} in {} changed",
            plural(rounds as i64, "round", "rounds"),
            plural(sessions as i64, "session", "sessions")
        ),
    };
    if kept_apart > 0 && matches!(deed.correction, Some(Correction::Merge { .. })) && !deed.undone {
        anstream::println!(
            "  in {} both played at once: there they stay two, flagged merge_conflict",
            plural(kept_apart, "round", "rounds")
        );
    }
    let hint = if deed.undone { String::new() } else { format!("; undo: correct undo {decision} --reason …") };
    anstream::println!("  {}", painted(QUIET, &format!("{reach}{hint}")));
    Ok(0)
}
