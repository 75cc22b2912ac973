//! A leaderboard in the terminal.

use crate::cli::paint::{QUIET, STRONG, painted};
use crate::domain::leaf::Number;
use crate::domain::metrics::{Better, Metric};
use crate::reports::columns::{left, right};
use crate::reports::leaderboard::{Entry, Leaderboard, scope};
use crate::reports::words::{plural, scaled, thousands};

pub(super) fn print(board: &Leaderboard) {
    let category = board.category;
    let metric = &category.metric;
    anstream::println!("{}", painted(STRONG, &format!("{}, {}", metric.label, scope::label(&board.scope))));
    anstream::println!("{}", painted(QUIET, &format!("{} ({})", metric.definition, metric.formula_id())));
    anstream::println!("{}", painted(QUIET, &how(board)));
    if board.entries.is_empty() {
        anstream::println!("\n{}", nobody(board));
        return;
    }
    anstream::println!("\n{}", painted(QUIET, &heading(board)));
    for entry in &board.entries {
        print_entry(board, entry);
    }
    let facts = [
        Some(plural(board.players as i64, "player", "players")),
        Some(format!("{} of them all", plural(board.rounds, "round", "rounds"))),
        (board.pages > 1).then(|| format!("page {} of {}", board.page, board.pages)),
        (board.left_out > 0).then(|| format!("{} with {} left out", board.left_out, too_few(metric))),
    ];
    anstream::println!("\n{}", painted(QUIET, &facts.into_iter().flatten().collect::<Vec<_>>().join(" · ")));
}

/// What ranks.
fn how(board: &Leaderboard) -> String {
    let metric = &board.category.metric;
    match (board.category.is_estimated(), metric.better) {
        (false, _) => "ranked by the number itself".to_owned(),
        (true, Better::Higher) => {
            "ranked by what each surely has: the true value is above the first of the two ends in four cases of five".to_owned()
        }
        (true, Better::Lower) => {
            "the lower the better, ranked by the second of the two ends: the true value is below it in four cases of five"
                .to_owned()
        }
    }
}

fn too_few(metric: &Metric) -> String {
    let parts: Vec<String> =
        metric.minimum.iter().map(|(number, over)| format!("{over} {}", number.name().replace('_', " "))).collect();
    format!("at most {}", parts.join(" or "))
}

fn nobody(board: &Leaderboard) -> String {
    if board.page > 1 {
        return format!("There is no page {}; the last one is {}.", board.page, board.pages);
    }
    match board.left_out {
        0 => "Nobody has any yet.".to_owned(),
        some => format!(
            "Nobody yet: {} have {}.",
            plural(some as i64, "player", "players"),
            too_few(&board.category.metric)
        ),
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
    let mut line = format!("  #   {} {}", left("", 18), right(&unit(metric), 8));
    if board.category.is_estimated() {
        line += &right("between", 17);
    }
    if let Some(beside) = &board.category.beside {
        line += &right(&unit(beside), 8);
    }
    if has_sample_column(board) {
        line += &right(&board.category.sample.1.to_uppercase(), 8);
    }
    line + &right("ROUNDS", 8)
}

fn print_entry(board: &Leaderboard, entry: &Entry) {
    let (ranked, metric) = (&entry.ranked, &board.category.metric);
    let shown = |value: i64| scaled(Some(value), metric.decimals);
    let place = format!("{}{}", ranked.rank, if ranked.tied { "=" } else { " " });
    let mut line = format!("{} {} {}", right(&place, 4), left(&entry.player.name, 18), right(&shown(ranked.value), 9));
    if let Some((low, high)) = ranked.interval {
        line += &right(&format!("{} – {}", shown(low), shown(high)), 17);
    }
    if let Some(beside) = &board.category.beside {
        line += &right(&scaled(beside.of(&ranked.sums), beside.decimals), 8);
    }
    if has_sample_column(board) {
        line += &right(&thousands(board.category.sample.0.of(&ranked.sums)), 8);
    }
    line += &right(&thousands(Number::Rounds.of(&ranked.sums)), 8);
    if ranked.is_small {
        line += "  small sample";
    }
    anstream::println!("{}", if ranked.is_small { painted(QUIET, &line) } else { line });
}
