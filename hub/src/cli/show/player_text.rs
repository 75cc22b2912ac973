//! A player in the terminal.

use crate::cli::paint::{BAD, QUIET, STRONG, painted};
use crate::domain::leaf::{Number, Sums};
use crate::domain::metrics::{
    ALL, Group, Metric, accuracy, dpm, dpm::dpm, efficiency, headshot_accuracy::headshot_accuracy, kd,
};
use crate::reports::columns::{cut, left, right};
use crate::reports::player::{PlayerReport, date, remark};
use crate::reports::words::{clock, plural, scaled, tenths, thousands, whole};

/// Names, maps and weapons that are shown unless all are asked for.
const MOST_ROWS: usize = 12;

/// The report, line by line; `all` shows every name, map and weapon.
pub(super) fn lines(report: &PlayerReport, all: bool) -> Vec<String> {
    let most = if all { usize::MAX } else { MOST_ROWS };
    let mut lines = head(report, most);
    let Some(totals) = &report.totals else {
        lines.push(String::new());
        lines.push("No round of this player counts for totals.".to_owned());
        lines.extend(rounds(report));
        return lines;
    };
    lines.extend(career(totals));
    lines.extend(maps(report, most));
    lines.extend(weapons(report, most));
    lines.extend(evenings(report));
    lines.extend(rounds(report));
    lines.push(String::new());
    lines.push(painted(QUIET, "– is unknown. What each number means, by formula and version: show player NAME --json"));
    lines
}

fn quiet(text: &str) -> String {
    painted(QUIET, text.trim_end())
}

fn heading(text: &str) -> [String; 2] {
    [String::new(), quiet(text)]
}

fn head(report: &PlayerReport, most: usize) -> Vec<String> {
    let player = &report.player;
    let mut lines = vec![format!("{}  {}", painted(STRONG, &cut(&player.name, 40)), quiet(&player.key))];
    match &report.guids[..] {
        [] => {}
        [guid] => lines.push(format!("{} {guid}", painted(QUIET, "full GUID"))),
        several => {
            let count = several.len();
            lines.push(format!(
                "{} {count} clients share these eight characters, and their numbers are one player's:",
                painted(BAD, "full GUIDs")
            ));
            lines.extend(several.iter().map(|guid| format!("          {guid}")));
        }
    }
    if let Some((first, last)) = report.seen {
        let sessions = plural(report.sessions, "session", "sessions");
        lines.push(format!("seen {} to {} · {sessions}", date(first), date(last)));
    }
    if let Some(sums) = &report.totals {
        let seconds = Number::Seconds.of(sums);
        lines.push(format!(
            "{}, {} won · {} h {:02} min in a team",
            plural(Number::Rounds.of(sums), "round that counts", "rounds that count"),
            Number::RoundsWon.of(sums),
            seconds / 3600,
            seconds / 60 % 60
        ));
    }
    let others: Vec<_> = report.names.iter().filter(|one| one.name != player.name).collect();
    for (index, one) in others.iter().take(most).enumerate() {
        let rounds = plural(one.rounds, "round", "rounds");
        let note = format!("{rounds}, {} to {}", date(one.first_session), date(one.last_round));
        let word = if index == 0 { "also" } else { "" };
        lines.push(format!("{} {}  {}", painted(QUIET, &left(word, 4)), left(&one.name, 20), quiet(&note)));
    }
    lines.extend(rest(others.len(), most).map(|rest| format!("     {rest}")));
    lines
}

/// A metric's value with its unit, in ten columns.
fn value(metric: &Metric, sums: &Sums) -> String {
    let value = metric.of(sums);
    let unit = if value.is_some() && matches!(metric.unit, "%" | "s") { metric.unit } else { "" };
    format!("{} {}", right(&scaled(value, metric.decimals), 8), left(unit, 1))
}

/// Every metric, in two columns: fighting on the left, the rest on the right.
fn career(sums: &Sums) -> Vec<String> {
    // Heading or not, and a text of 37 columns.
    let block = |group: Group| -> Vec<(bool, String)> {
        let rows = ALL.iter().filter(|metric| metric.group == group);
        let rows = rows.map(|metric| (false, format!("  {}{}", left(metric.label, 25), value(metric, sums))));
        [(true, left(group.as_str(), 37))].into_iter().chain(rows).collect()
    };
    let one = block(Group::Fighting);
    let other = [block(Group::Aim), block(Group::Time), block(Group::Team)].concat();
    let cell = |column: &[(bool, String)], row: usize| match column.get(row) {
        Some((true, heading)) => painted(QUIET, heading),
        Some((false, text)) => text.clone(),
        None => " ".repeat(37),
    };
    let rows = (0..one.len().max(other.len())).map(|row| {
        let last = other.get(row).map(|(heading, text)| (*heading, text.trim_end().to_owned()));
        format!("{}  {}", cell(&one, row), cell(last.as_slice(), 0)).trim_end().to_owned()
    });
    [String::new()].into_iter().chain(rows).collect()
}

fn maps(report: &PlayerReport, most: usize) -> Vec<String> {
    let rows = report.maps.iter().take(most).map(|(map, sums)| {
        format!(
            "{}  {} {} {} {} {} {}",
            left(map, 18),
            right(&Number::Rounds.of(sums).to_string(), 6),
            right(&Number::RoundsWon.of(sums).to_string(), 4),
            right(&scaled(kd::METRIC.of(sums), kd::METRIC.decimals), 6),
            right(&whole(dpm::METRIC.of(sums)), 5),
            right(&tenths(accuracy::METRIC.of(sums)), 7),
            right(&tenths(efficiency::METRIC.of(sums)), 7),
        )
    });
    let heading = heading(&format!("{}  ROUNDS  WON    K/D   DPM   ACC %   EFF %", left("Maps", 18)));
    heading.into_iter().chain(rows).chain(rest(report.maps.len(), most)).collect()
}

fn weapons(report: &PlayerReport, most: usize) -> Vec<String> {
    let rows = report.weapons.iter().take(most).map(|(weapon, sums)| {
        let heads = weapon.has_headshots().then(|| headshot_accuracy(sums.headshots, sums.hits)).flatten();
        format!(
            "{}  {} {} {} {} {} {}",
            left(weapon.label(), 18),
            right(&sums.rounds.to_string(), 6),
            right(&sums.kills.to_string(), 6),
            right(&sums.deaths.to_string(), 10),
            right(&thousands(sums.shots), 7),
            right(&tenths(sums.accuracy()), 7),
            right(&tenths(heads), 6),
        )
    });
    let heading = heading(&format!("{}  ROUNDS  KILLS  KILLED BY   SHOTS   ACC %   HS %", left("Weapons", 18)));
    heading.into_iter().chain(rows).chain(rest(report.weapons.len(), most)).collect()
}

fn rest(rows: usize, most: usize) -> Option<String> {
    let rest = rows.checked_sub(most).filter(|rest| *rest > 0)?;
    Some(quiet(&format!("and {rest} more; --all shows them")))
}

fn evenings(report: &PlayerReport) -> Vec<String> {
    let rows = report.evenings.iter().map(|evening| {
        let sums = &evening.sums;
        format!(
            "{}  {} {} {} {} {}",
            left(&evening.handle, 18),
            right(&Number::Rounds.of(sums).to_string(), 6),
            right(&Number::RoundsWon.of(sums).to_string(), 4),
            right(&scaled(kd::METRIC.of(sums), kd::METRIC.decimals), 6),
            right(&whole(dpm::METRIC.of(sums)), 5),
            right(&tenths(accuracy::METRIC.of(sums)), 7),
        )
    });
    let heading = heading(&format!("{}  ROUNDS  WON    K/D   DPM   ACC %", left("Last sessions", 18)));
    heading.into_iter().chain(rows).collect()
}

fn rounds(report: &PlayerReport) -> Vec<String> {
    let rows = report.rounds.iter().map(|(round, numbers)| {
        let rate = numbers.damage_given.zip(numbers.seconds).and_then(|(damage, seconds)| dpm(damage, seconds));
        let remark = remark(round, numbers).map(|remark| quiet(&format!("  {remark}"))).unwrap_or_default();
        format!(
            "{}  {} {} {} {}{remark}",
            left(&format!("{} {} R{}", date(round.id), round.map, round.half()), 32),
            right(&numbers.kills.to_string(), 3),
            right(&numbers.deaths.to_string(), 4),
            right(&whole(rate), 5),
            right(&clock(numbers.seconds), 6),
        )
    });
    heading(&format!("{}    K    D   DPM   TIME", left("Last rounds", 32))).into_iter().chain(rows).collect()
}

#[cfg(test)]
mod tests {
    use slomix_shared::game::Weapon;

    use super::*;
    use crate::reports::player::Evening;
    use crate::store::read::{Alias, NamedPlayer, WeaponTotals};

    fn report() -> PlayerReport {
        let day = |seconds: i64| seconds << 32;
        let mut sums: Sums = [0; Number::COUNT];
        for (number, value) in [
            (Number::Rounds, 137),
            (Number::RoundsWon, 81),
            (Number::Kills, 1_374),
            (Number::Deaths, 1_162),
            (Number::BulletHits, 12_301),
            (Number::BulletShots, 29_499),
            (Number::Headshots, 1_636),
            (Number::KnownRounds, 137),
            (Number::KnownKills, 1_374),
            (Number::Seconds, 52_098),
            (Number::DeadSeconds, 24_174),
            (Number::DamageGiven, 268_391),
            (Number::DamageReceived, 241_791),
            (Number::Gibs, 484),
        ] {
            sums[number as usize] = value;
        }
        let alias = |name: &str, rounds| Alias {
            name: name.to_owned(),
            rounds,
            first_session: day(800_000_000),
            last_round: day(801_000_000),
        };
        let weapon = WeaponTotals { rounds: 136, hits: 6_072, shots: 14_541, kills: 645, deaths: 522, headshots: 775 };
        PlayerReport {
            player: NamedPlayer { player: 1, key: "A1000000".to_owned(), name: "bob".to_owned(), last_round: 0 },
            guids: vec!["A1000000".repeat(4), "A1000000B2000000C3000000D4000000".to_owned()],
            names: vec![alias("bob", 137), alias("日本語の名前", 1)],
            seen: Some((day(800_000_000), day(801_000_000))),
            sessions: 18,
            evenings: vec![Evening { handle: "2025-05-20b".to_owned(), session: 1, sums }],
            totals: Some(sums),
            maps: (0..14).map(|i| (format!("map{i}"), sums)).collect(),
            weapons: vec![(Weapon::from_bit(4).unwrap(), weapon), (Weapon::GRENADE, weapon)],
            rounds: vec![],
        }
    }

    fn plain(report: &PlayerReport) -> String {
        anstream::adapter::strip_str(&lines(report, false).join("\n")).to_string()
    }

    #[test]
    fn a_career() {
        let text = plain(&report());
        assert!(text.lines().all(|line| line == line.trim_end()), "{text}");
        insta::assert_snapshot!(text);
    }

    #[test]
    fn all_of_a_career() {
        let text = anstream::adapter::strip_str(&lines(&report(), true).join("\n")).to_string();
        assert!((0..14).all(|i| text.contains(&format!("map{i} "))) && !text.contains("--all"), "{text}");
    }

    #[test]
    fn nobody_in_a_round_that_counts() {
        let nobody = PlayerReport { totals: None, maps: vec![], weapons: vec![], evenings: vec![], ..report() };
        insta::assert_snapshot!(plain(&nobody));
    }
}
