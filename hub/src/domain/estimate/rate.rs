use super::{Interval, quantile};

/// One player's amounts over time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// Rounds.
    pub rounds: f64,
    /// How long.
    pub time: f64,
    /// How much in all.
    pub amount: f64,
    /// Sum over the rounds of amount² / time.
    pub spread: f64,
}

/// How an amount per time is spread over players: a Gamma distribution.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rates {
    /// How much of the amount comes and goes at once: what one event would be if amounts were counts of events.
    grain: f64,
    /// Events that the prior is worth.
    shape: f64,
    /// Time that the prior is worth.
    time: f64,
}

/// Rounds beyond the players' number before the grain is believed; below it one event is `usual`.
const FEWEST_ROUNDS: f64 = 30.0;
/// A prior is worth at most so many events.
const MOST_EVENTS: f64 = 1e6;

impl Rates {
    /// Fits grain and prior by moments.
    ///
    /// The grain is the variance of rounds about their players' own rates, over what it would be for single units
    /// (quasi-Poisson): damage comes in kills, not in points, and maps differ. The spread of players' rates beyond that is
    /// how much players differ, or as much as chance may hide, if that is more. None if nobody has any time, or nobody any amount.
    pub fn fit(samples: &[Sample], usual: f64) -> Option<Self> {
        let samples: Vec<&Sample> = samples.iter().filter(|sample| sample.time > 0.0).collect();
        let sum = |of: fn(&Sample) -> f64| -> f64 { samples.iter().copied().map(of).sum() };
        let (time, amount) = (sum(|sample| sample.time), sum(|sample| sample.amount));
        if time <= 0.0 || amount <= 0.0 {
            return None;
        }
        let players = samples.len() as f64;
        let freedom = sum(|sample| sample.rounds) - players;
        let excess: f64 = samples
            .iter()
            .filter(|sample| sample.amount > 0.0)
            .map(|sample| (sample.spread * sample.time / sample.amount - sample.amount).max(0.0))
            .sum();
        let grain = if freedom >= FEWEST_ROUNDS { (excess / freedom).max(1.0) } else { usual };

        let mean = amount / time;
        let squares: f64 =
            samples.iter().map(|sample| sample.time * (sample.amount / sample.time - mean).powi(2)).sum();
        let weight = time - sum(|sample| sample.time * sample.time) / time;
        let events = mean / grain;
        let shape = if players < 2.0 || weight <= 0.0 {
            1.0
        } else {
            let told = squares - (players - 1.0) * mean * grain;
            let hidden = mean * grain * (2.0 * (players - 1.0)).sqrt();
            (mean * mean * weight / told.max(hidden)).min(MOST_EVENTS)
        };
        Some(Self { grain, shape, time: shape / events })
    }

    /// What a player's rate is likely to be, who has this amount in this time.
    pub fn estimate(&self, amount: f64, time: f64) -> Interval {
        let scale = self.grain / (self.time + time);
        quantile::gamma(self.shape + amount / self.grain).grown(|events| events * scale)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A player whose rounds of ten minutes had these amounts.
    fn player(amounts: &[f64]) -> Sample {
        Sample {
            rounds: amounts.len() as f64,
            time: 600.0 * amounts.len() as f64,
            amount: amounts.iter().sum(),
            spread: amounts.iter().map(|amount| amount * amount / 600.0).sum(),
        }
    }

    #[test]
    fn one_great_round_does_not_beat_fifty_good_ones() {
        let good: Vec<f64> = (0..50).map(|i| if i % 2 == 0 { 4_500.0 } else { 1_500.0 }).collect();
        let poor: Vec<f64> = good.iter().map(|amount| amount * 0.7).collect();
        let samples = [player(&[4_000.0]), player(&good), player(&poor), player(&poor)];
        let rates = Rates::fit(&samples, 100.0).unwrap();
        let (once, often) = (rates.estimate(4_000.0, 600.0), rates.estimate(150_000.0, 30_000.0));
        assert!(once.low < often.low && once.high - once.low > often.high - often.low, "{once:?}, {often:?}");
        // 5 damage a second are 300 a minute.
        assert!(4.5 < often.low && often.low < 5.0 && often.high < 5.4, "{often:?}");
    }

    #[test]
    fn players_who_look_alike_are_not_told_to_be_the_same() {
        let rounds =
            |mean: f64| -> Vec<f64> { (0..40).map(|i| mean + if i % 2 == 0 { 1_500.0 } else { -1_500.0 }).collect() };
        let samples: Vec<Sample> = [2_950.0, 3_000.0, 3_050.0].map(|mean| player(&rounds(mean))).to_vec();
        let rates = Rates::fit(&samples, 100.0).unwrap();
        let [poor, _, good] = [0, 1, 2].map(|at: usize| rates.estimate(samples[at].amount, samples[at].time));
        // A twentieth of a damage per second apart, and nobody is known to a tenth of one.
        assert!(poor.low + 0.01 < good.low && good.high - good.low > 0.1, "{poor:?}, {good:?}");
    }

    #[test]
    fn the_grain_is_the_variance_over_the_mean() {
        // Variance 200² about a mean of 3,000.
        let steady: Vec<f64> = (0..50).map(|i| if i % 2 == 0 { 3_200.0 } else { 2_800.0 }).collect();
        let rates = Rates::fit(&[player(&steady)], 100.0).unwrap();
        assert!((rates.grain - 40_000.0 / 3_000.0 * 50.0 / 49.0).abs() < 0.01, "{rates:?}");
        assert!((Rates::fit(&[player(&steady[..5])], 100.0).unwrap().grain - 100.0).abs() < 1e-9);
    }

    #[test]
    fn without_time_or_amount_there_is_nothing_to_fit() {
        assert_eq!(Rates::fit(&[], 100.0), None);
        assert_eq!(Rates::fit(&[player(&[0.0, 0.0])], 100.0), None);
    }
}
