//! Quantiles of the two posteriors.

use super::special::{beta_below, gamma_below};
use super::{HIGH, Interval, LOW};

/// The standard normal's 80 % quantile; the 20 % one is its mirror.
const NORMAL_HIGH: f64 = 0.841_621_233_572_914_2;

/// From here on the normal approximations are good to far more digits than anybody prints.
const LARGE: f64 = 2_000.0;
/// A parameter below this is so small that the other one alone makes nothing normal.
const SMALL: f64 = 50.0;

/// The ends of a Gamma variable of this shape (scale 1).
pub(super) fn gamma(shape: f64) -> Interval {
    // Wilson and Hilferty: the cube root is nearly normal.
    let guess = |z: f64| {
        let ninth = 1.0 / (9.0 * shape);
        shape * (1.0 - ninth + z * ninth.sqrt()).max(0.0).powi(3)
    };
    let guesses = Interval { low: guess(-NORMAL_HIGH), middle: guess(0.0), high: guess(NORMAL_HIGH) };
    if shape >= LARGE {
        return guesses;
    }
    solved(|x| gamma_below(shape, x), guesses, shape + 10.0 * shape.sqrt() + 20.0)
}

/// The ends of a Beta variable.
pub(super) fn beta(a: f64, b: f64) -> Interval {
    if a + b < LARGE {
        let mean = a / (a + b);
        let deviation = NORMAL_HIGH * (mean * (1.0 - mean) / (a + b + 1.0)).sqrt();
        let guesses = Interval { low: mean - deviation, middle: mean, high: mean + deviation };
        return solved(|x| beta_below(a, b, x), guesses, 1.0);
    }
    if a < SMALL {
        // Rare among very many: nearly a Gamma variable over the number.
        let whole = b + (a - 1.0) / 2.0;
        return gamma(a).map(|of| of / (of / 2.0 + whole), false);
    }
    if b < SMALL {
        return beta(b, a).map(|mirrored| 1.0 - mirrored, true);
    }
    carter(a, b)
}

/// The ends of a Beta variable of large parameters: half the logarithm of the odds is nearly normal (Carter).
fn carter(a: f64, b: f64) -> Interval {
    let (from_a, from_b) = (1.0 / (2.0 * a - 1.0), 1.0 / (2.0 * b - 1.0));
    let mean = 2.0 / (from_a + from_b);
    let at = |z: f64| {
        let curve = (z * z - 3.0) / 6.0;
        let half_log_odds =
            z * (mean + curve).sqrt() / mean - (from_a - from_b) * (curve + 5.0 / 6.0 - 2.0 / (3.0 * mean));
        a / (a + b * (-2.0 * half_log_odds).exp())
    };
    Interval { low: at(-NORMAL_HIGH), middle: at(0.0), high: at(NORMAL_HIGH) }
}

/// The three quantiles of a variable from 0 to `most`, by the probability of a value below.
fn solved(below: impl Fn(f64) -> f64, guesses: Interval, most: f64) -> Interval {
    let at = |wanted: f64, guess: f64| solve(&below, wanted, guess, most);
    Interval { low: at(LOW, guesses.low), middle: at(0.5, guesses.middle), high: at(HIGH, guesses.high) }
}

/// Where a rising function from 0 to `most` takes a value: false position from around a guess, kept honest by halving.
fn solve(below: impl Fn(f64) -> f64, wanted: f64, guess: f64, most: f64) -> f64 {
    let (mut low, mut high) = (0.0, most);
    let (mut at_low, mut at_high) = (-wanted, 1.0 - wanted);
    let mut x = guess.clamp(most * 1e-9, most * (1.0 - 1e-9));
    for turn in 0..200 {
        let found = below(x) - wanted;
        if found < 0.0 {
            (low, at_low) = (x, found);
        } else {
            (high, at_high) = (x, found);
        }
        // Far finer than any digit that is shown.
        if found.abs() < 1e-11 || high - low <= 1e-10 * high {
            break;
        }
        let secant = low - at_low * (high - low) / (at_high - at_low);
        x = if turn % 3 == 2 { f64::midpoint(low, high) } else { secant };
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn near(found: f64, expected: f64, share: f64) {
        assert!((found - expected).abs() <= share * expected.abs(), "{found}, expected {expected}");
    }

    #[test]
    fn closed_forms() {
        for n in [0.3_f64, 1.0, 4.0, 37.0, 900.0] {
            near(beta(n, 1.0).low, LOW.powf(1.0 / n), 1e-8);
            near(beta(n, 1.0).middle, 0.5_f64.powf(1.0 / n), 1e-8);
            near(beta(1.0, n).high, 1.0 - (1.0 - HIGH).powf(1.0 / n), 1e-8);
        }
        near(gamma(1.0).low, -(1.0 - LOW).ln(), 1e-8);
        near(gamma(1.0).high, -(1.0 - HIGH).ln(), 1e-8);
    }

    #[test]
    fn ends_are_where_the_probability_says() {
        for shape in [0.05, 0.4, 3.0, 80.0, 1_999.0] {
            let ends = gamma(shape);
            near(gamma_below(shape, ends.low), LOW, 1e-6);
            near(gamma_below(shape, ends.middle), 0.5, 1e-6);
            near(gamma_below(shape, ends.high), HIGH, 1e-6);
        }
        for (a, b) in [(0.2, 0.3), (0.5, 40.0), (12.0, 3.0), (300.0, 900.0), (1_990.0, 5.0)] {
            let ends = beta(a, b);
            near(beta_below(a, b, ends.low), LOW, 1e-6);
            near(beta_below(a, b, ends.middle), 0.5, 1e-6);
            near(beta_below(a, b, ends.high), HIGH, 1e-6);
        }
    }

    #[test]
    fn approximations_join_what_is_solved() {
        near(gamma_below(LARGE, gamma(LARGE).low), LOW, 1e-4);
        near(gamma_below(LARGE, gamma(LARGE).middle), 0.5, 1e-4);
        near(gamma_below(LARGE, gamma(LARGE).high), HIGH, 1e-4);
        for (a, b) in
            [(1.5, 3_000.0), (30.0, 2_500.0), (700.0, 1_900.0), (49.0, 9_000.0), (51.0, 9_000.0), (2_000.0, 60.0)]
        {
            let ends = beta(a, b);
            near(beta_below(a, b, ends.low), LOW, 2e-3);
            near(beta_below(a, b, ends.middle), 0.5, 2e-3);
            near(beta_below(a, b, ends.high), HIGH, 2e-3);
        }
    }
}
