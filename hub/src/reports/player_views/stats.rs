//! A career in one post: what he does, with what, and what he did last.

use crate::domain::badges;
use crate::domain::leaf::{Number, Sums};
use crate::domain::metrics::{self, Metric};
use crate::reports::columns::{left, right};
use crate::reports::player::{PlayerReport, date, remark};
use crate::reports::post::{Accent, Post, Table};
use crate::reports::words::{count, duration, hundredths, plural, scaled, tenths, thousands, whole};

/// Rounds that are told.
const RECENT: usize = 3;
/// Weapons that are told.
const WEAPONS: usize = 3;
/// Names that are told beside the current one.
const NAMES: usize = 3;

/// The post of a player's career.
pub(super) fn post(report: &PlayerReport) -> Post {
    let mut tables = Vec::new();
    if let Some(sums) = &report.totals {
        tables.push(career(sums));
    }
    tables.extend(weapons(report));
    tables.extend(recent(report));
    let others: Vec<&str> =
        report.names.iter().map(|alias| alias.name.as_str()).filter(|name| *name != report.player.name).collect();
    let also = (!others.is_empty()).then(|| format!("Also seen as {}", listed(&others)));
    let badges = report.totals.as_ref().map(badges::beside).filter(|badges| !badges.is_empty());
    let badges = badges.map(|badges| format!("Badges {badges}"));
    let mut told = report.rounds.iter().take(RECENT);
    let odd = told.find_map(|(round, numbers)| remark(round, numbers));
    let odd = odd.map(|why| format!("~ {why}"));
    let footer = match report.seen {
        Some((first, last)) => format!("{} · {} to {}", report.player.key, date(first), date(last)),
        None => report.player.key.clone(),
    };
    Post {
        title: report.player.name.clone(),
        accent: Accent::Neutral,
        lines: facts(report),
        tables,
        notes: also.into_iter().chain(badges).chain(odd).collect(),
        footer,
        timestamp_ms: None,
    }
}

fn facts(report: &PlayerReport) -> Vec<String> {
    let Some(sums) = &report.totals else {
        return vec!["None of his rounds counts yet, so there are no numbers.".to_owned()];
    };
    let (rounds, seconds) = (Number::Rounds.of(sums), Number::Seconds.of(sums));
    let (rounds, sessions) = (plural(rounds, "round", "rounds"), plural(report.sessions, "session", "sessions"));
    vec![format!("{rounds} in {sessions} · {} played", duration(seconds))]
}

/// Names as far as there is room for them.
fn listed(names: &[&str]) -> String {
    let shown = names.iter().take(NAMES).copied().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(NAMES) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

fn career(sums: &Sums) -> Table {
    let of = |metric: &Metric| scaled(metric.of(sums), metric.decimals);
    let number = |number: Number| thousands(number.of(sums));
    let row = |label: &str, value: String, beside: String| {
        format!("{}{}  {beside}", left(label, 11), right(&value, 8)).trim_end().to_owned()
    };
    let share = |metric: &Metric| format!("{} %", of(metric));
    let rows = vec![
        row("K/D", of(&metrics::kd::METRIC), format!("{} : {}", number(Number::Kills), number(Number::Deaths))),
        row("DPM", of(&metrics::dpm::METRIC), format!("{} given", number(Number::DamageGiven))),
        row("Accuracy", share(&metrics::accuracy::METRIC), format!("{} shots", number(Number::BulletShots))),
        row("Head hits", share(&metrics::headshot_accuracy::METRIC), format!("{} of hits", number(Number::Headshots))),
        row("Alive", share(&metrics::survival_rate::METRIC), "of the time".to_owned()),
        row("Revives", number(Number::RevivesGiven), format!("{} /10 min", of(&metrics::revive_rate::METRIC))),
        row("Gibs", number(Number::Gibs), format!("{} /10 min", of(&metrics::gib_rate::METRIC))),
    ];
    Table { heading: "Career".to_owned(), rows }
}

fn weapons(report: &PlayerReport) -> Option<Table> {
    let mut rows: Vec<String> = report
        .weapons
        .iter()
        .filter(|(_, totals)| totals.kills > 0)
        .take(WEAPONS)
        .map(|(weapon, totals)| {
            let accuracy = totals.accuracy();
            format!(
                "{}{}{}",
                left(weapon.label(), 14),
                right(&thousands(totals.kills), 8),
                right(&accuracy.map_or_else(|| "–".to_owned(), |value| tenths(Some(value))), 8)
            )
        })
        .collect();
    if rows.is_empty() {
        return None;
    }
    rows.insert(0, format!("{}{}{}", left("", 14), right("KILLS", 8), right("ACC%", 8)));
    Some(Table { heading: "Weapons".to_owned(), rows })
}

/// The last rounds, the newest first.
fn recent(report: &PlayerReport) -> Option<Table> {
    let mut rows: Vec<String> = report
        .rounds
        .iter()
        .take(RECENT)
        .map(|(round, numbers)| {
            let dpm = numbers.damage_given.zip(numbers.seconds).and_then(|(d, s)| metrics::dpm::dpm(d, s));
            let ratio = hundredths(metrics::kd::kd(numbers.kills, numbers.deaths));
            let mark = if remark(round, numbers).is_some() { "~" } else { " " };
            let map = format!("{} R{}", left(&round.map, 10), round.half());
            format!("{} {map}{}{}{mark}", &date(round.id)[2..], right(&ratio, 6), right(&whole(dpm), 5))
                .trim_end()
                .to_owned()
        })
        .collect();
    if rows.is_empty() {
        return None;
    }
    rows.insert(0, format!("{}{}{}", left("", 22), right("K/D", 6), right("DPM", 5)));
    Some(Table { heading: format!("Last {}", count(Some(rows.len() as i64 - 1))), rows })
}
