//! What a player's last rounds tell of his habits, each with its sample and an interval.

use std::collections::BTreeMap;

use crate::domain::habits::{self, Half, consistency, fatigue, map_affinity, sides};
use crate::domain::ids;
use crate::domain::leaf::{Number, Sums};
use crate::reports::ReportError;
use crate::reports::answer::Answer;
use crate::reports::post::{Post, Table};
use crate::reports::question::PlayerView;
use crate::store::Store;
use crate::store::read::{NamedPlayer, PlayedRound};
use crate::store::totals::{ALL_TIME, map_scope};

mod evening;
mod evenness;
mod maps;
mod side;

/// Days before a player's last round that consistency is about.
const CONSISTENCY_DAYS: i64 = 30;
/// Days before a player's last round that the others are about.
const DAYS: i64 = 90;
/// Rounds that are read at most.
const MOST_ROUNDS: i64 = 400;
/// Who has at least so many rounds tells what is usual.
const POOL_ROUNDS: i64 = 20;

/// The answer about one habit.
pub(super) async fn answer(store: &Store, player: &NamedPlayer, view: PlayerView) -> Result<Answer, ReportError> {
    let days = if view == PlayerView::Consistency { CONSISTENCY_DAYS } else { DAYS };
    let rounds = played(store, player, days).await?;
    let halves = halves(store, &rounds).await?;
    let enough = |needed: usize| few(player, halves.len(), days, &format!("it takes {needed}"));
    let post = match view {
        PlayerView::Consistency => {
            let found = consistency::consistency(&halves, &usual(store).await?);
            evenness::post(player, &found.ok_or_else(|| enough(consistency::LEAST_ROUNDS))?)
        }
        PlayerView::Maps => maps::post(player, halves.len(), &map_affinity::affinities(&halves)),
        PlayerView::Sides => {
            let needed = format!("it takes {} in attack and as many in defence", sides::LEAST_ROUNDS);
            let found = sides::sides(&halves).ok_or_else(|| few(player, halves.len(), days, &needed))?;
            side::post(player, &rounds, &found)
        }
        _ => {
            let found = fatigue::fatigue(&halves).ok_or_else(|| enough(fatigue::LEAST_ROUNDS))?;
            let last = halves.last().map_or(0, |half| half.session);
            let last: Vec<Half> = halves.iter().filter(|half| half.session == last).cloned().collect();
            evening::post(player, &found, &last)
        }
    };
    Ok(Answer::from(post))
}

fn few(player: &NamedPlayer, rounds: usize, days: i64, needed: &str) -> ReportError {
    ReportError::Nothing(format!(
        "{} has {} of a minute or more in the {days} days before his last one; {needed}.",
        player.name,
        crate::reports::words::plural(rounds as i64, "round", "rounds")
    ))
}

/// A player's rounds of so many days of his own play that tell something, in order of play.
async fn played(store: &Store, player: &NamedPlayer, days: i64) -> Result<Vec<PlayedRound>, ReportError> {
    let from = (ids::stamp_seconds(player.last_round) - days * 86_400).max(0) << 32;
    let mut rounds = store.played_rounds(player.player, from, MOST_ROUNDS).await?;
    rounds.retain(|round| round.seconds >= habits::LEAST_SECONDS);
    rounds.reverse();
    Ok(rounds)
}

/// The rounds against what everybody does on their maps.
async fn halves(store: &Store, rounds: &[PlayedRound]) -> Result<Vec<Half>, ReportError> {
    let mut everybody: BTreeMap<&str, f64> = BTreeMap::new();
    for round in rounds {
        if !everybody.contains_key(round.map.as_str()) {
            let totals = store.totals_of_scope(&map_scope(&round.map)).await?;
            let sum = |number: Number| totals.iter().map(|(_, sums)| number.of(sums)).sum::<i64>() as f64;
            let seconds = sum(Number::Seconds).max(1.0);
            everybody.insert(&round.map, sum(Number::DamageGiven) * 60.0 / seconds);
        }
    }
    let half = |round: &PlayedRound| {
        let dpm = round.damage as f64 * 60.0 / round.seconds as f64;
        let since = ids::stamp_seconds(round.round) - ids::stamp_seconds(round.session);
        Half {
            session: round.session,
            map: round.map.clone(),
            attacked: round.attacked,
            hours: since as f64 / 3_600.0,
            seconds: round.seconds,
            damage: round.damage,
            level: habits::level(dpm, everybody.get(round.map.as_str()).copied().unwrap_or(dpm)),
        }
    };
    Ok(rounds.iter().map(half).collect())
}

/// The squared relative spread of everybody with a sample.
async fn usual(store: &Store) -> Result<Vec<f64>, ReportError> {
    let spread = |sums: &Sums| {
        let of = |number: Number| number.of(sums) as f64;
        consistency::relative_variance(
            of(Number::KnownRounds),
            of(Number::Seconds),
            of(Number::DamageGiven),
            of(Number::DamageSpread),
        )
    };
    let totals = store.totals_of_scope(ALL_TIME).await?;
    let sampled = totals.iter().filter(|(_, sums)| Number::KnownRounds.of(sums) >= POOL_ROUNDS);
    Ok(sampled.filter_map(|(_, sums)| spread(sums)).collect())
}

/// A post about a habit.
fn about(player: &NamedPlayer, title: String, lines: Vec<String>, tables: Vec<Table>, formula: &str) -> Post {
    Post { lines, tables, footer: format!("{} · {formula}", player.key), ..Post::titled(title) }
}

/// A whole percentage with its sign.
pub(super) fn signed(percent: f64) -> String {
    let whole = percent.round() as i64;
    if whole > 0 { format!("+{whole}") } else { whole.to_string() }
}

#[cfg(test)]
fn anna() -> NamedPlayer {
    NamedPlayer { player: 1, key: "A1000000".to_owned(), name: "anna".to_owned(), last_round: 0 }
}
