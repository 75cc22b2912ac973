//! Damage per minute, round by round.

use std::collections::BTreeMap;

use crate::domain::habits::LEAST_SECONDS;
use crate::domain::habits::course::{self, course};
use crate::domain::metrics::dpm;
use crate::reports::grid::grid;
use crate::reports::plot::{Line, Lines, Plot, Span, Team};
use crate::reports::session_numbers::Somebody;
use crate::reports::words::whole;
use crate::store::read::RoundRow;
use slomix_shared::formats::stats::Field;

use super::{Evening, Page, cut};

pub(super) fn page(evening: &Evening<'_>) -> Page {
    let rounds: Vec<&RoundRow> = evening.rounds().collect();
    let mut lines: Vec<(&Somebody<'_>, Vec<Option<f64>>)> =
        evening.shown.iter().map(|one| (one, values(evening, one, &rounds))).collect();
    lines.sort_by_key(|(one, _)| std::cmp::Reverse(dpm::METRIC.of(&one.sums)));
    let best = lines.iter().flat_map(|(one, values)| {
        values.iter().zip(&rounds).filter_map(move |(value, round)| Some(((*value)?, one.player, *round)))
    });
    let best = best.reduce(|best, next| if next.0 > best.0 { next } else { best });
    let title = match best {
        Some((value, player, round)) => {
            let name = evening.numbers.name(player).unwrap_or_default();
            format!("Best round: {}, {} DPM on {} R{}", cut(name), value.round(), round.map, round.half())
        }
        None => "Nobody knows who did how much damage when".to_owned(),
    };
    let rows: Vec<(&str, String, &str)> = lines
        .iter()
        .map(|(one, values)| {
            let known: Vec<f64> = values.iter().copied().flatten().collect();
            (one.name, whole(dpm::METRIC.of(&one.sums)), course(&known).map_or("–", course::Course::name))
        })
        .collect();
    // Whose round is in the title is the line that is marked at its peak.
    if let Some((_, player, _)) = best
        && let Some(at) = lines.iter().position(|(one, _)| one.player == player)
    {
        lines[..=at].rotate_right(1);
    }
    let table = grid(
        "Damage a minute, and how it went",
        rows.iter().map(|(name, ..)| *name),
        &[
            ("DPM", rows.iter().map(|(_, dpm, _)| dpm.clone()).collect()),
            ("COURSE", rows.iter().map(|(.., course)| (*course).to_owned()).collect()),
        ],
    );
    let plot = Plot::Lines(Lines {
        title: title.clone(),
        subtitle: format!("Damage per minute by round, {}. {}", dpm::METRIC.formula_id(), evening.sample()),
        unit: "DPM".to_owned(),
        spans: spans(evening, &rounds),
        reference: None,
        series: lines.into_iter().map(|(one, values)| Line { name: one.name.to_owned(), values }).collect(),
    });
    let few = format!("Course (course@1) takes {} rounds: – has fewer.", course::LEAST_ROUNDS);
    let lines = if rows.iter().any(|(.., course)| *course == "–") { vec![few] } else { Vec::new() };
    Page { about: "round by round", name: "rounds", plot, title, tables: vec![table], lines }
}

/// Somebody's damage per minute in each of the rounds; unknown where he was not there, or not for long.
fn values(evening: &Evening<'_>, one: &Somebody<'_>, rounds: &[&RoundRow]) -> Vec<Option<f64>> {
    let own: BTreeMap<i64, f64> = evening
        .numbers
        .lines
        .iter()
        .filter(|line| line.counted && line.numbers.player == one.player)
        .filter_map(|line| {
            let seconds = line.numbers.seconds.filter(|seconds| *seconds >= LEAST_SECONDS)?;
            let tenths = dpm::dpm(line.numbers.fields.get(Field::DamageGiven)?, seconds)?;
            Some((line.round, tenths as f64 / 10.0))
        })
        .collect();
    rounds.iter().map(|round| own.get(&round.id).copied()).collect()
}

/// The maps with their rounds, and how it stood after each.
fn spans(evening: &Evening<'_>, rounds: &[&RoundRow]) -> Vec<Span> {
    let mut after: BTreeMap<i64, (Option<Team>, Option<[u32; 2]>)> = BTreeMap::new();
    for epoch in &evening.numbers.report.epochs {
        let scored = super::super::timeline::scores(epoch);
        after.extend(epoch.plays.iter().map(|play| play.id).zip(scored));
    }
    let same = |one: &&RoundRow, next: &&RoundRow| one.map_play == next.map_play && one.map == next.map;
    let span = |rounds: &[&RoundRow]| {
        let scored = rounds[0].map_play.and_then(|play| after.get(&play).copied());
        let (gained, score) = scored.unwrap_or_default();
        Span {
            name: rounds[0].map.clone(),
            points: rounds.iter().map(|round| format!("R{}", round.half())).collect(),
            gained,
            score,
        }
    };
    rounds.chunk_by(same).map(span).collect()
}
