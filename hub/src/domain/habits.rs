//! What a player's rounds tell of his habits: how even they are, on which maps and sides he does more, whether he tires.
//!
//! A round's level is the logarithm of his damage per minute against everybody's on that map, so that a map on which
//! everybody does more is no merit. Each finding comes with its sample and an interval, and says nothing where the
//! interval leaves both answers open: a verdict out of noise would be wrong as often as right.

/// How even a player's rounds are.
pub mod consistency;
/// How an evening's rounds went.
pub mod course;
/// Whether a player does less as an evening goes on.
pub mod fatigue;
/// How the last sessions stand to all before.
pub mod form;
/// On which maps a player does more or less.
pub mod map_affinity;
/// Whether a player does more in attack or in defence.
pub mod sides;

/// Shorter rounds tell nothing.
pub const LEAST_SECONDS: i64 = 60;

/// Added to damage per minute before a logarithm, so that a round without damage has one.
const OFFSET: f64 = 10.0;

/// One round of a player.
#[derive(Debug, Clone, PartialEq)]
pub struct Half {
    /// The session that it is of.
    pub session: i64,
    /// The map.
    pub map: String,
    /// Whether he attacked, where that is known.
    pub attacked: Option<bool>,
    /// Hours from the start of the session.
    pub hours: f64,
    /// Seconds in a team.
    pub seconds: i64,
    /// Damage given.
    pub damage: i64,
    /// His level, see [`level`].
    pub level: f64,
}

/// How a damage per minute stands against everybody's on the map: 0 is the same, 0.1 about a tenth more.
pub fn level(dpm: f64, everybody: f64) -> f64 {
    ((dpm + OFFSET) / (everybody + OFFSET)).ln()
}

/// A difference of levels in percent.
pub fn percent(difference: f64) -> f64 {
    difference.exp_m1() * 100.0
}

/// An estimate and the ends of an interval around it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The estimate.
    pub value: f64,
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl Estimate {
    fn around(value: f64, reach: f64) -> Self {
        Self { value, low: value - reach, high: value + reach }
    }

    /// Whether the interval has only values above or only values below 0.
    pub fn is_clear(&self) -> bool {
        self.low > 0.0 || self.high < 0.0
    }

    /// The same in percent.
    #[must_use]
    pub fn in_percent(&self) -> Self {
        Self { value: percent(self.value), low: percent(self.low), high: percent(self.high) }
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The sample variance; 0 of fewer than two.
fn variance(values: &[f64]) -> f64 {
    if values.len() < 2 {
        return 0.0;
    }
    let mean = mean(values);
    values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (values.len() - 1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_ratios() {
        assert!(level(300.0, 300.0).abs() < 1e-12);
        assert!((percent(level(430.0, 390.0)) - 10.0).abs() < 1e-9, "440 against 400");
        assert!(level(0.0, 300.0).is_finite());
        assert!((variance(&[2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]) - 32.0 / 7.0).abs() < 1e-12);
    }
}
