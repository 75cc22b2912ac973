//! What a round's endstats and round event add to its post, in the terminal and as data.

use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use crate::cli::paint::{QUIET, painted, width};
use crate::reports::awards::{category_of, duels as blocks, shelves};
use crate::reports::columns::{cut, fold, left};
use crate::reports::round::RoundReport;
use crate::reports::words::{clock, plural};
use crate::store::read::{AwardRow, DuelRow};

pub(super) fn print(report: &RoundReport, duels: &[DuelRow]) {
    let round = &report.round;
    if let Some(pauses) = round.pauses.filter(|&pauses| pauses > 0) {
        anstream::println!("{}, {} in all", plural(pauses, "pause", "pauses"), clock(round.pause_seconds));
    }
    for player in report.players.iter().filter(|player| player.team == 0 && player.side == Some(3)) {
        let said = format!(
            "{} watched when the round ended, so his team is not known here: slomix-hub correct side {} says where he was",
            player.name, report.handle
        );
        anstream::println!("{}", painted(QUIET, &fold(&said, width()).join("\n")));
    }
    print_awards(report);
    let blocks = blocks(duels);
    if !blocks.is_empty() {
        anstream::println!("\n{}", painted(QUIET, "Kills and deaths against"));
    }
    for (subject, lines) in blocks {
        let lines: Vec<String> =
            lines.iter().map(|line| format!("{} {}-{}", line.opponent_name.trim(), line.kills, line.deaths)).collect();
        for (at, part) in rows(&lines, width().saturating_sub(19)).iter().enumerate() {
            let subject = if at == 0 { subject.unwrap_or("(not named)") } else { "" };
            anstream::println!("{} {part}", left(subject, 18));
        }
    }
}

/// The items in rows of at most `width` columns, each whole.
fn rows(items: &[String], width: usize) -> Vec<String> {
    let mut rows: Vec<String> = Vec::new();
    for item in items {
        let fits = rows.last().is_some_and(|row| row.width() + item.width() + 3 <= width);
        if let Some(row) = rows.last_mut() {
            row.push_str(if fits { ", " } else { "," });
        }
        match rows.last_mut().filter(|_| fits) {
            Some(row) => row.push_str(item),
            None => rows.push(cut(item, width)),
        }
    }
    rows
}

fn print_awards(report: &RoundReport) {
    let shelves = shelves(&report.awards);
    if shelves.is_empty() {
        return;
    }
    let second = report.round.number == 2;
    let note = if second { "Awards (* over both halves)" } else { "Awards" };
    anstream::println!("\n{}", painted(QUIET, note));
    for shelf in shelves {
        for (at, award) in shelf.awards.iter().enumerate() {
            let category = if at == 0 { shelf.category.as_str() } else { "" };
            anstream::println!(
                "{} {} {} {}{}",
                painted(QUIET, &left(category, 10)),
                left(&award.name, 33),
                left(&award.holder, 18),
                award.value,
                if second && award.both_halves { " *" } else { "" }
            );
        }
    }
}

pub(super) fn awards_as_json(awards: &[AwardRow]) -> Vec<Value> {
    let award = |row: &AwardRow| {
        json!({
            "award": row.award, "category": category_of(row).as_str(), "scope": row.scope, "holder": row.holder,
            "name": row.name, "player": row.player.map(|id| id.to_string()), "value": row.value, "amount_thousandths": row.amount,
        })
    };
    awards.iter().map(award).collect()
}

pub(super) fn duels_as_json(duels: &[DuelRow]) -> Vec<Value> {
    let duel = |row: &DuelRow| {
        json!({
            "subject": row.subject, "subject_name": row.subject_name,
            "subject_player": row.subject_player.map(|id| id.to_string()), "opponent": row.opponent,
            "opponent_name": row.opponent_name, "opponent_player": row.opponent_player.map(|id| id.to_string()),
            "kills": row.kills, "deaths": row.deaths,
        })
    };
    duels.iter().map(duel).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_duel_is_torn_apart() {
        let items = ["bob 3-1", "日本語 0-2", "al 1-1", "a very long name indeed 2-2"].map(str::to_owned);
        assert_eq!(rows(&items, 20), ["bob 3-1, 日本語 0-2,", "al 1-1,", "a very long name in…"]);
        assert_eq!(rows(&items, 80).len(), 1);
        assert!(rows(&[], 20).is_empty());
    }
}
