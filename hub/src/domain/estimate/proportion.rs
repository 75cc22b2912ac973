use super::{Interval, quantile};

/// How a proportion is spread over players: a Beta distribution with this mean, worth so many observations.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Proportions {
    mean: f64,
    worth: f64,
}

/// A prior is worth at most so many observations: players who look all the same are still not known to be.
const MOST_WORTH: f64 = 1e6;

impl Proportions {
    /// Fits the prior by moments to everybody's (part, whole), where parts never exceed their wholes.
    ///
    /// The spread of the shares beyond what chance gives to samples of their sizes is how much players differ, or as much
    /// as chance may hide, if that is more. None without a sample. With one player there is no spread, and the prior is
    /// worth one observation.
    pub fn fit(samples: &[(f64, f64)]) -> Option<Self> {
        let samples: Vec<(f64, f64)> = samples.iter().copied().filter(|(_, whole)| *whole > 0.0).collect();
        let wholes: f64 = samples.iter().map(|(_, whole)| whole).sum();
        if samples.is_empty() {
            return None;
        }
        let mean = samples.iter().map(|(part, _)| part).sum::<f64>() / wholes;
        let others = samples.len() as f64 - 1.0;
        let chance = mean * (1.0 - mean);
        let squares: f64 = samples.iter().map(|(part, whole)| whole * (part / whole - mean).powi(2)).sum();
        let weight = wholes - samples.iter().map(|(_, whole)| whole * whole).sum::<f64>() / wholes;
        let worth = if others < 1.0 || chance <= 0.0 || weight <= others {
            1.0
        } else {
            let told = squares - others * chance;
            let hidden = chance * (2.0 * others).sqrt();
            let variance = told.max(hidden) / (weight - others);
            (chance / variance - 1.0).clamp(1.0, MOST_WORTH)
        };
        // Nobody has a share of exactly none or all.
        Some(Self { mean: mean.clamp(1e-6, 1.0 - 1e-6), worth })
    }

    /// What a player's share is likely to be, who has this part of this whole.
    pub fn estimate(&self, part: f64, whole: f64) -> Interval {
        quantile::beta(self.mean * self.worth + part, (1.0 - self.mean) * self.worth + (whole - part).max(0.0))
    }

    /// Everybody's mean.
    pub fn mean(&self) -> f64 {
        self.mean
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn three_lucky_shots_do_not_beat_years_of_good_ones() {
        let samples = [(3.0, 3.0), (4_200.0, 10_000.0), (3_600.0, 10_000.0), (2_900.0, 10_000.0)];
        let prior = Proportions::fit(&samples).unwrap();
        let lucky = prior.estimate(3.0, 3.0);
        let good = prior.estimate(4_200.0, 10_000.0);
        assert!(lucky.low < good.low && lucky.high > lucky.low + 0.03, "{lucky:?}, {good:?}");
        assert!(good.low > 0.41 && good.high < 0.43, "{good:?}");
    }

    #[test]
    fn the_prior_is_what_was_put_in() {
        // Shares evenly between 0.2 and 0.4: variance 1/300 (the ends of twenty-one steps a little more).
        let samples: Vec<(f64, f64)> = (0..=20_u8).map(|i| ((20.0 + f64::from(i)) * 1e4, 1e6)).collect();
        let prior = Proportions::fit(&samples).unwrap();
        assert!((prior.mean() - 0.3).abs() < 1e-9);
        assert!((prior.worth - (0.21 / 0.003_85 - 1.0)).abs() < 1.0, "{prior:?}");
    }

    #[test]
    fn no_difference_between_players_draws_everybody_towards_the_mean() {
        let samples = [(30.0, 100.0), (31.0, 100.0), (29.0, 100.0), (300.0, 1_000.0)];
        let prior = Proportions::fit(&samples).unwrap();
        let (alone, ends) = (quantile::beta(31.0, 69.0), prior.estimate(31.0, 100.0));
        assert!(ends.middle > 0.3 && ends.middle < 0.305, "{ends:?}");
        assert!(ends.high - ends.low < 0.7 * (alone.high - alone.low), "{ends:?}, {alone:?}");
        assert_eq!(Proportions::fit(&[]), None);
        let alone = Proportions::fit(&[(5.0, 10.0)]).unwrap();
        assert!((alone.worth - 1.0).abs() < 1e-9, "{alone:?}");
    }

    /// Numbers from 0 to 1 that look random and are the same in every run.
    fn chances() -> impl FnMut() -> f64 {
        let mut state = 88_172_645_463_325_252_u64;
        move || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 11) as f64 / (1_u64 << 53) as f64
        }
    }

    /// Thirty players a board, of whom chance hides by how little they differ: their ranges still hold the truth as often
    /// as they say, or more often.
    #[test]
    fn what_chance_hides_is_not_taken_for_sameness() {
        let mut chance = chances();
        let (mut within, mut all) = (0, 0);
        for _ in 0..50 {
            let players: Vec<(f64, f64, f64)> = (0..30)
                .map(|_| {
                    let truth = 0.027 + 0.006 * chance();
                    let whole = 100.0 + (1_500.0 * chance()).floor();
                    let part = (0..whole as u32).filter(|_| chance() < truth).count();
                    (truth, part as f64, whole)
                })
                .collect();
            let samples: Vec<(f64, f64)> = players.iter().map(|&(_, part, whole)| (part, whole)).collect();
            let prior = Proportions::fit(&samples).unwrap();
            for &(truth, part, whole) in &players {
                let ends = prior.estimate(part, whole);
                assert!(ends.high - ends.low > 0.001, "{ends:?}");
                within += u32::from(ends.low <= truth && truth <= ends.high);
                all += 1;
            }
        }
        assert!(within * 10 >= all * 6, "{within} of {all}");
    }

    /// Players of whom it is known how well they aim, samples small and large: the truth lies below, within and above the
    /// range as often as promised.
    #[test]
    fn ranges_hold_the_truth_as_often_as_they_say() {
        let mut chance = chances();
        let players: Vec<(f64, f64, f64)> = (0..1_500)
            .map(|_| {
                // Nearly a bell around 0.4.
                let truth = 0.25 + 0.3 * (chance() + chance() + chance()) / 3.0;
                let shots = 10.0 + (400.0 * chance().powi(3)).floor();
                let hits = (0..shots as u32).filter(|_| chance() < truth).count();
                (truth, hits as f64, shots)
            })
            .collect();
        let prior =
            Proportions::fit(&players.iter().map(|&(_, hits, shots)| (hits, shots)).collect::<Vec<_>>()).unwrap();
        let (mut below, mut above) = (0, 0);
        for &(truth, hits, shots) in &players {
            let ends = prior.estimate(hits, shots);
            below += u32::from(truth < ends.low);
            above += u32::from(truth > ends.high);
        }
        // A fifth on either side, 300 of 1,500.
        assert!((240..=360).contains(&below) && (240..=360).contains(&above), "{below} below, {above} above");
    }

    proptest! {
        #[test]
        fn ends_are_ordered_and_more_is_better(
            samples in prop::collection::vec((0.0..=1.0_f64, 1_u32..200_000), 1..40),
            part in 0_u32..5_000,
            rest in 0_u32..5_000,
        ) {
            let samples: Vec<(f64, f64)> =
                samples.iter().map(|(share, whole)| ((share * f64::from(*whole)).floor(), f64::from(*whole))).collect();
            let prior = Proportions::fit(&samples).unwrap();
            let (part, whole) = (f64::from(part), f64::from(part + rest));
            let ends = prior.estimate(part, whole);
            prop_assert!(0.0 <= ends.low && ends.high <= 1.0, "{ends:?}");
            prop_assert!(ends.low <= ends.middle && ends.middle <= ends.high, "{ends:?}");
            let better = prior.estimate(part + 10.0, whole + 10.0);
            prop_assert!(better.low >= ends.low - 1e-6 && better.high >= ends.high - 1e-6, "{ends:?}, {better:?}");
        }
    }
}
