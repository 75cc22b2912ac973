use crate::domain::leaf::Number;
use crate::reports::columns::{cut, left, right};
use crate::reports::post::{Accent, Post, Table};
use crate::reports::words::{plural, scaled, thousands};

use super::{Comparison, Line, Range};

/// The post of a comparison.
pub(super) fn post(compared: &Comparison) -> Post {
    let names = [0, 1].map(|at| cut(&compared.players[at].name, 16));
    let led = |who: usize, clear: bool| -> Vec<&Line> {
        compared.lines.iter().filter(|line| line.leader == Some(who) && (!clear || line.is_clear())).collect()
    };
    let clear = [0, 1].map(|who| led(who, true));
    let (one, other) = (led(0, false).len(), led(1, false).len());
    let title = match one.cmp(&other) {
        std::cmp::Ordering::Greater => format!("{} leads {} {one} to {other}", names[0], names[1]),
        std::cmp::Ordering::Less => format!("{} leads {} {other} to {one}", names[1], names[0]),
        std::cmp::Ordering::Equal => format!("{} and {} are level, {one} to {other}", names[0], names[1]),
    };
    let mut lines: Vec<String> = names
        .iter()
        .zip(&clear)
        .filter(|(_, clear)| !clear.is_empty())
        .map(|(name, clear)| {
            let labels: Vec<&str> = clear.iter().map(|line| label(line)).collect();
            format!("{name} clearly leads in {}.", labels.join(", "))
        })
        .collect();
    if lines.is_empty() {
        lines.push("Nothing here tells them apart for certain.".to_owned());
    }
    Post {
        title,
        accent: Accent::Neutral,
        lines,
        tables: vec![values(compared, &names), ranges(compared, &names)],
        notes: notes(compared),
        footer: compared.players.iter().map(|player| player.key.as_str()).collect::<Vec<_>>().join(" · "),
        timestamp_ms: None,
    }
}

fn notes(compared: &Comparison) -> Vec<String> {
    let rounds = compared.sums.each_ref().map(|sums| Number::Rounds.of(sums));
    let sample =
        format!("Sample: {} and {}.", plural(rounds[0], "round", "rounds"), plural(rounds[1], "round", "rounds"));
    let mut notes = vec![
        "* clearly ahead · + ahead, by no more than chance may do".to_owned(),
        "Revives, gibs and objectives are per 10 minutes.".to_owned(),
        sample,
    ];
    let pool: Vec<String> = compared
        .axes
        .axes
        .iter()
        .filter_map(|axis| Some(format!("{} {}", axis.metric.column, scaled(Some(axis.median?), axis.metric.decimals))))
        .collect();
    if !pool.is_empty() {
        notes.push(format!(
            "Median of {}: {}",
            plural(compared.axes.pool as i64, "player", "players"),
            pool.join(", ")
        ));
    }
    notes
}

fn label(line: &Line) -> &'static str {
    match line.metric.key {
        "accuracy" => "accuracy",
        "headshot_accuracy" => "head hits",
        "survival_rate" => "time alive",
        "damage_efficiency" => "damage ratio",
        "revive_rate" => "revives",
        "gib_rate" => "gibs",
        "objective_rate" => "objectives",
        "games" | "rounds" => "rounds",
        "kills" => "kills",
        "kd" => "K/D",
        "dpm" => "DPM",
        _ => line.metric.label,
    }
}

/// Columns of a label, and of each player's value with its mark.
const LABEL: usize = 12;
const VALUE: usize = 10;

fn values(compared: &Comparison, names: &[String; 2]) -> Table {
    let mut rows = vec![format!("{}{} {}", left("", LABEL), head(&names[0]), head(&names[1])).trim_end().to_owned()];
    for line in &compared.lines {
        let cell = |who: usize| {
            let value = match line.values[who] {
                Some(value) if line.metric.decimals == 0 => thousands(value),
                value => scaled(value, line.metric.decimals),
            };
            let mark = match line.leader {
                Some(leader) if leader == who => {
                    if line.is_clear() {
                        "*"
                    } else {
                        "+"
                    }
                }
                _ => " ",
            };
            format!("{}{mark}", right(&value, VALUE - 1))
        };
        rows.push(format!("{}{} {}", left(label(line), LABEL), cell(0), cell(1)).trim_end().to_owned());
    }
    Table { heading: "Career".to_owned(), rows }
}

fn ranges(compared: &Comparison, names: &[String; 2]) -> Table {
    let mut rows = vec![format!("{}{} {}", left("", LABEL), head(&names[0]), head(&names[1])).trim_end().to_owned()];
    for line in &compared.lines {
        let Some(ranges) = line.ranges else { continue };
        let cell = |who: usize| right(&range(ranges[who], line.metric.decimals), VALUE);
        rows.push(format!("{}{} {}", left(label(line), LABEL), cell(0), cell(1)));
    }
    Table { heading: "True value, nine times in ten".to_owned(), rows }
}

/// A range in so few columns, without tenths where they do not fit.
fn range(Range { low, high }: Range, decimals: u32) -> String {
    let exact = format!("{}-{}", scaled(Some(low), decimals), scaled(Some(high), decimals));
    if exact.len() < VALUE || decimals != 1 {
        return exact;
    }
    format!("{}-{}", low.div_euclid(10), (high + 9).div_euclid(10))
}

fn head(name: &str) -> String {
    right(&cut(name, VALUE - 1), VALUE - 1) + " "
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::leaf::Sums;
    use crate::store::read::NamedPlayer;

    fn player(id: i64, name: &str, rounds: i64, kills: i64) -> (NamedPlayer, Sums) {
        let mut sums = [0; Number::COUNT];
        for (number, value) in [
            (Number::Rounds, rounds),
            (Number::KnownRounds, rounds),
            (Number::Kills, kills),
            (Number::Deaths, rounds * 12),
            (Number::BulletShots, rounds * 500),
            (Number::BulletHits, rounds * 150 + kills),
            (Number::Headshots, rounds * 20),
            (Number::Seconds, rounds * 600),
            (Number::DeadSeconds, rounds * 150),
            (Number::DamageGiven, kills * 130),
            (Number::DamageReceived, rounds * 1_600),
            (Number::DamageSpread, kills * kills * 130 * 130 / (rounds * 600) * 11 / 10),
            (Number::RevivesGiven, rounds * 2),
            (Number::RevivesKnownSeconds, rounds * 600),
        ] {
            sums[number as usize] = value;
        }
        (NamedPlayer { player: id, key: format!("A{id:07}"), name: name.to_owned(), last_round: 0 }, sums)
    }

    #[test]
    fn who_leads_is_told_and_whether_it_may_be_chance() {
        let all = [
            player(1, "anna", 300, 4_800),
            player(2, "a name that is long", 40, 470),
            player(3, "cat", 60, 700),
            player(4, "dan", 90, 900),
        ];
        let pool: Vec<(i64, Sums)> = all.iter().map(|(player, sums)| (player.player, *sums)).collect();
        let [(anna, of_anna), (long, of_long), ..] = all;
        let compared = Comparison::of([anna, long], &[of_anna, of_long], &pool);
        insta::assert_debug_snapshot!(post(&compared));
        let close = [player(5, "eve", 12, 130), player(6, "fay", 12, 131)];
        let pool: Vec<(i64, Sums)> =
            pool.into_iter().chain(close.iter().map(|(player, sums)| (player.player, *sums))).collect();
        let [(eve, of_eve), (fay, of_fay)] = close;
        let compared = Comparison::of([eve, fay], &[of_eve, of_fay], &pool);
        assert!(!compared.lines[0].is_clear() && compared.lines[0].leader == Some(1));
    }
}
