//! `map_affinity@1`: on which maps a player stands better or worse against everybody there than he does elsewhere.

use std::collections::BTreeMap;

use super::{Estimate, Half, mean};

/// Rounds that what is usual, no difference, is worth.
const PRIOR: f64 = 10.0;
/// Rounds on a map that are needed to tell of it.
pub const LEAST_ROUNDS: usize = 3;
/// The standard deviations of an 80 % interval.
const REACH: f64 = 1.281_551_565_544_6;

/// A map and how the player does there.
#[derive(Debug, Clone, PartialEq)]
pub struct Affinity {
    /// The map.
    pub map: String,
    /// His rounds on it.
    pub rounds: usize,
    /// Against his own level on all maps, drawn towards no difference; with an 80 % interval.
    pub difference: Estimate,
}

/// All maps with a sample, those on which he does best first.
pub fn affinities(halves: &[Half]) -> Vec<Affinity> {
    if halves.len() < 2 {
        return Vec::new();
    }
    let usual = mean(&halves.iter().map(|half| half.level).collect::<Vec<_>>());
    let mut maps: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for half in halves {
        maps.entry(&half.map).or_default().push(half.level - usual);
    }
    // How much rounds of one map differ.
    let within: f64 = maps.values().map(|levels| super::variance(levels) * (levels.len() - 1) as f64).sum();
    let freedom = halves.len() - maps.len();
    if freedom == 0 {
        return Vec::new();
    }
    let within = within / freedom as f64;
    let mut found: Vec<Affinity> = maps
        .into_iter()
        .filter(|(_, levels)| levels.len() >= LEAST_ROUNDS)
        .map(|(map, levels)| {
            let rounds = levels.len() as f64;
            let value = mean(&levels) * rounds / (rounds + PRIOR);
            let reach = REACH * (within / (rounds + PRIOR)).sqrt();
            Affinity { map: map.to_owned(), rounds: levels.len(), difference: Estimate::around(value, reach) }
        })
        .collect();
    found.sort_by(|a, b| b.difference.value.total_cmp(&a.difference.value));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(map: &str, levels: &[f64]) -> Vec<Half> {
        let half = |level: &f64| Half {
            session: 1,
            map: map.to_owned(),
            attacked: None,
            hours: 0.0,
            seconds: 600,
            damage: 0,
            level: *level,
        };
        levels.iter().map(half).collect()
    }

    #[test]
    fn a_difference_is_drawn_to_none_and_has_an_interval() {
        let even = [0.1, -0.1].repeat(10);
        let better: Vec<f64> = even.iter().map(|level| level + 0.4).collect();
        let found = affinities(&[on("radar", &even), on("supply", &better), on("te_escape2", &[3.0, 3.0])].concat());
        let maps: Vec<(&str, usize)> = found.iter().map(|one| (one.map.as_str(), one.rounds)).collect();
        assert_eq!(maps, [("supply", 20), ("radar", 20)], "two rounds tell nothing");

        let found = affinities(&[on("radar", &even), on("supply", &better)].concat());
        let supply = &found[0].difference;
        // Plainly 0.2 above the mean of both; twenty rounds against ten of no difference.
        assert!((supply.value - 0.2 * 20.0 / 30.0).abs() < 1e-9, "{supply:?}");
        // 40 · 0.01 / 38 of variance within.
        let reach = REACH * (0.4 / 38.0 / 30.0_f64).sqrt();
        assert!((supply.high - supply.value - reach).abs() < 1e-9 && supply.is_clear());
    }

    #[test]
    fn noise_has_no_best_map() {
        let levels = [0.5, -0.4, 0.3, -0.5, 0.2, -0.1];
        let found = affinities(&[on("radar", &levels[..3]), on("supply", &levels[3..])].concat());
        assert!(found.len() == 2 && found.iter().all(|one| !one.difference.is_clear()), "{found:?}");
        assert!(affinities(&on("radar", &[0.1])).is_empty());
    }
}
