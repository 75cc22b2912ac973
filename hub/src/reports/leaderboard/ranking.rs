//! From everybody's sums to ranks.

use super::category::{Against, Category, DAMAGE_UNIT, Order, Share};
use crate::domain::estimate::{Interval, Proportions, Rates, Sample};
use crate::domain::leaf::{Number, Sums};
use crate::domain::metrics::Better;

/// A player's place. Values are scaled as the category's metric is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranked {
    /// Who.
    pub player: i64,
    /// The place, from 1; who ties shares it.
    pub rank: usize,
    /// Whether somebody else has the same place.
    pub tied: bool,
    /// The value as measured, which a small sample may carry anywhere.
    pub value: i64,
    /// What the true value is likely to be, on boards that rank by it; None where the plain value ranks.
    pub likely: Option<Likely>,
    /// Whether the sample is no more than the metric's least.
    pub is_small: bool,
    /// What it is made of.
    pub sums: Sums,
}

/// An estimate of a player's true value, with the ends between which it probably lies; rounded as it is shown, so that
/// the estimate is never outside its ends. It is drawn towards everybody's mean, and what was measured may be outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Likely {
    /// The estimate.
    pub value: i64,
    /// The lower end.
    pub low: i64,
    /// The upper end.
    pub high: i64,
}

/// Everybody's places.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Board {
    pub(super) ranked: Vec<Ranked>,
    /// Players whose sample is too small for a board of totals.
    pub(super) left_out: usize,
}

/// Ranks players. Boards of estimates hold everybody of whom the value is known; boards of totals those with more than the
/// least sample and more than nothing.
pub(super) fn rank(category: &Category, totals: &[(i64, Sums)]) -> Board {
    let metric = category.metric;
    let estimate = estimator(category.order, totals);
    let mut board = Board::default();
    for (player, sums) in totals {
        let Some(value) = metric.of(sums) else { continue };
        let likely = estimate.as_ref().and_then(|estimate| estimate(sums)).map(|Interval { low, middle, high }| {
            let rounded = |end: f64| end.round() as i64;
            Likely { value: rounded(middle), low: rounded(low), high: rounded(high) }
        });
        let is_small = !metric.has_sample(sums);
        match (category.is_estimated(), likely) {
            (true, None) => continue,
            (false, _) if value <= 0 => continue,
            (false, _) if is_small => {
                board.left_out += 1;
                continue;
            }
            _ => {}
        }
        board.ranked.push(Ranked { player: *player, rank: 0, tied: false, value, likely, is_small, sums: *sums });
    }
    // What ranks, the best lowest: the worse end, and of equal ends the better estimate. Both are as shown, so that who
    // ties shows the same.
    let key = |one: &Ranked| match (metric.better, one.likely) {
        (Better::Higher, Some(likely)) => (-likely.low, -likely.value),
        (Better::Higher, None) => (-one.value, 0),
        (Better::Lower, Some(likely)) => (likely.high, likely.value),
        (Better::Lower, None) => (one.value, 0),
    };
    board.ranked.sort_by_key(|one| (key(one), -category.sample.0.of(&one.sums), one.player));
    let keys: Vec<(i64, i64)> = board.ranked.iter().map(key).collect();
    for (index, one) in board.ranked.iter_mut().enumerate() {
        let first = keys.partition_point(|other| *other < keys[index]);
        let next = keys.partition_point(|other| *other <= keys[index]);
        (one.rank, one.tied) = (first + 1, next - first > 1);
    }
    board
}

type Estimator = Box<dyn Fn(&Sums) -> Option<Interval>>;

/// What estimates a player's value in the metric's scale, learnt from everybody; none where the plain value ranks.
fn estimator(order: Order, totals: &[(i64, Sums)]) -> Option<Estimator> {
    match order {
        Order::Value | Order::Weapon(_) => None,
        Order::Share(share) => shares(share, totals, |p| p),
        Order::Odds(share) => shares(share, totals, |p| p / (1.0 - p).max(f64::EPSILON)),
        Order::DamageRate { scale } => {
            let sample = |sums: &Sums| Sample {
                rounds: Number::KnownRounds.of(sums) as f64,
                time: Number::Seconds.of(sums) as f64,
                amount: Number::DamageGiven.of(sums) as f64,
                spread: Number::DamageSpread.of(sums) as f64,
            };
            let samples: Vec<Sample> = totals.iter().map(|(_, sums)| sample(sums)).collect();
            let rates = Rates::fit(&samples, DAMAGE_UNIT)?;
            Some(Box::new(move |sums| {
                let own = sample(sums);
                (own.time > 0.0).then(|| rates.estimate(own.amount, own.time).grown(|rate| rate * scale))
            }))
        }
    }
}

fn shares(share: Share, totals: &[(i64, Sums)], shown: fn(f64) -> f64) -> Option<Estimator> {
    let sample = move |sums: &Sums| {
        let part = share.part.of(sums);
        let whole = match share.against {
            Against::Whole(whole) => whole.of(sums),
            Against::Rest(rest) => part + rest.of(sums),
        };
        (part as f64 / share.unit, whole as f64 / share.unit)
    };
    let samples: Vec<(f64, f64)> = totals.iter().map(|(_, sums)| sample(sums)).collect();
    let proportions = Proportions::fit(&samples)?;
    Some(Box::new(move |sums| {
        let (part, whole) = sample(sums);
        (whole > 0.0).then(|| proportions.estimate(part, whole).grown(|p| shown(p) * share.scale))
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::leaderboard::category::{ALL, find};

    fn sums(numbers: &[(Number, i64)]) -> Sums {
        let mut sums = [0; Number::COUNT];
        for (number, value) in numbers {
            sums[*number as usize] = *value;
        }
        sums
    }

    fn shooter(player: i64, rounds: i64, hits: i64, shots: i64) -> (i64, Sums) {
        use Number::{BulletHits, BulletShots, Rounds};
        (player, sums(&[(Rounds, rounds), (BulletHits, hits), (BulletShots, shots)]))
    }

    fn order(board: &Board) -> Vec<(i64, usize)> {
        board.ranked.iter().map(|one| (one.player, one.rank)).collect()
    }

    #[test]
    fn a_lucky_newcomer_stands_below_who_has_shown_it() {
        let totals = [
            shooter(1, 1, 5, 5),
            shooter(2, 300, 45_000, 100_000),
            shooter(3, 200, 36_000, 100_000),
            shooter(4, 9, 0, 0),
        ];
        let board = rank(find("accuracy").unwrap(), &totals);
        assert_eq!(order(&board), [(2, 1), (1, 2), (3, 3)], "who never shot has no accuracy");
        assert_eq!(board.ranked[1].value, 1000);
        assert!(board.ranked[1].is_small && !board.ranked[0].is_small);
        let Likely { low, high, .. } = board.ranked[0].likely.unwrap();
        assert!(low < 450 && 450 < high && high - low <= 4, "{low} to {high}");
    }

    #[test]
    fn totals_need_a_sample_and_ties_share_a_place() {
        use Number::{Kills, Rounds};
        let player = |id, rounds, kills| (id, sums(&[(Rounds, rounds), (Kills, kills)]));
        let totals = [player(1, 11, 100), player(2, 20, 100), player(3, 10, 900), player(4, 30, 99), player(5, 30, 0)];
        let board = rank(find("kills").unwrap(), &totals);
        assert_eq!(order(&board), [(2, 1), (1, 1), (4, 3)], "among ties who has more rounds is named first");
        assert_eq!(board.ranked.iter().map(|one| one.tied).collect::<Vec<_>>(), [true, true, false]);
        assert_eq!(board.left_out, 1);
        assert_eq!(order(&rank(find("games").unwrap(), &totals)).len(), 5, "no minimum for who plays most");
    }

    #[test]
    fn little_team_damage_is_good() {
        use Number::{DamageGiven, KnownRounds, Rounds, TeamDamageGiven};
        let player = |id, team, given| {
            (id, sums(&[(Rounds, 60), (KnownRounds, 60), (TeamDamageGiven, team), (DamageGiven, given)]))
        };
        let totals =
            [player(1, 9_000, 100_000), player(2, 2_000, 100_000), player(3, 0, 300), player(4, 5_000, 100_000)];
        let board = rank(find("teamwork").unwrap(), &totals);
        assert_eq!(order(&board).first(), Some(&(2, 1)));
        assert_eq!(order(&board).last(), Some(&(1, 4)), "nothing in one fight proves little: {board:?}");
    }

    /// Five hundred players with samples of every size: the estimate is within its range whatever was measured, and who
    /// ties shows the same range's end and the same estimate.
    #[test]
    fn what_is_shown_agrees_with_itself() {
        let totals: Vec<(i64, Sums)> = (1..=500_i64)
            .map(|i| {
                let mut all = [0; Number::COUNT];
                for number in Number::ALL {
                    all[number as usize] = i * i % 9_000 * (1 + (number as i64 * i) % 7) + 1;
                }
                all[Number::BulletShots as usize] = all[Number::BulletHits as usize] * 3;
                all[Number::Headshots as usize] = all[Number::BulletHits as usize] / (1 + i % 9);
                all[Number::TeamDamageGiven as usize] = if i % 3 == 0 { 0 } else { i * 7 % 400 };
                all[Number::DamageGiven as usize] = i * i % 9_000 + 1;
                (i, all)
            })
            .collect();
        let mut outside = 0;
        for category in ALL.iter().filter(|category| category.is_estimated()) {
            let board = rank(category, &totals);
            let shown = |one: &Ranked| {
                let likely = one.likely.unwrap();
                let end = if category.metric.better == Better::Higher { likely.low } else { likely.high };
                (end, likely.value)
            };
            for one in &board.ranked {
                let Likely { value, low, high } = one.likely.unwrap();
                assert!(low <= value && value <= high, "{}: {one:?}", category.key);
                outside += usize::from(one.value < low || one.value > high);
            }
            for pair in board.ranked.windows(2) {
                let (one, next) = (&pair[0], &pair[1]);
                assert_eq!(one.rank == next.rank, shown(one) == shown(next), "{}: {pair:?}", category.key);
                assert!(one.rank != next.rank || one.tied && next.tied);
            }
        }
        assert!(outside > 0, "what was measured is not the estimate");
    }

    #[test]
    fn an_interval_holds_what_was_measured_when_there_is_enough_of_it() {
        let totals: Vec<(i64, Sums)> = (1..=20_i64)
            .map(|i| {
                let mut all = [0; Number::COUNT];
                for number in Number::ALL {
                    all[number as usize] = 20_000 + 500 * i + 37 * (number as i64 * i % 11);
                }
                all[Number::BulletShots as usize] *= 3;
                all[Number::Seconds as usize] *= 10;
                all[Number::DamageSpread as usize] = all[Number::DamageGiven as usize] * 11;
                (i, all)
            })
            .collect();
        for category in ALL.iter().filter(|category| category.is_estimated()) {
            let board = rank(category, &totals);
            assert_eq!(board.ranked.len(), 20, "{}", category.key);
            for one in &board.ranked {
                let Likely { low, high, .. } = one.likely.unwrap();
                assert!(low <= high && low - 12 <= one.value && one.value <= high + 12, "{}: {one:?}", category.key);
            }
        }
    }
}
