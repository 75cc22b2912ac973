//! On which maps a player does more or less.

use crate::domain::habits::map_affinity::{Affinity, LEAST_ROUNDS};
use crate::reports::columns::{left, right};
use crate::reports::post::{Post, Table};
use crate::store::read::NamedPlayer;

use super::{DAYS, about, signed};

/// Maps that are told at most; the worst are among them.
const MOST: usize = 14;

/// The post about a player's maps, the best first.
pub(super) fn post(player: &NamedPlayer, rounds: usize, maps: &[Affinity]) -> Post {
    let clear = |better: bool| {
        maps.iter().filter(move |map| map.difference.is_clear() && (map.difference.value > 0.0) == better)
    };
    let told = |map: &Affinity| format!("{} ({} %)", map.map, signed(map.difference.in_percent().value));
    let name = &player.name;
    let title = match (clear(true).next(), clear(false).next_back()) {
        (Some(best), Some(worst)) => format!("{name}: best on {}, worst on {}", told(best), told(worst)),
        (Some(best), None) => format!("{name} does best on {}", told(best)),
        (None, Some(worst)) => format!("{name} does worst on {}", told(worst)),
        (None, None) => format!("{name}: no map stands out"),
    };
    let mut rows = vec![format!("{}{}{}{}", left("", 14), right("DPM%", 6), right("LIKELY", 10), right("N", 4))];
    // In the middle nothing happens.
    let (head, tail) = if maps.len() > MOST { (MOST / 2, maps.len() - MOST / 2) } else { (maps.len(), maps.len()) };
    rows.extend(maps[..head].iter().chain(&maps[tail..]).map(|map| {
        let likely = map.difference.in_percent();
        let mark = if map.difference.is_clear() { "*" } else { " " };
        format!(
            "{mark} {}{}{}{}",
            left(&map.map, 12),
            right(&signed(likely.value), 6),
            right(&format!("{}..{}", signed(likely.low), signed(likely.high)), 10),
            right(&map.rounds.to_string(), 4)
        )
    }));
    let tables = if maps.is_empty() { Vec::new() } else { vec![Table { heading: String::new(), rows }] };
    let lines = vec![
        "DPM against everybody on that map, next to his own usual.".to_owned(),
        match maps.len() {
            0 => format!("No map has {LEAST_ROUNDS} rounds yet."),
            _ => "* clear; the others may be chance (80 % ranges)".to_owned(),
        },
        format!("{rounds} rounds, {DAYS} days up to the last one."),
    ];
    about(player, title, lines, tables, "map_affinity@1")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::habits::Estimate;

    #[test]
    fn only_what_is_clear_is_in_the_title() {
        let map = |map: &str, rounds, value: f64, reach: f64| Affinity {
            map: map.to_owned(),
            rounds,
            difference: Estimate { value, low: value - reach, high: value + reach },
        };
        let maps = [map("supply", 24, 0.12, 0.07), map("etl_sp_delivery", 6, 0.05, 0.11), map("radar", 12, -0.2, 0.09)];
        insta::assert_debug_snapshot!(post(&super::super::anna(), 42, &maps));
        assert_eq!(post(&super::super::anna(), 42, &maps[1..2]).title, "anna: no map stands out");
        let many: Vec<Affinity> = (0..30).map(|at| map(&format!("map {at}"), 3, 0.0, 0.1)).collect();
        let rows = post(&super::super::anna(), 90, &many).tables.remove(0).rows;
        assert!(rows.len() == MOST + 1 && rows.last().unwrap().contains("map 29"));
        assert!(post(&super::super::anna(), 2, &[]).tables.is_empty());
    }
}
