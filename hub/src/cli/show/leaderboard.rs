use anyhow::bail;
use serde_json::{Value, json};

use crate::cli::Place;
use crate::domain::leaf::Number;
use crate::domain::metrics::Better;
use crate::reports::leaderboard::category::{self, Category};
use crate::reports::leaderboard::{Leaderboard, scope};
use crate::store::Store;

use super::leaderboard_text;

#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
pub(in crate::cli) struct LeaderboardArgs {
    /// kills, kd, dpm, accuracy, headshots, games, revives, gibs, objectives, efficiency, teamwork, multikills or
    /// grenades
    #[arg(default_value = "kills")]
    category: String,
    /// `all`; `season` or `month` for the last one played; or one of them, or a map, by name: 2026-Q4, 2026-11, supply
    #[arg(long, default_value = "all")]
    scope: String,
    /// Ten players a page
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    page: u32,
}

const HELP: &str = "\
Totals (kills, revives, gibs, objectives, multikills, grenades) list who played more than 10 rounds in the scope and \
say how many are left out; games lists everybody. Rates (kd, dpm, accuracy, headshots, efficiency, teamwork) list \
everybody by the worse end of what is likely; ~ marks a small sample: 50 rounds or fewer, in accuracy also 1000 shots or \
fewer, in headshots 1000 hits or fewer.";

pub(super) async fn show(place: &Place, store: &Store, args: &LeaderboardArgs) -> anyhow::Result<u8> {
    let Some(category) = category::find(&args.category) else {
        let known: Vec<&str> = category::ALL.iter().map(|one| one.key).collect();
        bail!("there is no leaderboard {}; there are {}", args.category, known.join(", "));
    };
    let Some(scope) = scope::find(store, &args.scope).await? else {
        bail!("nothing was played in {}; {}", args.scope, known_scopes(store).await?);
    };
    if !category.is_counted_in(&scope) {
        bail!("weapons are not counted by map; show leaderboard {} --scope all, a season or a month", category.key);
    }
    let board = Leaderboard::read(store, category, &scope, args.page as usize).await?;
    if board.page > board.pages {
        bail!("page {} of {} is not there: the last one is --page {}", board.page, board.pages, board.pages);
    }
    if place.json {
        println!("{}", serde_json::to_string_pretty(&as_json(&board))?);
    } else {
        anstream::println!("{}", leaderboard_text::lines(&board).join("\n"));
    }
    Ok(0)
}

/// The newest seasons and months and all maps, as a hint.
async fn known_scopes(store: &Store) -> anyhow::Result<String> {
    let scopes = store.scopes().await?;
    let of = |kind: &str, most: usize| -> String {
        let names: Vec<&str> = scopes.iter().rev().filter_map(|scope| scope.strip_prefix(kind)).take(most).collect();
        names.join(", ")
    };
    if scopes.is_empty() {
        return Ok("no round counts yet".to_owned());
    }
    Ok(format!(
        "there are all, the seasons {}, the months {} and the maps {}",
        of("season:", 4),
        of("month:", 4),
        of("map:", 30)
    ))
}

fn minimum(category: &Category) -> Value {
    category.metric.minimum.iter().map(|(number, over)| json!({ "number": number.name(), "more_than": over })).collect()
}

fn as_json(board: &Leaderboard) -> Value {
    let metric = &board.category.metric;
    let entries: Vec<Value> = board
        .entries
        .iter()
        .map(|entry| {
            let (player, ranked) = (&entry.player, &entry.ranked);
            json!({
                "rank": ranked.rank, "tied": ranked.tied, "id": player.player.to_string(), "key": player.key,
                "name": player.name, "value": ranked.value, "estimate": ranked.likely.map(|likely| likely.value),
                "low": ranked.likely.map(|likely| likely.low), "high": ranked.likely.map(|likely| likely.high),
                "sample": board.category.sample.0.of(&ranked.sums), "rounds": Number::Rounds.of(&ranked.sums),
                "small_sample": ranked.is_small,
            })
        })
        .collect();
    json!({
        "category": board.category.key, "scope": board.scope, "metric": metric.key, "formula": metric.formula_id(),
        "definition": metric.definition, "unit": metric.unit, "decimals": metric.decimals,
        "better": if metric.better == Better::Higher { "higher" } else { "lower" },
        "ranked_by": if board.category.is_estimated() { "worse end of the likely range, then the estimate" } else { "value" },
        "sample_of": board.category.sample.1, "minimum": minimum(board.category), "page": board.page,
        "pages": board.pages, "players": board.players, "rounds": board.rounds, "left_out": board.left_out,
        "entries": entries,
    })
}
