//! From values to places.

/// Beyond this no value of a game lies; it keeps differences of values finite.
const LIMIT: f64 = 1e12;

/// The value when it is a number that can be drawn.
pub(super) fn drawable(value: Option<f64>) -> Option<f64> {
    value.filter(|value| value.is_finite()).map(|value| value.clamp(-LIMIT, LIMIT))
}

/// A straight scale from values to pixels.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    low: f64,
    high: f64,
    from: f64,
    to: f64,
}

impl Scale {
    /// `low` lies at `from` and `high` at `to`; a scale over one single value still has a width.
    pub(super) fn new((low, high): (f64, f64), (from, to): (f64, f64)) -> Self {
        let high = if high - low > f64::EPSILON { high } else { low + 1.0 };
        Self { low, high, from, to }
    }

    /// Where a value lies, at the nearer end when it is outside.
    pub(super) fn at(self, value: f64) -> f64 {
        let share = ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0);
        self.from + (self.to - self.from) * share
    }
}

/// Round values from at or below `low` to at or above `high`, about so many steps.
pub(super) fn ticks(low: f64, high: f64, steps: f64) -> Vec<f64> {
    let spread = if high - low > f64::EPSILON { high - low } else { 1.0 };
    let rough = spread / steps;
    let magnitude = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 2.5, 5.0, 10.0]
        .into_iter()
        .map(|nice| nice * magnitude)
        .find(|&step| step >= rough * 0.999)
        .unwrap_or(10.0 * magnitude);
    let (first, last) = ((low / step).floor(), (high / step).ceil().max((low / step).floor() + 1.0));
    // Steps are at least a fraction of the spread, so there are never many.
    (0..=((last - first) as usize).min(20)).map(|at| (first + at as f64) * step).collect()
}

/// A tick as people read it: `12.4k`, `300`, `0.5`.
pub(super) fn short(value: f64) -> String {
    let value = if value == 0.0 { 0.0 } else { value };
    let trimmed = |text: String| text.trim_end_matches('0').trim_end_matches('.').to_owned();
    match value.abs() {
        size if size >= 999_950.0 => trimmed(format!("{:.1}", value / 1e6)) + "M",
        size if size >= 1_000.0 => trimmed(format!("{:.1}", value / 1e3)) + "k",
        size if size >= 10.0 || size == 0.0 => format!("{value:.0}"),
        _ => trimmed(format!("{value:.2}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_enclose_the_values() {
        assert_eq!(ticks(0.0, 412.0, 4.0), [0.0, 200.0, 400.0, 600.0]);
        assert_eq!(ticks(0.0, 1.0, 4.0), [0.0, 0.25, 0.5, 0.75, 1.0]);
        assert_eq!(ticks(-12.0, 31.0, 4.0), [-20.0, 0.0, 20.0, 40.0]);
        assert_eq!(ticks(7.0, 7.0, 4.0).first(), Some(&7.0));
    }

    #[test]
    fn numbers_are_short() {
        let shown = [0.0, -0.0, 0.25, 1.5, 300.0, 12_400.0, 1_000_000.0, 999_999.0, -2_000.0].map(short);
        assert_eq!(shown, ["0", "0", "0.25", "1.5", "300", "12.4k", "1M", "1M", "-2k"]);
    }

    #[test]
    fn one_single_value_has_a_place() {
        assert!((Scale::new((5.0, 5.0), (0.0, 100.0)).at(5.0) - 0.0).abs() < 1e-9);
        assert!((Scale::new((0.0, 10.0), (100.0, 0.0)).at(20.0) - 0.0).abs() < 1e-9);
    }

    #[test]
    fn only_numbers_are_drawn() {
        assert_eq!(drawable(Some(f64::NAN)), None);
        assert_eq!(drawable(Some(f64::INFINITY)), None);
        assert_eq!(drawable(Some(1e300)), Some(LIMIT));
    }
}
