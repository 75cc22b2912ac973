//! Quantiles of what is left when means are taken off: chi-squared, Student's t, F. Degrees of freedom need not be
//! whole.

use super::special::{beta_below, gamma_below};

/// The probability that an F variable with these degrees of freedom is below `x`.
pub fn f_below(x: f64, above: f64, below: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    beta_below(above / 2.0, below / 2.0, above * x / (above * x + below))
}

/// The value below which a chi-squared variable lies with this probability.
pub fn chi_squared(probability: f64, freedom: f64) -> f64 {
    bisect(probability, |x| gamma_below(freedom / 2.0, x / 2.0))
}

/// The value from which a Student variable is not farther to either side with this probability.
pub fn student(inside: f64, freedom: f64) -> f64 {
    bisect(inside, |x| f_below(x * x, 1.0, freedom))
}

/// Where a function that grows from 0 to 1 over what is positive reaches a probability.
fn bisect(probability: f64, below: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    while below(high) < probability && high < 1e12 {
        (low, high) = (high, high * 2.0);
    }
    for _ in 0..80 {
        let middle = f64::midpoint(low, high);
        if below(middle) < probability {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-4 * expected, "{found}, expected {expected}");
    }

    /// As in every table.
    #[test]
    fn known_values() {
        near(chi_squared(0.9, 20.0), 28.4120);
        near(chi_squared(0.1, 20.0), 12.4426);
        near(chi_squared(0.95, 1.0), 3.841_46);
        near(student(0.9, 10.0), 1.812_46);
        near(student(0.95, 4.0), 2.776_45);
        near(f_below(3.1789, 9.0, 9.0), 0.95);
        near(f_below(1.0, 4.0, 4.0), 0.5);
        assert!(f_below(-1.0, 4.0, 4.0) == 0.0);
    }
}
