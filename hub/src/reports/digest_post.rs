//! A session that is over as a post: the final score, the maps, the best, the awards, who was there.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use slomix_shared::formats::stats::Field;

use crate::domain::round::CountsFor;
use crate::store::read::{AwardRow, MapPlayRow};

use super::awards::{counts_once, is_honour, line};
use super::columns::cut;
use super::milestones_reached::{self, Reached};
use super::post::{Accent, Post};
use super::session::EpochReport;
use super::session_numbers::{SessionNumbers, Somebody, leaders};
use super::session_post;
use super::session_views::{awards, score};
use super::top_table::top;
use super::words::plural;

/// So many players stand in the table.
const MOST: usize = 5;
/// So many awards of each kind are told.
const AWARDS: usize = 3;
/// So many are named of those who were not there all the time.
const NAMED: usize = 6;
/// The widest that a name is shown where several stand in a line.
const NAME: usize = 12;
/// So many maps won in a row are worth a word.
const STREAK: usize = 3;

/// The digest.
pub fn post(numbers: &SessionNumbers, papers: &BTreeMap<i64, Vec<AwardRow>>, reached: &[Reached]) -> Post {
    let report = &numbers.report;
    let mut post = session_post::post(report);
    let now = report.epochs.last().cloned().unwrap_or_default();
    let (a, b) = now.score();
    let everybody = numbers.everybody();
    post.title = format!("Final {}: {} {a} - {b} {}", report.handle, now.name(1), now.name(-1));
    post.lines.clear();
    post.lines.extend(score::verdict(&now));
    post.lines.extend(shuffled(report.epochs.len()));
    post.lines.push(size(numbers));
    post.lines.extend(streak(&now));
    post.lines.extend(report.uncounted());
    post.lines.extend(report.nobody_counts());
    post.tables = vec![session_post::maps(report, None)];
    post.tables.extend(top("Most damage a minute", &everybody, MOST));
    post.notes = sprees(&everybody);
    post.notes.extend(rotated(awards::lines(numbers), report.session.id, AWARDS));
    post.notes.extend(of_endstats(numbers, papers));
    post.notes.extend(milestones_reached::lines(reached));
    post.notes.extend(not_always_there(numbers, &everybody));
    post.footer = format!("{} · {}", plural(report.rounds.len() as i64, "round", "rounds"), report.turnout());
    if (a, b) == (0, 0) {
        post.accent = Accent::Neutral;
    }
    post
}

fn shuffled(epochs: usize) -> Option<String> {
    (epochs > 1).then(|| "The teams were shuffled; the score is that of the teams that played last.".to_owned())
}

/// How much was played, and for how long.
fn size(numbers: &SessionNumbers) -> String {
    let report = &numbers.report;
    let maps = report.epochs.iter().map(|epoch| epoch.plays.len()).sum::<usize>();
    let minutes = (report.session.end_ms - report.session.start_ms + 30_000) / 60_000;
    let time = if minutes < 60 { format!("{minutes} min") } else { format!("{} h {} min", minutes / 60, minutes % 60) };
    format!("{} in {time}, {}", plural(maps as i64, "map", "maps"), report.turnout())
}

/// The most maps that one team won in a row, without any that ended even.
fn streak(epoch: &EpochReport) -> Option<String> {
    let counted: Vec<&MapPlayRow> = epoch.plays.iter().filter(|play| play.counted).collect();
    let runs = counted.chunk_by(|one, next| one.winner_team == next.winner_team);
    let longest = runs.filter(|run| run[0].winner_team != 0 && run.len() >= STREAK).max_by_key(|run| run.len())?;
    Some(format!("{} won {} maps in a row", epoch.name(longest[0].winner_team), longest.len()))
}

/// The longest runs of kills and of deaths in one round.
fn sprees(everybody: &[Somebody<'_>]) -> Vec<String> {
    let kills = leaders(everybody, |one| one.most(Field::KillingSpree));
    let deaths = leaders(everybody, |one| one.most(Field::DeathSpree));
    let kills = kills.map(|(who, count)| format!("Longest spree: {who}, {}", plural(count, "kill", "kills")));
    let deaths = deaths.map(|(who, count)| format!("Most deaths in a row: {who}, {count}"));
    kills.into_iter().chain(deaths).collect()
}

/// At most so many of them, beginning elsewhere each evening.
fn rotated(mut lines: Vec<String>, turn: i64, most: usize) -> Vec<String> {
    if !lines.is_empty() {
        let places = lines.len() as i64;
        lines.rotate_left(usize::try_from(turn.rem_euclid(places)).unwrap_or(0));
    }
    lines.truncate(most);
    lines
}

/// Who took most awards of the rounds' endstats, and the best of what only they tell.
fn of_endstats(numbers: &SessionNumbers, papers: &BTreeMap<i64, Vec<AwardRow>>) -> Vec<String> {
    const ONLY_THERE: [&str; 4] = ["farthest_riflenade", "quickest_multikill", "kill_assists", "knife_kills"];
    let report = &numbers.report;
    let plays: Vec<&MapPlayRow> = report.epochs.iter().flat_map(|epoch| &epoch.plays).collect();
    let mut taken: BTreeMap<String, i64> = BTreeMap::new();
    let mut best: BTreeMap<&str, (&AwardRow, String)> = BTreeMap::new();
    for round in report.rounds.iter().filter(|round| round.counts_for(CountsFor::LIFETIME)) {
        let Some(rows) = papers.get(&round.id) else { continue };
        let second = plays.iter().find(|play| play.first_half == Some(round.id)).and_then(|play| play.second_half);
        let has_second = second.is_some_and(|second| papers.contains_key(&second));
        for row in rows.iter().filter(|row| counts_once(row, round.half(), has_second)) {
            let name = row.player.and_then(|player| numbers.name(player)).unwrap_or(&row.name);
            if is_honour(row) {
                *taken.entry(name.to_owned()).or_default() += 1;
            }
            let known = best.get(row.award.as_str()).and_then(|(best, _)| best.amount);
            if ONLY_THERE.contains(&row.award.as_str()) && row.amount > known {
                let named = AwardRow { name: name.to_owned(), ..row.clone() };
                best.insert(&row.award, (row, format!("{} ({} R{})", line(&named), round.map, round.half())));
            }
        }
    }
    let mut most: Vec<(String, i64)> = taken.into_iter().collect();
    most.sort_by_key(|(name, count)| (Reverse(*count), name.clone()));
    let most: Vec<String> = most.iter().take(3).map(|(name, count)| format!("{} {count}", cut(name, NAME))).collect();
    let most = (!most.is_empty()).then(|| format!("Most awards of the rounds: {}", most.join(", ")));
    let best = ONLY_THERE.iter().filter_map(|key| best.get(key)).map(|(_, line)| line.clone());
    most.into_iter().chain(best.take(AWARDS - 1)).collect()
}

/// Who did not play every round that counts.
fn not_always_there(numbers: &SessionNumbers, everybody: &[Somebody<'_>]) -> Option<String> {
    let counting = numbers.report.rounds.iter().filter(|round| round.counts_for(CountsFor::LIFETIME)).count();
    let mut part: Vec<(&str, usize)> = everybody.iter().map(|one| (one.name, one.rounds.len())).collect();
    part.retain(|(_, played)| *played < counting);
    part.sort_by_key(|(name, played)| (Reverse(*played), *name));
    if part.is_empty() {
        return (!everybody.is_empty()).then(|| "Everybody played every round.".to_owned());
    }
    let named: Vec<String> =
        part.iter().take(NAMED).map(|(name, played)| format!("{} {played}", cut(name, NAME))).collect();
    let more = if part.len() > NAMED { format!(" and {} more", part.len() - NAMED) } else { String::new() };
    Some(format!("Not in all {counting} rounds: {}{more}", named.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::milestones;
    use crate::reports::sample::{play, shown, two_maps};

    fn award(award: &str, scope: &str, player: i64, value: &str) -> AwardRow {
        AwardRow {
            award: award.to_owned(),
            scope: scope.to_owned(),
            holder: "cut".to_owned(),
            name: "then".to_owned(),
            player: Some(player),
            value: value.to_owned(),
            amount: Some(60_000),
        }
    }

    #[test]
    fn a_digest_tells_the_evening() {
        let mut numbers = two_maps();
        // One who left early.
        numbers.lines.retain(|line| line.numbers.player != 3 || line.round < 3);
        let first = vec![award("damage_given", "match", 1, "3000"), award("kill_assists", "round", 1, "5")];
        let second = vec![
            award("damage_given", "match", 2, "5210"),
            award("farthest_riflenade", "round", 4, "60.00 m"),
            award("full_respawn", "mixed", 4, "40%"),
            award("deaths", "match", 4, "20"),
        ];
        let reached = [Reached { name: "bob".to_owned(), milestone: &milestones::ALL[2] }];
        let with = shown(&post(&numbers, &BTreeMap::from([(1, first), (2, second)]), &reached));
        let without = shown(&post(&numbers, &BTreeMap::new(), &[]));
        insta::assert_snapshot!([with, without].join("\n====\n"));
    }

    #[test]
    fn three_maps_in_a_row_are_a_streak_and_an_even_one_ends_it() {
        let told = |winners: &[i64]| {
            let plays = winners.iter().zip(1..);
            let plays = plays.map(|(winner, id)| MapPlayRow { winner_team: *winner, ..play(id, "supply", [None; 2]) });
            streak(&EpochReport { plays: plays.collect(), ..EpochReport::default() })
        };
        assert_eq!(told(&[1, -1, -1, -1, 1]), Some("Team B won 3 maps in a row".to_owned()));
        assert_eq!(told(&[1, 1, 0, 1]), None);
        assert_eq!(told(&[0, 0, 0]), None);
    }
}
