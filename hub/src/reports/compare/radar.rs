use crate::domain::leaf::{Number, Sums};
use crate::domain::metrics::{self, Metric};

/// The five axes on which two players are drawn against the pool.
#[derive(Debug, Clone)]
pub struct RadarAxes {
    /// The axes, in the order in which they stand around the middle.
    pub axes: Vec<RadarAxis>,
    /// Players of the pool, who give the median.
    pub pool: usize,
}

/// One axis, with three values scaled as the metric is.
#[derive(Debug, Clone)]
pub struct RadarAxis {
    /// What is drawn.
    pub metric: Metric,
    /// The value at the rim, just above the best of the pool, and whatever is above it; the middle is 0.
    pub rim: i64,
    /// The value of one and of the other player.
    pub players: [Option<i64>; 2],
    /// The median of the pool.
    pub median: Option<i64>,
}

/// Metrics and what stands at the rim where nobody is in the pool: K/D 5, accuracy 50 %, 1000 damage a minute, head hits
/// 50 %, 500 rounds.
const AXES: [(Metric, i64); 5] = [
    (metrics::kd::METRIC, 500),
    (metrics::accuracy::METRIC, 500),
    (metrics::dpm::METRIC, 10_000),
    (metrics::headshot_accuracy::METRIC, 500),
    (metrics::GAMES, 500),
];

/// Players with more rounds than this are the pool.
const LEAST_ROUNDS: i64 = 10;

impl RadarAxes {
    pub(super) fn of(players: &[Sums; 2], everybody: &[(i64, Sums)]) -> Self {
        let pool: Vec<&Sums> =
            everybody.iter().map(|(_, sums)| sums).filter(|sums| Number::Rounds.of(sums) > LEAST_ROUNDS).collect();
        let axis = |(metric, rim): (Metric, i64)| {
            let values: Vec<i64> = pool.iter().filter_map(|sums| metric.of(sums)).collect();
            let rim = values.iter().max().map_or(rim, |best| round_up(*best, 10_i64.pow(metric.decimals)));
            RadarAxis { metric, rim, players: [metric.of(&players[0]), metric.of(&players[1])], median: median(values) }
        };
        Self { axes: AXES.map(axis).into(), pool: pool.len() }
    }
}

impl RadarAxis {
    /// How far from the middle a value of this axis is drawn, from 0 to 1.
    pub fn reach(&self, value: i64) -> f64 {
        (value as f64 / self.rim as f64).clamp(0.0, 1.0)
    }
}

/// The next value with one digit or a half that is not below this one, in units of the metric.
fn round_up(best: i64, unit: i64) -> i64 {
    let mut step = unit;
    while step * 10 <= best {
        step *= 10;
    }
    let halves = (best * 2).max(1).div_euclid(step) + i64::from((best * 2).max(1).rem_euclid(step) > 0);
    halves * step / 2
}

/// The value in the middle; of an even number the mean of both.
fn median(mut values: Vec<i64>) -> Option<i64> {
    values.sort_unstable();
    let upper = *values.get(values.len() / 2)?;
    Some(if values.len().is_multiple_of(2) { i64::midpoint(values[values.len() / 2 - 1], upper) } else { upper })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rim_is_a_number_that_people_read() {
        let rims = [(0, 100), (167, 100), (700, 100), (4_115, 10), (3_780, 10), (638, 1), (1_153, 1), (9, 1)];
        let rims = rims.map(|(best, unit)| round_up(best, unit));
        assert_eq!(rims, [50, 200, 700, 4_500, 4_000, 650, 1_500, 9]);
    }

    #[test]
    fn the_pool_is_seen_by_its_median() {
        assert_eq!([vec![], vec![3], vec![9, 1], vec![9, 1, 4]].map(median), [None, Some(3), Some(5), Some(4)]);
        let player = |rounds: i64, kills: i64| {
            let mut sums = [0; Number::COUNT];
            sums[Number::Rounds as usize] = rounds;
            sums[Number::Kills as usize] = kills;
            sums[Number::Deaths as usize] = 100;
            sums
        };
        let pool = [(1, player(20, 100)), (2, player(30, 300)), (3, player(40, 700)), (4, player(10, 9_000))];
        let axes = RadarAxes::of(&[pool[1].1, pool[3].1], &pool);
        assert_eq!(axes.pool, 3, "who has hardly played is no measure");
        let ratio = &axes.axes[0];
        assert_eq!((ratio.players, ratio.median), ([Some(300), Some(9_000)], Some(300)));
        assert_eq!((ratio.rim, ratio.reach(350), ratio.reach(9_000)), (700, 0.5, 1.0));
        assert_eq!(axes.axes[2].median, None, "damage that nobody told is not 0");
    }
}
