//! A leaderboard as pages of ten.

use crate::domain::metrics::Better;
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
                "Nothing was played in {over}: give a map, a season such as 2026-Q4, or a month such as 2026-11."
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
        let end = if metric.better == Better::Higher { "low" } else { "high" };
        lines.push(format!("Ranked by the {end} end of what is likely, so a lucky few rounds do not lead."));
    }
    if board.entries.is_empty() {
        lines.push("Nobody yet.".to_owned());
    }
    let unit = if metric.unit == "%" { format!("{} %", metric.column) } else { metric.column.to_owned() };
    let mut rows = vec![format!("    {}{}{}", left("", 13), right(&unit, 9), right("ROUNDS", 8))];
    rows.extend(board.entries.iter().map(|entry| row(board, entry)));
    let small = board.entries.iter().any(|entry| entry.ranked.is_small);
    let page = (board.pages > 1).then(|| format!("page {} of {}", board.page, board.pages));
    let players = plural(board.players as i64, "player", "players");
    Post {
        title: title(board),
        accent: Accent::Neutral,
        lines,
        tables: if board.entries.is_empty() { Vec::new() } else { vec![Table { heading: String::new(), rows }] },
        notes: small.then(|| "~ few rounds: the number may still change a lot".to_owned()).into_iter().collect(),
        footer: [Some(players), page].into_iter().flatten().collect::<Vec<_>>().join(" · "),
        timestamp_ms: None,
    }
}

/// What the board is of, and who leads it; where several share the lead, how many.
fn title(board: &Leaderboard) -> String {
    let of = format!("{}, {}", board.category.metric.label, scope::label(&board.scope));
    let unit = if board.category.metric.unit == "%" { " %" } else { "" };
    let first = board.entries.iter().filter(|entry| entry.ranked.rank == 1);
    match first.collect::<Vec<_>>().as_slice() {
        [] => of,
        [leader] => format!("{of}: {} leads with {}{unit}", leader.player.name, value(board, leader)),
        tied => format!("{of}: {} share the lead with {}{unit}", tied.len(), value(board, tied[0])),
    }
}

fn value(board: &Leaderboard, entry: &Entry) -> String {
    let value = entry.ranked.likely.map_or(entry.ranked.value, |likely| likely.value);
    scaled(Some(value), board.category.metric.decimals)
}

fn row(board: &Leaderboard, entry: &Entry) -> String {
    let ranked = &entry.ranked;
    let tie = if ranked.tied { "=" } else { " " };
    let rounds = thousands(crate::domain::leaf::Number::Rounds.of(&ranked.sums));
    let small = if ranked.is_small { "~" } else { "" };
    format!(
        "{}{tie} {}{}{}{small}",
        right(&ranked.rank.to_string(), 2),
        left(&entry.player.name, 13),
        right(&value(board, entry), 9),
        right(&rounds, 7),
    )
}
