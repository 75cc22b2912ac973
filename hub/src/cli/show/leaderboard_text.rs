//! A leaderboard in the terminal.

use crate::cli::paint::{QUIET, STRONG, painted};
use crate::domain::leaf::Number;
use crate::domain::metrics::{self, Better, Metric};
use crate::reports::columns::{left, right};
use crate::reports::leaderboard::{Entry, Leaderboard, Likely, scope};
use crate::reports::words::{plural, scaled, thousands};

/// The board, line by line.
pub(super) fn lines(board: &Leaderboard) -> Vec<String> {
    let metric = &board.category.metric;
    let mut lines = vec![
        painted(STRONG, &format!("{}, {}", metric.label, scope::label(&board.scope))),
        painted(QUIET, &format!("{} ({})", metric.definition, metric.formula_id())),
    ];
    lines.extend(how(board).iter().map(|how| painted(QUIET, how)));
    lines.push(String::new());
    if board.entries.is_empty() {
        lines.push(nobody(board));
        return lines;
    }
    lines.push(painted(QUIET, &heading(board)));
    lines.extend(board.entries.iter().map(|entry| row(board, entry)));
    let facts = [
        Some(plural(board.players as i64, "player", "players")),
        Some(format!("{} between them", plural(board.rounds, "round", "rounds"))),
        (board.pages > 1).then(|| format!("page {} of {}", board.page, board.pages)),
        board.entries.iter().any(|entry| entry.ranked.is_small).then(|| format!("~ small sample: {}", too_few(metric))),
        (board.left_out > 0).then(|| format!("{} left out, with {}", board.left_out, too_few(metric))),
    ];
    lines.push(String::new());
    lines.push(painted(QUIET, &facts.into_iter().flatten().collect::<Vec<_>>().join(" · ")));
    lines
}

/// What is shown and what ranks, where it is not the number itself.
fn how(board: &Leaderboard) -> Vec<String> {
    let metric = &board.category.metric;
    let (note, end, side) = match (board.category.is_estimated(), metric.better) {
        (false, _) => return Vec::new(),
        (true, Better::Higher) => ("", "low", "above"),
        (true, Better::Lower) => ("; lower is better", "high", "below"),
    };
    vec![
        format!(
            "{} is an estimate: the measured value, drawn towards everybody's mean if the sample is small{note}",
            metric.column
        ),
        format!("ranked by the {end} end of the likely range: four times in five the truth lies {side} it"),
    ]
}

fn too_few(metric: &Metric) -> String {
    let parts: Vec<String> =
        metric.minimum.iter().map(|(number, over)| format!("{over} {}", number.name().replace('_', " "))).collect();
    format!("{} or fewer", parts.join(" or "))
}

fn nobody(board: &Leaderboard) -> String {
    match board.left_out {
        0 => "Nobody has any yet.".to_owned(),
        some => {
            format!(
                "Nobody yet: {} have {}.",
                plural(some as i64, "player", "players"),
                too_few(&board.category.metric)
            )
        }
    }
}

/// Whether the sample is shown in a column of its own.
fn has_sample_column(board: &Leaderboard) -> bool {
    board.category.sample.0 != Number::Rounds
}

fn heading(board: &Leaderboard) -> String {
    let metric = &board.category.metric;
    let unit =
        |metric: &Metric| if metric.unit == "%" { format!("{} %", metric.column) } else { metric.column.to_owned() };
    let mut line = format!("   #  {} {}", left("", 18), right(&unit(metric), 8));
    if board.category.is_estimated() {
        line += &right("likely range", 17);
        line += &right("measured", 10);
    }
    if let Some(beside) = &board.category.beside {
        line += &right(&unit(beside), 8);
    }
    if has_sample_column(board) {
        line += &right(&board.category.sample.1.to_uppercase(), 8);
    }
    if counts_rounds(board) { line } else { line + &right("ROUNDS", 8) }
}

/// Whether the board's own number is the rounds.
fn counts_rounds(board: &Leaderboard) -> bool {
    board.category.metric.key == metrics::GAMES.key
}

fn row(board: &Leaderboard, entry: &Entry) -> String {
    let (ranked, metric) = (&entry.ranked, &board.category.metric);
    let shown = |value: i64| scaled(Some(value), metric.decimals);
    let tie = if ranked.tied { "=" } else { " " };
    let place = right(&ranked.rank.to_string(), 4);
    let value = ranked.likely.map_or(ranked.value, |likely| likely.value);
    let mut line = format!("{place}{tie} {} {}", left(&entry.player.name, 18), right(&shown(value), 8));
    if let Some(Likely { low, high, .. }) = ranked.likely {
        line += &right(&format!("{} – {}", shown(low), shown(high)), 17);
        line += &right(&shown(ranked.value), 10);
    }
    if let Some(beside) = &board.category.beside {
        line += &right(&scaled(beside.of(&ranked.sums), beside.decimals), 8);
    }
    if has_sample_column(board) {
        line += &right(&thousands(board.category.sample.0.of(&ranked.sums)), 8);
    }
    if !counts_rounds(board) {
        line += &right(&thousands(Number::Rounds.of(&ranked.sums)), 8);
    }
    if ranked.is_small { painted(QUIET, &(line + " ~")) } else { line }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::leaf::Sums;
    use crate::reports::leaderboard::{Ranked, category};
    use crate::store::read::NamedPlayer;

    fn entry(rank: usize, tied: bool, name: &str, value: i64, likely: Option<Likely>) -> Entry {
        let mut sums: Sums = [0; Number::COUNT];
        sums[Number::Rounds as usize] = 12_000 / rank as i64;
        sums[Number::Kills as usize] = 2_000;
        sums[Number::Deaths as usize] = 1_600;
        sums[Number::BulletShots as usize] = 99_000 / rank as i64;
        let player =
            NamedPlayer { player: rank as i64, key: "A1000000".to_owned(), name: name.to_owned(), last_round: 0 };
        Entry { player, ranked: Ranked { player: 1, rank, tied, value, likely, is_small: rank > 2, sums } }
    }

    fn board(key: &str, page: usize, entries: Vec<Entry>) -> String {
        let category = category::find(key).unwrap();
        let scope = "map:supply".to_owned();
        let board = Leaderboard { category, scope, page, pages: 2, players: 13, rounds: 1554, left_out: 4, entries };
        anstream::adapter::strip_str(&lines(&board).join("\n")).to_string()
    }

    #[test]
    fn boards() {
        let likely = |low, value, high| Some(Likely { value, low, high });
        let accuracy = board(
            "accuracy",
            1,
            vec![
                entry(1, false, "bob", 420, likely(417, 419, 422)),
                entry(2, true, "日本語の名前です長いですよね", 418, likely(414, 417, 419)),
                entry(2, true, "al", 1000, likely(414, 417, 501)),
                entry(4, false, "a very long name indeed", 390, likely(380, 391, 400)),
            ],
        );
        let kills = board("kills", 2, vec![entry(11, false, "bob", 12_345, None)]);
        let nobody = board("kills", 1, vec![]);
        let games = board("games", 1, vec![entry(1, false, "bob", 12_000, None)]);
        let team = board("teamwork", 1, vec![entry(1, false, "bob", 0, likely(12, 15, 19))]);
        insta::assert_snapshot!([accuracy, kills, nobody, games, team].join("\n\n"));
    }
}
