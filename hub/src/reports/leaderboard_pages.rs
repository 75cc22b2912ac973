//! A leaderboard as pages of ten.

use crate::domain::leaf::{Number, Sums};
use crate::domain::metrics::{self, Better, Metric};
use crate::store::Store;

use super::ReportError;
use super::answer::Answer;
use super::columns::{left, right};
use super::leaderboard::{Entry, Leaderboard, category, scope};
use super::post::{Accent, Post, Table};
use super::words::{plural, scaled, thousands};

/// Pages that are made at most.
const MOST_PAGES: usize = 50;

/// All pages of a board, over what a text names.
pub(super) async fn answer(store: &Store, category: &str, over: &str) -> Result<Answer, ReportError> {
    let Some(category) = category::find(category) else {
        let known: Vec<&str> = category::ALL.iter().map(|category| category.key).collect();
        return Err(ReportError::Nothing(format!("There is no board for {category}; there are {}.", known.join(", "))));
    };
    let Some(over) = scope::find(store, over).await? else {
        return Err(ReportError::Nothing(match over {
            "all" | "season" | "month" => "Nothing has been played yet.".to_owned(),
            over => format!(
                "{over} is no board, and nothing was played in it: a board is kills, kd, dpm and so on, what it is over a map, \
                 season, month, 2026-Q4 or 2026-11."
            ),
        }));
    };
    if !category.is_counted_in(&over) {
        return Err(ReportError::Nothing("Weapons are not counted by map.".to_owned()));
    }
    let pages = Leaderboard::pages(store, category, &over, MOST_PAGES).await?;
    Ok(Answer::pages(pages.iter().map(post).collect()))
}

fn post(board: &Leaderboard) -> Post {
    let metric = &board.category.metric;
    let mut lines = vec![format!("{} ({})", metric.definition, metric.formula_id())];
    if board.category.is_estimated() {
        let (end, side) = end(board);
        lines.push(format!("Ranked by {end}: four times in five the true value lies {side} it."));
    }
    if board.entries.is_empty() {
        lines.push("Nobody yet.".to_owned());
    }
    let unit = if metric.unit == "%" { format!("{} %", metric.column) } else { metric.column.to_owned() };
    let mut rows = vec![head(board, &unit)];
    rows.extend(board.entries.iter().map(|entry| row(board, entry)));
    let small = board.entries.iter().any(|entry| entry.ranked.is_small);
    let page = (board.pages > 1).then(|| format!("page {} of {}", board.page, board.pages));
    let players = plural(board.players as i64, "player", "players");
    let mut notes = Vec::new();
    if small {
        notes.push("~ few rounds: the number may still change a lot".to_owned());
    }
    let least = metric.minimum.iter().find(|(number, _)| *number == Number::Rounds);
    if let Some((_, least)) = least.filter(|_| board.left_out > 0) {
        notes.push(format!(
            "{} with {least} rounds or fewer: not listed",
            plural(board.left_out as i64, "player", "players")
        ));
    }
    Post {
        title: title(board),
        accent: Accent::Neutral,
        lines,
        tables: if board.entries.is_empty() { Vec::new() } else { vec![Table { heading: String::new(), rows }] },
        notes,
        footer: [Some(players), page].into_iter().flatten().collect::<Vec<_>>().join(" · "),
        timestamp_ms: None,
    }
}

/// What the board is of, and who leads it; where several share the lead, how many.
fn title(board: &Leaderboard) -> String {
    let of = format!("{}, {}", board.category.metric.label, scope::label(&board.scope));
    let few = |leader: &Entry| {
        let rounds = Number::Rounds.of(&leader.ranked.sums);
        if leader.ranked.is_small { format!(" in {}", plural(rounds, "round", "rounds")) } else { String::new() }
    };
    let unit = if board.category.metric.unit == "%" { " %" } else { "" };
    let first = board.entries.iter().filter(|entry| entry.ranked.rank == 1);
    match first.collect::<Vec<_>>().as_slice() {
        [] => of,
        [leader] => format!("{of}: {} leads with {}{unit}{}", leader.player.name, value(board, leader), few(leader)),
        tied if board.category.is_estimated() => format!("{of}: {} share the lead", tied.len()),
        tied => format!("{of}: {} share the lead with {}{unit}", tied.len(), value(board, tied[0])),
    }
}

fn value(board: &Leaderboard, entry: &Entry) -> String {
    scaled(Some(entry.ranked.value), board.category.metric.decimals)
}

/// What a board of estimates is ranked by, as its column is called, and on which side of it the truth lies.
fn end(board: &Leaderboard) -> (&'static str, &'static str) {
    if board.category.metric.better == Better::Higher { ("LEAST", "above") } else { ("MOST", "below") }
}

fn beside(metric: &Metric, sums: &Sums) -> String {
    match metric.of(sums) {
        Some(value) if metric.decimals == 0 => thousands(value),
        value => scaled(value, metric.decimals),
    }
}

fn head(board: &Leaderboard, unit: &str) -> String {
    let value = right(unit, 7);
    match board.category.key {
        _ if board.category.is_estimated() => {
            format!("    {}{value}{}{}", left("", 11), right(end(board).0, 6), right("RDS", 5))
        }
        key => {
            let beside = board.category.beside.map_or("", |metric| metric.column);
            let rounds = if key == metrics::GAMES.key { "" } else { "RDS" };
            format!("    {}{value}{}{}", left("", 11), right(beside, 7), right(rounds, 5)).trim_end().to_owned()
        }
    }
}

fn row(board: &Leaderboard, entry: &Entry) -> String {
    let ranked = &entry.ranked;
    let tie = if ranked.tied { "=" } else { " " };
    let rounds = thousands(Number::Rounds.of(&ranked.sums));
    let small = if ranked.is_small { "~" } else { "" };
    let (rank, name, value) = (right(&ranked.rank.to_string(), 2), &entry.player.name, right(&value(board, entry), 7));
    if let Some(likely) = ranked.likely {
        let end = if board.category.metric.better == Better::Higher { likely.low } else { likely.high };
        let end = scaled(Some(end), board.category.metric.decimals);
        return format!("{rank}{tie} {}{value}{}{}{small}", left(name, 11), right(&end, 6), right(&rounds, 5));
    }
    let beside = board.category.beside.map_or(String::new(), |metric| beside(&metric, &ranked.sums));
    let rounds = if board.category.key == metrics::GAMES.key { "" } else { &rounds };
    let line = format!("{rank}{tie} {}{value}{}{}", left(name, 11), right(&beside, 7), right(rounds, 5));
    format!("{}{small}", line.trim_end())
}
