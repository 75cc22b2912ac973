use crate::domain::estimate::measured::{self, Ends};
use crate::domain::leaf::{Number, Sums};
use crate::domain::metrics::Metric;

/// Between which ends a player's true value lies, nine times in ten, by his own rounds alone. Scaled as the metric is;
/// what was measured is between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// The lower end.
    pub low: i64,
    /// The upper end.
    pub high: i64,
}

/// Points of damage come in about hundreds: what a kill takes.
const DAMAGE_UNIT: f64 = 100.0;

/// The range of a metric; none where none is known, and for plain counts, which are what they are.
pub(super) fn of(metric: &Metric, sums: &Sums) -> Option<Range> {
    let value = metric.of(sums)?;
    let number = |number: Number| number.of(sums) as f64;
    let hundreds = |of: Number| number(of) / DAMAGE_UNIT;
    let per_ten_minutes =
        |of: Number, seconds: Number| Some(grown(measured::rate(number(of), number(seconds))?, 600.0));
    let ends = match metric.key {
        "kd" => measured::ratio(number(Number::Kills), number(Number::Deaths)),
        "dpm" => {
            let rate = measured::rate(hundreds(Number::DamageGiven), number(Number::Seconds))?;
            grown(rate, 60.0 * DAMAGE_UNIT)
        }
        "accuracy" => grown(measured::share(number(Number::BulletHits), number(Number::BulletShots))?, 100.0),
        "headshot_accuracy" => grown(measured::share(number(Number::Headshots), number(Number::BulletHits))?, 100.0),
        "damage_efficiency" => measured::ratio(hundreds(Number::DamageGiven), hundreds(Number::DamageReceived)),
        "revive_rate" => per_ten_minutes(Number::RevivesGiven, Number::RevivesKnownSeconds)?,
        "gib_rate" => per_ten_minutes(Number::Gibs, Number::Seconds)?,
        "objective_rate" => per_ten_minutes(Number::Objectives, Number::Seconds)?,
        _ => return None,
    };
    let scaled = |end: f64| (end * f64::from(10_u32.pow(metric.decimals))).round() as i64;
    Some(Range { low: scaled(ends.low).min(value), high: scaled(ends.high).max(value) })
}

fn grown(ends: Ends, by: f64) -> Ends {
    Ends { low: ends.low * by, high: ends.high * by }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::metrics;

    #[test]
    fn ranges_are_in_the_metrics_own_scale_around_what_was_measured() {
        let mut sums = [0; Number::COUNT];
        for (at, number) in Number::ALL.into_iter().enumerate() {
            sums[number as usize] = 5_000 + 100 * at as i64;
        }
        sums[Number::DamageGiven as usize] = 900_000;
        sums[Number::DamageReceived as usize] = 800_000;
        sums[Number::BulletShots as usize] = 50_000;
        sums[Number::Headshots as usize] = 1_000;
        let ranged = [
            "kd",
            "dpm",
            "accuracy",
            "headshot_accuracy",
            "damage_efficiency",
            "revive_rate",
            "gib_rate",
            "objective_rate",
        ];
        for key in ranged {
            let metric = metrics::find(key).unwrap();
            let (value, Range { low, high }) = (metric.of(&sums).unwrap(), of(metric, &sums).unwrap());
            assert!(low <= value && value <= high, "{key}: {value} in {low} to {high}");
            assert!(high - low > 0 && (high - low) * 4 < value, "{key}: {value} in {low} to {high}");
        }
        assert_eq!(of(&metrics::GAMES, &sums), None);
        assert_eq!(of(&metrics::dpm::METRIC, &[0; Number::COUNT]), None);
    }
}
