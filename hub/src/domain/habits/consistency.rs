//! `consistency@1`: how much a player's rounds differ, drawn towards what is usual, and how many players' rounds differ
//! more.

use super::{Half, mean};
use crate::domain::estimate::{chi_squared, f_below};

/// Rounds that are needed.
pub const LEAST_ROUNDS: usize = 10;
/// Rounds that are needed before a change is looked for.
pub const LEAST_FOR_TREND: usize = 20;
/// Degrees of freedom that what is usual is worth.
const PRIOR: f64 = 8.0;
/// The interval is left on either side with this probability.
const TAIL: f64 = 0.1;
/// A change is told if it is less probable than this on its side where there is none.
const UNLIKELY: f64 = 0.05;

/// What is told of a player.
#[derive(Debug, Clone, PartialEq)]
pub struct Consistency {
    /// Rounds.
    pub rounds: usize,
    /// Mean damage per minute, all rounds together.
    pub dpm: f64,
    /// Standard deviation of a round's damage per minute over the mean, drawn towards what is usual; with an 80 %
    /// interval.
    pub spread: super::Estimate,
    /// Of a hundred players so many whose rounds differ more, with the ends that belong to the interval; none where too
    /// few are known.
    pub score: Option<super::Estimate>,
    /// Whether the newer half of the rounds is steadier than the older one; none where that may be chance.
    pub trend: Option<Trend>,
}

/// How the newer half of the rounds differs from the older one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trend {
    /// Rounds differ less than before.
    Steadier,
    /// Rounds differ more than before.
    Wilder,
}

/// Relative spread, squared: of the rounds' rates about their common one, seen over rounds of mean length.
///
/// `spread` is the sum over the rounds of amount² / time. None without two rounds, time and amount.
pub fn relative_variance(rounds: f64, time: f64, amount: f64, spread: f64) -> Option<f64> {
    if rounds < 2.0 || time <= 0.0 || amount <= 0.0 {
        return None;
    }
    let per_second = (spread - amount * amount / time).max(0.0) / (rounds - 1.0);
    Some(per_second * rounds / time / (amount / time).powi(2))
}

/// A player's consistency from his rounds in order of play, and the squared relative spreads of everybody with a sample.
/// None with too few rounds or without damage.
pub fn consistency(halves: &[Half], everybody: &[f64]) -> Option<Consistency> {
    if halves.len() < LEAST_ROUNDS {
        return None;
    }
    let own = of(halves)?;
    let usual = median(everybody).unwrap_or(own);
    let freedom = PRIOR + (halves.len() - 1) as f64;
    let drawn = (PRIOR * usual + (halves.len() - 1) as f64 * own) / freedom;
    let end = |probability: f64| (drawn * freedom / chi_squared(probability, freedom)).sqrt();
    let spread = super::Estimate { value: drawn.sqrt(), low: end(1.0 - TAIL), high: end(TAIL) };
    // Few players make no percentiles.
    let score = (everybody.len() >= 8).then(|| {
        let more = |spread: f64| {
            let of = |share: fn(f64, f64) -> bool| everybody.iter().filter(|one| share(one.sqrt(), spread)).count();
            100.0 * (of(|one, spread| one > spread) + of(|one, spread| one >= spread)) as f64
                / (2 * everybody.len()) as f64
        };
        super::Estimate { value: more(spread.value), low: more(spread.high), high: more(spread.low) }
    });
    let (damage, seconds) = halves.iter().fold((0, 0), |(d, s), half| (d + half.damage, s + half.seconds));
    Some(Consistency {
        rounds: halves.len(),
        dpm: damage as f64 * 60.0 / seconds as f64,
        spread,
        score,
        trend: trend(halves),
    })
}

fn of(halves: &[Half]) -> Option<f64> {
    let sum = |of: fn(&Half) -> f64| halves.iter().map(of).sum::<f64>();
    let spread = sum(|half| (half.damage * half.damage) as f64 / half.seconds as f64);
    relative_variance(halves.len() as f64, sum(|half| half.seconds as f64), sum(|half| half.damage as f64), spread)
}

/// Compares both halves by the F distribution.
fn trend(halves: &[Half]) -> Option<Trend> {
    if halves.len() < LEAST_FOR_TREND {
        return None;
    }
    let (older, newer) = halves.split_at(halves.len() / 2);
    let (before, after) = (of(older)?, of(newer)?);
    if before <= 0.0 {
        return None;
    }
    let below = f_below(after / before, (newer.len() - 1) as f64, (older.len() - 1) as f64);
    if below < UNLIKELY {
        Some(Trend::Steadier)
    } else if below > 1.0 - UNLIKELY {
        Some(Trend::Wilder)
    } else {
        None
    }
}

fn median(values: &[f64]) -> Option<f64> {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    let (below, above) = (values.get(values.len().checked_sub(1)? / 2)?, values.get(values.len() / 2)?);
    Some(mean(&[*below, *above]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn halves(damages: &[i64]) -> Vec<Half> {
        let half = |damage: &i64| Half {
            session: 1,
            map: "supply".to_owned(),
            attacked: None,
            hours: 0.0,
            seconds: 600,
            damage: *damage,
            level: 0.0,
        };
        damages.iter().map(half).collect()
    }

    fn around(mean: i64, by: i64, rounds: usize) -> Vec<i64> {
        (0..rounds).map(|index| if index % 2 == 0 { mean - by } else { mean + by }).collect()
    }

    #[test]
    fn the_spread_is_that_of_equal_rounds() {
        // Of ten rounds 20 % around the mean the sample deviation is 0.2 · √(10 / 9).
        let own = of(&halves(&around(3_000, 600, 10))).unwrap();
        assert!((own - 0.04 * 10.0 / 9.0).abs() < 1e-9, "{own}");
        assert_eq!(relative_variance(1.0, 600.0, 3_000.0, 15_000.0), None);
    }

    #[test]
    fn a_small_sample_is_drawn_to_what_is_usual() {
        let pool: Vec<f64> = (1..=9).map(|one| (f64::from(one) / 10.0).powi(2)).collect();
        let found = consistency(&halves(&around(3_000, 600, 10)), &pool).unwrap();
        assert!(found.spread.low < found.spread.value && found.spread.value < found.spread.high);
        let expected = ((8.0 * 0.25 + 9.0 * 0.04 * 10.0 / 9.0) / 17.0_f64).sqrt();
        assert!((found.spread.value - expected).abs() < 1e-9, "{}", found.spread.value);
        assert!((found.dpm - 300.0).abs() < 1e-9);
        let score = found.score.unwrap();
        assert!((score.value - 100.0 * 6.0 / 9.0).abs() < 1e-9, "0.37: six of nine differ more, {score:?}");
        assert!(score.low <= score.value && score.value <= score.high);
        assert_eq!(consistency(&halves(&around(3_000, 600, 9)), &pool), None);
        assert_eq!(consistency(&halves(&around(3_000, 600, 10)), &pool[..3]).unwrap().score, None);
    }

    #[test]
    fn a_change_is_told_only_if_it_is_no_chance() {
        let of = |older: i64, newer: i64, rounds: usize| {
            let damages = [around(3_000, older, rounds), around(3_000, newer, rounds)].concat();
            consistency(&halves(&damages), &[]).unwrap().trend
        };
        assert_eq!(of(1_500, 500, 10), Some(Trend::Steadier));
        assert_eq!(of(500, 1_500, 10), Some(Trend::Wilder));
        assert_eq!(of(1_000, 800, 10), None, "of ten rounds a fifth is nothing");
        assert_eq!(of(1_500, 500, 9), None, "too few");
    }
}
