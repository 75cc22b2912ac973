//! The functions behind the quantiles, for positive parameters.

/// The natural logarithm of the gamma function, by Lanczos' series (g = 7, nine terms; good to 14 digits).
pub(super) fn ln_gamma(x: f64) -> f64 {
    const FIRST: f64 = 0.999_999_999_999_809_9;
    const TERMS: [f64; 8] = [
        676.520_368_121_885_1,
        -1_259.139_216_722_402_8,
        771.323_428_777_653_1,
        -176.615_029_162_140_6,
        12.507_343_278_686_905,
        -0.138_571_095_265_720_12,
        9.984_369_578_019_572e-6,
        1.505_632_735_149_311_6e-7,
    ];
    if x < 0.5 {
        // The series holds from one half on; below it the recurrence leads there.
        return ln_gamma(x + 1.0) - x.ln();
    }
    let shifted = x - 1.0;
    let sum = TERMS.iter().zip(1_u8..).fold(FIRST, |sum, (term, n)| sum + term / (shifted + f64::from(n)));
    let t = shifted + 7.5;
    0.5 * (2.0 * std::f64::consts::PI).ln() + (shifted + 0.5) * t.ln() - t + sum.ln()
}

/// The probability that a Gamma variable of this shape (scale 1) is below `x`.
pub(super) fn gamma_below(shape: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    // The power series; it needs some ten times the root of the shape many terms where it is used.
    let (mut term, mut sum) = (1.0 / shape, 1.0 / shape);
    let mut next = shape;
    while term > sum * 1e-15 {
        next += 1.0;
        term *= x / next;
        sum += term;
    }
    (sum.ln() + shape * x.ln() - x - ln_gamma(shape)).exp().min(1.0)
}

/// The probability that a Beta variable is below `x`.
pub(super) fn beta_below(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return if x <= 0.0 { 0.0 } else { 1.0 };
    }
    let front = (ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * x.ln() + b * (-x).ln_1p()).exp();
    // The continued fraction converges fast on this side of the mean only.
    if x < (a + 1.0) / (a + b + 2.0) {
        front * beta_fraction(a, b, x) / a
    } else {
        1.0 - front * beta_fraction(b, a, 1.0 - x) / b
    }
}

/// The continued fraction of the incomplete beta function, by Lentz' method.
fn beta_fraction(a: f64, b: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let away = |value: f64| if value.abs() < TINY { TINY } else { value };
    let (mut above, mut below) = (1.0, 1.0 / away(1.0 - (a + b) * x / (a + 1.0)));
    let mut fraction = below;
    for turn in 1..2_000_u16 {
        let turn = f64::from(turn);
        let even = turn * (b - turn) * x / ((a + 2.0 * turn - 1.0) * (a + 2.0 * turn));
        let odd = -(a + turn) * (a + b + turn) * x / ((a + 2.0 * turn) * (a + 2.0 * turn + 1.0));
        let mut change = 1.0;
        for numerator in [even, odd] {
            below = 1.0 / away(1.0 + numerator * below);
            above = away(1.0 + numerator / above);
            change = above * below;
            fraction *= change;
        }
        if (change - 1.0).abs() < 1e-14 {
            break;
        }
    }
    fraction
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() <= 1e-11 * expected.abs().max(1.0), "{found}, expected {expected}");
    }

    #[test]
    fn factorials_and_the_half() {
        let mut factorial: f64 = 1.0;
        for n in 1_u8..30 {
            near(ln_gamma(f64::from(n)), factorial.ln());
            factorial *= f64::from(n);
        }
        near(ln_gamma(0.5), std::f64::consts::PI.sqrt().ln());
        near(ln_gamma(0.25), 3.625_609_908_221_908_f64.ln());
    }

    /// A Gamma variable of whole shape is below `x` if at least so many events of a Poisson process happen in `x`.
    #[test]
    fn gamma_is_what_poisson_says() {
        for shape in [1_u8, 2, 5, 20] {
            for x in [0.1_f64, 1.0, 4.5, 25.0, 60.0] {
                let (mut term, mut fewer) = ((-x).exp(), 0.0);
                for k in 0..shape {
                    fewer += term;
                    term *= x / f64::from(k + 1);
                }
                near(gamma_below(f64::from(shape), x), 1.0 - fewer);
            }
        }
    }

    /// A Beta variable of whole parameters is below `x` if at least `a` of `a + b - 1` throws succeed.
    #[test]
    fn beta_is_what_throws_say() {
        for (a, b) in [(1_i32, 1_i32), (2, 3), (7, 2), (12, 30)] {
            for x in [0.03_f64, 0.2, 0.5, 0.77, 0.98] {
                let throws = a + b - 1;
                let mut choose = 1.0;
                let mut fewer = 0.0;
                for k in 0..a {
                    fewer += choose * x.powi(k) * (1.0 - x).powi(throws - k);
                    choose *= f64::from(throws - k) / f64::from(k + 1);
                }
                near(beta_below(f64::from(a), f64::from(b), x), 1.0 - fewer);
            }
        }
    }
}
