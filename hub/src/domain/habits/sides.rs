//! `sides@1`: whether a player does more in attack or in defence.

use super::{Estimate, Half, mean, variance};
use crate::domain::estimate::student;

/// Rounds of either kind that are needed.
pub const LEAST_ROUNDS: usize = 5;
/// The interval holds the true difference with this probability.
const INSIDE: f64 = 0.9;

/// What is told of a player.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sides {
    /// Rounds in attack and in defence.
    pub rounds: [usize; 2],
    /// Attack against defence, with a 90 % interval.
    pub difference: Estimate,
}

/// Attack against defence by Welch's interval; none with too few rounds of either.
pub fn sides(halves: &[Half]) -> Option<Sides> {
    let of = |attacked: bool| -> Vec<f64> {
        halves.iter().filter(|half| half.attacked == Some(attacked)).map(|half| half.level).collect()
    };
    let (attack, defence) = (of(true), of(false));
    let rounds = [attack.len(), defence.len()];
    if rounds.iter().any(|rounds| *rounds < LEAST_ROUNDS) {
        return None;
    }
    let parts = [&attack, &defence].map(|levels| variance(levels) / levels.len() as f64);
    let sum: f64 = parts.iter().sum();
    let below: f64 = parts.iter().zip(rounds).map(|(part, rounds)| part * part / (rounds - 1) as f64).sum();
    let reach = if sum > 0.0 { student(INSIDE, sum * sum / below) * sum.sqrt() } else { 0.0 };
    Some(Sides { rounds, difference: Estimate::around(mean(&attack) - mean(&defence), reach) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn halves(attacked: bool, levels: &[f64]) -> Vec<Half> {
        let half = |level: &f64| Half {
            session: 1,
            map: "supply".to_owned(),
            attacked: Some(attacked),
            hours: 0.0,
            seconds: 600,
            damage: 0,
            level: *level,
        };
        levels.iter().map(half).collect()
    }

    #[test]
    fn the_interval_is_welchs() {
        let levels = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6];
        let lower: Vec<f64> = levels.iter().map(|level| level - 0.5).collect();
        let found = sides(&[halves(true, &levels), halves(false, &lower)].concat()).unwrap();
        assert_eq!(found.rounds, [6, 6]);
        // Equal variances of 0.035 and ten degrees of freedom, for which tables give 1.8125.
        let reach = 1.812_461 * (0.035 / 3.0_f64).sqrt();
        assert!((found.difference.value - 0.5).abs() < 1e-9);
        assert!((found.difference.high - 0.5 - reach).abs() < 1e-5, "{found:?}");
        assert!(found.difference.is_clear());
    }

    #[test]
    fn few_rounds_and_noise_tell_nothing() {
        let levels = [0.4, -0.4, 0.3, -0.2, 0.1];
        let open = sides(&[halves(true, &levels), halves(false, &[-0.3, 0.3, 0.0, 0.2, -0.2])].concat()).unwrap();
        assert!(!open.difference.is_clear());
        assert_eq!(sides(&[halves(true, &levels), halves(false, &levels[..4])].concat()), None);
    }
}
