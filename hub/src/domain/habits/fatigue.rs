//! `fatigue@1`: whether a player does less as an evening goes on.

use std::collections::BTreeMap;

use super::{Estimate, Half, mean};

/// Rounds that are needed, in all evenings.
pub const LEAST_ROUNDS: usize = 10;
/// A slope is clear if it is more than so many standard errors.
const REACH: f64 = 1.64;

/// What is told of a player.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fatigue {
    /// Rounds.
    pub rounds: usize,
    /// Evenings that they are of.
    pub evenings: usize,
    /// By how much the level changes in an hour, with the ends 1.64 standard errors away.
    pub slope: Estimate,
}

/// The slope within evenings, each against its own mean, so that a good evening that was long is no trend. None with
/// too few rounds, or where all are of one moment.
pub fn fatigue(halves: &[Half]) -> Option<Fatigue> {
    let mut evenings: BTreeMap<i64, Vec<&Half>> = BTreeMap::new();
    for half in halves {
        evenings.entry(half.session).or_default().push(half);
    }
    evenings.retain(|_, halves| halves.len() > 1);
    let mut points = Vec::new();
    for evening in evenings.values() {
        let of = |of: fn(&Half) -> f64| evening.iter().map(|half| of(half)).collect::<Vec<_>>();
        let (hours, levels) = (of(|half| half.hours), of(|half| half.level));
        let (hour, level) = (mean(&hours), mean(&levels));
        points.extend(hours.iter().zip(&levels).map(|(x, y)| (x - hour, y - level)));
    }
    let freedom = points.len().checked_sub(evenings.len() + 1).filter(|freedom| *freedom > 0)?;
    let across: f64 = points.iter().map(|(x, _)| x * x).sum();
    if points.len() < LEAST_ROUNDS || across <= 0.0 {
        return None;
    }
    let slope = points.iter().map(|(x, y)| x * y).sum::<f64>() / across;
    let rest: f64 = points.iter().map(|(x, y)| (y - slope * x).powi(2)).sum();
    let error = (rest / freedom as f64 / across).sqrt();
    Some(Fatigue { rounds: points.len(), evenings: evenings.len(), slope: Estimate::around(slope, REACH * error) })
}

/// Damage per minute and rounds in the first, the middle and the last third of rounds in order of play; what does not
/// divide by three falls to the last. None of fewer than three.
pub fn thirds(halves: &[Half]) -> Option<[(f64, usize); 3]> {
    let third = halves.len() / 3;
    if third == 0 {
        return None;
    }
    let (early, rest) = halves.split_at(third);
    let (middle, late) = rest.split_at(third);
    Some([early, middle, late].map(|part| {
        let (damage, seconds) = part.iter().fold((0, 0), |(d, s), half| (d + half.damage, s + half.seconds));
        (damage as f64 * 60.0 / seconds as f64, part.len())
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn half(session: i64, hours: f64, level: f64) -> Half {
        Half { session, map: "supply".to_owned(), attacked: None, hours, seconds: 600, damage: 3_000, level }
    }

    #[test]
    fn a_slope_is_seen_within_evenings() {
        let wobble = [0.02, -0.02, 0.01, -0.01, 0.015, -0.015];
        let evening = |session: i64, from: f64, slope: f64| {
            wobble.iter().enumerate().map(move |(at, wobble)| {
                let hours = at as f64 / 2.0;
                half(session, hours, from + slope * hours + wobble)
            })
        };
        // A much better second evening is no trend.
        let halves: Vec<Half> = evening(1, 0.0, -0.1).chain(evening(2, 2.0, -0.1)).collect();
        let found = fatigue(&halves).unwrap();
        assert_eq!((found.rounds, found.evenings), (12, 2));
        assert!((found.slope.value + 0.1).abs() < 0.01 && found.slope.is_clear(), "{found:?}");
        let flat: Vec<Half> = evening(1, 0.0, 0.0).chain(evening(2, 2.0, 0.0)).collect();
        assert!(!fatigue(&flat).unwrap().slope.is_clear());
        assert_eq!(fatigue(&halves[..9]), None);
    }

    /// Two evenings of y = 1, 2, 2, 4, 3: by hand a slope of 0.6, and each a rest of 5.2 - 3.6.
    #[test]
    fn the_error_is_that_of_the_text_books() {
        let evening =
            |session| [1.0, 2.0, 2.0, 4.0, 3.0].iter().enumerate().map(move |(at, y)| half(session, at as f64, *y));
        let found = fatigue(&evening(1).chain(evening(2)).collect::<Vec<_>>()).unwrap();
        assert!((found.slope.value - 0.6).abs() < 1e-12);
        let error = (2.0 * (5.2 - 3.6) / 7.0 / 20.0_f64).sqrt();
        assert!((found.slope.high - 0.6 - REACH * error).abs() < 1e-12, "{found:?}");
    }

    #[test]
    fn thirds_are_ratios_of_sums() {
        let mut halves: Vec<Half> = (0..8).map(|at| half(1, f64::from(at), 0.0)).collect();
        halves[7].damage = 12_000;
        let found = thirds(&halves).unwrap();
        assert_eq!(found.map(|(_, rounds)| rounds), [2, 2, 4]);
        assert_eq!(found.map(|(dpm, _)| dpm.round() as i64), [300, 300, 525]);
        assert_eq!(thirds(&halves[..2]), None);
    }
}
