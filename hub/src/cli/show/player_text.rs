//! A player in the terminal.

use crate::cli::paint::{QUIET, STRONG, painted};
use crate::domain::leaf::{Number, Sums};
use crate::domain::metrics::{
    ALL, Group, Metric, accuracy, dpm, dpm::dpm, efficiency, headshot_accuracy::headshot_accuracy, kd,
    weapon_accuracy::weapon_accuracy,
};
use crate::reports::columns::{left, right};
use crate::reports::player::{PlayerReport, date, remark};
use crate::reports::words::{clock, plural, scaled, tenths, thousands, whole};

/// Names, maps and weapons that are shown; JSON has them all.
const MOST_ROWS: usize = 12;

pub(super) fn print(report: &PlayerReport) {
    print_head(report);
    let Some(totals) = &report.totals else {
        anstream::println!("\nNo round of this player counts for totals.");
        print_rounds(report);
        return;
    };
    print_career(totals);
    print_maps(report);
    print_weapons(report);
    print_evenings(report);
    print_rounds(report);
    anstream::println!(
        "\n{}",
        painted(QUIET, "– is unknown. What each number means, by formula and version: show player NAME --json")
    );
}

fn heading(text: &str) {
    anstream::println!("\n{}", painted(QUIET, text));
}

fn print_head(report: &PlayerReport) {
    let player = &report.player;
    anstream::println!("{}  {}", painted(STRONG, &player.name), painted(QUIET, &player.key));
    if report.guids.len() > 1 {
        anstream::println!("{} {}", painted(QUIET, "shared by the full GUIDs"), report.guids.join(" and "));
    }
    if let Some((first, last)) = report.seen {
        let facts =
            format!("seen {} to {} · {}", date(first), date(last), plural(report.sessions, "session", "sessions"));
        anstream::println!("{facts}");
    }
    if let Some(sums) = &report.totals {
        let seconds = Number::Seconds.of(sums);
        anstream::println!(
            "{}, {} won · {} h {:02} min in a team",
            plural(Number::Rounds.of(sums), "round that counts", "rounds that count"),
            Number::RoundsWon.of(sums),
            seconds / 3600,
            seconds / 60 % 60
        );
    }
    let others: Vec<_> = report.names.iter().filter(|one| one.name != player.name).collect();
    for (index, one) in others.iter().take(MOST_ROWS).enumerate() {
        let note = format!("{}, {} to {}", times(one.rounds), date(one.first_session), date(one.last_round));
        let word = if index == 0 { "also" } else { "" };
        anstream::println!("{} {}  {}", painted(QUIET, &left(word, 4)), left(&one.name, 20), painted(QUIET, &note));
    }
    if others.len() > MOST_ROWS {
        anstream::println!("     {}", painted(QUIET, &format!("and {} more names", others.len() - MOST_ROWS)));
    }
}

fn times(rounds: i64) -> String {
    plural(rounds, "round", "rounds")
}

/// A metric's value with its unit.
fn value(metric: &Metric, sums: &Sums) -> String {
    let value = metric.of(sums);
    let unit = if value.is_some() && matches!(metric.unit, "%" | "s") { metric.unit } else { "" };
    format!("{} {}", right(&scaled(value, metric.decimals), 8), left(unit, 1))
}

/// Two columns: fighting on the left, the rest on the right.
fn print_career(sums: &Sums) {
    let block = |group: Group| -> Vec<String> {
        let rows = ALL.iter().filter(|metric| metric.group == group);
        let rows = rows.map(|metric| format!("  {}{}", left(metric.label, 25), value(metric, sums)));
        [left(group.as_str(), 37)].into_iter().chain(rows).collect()
    };
    let one = block(Group::Fighting);
    let other = [block(Group::Aim), block(Group::Time), block(Group::Team)].concat();
    anstream::println!();
    for row in 0..one.len().max(other.len()) {
        let cell = |column: &[String]| {
            let text = column.get(row).cloned().unwrap_or_default();
            if text.starts_with(' ') { left_open(&text) } else { painted(QUIET, &left(&text, 37)) }
        };
        anstream::println!("{}  {}", cell(&one), cell(&other).trim_end());
    }
}

/// A row that begins with spaces, filled like [`left`] does, which would take them off.
fn left_open(text: &str) -> String {
    format!("  {}", left(text.trim_start(), 35))
}

fn print_maps(report: &PlayerReport) {
    heading(&format!("{}  ROUNDS  WON    K/D   DPM   ACC %   EFF %", left("Maps", 18)));
    for (map, sums) in report.maps.iter().take(MOST_ROWS) {
        anstream::println!(
            "{}  {} {} {} {} {} {}",
            left(map, 18),
            right(&Number::Rounds.of(sums).to_string(), 6),
            right(&Number::RoundsWon.of(sums).to_string(), 4),
            right(&scaled(kd::METRIC.of(sums), kd::METRIC.decimals), 6),
            right(&whole(dpm::METRIC.of(sums)), 5),
            right(&tenths(accuracy::METRIC.of(sums)), 7),
            right(&tenths(efficiency::METRIC.of(sums)), 7),
        );
    }
    print_rest(report.maps.len(), "map", "maps");
}

fn print_weapons(report: &PlayerReport) {
    if report.weapons.is_empty() {
        return;
    }
    heading(&format!("{}  ROUNDS  KILLS  KILLED BY   SHOTS   ACC %   HS %", left("Weapons", 18)));
    for (weapon, sums) in report.weapons.iter().take(MOST_ROWS) {
        let heads = weapon.has_headshots().then(|| headshot_accuracy(sums.headshots, sums.hits)).flatten();
        anstream::println!(
            "{}  {} {} {} {} {} {}",
            left(weapon.label(), 18),
            right(&sums.rounds.to_string(), 6),
            right(&sums.kills.to_string(), 6),
            right(&sums.deaths.to_string(), 10),
            right(&thousands(sums.shots), 7),
            right(&tenths(weapon_accuracy(sums.hits, sums.shots)), 7),
            right(&tenths(heads), 6),
        );
    }
    print_rest(report.weapons.len(), "weapon", "weapons");
}

fn print_rest(rows: usize, one: &str, many: &str) {
    if rows > MOST_ROWS {
        let rest = plural((rows - MOST_ROWS) as i64, one, many);
        anstream::println!("{}", painted(QUIET, &format!("and {rest} more, in --json")));
    }
}

fn print_evenings(report: &PlayerReport) {
    heading(&format!("{}  ROUNDS  WON    K/D   DPM   ACC %", left("Last sessions", 18)));
    for evening in &report.evenings {
        let sums = &evening.sums;
        anstream::println!(
            "{}  {} {} {} {} {}",
            left(&evening.handle, 18),
            right(&Number::Rounds.of(sums).to_string(), 6),
            right(&Number::RoundsWon.of(sums).to_string(), 4),
            right(&scaled(kd::METRIC.of(sums), kd::METRIC.decimals), 6),
            right(&whole(dpm::METRIC.of(sums)), 5),
            right(&tenths(accuracy::METRIC.of(sums)), 7),
        );
    }
}

fn print_rounds(report: &PlayerReport) {
    heading(&format!("{}    K    D   DPM   TIME", left("Last rounds", 32)));
    for (round, numbers) in &report.rounds {
        let rate = numbers.damage_given.zip(numbers.seconds).and_then(|(damage, seconds)| dpm(damage, seconds));
        let remark = remark(round, numbers).map(|remark| format!("  {remark}")).unwrap_or_default();
        anstream::println!(
            "{}  {} {} {} {}{}",
            left(&format!("{} {} R{}", date(round.id), round.map, round.number), 32),
            right(&numbers.kills.to_string(), 3),
            right(&numbers.deaths.to_string(), 4),
            right(&whole(rate), 5),
            right(&clock(numbers.seconds), 6),
            painted(QUIET, &remark)
        );
    }
}
