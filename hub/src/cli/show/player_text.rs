//! A player in the terminal.

use crate::cli::paint::{BAD, QUIET, STRONG, painted};
use crate::domain::metrics::dpm::dpm;
use crate::reports::columns::{left, right};
use crate::reports::player::{PlayerReport, Rates};
use crate::reports::words::{clock, hundredths, plural, tenths, thousands, whole};
use crate::store::read::PlayerTotals;

pub(super) fn print(report: &PlayerReport) {
    anstream::println!("{}  {}", painted(STRONG, &report.player.name), painted(QUIET, &report.player.key));
    if !report.names.is_empty() {
        anstream::println!("{} {}", painted(QUIET, "also"), report.names.join(", "));
    }
    match &report.guids[..] {
        [] => {}
        [guid] => anstream::println!("{} {guid}", painted(QUIET, "full GUID")),
        several => anstream::println!(
            "{} {} clients share these eight characters, and their numbers are one player's: {}",
            painted(BAD, "full GUIDs"),
            several.len(),
            several.join(", ")
        ),
    }
    let Some(totals) = &report.totals else {
        anstream::println!("No round of this player counts for totals.");
        return;
    };
    let sum = |name: &str| totals.get(name);
    let rates = Rates::of(totals);
    let hours = sum("seconds") / 3600;
    anstream::println!(
        "\n{}, {} won, {hours} h {:02} min in a team",
        plural(sum("rounds"), "round", "rounds"),
        sum("rounds_won"),
        sum("seconds") / 60 % 60
    );
    let rows = [
        ("DPM", tenths(rates.dpm_tenths), format!("{} damage given", thousands(sum("damage_given")))),
        ("K/D", hundredths(rates.kd_hundredths), format!("{} kills, {} deaths", sum("kills"), sum("deaths"))),
        (
            "ACC %",
            tenths(rates.accuracy_permille),
            format!("{} hits, {} shots", thousands(sum("bullet_hits")), thousands(sum("bullet_shots"))),
        ),
        ("HS %", tenths(rates.headshot_permille), format!("{} hits to the head", sum("headshots"))),
        (
            "REV",
            sum("revives_given").to_string(),
            format!("in {} that tell", plural(sum("revives_rounds"), "round", "rounds")),
        ),
    ];
    for (label, value, note) in rows {
        anstream::println!("  {} {}  {}", left(label, 6), right(&value, 8), painted(QUIET, &note));
    }
    print_maps(&report.maps);
    print_rounds(report);
}

fn print_maps(maps: &[(String, PlayerTotals)]) {
    anstream::println!("\n{}", painted(QUIET, &format!("{}  rounds   DPM   K/D", left("Maps", 18))));
    for (map, totals) in maps.iter().take(8) {
        let rates = Rates::of(totals);
        anstream::println!(
            "{}  {} {} {}",
            left(map, 18),
            right(&totals.get("rounds").to_string(), 6),
            right(&whole(rates.dpm_tenths), 5),
            right(&hundredths(rates.kd_hundredths), 5)
        );
    }
}

fn print_rounds(report: &PlayerReport) {
    anstream::println!("\n{}", painted(QUIET, &format!("{}    K   D   DPM   time", left("Last rounds", 30))));
    for (round, numbers) in &report.rounds {
        let date = &round.file.get(..10).unwrap_or_default();
        let rate = numbers.damage_given.zip(numbers.seconds).and_then(|(damage, seconds)| dpm(damage, seconds));
        let remark = if numbers.counted { "" } else { "  not counted" };
        anstream::println!(
            "{}  {} {} {} {}{}",
            left(&format!("{date} {} R{}", round.map, round.number), 30),
            right(&numbers.kills.to_string(), 3),
            right(&numbers.deaths.to_string(), 3),
            right(&whole(rate), 5),
            right(&clock(numbers.seconds), 6),
            painted(QUIET, remark)
        );
    }
}
