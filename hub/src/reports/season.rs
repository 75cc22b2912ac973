//! The season of today: when it ends, who leads it, who leads of all time.

use crate::domain::leaf::{Number, Sums};
use crate::domain::metrics::kd;
use crate::domain::season::Season;
use crate::store::Store;
use crate::store::read::NamedPlayer;
use crate::store::totals::ALL_TIME;

use super::ReportError;
use super::answer::Answer;
use super::columns::{left, right};
use super::post::{Accent, Post, Table};
use super::which_session;
use super::words::{hundredths, plural, thousands};

/// Whoever leads a season has more rounds than this in it.
const LEAST_IN_SEASON: i64 = 5;
/// Whoever leads of all time has more rounds than this.
const LEAST_EVER: i64 = 10;
/// Players that are named.
const NAMED: usize = 3;

/// Somebody with his sums.
type Leader = (NamedPlayer, Sums);

/// The season that an instant (Unix milliseconds) is in where the servers are, and its leaders.
pub(super) async fn answer(store: &Store, now_ms: i64) -> Result<Answer, ReportError> {
    let today = which_session::today(store, now_ms).await?;
    let season = Season::of(today);
    let own = leaders(store, &format!("season:{}", season.id()), LEAST_IN_SEASON).await?;
    let ever = leaders(store, ALL_TIME, LEAST_EVER).await?;
    Ok(Answer::from(post(season, season.days_left(today), &own, &ever)))
}

/// Who has the most kills of those with a sample.
async fn leaders(store: &Store, scope: &str, least: i64) -> Result<Vec<Leader>, ReportError> {
    let mut totals = store.totals_of_scope(scope).await?;
    totals.retain(|(_, sums)| Number::Rounds.of(sums) > least && Number::Kills.of(sums) > 0);
    // Of equal kills those in fewer rounds are more.
    totals.sort_by_key(|(player, sums)| (-Number::Kills.of(sums), Number::Rounds.of(sums), *player));
    let mut leaders = Vec::new();
    for (player, sums) in totals.into_iter().take(NAMED) {
        leaders.extend(store.player(player).await?.map(|player| (player, sums)));
    }
    Ok(leaders)
}

fn post(season: Season, days_left: i32, own: &[Leader], ever: &[Leader]) -> Post {
    let left_over = match days_left {
        0 => "last day".to_owned(),
        days => format!("{} left", plural(i64::from(days), "day", "days")),
    };
    let leads =
        own.first().map_or_else(|| "nobody leads yet".to_owned(), |(player, _)| format!("{} leads", player.name));
    let table = |heading: String, leaders: &[Leader]| {
        let mut rows = vec![format!("{}{}{}{}", left("", 14), right("KILLS", 7), right("K/D", 6), right("ROUNDS", 7))];
        rows.extend(leaders.iter().map(|(player, sums)| {
            let [kills, deaths, rounds] = [Number::Kills, Number::Deaths, Number::Rounds].map(|one| one.of(sums));
            format!(
                "{}{}{}{}",
                left(&player.name, 14),
                right(&thousands(kills), 7),
                right(&hundredths(kd::kd(kills, deaths)), 6),
                right(&thousands(rounds), 7)
            )
        }));
        (!leaders.is_empty()).then_some(Table { heading, rows })
    };
    Post {
        title: format!("{}: {left_over}, {leads}", season.name()),
        accent: Accent::Neutral,
        lines: vec![format!("Season {}, from {} to {}.", season.id(), season.start(), season.end())],
        tables: [table("Most kills this season".to_owned(), own), table("Most kills of all time".to_owned(), ever)]
            .into_iter()
            .flatten()
            .collect(),
        notes: vec![format!(
            "Named is who has more than {LEAST_IN_SEASON} rounds in the season, or {LEAST_EVER} of all time."
        )],
        footer: "days where the game server is".to_owned(),
        timestamp_ms: None,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_season_tells_its_end_and_its_leader() {
        let leader = |id, name: &str, kills, rounds| {
            let mut sums = [0; Number::COUNT];
            sums[Number::Kills as usize] = kills;
            sums[Number::Deaths as usize] = 100;
            sums[Number::Rounds as usize] = rounds;
            (NamedPlayer { player: id, key: format!("A{id}"), name: name.to_owned(), last_round: 0 }, sums)
        };
        let season = Season::of(date(2026, 11, 28));
        let (own, ever) = ([leader(1, "anna", 250, 12)], [leader(2, "bob", 12_345, 900), leader(1, "anna", 300, 14)]);
        insta::assert_debug_snapshot!(post(season, 33, &own, &ever));
        assert_eq!(post(season, 0, &[], &[]).title, "Winter 2026: last day, nobody leads yet");
    }
}
